import assert from "node:assert/strict";
import { test } from "node:test";
import { connectionsThatFit, DescriptorWatch } from "../../daemon/descriptor-watch.js";
import { subscribe } from "../../protocol/events.js";
import { ManualClock } from "../helpers/manual-clock.js";

test("connections leave the reserve free, or half if that is more, and are unbounded if nothing is known", () => {
  const fit = (limit: number | undefined, reserve: number) =>
    connectionsThatFit({ limit, available: () => true }, reserve);
  assert.equal(fit(20_000, 256), 19_744);
  assert.equal(fit(100, 256), 50);
  assert.equal(fit(1, 256), 1);
  assert.equal(fit(undefined, 256), undefined);
});

test("that descriptors are gone is told once, acted upon at each look, and their return is told", () => {
  const clock = new ManualClock();
  const told: unknown[] = [];
  const unsubscribe = subscribe("hrpcd:server:descriptors", (event) => told.push(event));
  let available = true;
  let relieved = 0;
  const watch = new DescriptorWatch({ limit: 64, available: () => available }, () => relieved++).start(clock);
  clock.advance(3000);
  assert.deepEqual([told, relieved], [[], 0]);
  available = false;
  clock.advance(3000);
  available = true;
  clock.advance(3000);
  unsubscribe();
  watch.stop();
  assert.deepEqual(told, [
    { exhausted: true, limit: 64 },
    { exhausted: false, limit: 64 },
  ]);
  assert.equal(relieved, 3);
  assert.equal(clock.size, 0);
});
