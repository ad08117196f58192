import assert from "node:assert/strict";
import { test } from "node:test";
import type { ServerCall } from "../../daemon/call.js";
import { HandlerPool, type ResponseTimeListener } from "../../daemon/handler.js";
import { type EventPayloads, subscribe } from "../../protocol/events.js";
import { fakeCall, fakeConnection } from "../helpers/fake-call.js";
import { ManualClock } from "../helpers/manual-clock.js";
import { gate, settled } from "../helpers/test-server.js";

/** How long every answer takes to be encoded. */
const ANSWER_MS = 0.25;

/** What the responder was told to write, among the outcomes. */
const FLUSHED = Symbol("flushed");

interface Stage {
  readonly pool: HandlerPool;
  readonly clock: ManualClock;
  /** What the responder was given, in order: results as they are, errors as they were thrown. */
  readonly outcomes: unknown[];
  put(...calls: readonly ServerCall[]): void;
  readonly waiting: ServerCall[];
}

/** A handler that keeps the event loop for a while and returns this. */
function holding<T>(clock: ManualClock, ms: number, value: T): () => T {
  return () => {
    clock.pass(ms);
    return value;
  };
}

interface StageOptions {
  readonly holdTurns?: boolean;
  /** What is told of the times of calls. */
  readonly told?: [id: number, ...ms: number[]][];
}

function stage(numHandlers: number, { told, ...options }: StageOptions = {}): Stage {
  const clock = new ManualClock(options);
  const outcomes: unknown[] = [];
  const waiting: ServerCall[] = [];
  const queue = {
    get size() {
      return waiting.length;
    },
    take: () => waiting.shift(),
  };
  const responder = {
    respond: (_call: ServerCall, value: unknown) => {
      if (told !== undefined) clock.pass(ANSWER_MS);
      outcomes.push(value);
    },
    respondError: (_call: ServerCall, error: unknown) => {
      if (told !== undefined) clock.pass(ANSWER_MS);
      outcomes.push(error);
    },
    flush: () => outcomes.push(FLUSHED),
  };
  const listener: ResponseTimeListener = ({ id }, { queue: waited, processing, response }) =>
    told?.push([id, waited / 1e6, processing / 1e6, response / 1e6]);
  const pool = new HandlerPool({
    numHandlers,
    queue,
    responder,
    clock,
    listener: () => (told === undefined ? undefined : listener),
  });
  return { pool, clock, outcomes, waiting, put: (...calls) => void waiting.push(...calls) };
}

test("methods that return a value are answered before wake returns", () => {
  const { pool, outcomes, put } = stage(1);
  put(fakeCall({ args: ["a"] }), fakeCall({ args: ["b"] }));
  pool.wake();
  assert.deepEqual(outcomes, ["a", "b"]);
  assert.equal(pool.engaged, 0);
});

test("the call is the argument behind the declared ones", () => {
  const { pool, put } = stage(1);
  const seen: unknown[] = [];
  const call = fakeCall({ args: ["a", "b"], handler: (...args) => seen.push(...args) });
  put(call);
  pool.wake();
  assert.deepEqual(seen, ["a", "b", call]);
});

test("as many promises are waited for at once as there are handlers, and not one more", async () => {
  const { pool, outcomes, put } = stage(3);
  const gates = Array.from({ length: 5 }, () => gate());
  const begun: number[] = [];
  const handlers = gates.map(({ opened }, i) => () => {
    begun.push(i);
    return opened;
  });
  put(...handlers.map((handler) => fakeCall({ handler })));
  pool.wake();
  pool.wake();
  await settled();
  assert.deepEqual(begun, [0, 1, 2]);
  assert.equal(pool.engaged, 3);
  gates[1]?.open("one");
  await settled();
  assert.deepEqual(begun, [0, 1, 2, 3]);
  assert.deepEqual(outcomes, ["one"]);
  for (const { open } of gates) open("late");
  await pool.idle();
  assert.deepEqual(outcomes, ["one", "late", "late", "late", "late"]);
  assert.equal(pool.engaged, 0);
});

test("a method that waits does not hold up those behind it while a handler is free", async () => {
  const { pool, outcomes, put } = stage(2);
  const slow = gate();
  put(fakeCall({ handler: () => slow.opened }), ...["a", "b", "c"].map((text) => fakeCall({ args: [text] })));
  pool.wake();
  assert.deepEqual(outcomes, ["a", "b", "c"]);
  slow.open("slow");
  await pool.idle();
  assert.deepEqual(outcomes, ["a", "b", "c", "slow"]);
});

test("a long burst of synchronous methods lets the event loop turn", async () => {
  const { pool, clock, outcomes, put } = stage(1);
  const handler = (text: unknown): unknown => {
    clock.pass(0.7);
    return text;
  };
  put(...["1", "2", "3", "4", "5"].map((text) => fakeCall({ args: [text], handler })));
  pool.wake();
  assert.deepEqual(outcomes, ["1", "2", "3"]);
  pool.wake();
  assert.deepEqual(outcomes, ["1", "2", "3"], "more calls do not start it again before the turn");
  await settled();
  assert.deepEqual(outcomes, ["1", "2", "3", "4", "5"]);
  assert.equal(pool.engaged, 0);
});

