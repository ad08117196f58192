import assert from "node:assert/strict";
import { test } from "node:test";
import { Deadlines } from "../../daemon/deadlines.js";
import { fakeCall } from "../helpers/fake-call.js";
import { ManualClock } from "../helpers/manual-clock.js";

test("the timer runs only while something waits for its deadline", () => {
  const clock = new ManualClock();
  const expired: number[] = [];
  const deadlines = new Deadlines<ReturnType<typeof fakeCall>>(clock, (call) => expired.push(call.id));
  assert.equal(clock.size, 0);
  deadlines.addIn(fakeCall({ id: 7 }), 250);
  assert.equal(clock.size, 1);
  clock.advance(200);
  assert.deepEqual(expired, []);
  clock.advance(200);
  assert.deepEqual(expired, [7]);
  assert.equal(clock.size, 0);
  deadlines.add(fakeCall({ id: 8 }), clock.now() + 100);
  assert.equal(clock.size, 1, "it starts again");
});

test("what was removed, and what waits when everything stops, does not expire", () => {
  const clock = new ManualClock();
  const expired: number[] = [];
  const deadlines = new Deadlines<ReturnType<typeof fakeCall>>(clock, (call) => expired.push(call.id));
  const removed = fakeCall({ id: 1 });
  deadlines.addIn(removed, 100);
  deadlines.addIn(fakeCall({ id: 2 }), 10_000);
  deadlines.remove(removed);
  clock.advance(1000);
  deadlines.stop();
  deadlines.stop();
  clock.advance(100_000);
  assert.deepEqual(expired, []);
  assert.equal(clock.size, 0);
});
