/** Reads a descriptor, as protoc embeds it into what it generates (google/protobuf/descriptor.proto). protobufjs decodes it. */
import descriptor from "protobufjs/ext/descriptor.js";
import type { EnumDeclaration, FieldDeclaration, MessageDeclaration } from "./declaration.js";
import { javaPrefix, naming, type ProtoFile, type SourceMessage, type SourceService } from "./proto-file.js";

type File = descriptor.IFileDescriptorProto;
type Message = descriptor.IDescriptorProto;
type Field = descriptor.IFieldDescriptorProto;
type Enum = descriptor.IEnumDescriptorProto;

/** Where a declaration stands: the dotted name around it, the same in Java, and the rules of its file. */
interface Place {
  readonly prefix: string;
  readonly javaPrefix: string;
  readonly proto3: boolean;
}

/** Reads a serialized FileDescriptorProto. Throws BAD_DEFINITION naming `origin`. */
export function readDescriptor(origin: string, bytes: Uint8Array): ProtoFile {
  return naming(origin, () => {
    const { FileDescriptorProto } = descriptor;
    // As a plain object, enums as numbers, nothing that is not there.
    return readFile(FileDescriptorProto.toObject(FileDescriptorProto.decode(bytes)) as File, origin);
  });
}

function readFile(file: File, origin: string): ProtoFile {
  const { syntax = "proto2" } = file;
  if (syntax !== "proto2" && syntax !== "proto3")
    throw new TypeError(`syntax "${syntax}" is not read; "proto2" and "proto3" are`);
  const path = text(file.name) || origin;
  const packageName = text(file.package);
  const messages: SourceMessage[] = [];
  const enums: EnumDeclaration[] = [];
  const java = {
    package: text(file.options?.javaPackage) || packageName,
    outer: text(file.options?.javaOuterClassname),
    multipleFiles: file.options?.javaMultipleFiles === true,
  };
  const visit = (
    { enumType, messageType }: { enumType?: Enum[] | null; messageType?: Message[] | null },
    place: Place,
  ): void => {
    for (const item of enumType ?? []) enums.push(readEnum(item, place));
    for (const message of messageType ?? []) {
      if (message.options?.mapEntry === true) continue;
      const inner = `${place.prefix}${text(message.name)}.`;
      const javaClass = place.javaPrefix + text(message.name);
      messages.push({ ...readMessage(message, place), javaClass, group: false });
      visit(
        { ...message, messageType: message.nestedType ?? [] },
        { ...place, prefix: inner, javaPrefix: `${javaClass}$` },
      );
    }
  };
  const place: Place = {
    prefix: packageName === "" ? "" : `${packageName}.`,
    javaPrefix: javaPrefix(path, java, namesIn(file)),
    proto3: syntax === "proto3",
  };
  visit(file, place);
  return { path, imports: file.dependency ?? [], messages, enums, services: readServices(file, place) };
}

function text(value: string | null | undefined): string {
  return value ?? "";
}

function readServices(file: File, place: Place): SourceService[] {
  return (file.service ?? []).map((service) => ({
    name: place.prefix + text(service.name),
    javaClass: place.javaPrefix + text(service.name),
    methods: (service.method ?? []).map((method) => ({
      name: text(method.name),
      request: text(method.inputType),
      response: text(method.outputType),
      streams: method.clientStreaming === true || method.serverStreaming === true,
      idempotent: isIdempotent(method.options),
    })),
  }));
}

/** IDEMPOTENT, or NO_SIDE_EFFECTS; protobufjs decodes the option and does not declare it. */
function isIdempotent(options: object | null | undefined): boolean {
  const { idempotencyLevel = 0 } = (options ?? {}) as { idempotencyLevel?: number };
  return idempotencyLevel > 0;
}

function readEnum({ name, value }: Enum, { prefix, proto3 }: Place): EnumDeclaration {
  const values = (value ?? []).map((item) => [text(item.name), item.number ?? 0] as const);
  return { name: prefix + text(name), values, ...(proto3 && { open: true }) };
}