test("a long burst goes on when the clock says that the event loop has turned", () => {
  const { pool, clock, outcomes, put } = stage(1, { holdTurns: true });
  const handler = (text: unknown): unknown => {
    clock.pass(10);
    return text;
  };
  put(...["1", "2"].map((text) => fakeCall({ args: [text], handler })));
  pool.wake();
  assert.deepEqual(outcomes, ["1"]);
  clock.turn();
  assert.deepEqual(outcomes, ["1", "2"]);
});

test("a long burst of methods whose promises settle at once lets the event loop turn", async () => {
  const { pool, clock, outcomes, put } = stage(2);
  const handler = async (text: unknown): Promise<unknown> => {
    clock.pass(0.7);
    return text;
  };
  put(...Array.from({ length: 20 }, (_, i) => fakeCall({ args: [String(i)], handler })));
  pool.wake();
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  assert.ok(outcomes.length < 6, `${outcomes.length} calls ran in one turn`);
  await settled();
  await settled();
  assert.equal(outcomes.length, 20);
});

test("a handler that has always had work ends as soon as one that has had none", async () => {
  const { pool, put } = stage(1);
  const last = gate();
  put(...Array.from({ length: 1000 }, () => fakeCall({ handler: () => Promise.resolve("x") })));
  put(fakeCall({ handler: () => last.opened }));
  pool.wake();
  await settled();
  let idle = false;
  const ended = pool.idle().then(() => {
    idle = true;
  });
  last.open("y");
  // Had each call been awaited inside the one before it, a thousand promises would be kept, and would settle one by one.
  let ticks = 0;
  for (; !idle && ticks < 1000; ticks++) await Promise.resolve();
  await ended;
  assert.ok(ticks < 50, `${ticks} ticks`);
});

test("a call whose client is gone does not run, and that is told", () => {
  const { pool, outcomes, put } = stage(1);
  const dropped: unknown[] = [];
  const unsubscribe = subscribe("hrpcd:call:dropped", (event) => dropped.push(event));
  try {
    const call = fakeCall();
    call.connection.destroy("");
    put(call, fakeCall({ args: ["next"] }));
    pool.wake();
    assert.deepEqual(outcomes, ["next"]);
    const { peer } = call.connection;
    assert.deepEqual(dropped, [
      { peer, protocol: "test.Fake", method: "run", reason: "its client is gone or gave up" },
    ]);
  } finally {
    unsubscribe();
  }
});

test("a call past its deadline is dropped before the handler runs, one at its deadline is not", () => {
  const { pool, clock, outcomes, put } = stage(1);
  const [late, onTime] = [fakeCall({ args: ["late"] }), fakeCall({ args: ["on time"] })];
  late.deadline = clock.now() - 1;
  onTime.deadline = clock.now();
  put(late, onTime);
  pool.wake();
  assert.deepEqual(outcomes, ["on time"]);
  assert.equal(late.settled, true);
});

/** A promise of node's own that was tampered with. */
function tampered(): unknown {
  return Object.defineProperties(Promise.resolve("never seen"), {
    // biome-ignore lint/suspicious/noThenProperty: what happens to such objects is what is tested
    then: { value: () => assert.fail("then") },
    constructor: { get: () => assert.fail("constructor") },
  });
}

/** An object with this `then`. */
function thenable(then: PropertyDescriptor): unknown {
  // biome-ignore lint/suspicious/noThenProperty: what happens to such objects is what is tested
  return Object.defineProperty({}, "then", then);
}

const resolvesAndThrows = (resolve: (value: string) => void): void => {
  resolve("resolved");
  throw new Error("ignored");
};

const ODD_RESULTS: readonly [string, () => unknown, RegExp][] = [
  ["a method that throws", () => assert.fail("sync"), /sync/],
  ["a method whose promise is rejected", () => Promise.reject(new Error("async")), /async/],
  ["a thenable that throws in then", () => thenable({ value: () => assert.fail("in then") }), /in then/],
  ["a thenable that resolves and throws then", () => thenable({ value: resolvesAndThrows }), /^resolved$/],
  ["an object whose then cannot be looked at", () => thenable({ get: () => assert.fail("getter") }), /getter/],
  ["a proxy that refuses to be asked", () => new Proxy({}, { has: () => assert.fail("trap") }), /trap/],
  ["a promise that was tampered with", tampered, /constructor/],
];

for (const [name, handler, outcome] of ODD_RESULTS) {
  test(`${name} has an outcome, and its handler is free again`, async () => {
    const { pool, outcomes, put } = stage(1);
    put(fakeCall({ handler }), fakeCall({ args: ["next"] }));
    pool.wake();
    await settled();
    assert.equal(outcomes.length, 2);
    assert.match(String(outcomes[0]), outcome);
    assert.equal(outcomes[1], "next");
    assert.equal(pool.engaged, 0);
  });
}

