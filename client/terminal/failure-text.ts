/** How hrpc ends: its exit codes, and what it says when a command fails. */
import { RemoteError, RpcError, type RpcErrorCode } from "../../protocol/rpc-error.js";
import { PLAIN_JSON, printJson } from "./json-text.js";

/** Exit codes of hrpc. */
export const EXIT = {
  done: 0,
  /** The remote side refused or failed. */
  failed: 1,
  /** Arguments or settings are wrong. */
  usage: 2,
  unreachable: 3,
  timedOut: 4,
} as const;

const EXIT_BY_CODE: Partial<Record<RpcErrorCode, number>> = {
  BAD_ARGUMENT: EXIT.usage,
  BAD_DEFINITION: EXIT.usage,
  BAD_SETTING: EXIT.usage,
  CONNECT_FAILED: EXIT.unreachable,
  CONNECT_TIMED_OUT: EXIT.unreachable,
  CALL_TIMED_OUT: EXIT.timedOut,
};

/** The exit code for what a command threw. */
export function exitCodeOf(thrown: unknown): number {
  // What a server sends decides nothing but that it failed.
  if (!(thrown instanceof RpcError) || thrown instanceof RemoteError) return EXIT.failed;
  return EXIT_BY_CODE[thrown.code] ?? EXIT.failed;
}

/**
 * What a command threw, for a person. An error of the server's begins with its Java class; the fields of a declared error
 * follow as JSON. What is no error of ours is a fault of this program, and comes with its stack.
 */
export function failureText(thrown: unknown): string {
  if (!(thrown instanceof RpcError)) return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  if (!(thrown instanceof RemoteError)) return thrown.message;
  const data = thrown.data === undefined ? "" : `\n${printJson(thrown.data, PLAIN_JSON, 0)}`;
  return `${thrown.javaClass}: ${thrown.message}${data}`;
}
