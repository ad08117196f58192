/**
 * What a versioned protocol is: a value that both sides hold, made by an engine's function (`avro`, `writable`).
 *
 * Its type parameters are flat maps from method name to function type, as callers see the methods and as handlers do; proxies
 * and implementations derive from them.
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

/** Method name to function type, without the trailing call or options argument: any such map. */
export type MethodMap = Record<string, (...args: never[]) => unknown>;

/** What M must be to be a map of methods; unlike `MethodMap` it lets an `interface` pass. For `M extends MethodsIn<M>`. */
export type MethodsIn<M> = { readonly [Name in keyof M]: (...args: never[]) => unknown };

/** The methods of a protocol of which the compiler knows nothing: they can be called and implemented with any values. */
export type UnknownMethods = Record<string, (...args: unknown[]) => unknown>;

/** M as it is: the compiler's messages show its methods then, and not the declaration of which it is made. */
export type Shown<M> = M extends infer Methods ? Methods : never;

/**
 * Which way a value goes. What callers pass and handlers return is `given`: an array may be readonly, and what has a default
 * may be left out. What handlers get and callers receive is `got`: complete, and the receiver's own.
 */
export type Direction = "given" | "got";

/** What both sides know of a method; how its arguments are encoded is the engine's business. */
export interface MethodDefinition {
  readonly name: string;
  /** Place in the definition's `methods`, from 0. */
  readonly index: number;
  /** Number of declared arguments. */
  readonly arity: number;
  /** Java's method hash, a signed 32-bit integer (Hadoop: ipc/ProtocolSignature.java). */
  readonly hash: number;
  /** The hash of the same method with servers of an earlier release, where a type of its Java signature had another name. */
  readonly formerHash?: number;
  /** The caller does not wait, and no answer is ever sent. */
  readonly oneWay: boolean;
  /**
   * Running the method twice is the same as running it once.
   *
   * This and `atMostOnce` are recorded and handed out by reflection; nothing acts on them before calls are repeated, which this
   * version does not do.
   */
  readonly idempotent: boolean;
  /** Running it twice is not the same, so a repeated call must get the first one's answer. */
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

/**
 * A protocol at one version. Made by `avro(...)` or `writable(...)`, never by hand.
 *
 * M maps names to functions as callers see them (arguments given, results got), H as handlers do (arguments got, results given).
 */
export interface ProtocolDefinition<M = MethodMap, H = M> {
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
  /** Carries the methods' types for callers; never set. */
  readonly types?: M;
  /** Carries the methods' types for handlers; never set. */
  readonly handlerTypes?: H;
}

/** A definition whatever its methods, for code that treats all protocols alike. */
// biome-ignore lint/suspicious/noExplicitAny: any definition, whatever its methods
export type AnyProtocol = ProtocolDefinition<any>;

/** The methods of a definition's type, as callers see them. */
export type MethodsOf<P> = P extends ProtocolDefinition<infer M, unknown> ? M : never;

/** The methods of a definition's type, as handlers see them. */
export type HandlersOf<P> = P extends ProtocolDefinition<unknown, infer H> ? H : never;
