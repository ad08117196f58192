/** A connection of one user that sends calls when it is told to, whatever comes back, and tells when and how each was answered. */
import type { Socket } from "node:net";
import { ByteReader } from "../../protocol/wire/byte-reader.js";
import { FrameDecoder } from "../../protocol/wire/frame.js";
import { ResponseHeader, RPC_STATUS, readResponseHeader } from "../../protocol/wire/response-header.js";
import { connectPeer, echoBytes, openingBytes } from "./peer.js";

const MAX_FRAME_BYTES = 65_536;

export interface TimedAnswer {
  readonly sentMs: number;
  readonly answeredMs: number;
  /** The call ran; otherwise it was refused. */
  readonly served: boolean;
}

export class TimedPeer {
  readonly #socket: Socket;
  readonly #payload: string;
  readonly #answered: (answer: TimedAnswer) => void;
  readonly #sentMs = new Map<number, number>();
  readonly #frames = new FrameDecoder(MAX_FRAME_BYTES);
  readonly #reader = new ByteReader();
  readonly #header = new ResponseHeader();
  #nextId = 0;

  private constructor(socket: Socket, payload: string, answered: (answer: TimedAnswer) => void) {
    this.#socket = socket;
    this.#payload = payload;
    this.#answered = answered;
    socket.on("error", () => {});
    socket.on("data", (chunk: Buffer) => this.#read(chunk));
  }

  static async open(port: number, user: string, answered: (answer: TimedAnswer) => void): Promise<TimedPeer> {
    const socket = await connectPeer(port, 0);
    socket.write(openingBytes(user));
    return new TimedPeer(socket, user, answered);
  }

  /** Calls that were sent and not answered. */
  get outstanding(): number {
    return this.#sentMs.size;
  }

  /** Sends so many calls in one write. */
  send(count: number): void {
    const nowMs = performance.now();
    const frames: Buffer[] = [];
    for (let i = 0; i < count; i++) {
      this.#sentMs.set(this.#nextId, nowMs);
      frames.push(echoBytes(this.#nextId++, this.#payload));
    }
    this.#socket.write(Buffer.concat(frames));
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    const answeredMs = performance.now();
    this.#frames.push(chunk);
    while (this.#frames.next()) {
      const { buffer, start, end } = this.#frames;
      this.#reader.reset(buffer, start, end);
      readResponseHeader(this.#reader, this.#header);
      const { callId, status } = this.#header;
      const sentMs = this.#sentMs.get(callId);
      if (sentMs === undefined) continue;
      this.#sentMs.delete(callId);
      this.#answered({ sentMs, answeredMs, served: status === RPC_STATUS.success });
    }
  }
}
