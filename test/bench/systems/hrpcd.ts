/** hrpcd itself, through its public interface and with its shipped defaults: one string there and back. */
import { createClient } from "../../../client/index.js";
import { createServer, implement } from "../../../daemon/index.js";
import { EchoOverAvro, EchoOverProtobuf, EchoOverWritable } from "../echo-protocols.js";
import { type EchoConnection, type EchoOptions, type EchoServer, type EchoSystem, payloadText } from "../system.js";

/** What a Java String can hold on the wire, with room to spare; longer payloads travel as a Text. */
const MAX_STRING_BYTES = 16 * 1024;

async function serve(): Promise<EchoServer> {
  const server = await createServer({
    bindAddress: "127.0.0.1",
    port: 0,
    services: [
      implement(EchoOverAvro, { echo: (payload) => payload, length: (payload) => payload.length }),
      implement(EchoOverProtobuf, { echo: ({ payload }) => ({ payload }) }),
      implement(EchoOverWritable, { echo: (payload) => payload, echoText: (payload) => payload }),
    ],
  }).start();
  return { port: server.port, close: () => server.stop() };
}

type Echo = (payload: string) => Promise<string | null>;

/** Every connection is a client of its own, because proxies of one client share theirs. */
async function open(
  options: EchoOptions,
  pickMethod: (client: ReturnType<typeof createClient>, address: string) => Echo,
): Promise<EchoConnection> {
  const payload = payloadText(options.payloadBytes);
  const client = createClient();
  const echo = pickMethod(client, `127.0.0.1:${options.port}`);
  const callbacks = Array.from({ length: options.slots }, (_, slot) => (result: string | null) => {
    if (result?.length === payload.length) options.onEcho(slot);
    else options.onFault(new Error("the echo is not what was sent"));
  });
  return {
    call: (slot) => {
      echo(payload).then(callbacks[slot], options.onFault);
    },
    close: () => client.close(),
  };
}

export const hrpcdAvroSystem: EchoSystem = {
  serve,
  connect: (options) => open(options, (client, address) => client.getProxy(EchoOverAvro, address).echo),
};

export const hrpcdWritableSystem: EchoSystem = {
  serve,
  connect: (options) =>
    open(options, (client, address) => {
      const proxy = client.getProxy(EchoOverWritable, address);
      return options.payloadBytes > MAX_STRING_BYTES ? proxy.echoText : proxy.echo;
    }),
};

function payloadOf({ payload }: { readonly payload: string }): string {
  return payload;
}

export const hrpcdProtobufSystem: EchoSystem = {
  serve,
  connect: (options) =>
    open(options, (client, address) => {
      const { echo } = client.getProxy(EchoOverProtobuf, address);
      return (payload) => echo({ payload }).then(payloadOf);
    }),
};
