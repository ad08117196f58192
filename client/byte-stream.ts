/** The stream of bytes under a connection: the contract, and TCP as Node has it. */
import { connect as connectSocket, type Socket } from "node:net";
import type { Address } from "./address.js";

/** What a stream tells its owner; nothing before `Connect` has returned, and nothing after `closed`. */
export interface ByteStreamEvents {
  connected(): void;
  /** The chunk is the receiver's: nobody writes to it afterwards. */
  received(chunk: Buffer): void;
  /** After `write` returned false: more may be written. */
  drained(): void;
  /** The stream is gone, with an error or because either side ended it. */
  closed(error: Error | undefined): void;
}

/** What a connection needs of a stream. */
export interface ByteStream {
  /**
   * Sends bytes, which must not change afterwards. False asks to wait for `drained`.
   * `written` is called when the bytes have left this process, and never if they have not.
   */
  write(bytes: Buffer, written?: () => void): boolean;
  /** Ends the stream at once; `closed` follows. */
  destroy(): void;
  /** The open stream keeps the process alive: so it begins. */
  ref(): void;
  unref(): void;
}

/** Begins to open a stream; `connected` or `closed` follows. `noDelay` asks to send small packets at once. */
export type Connect = (address: Address, noDelay: boolean, events: ByteStreamEvents) => ByteStream;

/** Opens a TCP connection. The name is resolved anew each time. */
export const connectTcp: Connect = (address, noDelay, events) =>
  new TcpStream(connectSocket({ host: address.host, port: address.port, noDelay }), events);

class TcpStream implements ByteStream {
  readonly #socket: Socket;

  constructor(socket: Socket, events: ByteStreamEvents) {
    this.#socket = socket;
    let failure: Error | undefined;
    socket.on("connect", () => events.connected());
    socket.on("data", (chunk: Buffer) => events.received(chunk));
    socket.on("drain", () => events.drained());
    socket.on("error", (error) => {
      failure = error;
    });
    // A server that will not write any more will not answer any more.
    socket.on("end", () => socket.destroy());
    socket.on("close", () => events.closed(failure));
  }

  write(bytes: Buffer, written?: () => void): boolean {
    if (written === undefined) return this.#socket.write(bytes);
    return this.#socket.write(bytes, (error) => {
      if (error === undefined || error === null) written();
    });
  }

  destroy(): void {
    this.#socket.destroy();
  }

  ref(): void {
    this.#socket.ref();
  }

  unref(): void {
    this.#socket.unref();
  }
}
