/** One call: what is asked, who waits for it, and where it is on its way. */
import { type Deadlined, NO_SLOT } from "../protocol/deadline-wheel.js";
import type { AnyProtocol, MethodDefinition } from "../protocol/definition.js";
import type { RpcError } from "../protocol/rpc-error.js";
import type { CallOptions } from "./options.js";

/** Whatever watches over a call until it is settled: its deadline, its signal. */
export interface CallGuard {
  release(call: Call): void;
}

/**
 * A call in flight. It is settled exactly once, by the connection that has it in its table; whoever settles it takes it out
 * of that table first.
 */
export class Call implements Deadlined {
  readonly protocol: AnyProtocol;
  readonly method: MethodDefinition;
  /** Kept until the call is settled: the request is encoded again when an earlier one is withdrawn before the connection stands. */
  readonly args: readonly unknown[];
  readonly options: CallOptions | undefined;
  readonly guard: CallGuard;
  /** Effective timeout in milliseconds; 0: none. */
  readonly timeoutMs: number;
  /** Assigned by the connection, with the two below. */
  callId = -1;
  /** The write of its connection that the request leaves in, counted from 0. */
  batch = 0;
  connection: CallCarrier | undefined = undefined;

  deadlineMs = 0;
  deadlineSlot: number = NO_SLOT;
  deadlinePrevious: Deadlined | undefined = undefined;
  deadlineNext: Deadlined | undefined = undefined;

  /** Place among the calls of its signal; -1: it is not there. */
  signalIndex = -1;

  #resolve: ((result: unknown) => void) | undefined = undefined;

  constructor(
    protocol: AnyProtocol,
    method: MethodDefinition,
    args: readonly unknown[],
    options: CallOptions | undefined,
    timeoutMs: number,
    guard: CallGuard,
  ) {
    this.protocol = protocol;
    this.method = method;
    this.args = args;
    this.options = options;
    this.timeoutMs = timeoutMs;
    this.guard = guard;
  }

  /** The promise that the caller waits for; to be asked for once, before the call can be settled. */
  promise(): Promise<unknown> {
    const promise = new Promise<unknown>(captureResolve);
    this.#resolve = captured;
    return promise;
  }

  succeed(result: unknown): void {
    this.guard.release(this);
    this.#resolve?.(result);
  }

  /** `makeError` runs a little later, when the caller's frames can be had; it must not read what may have changed by then. */
  fail(makeError: () => RpcError): void {
    this.guard.release(this);
    this.#resolve?.(rejectLater(makeError));
  }

  /** Names the call in messages. */
  get title(): string {
    return `${this.protocol.name}.${this.method.name}`;
  }
}

/** What a call knows of its connection. */
export interface CallCarrier {
  readonly turnMs: number;
  /** Settles a call that its caller waits for no more; does nothing if it was settled already. */
  giveUp(call: Call, reason: GiveUpReason): void;
}

/** Why a caller waits no more. `cause` is the reason of the signal. */
export type GiveUpReason =
  | { readonly code: "CALL_TIMED_OUT" }
  | { readonly code: "CALL_CANCELLED"; readonly cause: unknown };

// The executor of a promise runs at once, so one function and one variable serve all calls without a closure per call.
let captured: ((result: unknown) => void) | undefined;

function captureResolve(resolve: (result: unknown) => void): void {
  captured = resolve;
}

/**
 * A promise that is rejected two microtasks later, with an error made then.
 *
 * V8 writes into an error's stack the async functions that wait for the running one, found through the promises between
 * them. The call's promise follows this one only after a microtask; made later than that, the error names the line
 * where the caller awaits its call, and a call that succeeds pays nothing for it.
 */
async function rejectLater(makeError: () => RpcError): Promise<never> {
  await Promise.resolve();
  await Promise.resolve();
  throw makeError();
}
