/**
 * What the engine knows of a Java type: its name, the bytes in front of its values, and how a value is written and read.
 *
 * ```
 *   | head: one or two class names | value |      a value that is there
 *   | nullBytes                            |      null, of a type that has it
 * ```
 * Types are made from declarations only. A name that comes from the wire finds one of these or is an error.
 */
import { DECODE_LIMIT_KEYS, type DecodeLimits } from "../../engine.js";
import type { BytesText } from "../../json-codec.js";
import { RpcError } from "../../rpc-error.js";
import type { ByteReader } from "../../wire/byte-reader.js";
import type { ByteWriter } from "../../wire/byte-writer.js";
import { encodeUtf8String } from "./utf8.js";

/** What decoding one body may use, and has used. */
export interface DecodeState {
  readonly limits: DecodeLimits;
  /** The classes that a peer may name. */
  types: TypeFinder;
  /** Objects that are open around the one being read. */
  depth: number;
  /** Items of no bytes read so far. */
  emptyItems: number;
  /** Elements of arrays made so far, but for arrays of primitives. */
  objects: number;
  /** Elements of arrays of primitives made so far, but for byte[], which is no array here. */
  primitives: number;
}

/** Finds the type with this `Class.getName()`; undefined for a class that nobody has declared. */
export interface TypeFinder {
  find(className: string): JavaType | undefined;
}

/** How the bytes behind the names of a value are decoded. */
export interface Content {
  /** Reads the value. Throws BAD_BYTES. */
  readValue(reader: ByteReader, state: DecodeState): unknown;
  /**
   * Goes past the value without making anything of it, for a value that nobody will see. Lengths and class names are
   * checked as `readValue` does, texts are not. Throws BAD_BYTES.
   */
  skipValue(reader: ByteReader, state: DecodeState): void;
}

export interface JavaType extends Content {
  /** What `Class.getName()` says: `int`, `[I`, `[Ljava.lang.String;`, `demo.Outer$Inner`. */
  readonly className: string;
  /** The type as messages name it, in the form of Java sources: `int[]`. */
  readonly label: string;
  readonly kind: "void" | "primitive" | "string" | "enum" | "array" | "writable";
  /** The bytes in front of a value. */
  readonly head: Buffer;
  /** The bytes of null; undefined for a type that has no null. */
  readonly nullBytes: Buffer | undefined;
  /** Fewest bytes that a value takes behind its head. */
  readonly minBytes: number;
  /** The form that arrays of primitives have as parameters. */
  readonly compact: CompactForm | undefined;
  /** Labels of the Writables whose subclass this one is: its values may come where theirs are declared. */
  readonly superclasses: readonly string[];
  /** Writes what follows the head. Throws BAD_ARGUMENT with a message that goes on from the name of the value. */
  writeValue(value: unknown, out: ByteWriter, compact: boolean): void;
  /** The value for JSON, and back; see `json-codec.ts`. Both throw BAD_ARGUMENT as `writeValue` does. */
  toJson(value: unknown): unknown;
  fromJson(json: unknown, bytes: BytesText): unknown;
}

/** Hadoop: io/ArrayPrimitiveWritable.java, class Internal. */
export interface CompactForm extends Content {
  readonly head: Buffer;
  write(value: unknown, out: ByteWriter): void;
}

/** Names of classes that ObjectWritable uses for itself (Hadoop: io/ObjectWritable.java). */
export const WRITABLE_CLASS = "org.apache.hadoop.io.Writable";
export const NULL_INSTANCE_CLASS = "org.apache.hadoop.io.ObjectWritable$NullInstance";
export const COMPACT_ARRAY_CLASS = "org.apache.hadoop.io.ArrayPrimitiveWritable$Internal";

const NULL_HEAD = Buffer.concat([encodeUtf8String(WRITABLE_CLASS), encodeUtf8String(NULL_INSTANCE_CLASS)]);

/** Null of a declared class: three names. */
export function encodeNull(className: string): Buffer {
  return Buffer.concat([NULL_HEAD, encodeUtf8String(className)]);
}

