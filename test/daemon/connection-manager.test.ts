import assert from "node:assert/strict";
import { test } from "node:test";
import { ConnectionManager } from "../../daemon/connection-manager.js";
import { subscribe } from "../../protocol/events.js";
import { type FakeConnection, fakeCall, fakeConnection } from "../helpers/fake-call.js";
import { ManualClock } from "../helpers/manual-clock.js";

const LIMITS = { maxConnections: 0, idleThreshold: 0, maxIdleMs: 10_000, maxClosedPerScan: 10 };

function filled(
  count: number,
  options: Partial<typeof LIMITS>,
): { manager: ConnectionManager; all: FakeConnection[]; clock: ManualClock } {
  const clock = new ManualClock();
  const manager = new ConnectionManager({ ...LIMITS, ...options });
  const all = Array.from({ length: count }, () => fakeConnection(clock));
  for (const { connection } of all) manager.add(connection);
  return { manager, all, clock };
}

function closed(all: readonly FakeConnection[]): boolean[] {
  return all.map(({ connection }) => connection.over);
}

test("a connection is idle after twice the idle time, if it has no call and all its answers have left", () => {
  const { manager, all, clock } = filled(4, {});
  const [, talking, busy, slow] = all as [FakeConnection, FakeConnection, FakeConnection, FakeConnection];
  fakeCall({ connection: busy.connection });
  slow.stream.stalled = true;
  slow.stream.write(Buffer.from("an answer"));
  clock.pass(19_999);
  talking.connection.lastContactMs = clock.now();
  manager.closeIdle(clock.now());
  assert.deepEqual(closed(all), [false, false, false, false]);
  clock.pass(1);
  manager.closeIdle(clock.now());
  assert.deepEqual(closed(all), [true, false, false, false]);
});

test("one scan closes so many and no more, and the next goes on", () => {
  const { manager, all, clock } = filled(5, { maxClosedPerScan: 2 });
  clock.pass(60_000);
  manager.closeIdle(clock.now());
  assert.equal(closed(all).filter(Boolean).length, 2);
  manager.closeIdle(clock.now());
  assert.equal(closed(all).filter(Boolean).length, 4);
});

test("idle connections are closed until fewer are open than the threshold", () => {
  const { manager, all, clock } = filled(5, { idleThreshold: 4 });
  clock.pass(60_000);
  manager.closeIdle(clock.now());
  assert.equal(closed(all).filter(Boolean).length, 2);
});

test("below the threshold nobody is closed", () => {
  const { manager, all, clock } = filled(3, { idleThreshold: 4 });
  clock.pass(60_000);
  manager.closeIdle(clock.now());
  assert.deepEqual(closed(all), [false, false, false]);
});

test("no limit is never reached, and a limit is reached exactly", () => {
  assert.equal(filled(50, { maxConnections: 0 }).manager.full, false);
  assert.equal(filled(2, { maxConnections: 3 }).manager.full, false);
  assert.equal(filled(3, { maxConnections: 3 }).manager.full, true);
});

test("ending all settles when the last connection has gone, and at once if there is none", async () => {
  const { manager, all } = filled(2, {});
  let ended = false;
  const ending = manager.endAll("stop").then(() => {
    ended = true;
  });
  await Promise.resolve();
  assert.deepEqual(closed(all), [true, true]);
  assert.equal(ended, false);
  for (const { connection } of all) manager.remove(connection);
  await ending;
  await manager.endAll("stop");
});

test("who comes and who leaves is told, with the reason", () => {
  const told: unknown[] = [];
  const stop = [
    subscribe("hrpcd:connection:open", (event) => told.push(event)),
    subscribe("hrpcd:connection:close", (event) => told.push(event)),
  ];
  try {
    const { manager, all } = filled(1, {});
    const { connection } = all[0] as FakeConnection;
    connection.destroy("too slow");
    manager.remove(connection);
    manager.remove(connection);
    const { peer } = connection;
    assert.deepEqual(told, [
      { peer, open: 1 },
      { peer, open: 0, reason: "too slow" },
    ]);
  } finally {
    for (const unsubscribe of stop) unsubscribe();
  }
});
