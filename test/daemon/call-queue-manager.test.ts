/** What waits, in the queue and outside. Counterparts of Hadoop's TestCallQueueManager, with its numbers, are among them. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ServerCall } from "../../daemon/call.js";
import type { CallQueue } from "../../daemon/call-queue.js";
import { CallQueueManager, type CallQueueParts, OVERFLOW } from "../../daemon/call-queue-manager.js";
import { FairCallQueue } from "../../daemon/call-queues/fair.js";
import { FifoCallQueue } from "../../daemon/call-queues/fifo.js";
import type { Scheduler } from "../../daemon/scheduler.js";
import { subscribe } from "../../protocol/events.js";
import { fakeCall } from "../helpers/fake-call.js";
import { ManualClock } from "../helpers/manual-clock.js";

interface Managed {
  readonly manager: CallQueueManager;
  /** Calls that were let in from outside, in order. */
  readonly admitted: ServerCall[];
  readonly clock: ManualClock;
}

interface ManagedOptions extends Partial<Omit<CallQueueParts, "queue">> {
  readonly makeRoom?: (manager: CallQueueManager) => void;
  readonly admitted?: (call: ServerCall) => void;
  readonly maxBytes?: number;
}

/** Leaves each call the level it has. */
const AS_IT_IS: Scheduler = {
  levels: 4,
  priorityLevel: (call) => call.priorityLevel,
  shouldBackOff: () => false,
  addResponseTime: undefined,
  stop: () => {},
};

function parts(queue: CallQueue, options: Partial<CallQueueParts> = {}): CallQueueParts {
  return { scheduler: AS_IT_IS, backoff: false, failover: false, ...options, queue };
}

function managed(queue: CallQueue, options: ManagedOptions = {}): Managed {
  const admitted: ServerCall[] = [];
  const clock = new ManualClock();
  const manager: CallQueueManager = new CallQueueManager(parts(queue, options), {
    admitted: options.admitted ?? ((call) => admitted.push(call)),
    makeRoom: () => options.makeRoom?.(manager),
    ...(options.maxBytes !== undefined && { maxBytes: options.maxBytes }),
    clock,
  });
  return { manager, admitted, clock };
}

const of = (capacity: number): Managed => managed(new FifoCallQueue(capacity));
const call = (id: number, priorityLevel = 0): ServerCall => fakeCall({ id, priorityLevel });

/** The ids of all calls that are left, in the order in which they are taken. */
function takeAll(manager: CallQueueManager): number[] {
  const ids: number[] = [];
  for (let taken = manager.take(); taken !== undefined; taken = manager.take()) ids.push(taken.id);
  return ids;
}

