import assert from "node:assert/strict";
import { test } from "node:test";
import { FixedScheduler } from "../../../daemon/schedulers/fixed.js";

test("every call has the first level, none is refused, and no time is measured for it", () => {
  const scheduler = new FixedScheduler(4);
  assert.deepEqual(
    [scheduler.levels, scheduler.priorityLevel(), scheduler.shouldBackOff(), scheduler.addResponseTime],
    [4, 0, false, undefined],
  );
});
