/** Every file of daemon/call-queues keeps the contract of daemon/call-queue.ts. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { ServerCall } from "../../daemon/call.js";
import type { CallQueue } from "../../daemon/call-queue.js";
import { FairCallQueue } from "../../daemon/call-queues/fair.js";
import { FifoCallQueue } from "../../daemon/call-queues/fifo.js";
import { fakeCall } from "../helpers/fake-call.js";

/** How each file's queue is made, with room for so many calls. */
const MAKERS: Readonly<Record<string, (capacity: number) => CallQueue>> = {
  "fifo.js": (capacity) => new FifoCallQueue(capacity),
  "fair.js": (capacity) => new FairCallQueue(capacity, { levels: Math.min(capacity, 4) }),
};

const calls = Array.from({ length: 64 }, (_, id) => fakeCall({ id }));

test("every call queue there is is tested here", () => {
  const files = readdirSync(new URL("../../daemon/call-queues/", import.meta.url)).filter((file) =>
    file.endsWith(".js"),
  );
  assert.deepEqual(files.toSorted(), Object.keys(MAKERS).toSorted());
});

for (const [file, make] of Object.entries(MAKERS)) {
  describe(`daemon/call-queues/${file}`, () => keepsTheContract(make));
}

function keepsTheContract(make: (capacity: number) => CallQueue): void {
  test("an empty queue has its capacity, no calls and none to give", () => {
    const queue = make(3);
    assert.equal(queue.capacity, 3);
    assert.equal(queue.size, 0);
    assert.equal(queue.poll(), undefined);
  });

  test("exactly as many calls fit as the capacity says, down to a capacity of one", () => {
    for (const capacity of [1, 2, 7]) {
      const queue = make(capacity);
      for (let i = 0; i < capacity; i++) assert.equal(queue.offer(calls[i] as ServerCall), true);
      assert.equal(queue.offer(calls[capacity] as ServerCall), false);
      assert.equal(queue.size, capacity);
    }
  });

  test("a call that was taken makes room for one", () => {
    const queue = make(1);
    queue.offer(calls[0] as ServerCall);
    assert.equal(queue.poll(), calls[0]);
    assert.equal(queue.offer(calls[1] as ServerCall), true);
    assert.equal(queue.offer(calls[2] as ServerCall), false);
  });

  test("whatever the order of offers and polls, every accepted call comes out once, and none is invented", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.array(fc.boolean(), { maxLength: 64 }), (capacity, offers) => {
        const queue = make(capacity);
        const inside = new Set<ServerCall>();
        offers.forEach((offer, i) => {
          if (offer) {
            const call = calls[i] as ServerCall;
            const accepted = queue.offer(call);
            assert.equal(accepted, inside.size < capacity);
            if (accepted) inside.add(call);
          } else {
            const call = queue.poll();
            assert.equal(call === undefined, inside.size === 0);
            if (call !== undefined) assert.ok(inside.delete(call));
          }
          assert.equal(queue.size, inside.size);
        });
      }),
    );
  });

  test("calls of every level fit if their own or one behind it has room, and the levels tell what they hold", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.array(fc.nat(5), { maxLength: 12 }), (capacity, levels) => {
        const queue = make(capacity);
        for (const [id, priorityLevel] of levels.entries()) {
          const own = Math.min(priorityLevel, queue.levels.length - 1);
          const fits = queue.levels.slice(own).some((level) => level.size < level.capacity);
          assert.equal(queue.offer(fakeCall({ id, priorityLevel })), fits);
        }
        const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
        assert.equal(sum(queue.levels.map(({ size }) => size)), queue.size);
        assert.equal(sum(queue.levels.map((level) => level.capacity)), capacity);
      }),
    );
  });
}
