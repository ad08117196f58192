/** `hrpc describe ADDR PROTOCOL[@VERSION] [METHOD]`: methods, types and method hashes; of one method alone if it is named. */
import type { MethodDefinition } from "../../protocol/definition.js";
import { RemoteError, RpcError, type RpcErrorCode } from "../../protocol/rpc-error.js";
import type { CommandContext, ProtocolTarget } from "./command.js";
import { definitionSource, type FoundProtocol, findMethod } from "./definition-source.js";
import { questionOptions } from "./reflect.js";

interface Description {
  readonly protocol: string;
  readonly version: number;
  readonly engine: string;
  readonly fingerprint: string;
  readonly methods: readonly DescribedMethod[];
  readonly types: readonly string[];
}

interface DescribedMethod {
  readonly method: string;
  readonly hash: string;
  /** Whether the server has it; absent if nobody can tell. */
  readonly served?: boolean;
}

/** `method` is the name of the only method to describe; without one all are, of every version and engine that is found. */
export async function describe(context: CommandContext, target: ProtocolTarget, method?: string): Promise<string> {
  const source = await definitionSource(context);
  const [first, ...others] = await source.find(target);
  const found = method === undefined ? [first, ...others] : [first];
  const described: Description[] = [];
  for (const define of found) described.push(await describeProtocol(context, define(), method));
  return context.json ? JSON.stringify(described, null, 2) : described.map(textOf).join("\n\n");
}

async function describeProtocol(
  context: CommandContext,
  found: FoundProtocol,
  name: string | undefined,
): Promise<Description> {
  const { definition, json } = found;
  const only = name === undefined ? undefined : findMethod(context, definition, name);
  const methods = only === undefined ? [...definition.methods.values()] : [only];
  // What a server tells of itself it serves.
  const served = context.protoPaths.length === 0 ? undefined : await fetchServed(context, found, methods);
  return {
    protocol: definition.name,
    version: definition.version,
    engine: definition.engine.name,
    fingerprint: hex(definition.signature.fingerprint),
    methods: methods.map((method) => ({
      method: json.signatureText(definition, method),
      hash: hex(method.hash),
      ...(served !== undefined && { served: served.has(method) }),
    })),
    types: json.typeTexts(definition, only),
  };
}

/** How a server answers that does not serve the protocol, or cannot tell. */
const UNTOLD: ReadonlySet<RpcErrorCode> = new Set(["ERROR_NO_SUCH_PROTOCOL", "ERROR_RPC_VERSION_MISMATCH"]);

/** Those of the methods that the server has; undefined, and a note with the reason, if it does not tell. */
async function fetchServed(
  context: CommandContext,
  { definition }: FoundProtocol,
  methods: readonly MethodDefinition[],
): Promise<ReadonlySet<MethodDefinition> | undefined> {
  const { address, client } = context;
  const proxy: object = client.getProxy(definition, address);
  const served = new Set<MethodDefinition>();
  try {
    // The server is asked once: the client remembers what it said.
    for (const method of methods) {
      if (await client.isMethodSupported(proxy, method.name as never, questionOptions(context))) served.add(method);
    }
    return served;
  } catch (error) {
    if (!(error instanceof RemoteError || (error instanceof RpcError && UNTOLD.has(error.code)))) throw error;
    context.note(`${address} does not say which of the methods it has: ${error.message}`);
    return undefined;
  }
}

function textOf({ protocol, version, engine, fingerprint, methods, types }: Description): string {
  return [
    `${protocol}@${version} (${engine}), fingerprint ${fingerprint}`,
    ...methods.map(
      ({ method, hash, served }) => `  ${hash}  ${method}${served === false ? "  (not on this server)" : ""}`,
    ),
    ...types.map((type) => `${" ".repeat(12)}${type}`),
  ].join("\n");
}

/** A signed 32-bit hash as eight digits, the way Hadoop's specification writes it. */
function hex(hash: number): string {
  return (hash >>> 0).toString(16).padStart(8, "0");
}
