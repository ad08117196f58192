/** Peers made of bytes: what opens a connection and calls `echo`, on plain sockets that the script holds. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { type AnyProtocol, RPC_KIND } from "../../protocol/definition.js";
import { DEFAULT_DECODE_LIMITS } from "../../protocol/engine.js";
import { ByteWriter } from "../../protocol/wire/byte-writer.js";
import { writeConnectionContext } from "../../protocol/wire/connection-context.js";
import { encodePreamble } from "../../protocol/wire/preamble.js";
import { CALL_ID, NO_RETRY_COUNT, writeRequestHeader } from "../../protocol/wire/request-header.js";
import { EchoOverWritable } from "./echo-protocols.js";

const CLIENT_ID = Buffer.from("0123456789abcdef");

/** The bytes with which a connection of a user opens: preamble and connection context. */
export function openingBytes(user = "bench"): Buffer {
  const out = new ByteWriter(256);
  const frame = out.beginFrame();
  writeRequestHeader(out, RPC_KIND.protobuf, CALL_ID.connectionContext, CLIENT_ID, NO_RETRY_COUNT);
  writeConnectionContext(out, { effectiveUser: user, protocol: EchoOverWritable.name });
  out.endFrame(frame);
  return Buffer.concat([encodePreamble(), out.take()]);
}

/** The frame of one call, on a connection that has made none yet. Its answer is a frame too. */
export function callBytes(protocol: AnyProtocol, name: string, args: readonly unknown[], callId = 0): Buffer {
  const method = protocol.methods.get(name);
  if (method === undefined) throw new Error(`${protocol.name} has no method ${name}`);
  const session = protocol.engine.openClient(DEFAULT_DECODE_LIMITS);
  const out = new ByteWriter();
  const frame = out.beginFrame();
  writeRequestHeader(out, protocol.engine.kind, callId, CLIENT_ID, 0);
  session.writeRequest(protocol, method, args, out);
  out.endFrame(frame);
  return out.take();
}

/** The frame by which a client gives up a call. */
export function cancelBytes(callId: number): Buffer {
  const out = new ByteWriter(256);
  const frame = out.beginFrame();
  writeRequestHeader(out, RPC_KIND.protobuf, CALL_ID.ping, CLIENT_ID, NO_RETRY_COUNT, { cancelCallId: callId });
  out.endFrame(frame);
  return out.take();
}

/** The frame of one call of `echo` over Writable, which may be any of its connection's calls. */
export function echoBytes(callId: number, payload: string): Buffer {
  return callBytes(EchoOverWritable, "echo", [payload], callId);
}

/** Connects from a source address of its own for every 5,000 peers, so that ports suffice. */
export async function connectPeer(port: number, index: number): Promise<Socket> {
  const localAddress = `127.0.0.${2 + Math.floor(index / 5_000)}`;
  const socket = connect({ port, host: "127.0.0.1", localAddress, noDelay: true });
  await once(socket, "connect");
  return socket;
}

/** Counts the frames that come back; bytes are not looked at. */
export class FrameCounter {
  count = 0;
  #head = Buffer.alloc(4);
  #have = 0;
  #skip = 0;

  push(chunk: Buffer): void {
    let position = 0;
    while (position < chunk.length) {
      if (this.#skip > 0) {
        const step = Math.min(this.#skip, chunk.length - position);
        this.#skip -= step;
        position += step;
        if (this.#skip === 0) this.count++;
        continue;
      }
      const taken = chunk.copy(this.#head, this.#have, position, position + 4 - this.#have);
      this.#have += taken;
      position += taken;
      if (this.#have === 4) {
        this.#skip = this.#head.readInt32BE(0);
        this.#have = 0;
      }
    }
  }
}

/** Runs `job` for 0 to `count` - 1, up to `width` at a time. */
export async function inParallel(count: number, width: number, job: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < count) await job(next++);
  };
  await Promise.all(Array.from({ length: Math.min(width, count) }, lane));
}
