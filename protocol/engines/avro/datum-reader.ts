/**
 * A cursor over Avro datums that trusts nobody.
 *
 * ```
 *   int, long   zigzag varint, at most 5 and 10 bytes      string, bytes   length (long), then the bytes
 *   boolean     00 or 01                                   float, double   4 and 8 bytes, little-endian
 *   array, map  blocks: count (long), items; a negative count is followed by the block's length in bytes; 0 ends
 * ```
 * Everything is checked against the end of the body before it is touched. What costs no bytes costs budget, counted over the
 * whole body: items that take no bytes, and depth. What costs more than its bytes does too: objects, of which a byte can become
 * many by defaults. So a body costs time and memory in proportion to its bytes, however its counts lie
 * (CVE-2023-39410, AVRO-4241; avsc takes four seconds and 1.4 GB for an array of five bytes).
 *
 * Throws RpcError BAD_BYTES.
 */
import { DECODE_LIMIT_KEYS, DEFAULT_DECODE_LIMITS, type DecodeLimits } from "../../engine.js";
import { RpcError } from "../../rpc-error.js";

const EMPTY = Buffer.alloc(0);
const GROUP = 0x10000000;
/** A second group below this leaves 52 bits in all, which a number holds with its sign. */
const SAFE_MIDDLE = 0x1000000;

/** A Uint8Array in objects: it has a buffer of its own. */
const BYTES_COST = 2;

/** The longs of one byte, by that byte: a body may hold millions. */
const SMALL_LONGS = Array.from({ length: 0x80 }, (_, raw) => BigInt((raw >>> 1) ^ -(raw & 1)));

/**
 * Objects that a body may make for each of its bytes, beside `maxEmptyItems`. An object takes about fifty bytes, so this keeps
 * a body below a hundred times its size; what is decoded without defaults rarely needs one per byte.
 */
const OBJECTS_PER_BYTE = 2;

export class DatumReader {
  buffer: Buffer = EMPTY;
  position = 0;
  end = 0;
  readonly #limits: DecodeLimits;
  #start = 0;
  #emptyItemsLeft = 0;
  #objectsLeft = 0;
  #depthLeft = 0;

  constructor(limits: DecodeLimits = DEFAULT_DECODE_LIMITS) {
    this.#limits = limits;
  }

  /** Begins a body: `buffer[start..end)`, with fresh budgets. */
  reset(buffer: Buffer, start: number, end: number): void {
    this.buffer = buffer;
    this.position = start;
    this.end = end;
    this.#start = start;
    this.#emptyItemsLeft = this.#limits.maxEmptyItems;
    this.#objectsLeft = this.#maxObjects;
    this.#depthLeft = this.#limits.maxDepth;
  }

  /** What the body may make in all. */
  get #maxObjects(): number {
    const byBytes = this.#limits.maxEmptyItems + OBJECTS_PER_BYTE * (this.end - this.#start);
    return Math.min(byBytes, this.#limits.maxObjects);
  }

  /** Objects that the body has made so far. */
  get objectsMade(): number {
    return this.#maxObjects - this.#objectsLeft;
  }

  /** Pays for objects, and for what costs as much as so many. */
  spendObjects(count: number): void {
    this.#objectsLeft -= count;
    if (this.#objectsLeft < 0) throw this.#tooManyObjects();
  }

  #tooManyObjects(): RpcError {
    const { maxObjects } = this.#limits;
    const most = this.#maxObjects;
    return this.fault(
      most === maxObjects
        ? `more than ${most} records, arrays, map entries and the like: send less at once, or raise ${DECODE_LIMIT_KEYS.maxObjects}`
        : `${this.end - this.#start} bytes become more than ${most} records, arrays, map entries and the like: send less at once, or raise ${DECODE_LIMIT_KEYS.maxEmptyItems}`,
    );
  }

  /** Goes into a record, array, map or union. */
  enter(): void {
    if (--this.#depthLeft < 0) {
      throw this.fault(`values nest deeper than ${this.#limits.maxDepth} levels (${DECODE_LIMIT_KEYS.maxDepth})`);
    }
  }

  leave(): void {
    this.#depthLeft++;
  }

  /** Pays for items that take no bytes. */
  spendEmptyItems(count: number): void {
    this.#emptyItemsLeft -= count;
    if (this.#emptyItemsLeft < 0) {
      const most = this.#limits.maxEmptyItems;
      throw this.fault(`more than ${most} items take no bytes (${DECODE_LIMIT_KEYS.maxEmptyItems})`);
    }
  }

  /** An error at the cursor; its text says where. */
  fault(what: string): RpcError {
    return new RpcError("BAD_BYTES", `${what}, at byte ${Math.min(this.position, this.end) - this.#start} of the body`);
  }

