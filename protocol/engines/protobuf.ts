/**
 * The protobuf engine, RPC kind 2: what Hadoop's own daemons and tools speak (Hadoop: ipc/ProtobufRpcEngine2.java).
 *
 * protobufjs reads `.proto` files and descriptors; the codec is ours, so that 64-bit integers are exact, proto2's required
 * fields hold, and nothing is generated from names that come from outside. The bytes are drawn in `protobuf/request-head.ts`
 * and `protobuf/field-codec.ts`, the values in `protobuf/message-codec.ts`.
 */
import { type MethodMap, type ProtocolDefinition, RPC_KIND } from "../definition.js";
import type { DecodeLimits, Engine, ServiceLookup } from "../engine.js";
import { RpcError } from "../rpc-error.js";
import { ProtobufClientSession } from "./protobuf/client-session.js";
import type { ProtobufDeclaration } from "./protobuf/declaration.js";
import { ProtobufProtocol } from "./protobuf/definition.js";
import { ProtobufServerSession } from "./protobuf/server-session.js";
import type { ProtocolOptions, ProtoSource } from "./protobuf/source.js";

export type {
  EnumDeclaration,
  FieldDeclaration,
  MessageDeclaration,
  MethodDeclaration,
  ProtobufDeclaration,
} from "./protobuf/declaration.js";
export { loadProto, parseProto } from "./protobuf/files.js";
export { protobufJson } from "./protobuf/json.js";
export type { HadoopProtocol, ProtocolOptions, ProtoSource } from "./protobuf/source.js";
export { typesModule } from "./protobuf/types-module.js";

export const protobufEngine: Engine = {
  kind: RPC_KIND.protobuf,
  name: "protobuf",
  define: (declaration) => new ProtobufProtocol(protobufEngine, copyOf(declaration)),
  openServer: (services: ServiceLookup, limits: DecodeLimits) => new ProtobufServerSession(services, limits),
  openClient: (limits: DecodeLimits) => new ProtobufClientSession(limits),
};

/** A service of `.proto` files, and what they do not say of it. */
export interface ProtobufOptions extends ProtocolOptions {
  /** What `loadProto` or `parseProto` gave. */
  readonly source: ProtoSource;
}

/**
 * Makes a protocol of a service of a `.proto`, or of a declaration that was made of one before.
 *
 * ```ts
 * const source = await parseProto({ "greeter.proto": `
 *   syntax = "proto2"; package org.example;
 *   message Hello { required string name = 1; }
 *   message Greeting { required string text = 1; }
 *   service Greeter { rpc hello(Hello) returns (Greeting); }` });
 * const Greeter = protobuf<{ hello(request: { name: string }): { text: string } }>({
 *   source, service: "Greeter", protocolName: "org.example.GreeterProtocol", version: 1, methods: { hello: { idempotent: true } },
 * });
 * ```
 * Every method takes one message and gives one, as plain objects: 64-bit integers are bigint, bytes Uint8Array, enums their names,
 * maps objects. The types of the methods are what the caller says they are; `typesModule` writes them out.
 *
 * Throws BAD_DEFINITION naming the service, the place and the remedy.
 */
export function protobuf<M extends MethodMap = MethodMap>(
  options: ProtobufOptions | ProtobufDeclaration,
): ProtocolDefinition<M> {
  const declaration = "source" in options ? options.source.declarationOf(options) : options;
  return new ProtobufProtocol<M>(protobufEngine, copyOf(declaration));
}

/** A declaration's own copy, as JSON holds it: it cannot change later, and it is what reflection hands out. */
function copyOf(declaration: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(declaration) ?? "null") as unknown;
  } catch (error) {
    throw new RpcError("BAD_DEFINITION", "a declaration of a protobuf protocol is JSON", { cause: error });
  }
}
