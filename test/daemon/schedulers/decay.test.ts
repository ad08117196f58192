/**
 * Counterparts of Hadoop's TestDecayRpcScheduler, with its numbers. Its tests of how settings are read are those of
 * make-call-queue; testNPEatInitialization is about Java's metrics system.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { callCostProvider } from "../../../daemon/cost-providers/calls.js";
import { WeightedTimeCostProvider } from "../../../daemon/cost-providers/weighted-time.js";
import { userIdentityProvider } from "../../../daemon/identity-providers/user.js";
import { createProcessingDetails, type Timing } from "../../../daemon/processing-details.js";
import {
  DecayScheduler,
  type DecaySchedulerOptions,
  defaultBackoffThresholdsMs,
  defaultThresholds,
  OTHER_IDENTITIES,
  UNKNOWN_IDENTITY,
} from "../../../daemon/schedulers/decay.js";
import { ManualClock } from "../../helpers/manual-clock.js";

/** Hadoop's default weights. */
const WEIGHTS: Record<Timing, number> = {
  ...createProcessingDetails(),
  handler: 1,
  lockfree: 1,
  lockshared: 10,
  lockexclusive: 100,
  response: 1,
};

function scheduler(options: Partial<DecaySchedulerOptions> = {}): DecayScheduler {
  return new DecayScheduler({
    levels: 4,
    periodMs: 999_999,
    decayFactor: 0.5,
    thresholds: [],
    serviceUsers: [],
    backoffThresholdsMs: undefined,
    topUsers: 10,
    maxUsers: 100,
    identityProvider: userIdentityProvider,
    costProvider: callCostProvider,
    clock: new ManualClock(),
    ...options,
  });
}

const callOf = (name: string | undefined, priorityLevel = 0) => ({
  user: name === undefined ? undefined : { name, authMethod: "SIMPLE" },
  priorityLevel,
});

const NO_TIME = createProcessingDetails();
const levelOf = (of: DecayScheduler, user: string): number => of.priorityLevel(callOf(user));

/** The level of a user's call, which then runs. */
function run(of: DecayScheduler, user: string): number {
  const level = levelOf(of, user);
  of.addResponseTime(callOf(user, level), NO_TIME);
  return level;
}

function runMany(of: DecayScheduler, user: string, count: number): void {
  for (let i = 0; i < count; i++) run(of, user);
}

const volumes = (of: DecayScheduler): Record<string, number> => Object.fromEntries(of.callVolumes());

test("a scheduler without levels cannot be made, nor one whose lists do not fit its levels", () => {
  for (const levels of [-1, 0]) assert.throws(() => scheduler({ levels }), /levels must be at least 1/);
  assert.throws(() => scheduler({ thresholds: [0.5] }), /thresholds must be 3 numbers, got 1/);
  assert.throws(() => scheduler({ backoffThresholdsMs: [1] }), /backoffThresholdsMs must be 4 numbers, got 1/);
});

test("without thresholds each is half of the next", () => {
  assert.deepEqual([1, 2, 3, 4].map(defaultThresholds), [[], [0.5], [0.25, 0.5], [0.125, 0.25, 0.5]]);
});

test("without response times to back off at, each level has ten seconds more", () => {
  assert.deepEqual(defaultBackoffThresholdsMs(4), [10_000, 20_000, 30_000, 40_000]);
});

test("the calls of each user add up", () => {
  const one = scheduler({ levels: 1 });
  assert.deepEqual(volumes(one), {});
  run(one, "A");
  assert.deepEqual(volumes(one), { A: 1 });
  for (const user of ["A", "B", "A"]) run(one, user);
  assert.deepEqual(volumes(one), { A: 3, B: 1 });
});

test("a decay halves what users have used, rounds it down, and forgets who is at nothing", () => {
  const one = scheduler({ levels: 1 });
  assert.equal(one.snapshot().decayedCallVolume, 0);
  runMany(one, "A", 4);
  runMany(one, "B", 8);
  const steps: [number, Record<string, number>][] = [
    [12, { A: 4, B: 8 }],
    [6, { A: 2, B: 4 }],
    [3, { A: 1, B: 2 }],
    [1, { B: 1 }],
    [0, {}],
  ];
  for (const [total, users] of steps) {
    assert.equal(one.snapshot().decayedCallVolume, total);
    assert.deepEqual(volumes(one), users);
    one.decay();
  }
});

