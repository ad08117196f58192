/**
 * A growing buffer that frames are encoded into, one behind the other.
 *
 * ```
 *   buffer:  | taken already | start .. position: written | position .. : room |
 * ```
 * `take` hands out what was written and goes on in the rest of the same slab, so a turn of the event loop costs no
 * allocation and no copy until the slab is used up. Bytes handed out are never written again. A slab is made when the
 * first byte is written, so a writer that nobody writes to costs nothing.
 */

const SLAB_BYTES = 64 * 1024;
/** A slab with less room than this is given up at `take`: a small frame should not start with a copy. */
const MIN_ROOM_BYTES = 4 * 1024;
/** Room is asked for before it is known how long a text is in UTF-8: so many bytes for each that it will take at least. */
const MOST_BYTES_PER_BYTE = 3;

/** More was to be written than `limit` allows. What was written so far stands; `rewind` takes it back. */
export class WriterLimitError extends Error {
  constructor(limit: number) {
    super(`more than ${limit} bytes were to be written`);
    this.name = "WriterLimitError";
  }
}

/** Every `write` goes behind the last one; `rewind` takes back. Does not check values: numbers must be in the range of their type. */
export class ByteWriter {
  buffer: Buffer = EMPTY;
  position = 0;
  /** `length` beyond which the writer grows no more, but for the last text that begins below it; it never throws for less. */
  limit = Number.POSITIVE_INFINITY;
  #start = 0;
  readonly #slabBytes: number;

  constructor(slabBytes: number = SLAB_BYTES) {
    this.#slabBytes = slabBytes;
  }

  /** Bytes written and not yet taken. */
  get length(): number {
    return this.position - this.#start;
  }

  /** Hands out what was written since the last take. */
  take(): Buffer {
    const taken = this.buffer.subarray(this.#start, this.position);
    this.#start = this.position;
    const room = this.buffer.length - this.position;
    // A slab that grew for one large frame is not kept: the small frames behind it would hold on to all of its memory.
    if (room < Math.min(MIN_ROOM_BYTES, this.#slabBytes) || this.buffer.length > this.#slabBytes) {
      this.buffer = EMPTY;
      this.#start = 0;
      this.position = 0;
    }
    return taken;
  }

  /** Takes back everything written since `length` had this value; nothing may have been taken since. */
  rewind(length: number): void {
    this.position = this.#start + length;
  }

  /**
   * Makes room for `bytes` more behind `position`. May replace `buffer`, and then moves `position`. Throws WriterLimitError when
   * `limit` is passed, though only when the writer would have to grow.
   */
  ensure(bytes: number): void {
    if (this.buffer.length - this.position >= bytes) return;
    const pending = this.length;
    const needed = pending + bytes;
    if (pending + bytes / MOST_BYTES_PER_BYTE > this.limit) throw new WriterLimitError(this.limit);
    const size = Math.max(this.#slabBytes, needed, Math.min(2 * needed, this.limit));
    const grown = Buffer.allocUnsafeSlow(size);
    this.buffer.copy(grown, 0, this.#start, this.position);
    this.buffer = grown;
    this.#start = 0;
    this.position = pending;
  }

  writeByte(value: number): void {
    this.ensure(1);
    this.buffer[this.position++] = value;
  }

  /** 16-bit, big-endian; the low 16 bits of the value. */
  writeUint16(value: number): void {
    this.ensure(2);
    this.position = this.buffer.writeUInt16BE(value & 0xffff, this.position);
  }

  /** Signed 32-bit, big-endian. */
  writeInt32(value: number): void {
    this.ensure(4);
    this.position = this.buffer.writeInt32BE(value, this.position);
  }

  /** Signed 64-bit, big-endian. */
  writeInt64(value: bigint): void {
    this.ensure(8);
    this.position = this.buffer.writeBigInt64BE(value, this.position);
  }

  writeFloat(value: number): void {
    this.ensure(4);
    this.position = this.buffer.writeFloatBE(value, this.position);
  }

  writeDouble(value: number): void {
    this.ensure(8);
    this.position = this.buffer.writeDoubleBE(value, this.position);
  }

  writeBytes(bytes: Uint8Array): void {
    this.ensure(bytes.length);
    this.buffer.set(bytes, this.position);
    this.position += bytes.length;
  }

  /** UTF-8 without a length; returns the number of bytes. */
  writeUtf8(text: string): number {
    this.ensure(text.length * 3);
    const written = this.buffer.write(text, this.position);
    this.position += written;
    return written;
  }

  /** An unsigned 32-bit integer as a protobuf varint. */
  writeVarint32(value: number): void {
    this.ensure(5);
    let rest = value >>> 0;
    while (rest >= 0x80) {
      this.buffer[this.position++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.buffer[this.position++] = rest;
  }

  /** A signed 32-bit integer, zigzag-encoded (protobuf sint32). */
  writeSint32(value: number): void {
    this.writeVarint32((value << 1) ^ (value >> 31));
  }

  /** A signed 64-bit integer as a protobuf varint (protobuf int64; negatives take ten bytes). */
  writeVarint64(value: bigint): void {
    this.ensure(10);
    let rest = BigInt.asUintN(64, value);
    while (rest >= 0x80n) {
      this.buffer[this.position++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.buffer[this.position++] = Number(rest);
  }

  /** A protobuf length-delimited UTF-8 field. */
  writeStringField(tag: number, text: string): void {
    this.writeVarint32(tag);
    const mark = this.beginDelimited();
    this.writeUtf8(text);
    this.endDelimited(mark);
  }

  /** A protobuf length-delimited bytes field. */
  writeBytesField(tag: number, bytes: Uint8Array): void {
    this.writeVarint32(tag);
    this.writeVarint32(bytes.length);
    this.writeBytes(bytes);
  }

  /** Leaves one byte for a varint length; returns the mark to give to `endDelimited`. */
  beginDelimited(): number {
    this.ensure(1);
    this.position++;
    return this.length;
  }

  /** Fills in the varint length of everything written since `beginDelimited`, moving it if one byte is too few. */
  endDelimited(mark: number): void {
    const length = this.length - mark;
    let extra = 0;
    for (let rest = length >>> 7; rest > 0; rest >>>= 7) extra++;
    if (extra > 0) this.ensure(extra);
    const body = this.#start + mark;
    if (extra > 0) {
      this.buffer.copyWithin(body + extra, body, this.position);
      this.position += extra;
    }
    let at = body - 1;
    let rest = length;
    while (rest >= 0x80) {
      this.buffer[at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.buffer[at] = rest;
  }

  /** Leaves four bytes for a frame length; returns the mark to give to `endFrame`. */
  beginFrame(): number {
    this.ensure(4);
    this.position += 4;
    return this.length;
  }

  /** Fills in the 4-byte big-endian length of everything written since `beginFrame`. */
  endFrame(mark: number): void {
    this.buffer.writeInt32BE(this.length - mark, this.#start + mark - 4);
  }
}

const EMPTY = Buffer.alloc(0);
