import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ServerCall } from "../../daemon/call.js";
import { CallQueueManager } from "../../daemon/call-queue-manager.js";
import { FifoCallQueue } from "../../daemon/call-queues/fifo.js";
import { fakeCall } from "../helpers/fake-call.js";

function manager(capacity: number): { queue: CallQueueManager; admitted: ServerCall[] } {
  const admitted: ServerCall[] = [];
  return { queue: new CallQueueManager(new FifoCallQueue(capacity), (call) => admitted.push(call)), admitted };
}

test("a call that finds room is in at once, one that finds none waits outside and is counted", () => {
  const { queue, admitted } = manager(2);
  assert.deepEqual([queue.put(fakeCall()), queue.put(fakeCall()), queue.put(fakeCall())], [true, true, false]);
  assert.equal(queue.size, 3);
  assert.equal(queue.capacity, 2);
  assert.deepEqual(admitted, []);
});

test("whoever takes a call lets in the one that has waited longest outside", () => {
  const { queue, admitted } = manager(1);
  const [first, second, third] = [fakeCall({ id: 1 }), fakeCall({ id: 2 }), fakeCall({ id: 3 })];
  for (const call of [first, second, third]) queue.put(call);
  assert.equal(queue.take(), first);
  assert.deepEqual(admitted, [second]);
  assert.equal(queue.take(), second);
  assert.deepEqual(admitted, [second, third]);
  assert.equal(queue.take(), third);
  assert.equal(queue.take(), undefined);
  assert.equal(queue.size, 0);
});

test("thousands that wait outside come out in their order", () => {
  const { queue } = manager(2);
  const ids: number[] = [];
  for (let id = 0; id < 3000; id++) queue.put(fakeCall({ id }));
  for (let id = 3000; id < 3100; id++) {
    ids.push(queue.take()?.id ?? -1);
    queue.put(fakeCall({ id }));
  }
  for (let call = queue.take(); call !== undefined; call = queue.take()) ids.push(call.id);
  assert.deepEqual(ids, [...Array(3100).keys()]);
});

test("a call that would fit does not overtake one that waits outside", () => {
  const inside: ServerCall[] = [];
  const picky = {
    capacity: 10,
    fits: false,
    get size() {
      return inside.length;
    },
    offer: (call: ServerCall) => picky.fits && inside.push(call) > 0,
    poll: () => inside.shift(),
  };
  const queue = new CallQueueManager(picky, () => {});
  const [first, second] = [fakeCall(), fakeCall()];
  assert.equal(queue.put(first), false);
  picky.fits = true;
  assert.equal(queue.put(second), false);
  assert.equal(queue.take(), undefined);
  assert.equal(queue.take(), first);
  assert.equal(queue.take(), second);
});

test("calls of connections that ended do not pile up outside of a queue that stands still", () => {
  const { queue } = manager(1);
  queue.put(fakeCall());
  const alive = fakeCall();
  queue.put(alive);
  for (let i = 0; i < 10_000; i++) {
    const call = fakeCall();
    queue.put(call);
    call.connection.destroy("");
  }
  assert.ok(queue.size < 200, `${queue.size} calls are kept`);
  queue.take();
  assert.equal(queue.take(), alive);
});

/** The ids of all calls that are left, in the order in which they are taken. */
function takeAll(queue: CallQueueManager): number[] {
  const ids: number[] = [];
  for (let call = queue.take(); call !== undefined; call = queue.take()) ids.push(call.id);
  return ids;
}

