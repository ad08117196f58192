/**
 * The text in which a client tells a server its version of a protocol, and the strict reader of that text.
 *
 * ```
 *   { "protocol": "org.example.Greeter",
 *     "messages": [ { "name": "hello", "request": [FIELD, ...], "response": TYPE, "errors": [TYPE, ...], "one-way": true }, ... ] }
 *
 *   FIELD  { "name": "limit", "type": TYPE, "default": base64 of the encoded datum, "aliases": [...] }
 *   TYPE   "int" | "org.example.Point" (told before) | [TYPE, ...] | { "type": "array", "items": TYPE } | { "type": "map", "values": TYPE }
 *          | { "type": "long", "logicalType": "timestamp-millis" }
 *          | { "type": "record", "name": full name, "fields": [FIELD, ...] } | { "type": "enum", ..., "symbols": [...], "default": symbol }
 *          | { "type": "fixed", ..., "size": bytes }
 * ```
 * It is what of a declaration changes the bytes or how they are read: no documentation, no order, names in full, every type
 * spelt out where it comes first. The place of a message in the list is its number on the wire.
 *
 * A peer's text is data: names are checked, depth is bounded, nothing is loaded by a name, and no code is made of it.
 */
import { createHash } from "node:crypto";
import { RpcError } from "../../rpc-error.js";
import { DatumReader } from "./datum-reader.js";
import { fullNameFault, nameFault } from "./names.js";
import { ReadCompiler } from "./reading.js";
import { MAX_TYPE_DEPTH } from "./resolution.js";
import {
  type FieldNode,
  type Logical,
  labelOf,
  PRIMITIVES,
  type Primitive,
  type RecordNode,
  type TypeNode,
} from "./type-node.js";

/** A message with its types. */
export interface MessageNode {
  readonly name: string;
  readonly request: readonly FieldNode[];
  readonly response: TypeNode;
  /** The declared errors; empty if there are none. */
  readonly errors: readonly RecordNode[];
  readonly oneWay: boolean;
}

export interface ProtocolNode {
  readonly name: string;
  readonly messages: readonly MessageNode[];
}

/** Bytes of a fingerprint. */
export const FINGERPRINT_BYTES = 16;

/** The first 16 bytes of the SHA-256 of a text. */
export function fingerprintOf(text: string): Buffer {
  return createHash("sha256").update(text).digest().subarray(0, FINGERPRINT_BYTES);
}

/** Tells a protocol. The same protocol always gives the same text. */
export function schemaText(protocol: ProtocolNode): string {
  const told = new Set<string>();
  const messages = protocol.messages.map((message) => ({
    name: message.name,
    request: message.request.map((field) => fieldJson(field, told)),
    response: typeJson(message.response, told),
    ...(message.errors.length === 0 ? {} : { errors: message.errors.map((error) => typeJson(error, told)) }),
    ...(message.oneWay ? { "one-way": true } : {}),
  }));
  return JSON.stringify({ protocol: protocol.name, messages });
}

/** A type as it stands in the text; types named in `told` are referred to, and those told here are added to it. */
export function typeJson(node: TypeNode, told: Set<string>): unknown {
  if ("name" in node) {
    if (told.has(node.name)) return node.name;
    told.add(node.name);
  }
  switch (node.kind) {
    case "array":
      return { type: "array", items: typeJson(node.items, told) };
    case "map":
      return { type: "map", values: typeJson(node.values, told) };
    case "union":
      return node.branches.map((branch) => typeJson(branch, told));
    case "record":
      return { type: "record", ...namesJson(node), fields: node.fields.map((field) => fieldJson(field, told)) };
    case "enum":
      return {
        type: "enum",
        ...namesJson(node),
        symbols: node.symbols,
        ...(node.fallback === undefined ? {} : { default: node.fallback }),
      };
    case "fixed":
      return { type: "fixed", ...namesJson(node), size: node.size, ...logicalJson(node.logical) };
    default:
      return node.logical === undefined ? node.kind : { type: node.kind, ...logicalJson(node.logical) };
  }
}

function fieldJson(field: FieldNode, told: Set<string>): unknown {
  return {
    name: field.name,
    type: typeJson(field.type, told),
    ...(field.default === undefined ? {} : { default: field.default.toString("base64") }),
    ...(field.aliases.length === 0 ? {} : { aliases: field.aliases }),
  };
}

function namesJson(node: { name: string; aliases: readonly string[] }): object {
  return { name: node.name, ...(node.aliases.length === 0 ? {} : { aliases: node.aliases }) };
}

function logicalJson(logical: Logical | undefined): object {
  if (logical === undefined) return {};
  const { name, precision, scale } = logical;
  return {
    logicalType: name,
    ...(precision === undefined ? {} : { precision }),
    ...(scale === undefined ? {} : { scale }),
  };
}

