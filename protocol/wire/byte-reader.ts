/**
 * A cursor over bytes that somebody else owns: big-endian integers, protobuf varints, strings.
 *
 * Reading past the end throws RpcError BAD_BYTES with the text of protobuf-java's InvalidProtocolBufferException, because that text travels
 * in Hadoop's answers. Views returned by `readBytes` share the memory of the buffer.
 */
import { JAVA_CLASS, RpcError } from "../rpc-error.js";

/** Reads `buffer` from `position` up to `end`; every `read` moves on behind what it read. Throws BAD_BYTES at the end. */
export class ByteReader {
  buffer: Buffer;
  position: number;
  end: number;

  constructor(buffer: Buffer = EMPTY, position = 0, end = buffer.length) {
    this.buffer = buffer;
    this.position = position;
    this.end = end;
  }

  reset(buffer: Buffer, position: number, end: number): void {
    this.buffer = buffer;
    this.position = position;
    this.end = end;
  }

  get remaining(): number {
    return this.end - this.position;
  }

  readByte(): number {
    if (this.position >= this.end) throw truncated();
    return this.buffer[this.position++] as number;
  }

  /** Signed 32-bit, big-endian. */
  readInt32(): number {
    const at = this.#advance(4);
    return this.buffer.readInt32BE(at);
  }

  /** Unsigned 16-bit, big-endian. */
  readUint16(): number {
    const at = this.#advance(2);
    return this.buffer.readUInt16BE(at);
  }

  /** Signed 64-bit, big-endian. */
  readInt64(): bigint {
    const at = this.#advance(8);
    return this.buffer.readBigInt64BE(at);
  }

  /** IEEE 754, 32 bits, big-endian. */
  readFloat(): number {
    const at = this.#advance(4);
    return this.buffer.readFloatBE(at);
  }

  /** IEEE 754, 64 bits, big-endian. */
  readDouble(): number {
    const at = this.#advance(8);
    return this.buffer.readDoubleBE(at);
  }

  /** A view of the next `length` bytes. */
  readBytes(length: number): Buffer {
    const at = this.#advance(length);
    return this.buffer.subarray(at, at + length);
  }

  /** The next `length` bytes as UTF-8; bytes that are not UTF-8 become U+FFFD. */
  readUtf8(length: number): string {
    const at = this.#advance(length);
    return this.buffer.toString("utf8", at, at + length);
  }

  skip(length: number): void {
    this.#advance(length);
  }

  /** A protobuf varint of up to ten bytes, truncated to an unsigned 32-bit integer as protobuf does. */
  readVarint32(): number {
    const buffer = this.buffer;
    let position = this.position;
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (position >= this.end) throw truncated();
      const byte = buffer[position++] as number;
      if (shift < 32) value |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        this.position = position;
        return value >>> 0;
      }
    }
    throw new RpcError("BAD_BYTES", "CodedInputStream encountered a malformed varint.");
  }

  /** A zigzag-encoded signed 32-bit integer (protobuf sint32). */
  readSint32(): number {
    const n = this.readVarint32();
    return (n >>> 1) ^ -(n & 1);
  }

  /** A protobuf varint as a signed 64-bit integer (protobuf int64). */
  readVarint64(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.readByte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
    throw new RpcError("BAD_BYTES", "CodedInputStream encountered a malformed varint.");
  }

  /** The length of a protobuf length-delimited field that must fit into what remains. */
  readLength(): number {
    const length = this.readVarint32() | 0;
    if (length < 0) throw negativeSize();
    if (length > this.remaining) throw truncated();
    return length;
  }

  /**
   * Skips the value of a protobuf field whose tag was just read. A group is skipped with everything in it, as
   * protobuf-java does with fields it does not know; groups that nest deeper than `maxDepth` are refused.
   */
  skipField(tag: number, maxDepth = MAX_GROUP_DEPTH): void {
    if ((tag & 7) === 3) this.#skipGroup(tag, maxDepth);
    else this.#skipValue(tag);
  }

  /** Skips to behind the end tag of the group that `tag` has opened, and of all groups in it. */
  #skipGroup(tag: number, maxDepth: number): void {
    if (maxDepth < 1) throw tooDeep();
    const open = [tag >>> 3];
    while (open.length > 0) {
      if (this.position >= this.end) throw unbalancedGroup();
      const inner = this.readTag();
      if ((inner & 7) === 3) {
        open.push(inner >>> 3);
        if (open.length > maxDepth) throw tooDeep();
      } else if ((inner & 7) === 4) {
        if (open.pop() !== inner >>> 3) throw unbalancedGroup();
      } else {
        this.#skipValue(inner);
      }
    }
  }

  #skipValue(tag: number): void {
    switch (tag & 7) {
      case 0:
        this.readVarint32();
        return;
      case 1:
        this.skip(8);
        return;
      case 2:
        this.skip(this.readLength());
        return;
      case 5:
        this.skip(4);
        return;
      case 4:
        throw unbalancedGroup();
      default:
        throw new RpcError("BAD_BYTES", "Protocol message tag had invalid wire type.", {
          javaClass: `${JAVA_CLASS.invalidProtobuf}$InvalidWireTypeException`,
        });
    }
  }

  /** Reads a protobuf field tag; a field number of 0 is refused. */
  readTag(): number {
    const tag = this.readVarint32();
    if (tag >>> 3 === 0) throw new RpcError("BAD_BYTES", "Protocol message contained an invalid tag (zero).");
    return tag;
  }

  #advance(length: number): number {
    const at = this.position;
    if (length < 0) throw negativeSize();
    if (length > this.end - at) throw truncated();
    this.position = at + length;
    return at;
  }
}

/** The error for a message that lacks required fields, in protobuf-java's words; `seen` says of each whether it came. */
export function missingFields(seen: Readonly<Record<string, boolean>>): RpcError {
  const missing = Object.keys(seen).filter((name) => !seen[name]);
  return new RpcError("BAD_BYTES", `Message missing required fields: ${missing.join(", ")}`);
}

const EMPTY = Buffer.alloc(0);
/** The recursion limit of protobuf-java (CodedInputStream). */
const MAX_GROUP_DEPTH = 100;

function negativeSize(): RpcError {
  return new RpcError(
    "BAD_BYTES",
    "CodedInputStream encountered an embedded string or message which claimed to have negative size.",
  );
}

/** The error for messages and groups that nest too deeply, in protobuf-java's words. */
export function tooDeep(): RpcError {
  return new RpcError(
    "BAD_BYTES",
    "Protocol message had too many levels of nesting.  May be malicious.  Use setRecursionLimit() to increase the recursion depth limit.",
  );
}

function unbalancedGroup(): RpcError {
  return new RpcError("BAD_BYTES", "Protocol message end-group tag did not match expected tag.");
}

function truncated(): RpcError {
  return new RpcError(
    "BAD_BYTES",
    "While parsing a protocol message, the input ended unexpectedly in the middle of a field.  This could mean either that the input has been truncated or that an embedded message misreported its own length.",
  );
}
