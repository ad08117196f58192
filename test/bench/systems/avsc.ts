/** The RPC services that come with avsc, over TCP, as its documentation sets them up. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import avsc from "avsc";
import { type EchoConnection, type EchoOptions, type EchoServer, type EchoSystem, payloadText } from "../system.js";

const SERVICE = avsc.Service.forProtocol({
  protocol: "Echo",
  namespace: "bench",
  messages: { echo: { request: [{ name: "payload", type: "string" }], response: "string" } },
});

type Callback = (error: unknown, result?: string) => void;

/** What avsc adds to servers and clients by the names of the messages, which its types cannot know. */
interface EchoMethods {
  onEcho(handler: (payload: string, done: Callback) => void): void;
  echo(payload: string, done: Callback): void;
}

async function serve(): Promise<EchoServer> {
  const service = SERVICE.createServer();
  (service as unknown as EchoMethods).onEcho((payload, done) => done(null, payload));
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
    service.createChannel(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

async function open(options: EchoOptions): Promise<EchoConnection> {
  const payload = payloadText(options.payloadBytes);
  const socket = connect({ port: options.port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  socket.on("error", options.onFault);
  const client = SERVICE.createClient({ buffering: true, transport: socket } as object);
  const methods = client as unknown as EchoMethods;
  const callbacks = Array.from(
    { length: options.slots },
    (_, slot): Callback =>
      (error, result) => {
        if (error === null && result?.length === payload.length) options.onEcho(slot);
        else options.onFault(error ?? new Error("the echo is not what was sent"));
      },
  );
  return {
    call: (slot) => methods.echo(payload, callbacks[slot] as Callback),
    close: async () => {
      socket.destroy();
    },
  };
}

export const avscSystem: EchoSystem = { serve, connect: open };
