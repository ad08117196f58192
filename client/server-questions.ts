/**
 * Asks the questions of `negotiate.ts` with calls. Loaded only when something is asked, so that a client that never
 * negotiates does not load the engines that asking needs.
 */
import { type AnyProtocol, RPC_KIND_NAMES } from "../protocol/definition.js";
import { javaInterfaceOf } from "../protocol/engines/protobuf/definition.js";
import { versionedProtocol } from "../protocol/engines/writable.js";
import { ProtocolMetaInfo } from "../protocol/hadoop-protocols.js";
import { Reflection } from "../protocol/reflection.js";
import { JAVA_CLASS, RemoteError, RpcError } from "../protocol/rpc-error.js";
import type { Address } from "./address.js";
import type { Invoker } from "./invoker.js";
import type { ServerQuestions } from "./negotiate.js";
import { createProxy, createTarget, type RpcProxy } from "./proxy.js";

/** Questions that are asked with the connections of `invoker`. */
export function createServerQuestions(invoker: Invoker): ServerQuestions {
  const reflection = (address: Address) =>
    createProxy(invoker, createTarget(Reflection, address)) as RpcProxy<typeof Reflection>;
  // A server answers these for the protocol that the connection was opened for.
  const versioned = (protocol: AnyProtocol, address: Address) =>
    createProxy(invoker, createTarget(versionedProtocol, address, protocol.name)) as RpcProxy<typeof versionedProtocol>;
  // Asked on the protocol's own connection, as Hadoop's client does: a server authorizes by the protocol that it was opened for.
  const metaInfo = (protocol: AnyProtocol, address: Address) =>
    createProxy(invoker, createTarget(ProtocolMetaInfo, address, protocol.name)) as RpcProxy<typeof ProtocolMetaInfo>;
  return {
    async list(address, options) {
      const served = await reflection(address).list(options);
      return served.map(({ name, version, kind }) => ({ name, version: Number(version), kind }));
    },
    async describe(protocol, address, options) {
      const described = await reflection(address).describe(protocol.name, options);
      return described
        .filter(({ engine }) => engine === protocol.engine.name)
        .map(({ version, hashes }) => ({ version: Number(version), methods: hashes }));
    },
    async highestVersion(protocol, address, options) {
      const { name, version } = protocol;
      return Number(await versioned(protocol, address).getProtocolVersion(name, BigInt(version), options));
    },
    async signature(protocol, address, options) {
      const { name, version, signature } = protocol;
      const answer = await versioned(protocol, address).getProtocolSignature(
        name,
        BigInt(version),
        signature.fingerprint,
        options,
      );
      if (answer === null) return { version, methods: null };
      return { version: Number(answer.version), methods: answer.methods };
    },
    async signatures(protocol, address, options) {
      const javaInterface = javaInterfaceOf(protocol);
      const request = { protocol: javaInterface, rpcKind: RPC_KIND_NAMES[protocol.engine.kind] };
      try {
        const { protocolSignature } = await metaInfo(protocol, address).getProtocolSignature(request, options);
        return protocolSignature.map(({ version, methods }) => ({
          version: Number(version),
          // They are signed everywhere else.
          methods: methods.map((hash) => hash | 0),
        }));
      } catch (error) {
        if (!(error instanceof RemoteError) || error.javaClass !== JAVA_CLASS.classNotFound) throw error;
        throw unknownInterface(protocol, javaInterface, address, error);
      }
    },
  };
}

function unknownInterface(
  protocol: AnyProtocol,
  javaInterface: string,
  address: Address,
  cause: RemoteError,
): RpcError {
  const remedy =
    javaInterface === protocol.name
      ? ": if its Java interface has another name, as those of Hadoop have (...PB), give that to protobuf({ javaInterface })"
      : "";
  return new RpcError(
    "ERROR_NO_SUCH_PROTOCOL",
    `${address.text} does not serve ${protocol.name}: it does not know the Java interface ${javaInterface}${remedy}`,
    { cause },
  );
}
