/**
 * Stage 4: N handlers take calls from the queue and run them.
 *
 * Methods that return a value are answered in one burst, which costs no promise. One that returns a promise makes its handler a
 * task of p-queue, whose concurrency is the number of handlers: the task waits for the promise and goes on with the queue until
 * it is empty, while other handlers do the same. So p-queue is paid once per burst of such methods and not once per call.
 */
import PQueue from "p-queue";
import type { MethodDefinition } from "../protocol/definition.js";
import { publish } from "../protocol/events.js";
import { RpcError } from "../protocol/rpc-error.js";
import type { ServerCall } from "./call.js";
import type { Clock } from "./clock.js";
import { createProcessingDetails, fillProcessingDetails, type ProcessingDetails } from "./processing-details.js";

/**
 * A burst of synchronous methods longer than this lets the event loop turn, so that finished answers leave, and those of calls
 * that are refused do not wait long behind methods that compute.
 */
const BURST_MS = 2;
/** A method that takes as long alone holds up everybody else. */
const HOLD_MS = 5;

export interface HandlerOptions {
  /** Number of calls that run at the same time, at least 1. */
  readonly numHandlers: number;
  readonly queue: { readonly size: number; take(): ServerCall | undefined };
  readonly responder: {
    /** Both give the RpcError that was answered, if it was one. */
    respond(call: ServerCall, value: unknown): unknown;
    respondError(call: ServerCall, error: unknown): unknown;
    /** Writes the answers that would leave at the end of this turn. */
    flush(): void;
  };
  readonly clock: Pick<Clock, "now" | "soon">;
  /** Asked for each call: who is to hear where its time went once it has run. Undefined, it is not measured. */
  readonly listener?: () => ResponseTimeListener | undefined;
  /** Hears how long a call waited that was taken and not run. */
  readonly skipped?: (details: ProcessingDetails) => void;
}

/** Hears of a call that has run, with the error that was answered if one was; the details are filled again for the next one. */
export type ResponseTimeListener = (
  call: ServerCall,
  details: ProcessingDetails,
  failure: RpcError | undefined,
) => void;

export class HandlerPool {
  readonly #options: HandlerOptions;
  readonly #tasks: PQueue;
  readonly #details = createProcessingDetails();
  /** When the last call was answered, if somebody wanted to know: a reading of the clock that need not be made again. */
  #answeredMs: number | undefined = undefined;
  /** Methods that held the event loop the last time they ran: finished answers leave before they run again. */
  readonly #holders = new Set<MethodDefinition>();
  /** Handlers that drain the queue or wait for a method's promise. */
  #engaged = 0;
  /** A long burst ended; the next one starts when the event loop has turned. */
  #yielded = false;
  /** When this turn of the event loop began to run calls that return promises; undefined if it has not. */
  #turnStartMs: number | undefined = undefined;

  constructor(options: HandlerOptions) {
    this.#options = options;
    this.#tasks = new PQueue({ concurrency: options.numHandlers });
  }

  /** Puts free handlers to work while calls wait. */
  wake(): void {
    const { queue } = this.#options;
    while (queue.size > 0 && this.#engaged < this.#tasks.concurrency && !this.#yielded) {
      this.#engaged++;
      const pending = this.#runUntilPending();
      if (pending !== undefined) void this.#tasks.add(() => this.#drainAfter(pending));
    }
  }

  /** Changes the number of handlers. Those that are too many go when they are done with their call. */
  resize(numHandlers: number): void {
    this.#tasks.concurrency = numHandlers;
    this.wake();
  }

  /** Handlers that have a call or look for one. */
  get engaged(): number {
    return this.#engaged;
  }

  /** Settles when no handler runs a call. */
  async idle(): Promise<void> {
    await this.#tasks.onIdle();
  }

