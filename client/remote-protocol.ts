/**
 * A protocol that this program does not know: its definition is made of what the server tells by reflection.
 */
import type { AnyProtocol, MethodDefinition } from "../protocol/definition.js";
import type { Engine } from "../protocol/engine.js";
import { avroJson } from "../protocol/engines/avro/json.js";
import { avroEngine } from "../protocol/engines/avro.js";
import { writableJson } from "../protocol/engines/writable/json.js";
import { writableEngine } from "../protocol/engines/writable.js";
import type { JsonCodec } from "../protocol/json-codec.js";
import { Reflection } from "../protocol/reflection.js";
import { RpcError } from "../protocol/rpc-error.js";
import type { CommandContext } from "./command.js";

const ENGINES = new Map<string, { readonly engine: Engine; readonly json: JsonCodec }>([
  ["avro", { engine: avroEngine, json: avroJson }],
  ["writable", { engine: writableEngine, json: writableJson }],
]);

export interface RemoteProtocol {
  readonly definition: AnyProtocol;
  readonly json: JsonCodec;
}

/** The server's reflection protocol. */
export function reflectionOf({ client, address }: CommandContext) {
  return client.getProxy(Reflection, address);
}

/**
 * Every protocol that the server serves under `name` ("Name" or "Name@version"), the highest version first.
 * Throws ERROR_NO_SUCH_PROTOCOL, naming what there is.
 */
export async function findProtocols(context: CommandContext, name: string): Promise<readonly RemoteProtocol[]> {
  const at = name.lastIndexOf("@");
  const plainName = at < 0 ? name : name.slice(0, at);
  const version = at < 0 ? undefined : name.slice(at + 1);
  const options = callOptions(context);
  const found = await reflectionOf(context).describe(plainName, options);
  const wanted = found.filter((entry) => version === undefined || String(entry.version) === version);
  if (wanted.length === 0)
    throw await notServed(
      context,
      name,
      found.map((entry) => `${entry.name}@${entry.version}`),
    );
  return wanted
    .sort((a, b) => Number(b.version - a.version))
    .map((entry) => {
      const known = ENGINES.get(entry.engine);
      if (known === undefined) {
        throw new RpcError(
          "BAD_DEFINITION",
          `${entry.name} is served by the engine ${entry.engine}, which this hrpc does not know`,
        );
      }
      return { definition: known.engine.define(JSON.parse(entry.declaration)), json: known.json };
    });
}

/** The method of a protocol. Throws ERROR_NO_SUCH_METHOD, naming those there are. */
export function findMethod(definition: AnyProtocol, name: string): MethodDefinition {
  const method = definition.methods.get(name);
  if (method !== undefined) return method;
  const methods = [...definition.methods.keys()].join(", ");
  throw new RpcError("ERROR_NO_SUCH_METHOD", `${definition.name} has no method ${name}; it has: ${methods}`);
}

/** Call options of a command's own calls. */
export function callOptions({ timeoutMs }: CommandContext): { readonly timeoutMs?: number } {
  return timeoutMs === undefined ? {} : { timeoutMs };
}

async function notServed(context: CommandContext, name: string, versions: readonly string[]): Promise<RpcError> {
  const others = versions.length > 0 ? versions : await servedNames(context);
  return new RpcError(
    "ERROR_NO_SUCH_PROTOCOL",
    `${context.address} does not serve ${name}; it serves: ${others.join(", ")}`,
  );
}

async function servedNames(context: CommandContext): Promise<string[]> {
  const served = await reflectionOf(context).list(callOptions(context));
  return [...new Set(served.map((entry) => entry.name))];
}
