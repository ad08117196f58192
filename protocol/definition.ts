/**
 * What a versioned protocol is: a value that both sides hold, made by an engine's function (`avro`, `writable`).
 *
 * Its type parameter is a flat map from method name to function type; proxies and implementations derive from it.
 */
import type { Engine } from "./engine.js";

/** Numbers of RpcKindProto (Hadoop: RpcHeader.proto); 16 is ours, for Avro. */
export const RPC_KIND = { builtin: 0, writable: 1, protobuf: 2, avro: 16 } as const;
/** A number of `RPC_KIND`. */
export type RpcKind = (typeof RPC_KIND)[keyof typeof RPC_KIND];

/** Names of the kinds as Hadoop prints them. */
export const RPC_KIND_NAMES: Readonly<Record<RpcKind, string>> = {
  0: "RPC_BUILTIN",
  1: "RPC_WRITABLE",
  2: "RPC_PROTOCOL_BUFFER",
  16: "RPC_AVRO",
};

/** Method name to function type, without the trailing call or options argument. */
export type MethodMap = Record<string, (...args: never[]) => unknown>;

/** What both sides know of a method; how its arguments are encoded is the engine's business. */
export interface MethodDefinition {
  readonly name: string;
  /** Place in the definition's `methods`, from 0. */
  readonly index: number;
  /** Number of declared arguments. */
  readonly arity: number;
  /** Java's method hash, a signed 32-bit integer (Hadoop: ipc/ProtocolSignature.java). */
  readonly hash: number;
  /** The caller does not wait, and no answer is ever sent. */
  readonly oneWay: boolean;
  /** Running the method twice is the same as running it once. */
  readonly idempotent: boolean;
  /** A repeated call is answered from the server's retry cache. */
  readonly atMostOnce: boolean;
}

/** By what versions of a protocol are compared (Hadoop: ipc/ProtocolSignature.java). Made by `signatureOf`. */
export interface ProtocolSignature {
  readonly version: number;
  /** Method hashes, signed 32-bit, ascending. */
  readonly methods: readonly number[];
  /** Java's fingerprint of the set of hashes, a signed 32-bit integer. */
  readonly fingerprint: number;
}

/** A protocol at one version. Made by `avro(...)` or `writable(...)`, never by hand. */
export interface ProtocolDefinition<M extends MethodMap = MethodMap> {
  readonly engine: Engine;
  readonly name: string;
  /** A safe non-negative integer; a Java long on the wire. */
  readonly version: number;
  readonly methods: ReadonlyMap<string, MethodDefinition>;
  readonly signature: ProtocolSignature;
  /** Protocols whose methods this one has too: who serves it serves them as well, with the same handlers. */
  readonly inherits?: readonly AnyProtocol[];
  /** JSON that `engine.define` turns back into this definition; what reflection hands out. */
  readonly declaration: unknown;
  /** Carries the method types; never set. */
  readonly types?: M;
}

/** A definition whatever its methods, for code that treats all protocols alike. */
// biome-ignore lint/suspicious/noExplicitAny: any definition, whatever its methods
export type AnyProtocol = ProtocolDefinition<any>;

/** The methods of a definition's type. */
export type MethodsOf<P> = P extends ProtocolDefinition<infer M> ? M : never;