describe("without back-off", () => {
  test("a queue for ten takes ten calls, and nothing can be taken from an empty one", () => {
    const { manager } = of(10);
    assert.equal(manager.take(), undefined);
    const put = Array.from({ length: 20 }, (_, id) => manager.put(call(id)));
    assert.equal(put.filter((isIn) => isIn).length, 10);
  });

  test("a call that finds room is in at once, one that finds none waits outside and is counted", () => {
    const { manager, admitted } = of(2);
    assert.deepEqual(
      [1, 2, 3].map((id) => manager.put(call(id))),
      [true, true, false],
    );
    assert.equal(manager.size, 3);
    assert.equal(manager.capacity, 2);
    assert.deepEqual(admitted, []);
  });

  test("whoever takes a call lets in the one that has waited longest outside", () => {
    const { manager, admitted } = of(1);
    const [first, second, third] = [call(1), call(2), call(3)];
    for (const each of [first, second, third]) manager.put(each);
    assert.equal(manager.take(), first);
    assert.deepEqual(admitted, [second]);
    assert.equal(manager.take(), second);
    assert.deepEqual(admitted, [second, third]);
    assert.equal(manager.take(), third);
    assert.equal(manager.take(), undefined);
    assert.equal(manager.size, 0);
  });

  test("thousands that wait outside come out in their order", () => {
    const { manager } = of(2);
    const ids: number[] = [];
    for (let id = 0; id < 3000; id++) manager.put(call(id));
    for (let id = 3000; id < 3100; id++) {
      ids.push(manager.take()?.id ?? -1);
      manager.put(call(id));
    }
    assert.deepEqual([...ids, ...takeAll(manager)], [...Array(3100).keys()]);
  });

  test("a call that would fit does not overtake one of its level that waits outside", () => {
    const inside: ServerCall[] = [];
    const picky = {
      capacity: 10,
      fits: false,
      levels: [{ capacity: 10, size: 0 }],
      get size() {
        return inside.length;
      },
      offer: (offered: ServerCall) => picky.fits && inside.push(offered) > 0,
      poll: () => inside.shift(),
    };
    const { manager } = managed(picky);
    const [first, second] = [call(1), call(2)];
    assert.equal(manager.put(first), false);
    assert.equal(manager.take(), undefined);
    assert.equal(manager.size, 1);
    picky.fits = true;
    assert.equal(manager.put(second), false);
    assert.equal(manager.take(), undefined);
    assert.equal(manager.take(), first);
    assert.equal(manager.take(), second);
  });

  test("nobody waits outside behind calls of a level below", () => {
    const { manager, admitted } = managed(new FairCallQueue(4, { levels: 2 }));
    for (let id = 0; id < 6; id++) manager.put(call(id, 1));
    assert.equal(manager.size, 6);
    assert.equal(manager.put(call(100, 0)), true);
    for (let id = 101; id < 104; id++) manager.put(call(id, 0));
    const admittedIds = (): number[] => admitted.map(({ id }) => id);
    assert.deepEqual([manager.take()?.id, admittedIds()], [100, [102]]);
    assert.deepEqual([manager.take()?.id, admittedIds()], [101, [102, 103]]);
  });

  test("the time outside is counted", () => {
    const { manager, clock } = of(1);
    const [first, second] = [call(1), call(2)];
    manager.put(first);
    manager.put(second);
    clock.pass(250);
    manager.take();
    assert.deepEqual([first.outsideMs, second.outsideMs], [0, 250]);
  });

  test("calls of connections that ended do not pile up outside of a queue that stands still", () => {
    const { manager } = of(1);
    manager.put(call(0));
    const alive = call(1);
    manager.put(alive);
    for (let i = 0; i < 10_000; i++) {
      const dying = fakeCall();
      manager.put(dying);
      dying.connection.destroy("");
    }
    assert.ok(manager.size < 200, `${manager.size} calls are kept`);
    manager.take();
    assert.equal(manager.take(), alive);
    takeAll(manager);
    assert.equal(manager.size, 0);
  });

  test("handlers are asked to make room before a call has to wait", () => {
    const taken: number[] = [];
    const { manager } = managed(new FifoCallQueue(2), { makeRoom: (own) => taken.push(own.take()?.id ?? -1) });
    assert.deepEqual(
      [0, 1, 2, 3].map((id) => manager.put(call(id))),
      [true, true, true, true],
    );
    assert.deepEqual(taken, [0, 1]);
  });

  test("overflow moves calls down, and a take serves the levels in turn", () => {
    const order = (capacityWeights: readonly number[]): number[] => {
      const { manager } = managed(new FairCallQueue(4, { levels: 2, capacityWeights }));
      for (let id = 0; id < 4; id++) manager.put(call(id, id % 2));
      return Array.from({ length: 4 }, () => manager.take()?.priorityLevel ?? -1);
    };
    assert.deepEqual(order([1, 3]), [0, 1, 0, 1]);
    assert.deepEqual(order([1, 1]), [0, 0, 1, 1]);
  });
});

