import assert from "node:assert/strict";
import { test } from "node:test";
import { LatencyHistogram } from "./latency-histogram.js";

test("a latency comes back within a sixty-fourth of its value, from a tenth of a microsecond to a minute", () => {
  for (let micros = 0.1; micros < 60e6; micros *= 1.37) {
    const histogram = new LatencyHistogram();
    histogram.record(micros / 1_000);
    const read = histogram.percentile(0.5);
    assert.ok(Math.abs(read - micros) <= Math.max(0.1, micros / 64), `${micros} µs came back as ${read} µs`);
  }
});

test("percentiles are those of the values that were recorded", () => {
  const histogram = new LatencyHistogram();
  for (let micros = 1; micros <= 1_000; micros++) histogram.record(micros / 1_000);
  assert.equal(histogram.count, 1_000);
  for (const share of [0.01, 0.5, 0.99, 1]) {
    const read = histogram.percentile(share);
    assert.ok(Math.abs(read - share * 1_000) <= (share * 1_000) / 64, `${share} came back as ${read} µs`);
  }
});

test("no latency at all gives zero", () => {
  assert.equal(new LatencyHistogram().percentile(0.99), 0);
});