function readMessage(message: Message, { prefix, proto3 }: Place): MessageDeclaration {
  const name = prefix + text(message.name);
  const entries = new Map(
    (message.nestedType ?? [])
      .filter(({ options }) => options?.mapEntry === true)
      .map((entry) => [`.${name}.${text(entry.name)}`, entry.field ?? []]),
  );
  const oneofs = (message.oneofDecl ?? []).map((oneof) => text(oneof.name));
  const fields = (message.field ?? []).map((field): FieldDeclaration => {
    const entry = entries.get(text(field.typeName));
    if (entry === undefined) return readField(field, oneofs, proto3);
    const [key, value] = entry;
    if (key === undefined || value === undefined) throw new TypeError(`${name}.${text(field.name)} is no map`);
    return { name: text(field.name), number: field.number ?? 0, type: typeOf(value), rule: "map", key: typeOf(key) };
  });
  return { name, fields, ...(proto3 && { strictUtf8: true }) };
}

const LABELS: Readonly<Record<number, "required" | "repeated">> = { 2: "required", 3: "repeated" };

function readField(field: Field, oneofs: readonly string[], proto3: boolean): FieldDeclaration {
  const rule = LABELS[Number(field.label)];
  const explicit = field.proto3Optional === true;
  const oneof = explicit || typeof field.oneofIndex !== "number" ? undefined : oneofs[field.oneofIndex];
  const packed = rule === "repeated" && (field.options?.packed ?? proto3);
  const type = typeOf(field);
  const value = defaultJson(type, field.defaultValue);
  return {
    name: text(field.name),
    number: field.number ?? 0,
    type,
    ...(rule !== undefined && { rule }),
    ...(packed && { packed }),
    ...(value !== undefined && { default: value }),
    ...(proto3 && rule === undefined && oneof === undefined && !explicit && { implicit: true }),
    ...(oneof !== undefined && { oneof }),
  };
}

/** Scalar types by their numbers in a descriptor; 10 is a group, 11 a message, 14 an enum. */
const TYPES: Readonly<Record<number, string>> = {
  1: "double",
  2: "float",
  3: "int64",
  4: "uint64",
  5: "int32",
  6: "fixed64",
  7: "fixed32",
  8: "bool",
  9: "string",
  12: "bytes",
  13: "uint32",
  15: "sfixed32",
  16: "sfixed64",
  17: "sint32",
  18: "sint64",
};

function typeOf({ name, type, typeName }: Field): string {
  if (Number(type) === 10) throw new TypeError(`${text(name)} is a group, which is not supported: make it a message`);
  return text(typeName) || (TYPES[Number(type)] ?? "");
}

/** A default, which a descriptor holds as text, as JSON holds it (declaration.ts). */
function defaultJson(type: string, value: string | null | undefined): string | number | boolean | undefined {
  if (value === undefined || value === null) return undefined;
  if (type === "bool") return value === "true";
  if (type === "bytes") return unescaped(value).toString("base64");
  if (type === "float" || type === "double") return Number.isNaN(Number(value)) ? value : Number(value);
  return /32$/.test(type) ? Number(value) : value;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

/** Bytes as a descriptor writes them: what is not printable in three octal digits. */
function unescaped(value: string): Buffer {
  const latin = value.replace(/\\([0-7]{3}|.)/g, (_all, code: string) =>
    code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : (ESCAPES[code] ?? code),
  );
  return Buffer.from(latin, "latin1");
}

function namesIn(file: File): ReadonlySet<string> {
  const inMessages = (messages: readonly Message[] | null | undefined): string[] =>
    (messages ?? []).flatMap(({ enumType, name, nestedType }) => [
      text(name),
      ...(enumType ?? []).map((item) => text(item.name)),
      ...inMessages(nestedType),
    ]);
  const outer = [...(file.enumType ?? []), ...(file.service ?? [])].map(({ name }) => text(name));
  return new Set([...inMessages(file.messageType), ...outer]);
}
