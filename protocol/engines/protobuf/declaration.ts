/**
 * The declaration of a protobuf protocol: plain JSON that holds all it takes to serve or call it, and what reflection hands out.
 *
 * It is ours and not protobuf's descriptor, since it may come from a peer: nothing but this file looks at it before it is checked.
 */
import { RpcError } from "../../rpc-error.js";
import { isScalarKind, SCALARS, type ScalarKind } from "./scalars.js";
import type { EnumNode, FieldNode, MessageNode, TypeNode } from "./type-node.js";

/** A protocol as JSON. Types are named in full, `hadoop.hdfs.HdfsFileStatusProto`, and every type that is named is there. */
export interface ProtobufDeclaration {
  readonly protocol: string;
  readonly version: number;
  /** The Java interface by which a Hadoop server is asked what it has of the protocol. Default: the protocol's name. */
  readonly javaInterface?: string;
  /** Full name of the `.proto` service. */
  readonly service: string;
  readonly methods: readonly MethodDeclaration[];
  readonly messages: readonly MessageDeclaration[];
  readonly enums: readonly EnumDeclaration[];
}

export interface MethodDeclaration {
  readonly name: string;
  readonly request: string;
  readonly response: string;
  readonly idempotent?: boolean;
  readonly atMostOnce?: boolean;
}

export interface MessageDeclaration {
  readonly name: string;
  /** `Class.getName()` of what protoc makes of it for Java; method hashes are made of it. */
  readonly javaClass?: string;
  /** Strings that come must be UTF-8 (proto3). */
  readonly strictUtf8?: boolean;
  readonly fields: readonly FieldDeclaration[];
}

export interface FieldDeclaration {
  readonly name: string;
  readonly number: number;
  /** A scalar type or a full name. */
  readonly type: string;
  /** Default: optional. */
  readonly rule?: "required" | "repeated" | "map";
  /** Scalar type of a map's keys. */
  readonly key?: string;
  readonly packed?: boolean;
  /** 64-bit integers as decimal text, bytes in base64, enums by name, "inf", "-inf" and "nan". */
  readonly default?: string | number | boolean;
  /** Absent is the same as zero (proto3 without `optional`). */
  readonly implicit?: boolean;
  readonly oneof?: string;
}

export interface EnumDeclaration {
  readonly name: string;
  /** Numbers without a name are values too (proto3). */
  readonly open?: boolean;
  readonly values: readonly (readonly [name: string, number: number])[];
}

/** A checked declaration. */
export interface ProtocolNode {
  readonly protocol: string;
  readonly version: number;
  readonly javaInterface: string;
  readonly service: string;
  readonly methods: readonly MethodNode[];
  readonly messages: readonly MessageNode[];
}

export interface MethodNode {
  readonly name: string;
  readonly request: MessageNode;
  readonly response: MessageNode;
  /** Java class names of both. */
  readonly requestClass: string;
  readonly responseClass: string;
  readonly idempotent: boolean;
  readonly atMostOnce: boolean;
}

const MAX_TYPES = 20_000;
const MAX_NAME_CHARACTERS = 512;
const MAX_FIELD_NUMBER = 2 ** 29 - 1;
const SIMPLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const FULL_NAME = /^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*$/;

type Json = Readonly<Record<string, unknown>>;

/** Checks a declaration and links its types. Throws BAD_DEFINITION naming the protocol, the place and the fault. */
export function readDeclaration(declaration: unknown): ProtocolNode {
  const json = object(declaration, "a declaration of a protobuf protocol");
  const { protocol, version } = json;
  if (typeof protocol !== "string" || protocol === "" || protocol.length > MAX_NAME_CHARACTERS) {
    throw bad(`protocolName must be a text of 1 to ${MAX_NAME_CHARACTERS} characters, like "org.example.Greeter"`);
  }
  try {
    if (!Number.isSafeInteger(version) || (version as number) < 0)
      throw bad("version must be a safe whole number from 0");
    const types = readTypes(json);
    return {
      protocol,
      version: version as number,
      javaInterface: readJavaInterface(json.javaInterface ?? protocol),
      service: name(json.service, "service", FULL_NAME),
      methods: readMethods(json, types),
      messages: [...types.messages.values()],
    };
  } catch (error) {
    throw bad(`Protobuf protocol ${protocol}: ${RpcError.from(error).message}`);
  }
}