/** Throws for a value that does not fit; `expected` is what it must be. */
export function misfit(expected: string, value: unknown): RpcError {
  return new RpcError("BAD_ARGUMENT", `must be ${expected}, got ${describe(value)}`);
}

/** Puts a name in front of a misfit's message: `element 3` of what holds the value. */
export function within(name: string, thrown: unknown): RpcError {
  const error = RpcError.from(thrown, "BAD_ARGUMENT");
  return new RpcError(error.code, `${name} ${error.message}`);
}

const MAX_DESCRIBED_CHARS = 60;

/** A value in a message: short, and never a call into the value's own code. */
export function describe(value: unknown): string {
  switch (typeof value) {
    case "string":
      return value.length > MAX_DESCRIBED_CHARS
        ? `${JSON.stringify(value.slice(0, MAX_DESCRIBED_CHARS))}... (${value.length} characters)`
        : JSON.stringify(value);
    case "bigint":
      return `${value}n`;
    case "symbol":
    case "function":
      return `a ${typeof value}`;
    case "object":
      if (value === null) return "null";
      if (Array.isArray(value)) return `an array of ${value.length}`;
      return ArrayBuffer.isView(value) ? `binary data of ${value.byteLength} bytes` : "an object";
    default:
      return String(value);
  }
}

/** Counts a level of nesting; whoever calls this takes it back from `state.depth`. */
export function enter(state: DecodeState): void {
  if (++state.depth > state.limits.maxDepth) {
    const most = state.limits.maxDepth;
    throw new RpcError("BAD_BYTES", `values are nested deeper than ${most} levels (${DECODE_LIMIT_KEYS.maxDepth})`);
  }
}

/** Checks a count of items against the bytes that remain before anything is allocated for them. */
export function checkCount(count: number, itemBytes: number, reader: ByteReader, state: DecodeState): void {
  if (count < 0) throw new RpcError("BAD_BYTES", `an array's length is negative: ${count}`);
  if (itemBytes > 0) {
    if (count * itemBytes <= reader.remaining) return;
    throw new RpcError(
      "BAD_BYTES",
      `an array of ${count} needs at least ${count * itemBytes} bytes, ${reader.remaining} remain`,
    );
  }
  state.emptyItems += count;
  if (state.emptyItems > state.limits.maxEmptyItems) {
    const most = state.limits.maxEmptyItems;
    throw new RpcError("BAD_BYTES", `more than ${most} items that take no bytes (${DECODE_LIMIT_KEYS.maxEmptyItems})`);
  }
}

/** `checkCount` for items that each cost an object; `itemBytes` may be 0. They are counted over a whole body. */
export function checkObjects(count: number, itemBytes: number, reader: ByteReader, state: DecodeState): void {
  checkCount(count, itemBytes, reader, state);
  state.objects += count;
  if (state.objects > state.limits.maxObjects) {
    const most = state.limits.maxObjects;
    throw new RpcError("BAD_BYTES", `more than ${most} elements of arrays (${DECODE_LIMIT_KEYS.maxObjects})`);
  }
}

/**
 * Elements in the arrays of primitives that one body may have, byte[] not counted: 2^25 fill a frame of 128 MiB with ints.
 * It is also the longest array that V8 allocates as one; a longer one is a hash table, ten times as slow and as large.
 */
export const MAX_PRIMITIVES = 33_554_432;

/** An array for `count` primitives, which are there. Throws BAD_BYTES if the body has more than `MAX_PRIMITIVES`. */
export function arrayForPrimitives(count: number, state: DecodeState): unknown[] {
  state.primitives += count;
  if (state.primitives > MAX_PRIMITIVES) {
    throw new RpcError("BAD_BYTES", `more than ${MAX_PRIMITIVES} elements in arrays of primitives other than byte[]`);
  }
  return new Array<unknown>(count);
}

/** What decoding starts with, on both sides. */
export function createDecodeState(limits: DecodeLimits, types: TypeFinder): DecodeState {
  return { limits, types, depth: 0, emptyItems: 0, objects: 0, primitives: 0 };
}

/** Forgets what the last body has used. */
export function resetDecodeState(state: DecodeState): void {
  state.depth = 0;
  state.emptyItems = 0;
  state.objects = 0;
  state.primitives = 0;
}
