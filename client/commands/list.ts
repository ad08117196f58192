/** `hrpc list ADDR`: protocols, versions and engines. */
import { RPC_KIND, RPC_KIND_NAMES } from "../../protocol/definition.js";
import { JAVA_CLASS, RemoteError, RpcError } from "../../protocol/rpc-error.js";
import { table } from "../terminal/table.js";
import type { CommandContext } from "./command.js";
import { KNOWN_PROTOCOLS, type KnownProtocol } from "./known-protocols.js";
import { isFromStranger, questionOptions, reflectionOf } from "./reflect.js";

interface Row {
  readonly protocol: string;
  readonly version: number;
  readonly engine: string;
}

/** A server of ours tells all. A Hadoop server is asked for each protocol that one of Hadoop's may serve, or that --proto names. */
export async function list(context: CommandContext): Promise<string> {
  const rows = (await listed(context)) ?? (await listedOneByOne(context));
  return context.json ? JSON.stringify(rows, null, 2) : table(rows.map((row) => ({ ...row })));
}

/** By reflection; undefined for a server that has none. */
async function listed(context: CommandContext): Promise<Row[] | undefined> {
  try {
    const served = await reflectionOf(context).list(questionOptions(context));
    return served.map(({ name, version, engine }) => ({ protocol: name, version: Number(version), engine }));
  } catch (error) {
    if (isFromStranger(error)) return undefined;
    throw error;
  }
}

/** By ProtocolMetaInfo, which every Hadoop server has. */
async function listedOneByOne(context: CommandContext): Promise<Row[]> {
  const { ProtocolMetaInfo } = await import("../../protocol/hadoop-protocols.js");
  const metaInfo = context.client.getProxy(ProtocolMetaInfo, context.address);
  const options = questionOptions(context);
  const protocols = await protocolsToAskFor(context.protoPaths);
  const rows = protocols.map(async ({ javaInterface, name }): Promise<Row[]> => {
    const request = { protocol: javaInterface, rpcKind: RPC_KIND_NAMES[RPC_KIND.protobuf] };
    try {
      const { protocolSignature } = await metaInfo.getProtocolSignature(request, options);
      return protocolSignature.map(({ version }) => ({ protocol: name, version: Number(version), engine: "protobuf" }));
    } catch (error) {
      if (error instanceof RemoteError && error.javaClass === JAVA_CLASS.classNotFound) return [];
      if (!isFromStranger(error)) throw error;
      const text = `${context.address} is a Hadoop RPC server that does not tell what it serves; hrpc ping works with it`;
      throw new RpcError("ERROR_NO_SUCH_PROTOCOL", text, { cause: error });
    }
  });
  const found = (await Promise.all(rows)).flat();
  context.note(
    `${context.address} is a Hadoop RPC server, which does not tell all that it serves: ` +
      `it was asked for ${protocols.length} protocols that hrpc knows or --proto names`,
  );
  return found;
}

async function protocolsToAskFor(protoPaths: readonly string[]): Promise<KnownProtocol[]> {
  const known = new Map(KNOWN_PROTOCOLS.map((protocol) => [protocol.javaInterface, protocol]));
  if (protoPaths.length > 0) {
    const { FileSource } = await import("./definition-sources/files.js");
    const { protocols } = await FileSource.load(protoPaths);
    for (const { javaInterface, protocolName } of protocols)
      known.set(javaInterface, { name: protocolName, javaInterface });
  }
  return [...known.values()];
}
