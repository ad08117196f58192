/**
 * A cursor over protobuf messages that trusts nobody.
 *
 * ```
 *   varint      7 bits a byte, low ones first, at most 10 bytes; what is beyond the type's bits is dropped, as protobuf-java does.
 *               With ten bytes bit 63 is set, whatever the tenth holds (CodedInputStream.java, ArrayDecoder.readRawVarint64)
 *   fixed       4 or 8 bytes, little-endian
 *   string, bytes, message   length (varint), then the bytes
 * ```
 * `end` is the end of the message that is being read, so nothing within it can reach behind it. What costs more memory than its
 * bytes is counted over the whole body: two bytes can become a message with dozens of lists and defaults. Throws RpcError BAD_BYTES with
 * the texts of protobuf-java (Hadoop: thirdparty/protobuf/InvalidProtocolBufferException).
 */
import { isUtf8 } from "node:buffer";
import { DECODE_LIMIT_KEYS, type DecodeLimits } from "../../engine.js";
import { RpcError } from "../../rpc-error.js";
import { ByteReader, tooDeep } from "../../wire/byte-reader.js";

const GROUP = 0x10000000;
/** A second group of 28 bits below this leaves 52 bits in all, which a number holds exactly. */
const SAFE_MIDDLE = 0x1000000;
/** The values of one byte, by that byte: a body may hold millions. */
const SMALL_LONGS = Array.from({ length: 0x80 }, (_, value) => BigInt(value));

/** Objects that a body may make for each of its bytes, beside `maxEmptyItems`: as with Avro, see avro/datum-reader.ts. */
const OBJECTS_PER_BYTE = 2;
/** A Uint8Array in objects: it has a buffer of its own. */
const BYTES_COST = 2;

/** What the decoding of one body may cost. */
export type BodyLimits = Pick<DecodeLimits, "maxDepth" | "maxEmptyItems" | "maxObjects">;

export class MessageReader extends ByteReader {
  /** A message lacks a required field, unless a later piece of it brings it. */
  incomplete = false;
  readonly #limits: BodyLimits;
  #depthLeft = 0;
  #maxObjects = 0;
  #objectsLeft = 0;

  /** `maxDepth` counts messages within messages, below the outermost one. */
  constructor(limits: BodyLimits) {
    super();
    this.#limits = limits;
  }

  /** Begins a message: `buffer[start..end)`, with fresh budgets. */
  override reset(buffer: Buffer, start: number, end: number): void {
    super.reset(buffer, start, end);
    const { maxDepth, maxEmptyItems, maxObjects } = this.#limits;
    this.incomplete = false;
    this.#depthLeft = maxDepth;
    this.#maxObjects = Math.min(maxEmptyItems + OBJECTS_PER_BYTE * (end - start), maxObjects);
    this.#objectsLeft = this.#maxObjects;
  }

