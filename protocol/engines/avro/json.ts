/** JSON for the command line: values of Avro types from JSON and to JSON, and methods on one line. */
import type { AnyProtocol, MethodDefinition } from "../../definition.js";
import type { BytesText, JsonCodec } from "../../json-codec.js";
import { bytesFromJson, isNumeral, longFromJson, mapObject } from "../../json-values.js";
import { Misfit } from "../../misfit.js";
import { under } from "../../placed-error.js";
import { RpcError } from "../../rpc-error.js";
import { AvroProtocol } from "./avro-protocol.js";
import type { MessageNode } from "./schema-text.js";
import {
  bucketOfNode,
  conversionOf,
  type FieldNode,
  isWrapped,
  labelOf,
  type RecordNode,
  type TypeNode,
  type UnionNode,
} from "./type-node.js";

/** JSON for methods of Avro protocols. A union that is wrapped as a value is wrapped in JSON too. */
export const avroJson: JsonCodec = {
  argumentsFromJson(protocol, method, args, bytes = "base64") {
    const fields = messageOf(protocol, method).request;
    const required = fields.findLastIndex((field) => field.default === undefined) + 1;
    if (args.length > fields.length || args.length < required) {
      const count = required === fields.length ? `${required}` : `${required} to ${fields.length}`;
      const fault = `takes ${count} ${count === "1" ? "argument" : "arguments"}, got ${args.length}`;
      throw new RpcError("BAD_ARGUMENT", `${protocol.name}.${method.name} ${fault}`);
    }
    return fields.map((field, index) => {
      const json = args[index];
      if (json === undefined && field.default !== undefined) return undefined;
      try {
        return fromJson(field.type, json, bytes);
      } catch (error) {
        if (!(error instanceof Misfit)) throw error;
        throw new RpcError("BAD_ARGUMENT", `${protocol.name}.${method.name}: argument ${error.text(field.name)}`);
      }
    });
  },

  resultToJson(protocol, method, value) {
    return toJson(messageOf(protocol, method).response, value);
  },

  signatureText(protocol, method) {
    const { request, response, errors, oneWay } = messageOf(protocol, method);
    const thrown = errors.length === 0 ? "" : ` throws ${errors.map(labelOf).join(", ")}`;
    const result = response.kind === "null" ? "void" : typeText(response);
    return `${method.name}(${fieldsText(request)}): ${result}${thrown}${oneWay ? " oneway" : ""}`;
  },

  typeTexts(protocol, method) {
    const texts = new Map<TypeNode, string>();
    const messages = method === undefined ? protocolOf(protocol).node.messages : [messageOf(protocol, method)];
    for (const { request, response, errors } of messages) {
      for (const field of request) addTypeTexts(field.type, texts, "record");
      addTypeTexts(response, texts, "record");
      for (const error of errors) addTypeTexts(error, texts, "error");
    }
    return [...texts.values()];
  },
};

function protocolOf(protocol: AnyProtocol): AvroProtocol {
  if (protocol instanceof AvroProtocol) return protocol;
  throw new RpcError("BAD_DEFINITION", `${protocol.name} is no Avro protocol`);
}

function messageOf(protocol: AnyProtocol, method: MethodDefinition): MessageNode {
  const message = protocolOf(protocol).node.messages[method.index];
  if (message === undefined) throw new RpcError("BAD_DEFINITION", `${protocol.name} has no method ${method.name}`);
  return message;
}

/** Fields or parameters; a question mark stands behind those that may be left out. */
function fieldsText(fields: readonly FieldNode[]): string {
  return fields
    .map((field) => `${field.name}${field.default === undefined ? "" : "?"}: ${typeText(field.type)}`)
    .join(", ");
}

/** Adds the named types that a type is made of, itself first. */
function addTypeTexts(node: TypeNode, texts: Map<TypeNode, string>, recordWord: "record" | "error"): void {
  if (texts.has(node)) return;
  const name = labelOf(node);
  if (node.kind === "array") addTypeTexts(node.items, texts, "record");
  else if (node.kind === "map") addTypeTexts(node.values, texts, "record");
  else if (node.kind === "union") for (const branch of node.branches) addTypeTexts(branch, texts, "record");
  else if (node.kind === "fixed") texts.set(node, `fixed ${name}(${node.size})`);
  else if (node.kind === "enum") texts.set(node, `enum ${name} { ${node.symbols.join(", ")} }`);
  else if (node.kind === "record") {
    texts.set(node, `${recordWord} ${name} ${node.fields.length === 0 ? "{}" : `{ ${fieldsText(node.fields)} }`}`);
    for (const field of node.fields) addTypeTexts(field.type, texts, "record");
  }
}

