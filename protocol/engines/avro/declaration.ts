/**
 * From a declaration, as a person writes it or as a file or a server holds it, to the types and messages of a protocol.
 *
 * A declaration is checked and copied first, attribute by attribute, and only the copy is given to avsc: avsc makes code of
 * names, and reads attributes that nobody meant.
 */
import avsc, { type Type as AvscType, type types as avscTypes, type Schema } from "avsc";
import { RpcError } from "../../rpc-error.js";
import { DeclarationLimits } from "./declaration-limits.js";
import { fullNameFault, nameFault, nearMiss } from "./names.js";
import type { MessageNode, ProtocolNode } from "./schema-text.js";
import {
  describeLogicalFault,
  isWrapped,
  type Logical,
  labelOf,
  NodeMaker,
  PRIMITIVES,
  type RecordNode,
  type TypeNode,
} from "./type-node.js";

/** What a declaration says of a method beside its types. */
export interface MessageTraits {
  readonly idempotent: boolean;
  readonly atMostOnce: boolean;
}

export interface ReadDeclaration {
  readonly version: number;
  readonly protocol: ProtocolNode;
  /** In the order of `protocol.messages`. */
  readonly traits: readonly MessageTraits[];
}

type Json = Readonly<Record<string, unknown>>;

const MAX_NESTING = 64;

/** What a message may say. Avro lets it say more, for whoever reads that; but not what is one of these with a slip in it. */
const MESSAGE_KEYS = ["request", "response", "errors", "one-way", "idempotent", "atMostOnce", "doc"];

/** Reads a declaration. Throws BAD_DEFINITION naming the protocol, the place and the remedy. */
export function readDeclaration(declaration: unknown): ReadDeclaration {
  const top = "Avro protocol";
  const json = objectOf(
    declaration,
    top,
    "is not an object: give avro() a declaration, or the path of an .avpr or .avdl file",
  );
  const name = fullNameOf(json);
  const where = `${top} ${name}`;
  const { version } = json;
  if (typeof version !== "number" || !Number.isSafeInteger(version) || version < 0) {
    throw bad(where, `has the version ${String(version)}: give a whole number from 0, like version: 1`);
  }
  const builder = new Builder(name);
  for (const [index, type] of listOf(json.types ?? [], where, "types").entries())
    builder.define(type, `${where}, types[${index}]`);
  const messages: MessageNode[] = [];
  const traits: MessageTraits[] = [];
  for (const [method, value] of Object.entries(objectOf(json.messages, where, "has no messages: give at least {}"))) {
    const at = `${where}, message ${method}`;
    const fault = nameFault(method);
    if (fault !== undefined) throw bad(at, `its name ${fault}`);
    const message = objectOf(value, at, "is not an object with request and response");
    assertNoSlip(message, at);
    messages.push(builder.message(method, message, at));
    traits.push({ idempotent: flagOf(message, "idempotent", at), atMostOnce: flagOf(message, "atMostOnce", at) });
  }
  return { version, protocol: { name, messages }, traits };
}

function assertNoSlip(message: Json, where: string): void {
  for (const key of Object.keys(message)) {
    if (MESSAGE_KEYS.includes(key)) continue;
    const meant = nearMiss(key, MESSAGE_KEYS);
    if (meant !== undefined) throw bad(where, `says ${JSON.stringify(key)}: write "${meant}", or choose another name`);
  }
}

function fullNameOf(json: Json): string {
  const { protocol, namespace } = json;
  const fault = fullNameFault(protocol);
  if (fault !== undefined) throw bad("Avro protocol", `has the name ${JSON.stringify(protocol)}, which ${fault}`);
  const name = protocol as string;
  if (namespace === undefined || namespace === "" || name.includes(".")) return name;
  const spaceFault = fullNameFault(namespace);
  if (spaceFault !== undefined)
    throw bad(`Avro protocol ${name}`, `has the namespace ${JSON.stringify(namespace)}, which ${spaceFault}`);
  return `${namespace as string}.${name}`;
}

function flagOf(json: Json, key: string, where: string): boolean {
  const flag = json[key] ?? false;
  if (typeof flag !== "boolean") throw bad(where, `has ${key}: ${String(flag)}; it is true or false`);
  return flag;
}

/** Logical types that are kept; any other counts as not written, as the Avro specification says. */
const LOGICAL_TYPES: Readonly<Record<string, readonly string[]>> = {
  "timestamp-millis": ["long"],
  "timestamp-micros": ["long"],
  "local-timestamp-millis": ["long"],
  "local-timestamp-micros": ["long"],
  "time-millis": ["int"],
  "time-micros": ["long"],
  date: ["int"],
  decimal: ["bytes", "fixed"],
  duration: ["fixed"],
  uuid: ["string", "fixed"],
};