/** Reads a text. Throws BAD_BYTES saying what is wrong and where. */
export function parseSchemaText(text: string): ProtocolNode {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new RpcError("BAD_BYTES", "a protocol's text is not JSON", { cause: error });
  }
  return new Parser().protocol(json);
}

type Json = Record<string, unknown>;

/** Bytes that a record may get from defaults alone, so that a peer cannot have a small answer blown up. */
const MAX_DEFAULT_BYTES = 4096;

/** What one text may hold, whatever length the setting allows. A protocol that people write has a tenth of it. */
const MOST = { messages: 4096, "named types": 4096, fields: 16_384, symbols: 16_384, branches: 16_384 } as const;

/** Branches of one union; each is tried with each of ours. */
const MAX_BRANCHES = 256;

class Parser {
  readonly #counts = { messages: 0, "named types": 0, fields: 0, symbols: 0, branches: 0 };
  readonly #named = new Map<string, TypeNode>();
  readonly #reads = new ReadCompiler();
  /** Run at the end, when the types that a default may need are complete. */
  readonly #defaultChecks: (() => void)[] = [];
  #depth = 0;

  protocol(json: unknown): ProtocolNode {
    const protocol = objectOf(json, "the protocol");
    const name = this.#fullName(protocol.protocol, "the protocol");
    const seen = new Set<string>();
    const list = listOf(protocol.messages, "messages");
    this.#count("messages", list.length);
    const messages = list.map((item): MessageNode => {
      const message = objectOf(item, "a message");
      const called = simpleNameOf(message.name, "a message");
      if (seen.has(called)) throw bad(`message ${called} is there twice`);
      seen.add(called);
      return {
        name: called,
        request: this.#fields(message.request, `the request of ${called}`),
        response: this.type(message.response, `the response of ${called}`),
        errors: listOf(message.errors ?? [], `the errors of ${called}`).map((error) => this.#error(error, called)),
        oneWay: message["one-way"] === true,
      };
    });
    for (const check of this.#defaultChecks) check();
    return { name, messages };
  }

  #count(what: keyof typeof MOST, count: number): void {
    this.#counts[what] += count;
    if (this.#counts[what] > MOST[what])
      throw bad(`it has more than ${MOST[what]} ${what}: cut it into several protocols`);
  }

  #error(json: unknown, message: string): RecordNode {
    const node = this.type(json, `an error of ${message}`);
    if (node.kind !== "record") throw bad(`an error of ${message} is not a record`);
    return node;
  }

  type(json: unknown, where: string): TypeNode {
    if (this.#depth >= MAX_TYPE_DEPTH) throw bad(`${where}: types nest deeper than ${MAX_TYPE_DEPTH} levels`);
    this.#depth++;
    const node = this.#type(json, where);
    this.#depth--;
    return node;
  }

  #type(json: unknown, where: string): TypeNode {
    if (typeof json === "string") {
      if (isPrimitive(json)) return PLAIN.get(json) as TypeNode;
      const node = this.#named.get(json);
      if (node === undefined) throw bad(`${where}: no type ${JSON.stringify(json).slice(0, 100)}`);
      return node;
    }
    if (Array.isArray(json)) return this.#union(json, where);
    const schema = objectOf(json, where);
    const { type: kind } = schema;
    if (isPrimitive(kind)) return { kind, logical: logicalFrom(schema, where) };
    if (kind === "array") return { kind, items: this.type(schema.items, where) };
    if (kind === "map") return { kind, values: this.type(schema.values, where) };
    if (kind !== "record" && kind !== "enum" && kind !== "fixed") throw bad(`${where}: no type`);
    return this.#namedType(kind, schema, where);
  }

