/** `hrpc ping ADDR`: whether a server answers, and how long it takes. */
import { RemoteError } from "../../protocol/rpc-error.js";
import type { CommandContext } from "./command.js";
import { isFromStranger, questionOptions, reflectionOf } from "./reflect.js";

/** A refusal is an answer too: a Hadoop server does not know our RPC kind, another one may not like who asks. */
export async function ping(context: CommandContext): Promise<string> {
  const { address, json } = context;
  const reflection = reflectionOf(context);
  const options = questionOptions(context);
  const startMs = performance.now();
  try {
    await reflection.ping(options);
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    const connectMilliseconds = millisecondsSince(startMs);
    const server = "a Hadoop RPC server";
    // Not to know us is what such a server does; any other refusal is news.
    const refusal = isFromStranger(error) ? {} : { refusal: error.message };
    if (json) return JSON.stringify({ address, server, connectMilliseconds, ...refusal });
    const news = refusal.refusal === undefined ? "" : `, and refuses the call: ${refusal.refusal}`;
    return `${address} answers (${server}) in ${connectMilliseconds} ms, connecting included${news}`;
  }
  const connectMilliseconds = millisecondsSince(startMs);
  // A second time, to see the way there and back alone.
  const againMs = performance.now();
  await reflection.ping(options);
  const milliseconds = millisecondsSince(againMs);
  if (json) return JSON.stringify({ address, server: "hrpcd", milliseconds, connectMilliseconds });
  return `${address} answers (hrpcd) in ${milliseconds} ms; the first time, connecting included, in ${connectMilliseconds} ms`;
}

/** Rounded to hundredths. */
function millisecondsSince(startMs: number): number {
  return Math.round((performance.now() - startMs) * 100) / 100;
}
