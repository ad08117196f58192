/** From a declaration to a definition: checks everything once, and prepares what every call needs. */
import type { AnyProtocol, MethodDefinition, ProtocolSignature } from "../../definition.js";
import type { Engine } from "../../engine.js";
import { RpcError } from "../../rpc-error.js";
import { methodHash, signatureOf } from "../../signature.js";
import { ByteWriter } from "../../wire/byte-writer.js";
import { declareTypes, OPAQUE_WRITABLE, resolveFor } from "./declared-types.js";
import type { JavaType } from "./java-type.js";
import type { TypeTable } from "./type-table.js";
import { MAX_UTF8_CHARS, writeUtf8String } from "./utf8.js";

/** Version of the Invocation's layout (Hadoop: ipc/WritableRpcEngine.java, writableRpcVersion). */
export const WRITABLE_RPC_VERSION = 2n;

/** The interface that most Java protocols extend (Hadoop: ipc/VersionedProtocol.java). */
export const VERSIONED_PROTOCOL = "org.apache.hadoop.ipc.VersionedProtocol";

/** Java types of the methods of VersionedProtocol, as `Class.getName()` says them. */
export const VERSIONED_METHODS = {
  getProtocolVersion: { parameters: ["java.lang.String", "long"], returns: "long" },
  getProtocolSignature: {
    parameters: ["java.lang.String", "long", "int"],
    returns: "org.apache.hadoop.ipc.ProtocolSignature",
  },
} as const;

/** A method with its types, and the constant first bytes of every call of it. */
export class WritableMethod implements MethodDefinition {
  readonly name: string;
  readonly index: number;
  readonly hash: number;
  readonly oneWay = false;
  readonly idempotent: boolean;
  readonly atMostOnce: boolean;
  readonly parameters: readonly JavaType[];
  readonly returns: JavaType;
  /** The interface that declares the method; a call is sent under its name and version. */
  readonly declaredBy: WritableProtocol;
  #invocationHead: Buffer | undefined;

  constructor(declaredBy: WritableProtocol, index: number, method: Omit<MethodTypes, "declaration">) {
    this.declaredBy = declaredBy;
    this.index = index;
    this.name = method.name;
    this.parameters = method.parameters;
    this.returns = method.returns;
    this.idempotent = method.idempotent;
    this.atMostOnce = method.atMostOnce;
    this.hash = methodHash(
      method.name,
      method.returns.className,
      method.parameters.map((type) => type.className),
    );
  }

  get arity(): number {
    return this.parameters.length;
  }

  /**
   * Everything of the Invocation in front of the parameters.
   *
   * ```
   *   | 2 int64 | UTF8 protocol | UTF8 method | version int64 | fingerprint int32 | number of parameters int32 |
   * ```
   */
  get invocationHead(): Buffer {
    this.#invocationHead ??= encodeInvocationHead(this);
    return this.#invocationHead;
  }
}

function encodeInvocationHead(method: WritableMethod): Buffer {
  const { name, version, signature } = method.declaredBy;
  // Java asks VersionedProtocol for no version and no hash: it has neither.
  const hash = name === VERSIONED_PROTOCOL ? 0 : signature.fingerprint;
  const out = new ByteWriter(256);
  out.writeInt64(WRITABLE_RPC_VERSION);
  writeUtf8String(name, out);
  writeUtf8String(method.name, out);
  out.writeInt64(BigInt(version));
  out.writeInt32(hash);
  out.writeInt32(method.arity);
  return out.take();
}

/** What `writable` makes. */
export class WritableProtocol implements AnyProtocol {
  readonly engine: Engine;
  readonly name: string;
  readonly version: number;
  readonly methods: ReadonlyMap<string, WritableMethod>;
  readonly signature: ProtocolSignature;
  readonly inherits: readonly WritableProtocol[];
  /** The Java interface extends VersionedProtocol. */
  readonly versioned: boolean;
  /** Every class that a call of this protocol may name. */
  readonly typeTable: TypeTable;
  readonly declaration: unknown;

