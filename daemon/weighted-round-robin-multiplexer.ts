/**
 * Which level of a FairCallQueue is served next: so many calls of level 0, then so many of level 1, and round again
 * (Hadoop: ipc/WeightedRoundRobinMultiplexer.java). A turn counts whether or not its level had a call.
 */

/** Says which level is served next. */
export interface Multiplexer {
  /** The level of the next call, 0 to one less than there are levels. */
  next(): number;
}

/** Powers of two, the last 1: a level is served twice as often as the one below it. */
export function defaultMultiplexerWeights(levels: number): number[] {
  return Array.from({ length: levels }, (_, level) => 2 ** (levels - 1 - level));
}

export class WeightedRoundRobinMultiplexer implements Multiplexer {
  readonly #weights: readonly number[];
  #level = 0;
  /** Turns that are left to the level. */
  #left: number;

  /** `weights` holds one whole number of at least 1 for each level; without it, powers of two. Throws RangeError. */
  constructor(levels: number, weights: readonly number[] = []) {
    if (!Number.isInteger(levels) || levels < 1) throw new RangeError(`levels must be at least 1, got ${levels}`);
    if (weights.length !== 0 && weights.length !== levels) {
      throw new RangeError(`weights must be ${levels} numbers, one for each level, got ${weights.length}`);
    }
    this.#weights = weights.length === 0 ? defaultMultiplexerWeights(levels) : [...weights];
    this.#left = this.#weights[0] as number;
  }

  next(): number {
    const level = this.#level;
    if (--this.#left === 0) {
      this.#level = level + 1 === this.#weights.length ? 0 : level + 1;
      this.#left = this.#weights[this.#level] as number;
    }
    return level;
  }
}