describe("with back-off", () => {
  /** Three levels of two places, all full. */
  function full(options: ManagedOptions = {}): Managed {
    const made = managed(new FairCallQueue(6, { levels: 3 }), { backoff: true, ...options });
    for (let id = 0; id < 6; id++) assert.equal(made.manager.put(call(id, 0)), true);
    return made;
  }

  test("a call above the lowest level may try again on its connection, one of the lowest loses it", () => {
    const { manager } = full();
    assert.deepEqual(
      [0, 1, 2].map((level) => manager.put(call(9, level))),
      [OVERFLOW.keepAlive, OVERFLOW.keepAlive, OVERFLOW.disconnect],
    );
    assert.equal(manager.size, 6);
  });

  test("a queue without levels has only a lowest one, whatever the scheduler says", () => {
    const { manager } = managed(new FifoCallQueue(1), { backoff: true });
    manager.put(call(0));
    const outcomes = [0, 2].map((level) => manager.put(call(1, level)));
    assert.deepEqual(outcomes, [OVERFLOW.disconnect, OVERFLOW.disconnect]);
  });

  test("with failover every refused caller is sent to another server", () => {
    const { manager } = full({ failover: true });
    const outcomes = [0, 2].map((level) => manager.put(call(9, level)));
    assert.deepEqual(outcomes, [OVERFLOW.failover, OVERFLOW.failover]);
  });

  test("the answers are Hadoop's: code, class, message, and whether the connection ends", () => {
    const said = Object.values(OVERFLOW).map(({ code, javaClass, message, fatal }) => [
      code,
      javaClass,
      message,
      fatal,
    ]);
    assert.deepEqual(said, [
      ["ERROR_RPC_SERVER", "org.apache.hadoop.ipc.RetriableException", "Server too busy", false],
      ["ERROR_RPC_SERVER", "org.apache.hadoop.ipc.RetriableException", "Server too busy - disconnecting", true],
      ["ERROR_RPC_SERVER", "org.apache.hadoop.ipc.StandbyException", "Server too busy - disconnect and failover", true],
    ]);
  });

  test("a call that the scheduler backs off from does not come near the queue", () => {
    const queue = new FairCallQueue(6, { levels: 3 });
    const scheduler: Scheduler = { ...AS_IT_IS, shouldBackOff: (asked) => asked.priorityLevel > 0 };
    const { manager } = managed(queue, { backoff: true, scheduler });
    assert.equal(manager.put(call(1, 1)), OVERFLOW.disconnect);
    assert.deepEqual([queue.size, queue.overflowedCalls], [0, [0, 0, 0]]);
    assert.equal(manager.put(call(2, 0)), true);
    manager.swap(parts(new FairCallQueue(6, { levels: 3 }), { scheduler, backoff: true, failover: true }));
    assert.equal(manager.put(call(3, 1)), OVERFLOW.failover);
    manager.swap(parts(new FairCallQueue(6, { levels: 3 }), { scheduler, backoff: false }));
    assert.equal(manager.put(call(4, 1)), true);
  });

  test("a refused call is over, and what happened is told", () => {
    const { manager } = full();
    const refused = fakeCall({ id: 9, priorityLevel: 2, user: "ann" });
    const told: unknown[] = [];
    const unsubscribe = subscribe("hrpcd:call:refused", (payload) => told.push(payload));
    try {
      manager.put(refused);
    } finally {
      unsubscribe();
    }
    assert.deepEqual([refused.settled, refused.connection.callCount], [true, 0]);
    const { peer } = refused.connection;
    assert.deepEqual(told, [
      {
        peer,
        user: "ann",
        protocol: "test.Fake",
        method: "run",
        priorityLevel: 2,
        reason: "Server too busy - disconnecting",
        disconnected: true,
      },
    ]);
  });

  test("handlers are asked to make room before a call is refused", () => {
    const { manager } = full({ makeRoom: (own) => void own.take() });
    assert.equal(manager.put(call(9, 2)), OVERFLOW.disconnect);
    assert.equal(manager.put(call(9, 0)), true);
  });

  test("a call that was accepted before is not refused: it waits", () => {
    const { manager, admitted } = full();
    const again = call(9, 2);
    assert.equal(manager.putBack(again), false);
    assert.equal(manager.size, 7);
    takeAll(manager);
    assert.deepEqual(admitted, [again]);
  });
});

