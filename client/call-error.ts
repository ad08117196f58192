/** Errors of calls that ended without an answer. */
import { type CallOutcome, RpcError } from "../protocol/rpc-error.js";
import type { Address } from "./address.js";
import type { Call, GiveUpReason } from "./call.js";

/** The connection takes no more calls now. */
export function tooManyCalls(call: Call, address: Address, waiting: string): RpcError {
  return new RpcError(
    "TOO_MANY_CALLS",
    `${call.title} to ${address.text}: ${waiting}; wait for some of the calls first`,
  );
}

/** The caller waits no more. `trouble` tells why there is no connection, if that is known. */
export function gaveUp(
  call: Call,
  reason: GiveUpReason,
  address: Address,
  outcome: CallOutcome,
  trouble: string | undefined,
): RpcError {
  const retriable = outcome === "not-sent";
  const where = `${call.title} to ${address.text}`;
  const why =
    outcome === "not-sent" ? `: there was no connection yet${trouble === undefined ? "" : ` (${trouble})`}` : "";
  if (reason.code === "CALL_TIMED_OUT") {
    return new RpcError("CALL_TIMED_OUT", `${where}: no answer within ${call.timeoutMs} ms${why}`, {
      outcome,
      retriable,
    });
  }
  return new RpcError("CALL_CANCELLED", `${where}: cancelled by its caller${why}`, { outcome, cause: reason.cause });
}

/** The connection ended, by itself (CONNECTION_LOST), for the server's fault (BAD_REPLY) or with the client. */
export function lost(
  code: "CONNECTION_LOST" | "BAD_REPLY" | "CLIENT_CLOSED",
  call: Call,
  address: Address,
  sent: boolean,
  cause: Error | undefined,
): RpcError {
  const what = {
    CONNECTION_LOST: "the connection closed before the answer came",
    BAD_REPLY: "the server broke the rules of the wire",
    CLIENT_CLOSED: "the client was closed",
  }[code];
  const detail = cause === undefined || cause.message === "" ? "" : `: ${cause.message}`;
  const retriable = !sent && code !== "CLIENT_CLOSED";
  const outcome = sent ? "maybe-executed" : "not-sent";
  return new RpcError(code, `${call.title} to ${address.text}: ${what}${detail}`, { outcome, retriable, cause });
}

/** The server answered what was not asked, or twice. */
export function unknownCallId(callId: number): RpcError {
  return new RpcError("BAD_REPLY", `the server answered call id ${callId}, for which no call waits`);
}
