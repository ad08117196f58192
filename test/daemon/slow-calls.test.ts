import assert from "node:assert/strict";
import { test } from "node:test";
import { createSettings, type SettingValues } from "../../conf/index.js";
import { createProcessingDetails } from "../../daemon/processing-details.js";
import { SlowCalls } from "../../daemon/slow-calls.js";
import { type EventPayloads, subscribe } from "../../protocol/events.js";
import { fakeCall, fakeConnection } from "../helpers/fake-call.js";
import { ManualClock } from "../helpers/manual-clock.js";

interface Judge {
  readonly slow: SlowCalls;
  readonly clock: ManualClock;
  /** Tells of calls that took so many milliseconds each. */
  run(processingMs: number, calls?: number): void;
}

function judge(settings: SettingValues): Judge {
  const clock = new ManualClock();
  const slow = new SlowCalls(createSettings(settings), clock);
  const call = fakeCall();
  const run = (processingMs: number, calls = 1): void => {
    const details = { ...createProcessingDetails(), processing: processingMs * 1e6, queue: 2e6 };
    for (let i = 0; i < calls; i++) slow.listener?.(call, details);
  };
  return { slow, clock, run };
}

test("nothing is measured unless a rule is on", () => {
  const { slow } = judge({});
  assert.equal(slow.listener, undefined);
  slow.configure(createSettings({ "hrpcd.log.slow.call.ms": 1 }));
  assert.notEqual(slow.listener, undefined);
  slow.configure(createSettings({ "ipc.server.log.slow.rpc": true }));
  assert.notEqual(slow.listener, undefined);
});

test("by Hadoop's rule a call is slow beside more than 1,024 others, three deviations above their mean", () => {
  const { slow, run } = judge({ "ipc.server.log.slow.rpc": true });
  run(1, 1023);
  run(1000);
  assert.equal(slow.count, 0, "the 1,024th");
  run(1000);
  assert.equal(slow.count, 1, "the 1,025th");
  run(1, 100);
  assert.equal(slow.count, 1);
});

test("a call within three deviations is not slow, nor is one that is no slower than the threshold", () => {
  const { slow, run } = judge({ "ipc.server.log.slow.rpc": true, "ipc.server.log.slow.rpc.threshold.ms": 50 });
  // Mean 10 and deviation 10, so 40 is the bound.
  for (let i = 0; i < 1000; i++) run(i % 2 === 0 ? 0 : 20, 2);
  run(39);
  run(50);
  assert.equal(slow.count, 0);
  run(51);
  assert.equal(slow.count, 1);
});

test("calls are compared with those of the interval before; one with too few calls goes on", () => {
  const { slow, clock, run } = judge({ "ipc.server.log.slow.rpc": true });
  run(1, 1100);
  clock.advance(10_000);
  run(5);
  assert.equal(slow.count, 1, "beside the 1,100 of the first interval");
  run(1000, 1023);
  clock.advance(10_000);
  run(1000);
  assert.equal(slow.count, 1025, "the second interval had only 1,024 when its time was over");
  run(1000);
  assert.equal(slow.count, 1025, "beside the slow ones of the second");
});

test("by the plain threshold a call is slow that takes as long, whatever the others do, and is told of", () => {
  const { slow, run } = judge({ "hrpcd.log.slow.call.ms": 100 });
  const told: EventPayloads["hrpcd:call:slow"][] = [];
  const stop = subscribe("hrpcd:call:slow", (event) => told.push(event));
  run(99.9);
  run(100);
  stop();
  assert.equal(slow.count, 1);
  const [event] = told;
  assert.equal(told.length, 1);
  assert.deepEqual(
    [event?.protocol, event?.method, event?.thresholdMs, event?.timesMs.processing, event?.timesMs.queue],
    ["test.Fake", "run", 100, 100, 2],
  );
});

test("a call that is slow by both rules counts once", () => {
  const { slow, run } = judge({ "ipc.server.log.slow.rpc": true, "hrpcd.log.slow.call.ms": 100 });
  run(1, 2000);
  run(200);
  assert.equal(slow.count, 1);
});

test("who made the slow call, and from where, is told", () => {
  const { connection } = fakeConnection();
  connection.user = { name: "alice", authMethod: "SIMPLE" };
  const told: unknown[] = [];
  const stop = subscribe("hrpcd:call:slow", ({ user, peer, callId }) => told.push([user, peer, callId]));
  const slow = new SlowCalls(createSettings({ "hrpcd.log.slow.call.ms": 1 }), new ManualClock());
  slow.listener?.(fakeCall({ id: 9, connection }), { ...createProcessingDetails(), processing: 1e6 });
  stop();
  assert.deepEqual(told, [["alice", connection.peer, 9]]);
});
