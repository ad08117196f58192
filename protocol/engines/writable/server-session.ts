/**
 * The server's half: from the bytes of an Invocation to a method and its arguments (Hadoop: ipc/WritableRpcEngine.java,
 * Invocation.readFields and WritableRpcInvoker.call).
 *
 * ```
 *   | 2 int64 | UTF8 protocol | UTF8 method | client's version int64 | client's hash int32 | n int32 | n objects |
 * ```
 * Bytes that cannot be decoded cost the connection, a protocol, version or method that is not there costs the call; Hadoop
 * decodes first and looks then, so the first fault wins. Bytes behind the last parameter are left alone, as Hadoop does.
 */
import { type AnyProtocol, RPC_KIND } from "../../definition.js";
import type {
  DecodeLimits,
  MethodHandler,
  ServerRequest,
  ServerSession,
  Service,
  ServiceLookup,
} from "../../engine.js";
import { JAVA_CLASS, RpcError } from "../../rpc-error.js";
import type { ByteReader } from "../../wire/byte-reader.js";
import type { ByteWriter } from "../../wire/byte-writer.js";
import {
  MAX_PARAMETERS,
  VERSIONED_PROTOCOL,
  WRITABLE_RPC_VERSION,
  type WritableMethod,
  type WritableProtocol,
} from "./definition.js";
import { createDecodeState, type DecodeState, type JavaType, resetDecodeState, type TypeFinder } from "./java-type.js";
import { need } from "./need.js";
import { readNames, startsWith, writeObject } from "./object-writable.js";
import { BUILTIN_TYPES } from "./type-table.js";
import { readUtf8String } from "./utf8.js";
import { versionedHandler } from "./versioned-protocol.js";

/** Methods whose Invocations a connection recognizes by their first bytes, without decoding names. */
const MAX_KNOWN_HEADS = 16;
const MAX_KNOWN_HEAD_BYTES = 512;
/** Two empty names: no object is shorter. */
const MIN_OBJECT_BYTES = 4;
/** The classes of a method that is not there are named up to this many characters: one Invocation can name megabytes. */
const MAX_CLASSES_CHARS = 1024;

/** What an Invocation says in front of its parameters. */
interface Head {
  readonly rpcVersion: bigint;
  readonly protocol: string;
  readonly method: string;
  readonly clientVersion: bigint;
  readonly count: number;
}

/** A method of a service, found. */
interface Route {
  readonly definition: WritableProtocol;
  readonly method: WritableMethod;
  readonly handler: MethodHandler;
}

interface KnownHead {
  readonly bytes: Buffer;
  readonly route: Route;
}

/** Parameters; `classes` only if they are not the ones that were expected, and then `values` are not whole. */
interface Parameters {
  readonly values: unknown[];
  readonly classes: readonly string[] | undefined;
}

/** One connection's memory: the heads of the methods that it has called. */
export class WritableServerSession implements ServerSession {
  readonly #services: ServiceLookup;
  readonly #versioned: WritableProtocol;
  readonly #state: DecodeState;
  readonly #known: KnownHead[] = [];

  constructor(services: ServiceLookup, limits: DecodeLimits, versioned: WritableProtocol) {
    this.#services = services;
    this.#versioned = versioned;
    this.#state = createDecodeState(limits, BUILTIN_TYPES);
  }

  readRequest(body: ByteReader, connectionProtocol: string): ServerRequest {
    resetDecodeState(this.#state);
    for (const known of this.#known) {
      if (startsWith(body, known.bytes)) return this.#readKnown(body, known);
    }
    return this.#readUnknown(body, connectionProtocol);
  }

  #readKnown(body: ByteReader, known: KnownHead): ServerRequest {
    const { route } = known;
    body.position += known.bytes.length;
    const { parameters } = route.method;
    const found = this.#readParameters(body, parameters.length, route.definition.typeTable, parameters);
    if (found.classes !== undefined) throw noSuchMethod(route.definition.name, route.method.name, found.classes);
    return request(route, found.values);
  }

