/** The calls of one connection that wait for an answer, by call id, and the ids whose callers wait no more. */
import type { Call } from "./call.js";

/** Room at first; doubled while more than half of it is taken. */
const MIN_SLOTS = 256;

export class CallTable {
  /**
   * A call lies in the slot of its id's low bits: ids count up, so calls in flight rarely meet. One that finds its slot
   * taken, by a call that has waited for very long, goes to `#crowded`.
   *
   * A Map alone would cost a garbage collection several times as long: each table that it outgrows keeps calls alive that
   * are long over.
   */
  #slots: (Call | undefined)[] = emptySlots(MIN_SLOTS);
  readonly #crowded = new Map<number, Call>();
  #size = 0;
  /** Ids that were sent and given up: their answers may come, and are no fault. In the order of giving up. */
  readonly #givenUp = new Set<number>();
  readonly #maxGivenUp: number;
  /** The highest id that left `#givenUp` because it was full. */
  #forgotten = -1;

  /** Remembers up to `maxGivenUp` ids that were given up: a server may never answer them. */
  constructor(maxGivenUp: number) {
    this.#maxGivenUp = maxGivenUp;
  }

  /** Calls that wait. */
  get size(): number {
    return this.#size;
  }

  add(call: Call): void {
    this.#size++;
    if (this.#size * 2 > this.#slots.length) this.#grow();
    this.#place(call);
  }

  /** Takes out the call with this id. */
  take(callId: number): Call | undefined {
    const call = this.#find(callId);
    if (call === undefined) return undefined;
    const slot = this.#slotOf(callId);
    if (this.#slots[slot] === call) this.#slots[slot] = undefined;
    else this.#crowded.delete(callId);
    this.#size--;
    return call;
  }

  /** Takes out a call; false if it is not here (any more). */
  remove(call: Call): boolean {
    return this.#find(call.callId) === call && this.take(call.callId) === call;
  }

  /** Takes out all calls, in the order in which they were made. */
  takeAll(): Call[] {
    const calls = this.all();
    this.#slots = emptySlots(MIN_SLOTS);
    this.#crowded.clear();
    this.#size = 0;
    return calls;
  }

  /** The calls that wait, in the order in which they were made. */
  all(): Call[] {
    const calls = this.#slots.filter((call) => call !== undefined);
    return [...calls, ...this.#crowded.values()].sort((a, b) => a.callId - b.callId);
  }

  #slotOf(callId: number): number {
    return callId & (this.#slots.length - 1);
  }

  #find(callId: number): Call | undefined {
    const call = this.#slots[this.#slotOf(callId)];
    return call?.callId === callId ? call : this.#crowded.get(callId);
  }

  #place(call: Call): void {
    const slot = this.#slotOf(call.callId);
    if (this.#slots[slot] === undefined) this.#slots[slot] = call;
    else this.#crowded.set(call.callId, call);
  }

  #grow(): void {
    const calls = this.all();
    this.#slots = emptySlots(this.#slots.length * 2);
    this.#crowded.clear();
    for (const call of calls) this.#place(call);
  }

  /** An answer to this id, which was taken out, may come though nobody waits for it. */
  expectUnwanted(callId: number): void {
    this.#givenUp.add(callId);
    if (this.#givenUp.size <= this.#maxGivenUp) return;
    for (const oldest of this.#givenUp) {
      this.#givenUp.delete(oldest);
      this.#forgotten = Math.max(this.#forgotten, oldest);
      return;
    }
  }

  /** Whether an answer to this id, for which no call waits, is one that may come; each may come once, as far as is known. */
  takeUnwanted(callId: number): boolean {
    return this.#givenUp.delete(callId) || (callId >= 0 && callId <= this.#forgotten);
  }

  /** Whether a new call may not have this id, because an answer to it may still come. */
  holds(callId: number): boolean {
    return this.#find(callId) !== undefined || this.#givenUp.has(callId);
  }
}

function emptySlots(length: number): (Call | undefined)[] {
  return new Array<Call | undefined>(length).fill(undefined);
}
