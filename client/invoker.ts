/** Stands between a proxy's method and a connection: one call, its deadline and its signal. */
import type { AnyProtocol, MethodDefinition } from "../protocol/definition.js";
import { RpcError } from "../protocol/rpc-error.js";
import { Call } from "./call.js";
import type { Connection, ConnectionTarget } from "./connection.js";
import { ConnectionCache } from "./connection-cache.js";
import { Deadlines } from "./deadlines.js";
import type { CallOptions, ClientRecord } from "./options.js";

/** Whom the calls of a proxy go to. */
export interface CallTarget extends ConnectionTarget {
  readonly protocol: AnyProtocol;
  /** The connection that took the last call. */
  connection: Connection | undefined;
}

export class Invoker {
  readonly #rpcTimeoutMs: number;
  readonly #deadlines: Deadlines;
  readonly #cache: ConnectionCache;
  #closing: Promise<void> | undefined;

  constructor(client: ClientRecord) {
    this.#rpcTimeoutMs = client.rpcTimeoutMs;
    this.#deadlines = new Deadlines(client.timers);
    this.#cache = new ConnectionCache(client, this.#deadlines);
  }

  /**
   * Makes a call. Rejects, and never throws. An error that is known at once is made at once: its stack is the caller's.
   */
  invoke(
    target: CallTarget,
    method: MethodDefinition,
    args: readonly unknown[],
    options: CallOptions | undefined,
  ): Promise<unknown> {
    const timeoutMs = options?.timeoutMs ?? this.#rpcTimeoutMs;
    const call = new Call(target.protocol, method, args, options, timeoutMs, this.#deadlines);
    const signal = options?.signal;
    let connection = target.connection;
    try {
      if (this.#closing !== undefined) throw clientClosed(call);
      if (signal?.aborted) throw alreadyAborted(call, signal);
      if (connection === undefined || !connection.accepting) {
        connection = this.#cache.connectionTo(target);
        target.connection = connection;
      }
      connection.send(call);
    } catch (error) {
      return Promise.reject(error);
    }
    if (timeoutMs > 0 && timeoutMs !== Infinity) this.#deadlines.addDeadline(call, connection.turnMs + timeoutMs);
    if (signal !== undefined) this.#deadlines.addSignal(call, signal);
    return call.promise();
  }

  /** Ends every call and connection; later calls are refused. Closing again waits for the same end. */
  close(): Promise<void> {
    this.#closing ??= this.#cache.close().finally(() => this.#deadlines.stop());
    return this.#closing;
  }
}

function clientClosed(call: Call): RpcError {
  return new RpcError("CLIENT_CLOSED", `${call.title}: the client was closed`);
}

function alreadyAborted(call: Call, signal: AbortSignal): RpcError {
  return new RpcError("CALL_CANCELLED", `${call.title}: cancelled by its caller before it began`, {
    outcome: "not-sent",
    cause: signal.reason,
  });
}
