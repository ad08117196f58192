import assert from "node:assert/strict";
import { test } from "node:test";
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
