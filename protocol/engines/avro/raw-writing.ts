/** Writes values of primitive types. A value that does not fit throws Misfit. */
import { Misfit } from "../../misfit.js";
import type { ByteWriter } from "../../wire/byte-writer.js";

/** Appends a value as a datum. Throws Misfit. */
export type Write = (out: ByteWriter, value: unknown) => void;

/** Writers of primitive types, by kind. */
export const RAW_WRITES: Readonly<Record<string, Write>> = {
  null: (_out, value) => {
    if (value !== null && value !== undefined) throw new Misfit("null", value);
  },
  boolean: (out, value) => {
    if (typeof value !== "boolean") throw new Misfit("boolean", value);
    out.writeByte(value ? 1 : 0);
  },
  int: (out, value) => out.writeSint32(intOf(value)),
  long: writeLong,
  float: (out, value) => writeFloat(out, numberOf(value, "float")),
  double: (out, value) => writeDouble(out, numberOf(value, "double")),
  bytes: (out, value) => writeBytes(out, bytesOf(value)),
  string: writeString,
};

/** Writers of values of one primitive type as another, `from>to`. */
export const PROMOTED_WRITES: Readonly<Record<string, Write>> = {
  "int>long": (out, value) => out.writeSint32(intOf(value)),
  "int>float": (out, value) => writeFloat(out, intOf(value)),
  "int>double": (out, value) => writeDouble(out, intOf(value)),
  "long>float": (out, value) => writeFloat(out, Number(longOf(value))),
  "long>double": (out, value) => writeDouble(out, Number(longOf(value))),
  "float>double": (out, value) => writeDouble(out, Math.fround(numberOf(value, "float"))),
  "string>bytes": writeString,
  "bytes>string": (out, value) => writeBytes(out, bytesOf(value)),
};

/**
 * A string as Avro writes it: the length of its UTF-8 as a long, then the UTF-8. Half a surrogate pair has none: what it became
 * would be another string.
 */
export function writeString(out: ByteWriter, value: unknown): void {
  if (typeof value !== "string") throw new Misfit("string", value);
  if (value.length <= SHORT_STRING && writeShortAscii(out, value)) return;
  if (!value.isWellFormed()) throw new Misfit("string without lone surrogates", value);
  if (value.length > LONG_STRING) {
    const bytes = Buffer.byteLength(value);
    out.ensure(bytes + 5);
    out.writeSint32(bytes);
    out.position += out.buffer.write(value, out.position, bytes);
    return;
  }
  // The length is known after the text is written: its place is sized for ASCII, and the text moved if that was too little.
  const most = value.length * 3;
  out.ensure(most + 5);
  const { buffer, position } = out;
  const guess = sizeOfLength(value.length);
  const bytes = buffer.write(value, position + guess, most);
  const size = sizeOfLength(bytes);
  if (size !== guess) buffer.copyWithin(position + size, position + guess, position + guess + bytes);
  if (size === 1) buffer[position] = bytes << 1;
  else {
    buffer[position] = ((bytes << 1) & 0x7f) | 0x80;
    buffer[position + 1] = bytes >> 6;
  }
  out.position = position + size + bytes;
}

/** Writes a short string if it is ASCII; says whether it was. */
function writeShortAscii(out: ByteWriter, value: string): boolean {
  const { length } = value;
  out.ensure(length + 1);
  const { buffer } = out;
  let position = out.position;
  buffer[position++] = length << 1;
  for (let i = 0; i < length; i++) {
    const unit = value.charCodeAt(i);
    if (unit > 0x7f) return false;
    buffer[position++] = unit;
  }
  out.position = position;
  return true;
}

/** UTF-16 units up to which a loop is faster than calling Buffer. */
const SHORT_STRING = 32;

/** UTF-16 units above which counting the bytes first is cheaper than making room for the most they can be. */
const LONG_STRING = 1024;

/** Bytes of a length below 8192, zigzag-encoded. */
function sizeOfLength(length: number): number {
  return length < 64 ? 1 : 2;
}

function writeBytes(out: ByteWriter, value: Uint8Array): void {
  out.writeSint32(value.length);
  out.writeBytes(value);
}

function writeLong(out: ByteWriter, value: unknown): void {
  const small = typeof value === "bigint" ? Number(value) : Number.NaN;
  if (small >= -MAX_SMALL_LONG && small <= MAX_SMALL_LONG) writeSmallLong(out, small);
  else {
    const long = longOf(value);
    out.writeVarint64((long << 1n) ^ (long >> 63n));
  }
}

/** Longs up to this, either way, are worked with as numbers. */
const MAX_SMALL_LONG = 2 ** 51;

function writeSmallLong(out: ByteWriter, value: number): void {
  let rest = value >= 0 ? value * 2 : value * -2 - 1;
  out.ensure(8);
  const { buffer } = out;
  let position = out.position;
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

function writeFloat(out: ByteWriter, value: number): void {
  out.ensure(4);
  out.position = out.buffer.writeFloatLE(value, out.position);
}

function writeDouble(out: ByteWriter, value: number): void {
  out.ensure(8);
  out.position = out.buffer.writeDoubleLE(value, out.position);
}

function intOf(value: unknown): number {
  if (typeof value !== "number" || (value | 0) !== value) throw new Misfit("int (a whole number of 32 bits)", value);
  return value;
}

function longOf(value: unknown): bigint {
  if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value) {
    throw new Misfit("long (a bigint of 64 bits)", value);
  }
  return value;
}

function numberOf(value: unknown, kind: string): number {
  if (typeof value !== "number") throw new Misfit(`${kind} (a number)`, value);
  return value;
}

function bytesOf(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new Misfit("bytes (a Uint8Array)", value);
  return value;
}
