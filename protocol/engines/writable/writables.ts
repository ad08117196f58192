/**
 * The common Writables of Hadoop (Hadoop: io/*.java). Each line below is the layout of its write().
 *
 * ```
 *   BooleanWritable 1 byte   ByteWritable 1   ShortWritable 2   IntWritable 4   LongWritable 8   FloatWritable 4   DoubleWritable 8
 *   VIntWritable, VLongWritable   | VInt |
 *   Text                          | VInt length | UTF-8 |
 *   UTF8                          | uint16 length | CESU-8 |
 *   BytesWritable                 | length int32 | bytes |
 *   NullWritable                  nothing
 *   ArrayWritable                 | n int32 | n values without names |
 *   ArrayPrimitiveWritable        | UTF8 component | n int32 | n raw elements |
 *   ProtocolSignature             | version int64 | 00 |   or   | version int64 | 01 | n int32 | n hashes int32 |
 * ```
 */
import { isUtf8 } from "node:buffer";
import { RpcError } from "../../rpc-error.js";
import type { ByteReader } from "../../wire/byte-reader.js";
import type { ByteWriter } from "../../wire/byte-writer.js";
import { mapElements } from "./arrays.js";
import {
  arrayLike,
  binary,
  bytesFromJson,
  copyBytes,
  readRawArray,
  skipRawArray,
  writeRawArray,
} from "./compact-arrays.js";
import { checkObjects, encodeNull, enter, type JavaType, misfit, within } from "./java-type.js";
import { need } from "./need.js";
import { PRIMITIVES, type PrimitiveType, RAW, rawCodec } from "./primitives.js";
import { encodeUtf8String, readUtf8String, skipUtf8String, writeUtf8String } from "./utf8.js";
import { readVInt, readVLong, writeVInt, writeVLong } from "./vint.js";

/** What makes one Writable differ from another. */
export type WritableCodec = Pick<JavaType, "writeValue" | "readValue" | "minBytes"> &
  Partial<Pick<JavaType, "skipValue" | "toJson" | "fromJson" | "label" | "superclasses">>;

function same(value: unknown): unknown {
  return value;
}

/** The type of a Writable class; its head is its name twice, as declared class and as class of the value. */
export function writableOf(className: string, codec: WritableCodec): JavaType {
  const name = encodeUtf8String(className);
  return {
    className,
    label: codec.label ?? className,
    kind: "writable",
    head: Buffer.concat([name, name]),
    nullBytes: encodeNull(className),
    // Asked for late: a record may hold arrays of itself.
    get minBytes() {
      return codec.minBytes;
    },
    compact: undefined,
    superclasses: codec.superclasses ?? [],
    writeValue: codec.writeValue,
    readValue: codec.readValue,
    // A value that costs little more than its bytes is read to be skipped.
    skipValue: codec.skipValue ?? codec.readValue,
    toJson: codec.toJson ?? same,
    fromJson: codec.fromJson ?? same,
  };
}

const vInt: WritableCodec = {
  minBytes: 1,
  writeValue(value, out) {
    if (!RAW.int.fits(value)) throw misfit(RAW.int.expected, value);
    writeVInt(value as number, out);
  },
  readValue: (reader) => readVInt(reader),
};

const vLong: WritableCodec = {
  minBytes: 1,
  writeValue(value, out) {
    if (!RAW.long.fits(value)) throw misfit(RAW.long.expected, value);
    writeVLong(value as bigint, out);
  },
  readValue: (reader) => readVLong(reader),
  fromJson: RAW.long.fromJson,
};

