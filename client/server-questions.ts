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
  };
}