  /** Throws BAD_DEFINITION. */
  constructor(engine: Engine, declaration: unknown) {
    const checked = checkDeclaration(declaration, engine);
    const { name } = checked;
    this.engine = engine;
    this.name = name;
    this.version = checked.version;
    this.inherits = checked.inherits;
    this.versioned = checked.versioned || checked.inherits.some((base) => base.versioned);
    this.typeTable = named(name, () =>
      declareTypes(
        checked,
        checked.inherits.map((base) => base.typeTable),
      ),
    );
    const methods = new Map<string, WritableMethod>();
    for (const base of this.inherits) {
      for (const method of base.methods.values()) {
        methods.set(method.name, new WritableMethod(method.declaredBy, methods.size, method));
      }
    }
    for (const [methodName, method] of checked.methods) {
      const types = checkMethod(`${name}.${methodName}`, methodName, method, this.typeTable);
      methods.set(methodName, new WritableMethod(this, methods.get(methodName)?.index ?? methods.size, types));
    }
    this.methods = methods;
    this.signature = signatureOf(this.version, hashes(methods, this.versioned));
    this.declaration = declarationOf(checked, methods);
  }
}

/** The hashes of the interface's methods, and of VersionedProtocol's where Java has them too. */
function hashes(methods: ReadonlyMap<string, WritableMethod>, versioned: boolean): { hash: number }[] {
  const all: { hash: number }[] = [...methods.values()];
  if (!versioned) return all;
  for (const [name, { parameters, returns }] of Object.entries(VERSIONED_METHODS)) {
    const hash = methodHash(name, returns, parameters);
    if (methods.get(name)?.hash !== hash) all.push({ hash });
  }
  return all;
}

interface MethodTypes {
  readonly name: string;
  readonly parameters: readonly JavaType[];
  readonly returns: JavaType;
  readonly idempotent: boolean;
  readonly atMostOnce: boolean;
}

interface CheckedDeclaration {
  readonly name: string;
  readonly version: number;
  readonly methods: ReadonlyMap<string, unknown>;
  readonly enums: ReadonlyMap<string, unknown>;
  readonly writables: ReadonlyMap<string, unknown>;
  readonly inherits: readonly WritableProtocol[];
  readonly versioned: boolean;
}

function bad(message: string): RpcError {
  return new RpcError("BAD_DEFINITION", message);
}

function named<T>(name: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw bad(`${name}: ${RpcError.from(error).message}`);
  }
}

/** Java has no methods with more parameters (Java Virtual Machine Specification, section 4.3.3). */
export const MAX_PARAMETERS = 255;

const DECLARATION_KEYS = ["protocol", "version", "methods", "enums", "writables", "inherits", "versionedProtocol"];
const METHOD_KEYS = ["parameters", "returns", "idempotent", "atMostOnce"];

function checkKeys(where: string, value: object, allowed: readonly string[]): void {
  const unknown = Object.keys(value).find((key) => !allowed.includes(key));
  if (unknown !== undefined) throw bad(`${where}: unknown key "${unknown}"; there are ${allowed.join(", ")}`);
}

function checkDeclaration(declaration: unknown, engine: Engine): CheckedDeclaration {
  if (typeof declaration !== "object" || declaration === null)
    throw bad("a declaration of a Writable protocol must be an object");
  const { protocol, version, methods, enums, writables, inherits, versionedProtocol } = declaration as Record<
    string,
    unknown
  >;
  if (typeof protocol !== "string" || protocol === "" || protocol.length > MAX_UTF8_CHARS) {
    throw bad("protocol must be the name of the Java interface, as Class.getName() says it");
  }
  checkKeys(protocol, declaration, DECLARATION_KEYS);
  if (!Number.isSafeInteger(version) || (version as number) < 0) {
    throw bad(`${protocol}: version must be a safe non-negative integer, Java's versionID`);
  }
  if (!Array.isArray(inherits ?? [])) throw bad(`${protocol}: inherits must be an array of definitions`);
  return {
    name: protocol,
    version: version as number,
    methods: table(`${protocol}: methods`, methods),
    enums: table(`${protocol}: enums`, enums ?? {}),
    writables: table(`${protocol}: writables`, writables ?? {}),
    inherits: ((inherits ?? []) as unknown[]).map((base) => checkBase(protocol, base, engine)),
    versioned: flag(`${protocol}: versionedProtocol`, versionedProtocol, true),
  };
}

/** Entries instead of properties: a name is never looked up in an object with a prototype. */
function table(where: string, value: unknown): ReadonlyMap<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return new Map(Object.entries(value));
  throw bad(`${where} must be an object`);
}

