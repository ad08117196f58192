/**
 * Length-prefixed echo on node:net with no codec: what is left when everything that a call needs besides bytes is gone.
 *
 * ```
 *   | length of what follows, 4 BE | slot, 4 BE | payload |
 * ```
 * Both sides write once per turn of the event loop. A payload that lies whole in one chunk is used where it lies.
 */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { type EchoConnection, type EchoOptions, type EchoServer, type EchoSystem, payloadText } from "../system.js";

const HEAD_BYTES = 8;
const SLAB_BYTES = 64 * 1024;

/** Cuts chunks into frames and hands out each payload as `buffer[start..end)`. */
class FrameSplitter {
  readonly #onFrame: (slot: number, buffer: Buffer, start: number, end: number) => void;
  readonly #head = Buffer.alloc(HEAD_BYTES);
  #body = Buffer.alloc(0);
  #have = 0;

  constructor(onFrame: (slot: number, buffer: Buffer, start: number, end: number) => void) {
    this.#onFrame = onFrame;
  }

  push(chunk: Buffer): void {
    let position = this.#have === 0 ? 0 : this.#finish(chunk, 0);
    while (chunk.length - position >= HEAD_BYTES) {
      const end = position + 4 + chunk.readUInt32BE(position);
      if (end > chunk.length) break;
      this.#onFrame(chunk.readUInt32BE(position + 4), chunk, position + HEAD_BYTES, end);
      position = end;
    }
    if (position < chunk.length) this.#finish(chunk, position);
  }

  /** Goes on with a frame that came in pieces; returns the position behind what it took. */
  #finish(chunk: Buffer, from: number): number {
    let position = from;
    if (this.#have < HEAD_BYTES) {
      const taken = chunk.copy(this.#head, this.#have, position, position + HEAD_BYTES - this.#have);
      this.#have += taken;
      position += taken;
      if (this.#have < HEAD_BYTES) return position;
      this.#body = Buffer.allocUnsafeSlow(this.#head.readUInt32BE(0) - 4);
    }
    const at = this.#have - HEAD_BYTES;
    const taken = chunk.copy(this.#body, at, position, position + this.#body.length - at);
    this.#have += taken;
    if (this.#have === HEAD_BYTES + this.#body.length) {
      this.#have = 0;
      this.#onFrame(this.#head.readUInt32BE(4), this.#body, 0, this.#body.length);
    }
    return position + taken;
  }
}

/** Gathers the frames of one turn. Bytes handed to the socket are never written again. */
class FrameWriter {
  readonly #socket: Socket;
  #slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
  #start = 0;
  #position = 0;
  #scheduled = false;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  write(slot: number, payload: Buffer, start: number, end: number): void {
    const length = end - start;
    const large = length > SLAB_BYTES / 4;
    const room = HEAD_BYTES + (large ? 0 : length);
    if (this.#slab.length - this.#position < room) this.#newSlab();
    this.#slab.writeUInt32BE(4 + length, this.#position);
    this.#slab.writeUInt32BE(slot, this.#position + 4);
    this.#position += HEAD_BYTES;
    if (large) {
      this.#send();
      this.#socket.write(payload.subarray(start, end));
    } else {
      payload.copy(this.#slab, this.#position, start, end);
      this.#position += length;
    }
    this.#schedule();
  }

  #newSlab(): void {
    this.#send();
    this.#slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
    this.#start = 0;
    this.#position = 0;
  }

  /** Corks the socket until the turn ends, so that all that is sent meanwhile leaves in one system call. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    process.nextTick(() => {
      this.#scheduled = false;
      this.#send();
      this.#socket.uncork();
    });
    this.#socket.cork();
  }

  #send(): void {
    if (this.#position === this.#start) return;
    this.#socket.write(this.#slab.subarray(this.#start, this.#position));
    this.#start = this.#position;
  }
}

async function serve(): Promise<EchoServer> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    const writer = new FrameWriter(socket);
    const splitter = new FrameSplitter((slot, buffer, start, end) => writer.write(slot, buffer, start, end));
    socket.on("data", (chunk: Buffer) => splitter.push(chunk));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
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
  const payload = Buffer.from(payloadText(options.payloadBytes));
  const socket = connect({ port: options.port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  const writer = new FrameWriter(socket);
  const splitter = new FrameSplitter((slot, _buffer, start, end) => {
    if (end - start === payload.length) options.onEcho(slot);
    else options.onFault(new Error(`an echo of ${end - start} bytes came back for ${payload.length}`));
  });
  socket.on("data", (chunk: Buffer) => splitter.push(chunk));
  socket.on("error", options.onFault);
  return {
    call: (slot) => writer.write(slot, payload, 0, payload.length),
    close: async () => {
      socket.destroy();
    },
  };
}

export const rawSystem: EchoSystem = { serve, connect: open };
