/** Every file of daemon/schedulers keeps the contract of daemon/scheduler.ts. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { describe, test } from "node:test";
import { callCostProvider } from "../../daemon/cost-providers/calls.js";
import { userIdentityProvider } from "../../daemon/identity-providers/user.js";
import { createProcessingDetails } from "../../daemon/processing-details.js";
import type { Scheduler } from "../../daemon/scheduler.js";
import { DecayScheduler } from "../../daemon/schedulers/decay.js";
import { FixedScheduler } from "../../daemon/schedulers/fixed.js";
import { fakeCall } from "../helpers/fake-call.js";
import { ManualClock } from "../helpers/manual-clock.js";

/** How each file's scheduler is made, for so many levels. */
const MAKERS: Readonly<Record<string, (levels: number, clock: ManualClock) => Scheduler>> = {
  "fixed.js": (levels) => new FixedScheduler(levels),
  "decay.js": (levels, clock) =>
    new DecayScheduler({
      levels,
      periodMs: 10,
      decayFactor: 0.5,
      thresholds: [],
      serviceUsers: [],
      backoffThresholdsMs: [],
      topUsers: 1,
      maxUsers: 2,
      identityProvider: userIdentityProvider,
      costProvider: callCostProvider,
      clock,
    }),
};

test("every scheduler there is is tested here", () => {
  const files = readdirSync(new URL("../../daemon/schedulers/", import.meta.url)).filter((file) =>
    file.endsWith(".js"),
  );
  assert.deepEqual(files.toSorted(), Object.keys(MAKERS).toSorted());
});

for (const [file, make] of Object.entries(MAKERS)) describe(`daemon/schedulers/${file}`, () => keepsTheContract(make));

function keepsTheContract(make: (levels: number, clock: ManualClock) => Scheduler): void {
  for (const levels of [1, 4]) {
    test(`with ${levels} levels, every call has one of them, whoever calls and however often`, () => {
      const clock = new ManualClock();
      const scheduler = make(levels, clock);
      assert.equal(scheduler.levels, levels);
      for (let i = 0; i < 1000; i++) {
        const call = fakeCall({ user: `user${i % (1 + (i % 7))}` });
        call.priorityLevel = scheduler.priorityLevel(call);
        assert.ok(Number.isInteger(call.priorityLevel) && call.priorityLevel >= 0 && call.priorityLevel < levels);
        assert.equal(scheduler.shouldBackOff(call), false);
        scheduler.addResponseTime?.(call, createProcessingDetails());
        clock.advance(1);
      }
    });
  }

  test("a call without a user has a level too", () => {
    assert.equal(make(4, new ManualClock()).priorityLevel(fakeCall()), 0);
  });

  test("a stopped scheduler has no timers, and still answers", () => {
    const clock = new ManualClock();
    const scheduler = make(4, clock);
    scheduler.addResponseTime?.(fakeCall({ user: "a" }), createProcessingDetails());
    scheduler.stop();
    scheduler.stop();
    assert.equal(clock.size, 0);
    scheduler.addResponseTime?.(fakeCall({ user: "a" }), createProcessingDetails());
    assert.equal(clock.size, 0);
    assert.equal(scheduler.shouldBackOff(fakeCall()), false);
  });
}
