/**
 * Asks the questions of `negotiate.ts` with calls. Loaded only when something is asked, so that a client that never
 * negotiates does not load the engines that asking needs.
 */
import type { AnyProtocol } from "../protocol/definition.js";
import { versionedProtocol } from "../protocol/engines/writable.js";
import { Reflection } from "../protocol/reflection.js";
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
  return {
    async list(address) {
      const served = await reflection(address).list();
      return served.map(({ name, version, kind }) => ({ name, version: Number(version), kind }));
    },
    async describe(protocol, address) {
      const described = await reflection(address).describe(protocol.name);
      return described
        .filter(({ engine }) => engine === protocol.engine.name)
        .map(({ version, hashes }) => ({ version: Number(version), methods: hashes }));
    },
    async highestVersion(protocol, address) {
      return Number(await versioned(protocol, address).getProtocolVersion(protocol.name, BigInt(protocol.version)));
    },
    async signature(protocol, address) {
      const { name, version, signature } = protocol;
      const answer = await versioned(protocol, address).getProtocolSignature(
        name,
        BigInt(version),
        signature.fingerprint,
      );
      if (answer === null) return { version, methods: null };
      return { version: Number(answer.version), methods: answer.methods };
    },
  };
}
