/** Definitions made of what a server of ours tells of its protocols. */
import type { Engine } from "../../../protocol/engine.js";
import { avroJson } from "../../../protocol/engines/avro/json.js";
import { avroEngine } from "../../../protocol/engines/avro.js";
import { protobufEngine, protobufJson } from "../../../protocol/engines/protobuf.js";
import { writableJson } from "../../../protocol/engines/writable/json.js";
import { writableEngine } from "../../../protocol/engines/writable.js";
import type { JsonCodec } from "../../../protocol/json-codec.js";
import { RpcError } from "../../../protocol/rpc-error.js";
import { type CommandContext, type ProtocolTarget, splitName } from "../command.js";
import { type DefinitionSource, didYouMean, type FoundProtocol } from "../definition-source.js";
import { ask } from "../reflect.js";

const ENGINES = new Map<string, { readonly engine: Engine; readonly json: JsonCodec }>([
  ["avro", { engine: avroEngine, json: avroJson }],
  ["protobuf", { engine: protobufEngine, json: protobufJson }],
  ["writable", { engine: writableEngine, json: writableJson }],
]);

/** What reflection tells of one version of a protocol under one engine. */
interface Description {
  readonly name: string;
  readonly version: bigint;
  readonly engine: string;
  readonly declaration: string;
}

/**
 * Engines of one version are in the server's order. Throws ERROR_NO_SUCH_PROTOCOL for what is not served, and BAD_REPLY for a
 * declaration that cannot be used.
 */
export class ReflectionSource implements DefinitionSource {
  readonly #context: CommandContext;

  constructor(context: CommandContext) {
    this.#context = context;
  }

  async find(target: ProtocolTarget): Promise<[() => FoundProtocol, ...(() => FoundProtocol)[]]> {
    const [name, version] = splitName(target.protocol);
    const described = await this.#describe(name);
    const [first, ...others] = described
      .filter((entry) => version === undefined || String(entry.version) === version)
      .filter((entry) => target.engine === undefined || entry.engine === target.engine)
      .sort((a, b) => Number(b.version - a.version));
    if (first === undefined) throw await this.#notServed(target, described);
    return [() => this.#define(first), ...others.map((entry) => () => this.#define(entry))];
  }

  /** Of a name that the server does not know, what it tells of the only one that ends with it, as with files. */
  async #describe(name: string): Promise<readonly Description[]> {
    const described = await ask(this.#context, (reflection, options) => reflection.describe(name, options));
    if (described.length > 0) return described;
    const ending = (await this.#servedNames()).filter((served) => served.endsWith(`.${name}`));
    const [full, ...others] = ending;
    if (full === undefined) return [];
    if (others.length > 0) {
      throw new RpcError("BAD_ARGUMENT", `${name} may be any of ${ending.join(", ")}: name one in full`);
    }
    return ask(this.#context, (reflection, options) => reflection.describe(full, options));
  }

  #define({ name, version, engine, declaration }: Description): FoundProtocol {
    const known = ENGINES.get(engine);
    const what = `${this.#context.address} serves ${name}@${version} with the engine ${engine}`;
    if (known === undefined) throw new RpcError("BAD_REPLY", `${what}, which this hrpc does not know: is it older?`);
    try {
      return { definition: known.engine.define(JSON.parse(declaration)), json: known.json };
    } catch (cause) {
      const { message } = RpcError.from(cause);
      throw new RpcError("BAD_REPLY", `${what}, but cannot tell its types: ${message}`, { cause });
    }
  }

  async #notServed({ protocol, engine }: ProtocolTarget, described: readonly Description[]): Promise<RpcError> {
    const [name] = splitName(protocol);
    const wanted = engine === undefined ? protocol : `${protocol} (${engine})`;
    // Who knows the name has another version or engine in mind.
    const meant =
      described.length > 0
        ? `it serves: ${described.map(describedName).join(", ")}`
        : didYouMean(name, await this.#servedNames(), "it serves", "hrpc list");
    return new RpcError("ERROR_NO_SUCH_PROTOCOL", `${this.#context.address} does not serve ${wanted}; ${meant}`);
  }

  async #servedNames(): Promise<string[]> {
    const served = await ask(this.#context, (reflection, options) => reflection.list(options));
    return [...new Set(served.map((entry) => entry.name))];
  }
}

function describedName({ name, version, engine }: Description): string {
  return `${name}@${version} (${engine})`;
}
