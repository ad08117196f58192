/** The scalar types of protobuf: how each is written, read, and what values it has. */
import { Misfit } from "../../misfit.js";
import type { ByteWriter } from "../../wire/byte-writer.js";
import type { MessageReader } from "./message-reader.js";

export const WIRE = { varint: 0, fixed64: 1, delimited: 2, startGroup: 3, endGroup: 4, fixed32: 5 } as const;

export interface Scalar {
  /** Number of the wire type. */
  readonly wire: number;
  /** The value that stands for nothing: 0, false, "". */
  readonly zero: unknown;
  read(from: MessageReader): unknown;
  /** Appends a value without its tag. Throws Misfit. */
  write(out: ByteWriter, value: unknown): void;
}

/** `strictString` is the string of proto3, which must be UTF-8 when it comes. */
export type ScalarKind =
  | "double"
  | "float"
  | "int32"
  | "int64"
  | "uint32"
  | "uint64"
  | "sint32"
  | "sint64"
  | "fixed32"
  | "fixed64"
  | "sfixed32"
  | "sfixed64"
  | "bool"
  | "string"
  | "strictString"
  | "bytes";

const INT32 = "int32 (a whole number from -2147483648 to 2147483647)";
const UINT32 = "uint32 (a whole number from 0 to 4294967295)";
const INT64 = "int64 (a bigint of 64 bits)";
const UINT64 = "uint64 (a bigint from 0 to 18446744073709551615)";
const MAX_UINT64 = 0xffff_ffff_ffff_ffffn;
const MAX_INT64 = 0x7fff_ffff_ffff_ffffn;
const MIN_INT64 = -0x8000_0000_0000_0000n;

function int32(value: unknown): number {
  if (typeof value !== "number" || (value | 0) !== value) throw new Misfit(INT32, value);
  return value;
}

function uint32(value: unknown): number {
  if (typeof value !== "number" || value >>> 0 !== value) throw new Misfit(UINT32, value);
  return value;
}

function int64(value: unknown): bigint {
  if (typeof value !== "bigint" || value > MAX_INT64 || value < MIN_INT64) throw new Misfit(INT64, value);
  return value;
}

function uint64(value: unknown): bigint {
  if (typeof value !== "bigint" || value > MAX_UINT64 || value < 0n) throw new Misfit(UINT64, value);
  return value;
}

function number(value: unknown, kind: string): number {
  if (typeof value !== "number") throw new Misfit(`${kind} (a number)`, value);
  return value;
}

/** Appends a signed 32-bit integer; a negative one takes ten bytes, as if it had 64 bits. */
export function writeInt32(out: ByteWriter, value: number): void {
  if (value >= 0) out.writeVarint32(value);
  else out.writeVarint64(BigInt(value));
}

/** Integers up to this are worked with as numbers. */
const MAX_SMALL = BigInt(Number.MAX_SAFE_INTEGER);

