/**
 * Contract of an engine: how the bodies of requests and responses look for one RPC kind. `engines/` holds one file each.
 *
 * An engine knows no socket. A session is its memory of one connection (Avro keeps the peer's schemas there).
 * Readers are cursors that the caller reuses: whoever needs the bytes later keeps `buffer`, `position` and `end`.
 */
import type { AnyProtocol, MethodDefinition, RpcKind } from "./definition.js";
import type { RpcError } from "./rpc-error.js";
import type { ByteReader } from "./wire/byte-reader.js";
import type { ByteWriter } from "./wire/byte-writer.js";

export interface Engine {
  readonly kind: RpcKind;
  /** Short name, as `hrpc list` prints it: "avro", "writable". */
  readonly name: string;
  /** Makes a definition of the declaration that another definition of this engine carries; throws BAD_DEFINITION. */
  define(declaration: unknown): AnyProtocol;
  openServer(services: ServiceLookup, limits: DecodeLimits): ServerSession;
  openClient(limits: DecodeLimits): ClientSession;
}

/** What one body may cost its decoder beyond its own bytes. */
export interface DecodeLimits {
  /** Items that take no bytes (null, empty record), counted over a whole body. */
  readonly maxEmptyItems: number;
  /** Arrays, maps and their entries, records, byte arrays and dates, counted over a whole body. */
  readonly maxObjects: number;
  /** Nesting of records, arrays, maps and unions. */
  readonly maxDepth: number;
  /** Bytes of a schema that a peer sends. */
  readonly maxSchemaBytes: number;
}

/** The settings that hold the limits, by which errors name them; see conf/keys.ts. */
export const DECODE_LIMIT_KEYS = {
  maxEmptyItems: "hrpcd.decode.empty.items.max",
  maxObjects: "hrpcd.decode.objects.max",
  maxDepth: "hrpcd.decode.depth.max",
  maxSchemaBytes: "hrpcd.decode.schema.max.length",
} as const satisfies Record<keyof DecodeLimits, string>;

/** The defaults of those settings, for whoever uses an engine without any. */
export const DEFAULT_DECODE_LIMITS: DecodeLimits = {
  maxEmptyItems: 10_000,
  maxObjects: 1_000_000,
  maxDepth: 100,
  maxSchemaBytes: 65_536,
};

/** A method body: declared arguments, then the call. */
export type MethodHandler = (...args: unknown[]) => unknown;

/** What serves one protocol at one version. */
export interface Service {
  readonly definition: AnyProtocol;
  readonly handlers: ReadonlyMap<string, MethodHandler>;
}

/** Finds what a request names, in tables made at start. */
export interface ServiceLookup {
  find(kind: RpcKind, name: string, version: number): Service | undefined;
  /** Versions served of a name, ascending; empty if the name is unknown. */
  versions(kind: RpcKind, name: string): readonly number[];
}

export interface ServerSession {
  /**
   * Reads a request body as far as needed to know its method. Runs in the reader, in the order of the wire.
   *
   * `connectionProtocol` is what the connection context named ("" if nothing).
   * Throws RpcError: its code decides whether the connection stays open.
   */
  readRequest(body: ByteReader, connectionProtocol: string): ServerRequest;
}

/** One request on its way to a handler. */
export interface ServerRequest {
  /** Protocol and version the call is for, for logs and metrics. */
  readonly protocol: AnyProtocol;
  readonly method: MethodDefinition;
  readonly handler: MethodHandler;
  /** Decodes the arguments; runs in the handler. Throws RpcError (ERROR_APPLICATION for bytes that do not fit). */
  readArguments(): unknown[];
  /** Encodes a result. Throws if the value does not fit the declared type; the caller rewinds the writer. */
  writeResult(value: unknown, out: ByteWriter): void;
  /** Writes what travels behind an ERROR header (declared errors); writes nothing if there is nothing to say. */
  writeError(error: RpcError, out: ByteWriter): void;
}

export interface ClientSession {
  /** Encodes a request body. Throws BAD_ARGUMENT naming the argument; the caller rewinds the writer. */
  writeRequest(protocol: AnyProtocol, method: MethodDefinition, args: readonly unknown[], out: ByteWriter): void;
  /** Decodes a result and leaves the reader behind it. Throws BAD_RESULT. */
  readResult(protocol: AnyProtocol, method: MethodDefinition, body: ByteReader): unknown;
  /** Decodes what `ServerRequest.writeError` wrote; undefined if the reader is at its end. */
  readError(protocol: AnyProtocol, method: MethodDefinition, body: ByteReader): unknown;
}