describe("levels and schedulers, when they are swapped", () => {
  test("the calls that wait move over in the order in which they would have been taken", () => {
    const { manager, admitted } = managed(new FairCallQueue(4, { levels: 2 }));
    const levels = [1, 1, 0, 0, 0];
    for (const [i, level] of levels.entries()) manager.put(call(i + 1, level));
    manager.swap(parts(new FifoCallQueue(9)));
    assert.deepEqual([manager.capacity, manager.size, admitted.map(({ id }) => id)], [9, 5, [5]]);
    assert.deepEqual(takeAll(manager), [3, 4, 1, 2, 5]);
  });

  test("the time that calls wait outside of a smaller queue is counted", () => {
    const { manager, clock } = of(4);
    const calls = Array.from({ length: 6 }, (_, id) => call(id));
    for (const each of calls) manager.put(each);
    clock.pass(5);
    manager.swap(parts(new FifoCallQueue(1)));
    clock.pass(7);
    assert.deepEqual(takeAll(manager), [0, 1, 2, 3, 4, 5]);
    assert.deepEqual(
      calls.map(({ outsideMs }) => outsideMs),
      [0, 7, 7, 7, 12, 12],
    );
  });

  test("calls find their level in a queue with fewer", () => {
    const { manager } = managed(new FairCallQueue(8, { levels: 4 }));
    for (let id = 0; id < 4; id++) manager.put(call(id, 3 - id));
    const two = new FairCallQueue(8, { levels: 2 });
    manager.swap(parts(two));
    assert.deepEqual(
      two.levels.map(({ size }) => size),
      [1, 3],
    );
  });

  test("the old scheduler is stopped, and the new one is asked from then on", () => {
    const stopped: string[] = [];
    const named = (name: string, level: number): Scheduler => ({
      ...AS_IT_IS,
      priorityLevel: () => level,
      stop: () => stopped.push(name),
    });
    const { manager } = managed(new FifoCallQueue(9), { scheduler: named("old", 1) });
    manager.swap(parts(new FifoCallQueue(9), { scheduler: named("new", 2) }));
    const asked = call(1);
    manager.put(asked);
    assert.deepEqual([stopped, asked.priorityLevel], [["old"], 2]);
    manager.stop();
    assert.deepEqual(stopped, ["old", "new"]);
  });

  test("a method that swaps the queue while room is made for a call does not lose that call", () => {
    const { manager } = managed(new FifoCallQueue(1), {
      makeRoom: (own) => own.swap(parts(new FairCallQueue(4, { levels: 4 }))),
    });
    assert.deepEqual(
      [1, 2].map((id) => manager.put(call(id))),
      [true, true],
    );
    assert.deepEqual([manager.capacity, takeAll(manager)], [4, [1, 2]]);
  });

  test("a thousand producers of all levels and a hundred takers lose no call in five swaps, and none comes twice", () => {
    const makers = [
      () => new FifoCallQueue(5000),
      () => new FairCallQueue(5000, { levels: 4 }),
      () => new FairCallQueue(40, { levels: 2, capacityWeights: [1, 3] }),
      () => new FifoCallQueue(7),
      () => new FairCallQueue(5000, { levels: 7 }),
    ] as const;
    const { manager, admitted } = of(5000);
    const taken = new Set<number>();
    let [created, waiting, twice] = [0, 0, 0];
    const take = (): void => {
      const next = manager.take();
      if (next === undefined) return;
      if (taken.has(next.id)) twice++;
      taken.add(next.id);
    };
    for (const make of makers) {
      // A producer whose call waits outside makes no other until that one is in, as the reader does.
      for (let round = 0; round < 10; round++) {
        for (let producer = waiting - admitted.length; producer < 1000; producer++) {
          if (!manager.put(call(created++, producer % 5))) waiting++;
          if (producer % 2 === 0) take();
        }
        for (let taker = 0; taker < 100; taker++) take();
      }
      manager.swap(parts(make()));
    }
    while (manager.size > 0) take();
    assert.deepEqual([taken.size, twice, admitted.length], [created, 0, waiting]);
    assert.ok(created > 10_000 && waiting > 0);
  });
});

