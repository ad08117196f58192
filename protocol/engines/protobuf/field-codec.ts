/**
 * How one field is read and written: made once of its node.
 *
 * ```
 *   field    | tag varint = number << 3 | wire type | value |
 *   repeated   one field per value, or packed: | tag, type 2 | length | values without tags |; both are read
 *   map        repeated messages of { 1: key, 2: value }
 * ```
 */
import { Misfit } from "../../misfit.js";
import { seenFrom } from "../../placed-error.js";
import type { ByteWriter } from "../../wire/byte-writer.js";
import type { MessageCodec } from "./message-codec.js";
import type { MessageReader } from "./message-reader.js";
import { getOwn, setOwn } from "./properties.js";
import { SCALARS, type Scalar, WIRE } from "./scalars.js";
import { type EnumNode, type FieldNode, simpleName } from "./type-node.js";

/** An item of a list in objects, beside what a message or bytes cost: a place, and an integer of 64 bits that is in it. */
const ITEM_COST = 1 / 8;
/** An entry of a map in objects: a property of an object with many. */
const ENTRY_COST = 3;

/** The fields of a message under their names. */
export type Fields = Record<string, unknown>;

export interface FieldCodec {
  readonly node: FieldNode;
  /** Codec of the messages that the field holds, if it holds any. */
  readonly message: MessageCodec | undefined;
  /** It holds one value: of several that come the last counts. */
  readonly singular: boolean;
  /** Reads a value behind its tag into `fields`; false if the wire type is not the field's, and nothing was read. */
  read(fields: Fields, from: MessageReader, wire: number): boolean;
  /** Appends a value that is present, with its tag. `depth` counts the messages around it. Throws Misfit. */
  write(out: ByteWriter, value: unknown, depth: number): void;
}

/** A value without its tag: what a scalar is, and what messages and enums are made to be. */
interface ValueCodec {
  readonly wire: number;
  /** Undefined for a value that counts as an unknown field. `present` is what a singular field holds already. */
  read(from: MessageReader, present?: unknown): unknown;
  write(out: ByteWriter, value: unknown, depth: number): void;
}

/** Makes a field's codec. `message` is the codec of the messages that it holds. */
export function createFieldCodec(node: FieldNode, message: MessageCodec | undefined): FieldCodec {
  const value = valueCodec(node, message);
  if (node.rule === "map") return { node, message, singular: false, ...mapCodec(node, value, message) };
  if (node.rule === "repeated") return { node, message, singular: false, ...repeatedCodec(node, value) };
  return { node, message, singular: true, ...singularCodec(node, value) };
}

function valueCodec({ type }: FieldNode, message: MessageCodec | undefined): ValueCodec {
  if (type.kind === "enum") return enumCodec(type);
  if (type.kind !== "message") return SCALARS[type.kind];
  if (message === undefined) throw new TypeError(`no codec for ${type.name}`);
  return {
    wire: WIRE.delimited,
    read: (from, present) => {
      const outerEnd = from.enter();
      const fields = (present as Fields | undefined) ?? message.create(from);
      message.readInto(from, fields);
      from.leave(outerEnd);
      return fields;
    },
    write: (out, value, depth) => {
      const mark = out.beginDelimited();
      message.write(out, value, depth + 1);
      out.endDelimited(mark);
    },
  };
}

function enumCodec({ names, numbers, open }: EnumNode): ValueCodec {
  return {
    wire: WIRE.varint,
    read: (from) => {
      const number = from.readInt32Varint();
      return names.get(number) ?? (open ? number : undefined);
    },
    write: (out, value) => {
      const number = typeof value === "string" ? numbers.get(value) : undefined;
      if (number !== undefined) SCALARS.int32.write(out, number);
      else if (open && typeof value === "number") SCALARS.int32.write(out, value);
      else throw new Misfit(`one of ${[...numbers.keys()].join(", ")}`, value);
    },
  };
}

type Halves = Pick<FieldCodec, "read" | "write">;

function singularCodec({ name, number, oneof, type }: FieldNode, codec: ValueCodec): Halves {
  const tag = ((number << 3) | codec.wire) >>> 0;
  const merges = type.kind === "message";
  const set = setOwn(name);
  const get = getOwn(name);
  const wireType = codec.wire;
  const read =
    merges || oneof !== undefined
      ? (fields: Fields, from: MessageReader, wire: number): boolean => {
          if (wire !== wireType) return false;
          const value = codec.read(from, merges ? get(fields) : undefined);
          if (value !== undefined) set(fields, value);
          return true;
        }
      : (fields: Fields, from: MessageReader, wire: number): boolean => {
          if (wire !== wireType) return false;
          const value = codec.read(from);
          if (value !== undefined) set(fields, value);
          return true;
        };
  return {
    read,
    write: (out, value, depth) => {
      out.writeVarint32(tag);
      codec.write(out, value, depth);
    },
  };
}

