/**
 * Counterparts of Hadoop's TestWeightedTimeCostProvider, with its numbers. That there is no cost before there are weights, for
 * which Java asserts, holds by construction; the defaults are those of the settings.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createSettings, type SettingValues } from "../../../conf/index.js";
import { WeightedTimeCostProvider } from "../../../daemon/cost-providers/weighted-time.js";
import { createProcessingDetails, TIMINGS, type Timing } from "../../../daemon/processing-details.js";

const DETAILS = { ...createProcessingDetails(), queue: 3, lockfree: 5, lockshared: 7, lockexclusive: 11 };

function cost(details: Readonly<Record<Timing, number>>, settings: SettingValues = {}): number {
  const port = createSettings(settings).forPort(1);
  const weights = TIMINGS.map((timing) => [timing, port.get(`weighted-cost.${timing}`)] as const);
  return new WeightedTimeCostProvider(Object.fromEntries(weights) as Record<Timing, number>).cost(details);
}

test("by default time without a lock counts once, with a shared one ten times, with an exclusive one a hundred times", () => {
  assert.equal(cost(DETAILS), 1 * 5 + 10 * 7 + 100 * 11);
});

test("weights are those of the port, and another port's change nothing", () => {
  const settings = {
    "ipc.1.weighted-cost.queue": 1000,
    "ipc.1.weighted-cost.lockfree": 10_000,
    "ipc.1.weighted-cost.lockshared": 100_000,
    "ipc.2.weighted-cost.lockexclusive": 0,
  };
  assert.equal(cost(DETAILS, settings), 1000 * 3 + 10_000 * 5 + 100_000 * 7 + 100 * 11);
});

test("every phase counts by its own weight", () => {
  for (const [i, timing] of TIMINGS.entries()) {
    const settings = Object.fromEntries(TIMINGS.map((name, j) => [`ipc.1.weighted-cost.${name}`, String(10 ** j)]));
    assert.equal(cost({ ...createProcessingDetails(), [timing]: 3 }, settings), 3 * 10 ** i, timing);
  }
});

test("a cost is a whole number", () => {
  assert.equal(cost({ ...createProcessingDetails(), lockfree: 1234.56 }), 1235);
});
