/** Makes the error of an answer that reports one. */
import {
  type CallOutcome,
  JAVA_CLASS,
  RemoteError,
  RPC_ERROR_CODES,
  type RpcErrorCode,
} from "../protocol/rpc-error.js";
import { type ResponseHeader, RPC_STATUS } from "../protocol/wire/response-header.js";

/** What Hadoop's client shows when a server leaves these out (Hadoop: ipc/Client.java receiveRpcResponse). */
const NO_CLASS = "ServerDidNotSetExceptionClassName";
const NO_MESSAGE = "ServerDidNotSetErrorMsg";

/** Classes by which a server refuses a call before it ran, whatever the code. */
const REFUSING_CLASSES: ReadonlySet<string> = new Set([JAVA_CLASS.retriable, JAVA_CLASS.standby]);

/** What an answer says about a failure, kept apart from the header, which is filled again for the next answer. */
export interface RemoteFailure {
  readonly code: RpcErrorCode;
  /** What the answer says of the call that it is for. */
  readonly outcome: CallOutcome;
  readonly javaClass: string;
  /** The whole text: Java's message and, behind it, the stack of its exception. */
  readonly text: string;
}

/**
 * Copies the failure out of a header. Of an answer without a code, or with one that is newer than this client, it is not
 * known whether the call ran.
 */
export function remoteFailureOf(header: ResponseHeader): RemoteFailure {
  const { errorDetail } = header;
  const unknownCode = header.status === RPC_STATUS.fatal ? "FATAL_UNKNOWN" : "ERROR_RPC_SERVER";
  return {
    code: errorDetail ?? unknownCode,
    outcome: errorDetail === undefined ? "maybe-executed" : RPC_ERROR_CODES[errorDetail].outcome,
    javaClass: header.exceptionClassName || NO_CLASS,
    text: header.errorMsg || NO_MESSAGE,
  };
}

/** The error for the call that the answer was for. */
export function remoteError(failure: RemoteFailure, data?: unknown): RemoteError {
  const refused = REFUSING_CLASSES.has(failure.javaClass);
  return makeError(failure, refused ? "refused" : failure.outcome, refused, data);
}

/** The error for a call that was lost because the server closed its connection over another one. */
export function remoteErrorOfOther(failure: RemoteFailure, outcome: CallOutcome): RemoteError {
  const busy = REFUSING_CLASSES.has(failure.javaClass);
  return makeError(failure, outcome, busy ? outcome !== "maybe-executed" : outcome === "not-sent", undefined);
}

/** A failure that concerns the whole connection, when it comes before any answer: no call can have run. */
export function isHandshakeRefusal({ code }: RemoteFailure): boolean {
  return code === "FATAL_VERSION_MISMATCH" || code === "FATAL_UNAUTHORIZED";
}

/**
 * A server of ours that stops takes leave of a connection when all calls it has read are answered: with a failure that is no
 * call's, of a class that refuses. Hadoop's servers send such a one only before the first call, when none can have run.
 */
export function isFarewell(callId: number, { javaClass }: RemoteFailure): boolean {
  return callId < 0 && REFUSING_CLASSES.has(javaClass);
}

function makeError(failure: RemoteFailure, outcome: CallOutcome, retriable: boolean, data: unknown): RemoteError {
  const { code, javaClass, text } = failure;
  const stackAt = text.search(/\r?\n\tat /);
  if (stackAt < 0) return new RemoteError(code, text, { javaClass, outcome, retriable, data });
  return new RemoteError(code, text.slice(0, stackAt), { javaClass, outcome, retriable, data, remoteStack: text });
}
