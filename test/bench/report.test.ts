import assert from "node:assert/strict";
import { test } from "node:test";
import { median, type Rounds, renderTable, resultOf } from "./report.js";

const CELL = { payloadBytes: 64, inFlight: 1, connections: 1 };

function rounds(system: Rounds["system"], rates: readonly number[]): Rounds {
  const measurements = rates.map((callsPerSecond) => ({
    callsPerSecond,
    p50Micros: 1e6 / callsPerSecond,
    p99Micros: 9,
  }));
  return { system, ...CELL, measurements };
}

test("the median of an even number of values lies between the two in the middle", () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([4, 1, 9, 2]), 3);
});

test("a result has the documented fields and the medians of its rounds", () => {
  assert.deepEqual(resultOf(rounds("avsc", [100, 400, 200])), {
    system: "avsc",
    ...CELL,
    callsPerSecond: 200,
    p50Micros: 5000,
    p99Micros: 9,
  });
});

test("ratios compare rounds with the same round of the raw echo, not medians with medians", () => {
  const rows = [rounds("raw", [100, 1_000, 10_000]), rounds("avsc", [50, 200, 9_000])];
  const line = renderTable(rows).split("\n").at(-1) ?? "";
  assert.deepEqual(line.trim().split(/\s+/).slice(-2), ["0.500", "2.000"]);
});
