/** hrpcd itself, through its public interface and with its shipped defaults: one string there and back. */
import { createClient } from "../../../client/index.js";
import { createServer, implement } from "../../../daemon/index.js";
import { EchoOverAvro, EchoOverWritable } from "../echo-protocols.js";
import { type EchoConnection, type EchoOptions, type EchoServer, type EchoSystem, payloadText } from "../system.js";

async function serve(): Promise<EchoServer> {
  const server = await createServer({
    bindAddress: "127.0.0.1",
    port: 0,
    services: [
      implement(EchoOverAvro, { echo: (payload) => payload, length: (payload) => payload.length }),
      implement(EchoOverWritable, { echo: (payload) => payload }),
    ],
  }).start();
  return { port: server.port, close: () => server.stop() };
}

/** Every connection is a client of its own, because proxies of one client share theirs. */
async function open(protocol: typeof EchoOverAvro | typeof EchoOverWritable, options: EchoOptions): Promise<EchoConnection> {
  const payload = payloadText(options.payloadBytes);
  const client = createClient();
  const proxy = client.getProxy(protocol, `127.0.0.1:${options.port}`);
  const callbacks = Array.from({ length: options.slots }, (_, slot) => (result: string | null) => {
    if (result?.length === payload.length) options.onEcho(slot);
    else options.onFault(new Error("the echo is not what was sent"));
  });
  return {
    call: (slot) => {
      proxy.echo(payload).then(callbacks[slot], options.onFault);
    },
    close: () => client.close(),
  };
}

export const hrpcdAvroSystem: EchoSystem = { serve, connect: (options) => open(EchoOverAvro, options) };
export const hrpcdWritableSystem: EchoSystem = { serve, connect: (options) => open(EchoOverWritable, options) };
