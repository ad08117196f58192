/**
 * From the settings of a port to its queue and scheduler. Counterparts of the tests of Hadoop's TestCallQueueManager and
 * TestDecayRpcScheduler that are about settings; a class that cannot be constructed (testCallQueueConstructorException,
 * testSchedulerConstructorException) is one that is not known, since none is loaded by name.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createSettings, loadSettings, SettingsError, type SettingValues } from "../../conf/index.js";
import { CallQueueManager } from "../../daemon/call-queue-manager.js";
import { FairCallQueue } from "../../daemon/call-queues/fair.js";
import { FifoCallQueue } from "../../daemon/call-queues/fifo.js";
import { CALL_QUEUE_KEYS, type MadeCallQueue, makeCallQueue } from "../../daemon/make-call-queue.js";
import { createProcessingDetails } from "../../daemon/processing-details.js";
import { DecayScheduler } from "../../daemon/schedulers/decay.js";
import { FixedScheduler } from "../../daemon/schedulers/fixed.js";
import { fakeCall } from "../helpers/fake-call.js";
import { ManualClock } from "../helpers/manual-clock.js";

const FAIR = "org.apache.hadoop.ipc.FairCallQueue";
const FIFO = "java.util.concurrent.LinkedBlockingQueue";
const DECAY = "org.apache.hadoop.ipc.DecayRpcScheduler";
const FIXED = "org.apache.hadoop.ipc.DefaultRpcScheduler";

const make = (values: SettingValues = {}, clock = new ManualClock()): MadeCallQueue =>
  makeCallQueue(createSettings(values), 9000, clock);

/** Room for so many calls. */
const room = (calls: number): SettingValues => ({ "hrpcd.handlers": 1, "ipc.server.handler.queue.size": calls });

/** How many calls a queue takes before one has to wait. */
function fits(made: MadeCallQueue): number {
  const manager = new CallQueueManager(made, { admitted: () => {}, makeRoom: () => {}, clock: new ManualClock() });
  let count = 0;
  while (manager.putBack(fakeCall())) count++;
  return count;
}

test("without settings a server has Hadoop's default: one queue, one level, no back-off", () => {
  const { queue, scheduler, backoff, failover, queueClass, schedulerClass } = make();
  assert.ok(queue instanceof FifoCallQueue && scheduler instanceof FixedScheduler);
  assert.deepEqual([queue.capacity, backoff, failover, queueClass, schedulerClass], [1000, false, false, FIFO, FIXED]);
});

test("the queue has room for the setting's number of calls per handler that there is", () => {
  assert.equal(make({ "hrpcd.handlers": 3, "ipc.server.handler.queue.size": 7 }).queue.capacity, 21);
});

test("a queue that no memory could hold is refused, with the place of the setting", () => {
  const text = [
    "<configuration>",
    "<property><name>ipc.server.handler.queue.size</name><value>1000000</value></property>",
    "<property><name>hrpcd.handlers</name><value>10000</value></property>",
    "</configuration>",
  ].join("\n");
  const readFile = (file: string): string | undefined => (file.endsWith("hrpc-site.xml") ? text : undefined);
  const { settings } = loadSettings({ directory: "conf", readFile });
  assert.throws(
    () => makeCallQueue(settings, 7788, new ManualClock()),
    (error) =>
      error instanceof SettingsError &&
      error.message ===
        "conf/hrpc-site.xml:2: ipc.server.handler.queue.size: times 10000 handlers must be at most 16777216 calls, got 10000000000",
  );
});

test("a port with a FairCallQueue of its own and no scheduler gets the DecayRpcScheduler", () => {
  const made = make({ ...room(8), "ipc.9000.callqueue.impl": FAIR });
  assert.ok(made.queue instanceof FairCallQueue && made.scheduler instanceof DecayScheduler);
  assert.deepEqual([made.queue.levels.length, made.queueClass, made.schedulerClass], [4, FAIR, DECAY]);
  assert.equal(fits(made), 8);
});

test("a FairCallQueue for all ports brings no scheduler, and a scheduler that is named is taken", () => {
  assert.equal(make({ "ipc.callqueue.impl": "fair" }).schedulerClass, FIXED);
  assert.equal(make({ "ipc.callqueue.impl": "fair", "ipc.scheduler.impl": "decay" }).schedulerClass, DECAY);
  assert.equal(make({ "ipc.9000.callqueue.impl": "fair", "ipc.9000.scheduler.impl": FIXED }).schedulerClass, FIXED);
  // As in Hadoop, where the port's own queue beats the scheduler of all ports.
  assert.equal(make({ "ipc.9000.callqueue.impl": "fair", "ipc.scheduler.impl": "fixed" }).schedulerClass, DECAY);
});

test("the DecayRpcScheduler works with a queue without levels, which takes what it has room for", () => {
  const made = make({ ...room(3), "ipc.9000.scheduler.impl": DECAY });
  assert.ok(made.queue instanceof FifoCallQueue && made.scheduler instanceof DecayScheduler);
  assert.equal(fits(made), 3);
});

test("capacity and multiplexer weights of the port divide and serve its levels", () => {
  const { queue } = make({
    ...room(16),
    "ipc.9000.callqueue.impl": "fair",
    "ipc.9000.scheduler.priority.levels": 2,
    "ipc.9000.callqueue.capacity.weights": "1,3",
    "ipc.9000.faircallqueue.multiplexer.weights": "1,2",
  });
  assert.deepEqual(
    queue.levels.map(({ capacity }) => capacity),
    [4, 12],
  );
  for (const level of [0, 0, 0, 1, 1, 1]) queue.offer(fakeCall({ priorityLevel: level }));
  assert.deepEqual(
    Array.from({ length: 6 }, () => queue.poll()?.priorityLevel),
    [0, 1, 1, 0, 1, 0],
  );
});