test("the level of a call is what its user's share of all calls stands for", () => {
  const four = scheduler({ thresholds: [0.25, 0.5, 0.75] });
  const calls: [string, number][] = [
    ["A", 0], // 0 of 0 calls
    ["A", 3], // 1 of 1
    ["B", 0], // 0 of 2
    ["B", 1], // 1 of 3
    ["C", 0], // 0 of 4
    ["C", 0], // 1 of 5
    ["A", 1], // 2 of 6
    ["A", 1], // 3 of 7
    ["A", 2], // 4 of 8
    ["A", 2], // 5 of 9
  ];
  for (const [i, [user, level]] of calls.entries()) assert.equal(run(four, user), level, `call ${i} of ${user}`);
  assert.deepEqual(volumes(four), { A: 6, B: 2, C: 2 });
  four.decay();
  assert.deepEqual(volumes(four), { A: 3, B: 1, C: 1 });
});

test("the level of the last decay holds until the next, whatever a user does in between", () => {
  const four = scheduler();
  runMany(four, "A", 8);
  runMany(four, "B", 2);
  four.decay();
  assert.deepEqual(Object.fromEntries(four.decisions()), { A: 3, B: 1 });
  runMany(four, "B", 100);
  assert.deepEqual([levelOf(four, "A"), levelOf(four, "B")], [3, 1]);
  runMany(four, "C", 40);
  assert.equal(levelOf(four, "C"), 2);
  four.decay();
  assert.deepEqual([levelOf(four, "A"), levelOf(four, "B"), levelOf(four, "C")], [0, 3, 2]);
});

describe("the timer", () => {
  test("a timer decays 64 calls to nothing, and ends when there is nothing left", () => {
    const clock = new ManualClock();
    const one = scheduler({ levels: 1, periodMs: 10, clock });
    assert.equal(clock.size, 0);
    runMany(one, "A", 64);
    assert.equal(one.snapshot().decayedCallVolume, 64);
    const seen: number[] = [];
    for (let i = 0; i < 7; i++) {
      clock.advance(10);
      seen.push(one.snapshot().decayedCallVolume);
    }
    assert.deepEqual(seen, [32, 16, 8, 4, 2, 1, 0]);
    clock.advance(100);
    assert.equal(clock.size, 0);
    run(one, "A");
    assert.equal(clock.size, 1);
  });

  test("it goes on while there are response times to forget", () => {
    const clock = new ManualClock();
    const one = scheduler({ levels: 1, periodMs: 10, clock, backoffThresholdsMs: [500] });
    one.addResponseTime(callOf("A"), { ...NO_TIME, queue: 1e9 });
    clock.advance(10);
    assert.deepEqual([one.snapshot().uniqueCallers, clock.size], [0, 1]);
    assert.equal(one.shouldBackOff(callOf("A")), true);
    clock.advance(10_000);
    assert.deepEqual([one.shouldBackOff(callOf("A")), clock.size], [false, 0]);
  });

  test("it ends when the scheduler is stopped, and does not begin again", () => {
    const clock = new ManualClock();
    const one = scheduler({ clock });
    run(one, "A");
    one.stop();
    assert.equal(clock.size, 0);
    run(one, "A");
    assert.equal(clock.size, 0);
  });
});

