/** @grpc/grpc-js with a service whose messages are the bytes themselves, so that no protobuf code is measured. */
import grpc from "@grpc/grpc-js";
import { type EchoConnection, type EchoOptions, type EchoServer, type EchoSystem, payloadText } from "../system.js";

const PATH = "/bench.Echo/echo";
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

function identity(bytes: Buffer): Buffer {
  return bytes;
}

const SERVICE = {
  echo: {
    path: PATH,
    requestStream: false,
    responseStream: false,
    requestSerialize: identity,
    requestDeserialize: identity,
    responseSerialize: identity,
    responseDeserialize: identity,
  },
} as const;

async function serve(): Promise<EchoServer> {
  const server = new grpc.Server({ "grpc.max_receive_message_length": MAX_MESSAGE_BYTES });
  const echo: grpc.handleUnaryCall<Buffer, Buffer> = (call, done) => done(null, call.request);
  server.addService(SERVICE, { echo });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return {
    port,
    close: async () => server.forceShutdown(),
  };
}

async function open(options: EchoOptions): Promise<EchoConnection> {
  const payload = Buffer.from(payloadText(options.payloadBytes));
  const client = new grpc.Client(`127.0.0.1:${options.port}`, grpc.credentials.createInsecure(), {
    "grpc.use_local_subchannel_pool": 1,
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
  });
  await new Promise<void>((resolve, reject) => {
    client.waitForReady(Date.now() + 5_000, (error) => (error === undefined ? resolve() : reject(error)));
  });
  const callbacks = Array.from(
    { length: options.slots },
    (_, slot): grpc.requestCallback<Buffer> =>
      (error, result) => {
        if (error === null && result?.length === payload.length) options.onEcho(slot);
        else options.onFault(error ?? new Error("the echo is not what was sent"));
      },
  );
  return {
    call: (slot) => {
      client.makeUnaryRequest(PATH, identity, identity, payload, callbacks[slot] as grpc.requestCallback<Buffer>);
    },
    close: async () => client.close(),
  };
}

export const grpcSystem: EchoSystem = { serve, connect: open };
