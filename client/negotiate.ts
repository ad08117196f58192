/**
 * Choosing among versions: asks a server what it serves, and decides.
 *
 * Each engine has its way: Avro reflection, which servers of ours have; Writable VersionedProtocol, which tells the highest
 * version, and reflection for the others; protobuf ProtocolMetaInfo, which tells all. A Hadoop server closes a connection that
 * asks for reflection, which is harmless.
 */
import { type AnyProtocol, type MethodDefinition, RPC_KIND } from "../protocol/definition.js";
import { RemoteError, RpcError } from "../protocol/rpc-error.js";
import { chooseVersion } from "../protocol/signature.js";
import type { Address } from "./address.js";
import type { CallOptions } from "./options.js";

/** One version of a protocol, as reflection lists it. */
export interface ServedVersion {
  readonly name: string;
  readonly version: number;
  /** RPC kind. */
  readonly kind: number;
}

/** What a server says of the methods of a protocol. */
export interface ServedMethods {
  readonly version: number;
  /** Method hashes; null if they are the ones that were asked with. */
  readonly methods: readonly number[] | null;
}

/** The questions that a server is asked; each is one call with the options given, and fails as a call fails. */
export interface ServerQuestions {
  /** Everything that is served, by reflection. */
  list(address: Address, options?: CallOptions): Promise<readonly ServedVersion[]>;
  /** Methods of every version served of a protocol, by reflection. */
  describe(protocol: AnyProtocol, address: Address, options?: CallOptions): Promise<readonly ServedMethods[]>;
  /** The highest version served of a protocol, by VersionedProtocol. */
  highestVersion(protocol: AnyProtocol, address: Address, options?: CallOptions): Promise<number>;
  /** Methods of the protocol at the version that the server chooses, by VersionedProtocol. */
  signature(protocol: AnyProtocol, address: Address, options?: CallOptions): Promise<ServedMethods>;
  /**
   * Methods of every version served of a protocol, by ProtocolMetaInfo. Rejects with ERROR_NO_SUCH_PROTOCOL if the server does
   * not know the protocol's Java interface.
   */
  signatures(protocol: AnyProtocol, address: Address, options?: CallOptions): Promise<readonly ServedMethods[]>;
}

/**
 * The protocol with the highest version that the server serves too. All must have one name and one engine.
 *
 * Rejects with ERROR_RPC_VERSION_MISMATCH that names the versions of both sides, ERROR_NO_SUCH_PROTOCOL if the server has
 * none, BAD_DEFINITION for a list that is empty or mixed.
 */
export async function negotiateProtocol<P extends AnyProtocol>(
  protocols: readonly P[],
  address: Address,
  questions: ServerQuestions,
  options?: CallOptions,
): Promise<P> {
  const highest = highestOf(protocols);
  const served = await servedVersions(protocols, highest, address, questions, options);
  const chosen = chooseVersion(
    protocols.map((protocol) => protocol.version),
    served,
  );
  for (const protocol of protocols) if (protocol.version === chosen) return protocol;
  throw noCommonVersion(highest.name, protocols, served, address);
}

/**
 * The methods that the server has of the protocol at its version, by their hashes: name, parameters and result.
 * Rejects with ERROR_RPC_VERSION_MISMATCH if the server serves other versions of the protocol only.
 */
export async function fetchServedMethods(
  protocol: AnyProtocol,
  address: Address,
  questions: ServerQuestions,
  options?: CallOptions,
): Promise<readonly number[] | null> {
  const { name, version } = protocol;
  const answers = await answersOf(protocol, address, questions, options);
  const same = answers.find((answer) => answer.version === version);
  if (same !== undefined) return same.methods;
  throw noCommonVersion(
    name,
    [protocol],
    answers.map((answer) => answer.version),
    address,
  );
}

/** Whether a method is among those that a server has; null are all. */
export function isServed({ hash, formerHash }: MethodDefinition, served: readonly number[] | null): boolean {
  return served === null || served.includes(hash) || (formerHash !== undefined && served.includes(formerHash));
}

async function answersOf(
  protocol: AnyProtocol,
  address: Address,
  questions: ServerQuestions,
  options: CallOptions | undefined,
): Promise<readonly ServedMethods[]> {
  const { kind } = protocol.engine;
  if (kind === RPC_KIND.writable) return [await questions.signature(protocol, address, options)];
  if (kind === RPC_KIND.protobuf) return questions.signatures(protocol, address, options);
  return questions.describe(protocol, address, options);
}

/** Versions that the server has; `highest` is the highest of `protocols`. */
async function servedVersions(
  protocols: readonly AnyProtocol[],
  highest: AnyProtocol,
  address: Address,
  questions: ServerQuestions,
  options: CallOptions | undefined,
): Promise<number[]> {
  const { kind } = highest.engine;
  if (kind === RPC_KIND.writable) return servedByVersionedProtocol(protocols, highest, address, questions, options);
  if (kind !== RPC_KIND.protobuf) return versionsListed(await questions.list(address, options), highest);
  const answers = await questions.signatures(highest, address, options);
  return answers.map(({ version }) => version);
}

async function servedByVersionedProtocol(
  protocols: readonly AnyProtocol[],
  highest: AnyProtocol,
  address: Address,
  questions: ServerQuestions,
  options: CallOptions | undefined,
): Promise<number[]> {
  const version = await questions.highestVersion(highest, address, options);
  if (protocols.some((protocol) => protocol.version === version)) return [version];
  // The server may have lower versions as well, but only one of ours can say so.
  try {
    return versionsListed(await questions.list(address, options), highest);
  } catch (error) {
    // A Hadoop server has no reflection, and says so.
    if (error instanceof RemoteError) return [version];
    throw error;
  }
}

function versionsListed(listed: readonly ServedVersion[], { name, engine }: AnyProtocol): number[] {
  return listed.filter((entry) => entry.name === name && entry.kind === engine.kind).map((entry) => entry.version);
}

function highestOf<P extends AnyProtocol>(protocols: readonly P[]): P {
  const [first] = protocols;
  if (first === undefined) throw new RpcError("BAD_DEFINITION", "negotiateProxy: the list of protocols is empty");
  let highest = first;
  for (const protocol of protocols) {
    if (protocol.name !== first.name || protocol.engine.kind !== first.engine.kind) {
      const names = `${first.name} (${first.engine.name}) and ${protocol.name} (${protocol.engine.name})`;
      throw new RpcError("BAD_DEFINITION", `negotiateProxy takes versions of one protocol, not ${names}`);
    }
    if (protocol.version > highest.version) highest = protocol;
  }
  return highest;
}

function noCommonVersion(
  name: string,
  protocols: readonly AnyProtocol[],
  served: readonly number[],
  address: Address,
): RpcError {
  if (served.length === 0)
    return new RpcError("ERROR_NO_SUCH_PROTOCOL", `${address.text} does not serve ${name} in any version`);
  const ours = versionList(protocols.map((protocol) => protocol.version));
  return new RpcError(
    "ERROR_RPC_VERSION_MISMATCH",
    `Protocol ${name} version mismatch. (client = ${ours}, server = ${versionList(served)} at ${address.text})`,
  );
}

function versionList(versions: readonly number[]): string {
  return [...new Set(versions)].sort((a, b) => a - b).join(", ");
}