/** Carries a logical type through avsc as data; values and defaults stay what the type is made of. */
class KeptLogicalType extends avsc.types.LogicalType {
  readonly kept: Logical;

  constructor(schema: Schema, options: unknown) {
    super(schema, options);
    const { logicalType, precision, scale } = schema as unknown as {
      logicalType: string;
      precision?: number;
      scale?: number;
    };
    const digits = logicalType === "decimal" ? { precision: precision ?? 0, scale: scale ?? 0 } : {};
    this.kept = { name: logicalType, ...digits };
  }

  protected override _fromValue(value: unknown): unknown {
    return value;
  }

  protected override _toValue(value: unknown): unknown {
    return value;
  }
}

const KEPT = Object.fromEntries(Object.keys(LOGICAL_TYPES).map((name) => [name, KeptLogicalType]));

/** Builds the types of one declaration, which may name each other. */
class Builder {
  readonly #limits = new DeclarationLimits();
  readonly #nodes = new NodeMaker();
  readonly #registry: Record<string, AvscType> = {};
  readonly #namespace: string;

  constructor(protocolName: string) {
    this.#namespace = protocolName.slice(0, Math.max(0, protocolName.lastIndexOf(".")));
  }

  /** Makes a named type known. */
  define(schema: unknown, where: string): void {
    this.#type(schema, where);
  }

  message(name: string, json: Json, where: string): MessageNode {
    const fields = listOf(json.request, where, "request").map((field, index) =>
      copyField(field, `${where}, request[${index}]`),
    );
    const seen = new Set<unknown>();
    for (const field of fields) {
      if (seen.has(field.name)) throw bad(where, `has two arguments called ${String(field.name)}`);
      seen.add(field.name);
    }
    const request = this.#node({ type: "record", fields }, `${where}, request`) as RecordNode;
    for (const field of request.fields) assertUsable(field.type, `${where}, argument ${field.name}`);
    if (json.response === undefined)
      throw bad(where, 'has no response: write "null" for a method that returns nothing');
    const response = this.#type(json.response, `${where}, response`);
    const errors = listOf(json.errors ?? [], where, "errors").map((error, index) => {
      const node = this.#type(error, `${where}, errors[${index}]`);
      if (node.kind !== "record")
        throw bad(`${where}, errors[${index}]`, 'is no error: declare it as { type: "error", ... }');
      return node;
    });
    const oneWay = flagOf(json, "one-way", where);
    if (oneWay && (response.kind !== "null" || errors.length > 0)) {
      throw bad(where, 'is one-way: its response must be "null", and it has no errors');
    }
    return { name, request: request.fields, response, errors, oneWay };
  }

  #type(schema: unknown, where: string): TypeNode {
    const node = this.#node(copyType(schema, where, 0), where);
    assertUsable(node, where);
    return node;
  }

  #node(schema: unknown, where: string): TypeNode {
    try {
      this.#limits.add(schema);
      const type = avsc.Type.forSchema(schema as Schema, {
        registry: this.#registry,
        namespace: this.#namespace,
        wrapUnions: "always",
        omitRecordMethods: true,
        logicalTypes: KEPT as unknown as Record<string, new (schema: Schema) => avscTypes.LogicalType>,
        assertLogicalTypes: true,
      });
      return this.#nodes.make(type);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      const unknown = /^undefined type name: (.*)$/.exec(text);
      if (unknown === null) throw bad(where, text, error);
      throw bad(
        where,
        `there is no type ${unknown[1]}: take a primitive type, or declare it in "types" before it is used`,
        error,
      );
    }
  }
}

/** Refuses what cannot be told apart: two branches of a wrapped union with one simple name; bad logical types. */
function assertUsable(node: TypeNode, where: string, seen: Set<TypeNode> = new Set()): void {
  if (seen.has(node)) return;
  seen.add(node);
  const fault = describeLogicalFault(node);
  if (fault !== undefined) throw bad(where, fault);
  if (node.kind === "array") assertUsable(node.items, where, seen);
  if (node.kind === "map") assertUsable(node.values, where, seen);
  if (node.kind === "record")
    for (const field of node.fields) assertUsable(field.type, `${where}, field ${field.name}`, seen);
  if (node.kind !== "union") return;
  const labels = new Set(node.branches.map(labelOf));
  if (isWrapped(node) && labels.size < node.branches.length) {
    throw bad(
      where,
      `two branches of a union are called alike ([${node.branches.map(labelOf).join(", ")}]): rename one`,
    );
  }
  for (const branch of node.branches) assertUsable(branch, where, seen);
}