test("arguments that cannot be decoded are the call's error, and the method does not run", () => {
  const { pool, outcomes, put } = stage(1);
  const call = fakeCall({ handler: () => "ran" });
  Object.defineProperty(call.request, "readArguments", { value: () => assert.fail("bad bytes") });
  put(call);
  pool.wake();
  assert.match(String(outcomes[0]), /bad bytes/);
});

test("a method that holds the event loop is told of, with its caller, whether it returns a value or a promise", async () => {
  const { pool, clock, put } = stage(2);
  const held: EventPayloads["hrpcd:loop:held"][] = [];
  const stop = subscribe("hrpcd:loop:held", (event) => held.push(event));
  const { connection } = fakeConnection();
  connection.user = { name: "alice", authMethod: "SIMPLE" };
  put(
    fakeCall({ connection, handler: () => clock.pass(100) }),
    fakeCall({ connection, handler: () => clock.pass(4) }),
    fakeCall({
      connection,
      handler: holding(clock, 70, Promise.resolve()),
    }),
  );
  pool.wake();
  await settled();
  stop();
  const call = { peer: connection.peer, user: "alice", protocol: "test.Fake", method: "run" };
  assert.deepEqual(held, [
    { ms: 100, call },
    { ms: 70, call },
  ]);
});

test("before a method that held the event loop runs again, finished answers are written; after a quick run no longer", async () => {
  const { pool, clock, outcomes, put } = stage(1);
  const { connection } = fakeConnection();
  const slow = fakeCall({ connection, handler: holding(clock, 100, "slow") });
  const other = (text: string): ServerCall => fakeCall({ handler: () => text });
  const again = (ms: number): ServerCall => {
    const call = fakeCall({ connection, handler: holding(clock, ms, "again") });
    Object.defineProperty(call.request, "method", { value: slow.request.method });
    return call;
  };
  put(slow, other("a"), again(1), again(1), other("b"));
  pool.wake();
  await settled();
  assert.deepEqual(outcomes, ["slow", "a", FLUSHED, "again", "again", "b"]);
});

test("methods that hold the event loop and whose handlers were freed in one turn run in a turn each", async () => {
  const { pool, clock, outcomes, put } = stage(3, { holdTurns: true });
  const gates = [gate(), gate(), gate()];
  put(...gates.map(({ opened }) => fakeCall({ handler: () => opened })));
  pool.wake();
  put(...["x", "y", "z"].map((text) => fakeCall({ handler: holding(clock, 100, text) })));
  for (const { open } of gates) open("waited");
  await settled();
  assert.deepEqual(outcomes, ["waited", "waited", "waited", "x"]);
  clock.turn();
  assert.deepEqual(outcomes.slice(4), ["y"]);
  clock.turn();
  assert.deepEqual(outcomes.slice(4), ["y", "z"]);
  assert.equal(pool.engaged, 0);
});

test("who listens is told where the time of each call went, whatever came of it", async () => {
  const told: [id: number, ...ms: number[]][] = [];
  const { pool, clock, put } = stage(2, { told });
  const { opened, open } = gate();
  const { connection } = fakeConnection(clock);
  const take = (ms: number) => () => clock.pass(ms);
  put(
    fakeCall({ id: 1, connection, handler: take(0.5) }),
    fakeCall({
      id: 2,
      connection,
      handler: () => {
        clock.pass(0.25);
        throw new Error("boom");
      },
    }),
    fakeCall({ id: 3, connection, handler: () => opened }),
  );
  const gone = fakeCall({ id: 4, connection });
  gone.cancel("gone");
  put(gone);
  clock.pass(0.5);
  pool.wake();
  clock.pass(100);
  open("");
  await settled();
  assert.deepEqual(told, [
    [1, 0.5, 0.5, 0.25],
    [2, 1.25, 0.25, 0.25],
    [3, 1.75, 100, 0.25],
  ]);
});

test("more handlers take what waits at once; of fewer, those that are too many go when their call is done", async () => {
  const { pool, outcomes, put } = stage(1);
  const gates = Array.from({ length: 6 }, () => gate());
  const begun: number[] = [];
  put(
    ...gates.map(({ opened }, i) =>
      fakeCall({
        handler: () => {
          begun.push(i);
          return opened;
        },
      }),
    ),
  );
  pool.wake();
  assert.deepEqual(begun, [0]);
  pool.resize(4);
  await settled();
  assert.deepEqual(begun, [0, 1, 2, 3]);
  pool.resize(1);
  for (const i of [0, 1, 2]) gates[i]?.open(`${i}`);
  await settled();
  assert.deepEqual([begun.length, pool.engaged], [4, 1]);
  for (const i of [3, 4, 5]) {
    assert.equal(begun.length, i + 1);
    gates[i]?.open(`${i}`);
    await settled();
  }
  assert.deepEqual(outcomes, ["0", "1", "2", "3", "4", "5"]);
  assert.equal(pool.engaged, 0);
});
