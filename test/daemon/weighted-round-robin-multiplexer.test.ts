/** Counterparts of Hadoop's TestWeightedRoundRobinMultiplexer, with its numbers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { WeightedRoundRobinMultiplexer } from "../../daemon/weighted-round-robin-multiplexer.js";

function turns(multiplexer: WeightedRoundRobinMultiplexer, count: number): number[] {
  return Array.from({ length: count }, () => multiplexer.next());
}

test("fewer than one level cannot be served", () => {
  assert.throws(() => new WeightedRoundRobinMultiplexer(-1), /^RangeError: levels must be at least 1, got -1$/);
  assert.throws(() => new WeightedRoundRobinMultiplexer(0), /^RangeError: levels must be at least 1, got 0$/);
});

test("three weights do not fit two levels; they fit three", () => {
  assert.throws(
    () => new WeightedRoundRobinMultiplexer(2, [1, 2, 3]),
    /^RangeError: weights must be 2 numbers, one for each level, got 3$/,
  );
  assert.doesNotThrow(() => new WeightedRoundRobinMultiplexer(3, [1, 2, 3]));
});

test("without weights a level has twice the turns of the one below it", () => {
  assert.deepEqual(turns(new WeightedRoundRobinMultiplexer(1), 10), new Array(10).fill(0));
  assert.deepEqual(turns(new WeightedRoundRobinMultiplexer(2), 6), [0, 0, 1, 0, 0, 1]);
  assert.deepEqual(turns(new WeightedRoundRobinMultiplexer(3), 8), [0, 0, 0, 0, 1, 1, 2, 0]);
  const four = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3];
  assert.deepEqual(turns(new WeightedRoundRobinMultiplexer(4), 16), [...four, 0]);
});

test("each level has as many turns as its weight says, again and again", () => {
  assert.deepEqual(turns(new WeightedRoundRobinMultiplexer(2, [1, 1]), 4), [0, 1, 0, 1]);
  const pattern = [0, 1, 1, 1, 2, 2];
  const repeated = Array.from({ length: 5 }, () => pattern).flat();
  assert.deepEqual(turns(new WeightedRoundRobinMultiplexer(3, [1, 3, 2]), 30), repeated);
});