function flag(where: string, value: unknown, otherwise: boolean): boolean {
  if (value === undefined || typeof value === "boolean") return value ?? otherwise;
  throw bad(`${where} must be true or false`);
}

/** A super-interface comes as a definition, or as the declaration that reflection hands out. */
function checkBase(protocol: string, base: unknown, engine: Engine): WritableProtocol {
  if (base instanceof WritableProtocol) return base;
  if (typeof base === "object" && base !== null && "engine" in base) {
    throw bad(`${protocol}: inherits must hold definitions made by writable()`);
  }
  return named(protocol, () => new WritableProtocol(engine, base));
}

const NONNULL = "@Nonnull ";

function checkMethod(where: string, name: string, method: unknown, types: TypeTable): MethodTypes {
  if (typeof method !== "object" || method === null) {
    throw bad(`${where}: must be { parameters: ["java.lang.String", ...], returns: "java.lang.String" }`);
  }
  checkKeys(where, method, METHOD_KEYS);
  const { parameters = [], returns, idempotent, atMostOnce } = method as Record<string, unknown>;
  if (name === "" || name.length > MAX_UTF8_CHARS) throw bad(`${where}: a method must have a name`);
  if (!Array.isArray(parameters)) throw bad(`${where}: parameters must be an array of names of Java types`);
  if (parameters.length > MAX_PARAMETERS) throw bad(`${where}: a method has at most ${MAX_PARAMETERS} parameters`);
  return {
    name,
    parameters: parameters.map((typeName: unknown, i) =>
      checkParameter(`${where}: parameter ${i + 1}`, typeName, types),
    ),
    returns: checkType(`${where}: returns`, returns, types),
    idempotent: flag(`${where}: idempotent`, idempotent, false),
    atMostOnce: flag(`${where}: atMostOnce`, atMostOnce, false),
  };
}

function checkParameter(where: string, typeName: unknown, types: TypeTable): JavaType {
  const type = checkType(where, typeName, types);
  if (type.kind === "void") throw bad(`${where}: void has no values; leave it out`);
  return type;
}

function checkType(where: string, typeName: unknown, types: TypeTable): JavaType {
  if (typeof typeName !== "string" || !typeName.startsWith(NONNULL)) return resolveFor(where, typeName, types);
  const type = resolveFor(where, typeName.slice(NONNULL.length), types);
  if (type.kind === "void" || type.kind === "primitive")
    throw bad(`${where}: ${type.label} is never null; leave out @Nonnull`);
  const nonNull = { ...type, nullBytes: undefined };
  return nonNull;
}

/** The declaration as JSON. */
function declarationOf(checked: CheckedDeclaration, methods: ReadonlyMap<string, WritableMethod>): unknown {
  const own = Array.from(checked.methods.keys(), (name) => [
    name,
    methodDeclaration(methods.get(name) as WritableMethod),
  ]);
  const writables = Array.from(checked.writables, ([name, value]) => [name, writableDeclaration(value)]);
  return {
    protocol: checked.name,
    version: checked.version,
    methods: Object.fromEntries(own),
    ...(checked.enums.size > 0 && { enums: Object.fromEntries(checked.enums) }),
    ...(writables.length > 0 && { writables: Object.fromEntries(writables) }),
    ...(checked.inherits.length > 0 && { inherits: checked.inherits.map((base) => base.declaration) }),
    ...(!checked.versioned && { versionedProtocol: false }),
  };
}

function methodDeclaration(method: WritableMethod): unknown {
  return {
    parameters: method.parameters.map(typeName),
    returns: typeName(method.returns),
    ...(method.idempotent && { idempotent: true }),
    ...(method.atMostOnce && { atMostOnce: true }),
  };
}

/** The name that a declaration has for a type. */
export function typeName(type: JavaType): string {
  const nullable = type.nullBytes !== undefined || type.kind === "primitive";
  return nullable ? type.label : `${NONNULL}${type.label}`;
}

function writableDeclaration(value: unknown): unknown {
  const isFunctions =
    typeof value === "object" && value !== null && typeof (value as { read?: unknown }).read === "function";
  return isFunctions ? OPAQUE_WRITABLE : value;
}