describe("another queue in the place of this one", () => {
  test("has the calls that wait, in their order, and lets in as many from outside as it has room for", () => {
    const { queue, admitted } = manager(2);
    const calls = Array.from({ length: 6 }, (_, id) => fakeCall({ id }));
    for (const call of calls) queue.put(call);
    queue.swap(new FifoCallQueue(4));
    assert.deepEqual([queue.capacity, queue.size], [4, 6]);
    assert.deepEqual(admitted, calls.slice(2, 4));
    assert.deepEqual(takeAll(queue), [0, 1, 2, 3, 4, 5]);
    assert.deepEqual(admitted, calls.slice(2));
  });

  test("leaves outside what it has no room for, before those that were there, and announces these alone", () => {
    const { queue, admitted } = manager(4);
    const calls = Array.from({ length: 6 }, (_, id) => fakeCall({ id }));
    for (const call of calls) queue.put(call);
    queue.swap(new FifoCallQueue(1));
    queue.swap(new FifoCallQueue(2));
    assert.deepEqual([queue.capacity, queue.size], [2, 6]);
    assert.equal(queue.put(fakeCall({ id: 6 })), false);
    assert.deepEqual(admitted, []);
    assert.deepEqual(takeAll(queue), [0, 1, 2, 3, 4, 5, 6]);
    assert.deepEqual(
      admitted.map(({ id }) => id),
      [4, 5, 6],
    );
  });

  test("is not entered by a call that it would take before one that it would not", () => {
    const { queue, admitted } = manager(4);
    for (let id = 0; id < 3; id++) queue.put(fakeCall({ id }));
    const taken: ServerCall[] = [];
    const picky = {
      capacity: 10,
      refused: 1,
      get size() {
        return taken.length;
      },
      offer: (call: ServerCall) => call.id !== picky.refused && taken.push(call) > 0,
      poll: () => taken.shift(),
    };
    queue.swap(picky);
    assert.deepEqual([picky.size, queue.size], [1, 3]);
    picky.refused = -1;
    assert.deepEqual(takeAll(queue), [0, 1, 2]);
    assert.deepEqual(admitted, []);
  });

  test("takes no calls over when none wait, and serves from then on", () => {
    const { queue } = manager(1);
    queue.swap(new FifoCallQueue(2));
    assert.equal(queue.size, 0);
    assert.deepEqual(
      [0, 1, 2].map((id) => queue.put(fakeCall({ id }))),
      [true, true, false],
    );
    assert.deepEqual(takeAll(queue), [0, 1, 2]);
  });

  test("keeps the announcements right when calls of ended connections are thrown out", () => {
    const { queue, admitted } = manager(100);
    const calls = Array.from({ length: 200 }, (_, id) => fakeCall({ id }));
    for (const call of calls) queue.put(call);
    queue.swap(new FifoCallQueue(1));
    for (const call of calls) if (call.id % 2 === 1) call.connection.destroy("");
    for (let id = 200; id < 400; id++) queue.put(fakeCall({ id }));
    const taken = takeAll(queue);
    assert.deepEqual(
      taken,
      [...taken].sort((a, b) => a - b),
    );
    for (const { id } of calls) assert.equal(taken.includes(id), id % 2 === 0, `${id}`);
    assert.deepEqual(
      admitted.map(({ id }) => id),
      taken.filter((id) => id >= 100),
    );
  });

  test("loses no call and gives none twice, with a thousand producers and five swaps", () => {
    const PRODUCERS = 1000;
    const EACH = 5;
    const left = new Array<number>(PRODUCERS).fill(EACH);
    const made = new Map<ServerCall, number>();
    const ready: number[] = [...left.keys()];
    const queue = new CallQueueManager(new FifoCallQueue(50), (call) => ready.push(made.get(call) ?? -1));
    const consumed: ServerCall[] = [];
    const capacities = [10, 400, 1, 2000, 30];
    // A producer goes on at once when its call is in, and waits like a connection when it is not.
    const produce = (producer: number): void => {
      if (left[producer] === 0) return;
      left[producer] = (left[producer] as number) - 1;
      const call = fakeCall({ id: made.size });
      made.set(call, producer);
      if (queue.put(call)) ready.push(producer);
    };
    for (let step = 0; consumed.length < PRODUCERS * EACH; step++) {
      for (let i = 0; i < 7; i++) {
        const producer = ready.shift();
        if (producer !== undefined) produce(producer);
      }
      if (step % 300 === 299) {
        const capacity = capacities.shift();
        if (capacity !== undefined) queue.swap(new FifoCallQueue(capacity));
      }
      for (let i = 0; i < 3; i++) {
        const call = queue.take();
        if (call !== undefined) consumed.push(call);
      }
      assert.ok(step < 100_000, "calls are missing");
    }
    assert.deepEqual(capacities, []);
    assert.equal(made.size, PRODUCERS * EACH);
    assert.equal(new Set(consumed).size, PRODUCERS * EACH);
    assert.deepEqual(
      consumed.map(({ id }) => id),
      [...Array(PRODUCERS * EACH).keys()],
    );
    assert.equal(queue.size, 0);
  });
});
