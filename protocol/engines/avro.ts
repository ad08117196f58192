/**
 * The Avro engine, RPC kind 16: protocols whose bodies are Avro datums, for TypeScript on both sides.
 *
 * avsc reads declarations and IDL; the codec over its types is ours, since avsc's trusts what it decodes. The bytes are drawn in
 * `avro/wire.ts`, the TypeScript types of values in `avro/types.ts`, the rules between versions in `avro/resolution.ts`.
 */
import { type MethodsIn, type ProtocolDefinition, RPC_KIND, type UnknownMethods } from "../definition.js";
import type { DecodeLimits, Engine, ServiceLookup } from "../engine.js";
import { RpcError } from "../rpc-error.js";
import { AvroProtocol } from "./avro/avro-protocol.js";
import { AvroClientSession } from "./avro/client-session.js";
import { readDeclarationFile } from "./avro/files.js";
import { AvroServerSession } from "./avro/server-session.js";
import type { AvroDeclaration, HandlersOfDeclaration, MethodsOfDeclaration } from "./avro/types.js";

export { avroJson } from "./avro/json.js";
export type {
  AvroDeclaration,
  AvroField,
  AvroMessage,
  AvroSchema,
  AvroSchemaObject,
  HandlersOfDeclaration,
  MethodsOfDeclaration,
  ValueOf,
} from "./avro/types.js";

export const avroEngine: Engine = {
  kind: RPC_KIND.avro,
  name: "avro",
  define: (declaration) => new AvroProtocol(avroEngine, copyOf(declaration)),
  openServer: (services: ServiceLookup, limits: DecodeLimits) => new AvroServerSession(services, limits),
  openClient: (limits: DecodeLimits) => new AvroClientSession(limits),
};

/** What a file does not say of its protocol; what is given here beats what it says. */
export interface AvroFileOptions {
  /** A safe whole number from 0. */
  readonly version?: number;
  readonly methods?: { readonly [name: string]: { readonly idempotent?: boolean; readonly atMostOnce?: boolean } };
}

/**
 * Makes a protocol of an Avro declaration; the types of its methods follow from the literal.
 *
 * ```ts
 * const Greeter = avro({
 *   protocol: "Greeter", namespace: "org.example", version: 2,
 *   messages: { hello: { request: [{ name: "name", type: "string" }], response: "string", idempotent: true } },
 * });
 * ```
 * A handler reports a declared error by class and data:
 * `throw new RpcError("ERROR_APPLICATION", "too long", { javaClass: "org.example.TooLong", data: { limit: 5 } })`; the caller finds
 * both in the error it gets.
 *
 * Throws BAD_DEFINITION naming the protocol, the place and the remedy.
 */
export function avro<const D extends AvroDeclaration>(
  declaration: D,
): ProtocolDefinition<MethodsOfDeclaration<D>, HandlersOfDeclaration<D>>;
/**
 * Makes a protocol of an `.avpr` or `.avdl` file, which is read at once. Its method types are what the caller says they are, in a
 * type or an interface: `avro<{ hello(name: string): string }>("greeter.avdl", { version: 2 })`. Without, any method may be
 * called with any values, and results are `unknown`.
 *
 * Throws BAD_DEFINITION naming the file and the place in it.
 */
export function avro<M extends MethodsIn<M> = UnknownMethods>(
  file: string | URL,
  options?: AvroFileOptions,
): ProtocolDefinition<M>;
export function avro(source: AvroDeclaration | string | URL, options: AvroFileOptions = {}): ProtocolDefinition {
  if (typeof source !== "string" && !(source instanceof URL)) return new AvroProtocol(avroEngine, copyOf(source));
  const file = copyOf(readDeclarationFile(source)) as { messages?: Record<string, unknown>; version?: unknown };
  if (options.version !== undefined) file.version = options.version;
  if (file.version === undefined) {
    throw new RpcError(
      "BAD_DEFINITION",
      `${String(source)} says no version: give one, like avro(file, { version: 1 })`,
    );
  }
  const messages = new Map(Object.entries(file.messages ?? {}));
  for (const [name, traits] of Object.entries(options.methods ?? {})) {
    const message = messages.get(name);
    if (typeof message !== "object" || message === null) {
      throw new RpcError("BAD_DEFINITION", `${String(source)} has no message ${name}, which options.methods names`);
    }
    Object.assign(message, traits);
  }
  return new AvroProtocol(avroEngine, file);
}

/** A declaration's own copy, as JSON holds it: it cannot change later, and it is what reflection hands out. */
function copyOf(declaration: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(declaration) ?? "null") as unknown;
  } catch (error) {
    throw new RpcError("BAD_DEFINITION", "An Avro declaration is JSON: no bigint, no value that holds itself", {
      cause: error,
    });
  }
}