function copyType(schema: unknown, where: string, depth: number): unknown {
  if (depth > MAX_NESTING) throw bad(where, `nests deeper than ${MAX_NESTING} levels: declare inner types in "types"`);
  if (typeof schema === "string") {
    const fault = fullNameFault(schema);
    if (fault !== undefined) throw bad(where, `the type ${JSON.stringify(schema)} ${fault}`);
    return schema;
  }
  if (Array.isArray(schema)) return schema.map((branch) => copyType(branch, where, depth + 1));
  const json = objectOf(schema, where, "is no type: a name, a list of types (a union) or an object");
  switch (json.type) {
    case "record":
    case "error":
    case "enum":
    case "fixed":
      return copyNamed(json, json.type, where, depth);
    case "array":
      return { type: "array", items: copyType(json.items, `${where}, items`, depth + 1) };
    case "map":
      return { type: "map", values: copyType(json.values, `${where}, values`, depth + 1) };
    default: {
      const isPrimitive = PRIMITIVES.includes(json.type as never);
      return isPrimitive
        ? { type: json.type, ...copyLogical(json, json.type as string, where) }
        : copyType(json.type, where, depth + 1);
    }
  }
}

function copyNamed(json: Json, type: string, where: string, depth: number): Json {
  const fault = fullNameFault(json.name);
  if (fault !== undefined) throw bad(where, `the ${type} ${JSON.stringify(json.name)} has a name that ${fault}`);
  const at = `${where}, ${type} ${json.name as string}`;
  const { namespace } = json;
  if (namespace !== undefined && namespace !== "" && fullNameFault(namespace) !== undefined) {
    throw bad(at, `its namespace ${JSON.stringify(namespace)} ${fullNameFault(namespace)}`);
  }
  const copy: Record<string, unknown> = { type, name: json.name };
  if (namespace !== undefined) copy.namespace = namespace;
  if (json.aliases !== undefined) copy.aliases = namesOf(json.aliases, `${at}, aliases`, fullNameFault);
  if (type === "fixed") return Object.assign(copy, { size: json.size }, copyLogical(json, "fixed", at));
  if (type === "enum") {
    copy.symbols = namesOf(json.symbols, `${at}, symbols`, nameFault);
    if (json.default !== undefined) copy.default = json.default;
    return copy;
  }
  copy.fields = listOf(json.fields, at, "fields").map((field, index) =>
    copyField(field, `${at}, fields[${index}]`, depth + 1),
  );
  return copy;
}

function copyField(field: unknown, where: string, depth = 0): Json {
  const json = objectOf(field, where, "is not an object with name and type");
  const fault = nameFault(json.name);
  if (fault !== undefined) throw bad(where, `the name ${JSON.stringify(json.name)} ${fault}`);
  const at = `${where} (${json.name as string})`;
  if (json.type === undefined) throw bad(at, "has no type");
  const copy: Record<string, unknown> = { name: json.name, type: copyType(json.type, at, depth + 1) };
  if (json.default !== undefined) copy.default = json.default;
  if (json.aliases !== undefined) copy.aliases = namesOf(json.aliases, `${at}, aliases`, nameFault);
  return copy;
}

function copyLogical(json: Json, underlying: string, where: string): Json {
  const { logicalType, precision, scale } = json;
  if (typeof logicalType !== "string" || !Object.hasOwn(LOGICAL_TYPES, logicalType)) return {};
  if (LOGICAL_TYPES[logicalType]?.includes(underlying) !== true) {
    throw bad(where, `${logicalType} is made of ${LOGICAL_TYPES[logicalType]?.join(" or ")}, not of ${underlying}`);
  }
  return logicalType === "decimal" ? { logicalType, precision, scale } : { logicalType };
}

function namesOf(json: unknown, where: string, faultOf: (name: unknown) => string | undefined): unknown[] {
  return listOf(json, where, "the list").map((name) => {
    const fault = faultOf(name);
    if (fault !== undefined) throw bad(where, `${JSON.stringify(name)} ${fault}`);
    return name;
  });
}

function objectOf(json: unknown, where: string, fault: string): Json {
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw bad(where, fault);
  return json as Json;
}

function listOf(json: unknown, where: string, what: string): readonly unknown[] {
  if (!Array.isArray(json)) throw bad(where, `${what} is not a list`);
  return json;
}

function bad(where: string, fault: string, cause?: unknown): RpcError {
  return new RpcError("BAD_DEFINITION", `${where}: ${fault}`, cause === undefined ? {} : { cause });
}