/** A type as Avro's IDL writes it: `array<Point>`, `union { null, string }`. */
function typeText(node: TypeNode): string {
  if (node.kind === "array") return `array<${typeText(node.items)}>`;
  if (node.kind === "map") return `map<${typeText(node.values)}>`;
  if (node.kind === "union") return `union { ${node.branches.map(typeText).join(", ")} }`;
  const conversion = conversionOf(node);
  if (conversion === undefined) return labelOf(node);
  return conversion.name === "decimal" ? `decimal(${conversion.precision}, ${conversion.scale})` : conversion.name;
}

function fromJson(node: TypeNode, json: unknown, bytes: BytesText): unknown {
  const conversion = conversionOf(node);
  if (conversion?.name === "decimal") return typeof json === "number" || typeof json === "bigint" ? String(json) : json;
  if (conversion !== undefined) return dateFromJson(json);
  switch (node.kind) {
    case "long":
      return longFromJson(node.kind, json);
    case "float":
    case "double":
      return isNumeral(json) ? Number(json) : json;
    case "bytes":
    case "fixed":
      return bytesFromJson(json, bytes);
    case "array":
      if (!Array.isArray(json)) throw new Misfit("an array", json);
      return json.map((item, index) => under(`[${index}]`, () => fromJson(node.items, item, bytes)));
    case "map":
      return mapObject(json, (key, value) =>
        under(`[${JSON.stringify(key)}]`, () => fromJson(node.values, value, bytes)),
      );
    case "record":
      return recordFromJson(node, json, bytes);
    case "union":
      return unionFromJson(node, json, bytes);
    default:
      return json;
  }
}

function recordFromJson(node: RecordNode, json: unknown, bytes: BytesText): unknown {
  const fields = new Map(node.fields.map((field) => [field.name, field]));
  return mapObject(json, (key, value) => {
    const field = fields.get(key);
    if (field === undefined)
      throw new Misfit(`${labelOf(node)}, which has no field ${key} (it has ${[...fields.keys()].join(", ")})`, json);
    return under(`.${key}`, () => fromJson(field.type, value, bytes));
  });
}

function unionFromJson(node: UnionNode, json: unknown, bytes: BytesText): unknown {
  if (json === null) return null;
  if (isWrapped(node)) {
    return mapObject(json, (label, value) => {
      const branch = node.branches.find((candidate) => labelOf(candidate) === label);
      if (branch === undefined)
        throw new Misfit(`an object with one key of ${node.branches.map(labelOf).join(", ")}`, json);
      return under(`.${label}`, () => fromJson(branch, value, bytes));
    });
  }
  const shape = shapeOf(json);
  const candidates = node.branches
    .filter((branch) => JSON_SHAPES[bucketOfNode(branch)]?.includes(shape))
    .sort((a, b) => Number(bucketOfNode(b) === shape) - Number(bucketOfNode(a) === shape));
  let reason: unknown;
  for (const branch of candidates) {
    try {
      return fromJson(branch, json, bytes);
    } catch (error) {
      reason ??= error;
    }
  }
  throw reason ?? new Misfit(`one of ${node.branches.map(labelOf).join(", ")}`, json);
}

/**
 * The JSON in which values of a group can be given. A string may be several things: first of all a string, where the union
 * has one, and then what the first branch makes of it that takes it.
 */
const JSON_SHAPES: Readonly<Record<string, readonly string[]>> = {
  boolean: ["boolean"],
  number: ["number", "bigint"],
  bigint: ["number", "bigint", "string"],
  string: ["string"],
  bytes: ["string"],
  date: ["string", "number"],
  array: ["array"],
  object: ["object"],
};

function shapeOf(json: unknown): string {
  return Array.isArray(json) ? "array" : typeof json;
}

function dateFromJson(json: unknown): Date {
  const date = new Date(typeof json === "string" || typeof json === "number" ? json : Number.NaN);
  if (Number.isNaN(date.getTime())) throw new Misfit('a date like "2024-05-01T12:00:00Z"', json);
  return date;
}

function toJson(node: TypeNode, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return value;
  switch (typeof value) {
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "object":
      return objectToJson(node, value);
    default:
      return value;
  }
}

function objectToJson(node: TypeNode, value: object): unknown {
  if (node.kind === "union" && isWrapped(node)) {
    return mapObject(value, (label, inner) => {
      const branch = node.branches.find((candidate) => labelOf(candidate) === label);
      return branch === undefined ? null : toJson(branch, inner);
    });
  }
  if (node.kind === "union") {
    const bucket = Array.isArray(value) ? "array" : "object";
    const branch = node.branches.find((candidate) => bucketOfNode(candidate) === bucket);
    return branch === undefined ? null : toJson(branch, value);
  }
  if (node.kind === "array") return (value as unknown[]).map((item) => toJson(node.items, item));
  if (node.kind === "map") return mapObject(value, (_key, item) => toJson(node.values, item));
  if (node.kind !== "record") return null;
  const record = value as Record<string, unknown>;
  return Object.fromEntries(node.fields.map((field) => [field.name, toJson(field.type, record[field.name])]));
}
