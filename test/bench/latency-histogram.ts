/**
 * Counts of latencies in buckets that are at most 1/64 of their value wide, so that recording one costs a few instructions.
 *
 * perf_hooks' own histogram crosses into native code at every value; here that would be a tenth of a raw call.
 */

const SUB_BITS = 6;
const SUB_COUNT = 1 << SUB_BITS;
/** Ticks per microsecond. */
const RESOLUTION = 10;

export class LatencyHistogram {
  readonly #counts = new Uint32Array((32 - SUB_BITS) * SUB_COUNT);
  #total = 0;

  get count(): number {
    return this.#total;
  }

  /** Adds one latency, in milliseconds: up to 200 seconds. */
  record(milliseconds: number): void {
    const ticks = (milliseconds * 1_000 * RESOLUTION) | 0;
    const index = bucketOf(ticks);
    this.#counts[index] = (this.#counts[index] as number) + 1;
    this.#total++;
  }

  /** Microseconds that this share (0 to 1) of the latencies does not exceed; 0 if there are none. */
  percentile(share: number): number {
    const wanted = Math.max(1, Math.ceil(this.#total * share));
    let seen = 0;
    for (let index = 0; index < this.#counts.length; index++) {
      seen += this.#counts[index] as number;
      if (seen >= wanted) return middleOf(index) / RESOLUTION;
    }
    return 0;
  }
}

/** Values below 64 have a bucket each; every doubling above has 64. */
function bucketOf(ticks: number): number {
  if (ticks < SUB_COUNT) return ticks < 0 ? 0 : ticks;
  const shift = 31 - Math.clz32(ticks) - SUB_BITS;
  return shift * SUB_COUNT + (ticks >>> shift);
}

function middleOf(index: number): number {
  if (index < 2 * SUB_COUNT) return index;
  const shift = (index >>> SUB_BITS) - 1;
  return ((SUB_COUNT + (index & (SUB_COUNT - 1))) << shift) + (1 << shift) / 2;
}