  #readUnknown(body: ByteReader, connectionProtocol: string): ServerRequest {
    const start = body.position;
    const head = decode(() => readHead(body));
    const headEnd = body.position;
    const viaVersioned = head.protocol === VERSIONED_PROTOCOL;
    const service = viaVersioned ? this.#highest(connectionProtocol) : this.#exact(head.protocol, head.clientVersion);
    const definition = service?.definition as WritableProtocol | undefined;
    const route = service === undefined ? undefined : this.#findMethod(service, head.method, viaVersioned);
    const expected = route?.method.arity === head.count ? route.method.parameters : undefined;
    const types = definition?.typeTable ?? this.#typesOf(head.protocol);
    const found = this.#readParameters(body, head.count, types, expected);
    if (head.rpcVersion !== WRITABLE_RPC_VERSION) throw wrongRpcVersion(head.rpcVersion);
    if (definition === undefined)
      throw this.#noSuchProtocol(viaVersioned ? connectionProtocol : head.protocol, head.clientVersion);
    if (route === undefined || expected === undefined || found.classes !== undefined) {
      throw noSuchMethod(definition.name, head.method, found.classes ?? []);
    }
    if (!viaVersioned) this.#remember(body.buffer.subarray(start, headEnd), route);
    return request(route, found.values);
  }

  #remember(head: Buffer, route: Route): void {
    if (head.length > MAX_KNOWN_HEAD_BYTES) return;
    if (this.#known.length === MAX_KNOWN_HEADS) this.#known.pop();
    this.#known.unshift({ bytes: Buffer.from(head), route });
  }

  #exact(name: string, version: bigint): Service | undefined {
    const number = Number(version);
    return Number.isSafeInteger(number) ? this.#services.find(RPC_KIND.writable, name, number) : undefined;
  }

  #highest(name: string): Service | undefined {
    const version = this.#services.versions(RPC_KIND.writable, name).at(-1);
    return version === undefined ? undefined : this.#services.find(RPC_KIND.writable, name, version);
  }

  /** VersionedProtocol's methods are there unless the service has its own. */
  #findMethod(service: Service, name: string, viaVersioned: boolean): Route | undefined {
    const definition = service.definition as WritableProtocol;
    const own = definition.methods.get(name);
    const handler = service.handlers.get(name);
    if (own !== undefined && handler !== undefined) return { definition, method: own, handler };
    const versioned = viaVersioned || definition.versioned ? this.#versioned.methods.get(name) : undefined;
    if (versioned === undefined) return undefined;
    return { definition, method: versioned, handler: versionedHandler(name, definition, this.#services) };
  }

  /** The classes of all versions of a protocol: a call of a version that is not served must be decoded all the same. */
  #typesOf(name: string): TypeFinder {
    const versions = this.#services.versions(RPC_KIND.writable, name);
    const tables = versions.map((version) => this.#table(name, version));
    return {
      find: (className) => {
        for (const table of tables) {
          const type = table.find(className);
          if (type !== undefined) return type;
        }
        return BUILTIN_TYPES.find(className);
      },
    };
  }

  #table(name: string, version: number): TypeFinder {
    const service = this.#services.find(RPC_KIND.writable, name, version);
    return service === undefined ? BUILTIN_TYPES : (service.definition as WritableProtocol).typeTable;
  }

  #noSuchProtocol(name: string, clientVersion: bigint): RpcError {
    const highest = this.#services.versions(RPC_KIND.writable, name).at(-1);
    if (highest === undefined) return new RpcError("ERROR_RPC_SERVER", `Unknown protocol: ${name}`);
    return new RpcError(
      "ERROR_RPC_VERSION_MISMATCH",
      `Protocol ${name} version mismatch. (client = ${clientVersion}, server = ${highest})`,
    );
  }

  #readParameters(
    body: ByteReader,
    count: number,
    types: TypeFinder,
    expected: readonly JavaType[] | undefined,
  ): Parameters {
    this.#state.types = types;
    try {
      return expected === undefined ? skipAny(body, count, this.#state) : readExpected(body, expected, this.#state);
    } catch (error) {
      throw undecodable(error);
    }
  }
}

