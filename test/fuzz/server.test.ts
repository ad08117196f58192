import assert from "node:assert/strict";
import { test } from "node:test";
import { fuzzServer } from "./server-run.js";

test("a server outlives a thousand damaged connections, closes them all, and serves good clients meanwhile", async (t) => {
  const report = await fuzzServer({ seed: 1, count: 1000, concurrency: 16, hangMs: Number.POSITIVE_INFINITY });
  t.diagnostic(`${report.answered} of ${report.inputs} connections were answered`);
  assert.ok(report.answered > report.inputs / 4, `only ${report.answered} were answered: the damage is too great`);
  assert.equal(report.goodCalls, 2);
  assert.equal(report.connections, 0);
});
