/**
 * Reads and writes messages of one type by the rules of proto2 and proto3 (protobuf.dev, "Encoding").
 *
 * A value is an object with the fields under the names that the `.proto` gives them. Read values have every repeated field and
 * every map (empty ones are frozen and shared) and every declared default; other fields that did not come are not there.
 * Fields that are not known, and known ones with another wire type, are passed over.
 */
import { Misfit } from "../../misfit.js";
import { seenFrom } from "../../placed-error.js";
import { RpcError } from "../../rpc-error.js";
import type { ByteWriter } from "../../wire/byte-writer.js";
import { createFieldCodec, type FieldCodec, type Fields } from "./field-codec.js";
import type { MessageReader } from "./message-reader.js";
import { getOwn, setOwn } from "./properties.js";
import { SCALARS } from "./scalars.js";
import { type FieldNode, type MessageNode, simpleName } from "./type-node.js";

/** Messages within messages that are written; what nests deeper, no reader takes. */
const MAX_WRITE_DEPTH = 100;
/** Fields with numbers below this are found by index. */
const DIRECT_NUMBERS = 256;

/** Fields with defaults that take as much memory as an object does. */
const DEFAULTS_PER_OBJECT = 6;
/** A Uint8Array in objects. */
const DEFAULT_BYTES_COST = 2;
/** A field that is passed over in objects, and one that comes again: both leave nothing behind, but take their time. */
const SKIPPED_COST = 1 / 8;
const AGAIN_COST = 1 / 2;
/** Names of missing fields that an error lists at most: two bytes of a body can lack dozens. */
const MAX_MISSING_NAMES = 1_000;

const NO_ITEMS: readonly unknown[] = Object.freeze([]);
const NO_ENTRIES: Readonly<Fields> = Object.freeze({});

/** The value to be written lacks a required field. The names of all that are missing are found by `missing`. */
export class MissingField extends Error {}

interface OwnField {
  readonly codec: FieldCodec;
  readonly name: string;
  readonly required: boolean;
  readonly get: (of: object) => unknown;
  /** Tells a value that is not written (proto3). */
  readonly isDefault: ((value: unknown) => boolean) | undefined;
}

export class MessageCodec {
  readonly node: MessageNode;
  /** Everything below is set by `link`, as messages refer to each other. */
  #byNumber: (FieldCodec | undefined)[] = [];
  #byHighNumber: ReadonlyMap<number, FieldCodec> = new Map();
  /** By number, which is the order in which they are written. */
  #fields: readonly OwnField[] = [];
  #required: readonly OwnField[] = [];
  #oneofs: readonly (readonly OwnField[])[] = [];
  /** The other members of each member's oneof, which it clears. */
  #excludes: ReadonlyMap<FieldCodec, readonly string[]> = new Map();
  #template: Fields = {};
  #byteDefaults: readonly FieldNode[] = [];
  /** What a value without fields that came costs, in objects. */
  #cost = 1;

  constructor(node: MessageNode) {
    this.node = node;
  }

  /** Completes the codec; `codecOf` gives that of another message, linked or not. */
  link(codecOf: (node: MessageNode) => MessageCodec): void {
    const own = this.node.fields.map((node): OwnField => {
      const message = node.type.kind === "message" ? codecOf(node.type) : undefined;
      const codec = createFieldCodec(node, message);
      const required = node.rule === "required";
      return { codec, name: node.name, required, get: getOwn(node.name), isDefault: defaultTest(node) };
    });
    this.#fields = own.toSorted((a, b) => a.codec.node.number - b.codec.node.number);
    this.#required = own.filter((field) => field.required);
    this.#linkOneofs(own);
    const high = new Map<number, FieldCodec>();
    this.#byNumber = Array.from({ length: Math.min(DIRECT_NUMBERS, this.#highest() + 1) }, () => undefined);
    for (const { codec } of own) {
      if (codec.node.number < DIRECT_NUMBERS) this.#byNumber[codec.node.number] = codec;
      else high.set(codec.node.number, codec);
    }
    this.#byHighNumber = high;
    this.#makeTemplate(own);
  }