function readHead(body: ByteReader): Head {
  need(body, 8, "the version of WritableRpc");
  const rpcVersion = body.readInt64();
  const protocol = readUtf8String(body);
  const method = readUtf8String(body);
  need(body, 16, "the version, the hash or the number of parameters");
  const clientVersion = body.readInt64();
  // Hadoop's server reads the client's hash and never looks at it.
  body.readInt32();
  const count = body.readInt32();
  if (count < 0) throw new RpcError("BAD_BYTES", `the number of parameters is negative: ${count}`);
  if (count > MAX_PARAMETERS) {
    throw new RpcError("BAD_BYTES", `${count} parameters are more than the ${MAX_PARAMETERS} that a method can have`);
  }
  if (count * MIN_OBJECT_BYTES > body.remaining) {
    throw new RpcError("BAD_BYTES", `${count} parameters do not fit into ${body.remaining} bytes`);
  }
  return { rpcVersion, protocol, method, clientVersion, count };
}

/** From the first parameter on that has another class, nothing but the classes is of use. */
function readExpected(body: ByteReader, expected: readonly JavaType[], state: DecodeState): Parameters {
  const values: unknown[] = [];
  for (const type of expected) {
    if (startsWith(body, type.head)) {
      body.position += type.head.length;
      values.push(type.readValue(body, state));
      continue;
    }
    const { className, content } = readNames(body, state, type);
    if (className !== type.className) {
      content?.skipValue(body, state);
      const earlier = expected.slice(0, values.length).map((known) => known.className);
      const later = skipAny(body, expected.length - values.length - 1, state).classes;
      return { values, classes: [...earlier, className, ...later] };
    }
    values.push(content === undefined ? null : content.readValue(body, state));
  }
  return { values, classes: undefined };
}

/** Goes past parameters that no method takes; Hadoop's answer needs their classes. */
function skipAny(body: ByteReader, count: number, state: DecodeState) {
  const classes: string[] = [];
  for (let i = 0; i < count; i++) {
    const { className, content } = readNames(body, state);
    content?.skipValue(body, state);
    classes.push(className);
  }
  return { values: [], classes };
}

function decode<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw undecodable(error);
  }
}

function undecodable(cause: unknown): RpcError {
  const { message } = RpcError.from(cause);
  return new RpcError("FATAL_DESERIALIZING_REQUEST", `IPC server unable to read call parameters: ${message}`, {
    cause,
  });
}

function wrongRpcVersion(version: bigint): RpcError {
  return new RpcError(
    "ERROR_RPC_SERVER",
    `WritableRpc version mismatch, client side version=${version}, server side version=${WRITABLE_RPC_VERSION}`,
  );
}

function applicationError(message: string): RpcError {
  return new RpcError("ERROR_APPLICATION", message, { javaClass: JAVA_CLASS.ioException, outcome: "refused" });
}

function noSuchMethod(protocol: string, method: string, classes: readonly string[]): RpcError {
  const all = classes.join(",");
  const list = all.length > MAX_CLASSES_CHARS ? `${all.slice(0, MAX_CLASSES_CHARS)}...` : all;
  return applicationError(`java.lang.NoSuchMethodException: ${protocol}.${method}(${list})`);
}

function request(route: Route, args: unknown[]): ServerRequest {
  const { definition, method } = route;
  for (let i = 0; i < args.length; i++) {
    const type = method.parameters[i] as JavaType;
    if (args[i] === null && type.nullBytes === undefined) {
      throw applicationError(
        `java.lang.NullPointerException: ${definition.name}.${method.name}: argument ${i + 1} (${type.label}) is null`,
      );
    }
  }
  return new WritableRequest(route, args);
}

class WritableRequest implements ServerRequest {
  readonly #route: Route;
  readonly #args: unknown[];

  constructor(route: Route, args: unknown[]) {
    this.#route = route;
    this.#args = args;
  }

  get protocol(): AnyProtocol {
    return this.#route.definition;
  }

  get method(): WritableMethod {
    return this.#route.method;
  }

  get handler(): MethodHandler {
    return this.#route.handler;
  }

  readArguments(): unknown[] {
    return this.#args;
  }

  writeResult(value: unknown, out: ByteWriter): void {
    const { definition, method } = this.#route;
    try {
      // A void method's result is null, whatever its function returned.
      writeObject(method.returns, method.returns.kind === "void" ? null : value, out, false);
    } catch (error) {
      throw new RpcError(
        "ERROR_SERIALIZING_RESPONSE",
        `${definition.name}.${method.name}: the result (${method.returns.label}) ${RpcError.from(error).message}`,
        { cause: error },
      );
    }
  }

  /** An error of this engine is all in the response's header. */
  writeError(): void {}
}
