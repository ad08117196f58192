import { counter, gauge, type Metric } from "./metrics.js";

/**
 * How often something happened and how long it took: Hadoop's `<Name>NumOps` and `<Name>AvgTime`
 * (metrics2/lib/MutableRate.java). Counting is two additions.
 *
 * ```
 *   ------|-----------|-----------|----  now      a bar is a call of `roll`
 *                     '------- mean ------'       over the last whole window and what there is of this one
 * ```
 * In Hadoop the mean is that of the last period of its metrics system. Here it does not depend on who reads it, or when.
 */
export class Rate {
  /** Times it happened, since the server was made. */
  count = 0;
  /** Nanoseconds that it took, all together. */
  sumNs = 0;
  #windowCount = 0;
  #windowSumNs = 0;
  #earlierCount = 0;
  #earlierSumNs = 0;
  #lastMeanNs = 0;

  add(ns: number): void {
    this.count++;
    this.sumNs += ns;
  }

  /** Nanoseconds that it took of late, on average; while nothing happens, the last such figure; 0 at first. */
  get meanNs(): number {
    const count = this.count - this.#earlierCount;
    return count === 0 ? this.#lastMeanNs : (this.sumNs - this.#earlierSumNs) / count;
  }

  /** Ends a window. */
  roll(): void {
    this.#lastMeanNs = this.meanNs;
    this.#earlierCount = this.#windowCount;
    this.#earlierSumNs = this.#windowSumNs;
    this.#windowCount = this.count;
    this.#windowSumNs = this.sumNs;
  }
}

/** The two metrics of a rate, in units of so many nanoseconds. */
export function rateMetrics(name: string, description: string, rate: Rate, nsPerUnit: number): Metric[] {
  return [
    counter(`${name}NumOps`, rate.count, `number: ${description}`),
    gauge(`${name}AvgTime`, rate.meanNs / nsPerUnit, `average: ${description}`),
  ];
}
