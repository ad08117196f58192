/**
 * Cuts a stream of bytes into frames.
 *
 * ```
 *   +----------------+---------------------+
 *   | length L, 4 BE | L bytes of body     |
 *   +----------------+---------------------+
 * ```
 * A frame that lies whole in one chunk is handed out where it lies. One that comes in pieces is gathered in a buffer that
 * doubles as bytes arrive, so a byte is copied at most three times, however small the pieces, and a peer that announces
 * much and sends little costs little. The length is checked before anything is allocated for it.
 */

/** A frame length that is negative or over the limit. */
export class FrameLengthError extends Error {
  readonly length: number;

  constructor(length: number, maxLength: number) {
    super(`a frame announces ${length} bytes; 0 to ${maxLength} are allowed`);
    this.name = "FrameLengthError";
    this.length = length;
  }
}

const MIN_GATHER_BYTES = 512;

export class FrameDecoder {
  /** The longest body allowed, in bytes; may be changed between frames. */
  maxLength: number;
  /** Where the frame that `next` found lies: `buffer[start..end)`. */
  buffer: Buffer = EMPTY;
  start = 0;
  end = 0;

  /** Unread bytes, in order: `#gathered[0..#have)`, then `#chunk[#position..)`. */
  #gathered: Buffer = EMPTY;
  #have = 0;
  #chunk: Buffer = EMPTY;
  #position = 0;

  constructor(maxLength: number) {
    this.maxLength = maxLength;
  }

  /** Bytes pushed and not yet handed out. */
  get buffered(): number {
    return this.#have + this.#chunk.length - this.#position;
  }

  /** Bytes of memory that those take: a chunk is kept whole as long as any of it is unread. */
  get held(): number {
    return this.#gathered.length + this.#chunk.length;
  }

  /** Adds what the stream delivered. The chunk must not change afterwards. */
  push(chunk: Buffer): void {
    const unread = this.#chunk.length - this.#position;
    this.#chunk = unread === 0 ? chunk : Buffer.concat([this.#chunk.subarray(this.#position), chunk]);
    this.#position = 0;
  }

  /** The next `length` bytes, outside of any frame; undefined until they have come. */
  take(length: number): Buffer | undefined {
    if (!this.#gather(length)) return undefined;
    this.#consume(length);
    return this.buffer.subarray(this.start, this.end);
  }

  /** The next four bytes as a signed integer, left where they are; undefined until they have come. */
  peekLength(): number | undefined {
    if (!this.#gather(4)) return undefined;
    return this.#have > 0 ? this.#gathered.readInt32BE(0) : this.#chunk.readInt32BE(this.#position);
  }

  /**
   * Finds the next frame and sets `buffer`, `start` and `end`; false until it is whole. Throws FrameLengthError.
   *
   * When it finds none it lets go of the last one, so that an idle connection holds no bytes.
   */
  next(): boolean {
    const length = this.peekLength();
    if (length !== undefined && (length < 0 || length > this.maxLength))
      throw new FrameLengthError(length, this.maxLength);
    if (length === undefined || !this.#gather(4 + length)) {
      this.#point(EMPTY, 0, 0);
      return false;
    }
    this.#consume(4 + length);
    this.start += 4;
    return true;
  }

  /** Drops everything. */
  clear(): void {
    this.#point(EMPTY, 0, 0);
    this.#gathered = EMPTY;
    this.#have = 0;
    this.#chunk = EMPTY;
    this.#position = 0;
  }

  /** Brings the next `length` bytes together, in the chunk if they lie there, else in `#gathered`; false if too few have come. */
  #gather(length: number): boolean {
    const available = this.#chunk.length - this.#position;
    if (this.#have === 0 && available >= length) return true;
    const missing = Math.min(length - this.#have, available);
    if (missing > 0) {
      const needed = this.#have + missing;
      if (needed > this.#gathered.length) {
        const size = Math.min(Math.max(2 * needed, MIN_GATHER_BYTES), Math.max(length, MIN_GATHER_BYTES));
        const grown = Buffer.allocUnsafeSlow(size);
        this.#gathered.copy(grown, 0, 0, this.#have);
        this.#gathered = grown;
      }
      this.#chunk.copy(this.#gathered, this.#have, this.#position, this.#position + missing);
      this.#have = needed;
      this.#position += missing;
      if (this.#position === this.#chunk.length) this.#dropChunk();
    }
    return this.#have >= length;
  }

  /** Points `buffer`, `start` and `end` at the next `length` bytes, which were gathered, and steps over them. */
  #consume(length: number): void {
    if (this.#have === 0) {
      this.#point(this.#chunk, this.#position, length);
      this.#position += length;
      if (this.#position === this.#chunk.length) this.#dropChunk();
    } else {
      this.#point(this.#gathered, 0, length);
      this.#have -= length;
      this.#gathered = this.#have === 0 ? EMPTY : this.#gathered.subarray(length);
    }
  }

  #point(buffer: Buffer, start: number, length: number): void {
    this.buffer = buffer;
    this.start = start;
    this.end = start + length;
  }

  #dropChunk(): void {
    this.#chunk = EMPTY;
    this.#position = 0;
  }
}

const EMPTY = Buffer.alloc(0);
