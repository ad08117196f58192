import assert from "node:assert/strict";
import { test } from "node:test";
import { FifoCallQueue } from "../../../daemon/call-queues/fifo.js";
import { fakeCall } from "../../helpers/fake-call.js";

test("calls come out in the order in which they went in, also when the ring has gone round", () => {
  const queue = new FifoCallQueue(3);
  const out: (number | undefined)[] = [];
  for (let id = 0; id < 10; id++) {
    queue.offer(fakeCall({ id }));
    if (id >= 2) out.push(queue.poll()?.id);
  }
  assert.deepEqual([...out, queue.poll()?.id, queue.poll()?.id], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});
