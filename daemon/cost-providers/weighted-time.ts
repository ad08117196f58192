/**
 * A call costs the nanoseconds it took, each phase with a weight of its own (Hadoop: ipc/WeightedTimeCostProvider.java).
 */
import type { CostProvider } from "../cost-provider.js";
import type { ProcessingDetails, Timing } from "../processing-details.js";

export class WeightedTimeCostProvider implements CostProvider {
  readonly #weights: Readonly<Record<Timing, number>>;

  /** A weight of at least 0 for each phase. */
  constructor(weights: Readonly<Record<Timing, number>>) {
    this.#weights = { ...weights };
  }

  cost(details: ProcessingDetails): number {
    const weights = this.#weights;
    // Written out, for this runs once per call and a loop over names takes ten times as long.
    return Math.round(
      details.enqueue * weights.enqueue +
        details.queue * weights.queue +
        details.handler * weights.handler +
        details.processing * weights.processing +
        details.lockfree * weights.lockfree +
        details.lockwait * weights.lockwait +
        details.lockshared * weights.lockshared +
        details.lockexclusive * weights.lockexclusive +
        details.response * weights.response,
    );
  }
}
