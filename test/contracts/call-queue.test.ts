/** Every file of daemon/call-queues keeps the contract of daemon/call-queue.ts. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { ServerCall } from "../../daemon/call.js";
import type { CallQueue } from "../../daemon/call-queue.js";
import { fakeCall } from "../helpers/fake-call.js";

type QueueClass = new (capacity: number) => CallQueue;

const folder = new URL("../../daemon/call-queues/", import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith(".js"));
const calls = Array.from({ length: 64 }, (_, id) => fakeCall({ id }));

test("there is a call queue to test", () => {
  assert.notEqual(files.length, 0);
});

for (const file of files) {
  const exported = (await import(new URL(file, folder).href)) as Record<string, QueueClass>;
  const [Queue] = Object.values(exported);
  assert.ok(Queue !== undefined, `${file} exports a class`);
  describe(`daemon/call-queues/${file}`, () => keepsTheContract(Queue));
}

function keepsTheContract(Queue: QueueClass): void {
  test("an empty queue has its capacity, no calls and none to give", () => {
    const queue = new Queue(3);
    assert.equal(queue.capacity, 3);
    assert.equal(queue.size, 0);
    assert.equal(queue.poll(), undefined);
  });

  test("exactly as many calls fit as the capacity says, down to a capacity of one", () => {
    for (const capacity of [1, 2, 7]) {
      const queue = new Queue(capacity);
      for (let i = 0; i < capacity; i++) assert.equal(queue.offer(calls[i] as ServerCall), true);
      assert.equal(queue.offer(calls[capacity] as ServerCall), false);
      assert.equal(queue.size, capacity);
    }
  });

  test("a call that was taken makes room for one", () => {
    const queue = new Queue(1);
    queue.offer(calls[0] as ServerCall);
    assert.equal(queue.poll(), calls[0]);
    assert.equal(queue.offer(calls[1] as ServerCall), true);
    assert.equal(queue.offer(calls[2] as ServerCall), false);
  });

  test("whatever the order of offers and polls, every accepted call comes out once, and none is invented", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.array(fc.boolean(), { maxLength: 64 }), (capacity, offers) => {
        const queue = new Queue(capacity);
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
}