describe("another queue in the place of this one", () => {
  test("has the calls that wait, in their order, and lets in as many from outside as it has room for", () => {
    const { manager: queue, admitted } = of(2);
    const calls = Array.from({ length: 6 }, (_, id) => fakeCall({ id }));
    for (const call of calls) queue.put(call);
    queue.swap(parts(new FifoCallQueue(4)));
    assert.deepEqual([queue.capacity, queue.size], [4, 6]);
    assert.deepEqual(admitted, calls.slice(2, 4));
    assert.deepEqual(takeAll(queue), [0, 1, 2, 3, 4, 5]);
    assert.deepEqual(admitted, calls.slice(2));
  });

  test("leaves outside what it has no room for, before those that were there, and announces these alone", () => {
    const { manager: queue, admitted } = of(4);
    const calls = Array.from({ length: 6 }, (_, id) => fakeCall({ id }));
    for (const call of calls) queue.put(call);
    queue.swap(parts(new FifoCallQueue(1)));
    queue.swap(parts(new FifoCallQueue(2)));
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
    const { manager: queue, admitted } = of(4);
    for (let id = 0; id < 3; id++) queue.put(fakeCall({ id }));
    const taken: ServerCall[] = [];
    const picky = {
      capacity: 10,
      refused: 1,
      levels: [{ capacity: 10, size: 0 }],
      get size() {
        return taken.length;
      },
      offer: (offered: ServerCall) => offered.id !== picky.refused && taken.push(offered) > 0,
      poll: () => taken.shift(),
    };
    queue.swap(parts(picky));
    assert.deepEqual([picky.size, queue.size], [1, 3]);
    picky.refused = -1;
    assert.deepEqual(takeAll(queue), [0, 1, 2]);
    assert.deepEqual(admitted, []);
  });

  test("takes no calls over when none wait, and serves from then on", () => {
    const { manager: queue } = of(1);
    queue.swap(parts(new FifoCallQueue(2)));
    assert.equal(queue.size, 0);
    assert.deepEqual(
      [0, 1, 2].map((id) => queue.put(fakeCall({ id }))),
      [true, true, false],
    );
    assert.deepEqual(takeAll(queue), [0, 1, 2]);
  });

  test("keeps the announcements right when calls of ended connections are thrown out", () => {
    const { manager: queue, admitted } = of(100);
    const calls = Array.from({ length: 200 }, (_, id) => fakeCall({ id }));
    for (const call of calls) queue.put(call);
    queue.swap(parts(new FifoCallQueue(1)));
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
    const { manager: queue } = managed(new FifoCallQueue(50), {
      admitted: (call) => ready.push(made.get(call) ?? -1),
    });
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
        if (capacity !== undefined) queue.swap(parts(new FifoCallQueue(capacity)));
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

describe("a queue bounded by bytes", () => {
  function sized(bytes: number): ServerCall {
    const made = fakeCall();
    made.bytes = bytes;
    return made;
  }

  test("takes as many as allowed, and one byte more waits outside", () => {
    const { manager } = managed(new FifoCallQueue(10), { maxBytes: 100 });
    assert.deepEqual([manager.put(sized(60)), manager.put(sized(40)), manager.put(sized(1))], [true, true, false]);
    assert.deepEqual([manager.size, manager.bytes], [3, 100]);
  });

  test("refuses what does not fit with back-off, after handlers had their chance to take some", () => {
    let asked = 0;
    const makeRoom = () => asked++;
    const { manager } = managed(new FifoCallQueue(10), { maxBytes: 100, backoff: true, makeRoom });
    assert.deepEqual([manager.put(sized(100)), asked], [true, 0]);
    assert.deepEqual([manager.put(sized(1)), asked], [OVERFLOW.disconnect, 1]);
  });

  test("takes any call when it is empty, lest that call waits for ever", () => {
    const { manager } = managed(new FifoCallQueue(10), { maxBytes: 100 });
    assert.equal(manager.put(sized(1000)), true);
    assert.equal(manager.put(sized(1)), false);
    assert.equal(manager.take()?.bytes, 1000);
    assert.equal(manager.bytes, 1);
  });

  test("lets in all that find room when a large call leaves", () => {
    const { manager, admitted } = managed(new FifoCallQueue(10), { maxBytes: 100 });
    for (const bytes of [90, 30, 40, 20, 50]) manager.put(sized(bytes));
    manager.take();
    assert.deepEqual(
      admitted.map(({ bytes }) => bytes),
      [30, 40, 20],
    );
    assert.equal(manager.bytes, 90);
  });

  test("keeps its count when another queue takes its place", () => {
    const { manager } = managed(new FifoCallQueue(10), { maxBytes: 100 });
    for (const bytes of [30, 40, 20]) manager.put(sized(bytes));
    manager.swap(parts(new FifoCallQueue(2)));
    assert.equal(manager.bytes, 70);
    while (manager.take() !== undefined);
    assert.deepEqual([manager.size, manager.bytes], [0, 0]);
  });
});