test("failover is off by default, on by the port's key or by the key for all ports", () => {
  const key = "callqueue.overflow.trigger.failover";
  assert.equal(make({ [`ipc.${key}`]: false }).failover, false);
  assert.equal(make({ [`ipc.9000.${key}`]: true }).failover, true);
  assert.equal(make({ [`ipc.${key}`]: true }).failover, true);
  assert.equal(make({ [`ipc.${key}`]: true, [`ipc.9001.${key}`]: false }).failover, true);
});

test("back-off is off by default, on by the port's key or by the key for all ports", () => {
  assert.equal(make({ "ipc.9000.backoff.enable": true }).backoff, true);
  assert.equal(make({ "ipc.backoff.enable": true }).backoff, true);
  assert.equal(make({ "ipc.backoff.enable": true, "ipc.9000.backoff.enable": false }).backoff, false);
});

/** What each of some periods takes off the sum of the scheduler's accounts, for 64 calls of one user before them. */
function decays(values: SettingValues, periodMs: number, periods: number): number[] {
  const clock = new ManualClock();
  const { scheduler } = make({ "ipc.9000.scheduler.impl": DECAY, ...values }, clock);
  assert.ok(scheduler instanceof DecayScheduler);
  const call = fakeCall({ user: "A" });
  for (let i = 0; i < 64; i++) scheduler.addResponseTime(call, createProcessingDetails());
  return Array.from({ length: periods }, () => {
    clock.advance(periodMs - 1);
    const before = scheduler.snapshot().decayedCallVolume;
    clock.advance(1);
    return before - scheduler.snapshot().decayedCallVolume;
  });
}

test("use decays by half every five seconds, or by the factor and the period of the port", () => {
  assert.deepEqual(decays({}, 5000, 3), [32, 16, 8]);
  assert.deepEqual(decays({ "ipc.9000.decay-scheduler.period-ms": 1058 }, 1058, 3), [32, 16, 8]);
  assert.deepEqual(decays({ "ipc.9000.decay-scheduler.decay-factor": 0.125 }, 5000, 2), [56, 7]);
});

test("identity and cost providers may be named for all ports", () => {
  for (const [key, name] of [
    ["ipc.identity-provider.impl", "org.apache.hadoop.ipc.UserIdentityProvider"],
    ["ipc.cost-provider.impl", "org.apache.hadoop.ipc.DefaultCostProvider"],
  ]) {
    const period = { "ipc.9000.decay-scheduler.period-ms": 1058 } as const;
    assert.deepEqual(decays({ [String(key)]: name, ...period }, 1058, 1), [32]);
  }
  // Calls that took no time cost nothing by time.
  assert.deepEqual(decays({ "ipc.cost-provider.impl": "weighted-time" }, 5000, 1), [0]);
});

test("thresholds, service users, back-off and the number of users that are named reach the scheduler", () => {
  const { scheduler } = make({
    "ipc.9000.scheduler.impl": DECAY,
    "ipc.9000.scheduler.priority.levels": 6,
    "ipc.9000.decay-scheduler.thresholds": "1, 10, 20, 50, 85",
    "ipc.9000.decay-scheduler.service-users": "service",
    "ipc.9000.decay-scheduler.backoff.responsetime.enable": true,
    "ipc.9000.decay-scheduler.backoff.responsetime.thresholds": "1s,2s,3s,4s,5s,6s",
    "decay-scheduler.metrics.top.user.count": 1,
    "hrpcd.scheduler.users.max": 3,
  });
  assert.ok(scheduler instanceof DecayScheduler);
  const run = (user: string, count: number, ms = 0): void => {
    const call = fakeCall({ user, priorityLevel: 1 });
    for (let i = 0; i < count; i++) scheduler.addResponseTime(call, { ...createProcessingDetails(), queue: ms * 1e6 });
  };
  run("service", 1000, 2001);
  run("a", 90);
  run("b", 10);
  const levels = ["service", "a", "b", "c"].map((user) => scheduler.priorityLevel(fakeCall({ user })));
  assert.deepEqual(levels, [0, 5, 2, 0]);
  run("c", 1);
  run("d", 1);
  assert.deepEqual([...scheduler.callVolumes().keys()], ["service", "a", "b", "IdentityProvider.Others"]);
  scheduler.decay();
  assert.equal(scheduler.snapshot().topCallers.length, 1);
  run("a", 1, 2001);
  scheduler.decay();
  const backsOff = [0, 1].map((priorityLevel) => scheduler.shouldBackOff(fakeCall({ priorityLevel })));
  assert.deepEqual(backsOff, [false, true]);
});

test("a class that is not known, and weights that do not fit the levels, are faults of the settings", () => {
  assert.throws(() => make({ "ipc.9000.callqueue.impl": "com.acme.Queue" }), /must be one of .* got "com.acme.Queue"/);
  assert.throws(() => make({ "ipc.9000.scheduler.impl": "com.acme.Scheduler" }), /must be one of/);
  assert.throws(() => make({ "ipc.9000.callqueue.capacity.weights": "1,1" }), /must be 4 numbers/);
  assert.throws(() => make({ ...room(3), "ipc.9000.callqueue.impl": "fair" }), /divides the call queue into 4 parts/);
});

test("what a refresh puts into force is the keys of the port and those without one that the queue is made of", () => {
  const keys = ["ipc.9000.callqueue.impl", "ipc.backoff.enable", "hrpcd.scheduler.users.max", "hrpcd.handlers"];
  assert.deepEqual(
    keys.map((key) => CALL_QUEUE_KEYS.includes(key)),
    [true, true, true, false],
  );
});
