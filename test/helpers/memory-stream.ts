/**
 * The server's end of a connection without a socket, and the peer's end in the test's hand. It behaves as a TCP socket of
 * node does: what arrives while it is paused waits, an end comes behind what was sent before it, `close` comes last and
 * in a later turn, and whoever writes after the end is told by an error.
 */
import type { ByteStream } from "../../daemon/connection.js";

// biome-ignore lint/suspicious/noExplicitAny: listeners of several events
type Listener = (argument?: any) => void;

/** Bytes that a write may leave unsent before it asks to wait, as in node 20. */
const HIGH_WATER_BYTES = 16 * 1024;

export class MemoryStream implements ByteStream {
  readonly remoteAddress = "192.0.2.1";
  readonly remotePort: number;
  /** Every write of the server, in order. */
  readonly writes: Buffer[] = [];
  /** While true, the peer reads nothing: what the server writes piles up. */
  stalled = false;
  /** The server sent its last byte. */
  ended = false;
  destroyed = false;
  paused = false;
  /** Writes that came when the stream had ended. */
  lateWrites = 0;
  /** Whether the peer closes as soon as the server has ended. */
  readonly closesBack: boolean;

  readonly #listeners = new Map<string, Listener[]>();
  #arrived: (Buffer | "end")[] = [];
  #unsentBytes = 0;
  #closed = false;

  static #ports = 40_000;

  constructor(options: { readonly closesBack?: boolean } = {}) {
    this.closesBack = options.closesBack ?? true;
    this.remotePort = MemoryStream.#ports++;
  }

  /** All bytes that the server has written. */
  get received(): Buffer {
    return Buffer.concat(this.writes);
  }

  get writableLength(): number {
    return this.#unsentBytes;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** The peer sends bytes. */
  send(...chunks: readonly Uint8Array[]): void {
    for (const chunk of chunks) this.#arrived.push(Buffer.from(chunk));
    this.#deliver();
  }

  /** The peer sends no more. */
  finish(): void {
    this.#arrived.push("end");
    this.#deliver();
  }

  /** The connection breaks. */
  reset(): void {
    this.#emit("error", new Error("read ECONNRESET"));
    this.destroy();
  }

  /** The peer reads everything that has piled up. */
  drain(): void {
    this.stalled = false;
    const told = this.#unsentBytes >= HIGH_WATER_BYTES;
    this.#unsentBytes = 0;
    if (told && !this.destroyed) this.#emit("drain");
    if (this.ended && this.closesBack) this.destroy();
  }

  write(bytes: Uint8Array): boolean {
    if (this.ended || this.destroyed) {
      this.lateWrites++;
      queueMicrotask(() => this.#emit("error", new Error("write after end")));
      return false;
    }
    this.writes.push(Buffer.from(bytes));
    if (this.stalled) this.#unsentBytes += bytes.length;
    return this.#unsentBytes < HIGH_WATER_BYTES;
  }

  end(bytes: Uint8Array): void {
    if (bytes.length > 0) this.write(bytes);
    this.ended = true;
    if (this.closesBack && !this.stalled) this.destroy();
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    queueMicrotask(() => this.#deliver());
  }

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.#arrived = [];
    setImmediate(() => {
      this.#closed = true;
      this.#emit("close");
    });
  }

  on(event: string, listener: Listener): void {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
  }

  #deliver(): void {
    while (!this.paused && !this.destroyed) {
      const next = this.#arrived.shift();
      if (next === undefined) return;
      if (next === "end") this.#emit("end");
      else this.#emit("data", next);
    }
  }

  #emit(event: string, argument?: unknown): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(argument);
  }
}
