/**
 * Counterparts of Hadoop's TestFairCallQueue, with its numbers. What only Java's BlockingQueue has is tested as what stands
 * for it here: `offer` with and without a timeout is the offer of one level, `put` and `add` are `offer`, which tries the
 * levels behind too; `remainingCapacity` is capacity less size, `drainTo` is polling. There is no `peek`: nothing here looks
 * at a call and leaves it. What waits when all is full is the CallQueueManager's business, and so are its answers.
 */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { ServerCall } from "../../../daemon/call.js";
import { FairCallQueue } from "../../../daemon/call-queues/fair.js";
import { fakeCall } from "../../helpers/fake-call.js";

/** Two levels of five places. */
let queue: FairCallQueue;
beforeEach(() => {
  queue = new FairCallQueue(10, { levels: 2 });
});

const call = (priorityLevel = 0): ServerCall => fakeCall({ priorityLevel });
const sizes = (of: FairCallQueue): number[] => of.levels.map(({ size }) => size);
const remaining = (of: FairCallQueue): number => of.capacity - of.size;
const [first, second] = [0, 1] as const;

/** A multiplexer that says what it is told. */
function pointer(level = 0): { level: number; next(): number } {
  return {
    level,
    next() {
      return this.level;
    },
  };
}

test("the capacities of the levels sum up to the whole, whatever the division leaves over", () => {
  for (const capacity of [1000, 1025]) {
    for (const levels of [1, 4, 7]) {
      const divided = new FairCallQueue(capacity, { levels });
      assert.equal(remaining(divided), capacity);
      assert.equal(
        divided.levels.reduce((sum, level) => sum + level.capacity, 0),
        capacity,
      );
    }
  }
  const weighted = new FairCallQueue(1025, { levels: 7, capacityWeights: [7, 6, 5, 4, 3, 2, 1] });
  // 1025 = 36 * 28 + 17, and the first level has the rest.
  assert.deepEqual(
    weighted.levels.map(({ capacity }) => capacity),
    [7 * 36 + 17, 216, 180, 144, 108, 72, 36],
  );
});

test("a queue that leaves a level without room, and one with as many weights as it has no levels, cannot be made", () => {
  assert.throws(() => new FairCallQueue(3, { levels: 4 }), /a capacity of 3 cannot be divided into 4 parts/);
  assert.throws(() => new FairCallQueue(9, { levels: 2, capacityWeights: [1, 9] }), /cannot be divided into 10 parts/);
  assert.throws(() => new FairCallQueue(9, { levels: 2, capacityWeights: [1] }), /capacityWeights must be 2 numbers/);
  assert.throws(() => new FairCallQueue(9, { levels: 0 }), /levels must be at least 1, got 0/);
});

test("the level that the multiplexer names is served, and the highest that has a call when that one has none", () => {
  const multiplexer = pointer();
  const ten = new FairCallQueue(10, { levels: 10, multiplexer });
  const calls = Array.from({ length: 10 }, (_, level) => call(level));
  for (const each of calls) ten.offer(each);
  const polled = (level: number): number => {
    multiplexer.level = level;
    return calls.indexOf(ten.poll() as ServerCall);
  };
  assert.deepEqual([3, 3, 3].map(polled), [3, 0, 1]);
  assert.deepEqual([6, 6, 6].map(polled), [6, 2, 4]);
  assert.deepEqual([8].map(polled), [8]);
  assert.deepEqual([9, 9, 9].map(polled), [9, 5, 7]);
  assert.deepEqual([9, 9].map(polled), [-1, -1]);
});

test("capacity weights decide which level a call overflows into, and so when it is served", () => {
  const calls = Array.from({ length: 4 }, (_, i) => call(i % 2));
  const order = (capacityWeights: readonly number[]): number[] => {
    const four = new FairCallQueue(4, { levels: 2, capacityWeights, multiplexer: pointer(1) });
    for (const each of calls) assert.equal(four.offer(each), true);
    return Array.from({ length: 4 }, () => calls.indexOf(four.poll() as ServerCall));
  };
  assert.deepEqual(order([]), [1, 3, 0, 2]);
  assert.deepEqual(order([1, 3]), [1, 2, 3, 0]);
});

