/** A network without sockets: a test decides when a stream opens, takes bytes, delivers and closes. */
import type { Address } from "../../client/address.js";
import type { ByteStream, ByteStreamEvents, Connect } from "../../client/byte-stream.js";

/** The client's end of one stream, as a test sees it. */
export class FakeStream implements ByteStream {
  readonly address: Address;
  readonly events: ByteStreamEvents;
  /** What was written, one entry per write. */
  readonly writes: Buffer[] = [];
  /** Called back when `deliver` says that the bytes have left. */
  readonly unsent: (() => void)[] = [];
  /** What `write` returns. */
  takesMore = true;
  destroyed = false;
  held = true;

  constructor(address: Address, events: ByteStreamEvents) {
    this.address = address;
    this.events = events;
  }

  /** Everything written so far. */
  get written(): Buffer {
    return Buffer.concat(this.writes);
  }

  write(bytes: Buffer, written?: () => void): boolean {
    if (this.destroyed) throw new Error("written to after it was destroyed");
    this.writes.push(Buffer.from(bytes));
    if (written !== undefined) this.unsent.push(written);
    return this.takesMore;
  }

  destroy(): void {
    this.destroyed = true;
  }

  ref(): void {
    this.held = true;
  }

  unref(): void {
    this.held = false;
  }
}

/** Keeps every stream that a client opens. */
export class FakeNetwork {
  readonly streams: FakeStream[] = [];

  readonly connect: Connect = (address, _noDelay, events) => {
    const stream = new FakeStream(address, events);
    this.streams.push(stream);
    return stream;
  };

  /** The stream that was opened as number `index`. */
  stream(index = 0): FakeStream {
    const stream = this.streams[index];
    if (stream === undefined) throw new Error(`only ${this.streams.length} streams were opened`);
    return stream;
  }

  /** Lets a stream open. */
  open(index = 0): FakeStream {
    const stream = this.stream(index);
    stream.events.connected();
    return stream;
  }
}
