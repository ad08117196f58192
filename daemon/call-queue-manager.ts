/**
 * The call queue as its two ends see it: readers put, handlers take. A call that finds the queue full waits outside, and
 * its connection is not read until the call is in; no other connection is held up (Hadoop: ipc/CallQueueManager.java, where
 * the reader thread blocks instead).
 *
 * Each connection has at most one call outside, and the calls of connections that ended are thrown out from time to time; so
 * the number of open connections bounds what waits. When a smaller queue takes the place of another, calls that it has no
 * room for wait outside too, before those; they are no more than had been in.
 */
import type { ServerCall } from "./call.js";
import type { CallQueue } from "./call-queue.js";

/** Fewer calls outside than this are not worth a search for dead ones. */
const MIN_SWEEP = 64;

export class CallQueueManager {
  #queue: CallQueue;
  readonly #admitted: (call: ServerCall) => void;
  #outside: ServerCall[] = [];
  #firstOutside = 0;
  /** How many of the first outside were in before: nobody waits to hear that they are in again. */
  #movedOut = 0;
  /** Length of `#outside` at which calls of ended connections are thrown out: twice what was left the last time. */
  #sweepAt = MIN_SWEEP;

  /** `admitted` is told of each call that had to wait outside, when it is in the queue. */
  constructor(queue: CallQueue, admitted: (call: ServerCall) => void) {
    this.#queue = queue;
    this.#admitted = admitted;
  }

  /** Calls that wait, in the queue and outside. */
  get size(): number {
    return this.#queue.size + this.#outside.length - this.#firstOutside;
  }

  get capacity(): number {
    return this.#queue.capacity;
  }

  /** Adds a call; false if it has to wait outside. */
  put(call: ServerCall): boolean {
    if (this.#outside.length === 0 && this.#queue.offer(call)) return true;
    if (this.#outside.length >= this.#sweepAt) this.#sweep();
    this.#outside.push(call);
    return false;
  }

  take(): ServerCall | undefined {
    const call = this.#queue.poll();
    if (this.#outside.length > 0) this.#admit();
    return call;
  }

  /**
   * Puts another queue, which must be empty, in the place of this one. The calls that wait move over in the order in which
   * they would have been taken: none is lost, none is there twice.
   */
  swap(queue: CallQueue): void {
    const old = this.#queue;
    const left: ServerCall[] = [];
    for (let call = old.poll(); call !== undefined; call = old.poll()) {
      if (left.length > 0 || !queue.offer(call)) left.push(call);
    }
    this.#queue = queue;
    if (left.length > 0) {
      this.#outside = left.concat(this.#outside.slice(this.#firstOutside));
      this.#firstOutside = 0;
      this.#movedOut += left.length;
    }
    while (this.#outside.length > 0 && this.#admit());
  }

  /** Lets in the call that has waited longest outside; false if there is still no room for it. */
  #admit(): boolean {
    const call = this.#outside[this.#firstOutside] as ServerCall;
    if (!this.#queue.offer(call)) return false;
    this.#firstOutside++;
    if (this.#firstOutside === this.#outside.length) {
      this.#outside = [];
      this.#firstOutside = 0;
    } else if (this.#firstOutside >= 1024) {
      this.#outside = this.#outside.slice(this.#firstOutside);
      this.#firstOutside = 0;
    }
    if (this.#movedOut > 0) this.#movedOut--;
    else this.#admitted(call);
    return true;
  }

  #sweep(): void {
    const waiting = this.#outside.slice(this.#firstOutside);
    this.#movedOut = waiting.slice(0, this.#movedOut).filter(isWanted).length;
    this.#outside = waiting.filter(isWanted);
    this.#firstOutside = 0;
    this.#sweepAt = Math.max(MIN_SWEEP, 2 * this.#outside.length);
  }
}

function isWanted(call: ServerCall): boolean {
  return !call.connection.over;
}
