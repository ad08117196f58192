/**
 * The questions of VersionedProtocol, which every server answers (Hadoop: ipc/VersionedProtocol.java,
 * ipc/ProtocolSignature.java).
 *
 * ```
 *   long getProtocolVersion(String protocol, long clientVersion)
 *   ProtocolSignature getProtocolSignature(String protocol, long clientVersion, int clientMethodsHash)
 * ```
 */
import { type ProtocolSignature, RPC_KIND } from "../../definition.js";
import type { MethodHandler, ServiceLookup } from "../../engine.js";
import type { WritableProtocol } from "./definition.js";
import type { JavaProtocolSignature } from "./writables.js";

/**
 * The answer of a server that has none of its own. It is about the protocol that is asked for, at the highest version
 * served; about `routed`, the connection's, if that name is not served.
 */
export function versionedHandler(method: string, routed: WritableProtocol, services: ServiceLookup): MethodHandler {
  const signatureOf = (name: unknown): ProtocolSignature => {
    const asked = typeof name === "string" ? name : routed.name;
    const version = services.versions(RPC_KIND.writable, asked).at(-1);
    const service = version === undefined ? undefined : services.find(RPC_KIND.writable, asked, version);
    return (service?.definition ?? routed).signature;
  };
  if (method === "getProtocolVersion") return (name) => BigInt(signatureOf(name).version);
  return (name, _clientVersion, clientHash): JavaProtocolSignature => {
    const { version, methods, fingerprint } = signatureOf(name);
    return { version: BigInt(version), methods: fingerprint === clientHash ? null : methods };
  };
}