function writeUint64(out: ByteWriter, value: bigint): void {
  if (value < 0n || value > MAX_SMALL) {
    out.writeVarint64(value);
    return;
  }
  let rest = Number(value);
  out.ensure(8);
  const { buffer } = out;
  let { position } = out;
  while (rest >= 0x10000000) {
    buffer[position++] = (rest & 0x7f) | 0x80;
    rest = Math.floor(rest / 128);
  }
  while (rest >= 0x80) {
    buffer[position++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  buffer[position++] = rest;
  out.position = position;
}

function writeFixed32(out: ByteWriter, value: number): void {
  out.ensure(4);
  out.position = out.buffer.writeInt32LE(value | 0, out.position);
}

function writeFixed64(out: ByteWriter, value: bigint): void {
  out.ensure(8);
  out.position = out.buffer.writeBigUInt64LE(BigInt.asUintN(64, value), out.position);
}

/** UTF-16 units up to which a loop is faster than calling Buffer; their length takes one byte if they are ASCII. */
const SHORT_STRING = 32;
/** UTF-16 units above which counting the bytes first is cheaper than making room for the most they can be. */
const LONG_STRING = 4096;

/** Appends a string behind its length in bytes. Half a surrogate pair has no UTF-8: what it became would be another string. */
function writeString(out: ByteWriter, value: unknown): void {
  if (typeof value !== "string") throw new Misfit("string", value);
  const { length } = value;
  if (length <= SHORT_STRING && writeShortAscii(out, value)) return;
  if (!value.isWellFormed()) throw new Misfit("string without lone surrogates", value);
  if (length > LONG_STRING) {
    const bytes = Buffer.byteLength(value);
    out.ensure(bytes + 5);
    out.writeVarint32(bytes);
    out.position += out.buffer.write(value, out.position, bytes);
    return;
  }
  // The length is known after the text is written: its place is sized for ASCII, and the text moved if that was too little.
  const most = length * 3;
  out.ensure(most + 2);
  const { buffer, position } = out;
  const guess = length < 0x80 ? 1 : 2;
  const bytes = buffer.write(value, position + guess, most);
  const size = bytes < 0x80 ? 1 : 2;
  if (size !== guess) buffer.copyWithin(position + size, position + guess, position + guess + bytes);
  if (size === 1) buffer[position] = bytes;
  else {
    buffer[position] = (bytes & 0x7f) | 0x80;
    buffer[position + 1] = bytes >> 7;
  }
  out.position = position + size + bytes;
}

/** Writes a short string if it is ASCII; says whether it was. */
function writeShortAscii(out: ByteWriter, value: string): boolean {
  const { length } = value;
  out.ensure(length + 1);
  const { buffer } = out;
  let { position } = out;
  buffer[position++] = length;
  for (let i = 0; i < length; i++) {
    const unit = value.charCodeAt(i);
    if (unit > 0x7f) return false;
    buffer[position++] = unit;
  }
  out.position = position;
  return true;
}

function writeBytes(out: ByteWriter, value: unknown): void {
  if (!(value instanceof Uint8Array)) throw new Misfit("bytes (a Uint8Array)", value);
  out.writeVarint32(value.length);
  out.writeBytes(value);
}

/** By the names that `.proto` files have for them. */
export const SCALARS: Readonly<Record<ScalarKind, Scalar>> = {
  double: {
    wire: WIRE.fixed64,
    zero: 0,
    read: (from) => from.readDouble(),
    write: (out, value) => {
      const double = number(value, "double");
      out.ensure(8);
      out.position = out.buffer.writeDoubleLE(double, out.position);
    },
  },
  float: {
    wire: WIRE.fixed32,
    zero: 0,
    read: (from) => from.readFloat(),
    write: (out, value) => {
      const float = number(value, "float");
      out.ensure(4);
      out.position = out.buffer.writeFloatLE(float, out.position);
    },
  },
  int32: {
    wire: WIRE.varint,
    zero: 0,
    read: (from) => from.readInt32Varint(),
    write: (out, value) => writeInt32(out, int32(value)),
  },
  int64: {
    wire: WIRE.varint,
    zero: 0n,
    read: (from) => from.readInt64Varint(),
    write: (out, value) => writeUint64(out, int64(value)),
  },
  uint32: {
    wire: WIRE.varint,
    zero: 0,
    read: (from) => from.readVarint32(),
    write: (out, value) => out.writeVarint32(uint32(value)),
  },
  uint64: {
    wire: WIRE.varint,
    zero: 0n,
    read: (from) => from.readUint64Varint(),
    write: (out, value) => writeUint64(out, uint64(value)),
  },
  sint32: {
    wire: WIRE.varint,
    zero: 0,
    read: (from) => from.readSint32(),
    write: (out, value) => out.writeSint32(int32(value)),
  },
  sint64: {
    wire: WIRE.varint,
    zero: 0n,
    read: (from) => from.readSint64Varint(),
    write: (out, value) => {
      const long = int64(value);
      writeUint64(out, BigInt.asUintN(64, (long << 1n) ^ (long >> 63n)));
    },
  },
  fixed32: {
    wire: WIRE.fixed32,
    zero: 0,
    read: (from) => from.readFixed32(),
    write: (out, value) => writeFixed32(out, uint32(value)),
  },
  fixed64: {
    wire: WIRE.fixed64,
    zero: 0n,
    read: (from) => from.readFixed64(),
    write: (out, value) => writeFixed64(out, uint64(value)),
  },
  sfixed32: {
    wire: WIRE.fixed32,
    zero: 0,
    read: (from) => from.readSfixed32(),
    write: (out, value) => writeFixed32(out, int32(value)),
  },
  sfixed64: {
    wire: WIRE.fixed64,
    zero: 0n,
    read: (from) => from.readSfixed64(),
    write: (out, value) => writeFixed64(out, int64(value)),
  },
  bool: {
    wire: WIRE.varint,
    zero: false,
    read: (from) => from.readBool(),
    write: (out, value) => {
      if (typeof value !== "boolean") throw new Misfit("bool (a boolean)", value);
      out.writeByte(value ? 1 : 0);
    },
  },
  string: { wire: WIRE.delimited, zero: "", read: (from) => from.readString(), write: writeString },
  strictString: { wire: WIRE.delimited, zero: "", read: (from) => from.readStrictString(), write: writeString },
  bytes: { wire: WIRE.delimited, zero: new Uint8Array(0), read: (from) => from.readOwnBytes(), write: writeBytes },
};

/** Whether a name is that of a scalar type. */
export function isScalarKind(name: string): name is ScalarKind {
  return Object.hasOwn(SCALARS, name);
}