  #highest(): number {
    return this.#fields.at(-1)?.codec.node.number ?? 0;
  }

  #linkOneofs(own: readonly OwnField[]): void {
    const groups = new Map<string, OwnField[]>();
    for (const field of own) {
      const { oneof } = field.codec.node;
      if (oneof !== undefined) groups.set(oneof, [...(groups.get(oneof) ?? []), field]);
    }
    this.#oneofs = [...groups.values()].filter((group) => group.length > 1);
    const excludes = new Map<FieldCodec, readonly string[]>();
    for (const group of this.#oneofs) {
      for (const field of group) {
        excludes.set(
          field.codec,
          group.filter((other) => other !== field).map((other) => other.name),
        );
      }
    }
    this.#excludes = excludes;
  }

  #makeTemplate(own: readonly OwnField[]): void {
    const template: Fields = {};
    const byteDefaults: FieldNode[] = [];
    for (const { codec } of own) {
      const { name, rule, default: value } = codec.node;
      const set = setOwn(name);
      if (rule === "repeated") set(template, NO_ITEMS);
      else if (rule === "map") set(template, NO_ENTRIES);
      else if (value instanceof Uint8Array && rule !== "required") byteDefaults.push(codec.node);
      else if (value !== undefined && rule !== "required") set(template, value);
    }
    this.#template = template;
    this.#byteDefaults = byteDefaults;
    const given = Object.keys(template).length;
    this.#cost = 1 + Math.floor(given / DEFAULTS_PER_OBJECT) + DEFAULT_BYTES_COST * byteDefaults.length;
  }

  /** A value without fields that came: defaults only. The reader pays for it. */
  create(from: MessageReader): Fields {
    from.spendObjects(this.#cost);
    const fields = { ...this.#template };
    for (const { name, default: value } of this.#byteDefaults)
      setOwn(name)(fields, new Uint8Array(value as Uint8Array));
    return fields;
  }

  /** Reads a message that takes all the reader's bytes. Throws BAD_BYTES, also if required fields are missing. */
  read(from: MessageReader): Fields {
    const fields = this.create(from);
    this.readInto(from, fields);
    if (from.incomplete) {
      const missing = this.missing(fields);
      if (missing.length > 0) throw new RpcError("BAD_BYTES", missingText(missing));
    }
    return fields;
  }

  /** Reads fields up to the reader's end into a value that may have some already. */
  readInto(from: MessageReader, fields: Fields): void {
    const byNumber = this.#byNumber;
    // As many singular fields as there are fields are free, each may come once.
    let singularsLeft = this.#fields.length;
    while (from.position < from.end) {
      const tag = from.readTag();
      const number = tag >>> 3;
      const codec = number < byNumber.length ? byNumber[number] : this.#byHighNumber.get(number);
      if (codec === undefined) {
        skip(from, tag);
        continue;
      }
      if (codec.singular && --singularsLeft < 0) from.spendObjects(AGAIN_COST);
      this.#readField(codec, from, fields, tag);
    }
    for (const { get } of this.#required) {
      if (get(fields) === undefined) from.incomplete = true;
    }
  }

  #readField(codec: FieldCodec, from: MessageReader, fields: Fields, tag: number): void {
    if (!codec.read(fields, from, tag & 7)) skip(from, tag);
    else if (codec.node.oneof !== undefined && Object.hasOwn(fields, codec.node.name)) {
      for (const other of this.#excludes.get(codec) ?? []) delete fields[other];
    }
  }

  /** Names of required fields that a value lacks, as protobuf-java gives them: `src`, `blocks[1].b.poolId`. The first thousand. */
  missing(value: unknown, prefix = "", found: string[] = [], depth = 0): string[] {
    if (typeof value !== "object" || value === null || depth > MAX_WRITE_DEPTH) return found;
    if (found.length >= MAX_MISSING_NAMES) return found;
    for (const { get, name } of this.#required) {
      if ((get(value) ?? undefined) === undefined) found.push(prefix + name);
    }
    for (const { codec, get, name } of this.#fields) {
      const held = get(value);
      if (codec.message === undefined || typeof held !== "object" || held === null) continue;
      const { rule } = codec.node;
      if (rule !== "repeated" && rule !== "map") codec.message.missing(held, `${prefix}${name}.`, found, depth + 1);
      else {
        const step = rule === "map" ? "value." : "";
        for (const [i, item] of Object.values(held).entries()) {
          if (found.length >= MAX_MISSING_NAMES) return found;
          codec.message.missing(item, `${prefix}${name}[${i}].${step}`, found, depth + 1);
        }
      }
    }
    return found;
  }

  /** Appends a message without its length. `depth` counts the messages around it. Throws Misfit, MissingField. */
  write(out: ByteWriter, value: unknown, depth: number): void {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new Misfit(`an object (${simpleName(this.node.name)})`, value);
    }
    if (depth > MAX_WRITE_DEPTH) throw new Misfit(`nested at most ${MAX_WRITE_DEPTH} messages deep`, value);
    if (this.#oneofs.length > 0) this.#assertOneofs(value);
    const fields = this.#fields;
    for (let i = 0; i < fields.length; i++) {
      const { codec, get, isDefault, name, required } = fields[i] as OwnField;
      const held = get(value);
      if (held === undefined || held === null) {
        if (required) throw new MissingField();
        continue;
      }
      if (isDefault?.(held)) continue;
      try {
        codec.write(out, held, depth);
      } catch (error) {
        throw seenFrom(`.${name}`, error);
      }
    }
  }

  #assertOneofs(value: object): void {
    for (const group of this.#oneofs) {
      const set = group.filter(({ get }) => (get(value) ?? undefined) !== undefined).map(({ name }) => name);
      if (set.length > 1) throw new Misfit(`an object with only one of ${set.join(", ")}`, value);
    }
  }
}

/** protobuf-java's text (Hadoop: thirdparty/protobuf/UninitializedMessageException). */
export function missingText(names: readonly string[]): string {
  const more = names.length < MAX_MISSING_NAMES ? "" : ", ...";
  return `Message missing required fields: ${names.join(", ")}${more}`;
}

function skip(from: MessageReader, tag: number): void {
  from.skipField(tag);
  from.spendObjects(SKIPPED_COST);
}

function defaultTest(node: FieldNode): ((value: unknown) => boolean) | undefined {
  if (!node.implicit) return undefined;
  const { type } = node;
  if (type.kind === "message") return undefined;
  if (type.kind === "bytes") return (value) => value instanceof Uint8Array && value.length === 0;
  const zero = type.kind === "enum" ? node.default : SCALARS[type.kind].zero;
  // -0 has bits set, so it is written.
  return (value) => Object.is(value, zero);
}
