/** What a command of hrpc asks a server for itself, and how long it waits for the answer. */
import { Reflection } from "../protocol/reflection.js";
import { RemoteError, RpcError, type RpcErrorCode } from "../protocol/rpc-error.js";
import type { CallOptions } from "./index.js";
import type { CommandContext } from "./command.js";

/** Milliseconds for an answer that needs no work, unless the person says otherwise: somebody sits there and waits. */
export const QUESTION_TIMEOUT_MS = 10_000;

/** What a server says that does not know the protocol, or not even the RPC kind. */
const STRANGER_CODES: ReadonlySet<RpcErrorCode> = new Set(["FATAL_INVALID_RPC_HEADER", "ERROR_NO_SUCH_PROTOCOL"]);

/** The server's reflection protocol. */
function reflectionOf({ client, address }: CommandContext) {
  return client.getProxy(Reflection, address);
}

/** The refusal of a server that speaks Hadoop RPC and does not tell what it serves: any but one of ours. */
export function isFromStranger(error: unknown): error is RemoteError {
  return error instanceof RemoteError && STRANGER_CODES.has(error.code);
}

/** Asks by reflection. Throws ERROR_NO_SUCH_PROTOCOL that says what to do with a server that has none. */
export async function ask<T>(
  context: CommandContext,
  question: (reflection: ReturnType<typeof reflectionOf>, options: CallOptions) => Promise<T>,
): Promise<T> {
  try {
    return await question(reflectionOf(context), { timeoutMs: context.timeoutMs ?? QUESTION_TIMEOUT_MS });
  } catch (error) {
    if (!isFromStranger(error)) throw error;
    throw new RpcError(
      "ERROR_NO_SUCH_PROTOCOL",
      `${context.address} is a Hadoop RPC server and does not tell what it serves, nor with which types. ` +
        "Call it from a program: declare its interface with writable({...}) and use client.getProxy; hrpc ping works with it",
      { cause: error },
    );
  }
}