  async #drainAfter(first: Promise<void>): Promise<void> {
    for (let pending: Promise<void> | undefined = first; pending !== undefined; pending = this.#runUntilPending()) {
      await pending;
    }
  }

  /** Runs waiting calls until none is left, the burst is over, or one returns a promise to wait for. */
  #runUntilPending(): Promise<void> | undefined {
    const { queue, clock } = this.#options;
    this.#answeredMs = undefined;
    let nowMs = clock.now();
    const startMs = this.#turnStartMs ?? nowMs;
    // Handlers whose promises settle in the turn in which another's burst has ended wait for the next turn too.
    while (nowMs - startMs < BURST_MS && !this.#yielded) {
      if (this.#engaged > this.#tasks.concurrency) {
        this.#engaged--;
        return undefined;
      }
      const call = queue.take();
      if (call === undefined) {
        this.#engaged--;
        return undefined;
      }
      const takenMs = nowMs;
      if (this.#holders.size > 0 && this.#holders.has(call.request.method)) this.#options.responder.flush();
      const pending = this.#run(call, takenMs);
      nowMs = this.#answeredMs ?? clock.now();
      this.#answeredMs = undefined;
      if (nowMs - takenMs >= HOLD_MS) this.#held(call, nowMs - takenMs);
      else if (this.#holders.size > 0) this.#holders.delete(call.request.method);
      if (pending !== undefined) {
        if (this.#turnStartMs === undefined) this.#watchTurn(startMs);
        return pending;
      }
    }
    this.#engaged--;
    this.#yield();
    return undefined;
  }

  /** A method ran for so long, until it returned its result or promise. */
  #held(call: ServerCall, ms: number): void {
    this.#holders.add(call.request.method);
    publish("hrpcd:loop:held", () => ({ ms, call: { ...describe(call), user: call.user?.name ?? "" } }));
  }

  /** Promises that settle at once run call after call without a turn of the event loop: together they are one burst. */
  #watchTurn(startMs: number): void {
    this.#turnStartMs = startMs;
    this.#options.clock.soon(() => {
      this.#turnStartMs = undefined;
    });
  }

  #yield(): void {
    if (this.#yielded) return;
    this.#yielded = true;
    this.#options.clock.soon(() => {
      this.#yielded = false;
      this.wake();
    });
  }

  /** Runs one call and hands its outcome to the responder; the promise, if any, never rejects. */
  #run(call: ServerCall, nowMs: number): Promise<void> | undefined {
    if (call.settled) {
      this.#skip(call, nowMs, "its client is gone or gave up");
      return undefined;
    }
    if (call.connection.backlogged) {
      call.connection.hold(call);
      return undefined;
    }
    if (call.deadline !== undefined && call.deadline < nowMs) {
      call.cancel("the call's deadline passed");
      this.#skip(call, nowMs, "its deadline passed in the queue");
      return undefined;
    }
    call.releaseBytes();
    let result: unknown;
    try {
      const args = call.request.readArguments();
      args.push(call);
      result = call.request.handler.apply(undefined, args);
      if (isPromiseLike(result)) return this.#answerLater(call, result, nowMs);
    } catch (error) {
      this.#respondError(call, error, nowMs);
      return undefined;
    }
    this.#respond(call, result, nowMs);
    return undefined;
  }

  async #answerLater(call: ServerCall, result: PromiseLike<unknown>, takenMs: number): Promise<void> {
    let value: unknown;
    try {
      value = await result;
    } catch (error) {
      this.#respondError(call, error, takenMs);
      return;
    }
    this.#respond(call, value, takenMs);
  }

  #respond(call: ServerCall, value: unknown, takenMs: number): void {
    const { responder, listener, clock } = this.#options;
    const tell = listener?.();
    const finishedMs = tell === undefined ? 0 : clock.now();
    const failure = responder.respond(call, value);
    if (tell !== undefined) this.#tell(tell, call, takenMs, finishedMs, failure);
  }

  #respondError(call: ServerCall, error: unknown, takenMs: number): void {
    const { responder, listener, clock } = this.#options;
    const tell = listener?.();
    const finishedMs = tell === undefined ? 0 : clock.now();
    const failure = responder.respondError(call, error);
    if (tell !== undefined) this.#tell(tell, call, takenMs, finishedMs, failure);
  }

  #tell(tell: ResponseTimeListener, call: ServerCall, takenMs: number, finishedMs: number, failure: unknown): void {
    const answeredMs = this.#options.clock.now();
    this.#answeredMs = answeredMs;
    fillProcessingDetails(this.#details, call, takenMs, finishedMs, answeredMs);
    tell(call, this.#details, failure instanceof RpcError ? failure : undefined);
  }

  /** Lets a call fall that nobody waits for any more. */
  #skip(call: ServerCall, takenMs: number, reason: string): void {
    const { skipped } = this.#options;
    if (skipped !== undefined) {
      fillProcessingDetails(this.#details, call, takenMs, takenMs, takenMs);
      skipped(this.#details);
    }
    dropped(call, reason);
  }
}

function dropped(call: ServerCall, reason: string): void {
  publish("hrpcd:call:dropped", () => ({ ...describe(call), reason }));
}

function describe(call: ServerCall): { peer: string; protocol: string; method: string } {
  return { peer: call.connection.peer, protocol: call.protocolName, method: call.methodName };
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
