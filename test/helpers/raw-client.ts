/** A TCP client that knows nothing of the project: it sends bytes and gathers what comes back. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";

export class RawClient implements AsyncDisposable {
  readonly #socket: Socket;
  /** Room that doubles when it is full; `#length` bytes of it have come. */
  #room: Buffer = Buffer.alloc(4096);
  #length = 0;
  #closed = false;
  #wake: () => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => {
      this.#append(chunk);
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
    return this.#room.subarray(0, this.#length);
  }

  #append(chunk: Buffer): void {
    if (this.#length + chunk.length > this.#room.length) {
      this.#room = Buffer.concat([this.received], 2 * (this.#length + chunk.length));
    }
    this.#length += chunk.copy(this.#room, this.#length);
  }

  /** Waits for `count` whole frames and gives them, lengths included; throws if the server closes before. */
  async frames(count: number): Promise<Buffer> {
    let end = 0;
    for (let whole = 0; whole < count; whole++) {
      await this.#until(end + 4);
      end += 4 + this.#room.readInt32BE(end);
      await this.#until(end);
    }
    const frames = Buffer.from(this.received.subarray(0, end));
    this.#room.copyWithin(0, end, this.#length);
    this.#length -= end;
    return frames;
  }

  async #until(length: number): Promise<void> {
    while (this.#length < length) {
      if (this.#closed) throw new Error(`the server closed behind ${this.received.toString("hex")}`);
      await this.#more();
    }
  }

  /** Waits until the server closes, and gives everything that came. */
  async untilClosed(): Promise<Buffer> {
    while (!this.#closed) await this.#more();
    return this.received;
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
