/** JSON for the command line: protobuf messages from JSON and to JSON, and methods on one line. */
import type { AnyProtocol, MethodDefinition } from "../../definition.js";
import type { JsonCodec } from "../../json-codec.js";
import { RpcError } from "../../rpc-error.js";
import { Misfit } from "../avro/misfit.js";
import { under } from "../avro/placed-error.js";
import type { MethodNode } from "./declaration.js";
import { ProtobufProtocol } from "./definition.js";
import { getOwn } from "./properties.js";
import { type FieldNode, type MessageNode, simpleName, type TypeNode, typeText } from "./type-node.js";

/** JSON for methods of protobuf protocols: fields under their `.proto` names, enums by name, maps as objects. */
export const protobufJson: JsonCodec = {
  argumentsFromJson(protocol, method, args) {
    const where = `${protocol.name}.${method.name}`;
    if (args.length > 1) throw new RpcError("BAD_ARGUMENT", `${where} takes 1 message, got ${args.length} arguments`);
    try {
      return [messageFromJson(methodOf(protocol, method).request, args[0] ?? {})];
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      throw new RpcError("BAD_ARGUMENT", `${where}: ${error.text("request")}`);
    }
  },

  resultToJson(protocol, method, value) {
    return messageToJson(methodOf(protocol, method).response, value);
  },

  signatureText(protocol, method) {
    const { request, response } = methodOf(protocol, method);
    return `${method.name}(${simpleName(request.name)}): ${simpleName(response.name)}`;
  },

  typeTexts(protocol) {
    const { messages } = protocolOf(protocol).node;
    const types = messages.flatMap(({ fields }) => fields.map(({ type }) => type));
    const enums = new Set(types.filter((type) => type.kind === "enum"));
    return [
      ...messages.map((message) => `message ${messageText(message)}`),
      ...Array.from(enums, ({ name, numbers }) => `enum ${simpleName(name)} { ${[...numbers.keys()].join(", ")} }`),
    ];
  },
};

function protocolOf(protocol: AnyProtocol): ProtobufProtocol {
  if (protocol instanceof ProtobufProtocol) return protocol;
  throw new RpcError("BAD_DEFINITION", `${protocol.name} is no protobuf protocol`);
}

function methodOf(protocol: AnyProtocol, method: MethodDefinition): MethodNode {
  const node = protocolOf(protocol).node.methods[method.index];
  if (node === undefined) throw new RpcError("BAD_DEFINITION", `${protocol.name} has no method ${method.name}`);
  return node;
}

/** `HelloProto { name: string, times?: int32 }` */
function messageText({ fields, name }: MessageNode): string {
  const parts = fields.map((field) => `${field.name}${field.rule === "optional" ? "?" : ""}: ${typeText(field)}`);
  return `${simpleName(name)} {${parts.length === 0 ? "" : ` ${parts.join(", ")} `}}`;
}

function messageFromJson(node: MessageNode, json: unknown): unknown {
  const fields = new Map(node.fields.map((field) => [field.name, field]));
  return mapObject(json, (key, value) => {
    const field = fields.get(key);
    if (field === undefined) {
      const names = fields.size === 0 ? "none" : [...fields.keys()].join(", ");
      throw new Misfit(`${simpleName(node.name)}, which has no field ${key} (its fields: ${names})`, json);
    }
    return value === null ? undefined : under(`.${key}`, () => fieldFromJson(field, value));
  });
}

function fieldFromJson({ rule, type }: FieldNode, json: unknown): unknown {
  if (rule === "map")
    return mapObject(json, (key, item) => under(`[${JSON.stringify(key)}]`, () => fromJson(type, item)));
  if (rule !== "repeated") return fromJson(type, json);
  if (!Array.isArray(json)) throw new Misfit("an array", json);
  return json.map((item, index) => under(`[${index}]`, () => fromJson(type, item)));
}

function fromJson(type: TypeNode, json: unknown): unknown {
  switch (type.kind) {
    case "message":
      return messageFromJson(type, json);
    case "int64":
    case "uint64":
    case "sint64":
    case "fixed64":
    case "sfixed64":
      return longFromJson(type.kind, json);
    case "float":
    case "double":
      return json === "NaN" || json === "Infinity" || json === "-Infinity" ? Number(json) : json;
    case "bytes":
      return bytesFromJson(json);
    default:
      return json;
  }
}

function longFromJson(kind: string, json: unknown): bigint {
  if (typeof json === "bigint") return json;
  if (typeof json === "number" && Number.isSafeInteger(json)) return BigInt(json);
  if (typeof json === "string" && /^-?\d{1,20}$/.test(json)) return BigInt(json);
  throw new Misfit(`a whole number, or a string of digits (${kind})`, json);
}

function bytesFromJson(json: unknown): Uint8Array {
  if (typeof json !== "string" || !/^[A-Za-z0-9+/_-]*={0,2}$/.test(json)) {
    throw new Misfit("a string in base64 (bytes)", json);
  }
  return new Uint8Array(Buffer.from(json, "base64"));
}

function messageToJson(node: MessageNode, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return null;
  const present = node.fields.flatMap((field): [string, unknown][] => {
    const held = getOwn(field.name)(value);
    return held === undefined ? [] : [[field.name, fieldToJson(field, held)]];
  });
  return Object.fromEntries(present);
}

function fieldToJson({ rule, type }: FieldNode, value: unknown): unknown {
  if (rule === "map") return mapObject(value, (_key, item) => toJson(type, item));
  if (rule === "repeated") return (value as readonly unknown[]).map((item) => toJson(type, item));
  return toJson(type, value);
}

function toJson(type: TypeNode, value: unknown): unknown {
  if (type.kind === "message") return messageToJson(type, value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  return value;
}

/** A copy with every value replaced. Keys become own properties, `__proto__` too. */
function mapObject(json: unknown, each: (key: string, value: unknown) => unknown): unknown {
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw new Misfit("an object", json);
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, each(key, value)]));
}