describe("with time as the cost", () => {
  const costProvider = new WeightedTimeCostProvider(WEIGHTS);

  test("users have levels by the time they took, weighted; after many decays all are first again", () => {
    const three = scheduler({ levels: 3, costProvider });
    const add = (user: string, details: Partial<Record<Timing, number>>): void =>
      three.addResponseTime(callOf(user), { ...NO_TIME, ...details });
    for (let i = 0; i < 10; i++) add("LOW", { lockfree: 1 });
    add("MED", { lockshared: 500 });
    add("HIGH", { lockexclusive: 100 });
    const levels = (): number[] => ["LOW", "MED", "HIGH"].map((user) => levelOf(three, user));
    assert.deepEqual(levels(), [0, 1, 2]);
    const before = three.snapshot();
    assert.deepEqual([before.uniqueCallers, before.callVolume], [3, before.decayedCallVolume]);
    three.decay();
    const after = three.snapshot();
    assert.deepEqual(levels(), [0, 1, 2]);
    assert.deepEqual([after.uniqueCallers, after.callVolume], [3, before.callVolume]);
    assert.ok(after.decayedCallVolume < before.decayedCallVolume);
    for (let i = 0; i < 100; i++) three.decay();
    assert.deepEqual(levels(), [0, 0, 0]);
  });

  test("calls that cost nothing leave everybody at the first level, however many they are", () => {
    const two = scheduler({ levels: 2, costProvider });
    for (let i = 0; i < 1000; i++) two.addResponseTime(callOf("MANY"), NO_TIME);
    two.addResponseTime(callOf("FEW"), NO_TIME);
    assert.deepEqual([levelOf(two, "MANY"), levelOf(two, "FEW")], [0, 0]);
  });

  test("who has not called yet has the first level", () => {
    assert.equal(levelOf(scheduler({ levels: 2, costProvider }), "A"), 0);
  });
});

describe("service users", () => {
  test("they have the first level whatever they use, before a decay and after it", () => {
    const four = scheduler({ serviceUsers: ["service1", "service2"] });
    for (let i = 0; i < 10; i++) for (const user of ["user1", "service1", "service2"]) run(four, user);
    assert.notEqual(levelOf(four, "user1"), 0);
    assert.deepEqual([levelOf(four, "service1"), levelOf(four, "service2")], [0, 0]);
    four.decay();
    const { user1, service1, service2 } = Object.fromEntries(four.decisions());
    assert.notEqual(user1, 0);
    assert.deepEqual([service1, service2], [0, 0]);
  });

  test("what they use does not count in the sum that the levels of others are shares of", () => {
    const four = scheduler({ serviceUsers: ["service"] });
    const sums = (): number[] => {
      const { decayedCallVolume, callVolume, serviceUserDecayedCallVolume, serviceUserCallVolume } = four.snapshot();
      return [decayedCallVolume, callVolume, serviceUserDecayedCallVolume, serviceUserCallVolume];
    };
    runMany(four, "user1", 10);
    runMany(four, "service", 50);
    assert.deepEqual([sums(), levelOf(four, "user1")], [[10, 10, 50, 50], 3]);
    four.decay();
    assert.deepEqual([sums(), levelOf(four, "user1")], [[5, 10, 25, 50], 3]);
    runMany(four, "user1", 10);
    runMany(four, "service", 50);
    assert.deepEqual([sums(), levelOf(four, "user1")], [[15, 20, 75, 100], 3]);
  });
});