  #namedType(kind: "record" | "enum" | "fixed", schema: Json, where: string): TypeNode {
    this.#count("named types", 1);
    const name = this.#fullName(schema.name, where);
    if (isPrimitive(name) || this.#named.has(name)) throw bad(`${where}: type ${name} is there twice`);
    const aliases = listOf(schema.aliases ?? [], name).map((alias) => this.#fullName(alias, `an alias of ${name}`));
    if (kind === "record") {
      const node: RecordNode = { kind, name, aliases, fields: [] };
      this.#named.set(name, node);
      node.fields.push(...this.#fields(schema.fields, name));
      return node;
    }
    if (kind === "enum") this.#count("symbols", listOf(schema.symbols, name).length);
    const node: TypeNode =
      kind === "enum"
        ? { kind, name, aliases, ...symbolsFrom(schema, name) }
        : { kind, name, aliases, size: sizeFrom(schema, name), logical: logicalFrom(schema, name) };
    this.#named.set(name, node);
    return node;
  }

  #union(json: readonly unknown[], where: string): TypeNode {
    if (json.length > MAX_BRANCHES)
      throw bad(`${where}: a union has ${json.length} branches, of at most ${MAX_BRANCHES}`);
    this.#count("branches", json.length);
    const branches = json.map((branch) => this.type(branch, where));
    const labels = new Set(branches.map((branch) => (branch.kind === "union" ? "union" : fullLabel(branch))));
    if (branches.length === 0 || labels.has("union") || labels.size < branches.length) {
      throw bad(`${where}: a union has no branch, one twice, or a union`);
    }
    return { kind: "union", branches };
  }

  #fields(json: unknown, where: string): FieldNode[] {
    const seen = new Set<string>();
    let defaultBytes = 0;
    const list = listOf(json, where);
    this.#count("fields", list.length);
    return list.map((item) => {
      const field = objectOf(item, where);
      const name = simpleNameOf(field.name, where);
      if (seen.has(name)) throw bad(`${where}: ${name} is there twice`);
      seen.add(name);
      const type = this.type(field.type, `${where}.${name}`);
      const aliases = listOf(field.aliases ?? [], name).map((alias) => simpleNameOf(alias, `an alias of ${name}`));
      const value = this.#default(field.default, type, `${where}.${name}`);
      defaultBytes += value?.length ?? 0;
      if (defaultBytes > MAX_DEFAULT_BYTES)
        throw bad(`${where}: its defaults take more than ${MAX_DEFAULT_BYTES} bytes`);
      return { name, aliases, type, default: value };
    });
  }

  /** A default must be as long as a datum of its type is. */
  #default(json: unknown, type: TypeNode, where: string): Buffer | undefined {
    if (json === undefined) return undefined;
    const bytes = Buffer.from(typeof json === "string" ? json : "", "base64");
    this.#defaultChecks.push(() => {
      const from = new DatumReader();
      from.reset(bytes, 0, bytes.length);
      this.#reads.compileSkip(type)(from);
      if (from.position !== bytes.length) throw bad(`${where}: its default is no datum of its type`);
    });
    return bytes;
  }

  #fullName(json: unknown, where: string): string {
    const fault = fullNameFault(json);
    if (fault !== undefined) throw bad(`${where}: the name ${JSON.stringify(json)?.slice(0, 100)} ${fault}`);
    return json as string;
  }
}

const PLAIN = new Map<Primitive, TypeNode>(PRIMITIVES.map((kind) => [kind, { kind, logical: undefined }]));

function isPrimitive(json: unknown): json is Primitive {
  return PRIMITIVES.includes(json as Primitive);
}

function fullLabel(node: TypeNode): string {
  return "name" in node ? node.name : labelOf(node);
}

function simpleNameOf(json: unknown, where: string): string {
  const fault = nameFault(json);
  if (fault !== undefined) throw bad(`${where}: the name ${JSON.stringify(json)?.slice(0, 100)} ${fault}`);
  return json as string;
}

function symbolsFrom(schema: Json, where: string): { symbols: string[]; fallback: string | undefined } {
  const symbols = listOf(schema.symbols, where).map((symbol) => simpleNameOf(symbol, where));
  const { default: fallback } = schema;
  if (new Set(symbols).size < symbols.length) throw bad(`${where}: a symbol is there twice`);
  if (symbols.length === 0) throw bad(`${where}: there is no symbol`);
  if (fallback !== undefined && !symbols.includes(fallback as string)) throw bad(`${where}: the default is no symbol`);
  return { symbols, fallback: fallback as string | undefined };
}

function sizeFrom(schema: Json, where: string): number {
  const { size } = schema;
  if (typeof size !== "number" || (size | 0) !== size || size < 0) throw bad(`${where}: no size`);
  return size;
}

function logicalFrom(schema: Json, where: string): Logical | undefined {
  const { logicalType: name, precision, scale } = schema;
  if (name === undefined) return undefined;
  for (const digits of [precision, scale]) {
    if (digits !== undefined && !Number.isSafeInteger(digits)) throw bad(`${where}: a precision or scale is no number`);
  }
  if (typeof name !== "string") throw bad(`${where}: a logical type is no name`);
  return {
    name,
    ...(precision === undefined ? {} : { precision: precision as number }),
    ...(scale === undefined ? {} : { scale: scale as number }),
  };
}

function objectOf(json: unknown, where: string): Json {
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw bad(`${where}: not an object`);
  return json as Json;
}

function listOf(json: unknown, where: string): unknown[] {
  if (!Array.isArray(json)) throw bad(`${where}: not a list`);
  return json;
}

function bad(what: string): RpcError {
  return new RpcError("BAD_BYTES", `a protocol's text is malformed: ${what}`);
}
