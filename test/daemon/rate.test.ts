import assert from "node:assert/strict";
import { test } from "node:test";
import { Rate, rateMetrics } from "../../daemon/rate.js";

test("the mean is that of the last whole window and of what there is of this one", () => {
  const rate = new Rate();
  assert.equal(rate.meanNs, 0);
  rate.add(10);
  rate.add(20);
  assert.equal(rate.meanNs, 15);
  rate.roll();
  rate.add(60);
  assert.equal(rate.meanNs, 30);
  rate.roll();
  assert.equal(rate.meanNs, 60, "the first window is forgotten");
});

test("while nothing happens the mean stays what it was", () => {
  const rate = new Rate();
  rate.add(7);
  for (let i = 0; i < 3; i++) rate.roll();
  assert.equal(rate.meanNs, 7);
});

test("a rate is told as a number and an average in the unit that is wanted", () => {
  const rate = new Rate();
  rate.add(3e6);
  rate.add(6e6);
  const told = rateMetrics("Echo", "calls", rate, 1e6).map(({ name, kind, value }) => [name, kind, value]);
  assert.deepEqual(told, [
    ["EchoNumOps", "counter", 2],
    ["EchoAvgTime", "gauge", 4.5],
  ]);
});
