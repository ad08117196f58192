/**
 * Java's primitive types, `void`, and `java.lang.String`.
 *
 * ```
 *   | UTF8 name | boolean, byte: 1 byte | char, short: 2 | int, float: 4 | long, double: 8 |      big-endian, IEEE bits
 *   | UTF8 java.lang.String | UTF8 value |
 *   | UTF8 void |
 * ```
 */
import { RpcError } from "../../rpc-error.js";
import type { ByteReader } from "../../wire/byte-reader.js";
import type { ByteWriter } from "../../wire/byte-writer.js";
import { encodeNull, type JavaType, misfit } from "./java-type.js";
import { need } from "./need.js";
import { encodeUtf8String, readUtf8String, skipUtf8String, writeUtf8String } from "./utf8.js";

/** How values of a type look without any head: what DataOutput and DataInput do. */
export interface RawCodec {
  /** Bytes of a value. */
  readonly size: number;
  readonly expected: string;
  fits(value: unknown): boolean;
  /** Writes a value that fits. */
  write(value: unknown, out: ByteWriter): void;
  /** Reads `size` bytes, which are there. */
  read(reader: ByteReader): unknown;
  toJson(value: unknown): unknown;
  fromJson(json: unknown): unknown;
}

function same<T>(value: T): T {
  return value;
}

function integer(
  size: number,
  write: (value: number, out: ByteWriter) => void,
  read: (reader: ByteReader) => number,
): RawCodec {
  const limit = 2 ** (8 * size - 1);
  return {
    size,
    expected: `an integer from ${-limit} to ${limit - 1}`,
    fits: (value) => Number.isInteger(value) && (value as number) >= -limit && (value as number) < limit,
    write: (value, out) => write(value as number, out),
    read,
    toJson: same,
    fromJson: same,
  };
}

const MIN_LONG = -(2n ** 63n);
const MAX_LONG = 2n ** 63n - 1n;

function longFromJson(json: unknown): unknown {
  if (Number.isSafeInteger(json) || (typeof json === "string" && /^-?\d{1,19}$/.test(json)))
    return BigInt(json as string);
  return json;
}

function floatToJson(value: unknown): unknown {
  return Number.isFinite(value) ? value : String(value);
}

function floatFromJson(json: unknown): unknown {
  const numeral = typeof json === "bigint" || json === "NaN" || json === "Infinity" || json === "-Infinity";
  return numeral ? Number(json) : json;
}

/** Java writes every NaN with the same bits; a NaN that came over a wire may carry others. */
function canonical(value: unknown): number {
  return Number.isNaN(value) ? Number.NaN : (value as number);
}

/** Values of the eight primitive types. */
export const RAW = {
  boolean: {
    size: 1,
    expected: "a boolean",
    fits: (value) => typeof value === "boolean",
    write: (value, out) => out.writeByte(value === true ? 1 : 0),
    // Java takes every byte but 0 for true.
    read: (reader) => reader.readByte() !== 0,
    toJson: same,
    fromJson: same,
  },
  byte: integer(
    1,
    (value, out) => out.writeByte(value & 0xff),
    (reader) => (reader.readByte() << 24) >> 24,
  ),
  short: integer(
    2,
    (value, out) => out.writeUint16(value),
    (reader) => (reader.readUint16() << 16) >> 16,
  ),
  int: integer(
    4,
    (value, out) => out.writeInt32(value),
    (reader) => reader.readInt32(),
  ),
  char: {
    size: 2,
    expected: "a string of one UTF-16 unit",
    fits: (value) => typeof value === "string" && value.length === 1,
    write: (value, out) => out.writeUint16((value as string).charCodeAt(0)),
    read: (reader) => String.fromCharCode(reader.readUint16()),
    toJson: same,
    fromJson: same,
  },
  long: {
    size: 8,
    expected: `a bigint from ${MIN_LONG} to ${MAX_LONG}`,
    fits: (value) => typeof value === "bigint" && value >= MIN_LONG && value <= MAX_LONG,
    write: (value, out) => out.writeInt64(value as bigint),
    read: (reader) => reader.readInt64(),
    toJson: same,
    fromJson: longFromJson,
  },
  float: {
    size: 4,
    expected: "a number that a float can hold",
    fits: (value) => typeof value === "number" && (Number.isFinite(Math.fround(value)) || !Number.isFinite(value)),
    write: (value, out) => out.writeFloat(canonical(value)),
    read: (reader) => reader.readFloat(),
    toJson: floatToJson,
    fromJson: floatFromJson,
  },
  double: {
    size: 8,
    expected: "a number",
    fits: (value) => typeof value === "number",
    write: (value, out) => out.writeDouble(canonical(value)),
    read: (reader) => reader.readDouble(),
    toJson: floatToJson,
    fromJson: floatFromJson,
  },
} as const satisfies Record<string, RawCodec>;

export type PrimitiveName = keyof typeof RAW;

/** A primitive type and the codec that its compact arrays use too. */
export interface PrimitiveType extends JavaType {
  readonly raw: RawCodec;
}

function primitive(name: PrimitiveName): PrimitiveType {
  const raw: RawCodec = RAW[name];
  return {
    className: name,
    label: name,
    kind: "primitive",
    head: encodeUtf8String(name),
    nullBytes: undefined,
    compact: undefined,
    superclasses: [],
    raw,
    ...rawCodec(raw, name),
  };
}

/** What a type does whose values are raw. `label` names it where bytes are missing. */
export function rawCodec(
  raw: RawCodec,
  label: string,
): Pick<JavaType, "minBytes" | "writeValue" | "readValue" | "skipValue" | "toJson" | "fromJson"> {
  return {
    minBytes: raw.size,
    writeValue(value, out) {
      if (!raw.fits(value)) throw misfit(raw.expected, value);
      raw.write(value, out);
    },
    readValue(reader) {
      need(reader, raw.size, `a ${label}`);
      return raw.read(reader);
    },
    skipValue(reader) {
      need(reader, raw.size, `a ${label}`);
      reader.position += raw.size;
    },
    toJson: raw.toJson,
    fromJson: raw.fromJson,
  };
}

/** The primitive types by name. */
export const PRIMITIVES: ReadonlyMap<string, PrimitiveType> = new Map(
  (Object.keys(RAW) as PrimitiveName[]).map((name) => [name, primitive(name)]),
);

/** The type of results only: its one value is undefined. */
export const VOID: JavaType = {
  className: "void",
  label: "void",
  kind: "void",
  head: encodeUtf8String("void"),
  nullBytes: encodeNull("void"),
  minBytes: 0,
  compact: undefined,
  superclasses: [],
  writeValue() {
    throw new RpcError("BAD_ARGUMENT", "must not be there: void has no values");
  },
  readValue: () => null,
  skipValue() {},
  toJson: () => null,
  fromJson: same,
};

/** java.lang.String. */
export const STRING: JavaType = {
  className: "java.lang.String",
  label: "java.lang.String",
  kind: "string",
  head: encodeUtf8String("java.lang.String"),
  nullBytes: encodeNull("java.lang.String"),
  minBytes: 2,
  compact: undefined,
  superclasses: [],
  writeValue(value, out) {
    if (typeof value !== "string") throw misfit("a string or null", value);
    writeUtf8String(value, out);
  },
  readValue: (reader) => readUtf8String(reader),
  skipValue: (reader) => skipUtf8String(reader),
  toJson: same,
  fromJson: same,
};
