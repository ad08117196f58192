/**
 * The Writable engine: Java interfaces as Hadoop's WritableRpcEngine speaks them (RPC kind 1).
 *
 * ```ts
 * export const MyInterface = writable({
 *   protocol: "demo.MyInterface", version: 1001,
 *   methods: { helloWorld: { parameters: ["java.lang.String"], returns: "java.lang.String", idempotent: true } },
 * });
 * ```
 * `writable/types.ts` says which TypeScript type each Java type has, `writable/object-writable.ts` draws the bytes.
 */
import { RPC_KIND } from "../definition.js";
import type { Engine } from "../engine.js";
import { WritableClientSession } from "./writable/client-session.js";
import { VERSIONED_METHODS, VERSIONED_PROTOCOL, WritableProtocol } from "./writable/definition.js";
import { WritableServerSession } from "./writable/server-session.js";
import type { WritableDeclaration, WritableProtocolOf } from "./writable/types.js";

export { VERSIONED_PROTOCOL } from "./writable/definition.js";
export type {
  JavaValue,
  WritableDeclaration,
  WritableMethodDeclaration,
  WritableProtocolOf,
} from "./writable/types.js";
export type { WritableFields, WritableFunctions } from "./writable/user-writables.js";
export type { JavaProtocolSignature } from "./writable/writables.js";

/** The engine of RPC kind 1, `RPC_WRITABLE`. */
export const writableEngine: Engine = {
  kind: RPC_KIND.writable,
  name: "writable",
  define: (declaration) => new WritableProtocol(writableEngine, declaration),
  openServer: (services, limits) => new WritableServerSession(services, limits, versioned),
  openClient: (limits) => new WritableClientSession(limits),
};

/**
 * Makes a protocol of a Java interface. Throws BAD_DEFINITION that names the protocol, the method, the type and the fix.
 * A name is declared once: Java's overloads of one name cannot be told apart here.
 */
export function writable<const D extends WritableDeclaration>(declaration: D): WritableProtocolOf<D> {
  return new WritableProtocol(writableEngine, declaration) as unknown as WritableProtocolOf<D>;
}

/**
 * The interface behind version negotiation. Every server of this engine answers it for the protocol of the connection,
 * at the highest version served; calls of it carry version 0 and hash 0.
 */
export const versionedProtocol = writable({
  protocol: VERSIONED_PROTOCOL,
  version: 0,
  methods: {
    getProtocolVersion: { ...VERSIONED_METHODS.getProtocolVersion, idempotent: true },
    getProtocolSignature: { ...VERSIONED_METHODS.getProtocolSignature, idempotent: true },
  },
  versionedProtocol: false,
});

const versioned = versionedProtocol as unknown as WritableProtocol;
