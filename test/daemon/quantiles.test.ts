import assert from "node:assert/strict";
import { test } from "node:test";
import { PERCENTILES, Quantiles } from "../../daemon/quantiles.js";
import { Rng } from "../helpers/rng.js";

test("percentiles are those of the sorted times, but for two parts in a hundred", () => {
  const random = new Rng(5);
  const quantiles = new Quantiles();
  // From a microsecond to a quarter of an hour, every octave alike.
  const times = Array.from({ length: 10_000 }, () => 1000 * 2 ** ((random.uint32() / 2 ** 32) * 30));
  for (const time of times) quantiles.add(time);
  quantiles.roll();
  const sorted = times.toSorted((a, b) => a - b);
  assert.equal(quantiles.last.count, times.length);
  for (const [i, percent] of PERCENTILES.entries()) {
    const exact = sorted[Math.ceil((percent / 100) * times.length) - 1] as number;
    const told = quantiles.last.values[i] as number;
    assert.ok(Math.abs(told / exact - 1) < 0.02, `${percent}: ${told} instead of ${exact}`);
  }
});

test("a window tells of the one before it, and nothing of what came earlier", () => {
  const quantiles = new Quantiles();
  quantiles.add(1e6);
  assert.deepEqual(quantiles.last, { count: 0, values: [0, 0, 0, 0, 0] });
  quantiles.roll();
  assert.equal(quantiles.last.count, 1);
  quantiles.roll();
  assert.deepEqual(quantiles.last, { count: 0, values: [0, 0, 0, 0, 0] });
});

test("no time, a time below nothing and one that is no number count as none, and the longest has a place", () => {
  const quantiles = new Quantiles();
  for (const time of [0, -5, Number.NaN]) quantiles.add(time);
  quantiles.roll();
  assert.deepEqual(quantiles.last, { count: 3, values: [0, 0, 0, 0, 0] });
  quantiles.add(Number.MAX_VALUE);
  quantiles.add(Number.POSITIVE_INFINITY);
  quantiles.roll();
  assert.ok((quantiles.last.values[0] as number) > 2 ** 52);
});