const text: WritableCodec = {
  minBytes: 1,
  writeValue(value, out) {
    if (typeof value !== "string") throw misfit("a string or null", value);
    // Java would put a question mark in the place of a lone surrogate.
    if (/\p{Surrogate}/u.test(value)) throw misfit("a string without lone surrogates", value);
    writeVInt(Buffer.byteLength(value), out);
    out.writeUtf8(value);
  },
  readValue(reader) {
    const length = readVInt(reader);
    checkLength(length, reader, "a Text");
    const start = reader.position;
    const value = reader.readUtf8(length);
    if (value.includes("\ufffd") && !isUtf8(reader.buffer.subarray(start, reader.position))) {
      throw new RpcError("BAD_BYTES", "a Text is not UTF-8");
    }
    return value;
  },
  skipValue(reader) {
    const length = readVInt(reader);
    checkLength(length, reader, "a Text");
    reader.position += length;
  },
};

const utf8: WritableCodec = {
  minBytes: 2,
  writeValue(value, out) {
    if (typeof value !== "string") throw misfit("a string or null", value);
    writeUtf8String(value, out);
  },
  readValue: (reader) => readUtf8String(reader),
  skipValue: (reader) => skipUtf8String(reader),
};

const bytes: WritableCodec = {
  minBytes: 4,
  writeValue(value, out) {
    const data = binary(value);
    out.writeInt32(data.length);
    out.writeBytes(data);
  },
  readValue(reader) {
    need(reader, 4, "the length of a BytesWritable");
    const length = reader.readInt32();
    checkLength(length, reader, "a BytesWritable");
    return copyBytes(reader, length);
  },
  skipValue(reader) {
    need(reader, 4, "the length of a BytesWritable");
    const length = reader.readInt32();
    checkLength(length, reader, "a BytesWritable");
    reader.position += length;
  },
  fromJson: bytesFromJson,
};

function checkLength(length: number, reader: ByteReader, what: string): void {
  if (length < 0) throw new RpcError("BAD_BYTES", `the length of ${what} is negative: ${length}`);
  need(reader, length, what);
}

/** A protocol's version and method hashes; `methods` is null when they equal what the asker has. */
export interface JavaProtocolSignature {
  readonly version: bigint;
  readonly methods: readonly number[] | null;
}

const INT = PRIMITIVES.get("int") as PrimitiveType;

const protocolSignature: WritableCodec = {
  minBytes: 9,
  writeValue(value, out) {
    if (typeof value !== "object" || value === null) throw misfit("a ProtocolSignature", value);
    const { version, methods } = value as { version?: unknown; methods?: unknown };
    if (!RAW.long.fits(version)) throw within("version", misfit(RAW.long.expected, version));
    out.writeInt64(version as bigint);
    out.writeByte(methods === null ? 0 : 1);
    if (methods !== null) writeRawArray(INT, methods, out);
  },
  readValue(reader, state): JavaProtocolSignature {
    need(reader, 9, "a ProtocolSignature");
    const version = reader.readInt64();
    const methods = reader.readByte() === 0 ? null : (readRawArray(INT, reader, state) as number[]);
    return { version, methods };
  },
  skipValue(reader, state) {
    need(reader, 9, "a ProtocolSignature");
    reader.position += 8;
    if (reader.readByte() !== 0) skipRawArray(INT, reader, state);
  },
  fromJson(json) {
    if (typeof json !== "object" || json === null) return json;
    return { ...json, version: RAW.long.fromJson((json as { version?: unknown }).version) };
  },
};

const NULL_WRITABLE = "org.apache.hadoop.io.NullWritable";

/** null is the one value of NullWritable, so it is written as that and not as Java's null. */
function nullWritable(): JavaType {
  const type = writableOf(NULL_WRITABLE, {
    minBytes: 0,
    writeValue(value) {
      if (value !== null) throw misfit("null", value);
    },
    readValue: () => null,
  });
  return { ...type, nullBytes: type.head };
}

/** Class of Hadoop's arrays of Writables. Java can read its subclasses only. */
export const ARRAY_WRITABLE = "org.apache.hadoop.io.ArrayWritable";