function repeatedCodec({ name, number, packed, type }: FieldNode, codec: ValueCodec): Halves {
  const set = setOwn(name);
  const get = getOwn(name);
  const wireType = codec.wire;
  const mayPack = wireType !== WIRE.delimited;
  const tag = ((number << 3) | wireType) >>> 0;
  const packedTag = ((number << 3) | WIRE.delimited) >>> 0;
  const listOf = (fields: Fields, from: MessageReader): unknown[] => {
    const present = get(fields) as unknown[];
    // An empty list is the shared one.
    if (present.length > 0) return present;
    from.spendObjects(1);
    const list: unknown[] = [];
    set(fields, list);
    return list;
  };
  const readOne = (fields: Fields, from: MessageReader): void => {
    const value = codec.read(from);
    if (value === undefined) return;
    from.spendObjects(ITEM_COST);
    listOf(fields, from).push(value);
  };
  const readPacked = (fields: Fields, from: MessageReader): void => {
    const length = from.readLength();
    const outerEnd = from.end;
    from.end = from.position + length;
    while (from.position < from.end) readOne(fields, from);
    from.end = outerEnd;
  };
  const writeItems = (out: ByteWriter, items: readonly unknown[], depth: number): void => {
    for (let i = 0; i < items.length; i++) {
      try {
        if (!packed) out.writeVarint32(tag);
        codec.write(out, items[i], depth);
      } catch (error) {
        throw seenFrom(`[${i}]`, error);
      }
    }
  };
  return {
    read: (fields, from, wire) => {
      if (wire === wireType) readOne(fields, from);
      else if (mayPack && wire === WIRE.delimited) readPacked(fields, from);
      else return false;
      return true;
    },
    write: (out, value, depth) => {
      if (!Array.isArray(value))
        throw new Misfit(`an array of ${"name" in type ? simpleName(type.name) : type.kind}`, value);
      if (value.length === 0) return;
      if (!packed) return writeItems(out, value, depth);
      out.writeVarint32(packedTag);
      const mark = out.beginDelimited();
      writeItems(out, value, depth);
      out.endDelimited(mark);
    },
  };
}

/** A key becomes a property of the map itself, whatever it is called. Keys that are no strings stand as their text. */
function mapCodec(node: FieldNode, codec: ValueCodec, message: MessageCodec | undefined): Halves {
  const { name, number, type } = node;
  const keys = SCALARS[node.key ?? "string"];
  const tag = ((number << 3) | WIRE.delimited) >>> 0;
  const set = setOwn(name);
  const get = getOwn(name);
  const keyTag = (1 << 3) | keys.wire;
  const valueTag = (2 << 3) | codec.wire;
  const zero = (from: MessageReader): unknown => {
    if (type.kind === "enum") return type.numbers.keys().next().value;
    if (type.kind !== "message") return SCALARS[type.kind].zero;
    // It may have required fields, and has none.
    from.incomplete = true;
    return message?.create(from);
  };
  const readEntry = (fields: Fields, from: MessageReader): void => {
    const outerEnd = from.enter();
    from.spendObjects(ENTRY_COST);
    let key = keys.zero;
    let value: unknown;
    let unknown = false;
    while (from.position < from.end) {
      const entryTag = from.readTag();
      if (entryTag === keyTag) key = keys.read(from);
      else if (entryTag === valueTag) {
        value = codec.read(from, value);
        unknown = value === undefined;
      } else from.skipField(entryTag);
    }
    from.leave(outerEnd);
    if (unknown) return;
    value ??= zero(from);
    let map = get(fields) as Fields;
    if (Object.isFrozen(map)) {
      map = {};
      set(fields, map);
    }
    setOwn(String(key))(map, value);
  };
  return {
    read: (fields, from, wire) => {
      if (wire !== WIRE.delimited) return false;
      readEntry(fields, from);
      return true;
    },
    write: (out, value, depth) => {
      if (typeof value !== "object" || value === null || Array.isArray(value))
        throw new Misfit("an object (a map)", value);
      for (const [text, item] of Object.entries(value)) {
        out.writeVarint32(tag);
        const mark = out.beginDelimited();
        try {
          out.writeVarint32(keyTag);
          keys.write(out, keyOf(keys, text));
          out.writeVarint32(valueTag);
          codec.write(out, item, depth);
        } catch (error) {
          throw seenFrom(`[${JSON.stringify(text)}]`, error);
        }
        out.endDelimited(mark);
      }
    },
  };
}

function keyOf(scalar: Scalar, text: string): unknown {
  switch (typeof scalar.zero) {
    case "number":
      return /^-?\d{1,10}$/.test(text) ? Number(text) : text;
    case "bigint":
      return /^-?\d{1,20}$/.test(text) ? BigInt(text) : text;
    case "boolean":
      return text === "true" ? true : text === "false" ? false : text;
    default:
      return text;
  }
}
