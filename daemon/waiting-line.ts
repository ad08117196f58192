/**
 * Calls that wait outside of a full queue, first come, first served. Calls of connections that ended are thrown out when the
 * line has grown to twice what was left the last time, so that they do not pile up while the queue stands still.
 */
import type { ServerCall } from "./call.js";

/** Fewer calls than this are not worth a search for dead ones. */
const MIN_SWEEP = 64;
/** So many places of calls that have left are given back at once. */
const EMPTY_PLACES = 1024;

export class WaitingLine {
  #calls: ServerCall[] = [];
  #first = 0;
  #sweepAt = MIN_SWEEP;

  get length(): number {
    return this.#calls.length - this.#first;
  }

  /** Adds a call at the end; returns how many dead ones were thrown out before. */
  push(call: ServerCall): number {
    let thrownOut = 0;
    if (this.#calls.length >= this.#sweepAt) {
      const before = this.length;
      this.#calls = this.takeAll().filter(({ connection }) => !connection.over);
      this.#sweepAt = Math.max(MIN_SWEEP, 2 * this.#calls.length);
      thrownOut = before - this.#calls.length;
    }
    this.#calls.push(call);
    return thrownOut;
  }

  /** The call that has waited longest; undefined if none waits. */
  get first(): ServerCall | undefined {
    return this.#calls[this.#first];
  }

  /** Takes out the call that has waited longest, if there is one. */
  shift(): void {
    if (this.length === 0) return;
    this.#first++;
    if (this.#first === this.#calls.length || this.#first === EMPTY_PLACES) {
      this.#calls = this.#calls.slice(this.#first);
      this.#first = 0;
    }
  }

  /** Takes all, in order. */
  takeAll(): ServerCall[] {
    const calls = this.#calls.slice(this.#first);
    this.#calls = [];
    this.#first = 0;
    return calls;
  }
}
