import assert from "node:assert/strict";
import { test } from "node:test";
import { createProcessingDetails, fillProcessingDetails } from "../../daemon/processing-details.js";

test("each phase is the time between two moments of a call, in nanoseconds", () => {
  const details = createProcessingDetails();
  fillProcessingDetails(details, { receivedMs: 100, outsideMs: 0, locks: undefined }, 103, 110, 112);
  assert.deepEqual(details, {
    enqueue: 0,
    queue: 3e6,
    handler: 0,
    processing: 7e6,
    lockfree: 7e6,
    lockwait: 0,
    lockshared: 0,
    lockexclusive: 0,
    response: 2e6,
  });
});

test("time outside of a full queue is no queue time, and time with a lock is not lock-free", () => {
  const details = createProcessingDetails();
  const locks = { wait: 1, shared: 2, exclusive: 3 };
  fillProcessingDetails(details, { receivedMs: 100, outsideMs: 40, locks }, 150, 160, 160);
  const { enqueue, queue, processing, lockfree, lockwait, lockshared, lockexclusive } = details;
  assert.deepEqual([enqueue, queue, processing], [40e6, 10e6, 10e6]);
  assert.deepEqual([lockfree, lockwait, lockshared, lockexclusive], [4e6, 1e6, 2e6, 3e6]);
});

test("a method that says more of its locks than it took leaves no negative time", () => {
  const details = createProcessingDetails();
  const locks = { wait: 0, shared: 99, exclusive: 0 };
  fillProcessingDetails(details, { receivedMs: 0, outsideMs: 0, locks }, 1, 2, 2);
  assert.equal(details.lockfree, 0);
});
