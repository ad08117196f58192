/** A protocol of the Avro engine: its definition, and what is made of it once so that calls are cheap. */
import { LRUCache } from "lru-cache";
import type { AnyProtocol, MethodDefinition, ProtocolSignature } from "../../definition.js";
import type { Engine } from "../../engine.js";
import { RpcError } from "../../rpc-error.js";
import { methodHash, signatureOf } from "../../signature.js";
import { type ClientCodec, CodecCompiler, type ServerCodec } from "./codec.js";
import { readDeclaration } from "./declaration.js";
import { Unresolvable } from "./resolution.js";
import {
  fingerprintOf,
  type MessageNode,
  type ProtocolNode,
  parseSchemaText,
  schemaText,
  typeJson,
} from "./schema-text.js";
import type { TypeNode } from "./type-node.js";

/** Peers' versions that are kept, over all connections, and the most text they may have together. */
const MAX_PEERS = 64;
const MAX_PEERS_TEXT_CHARACTERS = 1_048_576;

export class AvroProtocol implements AnyProtocol {
  readonly engine: Engine;
  readonly name: string;
  readonly version: number;
  readonly methods: ReadonlyMap<string, MethodDefinition>;
  readonly signature: ProtocolSignature;
  readonly declaration: unknown;

  /** The version that this side holds, as it is told to a server. */
  readonly text: string;
  readonly fingerprint: Buffer;
  readonly node: ProtocolNode;
  /** By the method's index. */
  readonly clientCodecs: readonly ClientCodec[];
  readonly #own: PeerVersion;
  readonly #peers = new LRUCache<string, PeerVersion>({
    max: MAX_PEERS,
    maxSize: MAX_PEERS_TEXT_CHARACTERS,
    sizeCalculation: (peer) => peer.textLength,
  });

  /** `declaration` must not change afterwards. Throws BAD_DEFINITION. */
  constructor(engine: Engine, declaration: unknown) {
    const { protocol, version, traits } = readDeclaration(declaration);
    this.engine = engine;
    this.name = protocol.name;
    this.version = version;
    this.declaration = declaration;
    this.node = protocol;
    const methods = protocol.messages.map(
      (message, index): MethodDefinition => ({
        name: message.name,
        index,
        arity: message.request.length,
        hash: hashOf(message),
        oneWay: message.oneWay,
        idempotent: traits[index]?.idempotent ?? false,
        atMostOnce: traits[index]?.atMostOnce ?? false,
      }),
    );
    this.methods = new Map(methods.map((method) => [method.name, method]));
    this.signature = signatureOf(version, methods);
    this.text = schemaText(protocol);
    this.fingerprint = fingerprintOf(this.text);
    this.#assertTellable();
    try {
      const compiler = new CodecCompiler();
      this.clientCodecs = protocol.messages.map((message) => compiler.client(message));
    } catch (error) {
      throw this.#badDefinition(error instanceof Unresolvable ? error.text : "its types nest too deeply", error);
    }
    this.#own = new PeerVersion(this, protocol, this.text.length);
  }

  /**
   * What a peer holds that tells this text. `fingerprint` must be the one of the text.
   * Throws BAD_BYTES if the text is malformed.
   */
  peerVersion(fingerprint: Buffer, text: string): PeerVersion {
    if (fingerprint.equals(this.fingerprint)) return this.#own;
    const key = fingerprint.toString("latin1");
    let peer = this.#peers.get(key);
    if (peer === undefined) {
      peer = new PeerVersion(this, parseSchemaText(text), text.length);
      this.#peers.set(key, peer);
    }
    return peer;
  }

  /** What this side tells, the other side must be able to read. How much it is willing to read is that side's setting. */
  #assertTellable(): void {
    try {
      parseSchemaText(this.text);
    } catch (error) {
      throw this.#badDefinition(error instanceof Error ? error.message : String(error), error);
    }
  }

  #badDefinition(fault: string, cause?: unknown): RpcError {
    return new RpcError("BAD_DEFINITION", `Avro protocol ${this.name}: ${fault}`, { cause });
  }
}

/** A method as a peer calls it. */
export interface PeerMethod {
  readonly method: MethodDefinition;
  readonly codec: ServerCodec;
}

/** A version of a protocol that a peer holds, brought together with ours method by method, when a method is first called. */
export class PeerVersion {
  readonly textLength: number;
  readonly #own: AvroProtocol;
  readonly #peer: ProtocolNode;
  readonly #compiler = new CodecCompiler();
  readonly #methods: (PeerMethod | string | undefined)[] = [];

  constructor(own: AvroProtocol, peer: ProtocolNode, textLength: number) {
    this.#own = own;
    this.#peer = peer;
    this.textLength = textLength;
  }

  /** Number of methods that the peer knows. */
  get size(): number {
    return this.#peer.messages.length;
  }

  /** The method with this place in the peer's list. Throws ERROR_NO_SUCH_METHOD or ERROR_RPC_VERSION_MISMATCH. */
  method(index: number): PeerMethod {
    const message = this.#peer.messages[index] as MessageNode;
    const method = this.#own.methods.get(message.name);
    if (method === undefined) {
      throw new RpcError(
        "ERROR_NO_SUCH_METHOD",
        `Unknown method ${message.name} called on ${this.#own.name} protocol.`,
      );
    }
    const found = this.#methods[index] ?? this.#resolve(message, method);
    this.#methods[index] = found;
    if (typeof found === "string") throw new RpcError("ERROR_RPC_VERSION_MISMATCH", found);
    return found;
  }

  #resolve(message: MessageNode, method: MethodDefinition): PeerMethod | string {
    try {
      return { method, codec: this.#compiler.server(message, this.#own.node.messages[method.index] as MessageNode) };
    } catch (error) {
      const where = `Protocol ${this.#own.name} version ${this.#own.version}: the client's and the server's ${method.name} do not resolve`;
      if (error instanceof Unresolvable) return `${where}: ${error.text}`;
      if (error instanceof RangeError) return `${where}: types nest too deeply`;
      throw error;
    }
  }
}

/**
 * Java's method hash over names of Avro types: a primitive's or named type's own (full) name, else the type as Avro's
 * canonical JSON, in which named types stand by their full names: `["null","org.example.Point"]`.
 */
function hashOf(message: MessageNode): number {
  return methodHash(
    message.name,
    typeName(message.response),
    message.request.map((field) => typeName(field.type)),
  );
}

function typeName(node: TypeNode): string {
  const json = typeJson(withoutLogical(node), namesIn(node));
  return typeof json === "string" ? json : JSON.stringify(json);
}

function withoutLogical(node: TypeNode): TypeNode {
  if (node.kind === "array") return { kind: "array", items: withoutLogical(node.items) };
  if (node.kind === "map") return { kind: "map", values: withoutLogical(node.values) };
  if (node.kind === "union") return { kind: "union", branches: node.branches.map(withoutLogical) };
  return "logical" in node ? { ...node, logical: undefined } : node;
}

/** The named types that a type names itself, not those within them. */
function namesIn(node: TypeNode): Set<string> {
  if ("name" in node) return new Set([node.name]);
  if (node.kind === "array") return namesIn(node.items);
  if (node.kind === "map") return namesIn(node.values);
  if (node.kind === "union") return new Set(node.branches.flatMap((branch) => [...namesIn(branch)]));
  return new Set();
}
