/** A TCP client that knows nothing of the project: it sends bytes and gathers what comes back. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";

export class RawClient implements AsyncDisposable {
  readonly #socket: Socket;
  #bytes: Buffer = Buffer.alloc(0);
  #closed = false;
  #wake: () => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      this.#wake();
    });
    // A reset is a close like any other here.
    socket.on("error", () => {});
    socket.on("close", () => {
      this.#closed = true;
      this.#wake();
    });
  }

  static async connect(port: number): Promise<RawClient> {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    const client = new RawClient(socket);
    await once(socket, "connect");
    return client;
  }

  send(...chunks: readonly Uint8Array[]): void {
    for (const chunk of chunks) this.#socket.write(chunk);
  }

  /** Whether the server has closed. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Everything received so far. */
  get received(): Buffer {
    return this.#bytes;
  }

  /** Waits for `count` whole frames and gives them, lengths included; throws if the server closes before. */
  async frames(count: number): Promise<Buffer> {
    for (;;) {
      let end = 0;
      let whole = 0;
      while (whole < count && this.#bytes.length >= end + 4) {
        end += 4 + this.#bytes.readInt32BE(end);
        if (end <= this.#bytes.length) whole++;
      }
      if (whole === count) {
        const frames = this.#bytes.subarray(0, end);
        this.#bytes = this.#bytes.subarray(end);
        return frames;
      }
      if (this.#closed) throw new Error(`the server closed behind ${this.#bytes.toString("hex")}`);
      await this.#more();
    }
  }

  /** Waits until the server closes, and gives everything that came. */
  async untilClosed(): Promise<Buffer> {
    while (!this.#closed) await this.#more();
    return this.#bytes;
  }

  async #more(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Stops and goes on reading: the kernel's buffers fill meanwhile. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Sends no more, and still reads. */
  finish(): void {
    this.#socket.end();
  }

  close(): void {
    this.#socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    while (!this.#closed) await this.#more();
  }
}
