/**
 * Java arrays of any component, in the form that results have (Hadoop: io/ObjectWritable.java).
 *
 * ```
 *   | UTF8 [Ljava.lang.String; | n int32 | n objects, each with its own names |
 * ```
 */
import type { ByteReader } from "../../wire/byte-reader.js";
import type { ByteWriter } from "../../wire/byte-writer.js";
import { arrayLike, binary, bytesFromJson, COMPACT_FORMS, PRIMITIVE_LETTERS } from "./compact-arrays.js";
import {
  arrayForPrimitives,
  checkCount,
  checkObjects,
  type DecodeState,
  encodeNull,
  enter,
  type JavaType,
  misfit,
  within,
} from "./java-type.js";
import { need } from "./need.js";
import { readObject, skipObject, startsWith, writeObject } from "./object-writable.js";
import { PRIMITIVES, type PrimitiveType } from "./primitives.js";
import { encodeUtf8String } from "./utf8.js";

/** Two empty names: no object that is not a primitive is shorter. */
const MIN_REFERENCE_BYTES = 4;

/** Name of the class of arrays of a component (Java: Class.getName): `[I`, `[[I`, `[Ljava.lang.String;`. */
function arrayClassName(component: JavaType): string {
  if (component.kind === "array") return `[${component.className}`;
  return `[${PRIMITIVE_LETTERS.get(component.className) ?? `L${component.className};`}`;
}

/** The type of arrays of `component`. */
export function arrayOf(component: JavaType): JavaType {
  const primitive = PRIMITIVES.get(component.className);
  return primitive === undefined ? referenceArray(component) : primitiveArray(primitive);
}

function common(component: JavaType) {
  const className = arrayClassName(component);
  return {
    className,
    label: `${component.label}[]`,
    kind: "array",
    head: encodeUtf8String(className),
    nullBytes: encodeNull(className),
    minBytes: 4,
    superclasses: [],
  } as const;
}

function referenceArray(component: JavaType): JavaType {
  const named = common(component);
  return {
    ...named,
    compact: undefined,
    writeValue(value, out, compact) {
      const elements = arrayLike(value, named.label);
      out.writeInt32(elements.length);
      for (let i = 0; i < elements.length; i++) writeElement(component, elements, i, out, compact);
    },
    readValue(reader, state) {
      enter(state);
      const count = readObjectCount(reader, state);
      // Grown and not allocated at once: arrays in arrays could each claim the same bytes.
      const elements: unknown[] = [];
      for (let i = 0; i < count; i++) elements.push(readObject(reader, component, state));
      state.depth--;
      return elements;
    },
    skipValue(reader, state) {
      enter(state);
      const count = readObjectCount(reader, state);
      for (let i = 0; i < count; i++) skipObject(reader, component, state);
      state.depth--;
    },
    toJson: (value) =>
      mapElements(value, named.label, (element) => (element === null ? null : component.toJson(element))),
    fromJson: (json, bytes) =>
      mapElements(json, named.label, (element) => (element === null ? null : component.fromJson(element, bytes))),
  };
}

function primitiveArray(component: PrimitiveType): JavaType {
  const named = common(component);
  const isByte = component.className === "byte";
  return {
    ...named,
    compact: COMPACT_FORMS.get(component.className),
    writeValue: (value, out) =>
      writeNamedElements(component, isByte ? signed(binary(value)) : arrayLike(value, named.label), out),
    readValue(reader, state) {
      const count = readCount(reader, component.head.length + component.minBytes, state);
      const elements = isByte ? new Int8Array(count) : arrayForPrimitives(count, state);
      for (let i = 0; i < count; i++) elements[i] = readNamedElement(component, reader, state);
      return isByte ? binary(elements) : elements;
    },
    skipValue(reader, state) {
      const count = readCount(reader, component.head.length + component.minBytes, state);
      for (let i = 0; i < count; i++) skipObject(reader, component, state);
    },
    toJson: (value) =>
      isByte ? binary(value) : mapElements(value, named.label, (element) => component.toJson(element)),
    fromJson: (json, bytes) =>
      isByte
        ? bytesFromJson(json, bytes)
        : mapElements(json, named.label, (element) => component.fromJson(element, bytes)),
  };
}

function readCount(reader: ByteReader, elementBytes: number, state: DecodeState): number {
  need(reader, 4, "an array's length");
  const count = reader.readInt32();
  checkCount(count, elementBytes, reader, state);
  return count;
}

function readObjectCount(reader: ByteReader, state: DecodeState): number {
  need(reader, 4, "an array's length");
  const count = reader.readInt32();
  checkObjects(count, MIN_REFERENCE_BYTES, reader, state);
  return count;
}

function signed(bytes: Uint8Array): Int8Array {
  return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

function writeElement(
  component: JavaType,
  elements: ArrayLike<unknown>,
  i: number,
  out: ByteWriter,
  compact: boolean,
): void {
  try {
    writeObject(component, elements[i], out, compact);
  } catch (error) {
    throw within(`element ${i}`, error);
  }
}

function writeNamedElements(component: PrimitiveType, elements: ArrayLike<unknown>, out: ByteWriter): void {
  const { head, raw } = component;
  const stride = head.length + raw.size;
  out.writeInt32(elements.length);
  out.ensure(elements.length * stride);
  const start = out.position;
  const end = start + elements.length * stride;
  // All names at once; then each value into its place.
  out.buffer.fill(Buffer.concat([head, Buffer.alloc(raw.size)]), start, end);
  for (let i = 0; i < elements.length; i++) {
    const element = elements[i];
    if (!raw.fits(element)) throw within(`element ${i}`, misfit(raw.expected, element));
    out.position = start + i * stride + head.length;
    raw.write(element, out);
  }
}

function readNamedElement(component: PrimitiveType, reader: ByteReader, state: DecodeState): never {
  if (!startsWith(reader, component.head)) return readObject(reader, component, state) as never;
  reader.position += component.head.length;
  return component.readValue(reader, state) as never;
}

/** Applies `change` to every element; a value that is no array is left for `writeValue` to refuse. */
export function mapElements(value: unknown, label: string, change: (element: unknown) => unknown): unknown[] {
  const elements = arrayLike(value, label);
  return Array.from(elements, (element, i) => {
    try {
      return change(element);
    } catch (error) {
      throw within(`element ${i}`, error);
    }
  });
}