function readJavaInterface(name: unknown): string {
  if (typeof name === "string" && name !== "" && name.length <= MAX_NAME_CHARACTERS) return name;
  throw bad('javaInterface must be the name of a Java interface, like "org.example.GreeterPB"');
}

interface Types {
  readonly messages: ReadonlyMap<string, MessageNode>;
  readonly enums: ReadonlyMap<string, EnumNode>;
  readonly javaClasses: ReadonlyMap<string, string>;
}

function readTypes(json: Json): Types {
  const enums = new Map<string, EnumNode>();
  const messages = new Map<string, MessageNode & { readonly fields: FieldNode[] }>();
  const javaClasses = new Map<string, string>();
  const claim = (full: string): string => {
    if (enums.has(full) || messages.has(full)) throw bad(`${full} is declared twice`);
    if (enums.size + messages.size >= MAX_TYPES) throw bad(`more than ${MAX_TYPES} types`);
    return full;
  };
  for (const item of list(json.enums, "enums")) {
    const node = readEnum(object(item, "an enum"));
    enums.set(claim(node.name), node);
  }
  const declared = list(json.messages, "messages").map((item) => object(item, "a message"));
  for (const message of declared) {
    const full = claim(name(message.name, "the name of a message", FULL_NAME));
    messages.set(full, { kind: "message", name: full, fields: [] });
    javaClasses.set(full, typeof message.javaClass === "string" ? message.javaClass : full);
  }
  const types = { messages, enums, javaClasses };
  for (const message of declared) {
    const node = messages.get(message.name as string);
    node?.fields.push(...readFields(message, node.name, types));
  }
  return types;
}

function readEnum(json: Json): EnumNode {
  const full = name(json.name, "the name of an enum", FULL_NAME);
  const numbers = new Map<string, number>();
  const names = new Map<number, string>();
  for (const item of list(json.values, `${full}: values`)) {
    const [symbol, number] = list(item, `${full}: a value`);
    const text = name(symbol, `${full}: the name of a value`, SIMPLE_NAME);
    if (typeof number !== "number" || (number | 0) !== number)
      throw bad(`${full}.${text} must be a whole number of 32 bits`);
    if (numbers.has(text)) throw bad(`${full}.${text} is declared twice`);
    numbers.set(text, number);
    if (!names.has(number)) names.set(number, text);
  }
  if (numbers.size === 0) throw bad(`${full}: an enum has at least one value`);
  return { kind: "enum", name: full, open: flag(json.open, `${full}: open`), numbers, names };
}

function readFields(message: Json, full: string, types: Types): FieldNode[] {
  const strict = flag(message.strictUtf8, `${full}: strictUtf8`);
  const names = new Set<string>();
  const numbers = new Set<number>();
  return list(message.fields, `${full}: fields`).map((item) => {
    const json = object(item, `${full}: a field`);
    const node = readField(json, full, strict, types);
    if (names.has(node.name)) throw bad(`${full}.${node.name} is declared twice`);
    if (numbers.has(node.number)) throw bad(`${full}.${node.name}: the number ${node.number} is taken`);
    names.add(node.name);
    numbers.add(node.number);
    return node;
  });
}

function readField(json: Json, message: string, strict: boolean, types: Types): FieldNode {
  const simple = name(json.name, `${message}: the name of a field`, SIMPLE_NAME);
  const where = `${message}.${simple}`;
  const { number, rule = "optional" } = json;
  if (!Number.isInteger(number) || (number as number) < 1 || (number as number) > MAX_FIELD_NUMBER) {
    throw bad(`${where}: its number must be 1 to ${MAX_FIELD_NUMBER}`);
  }
  if (rule !== "optional" && rule !== "required" && rule !== "repeated" && rule !== "map") {
    throw bad(`${where}: rule must be "required", "optional", "repeated" or "map"`);
  }
  const type = readType(json.type, where, strict, types);
  const scalar = type.kind !== "message" && type.kind !== "enum" ? SCALARS[type.kind] : undefined;
  const implicit = flag(json.implicit, `${where}: implicit`);
  const oneof = json.oneof === undefined ? undefined : name(json.oneof, `${where}: oneof`, SIMPLE_NAME);
  const mayPack = rule === "repeated" && type.kind !== "message" && scalar?.wire !== 2;
  return {
    name: simple,
    number: number as number,
    type,
    rule,
    key: rule === "map" ? readKey(json.key, where, strict) : undefined,
    packed: flag(json.packed, `${where}: packed`) && mayPack,
    default: defaultValue(json.default, type, where, implicit, rule === "optional" && oneof === undefined),
    implicit: implicit && rule === "optional" && oneof === undefined,
    oneof: rule === "optional" ? oneof : undefined,
  };
}

