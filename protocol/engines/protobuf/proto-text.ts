/**
 * Reads one `.proto` text by protobufjs, and keeps what the engine needs of it.
 *
 * Every file is read by itself, as files of one package each have their own options. Names of types stay as the file writes
 * them; source.ts finds what they mean.
 */
import protobufjs from "protobufjs";
import type { EnumDeclaration, FieldDeclaration, MessageDeclaration } from "./declaration.js";
import { faultText } from "./proto-fault.js";
import {
  type JavaOptions,
  javaPrefix,
  naming,
  type ProtoFile,
  type SourceMessage,
  type SourceMethod,
  type SourceService,
} from "./proto-file.js";

type Syntax = "proto2" | "proto3";

/** Reads the text of a `.proto` file. Throws BAD_DEFINITION naming the file and, where known, the line. */
export function readProtoText(path: string, text: string): ProtoFile {
  return naming(path, () => {
    const { imports, package: packageName, root } = parse(text);
    const scope = packageName === undefined ? root : root.lookup(packageName);
    const options = scope instanceof protobufjs.Namespace ? (scope.options ?? {}) : {};
    return readRoot(path, root, imports ?? [], {
      package: textOr(options.java_package, packageName ?? ""),
      outer: textOr(options.java_outer_classname, ""),
      multipleFiles: options.java_multiple_files === true,
    });
  });
}

function parse(text: string): protobufjs.IParserResult {
  const parses = (some: string): protobufjs.IParserResult =>
    protobufjs.parse(some, new protobufjs.Root(), { keepCase: true });
  try {
    return parses(text);
  } catch (cause) {
    throw new TypeError(faultText(cause, text, parses), { cause });
  }
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === "string" && value !== "" ? value : otherwise;
}

function readRoot(path: string, root: protobufjs.Root, imports: readonly string[], java: JavaOptions): ProtoFile {
  const messages: SourceMessage[] = [];
  const enums: EnumDeclaration[] = [];
  const services: SourceService[] = [];
  const prefix = javaPrefix(path, java, namesIn(root));
  const visit = (object: protobufjs.ReflectionObject, outer: Syntax | undefined, javaPath: string): void => {
    if (object instanceof protobufjs.Service) services.push(readService(object, javaPath));
    else if (object instanceof protobufjs.Enum) enums.push(readEnum(object, syntaxOf(object, outer)));
    else if (object instanceof protobufjs.Type) {
      const syntax = syntaxOf(object, outer);
      const javaClass = javaPath + object.name;
      messages.push({
        ...readMessage(object, syntax),
        javaClass,
        group: (object as { group?: boolean }).group === true,
      });
      for (const nested of object.nestedArray) visit(nested, syntax, `${javaClass}$`);
    } else if (object instanceof protobufjs.Namespace) {
      for (const nested of object.nestedArray) visit(nested, outer, javaPath);
    }
  };
  visit(root, undefined, prefix);
  return { path, imports, messages, enums, services };
}

/** protobufjs keeps a file's syntax at its outermost declarations. */
function syntaxOf(object: protobufjs.ReflectionObject, outer: Syntax | undefined): Syntax {
  const { _edition: edition } = object as { _edition?: string | null };
  if (edition === "proto2" || edition === "proto3") return edition;
  if (outer !== undefined) return outer;
  throw new TypeError(`syntax "${edition}" is not read; "proto2" and "proto3" are`);
}

/** Full name without the dot in front. */
function fullName(object: protobufjs.ReflectionObject): string {
  return object.fullName.replace(/^\./, "");
}

function readService(service: protobufjs.Service, javaPath: string): SourceService {
  const methods = service.methodsArray.map((method): SourceMethod => {
    const level: unknown = method.options?.idempotency_level;
    return {
      name: method.name,
      request: method.requestType,
      response: method.responseType,
      streams: method.requestStream === true || method.responseStream === true,
      idempotent: level === "IDEMPOTENT" || level === "NO_SIDE_EFFECTS",
    };
  });
  return { name: fullName(service), javaClass: javaPath + service.name, methods };
}

function readEnum(object: protobufjs.Enum, syntax: Syntax): EnumDeclaration {
  const values = Object.entries(object.values) as [string, number][];
  return { name: fullName(object), values, ...(syntax === "proto3" && { open: true }) };
}

function readMessage(type: protobufjs.Type, syntax: Syntax): MessageDeclaration {
  const fields = type.fieldsArray
    .filter((field) => field.extend === undefined)
    .map((field) => readField(field, syntax));
  return { name: fullName(type), fields, ...(syntax === "proto3" && { strictUtf8: true }) };
}

function readField(field: protobufjs.Field, syntax: Syntax): FieldDeclaration {
  const options: Readonly<Record<string, unknown>> = field.options ?? {};
  const rule = field instanceof protobufjs.MapField ? "map" : fieldRule(field);
  const oneof = options.proto3_optional === true ? undefined : field.partOf?.name;
  const implicit = syntax === "proto3" && rule === undefined && oneof === undefined && options.proto3_optional !== true;
  const packed = rule === "repeated" && (typeof options.packed === "boolean" ? options.packed : syntax === "proto3");
  const value = defaultJson(field, options.default);
  return {
    name: field.name,
    number: field.id,
    type: field.type,
    ...(rule !== undefined && { rule }),
    ...(field instanceof protobufjs.MapField && { key: field.keyType }),
    ...(packed && { packed }),
    ...(value !== undefined && { default: value }),
    ...(implicit && { implicit }),
    ...(oneof !== undefined && { oneof }),
  };
}

function fieldRule(field: protobufjs.Field): "required" | "repeated" | undefined {
  const { rule } = field as { rule?: string };
  return rule === "required" || rule === "repeated" ? rule : undefined;
}

/** A default as JSON holds it (declaration.ts). protobufjs reads numbers of `.proto` texts as doubles. */
function defaultJson({ name, type }: protobufjs.Field, value: unknown): string | number | boolean | undefined {
  if (type === "bytes" && typeof value === "string") return Buffer.from(value, "latin1").toString("base64");
  if (typeof value === "number") {
    if (type.endsWith("64")) {
      if (Number.isSafeInteger(value)) return String(value);
      throw new TypeError(`the default of ${name} is beyond 53 bits, where it cannot be read exactly`);
    }
    if (Number.isFinite(value)) return value;
    return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  }
  return typeof value === "string" || typeof value === "boolean" ? value : undefined;
}

function namesIn(namespace: protobufjs.NamespaceBase): Set<string> {
  return new Set(
    namespace.nestedArray.flatMap((object) => [
      object.name,
      ...(object instanceof protobufjs.Namespace ? namesIn(object) : []),
    ]),
  );
}
