/** Definitions made of `.proto` files and jars. */
import {
  type HadoopProtocol,
  loadProto,
  type ProtoSource,
  protobuf,
  protobufEngine,
  protobufJson,
} from "../../../protocol/engines/protobuf.js";
import { RpcError } from "../../../protocol/rpc-error.js";
import { type ProtocolTarget, splitName } from "../command.js";
import { type DefinitionSource, type FoundProtocol, nearestOf } from "../definition-source.js";
import { KNOWN_PROTOCOLS } from "../known-protocols.js";

/** What files hold that one can call: a protocol that a jar tells of, or a service of which no jar tells a protocol. */
export interface HeldProtocol {
  readonly protocol: string | undefined;
  readonly version: number | undefined;
  /** Full name; undefined if the files lack the service of the protocol. */
  readonly service: string | undefined;
}

/**
 * A protocol is found by its name, or by the last part of it where that is clear. Throws BAD_ARGUMENT for one that the files
 * do not tell of, or not enough, and BAD_DEFINITION for files that cannot be used.
 */
export class FileSource implements DefinitionSource {
  readonly #source: ProtoSource;

  constructor(source: ProtoSource) {
    this.#source = source;
  }

  /** Reads files, folders and jars. Rejects with BAD_DEFINITION, naming the file, where known the line, and the fault. */
  static async load(paths: readonly string[]): Promise<FileSource> {
    return new FileSource(await loadProto(...paths));
  }

  /** Protocols that jars tell of. */
  get protocols(): readonly HadoopProtocol[] {
    return this.#source.protocols;
  }

  async find({ protocol, engine, service }: ProtocolTarget): Promise<[() => FoundProtocol]> {
    if (engine !== undefined && engine !== protobufEngine.name) {
      throw new RpcError(
        "BAD_ARGUMENT",
        `--proto names files of protobuf protocols: there is no engine ${engine} for them`,
      );
    }
    const [name, versionText] = splitName(protocol);
    const told = this.#findTold(name, service);
    const version = versionText === undefined ? told?.version : versionNumber(protocol, versionText);
    const serviceName = service ?? (told === undefined ? this.#onlyService(name) : this.#toldService(told));
    if (version === undefined) {
      throw new RpcError("BAD_ARGUMENT", `the files do not say the version of ${name}: name it, as in ${name}@1`);
    }
    const protocolName = told?.protocolName ?? name;
    // A server that is asked by a wrong interface may know that, too, and tell of methods that nobody meant.
    const known = told ?? KNOWN_PROTOCOLS.find((candidate) => candidate.name === protocolName);
    const definition = protobuf({
      source: this.#source,
      protocolName,
      version,
      service: serviceName,
      ...(known !== undefined && { javaInterface: known.javaInterface }),
    });
    return [() => ({ definition, json: protobufJson })];
  }

  /** Protocols first, then services of which no jar tells the protocol. */
  held(): HeldProtocol[] {
    const protocols = this.protocols.map((told) => ({
      protocol: told.protocolName,
      version: told.version,
      service: this.#source.serviceOf(told),
    }));
    const known = new Set(protocols.map(({ service }) => service));
    const others = this.#source.services.filter((service) => !known.has(service));
    return [...protocols, ...others.map((service) => ({ protocol: undefined, version: undefined, service }))];
  }

  #findTold(name: string, service: string | undefined): HadoopProtocol | undefined {
    const exact = this.protocols.find(({ protocolName }) => protocolName === name);
    // Whoever names the service names the protocol in full.
    if (exact !== undefined || service !== undefined) return exact;
    const found = new Map(
      this.protocols
        .filter(({ protocolName }) => protocolName.endsWith(`.${name}`))
        .map((told) => [told.protocolName, told]),
    );
    if (found.size <= 1) return found.values().next().value;
    throw new RpcError("BAD_ARGUMENT", `${name} may be any of ${[...found.keys()].join(", ")}: name one in full`);
  }

  #toldService(told: HadoopProtocol): string {
    const service = this.#source.serviceOf(told);
    if (service !== undefined) return service;
    throw new RpcError(
      "BAD_ARGUMENT",
      `the files lack the service of ${told.protocolName}, ${told.serviceClass}: add the jar or .proto that has it with --proto`,
    );
  }

  #onlyService(name: string): string {
    const { services } = this.#source;
    const [only, ...others] = services;
    if (this.protocols.length === 0 && only !== undefined && others.length === 0) return only;
    const told = this.protocols.map(({ protocolName }) => protocolName);
    const nearest = nearestOf(name, told);
    if (nearest !== undefined) {
      throw new RpcError("BAD_ARGUMENT", `the files tell of no protocol ${name}; did you mean ${nearest}?`);
    }
    throw new RpcError(
      "BAD_ARGUMENT",
      `the files tell of no protocol ${name}; they tell of: ${told.join(", ") || "none"}. ` +
        `If it is one of their services, name that with --service: ${services.join(", ") || "they have none"}`,
    );
  }
}

function versionNumber(protocol: string, text: string): number {
  const version = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(version)) return version;
  throw new RpcError("BAD_ARGUMENT", `${protocol}: the version behind @ must be a whole number`);
}