function readType(type: unknown, where: string, strict: boolean, { enums, messages }: Types): TypeNode {
  if (typeof type !== "string") throw bad(`${where}: type must be a name`);
  if (isScalarKind(type)) return { kind: type === "string" && strict ? "strictString" : type };
  const node = messages.get(type) ?? enums.get(type);
  if (node === undefined) throw bad(`${where}: there is no type ${type}`);
  return node;
}

const NO_KEYS: readonly ScalarKind[] = ["double", "float", "bytes"];

function readKey(key: unknown, where: string, strict: boolean): ScalarKind {
  if (typeof key !== "string" || !isScalarKind(key) || NO_KEYS.includes(key)) {
    throw bad(`${where}: the keys of a map are integers, bool or string`);
  }
  return key === "string" && strict ? "strictString" : key;
}

function defaultValue(json: unknown, type: TypeNode, where: string, implicit: boolean, allowed: boolean): unknown {
  if (!allowed || type.kind === "message") return undefined;
  if (json === undefined) {
    if (!implicit) return undefined;
    return type.kind === "enum" ? type.numbers.keys().next().value : SCALARS[type.kind].zero;
  }
  const value = type.kind === "enum" ? json : scalarFromJson(type.kind, json);
  const fits = type.kind === "enum" ? type.numbers.has(String(value)) : typeof value === typeof SCALARS[type.kind].zero;
  if (!fits) throw bad(`${where}: the default ${JSON.stringify(json)} is no ${"name" in type ? type.name : type.kind}`);
  return value;
}

const NUMBER_NAMES: ReadonlyMap<unknown, number> = new Map([
  ["inf", Number.POSITIVE_INFINITY],
  ["-inf", Number.NEGATIVE_INFINITY],
  ["nan", Number.NaN],
]);

function scalarFromJson(kind: ScalarKind, json: unknown): unknown {
  const { zero } = SCALARS[kind];
  if (typeof zero === "bigint") return typeof json === "string" && /^-?\d{1,20}$/.test(json) ? BigInt(json) : json;
  if (typeof zero === "number") return NUMBER_NAMES.get(json) ?? json;
  return kind === "bytes" && typeof json === "string" ? new Uint8Array(Buffer.from(json, "base64")) : json;
}

function readMethods(json: Json, { javaClasses, messages }: Types): MethodNode[] {
  const names = new Set<string>();
  const message = (full: unknown, where: string): MessageNode => {
    const node = typeof full === "string" ? messages.get(full) : undefined;
    if (node === undefined) throw bad(`${where}: there is no message ${String(full)}`);
    return node;
  };
  return list(json.methods, "methods").map((item) => {
    const method = object(item, "a method");
    const simple = name(method.name, "the name of a method", SIMPLE_NAME);
    if (names.has(simple)) throw bad(`the method ${simple} is declared twice`);
    names.add(simple);
    const request = message(method.request, simple);
    const response = message(method.response, simple);
    return {
      name: simple,
      request,
      response,
      requestClass: javaClasses.get(request.name) ?? request.name,
      responseClass: javaClasses.get(response.name) ?? response.name,
      idempotent: flag(method.idempotent, `${simple}: idempotent`),
      atMostOnce: flag(method.atMostOnce, `${simple}: atMostOnce`),
    };
  });
}

function bad(message: string): RpcError {
  return new RpcError("BAD_DEFINITION", message);
}

function object(value: unknown, what: string): Json {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Json;
  throw bad(`${what} must be an object`);
}

function list(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw bad(`${what} must be an array`);
}

function flag(value: unknown, what: string): boolean {
  if (value === undefined || typeof value === "boolean") return value ?? false;
  throw bad(`${what} must be true or false`);
}

function name(value: unknown, what: string, pattern: RegExp): string {
  if (typeof value === "string" && value.length <= MAX_NAME_CHARACTERS && pattern.test(value)) return value;
  throw bad(
    `${what} must be a name, got ${typeof value === "string" ? JSON.stringify(value.slice(0, 60)) : typeof value}`,
  );
}
