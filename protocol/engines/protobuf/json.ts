/** JSON for the command line: protobuf messages from JSON and to JSON, and methods on one line. */
import type { AnyProtocol, MethodDefinition } from "../../definition.js";
import type { BytesText, JsonCodec } from "../../json-codec.js";
import { bytesFromJson, isNumeral, longFromJson, mapObject } from "../../json-values.js";
import { Misfit } from "../../misfit.js";
import { under } from "../../placed-error.js";
import { RpcError } from "../../rpc-error.js";
import type { MethodNode } from "./declaration.js";
import { ProtobufProtocol } from "./definition.js";
import { getOwn } from "./properties.js";
import {
  type EnumNode,
  type FieldNode,
  type MessageNode,
  messageText,
  simpleName,
  type TypeNode,
} from "./type-node.js";

/** JSON for methods of protobuf protocols: fields under their `.proto` names, enums by name, maps as objects. */
export const protobufJson: JsonCodec = {
  argumentsFromJson(protocol, method, args, bytes = "base64") {
    const where = `${protocol.name}.${method.name}`;
    if (args.length > 1) throw new RpcError("BAD_ARGUMENT", `${where} takes 1 message, got ${args.length} arguments`);
    try {
      return [messageFromJson(methodOf(protocol, method).request, args[0] ?? {}, bytes)];
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

  typeTexts(protocol, method) {
    const methods = method === undefined ? protocolOf(protocol).node.methods : [methodOf(protocol, method)];
    const types = new Set<MessageNode | EnumNode>();
    for (const { request, response } of methods) {
      addTypes(request, types);
      addTypes(response, types);
    }
    return Array.from(types, (type) => (type.kind === "message" ? `message ${messageText(type)}` : enumText(type)));
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

/** Adds a type and those that it is made of, itself first. */
function addTypes(type: TypeNode, types: Set<MessageNode | EnumNode>): void {
  if ((type.kind !== "message" && type.kind !== "enum") || types.has(type)) return;
  types.add(type);
  if (type.kind === "message") for (const field of type.fields) addTypes(field.type, types);
}

function enumText({ name, numbers }: EnumNode): string {
  return `enum ${simpleName(name)} { ${[...numbers.keys()].join(", ")} }`;
}

function messageFromJson(node: MessageNode, json: unknown, bytes: BytesText): unknown {
  const fields = new Map(node.fields.map((field) => [field.name, field]));
  return mapObject(json, (key, value) => {
    const field = fields.get(key);
    if (field === undefined) {
      const names = fields.size === 0 ? "none" : [...fields.keys()].join(", ");
      throw new Misfit(`${simpleName(node.name)}, which has no field ${key} (its fields: ${names})`, json);
    }
    return value === null ? undefined : under(`.${key}`, () => fieldFromJson(field, value, bytes));
  });
}

function fieldFromJson({ rule, type }: FieldNode, json: unknown, bytes: BytesText): unknown {
  if (rule === "map")
    return mapObject(json, (key, item) => under(`[${JSON.stringify(key)}]`, () => fromJson(type, item, bytes)));
  if (rule !== "repeated") return fromJson(type, json, bytes);
  if (!Array.isArray(json)) throw new Misfit("an array", json);
  return json.map((item, index) => under(`[${index}]`, () => fromJson(type, item, bytes)));
}

function fromJson(type: TypeNode, json: unknown, bytes: BytesText): unknown {
  switch (type.kind) {
    case "message":
      return messageFromJson(type, json, bytes);
    case "int64":
    case "uint64":
    case "sint64":
    case "fixed64":
    case "sfixed64":
      return longFromJson(type.kind, json);
    case "float":
    case "double":
      return isNumeral(json) ? Number(json) : json;
    case "bytes":
      return bytesFromJson(json, bytes);
    default:
      return json;
  }
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
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  return value;
}
