/** `hrpc ping ADDR`: whether a server answers, and how long it takes, connecting included. */
import { RemoteError } from "../../protocol/rpc-error.js";
import type { CommandContext } from "../command.js";
import { callOptions, reflectionOf } from "../remote-protocol.js";

export async function ping(context: CommandContext): Promise<string> {
  const startMs = performance.now();
  let server = "hrpcd";
  try {
    await reflectionOf(context).ping(callOptions(context));
  } catch (error) {
    // A Hadoop server does not know our RPC kind: its refusal is an answer too.
    if (!(error instanceof RemoteError)) throw error;
    server = "a Hadoop RPC server";
  }
  const milliseconds = Math.round((performance.now() - startMs) * 100) / 100;
  if (context.json) return JSON.stringify({ address: context.address, server, milliseconds });
  return `${context.address} answers (${server}) in ${milliseconds} ms`;
}
