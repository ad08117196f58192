/**
 * ProtocolMetaInfo, which every server has: the versions of a protocol and its method hashes, by which Hadoop's clients decide
 * what they may call (Hadoop: ipc/ProtocolMetaInfoServerSideTranslatorPB.java).
 *
 * Hadoop is asked for a Java class, which it loads. Here nothing is loaded: the name is one that is served, or that of the Java
 * interface of a protobuf protocol that is. Hadoop's own getProtocolVersions always fails, since its answer has an entry without
 * a name for each kind that lacks the protocol; here such kinds are left out. Kinds go by the names of RPC_KIND_NAMES, so
 * there is a fourth, RPC_AVRO: the field is a text that Hadoop's clients never read, and ours learn it from here.
 */
import { type AnyProtocol, RPC_KIND_NAMES, type RpcKind } from "../../protocol/definition.js";
import type { Service } from "../../protocol/engine.js";
import { javaInterfaceOf } from "../../protocol/engines/protobuf/definition.js";
import { ProtocolMetaInfo, type ServedSignature } from "../../protocol/hadoop-protocols.js";
import { JAVA_CLASS, RpcError } from "../../protocol/rpc-error.js";
import { implement } from "../protocols.js";

const KINDS = new Map(Object.entries(RPC_KIND_NAMES).map(([number, name]) => [name, Number(number) as RpcKind]));

/** `services` is called at the first request: the server's table is complete by then. */
export function protocolMetaInfoService(services: () => readonly Service[]): Service {
  let index: ProtocolIndex | undefined;
  const find = (name: string): readonly AnyProtocol[] => {
    index ??= new ProtocolIndex(services());
    return index.find(name);
  };
  return implement(ProtocolMetaInfo, {
    getProtocolVersions: ({ protocol }) => {
      const found = find(protocol);
      const perKind = [...KINDS].map(([rpcKind, kind]) => ({
        rpcKind,
        versions: ofKind(found, kind).map(({ version }) => BigInt(version)),
      }));
      return { protocolVersions: perKind.filter(({ versions }) => versions.length > 0) };
    },
    getProtocolSignature: ({ protocol, rpcKind }) => {
      const kind = kindOf(rpcKind);
      return { protocolSignature: ofKind(find(protocol), kind).map(signature) };
    },
  });
}

/** Finds what is served of a name: a protocol's own, or its Java interface's. */
class ProtocolIndex {
  readonly #byName = new Map<string, AnyProtocol[]>();
  readonly #nameOfInterface = new Map<string, string>();

  constructor(services: readonly Service[]) {
    for (const { definition } of services) {
      const versions = this.#byName.get(definition.name) ?? [];
      versions.push(definition);
      this.#byName.set(definition.name, versions);
      this.#nameOfInterface.set(javaInterfaceOf(definition), definition.name);
    }
  }

  /** Throws ERROR_APPLICATION as Hadoop does for a class that it cannot load. */
  find(name: string): readonly AnyProtocol[] {
    const found = this.#byName.get(name) ?? this.#byName.get(this.#nameOfInterface.get(name) ?? "");
    if (found === undefined) {
      throw new RpcError("ERROR_APPLICATION", name, { javaClass: JAVA_CLASS.classNotFound });
    }
    return found;
  }
}

function kindOf(name: string): RpcKind {
  const kind = KINDS.get(name);
  if (kind === undefined) {
    const message = `No enum constant org.apache.hadoop.ipc.RPC.RpcKind.${name}`;
    throw new RpcError("ERROR_APPLICATION", message, { javaClass: JAVA_CLASS.illegalArgument });
  }
  return kind;
}

function ofKind(protocols: readonly AnyProtocol[], kind: RpcKind): AnyProtocol[] {
  return protocols.filter(({ engine }) => engine.kind === kind).sort((a, b) => a.version - b.version);
}

function signature({ version, signature: { methods } }: AnyProtocol): ServedSignature {
  return { version: BigInt(version), methods: methods.map((hash) => hash >>> 0) };
}
