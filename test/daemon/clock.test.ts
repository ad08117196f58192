import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "../../daemon/clock.js";

test("tasks run when their time has come, and one that is stopped does not", async () => {
  const order: string[] = [];
  const stopped = systemClock.after(1, () => order.push("stopped"));
  systemClock.after(1, () => order.push("first"));
  stopped.stop();
  // Timers of one delay run in the order in which they were set.
  await new Promise<void>((resolve) => {
    systemClock.after(1, resolve);
  });
  assert.deepEqual(order, ["first"]);
});

test("what is to run soon runs behind the promises that are ready", async () => {
  const order: string[] = [];
  const soon = new Promise<void>((resolve) => {
    systemClock.soon(() => {
      order.push("soon");
      resolve();
    });
  });
  await Promise.resolve();
  order.push("promise");
  await soon;
  assert.deepEqual(order, ["promise", "soon"]);
});
