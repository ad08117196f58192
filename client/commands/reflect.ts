/** What a command of hrpc asks a server for itself, and how long it waits for the answer. */
import { Reflection } from "../../protocol/reflection.js";
import { RemoteError, RpcError, type RpcErrorCode } from "../../protocol/rpc-error.js";
import type { CallOptions, Proxy as RpcProxy } from "../index.js";
import type { CommandContext } from "./command.js";

/** Milliseconds for an answer that needs no work, unless the person says otherwise: somebody sits there and waits. */
const QUESTION_TIMEOUT_MS = 10_000;

/** What a server says that does not know the protocol, or not even the RPC kind. */
const STRANGER_CODES: ReadonlySet<RpcErrorCode> = new Set(["FATAL_INVALID_RPC_HEADER", "ERROR_NO_SUCH_PROTOCOL"]);

/** The server's reflection protocol. */
export function reflectionOf({ client, address }: CommandContext): RpcProxy<typeof Reflection> {
  return client.getProxy(Reflection, address);
}

/** Call options of a command's own questions. */
export function questionOptions({ timeoutMs = QUESTION_TIMEOUT_MS }: CommandContext): CallOptions {
  return { timeoutMs };
}

/** Whether this is how a server answers that speaks Hadoop RPC and is none of ours: it does not tell what it serves. */
export function isFromStranger(error: unknown): boolean {
  return error instanceof RemoteError && STRANGER_CODES.has(error.code);
}

/** Asks by reflection. Throws ERROR_NO_SUCH_PROTOCOL that says what to do with a server that has none. */
export async function ask<T>(
  context: CommandContext,
  question: (reflection: RpcProxy<typeof Reflection>, options: CallOptions) => Promise<T>,
): Promise<T> {
  try {
    return await question(reflectionOf(context), questionOptions(context));
  } catch (error) {
    if (!isFromStranger(error)) throw error;
    throw new RpcError(
      "ERROR_NO_SUCH_PROTOCOL",
      `${context.address} is a Hadoop RPC server, which does not tell its types: name a jar or .proto files that have them ` +
        "with --proto; a protocol of Writables can only be called from a program, by client.getProxy and writable({...})",
      { cause: error },
    );
  }
}