  readBoolean(): boolean {
    if (this.position >= this.end) throw this.fault("the bytes end where a boolean should be");
    const byte = this.buffer[this.position++];
    if (byte === 0) return false;
    if (byte === 1) return true;
    throw this.fault(`a boolean is ${byte}, not 0 or 1`);
  }

  /** A signed 32-bit integer. */
  readInt(): number {
    const buffer = this.buffer;
    let raw = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      if (this.position >= this.end) throw this.fault("the bytes end in an int");
      const byte = buffer[this.position++] as number;
      if (shift === 28 && byte > 0x0f) break;
      raw |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (raw >>> 1) ^ -(raw & 1);
    }
    throw this.fault("an int is out of the 32-bit range");
  }

  /** A signed 64-bit integer. */
  readLong(): bigint {
    // Two groups of 28 bits are added up as numbers; only what is longer than eight bytes needs bigint arithmetic.
    const low = this.#readGroup("a long");
    if (this.#groupEnds) return SMALL_LONGS[low] ?? BigInt((low >>> 1) ^ -(low & 1));
    const middle = this.#readGroup("a long");
    if (this.#groupEnds && middle < SAFE_MIDDLE) {
      const raw = middle * GROUP + low;
      return BigInt((raw & 1) === 0 ? raw / 2 : -(raw + 1) / 2);
    }
    let raw = (BigInt(middle) << 28n) | BigInt(low);
    if (!this.#groupEnds) {
      const high = this.#readGroup("a long");
      if (!this.#groupEnds || high > 0xff) throw this.fault("a long is out of the 64-bit range");
      raw |= BigInt(high) << 56n;
    }
    return (raw >> 1n) ^ -(raw & 1n);
  }

  /** Up to four bytes of a varint, which is 28 bits; `#groupEnds` tells whether the varint ends with them. */
  #readGroup(what: string): number {
    const { buffer, end } = this;
    let position = this.position;
    let group = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      if (position >= end) throw this.fault(`the bytes end in ${what}`);
      const byte = buffer[position++] as number;
      group |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        this.position = position;
        this.#groupEnds = true;
        return group;
      }
    }
    this.position = position;
    this.#groupEnds = false;
    return group;
  }
  #groupEnds = false;

  readFloat(): number {
    return this.buffer.readFloatLE(this.#advance(4, "a float"));
  }

  readDouble(): number {
    return this.buffer.readDoubleLE(this.#advance(8, "a double"));
  }

  readString(): string {
    const length = this.#readLength("a string");
    const start = this.position;
    this.position = start + length;
    return this.buffer.toString("utf8", start, start + length);
  }

  /** A copy, so that a value does not hold the chunk that it came in. */
  readBytes(): Uint8Array {
    return this.readFixed(this.#readLength("bytes"));
  }

  readFixed(size: number): Uint8Array {
    const start = this.#advance(size, "bytes");
    this.spendObjects(BYTES_COST);
    const copy = new Uint8Array(size);
    copy.set(this.buffer.subarray(start, start + size));
    return copy;
  }

  skip(size: number): void {
    this.#advance(size, "a value");
  }

  skipString(): void {
    const length = this.#readLength("a string or bytes");
    this.position += length;
  }

  skipVarint(): void {
    this.readLong();
  }

  /** A place in a list of `size`: of an enum's symbol or a union's branch. */
  readIndex(size: number, what: string): number {
    const index = this.readInt();
    if (index < 0 || index >= size) throw this.fault(`${what} number ${index} does not exist; there are ${size}`);
    return index;
  }

  /**
   * Reads the head of a block of an array or a map: the number of items, 0 at the end.
   * A block that tells its length must have it: `blockEnd` is where it ends, -1 if it does not tell.
   */
  readBlock(): number {
    this.blockEnd = -1;
    const count = this.#readSize("a count");
    if (count >= 0) return count;
    const length = this.#readLength("a block");
    this.blockEnd = this.position + length;
    return -count;
  }
  blockEnd = -1;

  #readLength(of: string): number {
    const length = this.#readSize("a length");
    if (length < 0) throw this.fault(`${of} has the negative length ${length}`);
    if (length > this.end - this.position) {
      throw this.fault(`${of} claims ${length} bytes, ${this.end - this.position} are left`);
    }
    return length;
  }

  #readSize(what: string): number {
    const byte = this.position < this.end ? (this.buffer[this.position] as number) : 0x80;
    if (byte < 0x80) {
      this.position++;
      return (byte >>> 1) ^ -(byte & 1);
    }
    const size = Number(this.readLong());
    if (!Number.isSafeInteger(size)) throw this.fault(`${what} is ${size}`);
    return size;
  }

  #advance(size: number, what: string): number {
    const start = this.position;
    if (size > this.end - start) throw this.fault(`the bytes end in ${what}`);
    this.position = start + size;
    return start;
  }
}