/** ArrayWritable of one class of elements, which never are null in Java. */
export function arrayWritableOf(element: JavaType): JavaType {
  const label = `${ARRAY_WRITABLE}<${element.label}>`;
  return writableOf(ARRAY_WRITABLE, {
    label,
    minBytes: 4,
    writeValue(value, out) {
      const elements = arrayLike(value, label);
      out.writeInt32(elements.length);
      for (let i = 0; i < elements.length; i++) writeElement(element, elements, i, out);
    },
    readValue(reader, state) {
      enter(state);
      need(reader, 4, "the length of an ArrayWritable");
      const count = reader.readInt32();
      checkObjects(count, element.minBytes, reader, state);
      const elements: unknown[] = [];
      for (let i = 0; i < count; i++) elements.push(element.readValue(reader, state));
      state.depth--;
      return elements;
    },
    skipValue(reader, state) {
      enter(state);
      need(reader, 4, "the length of an ArrayWritable");
      const count = reader.readInt32();
      checkObjects(count, element.minBytes, reader, state);
      for (let i = 0; i < count; i++) element.skipValue(reader, state);
      state.depth--;
    },
    toJson: (value) => mapElements(value, label, (item) => element.toJson(item)),
    fromJson: (json, bytes) => mapElements(json, label, (item) => element.fromJson(item, bytes)),
  });
}

function writeElement(element: JavaType, elements: ArrayLike<unknown>, i: number, out: ByteWriter): void {
  try {
    element.writeValue(elements[i], out, false);
  } catch (error) {
    throw within(`element ${i}`, error);
  }
}

/** Class of Hadoop's arrays of primitives as a Writable of their own. */
export const ARRAY_PRIMITIVE_WRITABLE = "org.apache.hadoop.io.ArrayPrimitiveWritable";

/** ArrayPrimitiveWritable of one primitive component. */
export function arrayPrimitiveWritableOf(component: PrimitiveType): JavaType {
  const label = `${ARRAY_PRIMITIVE_WRITABLE}<${component.label}>`;
  const isByte = component.className === "byte";
  return writableOf(ARRAY_PRIMITIVE_WRITABLE, {
    label,
    minBytes: 6 + component.label.length,
    writeValue(value, out) {
      writeUtf8String(component.className, out);
      writeRawArray(component, value, out);
    },
    readValue(reader, state) {
      checkComponent(component, label, reader);
      return readRawArray(component, reader, state);
    },
    skipValue(reader, state) {
      checkComponent(component, label, reader);
      skipRawArray(component, reader, state);
    },
    toJson: (value) => (isByte ? binary(value) : mapElements(value, label, component.toJson)),
    fromJson: (json, bytes) =>
      isByte ? bytesFromJson(json, bytes) : mapElements(json, label, (item) => component.fromJson(item, bytes)),
  });
}

function checkComponent(component: PrimitiveType, label: string, reader: ByteReader): void {
  const found = readUtf8String(reader);
  if (found !== component.className)
    throw new RpcError("BAD_BYTES", `an array of ${found} came where ${label} is declared`);
}

const SIMPLE: Readonly<Record<string, WritableCodec>> = {
  Text: text,
  UTF8: utf8,
  BytesWritable: bytes,
  BooleanWritable: rawCodec(RAW.boolean, "BooleanWritable"),
  ByteWritable: rawCodec(RAW.byte, "ByteWritable"),
  ShortWritable: rawCodec(RAW.short, "ShortWritable"),
  IntWritable: rawCodec(RAW.int, "IntWritable"),
  LongWritable: rawCodec(RAW.long, "LongWritable"),
  FloatWritable: rawCodec(RAW.float, "FloatWritable"),
  DoubleWritable: rawCodec(RAW.double, "DoubleWritable"),
  VIntWritable: vInt,
  VLongWritable: vLong,
};

/** The Writables that need no declaration, by class name. */
export const WRITABLES: ReadonlyMap<string, JavaType> = new Map(
  [
    ...Object.entries(SIMPLE).map(([name, codec]) => writableOf(`org.apache.hadoop.io.${name}`, codec)),
    writableOf("org.apache.hadoop.ipc.ProtocolSignature", protocolSignature),
    nullWritable(),
  ].map((type) => [type.className, type]),
);
