/**
 * Deadlines of many calls in one structure: adding and removing one costs the same however many there are, and nothing
 * is allocated. The wheel has no clock and no timer; its owner calls `advance` about once per tick while `size` is not 0.
 *
 * ```
 *   slot:    0        1        2        ...      slots-1
 *            |        |        |
 *   entries  a <-> b           c                          a doubly linked list runs through the entries themselves
 * ```
 * An entry lies in the slot of the first tick at or after its deadline, counted modulo the number of slots. One that lies
 * further ahead than a whole turn of the wheel is passed over until its turn comes.
 */

/** An entry of at most one wheel. It starts with 0, NO_SLOT, undefined and undefined; then the fields are the wheel's. */
export interface Deadlined {
  /** When the entry expires, in milliseconds of the owner's clock: finite, at least 0. */
  deadlineMs: number;
  /** Where the entry lies; `NO_SLOT` while it lies in no wheel. */
  deadlineSlot: number;
  deadlinePrevious: Deadlined | undefined;
  deadlineNext: Deadlined | undefined;
}

/** The slot of an entry that lies in no wheel. */
export const NO_SLOT = -1;

const DEFAULT_SLOTS = 512;
/** Fine enough for deadlines of human and network scale, coarse enough that an idle tick is not felt. */
const DEFAULT_TICK_MS = 16;

export class DeadlineWheel<E extends Deadlined = Deadlined> {
  /**
   * Milliseconds per slot. An entry never expires before its deadline, and at most this much (and the lateness of the
   * owner's timer) after it.
   */
  readonly tickMs: number;
  readonly #slots: number;
  /** First entry of each slot; the list behind the slots holds what is due while `advance` runs. */
  readonly #lists: (E | undefined)[];
  /** The last tick that `advance` has finished. */
  #tick = -1;
  #size = 0;

  /** `slots` is at least 1; `tickMs` is greater than 0. */
  constructor(slots: number = DEFAULT_SLOTS, tickMs: number = DEFAULT_TICK_MS) {
    this.tickMs = tickMs;
    this.#slots = slots;
    this.#lists = new Array<E | undefined>(slots + 1).fill(undefined);
  }

  /** Number of entries that wait for their deadline. */
  get size(): number {
    return this.#size;
  }

  /** Adds an entry, or moves one that this wheel already holds. A deadline that has passed expires at the next `advance`. */
  add(entry: E, deadlineMs: number): void {
    if (entry.deadlineSlot !== NO_SLOT) this.remove(entry);
    const tick = Math.max(Math.ceil(deadlineMs / this.tickMs), this.#tick + 1);
    entry.deadlineMs = deadlineMs;
    this.#insert(entry, tick % this.#slots);
  }

  /** Takes an entry out; does nothing if it lies in no wheel. */
  remove(entry: E): void {
    if (entry.deadlineSlot === NO_SLOT) return;
    const previous = entry.deadlinePrevious;
    const next = entry.deadlineNext;
    if (previous === undefined) this.#lists[entry.deadlineSlot] = next as E | undefined;
    else previous.deadlineNext = next;
    if (next !== undefined) next.deadlinePrevious = previous;
    entry.deadlineSlot = NO_SLOT;
    entry.deadlinePrevious = undefined;
    entry.deadlineNext = undefined;
    this.#size--;
  }

  /**
   * Takes out every entry whose deadline is at or before `nowMs`, rounded down to a whole tick, and gives it to
   * `expired`, which may add and remove entries. `nowMs` is at least 0; the wheel does not turn when it goes backwards.
   */
  advance(nowMs: number, expired: (entry: E) => void): void {
    const nowTick = Math.floor(nowMs / this.tickMs);
    // After a long pause one turn of the wheel visits everything.
    let tick = Math.max(this.#tick, nowTick - this.#slots);
    while (tick < nowTick) {
      tick++;
      this.#tick = tick;
      this.#expireSlot(tick % this.#slots, nowTick, expired);
    }
  }

  #expireSlot(slot: number, nowTick: number, expired: (entry: E) => void): void {
    const limitMs = nowTick * this.tickMs;
    let entry = this.#lists[slot];
    while (entry !== undefined) {
      const next = entry.deadlineNext as E | undefined;
      if (entry.deadlineMs <= limitMs) {
        this.remove(entry);
        this.#insert(entry, this.#slots);
      }
      entry = next;
    }
    // What is due waits in a list of its own, so that `expired` may remove or move any entry, due ones included.
    for (let due = this.#lists[this.#slots]; due !== undefined; due = this.#lists[this.#slots]) {
      this.remove(due);
      expired(due);
    }
  }

  #insert(entry: E, list: number): void {
    const first = this.#lists[list];
    entry.deadlineSlot = list;
    entry.deadlinePrevious = undefined;
    entry.deadlineNext = first;
    if (first !== undefined) first.deadlinePrevious = entry;
    this.#lists[list] = entry;
    this.#size++;
  }
}
