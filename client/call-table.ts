/** The calls of one connection that wait for an answer, by call id, and the ids whose callers wait no more. */
import type { AnyProtocol, MethodDefinition } from "../protocol/definition.js";
import type { Call } from "./call.js";

/** A call that was sent and given up; its answer still has to be read, because the engine may learn from it. */
export interface UnwantedAnswer {
  readonly protocol: AnyProtocol;
  readonly method: MethodDefinition;
}

export class CallTable {
  readonly #calls = new Map<number, Call>();
  /** What was sent and given up: answers may come, and are no fault. In the order of giving up. */
  readonly #givenUp = new Map<number, UnwantedAnswer>();
  readonly #maxGivenUp: number;
  /** The highest id that left `#givenUp` because it was full. */
  #forgotten = -1;

  /** Remembers up to `maxGivenUp` ids that were given up: a server may never answer them. */
  constructor(maxGivenUp: number) {
    this.#maxGivenUp = maxGivenUp;
  }

  /** Calls that wait. */
  get size(): number {
    return this.#calls.size;
  }

  add(call: Call): void {
    this.#calls.set(call.callId, call);
  }

  /** Takes out the call with this id. */
  take(callId: number): Call | undefined {
    const call = this.#calls.get(callId);
    if (call !== undefined) this.#calls.delete(callId);
    return call;
  }

  /** Takes out a call; false if it is not here (any more). */
  remove(call: Call): boolean {
    return this.#calls.get(call.callId) === call && this.#calls.delete(call.callId);
  }

  /** Takes out all calls, in the order in which they were made. */
  takeAll(): Call[] {
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    return calls;
  }

  /** The calls that wait, in the order in which they were made. */
  all(): Call[] {
    return [...this.#calls.values()];
  }

  /** The answer to this call, which was taken out, may come though nobody waits for it. */
  expectUnwanted({ callId, protocol, method }: Call): void {
    this.#givenUp.set(callId, { protocol, method });
    if (this.#givenUp.size <= this.#maxGivenUp) return;
    for (const oldest of this.#givenUp.keys()) {
      this.#givenUp.delete(oldest);
      this.#forgotten = Math.max(this.#forgotten, oldest);
      return;
    }
  }

  /** What was given up under this id; its answer may come once. "forgotten" if it was too long ago. */
  takeUnwanted(callId: number): UnwantedAnswer | "forgotten" | undefined {
    const unwanted = this.#givenUp.get(callId);
    if (unwanted === undefined) return callId >= 0 && callId <= this.#forgotten ? "forgotten" : undefined;
    this.#givenUp.delete(callId);
    return unwanted;
  }

  /** Whether a new call may not have this id, because an answer to it may still come. */
  holds(callId: number): boolean {
    return this.#calls.has(callId) || this.#givenUp.has(callId);
  }
}
