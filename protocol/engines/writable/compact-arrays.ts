/**
 * Arrays of primitives without a name per element (Hadoop: io/ArrayPrimitiveWritable.java).
 *
 * ```
 *   | UTF8 ArrayPrimitiveWritable$Internal | UTF8 component | n int32 | n raw elements |
 * ```
 * byte[] is a Uint8Array here; every other array is a plain array. Whatever holds numbers by index is taken.
 */
import { type BytesText, bytesFromText } from "../../json-codec.js";
import { RpcError } from "../../rpc-error.js";
import type { ByteReader } from "../../wire/byte-reader.js";
import type { ByteWriter } from "../../wire/byte-writer.js";
import {
  arrayForPrimitives,
  COMPACT_ARRAY_CLASS,
  type CompactForm,
  checkCount,
  type DecodeState,
  misfit,
  within,
} from "./java-type.js";
import { need } from "./need.js";
import { PRIMITIVES, type PrimitiveType } from "./primitives.js";
import { encodeUtf8String } from "./utf8.js";

/** Letters of primitive components in array class names (Java: Class.getName). */
export const PRIMITIVE_LETTERS: ReadonlyMap<string, string> = new Map([
  ["boolean", "Z"],
  ["byte", "B"],
  ["char", "C"],
  ["short", "S"],
  ["int", "I"],
  ["long", "J"],
  ["float", "F"],
  ["double", "D"],
]);

/** The elements of an array, or of a typed array. Throws BAD_ARGUMENT. */
export function arrayLike(value: unknown, label: string): ArrayLike<unknown> {
  if (Array.isArray(value)) return value as unknown[];
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return value as unknown as ArrayLike<unknown>;
  throw misfit(`an array for ${label}`, value);
}

/** The bytes of a byte[]. Throws BAD_ARGUMENT. */
export function binary(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (value instanceof Int8Array) return new Uint8Array(value.buffer, value.byteOffset, value.length);
  throw misfit("a Uint8Array", value);
}

/** Bytes of their own: a view would keep the whole chunk from the socket alive. */
export function copyBytes(reader: ByteReader, length: number): Uint8Array {
  return new Uint8Array(reader.readBytes(length));
}

/** Writes a count and the raw elements. */
export function writeRawArray(component: PrimitiveType, value: unknown, out: ByteWriter): void {
  if (component.className === "byte") {
    const bytes = binary(value);
    out.writeInt32(bytes.length);
    out.writeBytes(bytes);
    return;
  }
  const { raw, label } = component;
  const elements = arrayLike(value, `${label}[]`);
  out.writeInt32(elements.length);
  out.ensure(raw.size * elements.length);
  for (let i = 0; i < elements.length; i++) {
    const element = elements[i];
    if (!raw.fits(element)) throw within(`element ${i}`, misfit(raw.expected, element));
    raw.write(element, out);
  }
}

/** Reads a count and the raw elements. */
export function readRawArray(component: PrimitiveType, reader: ByteReader, state: DecodeState): unknown {
  const { raw } = component;
  const count = readRawCount(raw.size, reader, state);
  if (component.className === "byte") return copyBytes(reader, count);
  const elements = arrayForPrimitives(count, state);
  for (let i = 0; i < count; i++) elements[i] = raw.read(reader);
  return elements;
}

/** Goes past a count and the raw elements. */
export function skipRawArray(component: PrimitiveType, reader: ByteReader, state: DecodeState): void {
  const { size } = component.raw;
  const count = readRawCount(size, reader, state);
  reader.position += size * count;
}

function readRawCount(size: number, reader: ByteReader, state: DecodeState): number {
  need(reader, 4, "an array's length");
  const count = reader.readInt32();
  checkCount(count, size, reader, state);
  return count;
}

/** The compact form of one array type, and the class name of that type. */
export interface PrimitiveArrayForm extends CompactForm {
  readonly className: string;
}

/** Compact forms by the name of their component. */
export const COMPACT_FORMS: ReadonlyMap<string, PrimitiveArrayForm> = new Map(
  [...PRIMITIVES].map(([name, component]) => [name, compactForm(component)]),
);

function compactForm(component: PrimitiveType): PrimitiveArrayForm {
  return {
    className: `[${PRIMITIVE_LETTERS.get(component.className)}`,
    head: Buffer.concat([encodeUtf8String(COMPACT_ARRAY_CLASS), encodeUtf8String(component.className)]),
    write: (value, out) => writeRawArray(component, value, out),
    readValue: (reader, state) => readRawArray(component, reader, state),
    skipValue: (reader, state) => skipRawArray(component, reader, state),
  };
}

/** Bytes of a text of JSON; what is no text is left as it is. Throws BAD_ARGUMENT. */
export function bytesFromJson(json: unknown, form: BytesText): unknown {
  if (typeof json !== "string") return json;
  const bytes = bytesFromText(json, form);
  if (bytes !== undefined) return bytes;
  throw new RpcError("BAD_ARGUMENT", `must be ${form}, got ${JSON.stringify(json)}`);
}
