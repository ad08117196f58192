/**
 * A protocol that this program does not know: its definition is made of what the server tells by reflection.
 */
import type { AnyProtocol, MethodDefinition } from "../protocol/definition.js";
import type { Engine } from "../protocol/engine.js";
import { avroJson } from "../protocol/engines/avro/json.js";
import { avroEngine } from "../protocol/engines/avro.js";
import { protobufEngine, protobufJson } from "../protocol/engines/protobuf.js";
import { writableJson } from "../protocol/engines/writable/json.js";
import { writableEngine } from "../protocol/engines/writable.js";
import type { JsonCodec } from "../protocol/json-codec.js";
import { RpcError } from "../protocol/rpc-error.js";
import type { CommandContext, ProtocolTarget } from "./command.js";
import { ask } from "./reflect.js";

const ENGINES = new Map<string, { readonly engine: Engine; readonly json: JsonCodec }>([
  ["avro", { engine: avroEngine, json: avroJson }],
  ["protobuf", { engine: protobufEngine, json: protobufJson }],
  ["writable", { engine: writableEngine, json: writableJson }],
]);

export interface RemoteProtocol {
  readonly definition: AnyProtocol;
  readonly json: JsonCodec;
}

/** What reflection tells of one version of a protocol under one engine. */
interface Description {
  readonly name: string;
  readonly version: bigint;
  readonly engine: string;
  readonly declaration: string;
}

/**
 * Every protocol that the server serves under a name, the highest version first; engines of one version are in the
 * server's order. Throws ERROR_NO_SUCH_PROTOCOL, naming what there is, and BAD_REPLY for a declaration that cannot be used.
 */
export async function findProtocols(context: CommandContext, target: ProtocolTarget): Promise<RemoteProtocol[]> {
  const descriptions = await findDescriptions(context, target);
  return descriptions.map((entry) => define(context, entry));
}

/** The first of those that `findProtocols` gives; what the others are does not matter. Throws like it. */
export async function findProtocol(context: CommandContext, target: ProtocolTarget): Promise<RemoteProtocol> {
  const [first] = await findDescriptions(context, target);
  return define(context, first);
}

async function findDescriptions(
  context: CommandContext,
  target: ProtocolTarget,
): Promise<[Description, ...Description[]]> {
  const at = target.protocol.lastIndexOf("@");
  const name = at < 0 ? target.protocol : target.protocol.slice(0, at);
  const version = at < 0 ? undefined : target.protocol.slice(at + 1);
  const described = await ask(context, (reflection, options) => reflection.describe(name, options));
  const [first, ...others] = described
    .filter((entry) => version === undefined || String(entry.version) === version)
    .filter((entry) => target.engine === undefined || entry.engine === target.engine)
    .sort((a, b) => Number(b.version - a.version));
  if (first === undefined) throw await notServed(context, target, described);
  return [first, ...others];
}

/** The method of a protocol. Throws ERROR_NO_SUCH_METHOD, naming those there are. */
export function findMethod(definition: AnyProtocol, name: string): MethodDefinition {
  const method = definition.methods.get(name);
  if (method !== undefined) return method;
  const methods = [...definition.methods.keys()].join(", ");
  throw new RpcError(
    "ERROR_NO_SUCH_METHOD",
    `${definition.name}@${definition.version} has no method ${name}; it has: ${methods || "none"}`,
  );
}

function define({ address }: CommandContext, { name, version, engine, declaration }: Description): RemoteProtocol {
  const known = ENGINES.get(engine);
  const what = `${address} serves ${name}@${version} with the engine ${engine}`;
  if (known === undefined) throw new RpcError("BAD_REPLY", `${what}, which this hrpc does not know: is it older?`);
  try {
    return { definition: known.engine.define(JSON.parse(declaration)), json: known.json };
  } catch (cause) {
    const { message } = RpcError.from(cause);
    throw new RpcError("BAD_REPLY", `${what}, but cannot tell its types: ${message}`, { cause });
  }
}

async function notServed(
  context: CommandContext,
  { protocol, engine }: ProtocolTarget,
  described: readonly Description[],
): Promise<RpcError> {
  const found = described.length > 0 ? described.map(describedName) : await servedNames(context);
  const wanted = engine === undefined ? protocol : `${protocol} (${engine})`;
  return new RpcError(
    "ERROR_NO_SUCH_PROTOCOL",
    `${context.address} does not serve ${wanted}; it serves: ${[...new Set(found)].join(", ")}`,
  );
}

function describedName({ name, version, engine }: Description): string {
  return `${name}@${version} (${engine})`;
}

async function servedNames(context: CommandContext): Promise<string[]> {
  const served = await ask(context, (reflection, options) => reflection.list(options));
  return served.map((entry) => entry.name);
}
