/**
 * A queue for each priority level (Hadoop: ipc/FairCallQueue.java). A call whose level is full goes to the next one below
 * that has room; a multiplexer says which level gives the next call.
 *
 * ```
 *   level 0  o o o o        8 turns of 15
 *   level 1  o o o          4                  default weights of four levels
 *   level 2  o              2
 *   level 3  o o o o o o    1
 * ```
 */
import type { ServerCall } from "../call.js";
import type { CallQueue } from "../call-queue.js";
import { type Multiplexer, WeightedRoundRobinMultiplexer } from "../weighted-round-robin-multiplexer.js";
import { FifoCallQueue } from "./fifo.js";

/** How a FairCallQueue is divided, and served. */
export interface FairCallQueueOptions {
  /** Number of levels, at least 1. */
  readonly levels: number;
  /** Shares of the capacity, one whole number of at least 1 for each level; empty or absent: all alike. */
  readonly capacityWeights?: readonly number[];
  /** Default: weighted round robin with powers of two. */
  readonly multiplexer?: Multiplexer;
}

export class FairCallQueue implements CallQueue {
  readonly capacity: number;
  readonly levels: readonly FifoCallQueue[];
  /** How often each level had no room for a call that came to it. */
  readonly overflowedCalls: readonly number[];
  readonly #overflowedCalls: number[];
  readonly #multiplexer: Multiplexer;
  #size = 0;

  /** `capacity` is a whole number. Throws RangeError for one that leaves a level without room. */
  constructor(capacity: number, { levels, capacityWeights = [], multiplexer }: FairCallQueueOptions) {
    this.capacity = capacity;
    this.levels = capacities(capacity, levels, capacityWeights).map((part) => new FifoCallQueue(part));
    this.#overflowedCalls = this.levels.map(() => 0);
    this.overflowedCalls = this.#overflowedCalls;
    this.#multiplexer = multiplexer ?? new WeightedRoundRobinMultiplexer(levels);
  }

  get size(): number {
    return this.#size;
  }

  offer(call: ServerCall): boolean {
    const { levels } = this;
    // A call may have been given its level by a scheduler with more of them.
    for (let level = Math.min(call.priorityLevel, levels.length - 1); level < levels.length; level++) {
      if ((levels[level] as FifoCallQueue).offer(call)) {
        this.#size++;
        return true;
      }
      this.#overflowedCalls[level] = (this.#overflowedCalls[level] as number) + 1;
    }
    return false;
  }

  poll(): ServerCall | undefined {
    if (this.#size === 0) return undefined;
    this.#size--;
    const call = (this.levels[this.#multiplexer.next()] as FifoCallQueue).poll();
    return call ?? this.#pollHighest();
  }

  #pollHighest(): ServerCall | undefined {
    for (const level of this.levels) {
      const call = level.poll();
      if (call !== undefined) return call;
    }
    return undefined;
  }
}

/** The capacity of each level; level 0 gets what division leaves over. */
function capacities(capacity: number, levels: number, weights: readonly number[]): number[] {
  if (!Number.isInteger(levels) || levels < 1) throw new RangeError(`levels must be at least 1, got ${levels}`);
  if (weights.length !== 0 && weights.length !== levels) {
    throw new RangeError(`capacityWeights must be ${levels} numbers, one for each level, got ${weights.length}`);
  }
  const shares = weights.length === 0 ? new Array<number>(levels).fill(1) : weights;
  const sum = shares.reduce((total, share) => total + share, 0);
  const unit = Math.floor(capacity / sum);
  if (unit < 1) throw new RangeError(`a capacity of ${capacity} cannot be divided into ${sum} parts`);
  return shares.map((share, level) => unit * share + (level === 0 ? capacity - unit * sum : 0));
}