describe("back-off by response time", () => {
  /** Lets one call of a level take so long in queue and method. */
  function take(of: DecayScheduler, level: number, ms: number): void {
    of.addResponseTime(callOf("A", level), { ...NO_TIME, queue: ms * 0.25e6, processing: ms * 0.75e6 });
  }
  const backsOff = (of: DecayScheduler): boolean[] => [0, 1, 2, 3].map((level) => of.shouldBackOff(callOf("A", level)));

  test("a level whose average was above its threshold backs off, and with it all below", () => {
    const four = scheduler({ backoffThresholdsMs: [1000, 2000, 3000, 4000] });
    take(four, 1, 1000);
    take(four, 1, 3002);
    take(four, 3, 3999);
    assert.deepEqual(backsOff(four), [false, false, false, false]);
    four.decay();
    assert.deepEqual(backsOff(four), [false, true, true, true]);
    assert.deepEqual(
      four
        .snapshot()
        .priorities.map(({ completedCallVolume, avgResponseTimeMs }) => [completedCallVolume, avgResponseTimeMs]),
      [
        [0, 0],
        [2, 2001],
        [0, 0],
        [1, 3999],
      ],
    );
  });

  test("an average is the last window's plus half of what it was before", () => {
    const one = scheduler({ levels: 1, backoffThresholdsMs: [1000] });
    const averages: (number | undefined)[] = [];
    for (const ms of [800, 800, 0, 0]) {
      if (ms > 0) take(one, 0, ms);
      one.decay();
      averages.push(one.snapshot().priorities[0]?.avgResponseTimeMs);
    }
    assert.deepEqual(averages, [800, 1200, 600, 300]);
  });

  test("without thresholds of its own a level has ten seconds more than the one above; switched off, none backs off", () => {
    const four = scheduler({ backoffThresholdsMs: [] });
    for (const level of [0, 1, 2, 3]) take(four, level, 10_000 * (level + 1) + (level === 2 ? 1 : 0));
    four.decay();
    assert.deepEqual(backsOff(four), [false, false, true, true]);
    const off = scheduler();
    take(off, 0, 1e9);
    off.decay();
    assert.deepEqual(backsOff(off), [false, false, false, false]);
  });

  test("a call whose level comes from a scheduler with more levels counts for the last", () => {
    const two = scheduler({ levels: 2, backoffThresholdsMs: [1000, 1000] });
    two.addResponseTime(callOf("A", 3), { ...NO_TIME, queue: 2e9 });
    two.decay();
    assert.equal(two.shouldBackOff(callOf("A", 3)), true);
    assert.equal(two.shouldBackOff(callOf("A", 0)), false);
  });
});

describe("who is known", () => {
  test("calls without a user share one account", () => {
    const four = scheduler();
    for (let i = 0; i < 3; i++) four.addResponseTime(callOf(undefined), NO_TIME);
    assert.deepEqual(volumes(four), { [UNKNOWN_IDENTITY]: 3 });
    assert.equal(four.priorityLevel(callOf(undefined)), 3);
  });

  test("those who used most are reported, most first, with the level that the last decay gave them", () => {
    const four = scheduler({ topUsers: 2 });
    for (const [user, count] of [
      ["A", 2],
      ["B", 30],
      ["C", 8],
    ] as const) {
      runMany(four, user, count);
    }
    four.decay();
    runMany(four, "D", 9);
    assert.deepEqual(four.snapshot().topCallers, [
      { name: "B", volume: 30, priority: 3 },
      { name: "D", volume: 9, priority: undefined },
    ]);
  });

  test("users beyond the bound share an account, whoever is known keeps theirs, and a decay makes room", () => {
    const four = scheduler({ maxUsers: 3, serviceUsers: ["service"] });
    runMany(four, "known", 2);
    for (let i = 0; i < 10_000; i++) run(four, `stranger${i}`);
    run(four, "service");
    const { known, service, [OTHER_IDENTITIES]: others, ...rest } = volumes(four);
    assert.deepEqual([known, service, others, Object.values(rest)], [2, 1, 9998, [1, 1]]);
    assert.deepEqual([levelOf(four, "known"), levelOf(four, "one more"), levelOf(four, "service")], [0, 3, 0]);
    assert.equal(four.snapshot().uniqueCallers, 5);
    assert.deepEqual(four.snapshot().topCallers[0], { name: OTHER_IDENTITIES, volume: 9998, priority: undefined });
    four.decay();
    assert.deepEqual(volumes(four), { known: 1, [OTHER_IDENTITIES]: 4999 });
    run(four, "one more");
    assert.equal(volumes(four)["one more"], 1);
    for (let i = 0; i < 20; i++) four.decay();
    assert.deepEqual(volumes(four), {});
  });

  test("names that mean something to JavaScript are names like others, and long ones are cut", () => {
    const four = scheduler();
    for (const name of ["__proto__", "constructor", "toString", `${"x".repeat(256)}1`, `${"x".repeat(256)}2`]) {
      run(four, name);
    }
    assert.deepEqual(
      [...four.callVolumes()],
      [
        ["__proto__", 1],
        ["constructor", 1],
        ["toString", 1],
        ["x".repeat(256), 2],
      ],
    );
  });
});
