import assert from "node:assert/strict";
import { test } from "node:test";
import { Readiness } from "../../daemon/readiness.js";
import { ManualClock } from "../helpers/manual-clock.js";

function setUp() {
  const clock = new ManualClock();
  const load = { serving: true, callQueueLength: 0, queueCapacity: 100 };
  return { clock, load, readiness: new Readiness(load, clock) };
}

test("a full queue makes the server unready within half a second", () => {
  const { clock, load, readiness } = setUp();
  assert.equal(readiness.reason, undefined);
  load.callQueueLength = 95;
  clock.advance(500);
  assert.equal(readiness.reason, "the call queue is full");
});

test("a queue that is full for a moment changes nothing", () => {
  const { clock, load, readiness } = setUp();
  for (let i = 0; i < 20; i++) {
    load.callQueueLength = i % 2 === 0 ? 100 : 89;
    clock.advance(250);
    assert.equal(readiness.reason, undefined);
  }
});

test("only a queue that is half empty for two seconds makes the server ready again", () => {
  const { clock, load, readiness } = setUp();
  load.callQueueLength = 100;
  clock.advance(500);
  for (let i = 0; i < 40; i++) {
    load.callQueueLength = i % 7 === 0 ? 50 : 10;
    clock.advance(250);
    assert.ok(readiness.reason, `look ${i}`);
  }
  load.callQueueLength = 49;
  clock.advance(2000);
  assert.equal(readiness.reason, undefined);
});

test("a server that does not serve is not ready, at once", () => {
  const { load, readiness } = setUp();
  load.serving = false;
  assert.equal(readiness.reason, "the server is not serving");
});

test("once stopped, nothing is looked at", () => {
  const { clock, readiness } = setUp();
  readiness.stop();
  assert.equal(clock.size, 0);
});