test("a call goes to its own level, else to the next one below that has room, and never to one above", () => {
  // Three levels of two places; what each offer finds full is counted.
  const six = new FairCallQueue(6, { levels: 3 });
  const offers = [
    { level: 0, sizes: [1, 0, 0], overflowed: [0, 0, 0] },
    { level: 1, sizes: [1, 1, 0], overflowed: [0, 0, 0] },
    { level: 0, sizes: [2, 1, 0], overflowed: [0, 0, 0] },
    { level: 0, sizes: [2, 2, 0], overflowed: [1, 0, 0] },
    { level: 1, sizes: [2, 2, 1], overflowed: [1, 1, 0] },
    { level: 0, sizes: [2, 2, 2], overflowed: [2, 2, 0] },
  ];
  for (const { level, sizes: expected, overflowed } of offers) {
    assert.equal(six.offer(call(level)), true);
    assert.deepEqual(sizes(six), expected);
    assert.deepEqual(six.overflowedCalls, overflowed);
  }
  for (const [level, overflowed] of [
    [0, [3, 3, 1]],
    [1, [3, 4, 2]],
    [2, [3, 4, 3]],
  ] as const) {
    assert.equal(six.offer(call(level)), false);
    assert.deepEqual(six.overflowedCalls, overflowed);
  }
  assert.deepEqual(sizes(six), [2, 2, 2]);
});

test("a call of a level that the queue does not have belongs to its last", () => {
  assert.equal(queue.offer(call(7)), true);
  assert.deepEqual(sizes(queue), [0, 1]);
});

test("nothing comes out of an empty queue, and what went in comes out and is gone", () => {
  assert.equal(queue.poll(), undefined);
  const only = call();
  assert.equal(queue.offer(only), true);
  assert.equal(queue.poll(), only);
  assert.equal(queue.size, 0);
  assert.equal(queue.poll(), undefined);
});

test("a level takes as many calls as it has room for; another one still has room", () => {
  for (let i = 0; i < 5; i++) assert.equal(queue.levels[first]?.offer(call()), true);
  assert.equal(queue.levels[first]?.offer(call()), false);
  assert.equal(queue.levels[first]?.size, 5);
  assert.equal(queue.levels[second]?.offer(call(1)), true);
  assert.deepEqual(sizes(queue), [5, 1]);
});

test("all calls move to another queue by polling, or as many as are wanted", () => {
  const other = new FairCallQueue(10, { levels: 2 });
  for (let i = 0; i < 3; i++) queue.offer(call());
  for (let i = 0; i < 2; i++) other.offer(queue.poll() as ServerCall);
  assert.deepEqual([queue.size, other.size], [1, 2]);
  other.offer(queue.poll() as ServerCall);
  assert.deepEqual([queue.size, other.size], [0, 3]);
});

test("room is what the levels have together", () => {
  assert.equal(remaining(queue), 10);
  for (let i = 0; i < 5; i++) queue.offer(call());
  assert.deepEqual([remaining(queue), sizes(queue)], [5, [5, 0]]);
  for (let i = 0; i < 5; i++) queue.offer(call(1));
  assert.deepEqual([remaining(queue), queue.size], [0, 10]);
});

test("room is what is left when both levels are partly full", () => {
  for (const level of [0, 1, 0, 1, 0]) queue.offer(call(level));
  assert.deepEqual([remaining(queue), queue.size, sizes(queue)], [5, 5, [3, 2]]);
});

test("eight calls of the first level fit into two levels of five, ten fill them, and the eleventh does not fit", () => {
  for (let i = 0; i < 8; i++) assert.equal(queue.offer(call()), true);
  assert.deepEqual([queue.size, sizes(queue)], [8, [5, 3]]);
  for (let i = 0; i < 2; i++) assert.equal(queue.offer(call()), true);
  assert.equal(queue.offer(call()), false);
  assert.equal(queue.size, 10);
});

test("a call of the second level is served when the multiplexer only ever names the first", () => {
  const stuck = new FairCallQueue(10, { levels: 2, multiplexer: pointer(0) });
  const only = call(1);
  stuck.offer(only);
  assert.equal(stuck.poll(), only);
  assert.equal(stuck.size, 0);
});

test("sizes and overflows can be read level by level", () => {
  queue.offer(call());
  assert.deepEqual(sizes(queue), [1, 0]);
  queue.poll();
  assert.deepEqual(
    [sizes(queue), queue.overflowedCalls],
    [
      [0, 0],
      [0, 0],
    ],
  );
  for (let i = 0; i < 5; i++) {
    queue.offer(call(0));
    queue.offer(call(1));
  }
  assert.equal(queue.offer(call(1)), false);
  assert.deepEqual(
    [sizes(queue), queue.overflowedCalls],
    [
      [5, 5],
      [0, 1],
    ],
  );
});