  /** Pays for objects, and for what takes as much memory as so many; the count may be a fraction. */
  spendObjects(count: number): void {
    this.#objectsLeft -= count;
    if (this.#objectsLeft < 0) throw this.#tooManyObjects();
  }

  #tooManyObjects(): RpcError {
    const most = this.#maxObjects;
    const setting = DECODE_LIMIT_KEYS[most === this.#limits.maxObjects ? "maxObjects" : "maxEmptyItems"];
    const what = `more than ${most} messages, lists, map entries and the like`;
    return new RpcError("BAD_BYTES", `the body makes ${what}: send less at once, or raise ${setting}`);
  }

  /** Goes into a message of the length that is read here; returns the end of the outer one, for `leave`. */
  enter(): number {
    const outerEnd = this.end;
    const length = this.readLength();
    if (--this.#depthLeft < 0) throw tooDeep();
    this.end = this.position + length;
    return outerEnd;
  }

  leave(outerEnd: number): void {
    this.end = outerEnd;
    this.#depthLeft++;
  }

  /** Groups count as messages do. */
  override skipField(tag: number): void {
    super.skipField(tag, this.#depthLeft);
  }

  override readTag(): number {
    // Most tags are one byte: field numbers up to 15.
    if (this.position < this.end) {
      const byte = this.buffer[this.position] as number;
      if (byte < 0x80 && byte > 7) {
        this.position++;
        return byte;
      }
    }
    return super.readTag();
  }

  readInt32Varint(): number {
    return this.readVarint32() | 0;
  }

  /** True if any of the 64 bits is set. */
  readBool(): boolean {
    let seen = 0;
    for (let i = 0; i < 9; i++) {
      const byte = this.readByte();
      seen |= byte & 0x7f;
      if (byte < 0x80) return seen !== 0;
    }
    this.#readTenth();
    return true;
  }

  readInt64Varint(): bigint {
    const raw = this.readUint64Varint();
    return raw > MAX_INT64 ? BigInt.asIntN(64, raw) : raw;
  }

  readUint64Varint(): bigint {
    // Two groups of 28 bits are added up as numbers; only what is longer than eight bytes needs bigint arithmetic.
    const low = this.#readGroup();
    if (this.#groupEnds) return low < SMALL_LONGS.length ? (SMALL_LONGS[low] as bigint) : BigInt(low);
    const middle = this.#readGroup();
    if (this.#groupEnds && middle < SAFE_MIDDLE) return BigInt(middle * GROUP + low);
    let raw = (BigInt(middle) << 28n) | BigInt(low);
    if (!this.#groupEnds) {
      const ninth = this.readByte();
      raw |= BigInt(ninth & 0x7f) << 56n;
      if (ninth >= 0x80) {
        this.#readTenth();
        raw |= BIT_63;
      }
    }
    return raw;
  }

  /** The byte that must end a varint; it stands for bit 63. */
  #readTenth(): void {
    if (this.readByte() >= 0x80) throw malformedVarint();
  }

  readSint64Varint(): bigint {
    const raw = this.readUint64Varint();
    return (raw >> 1n) ^ -(raw & 1n);
  }

  /** Up to four bytes of a varint, which is 28 bits; `#groupEnds` tells whether the varint ends with them. */
  #readGroup(): number {
    let group = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.readByte();
      group |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        this.#groupEnds = true;
        return group;
      }
    }
    this.#groupEnds = false;
    return group;
  }
  #groupEnds = false;

  readFixed32(): number {
    const at = this.#advance(4);
    return this.buffer.readUInt32LE(at);
  }

  readSfixed32(): number {
    const at = this.#advance(4);
    return this.buffer.readInt32LE(at);
  }

  readFixed64(): bigint {
    const at = this.#advance(8);
    return this.buffer.readBigUInt64LE(at);
  }

  readSfixed64(): bigint {
    const at = this.#advance(8);
    return this.buffer.readBigInt64LE(at);
  }

  override readFloat(): number {
    const at = this.#advance(4);
    return this.buffer.readFloatLE(at);
  }

  override readDouble(): number {
    const at = this.#advance(8);
    return this.buffer.readDoubleLE(at);
  }

  /** A string of proto2: bytes that are not UTF-8 become U+FFFD, as protobuf-java's getters give them. */
  readString(): string {
    const length = this.readLength();
    const start = this.position;
    this.position = start + length;
    return this.buffer.toString("utf8", start, start + length);
  }

  /** A string of proto3, which must be UTF-8. */
  readStrictString(): string {
    const length = this.readLength();
    const start = this.position;
    if (!isUtf8(this.buffer.subarray(start, start + length))) {
      throw new RpcError("BAD_BYTES", "Protocol message had invalid UTF-8.");
    }
    this.position = start + length;
    return this.buffer.toString("utf8", start, start + length);
  }

  /** A copy, so that a value does not hold the chunk that it came in. */
  readOwnBytes(): Uint8Array {
    const length = this.readLength();
    this.spendObjects(BYTES_COST);
    const copy = new Uint8Array(length);
    copy.set(this.buffer.subarray(this.position, this.position + length));
    this.position += length;
    return copy;
  }

  #advance(length: number): number {
    const at = this.position;
    this.skip(length);
    return at;
  }
}

const MAX_INT64 = 0x7fff_ffff_ffff_ffffn;
const BIT_63 = 1n << 63n;

function malformedVarint(): RpcError {
  return new RpcError("BAD_BYTES", "CodedInputStream encountered a malformed varint.");
}
