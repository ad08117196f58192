import assert from "node:assert/strict";
import { test } from "node:test";
import type { Connection } from "../../daemon/connection.js";
import { ConnectionManager, type ConnectionManagerOptions } from "../../daemon/connection-manager.js";
import { RequestMemory } from "../../daemon/request-memory.js";
import { subscribe } from "../../protocol/events.js";
import { type FakeConnection, fakeCall, fakeConnection } from "../helpers/fake-call.js";
import { ManualClock } from "../helpers/manual-clock.js";

const LIMITS: ConnectionManagerOptions = {
  maxConnections: 0,
  descriptors: undefined,
  maxPerAddress: 0,
  idleThreshold: 0,
  maxIdleMs: 10_000,
  maxClosedPerScan: 10,
  idleTimeoutMs: 0,
  purgeIntervalMs: 900_000,
};

function filled(
  count: number,
  options: Partial<ConnectionManagerOptions>,
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
  manager.scan(clock.now());
  assert.deepEqual(closed(all), [false, false, false, false]);
  clock.pass(1);
  manager.scan(clock.now());
  assert.deepEqual(closed(all), [true, false, false, false]);
});

test("one scan closes so many and no more, and the next goes on", () => {
  const { manager, all, clock } = filled(5, { maxClosedPerScan: 2 });
  clock.pass(60_000);
  manager.scan(clock.now());
  assert.equal(closed(all).filter(Boolean).length, 2);
  manager.scan(clock.now());
  assert.equal(closed(all).filter(Boolean).length, 4);
});

test("idle connections are closed until fewer are open than the threshold", () => {
  const { manager, all, clock } = filled(5, { idleThreshold: 4 });
  clock.pass(60_000);
  manager.scan(clock.now());
  assert.equal(closed(all).filter(Boolean).length, 2);
});

test("below the threshold nobody is closed", () => {
  const { manager, all, clock } = filled(3, { idleThreshold: 4 });
  clock.pass(60_000);
  manager.scan(clock.now());
  assert.deepEqual(closed(all), [false, false, false]);
});

const ADDRESS = "198.51.100.1";

test("no limit is never reached, and a limit is reached exactly", () => {
  const refusal = (maxConnections: number, descriptors: number | undefined, count: number): string | undefined =>
    filled(count, { maxConnections, descriptors }).manager.refusal(ADDRESS, 0);
  assert.equal(refusal(0, undefined, 50), undefined);
  assert.equal(refusal(3, undefined, 2), undefined);
  assert.equal(refusal(3, undefined, 3), "too many connections");
  assert.equal(refusal(0, 3, 2), undefined);
  assert.match(refusal(0, 3, 3) ?? "", /for the file descriptors of this process: 3/);
  assert.equal(refusal(2, 3, 2), "too many connections");
});

test("an address that has as many connections as allowed gets no more until one has gone, and others do", () => {
  const { manager, all } = filled(2, { maxPerAddress: 2 });
  const { connection } = all[0] as FakeConnection;
  assert.match(manager.refusal(connection.remoteAddress, 0) ?? "", /connections.per.address.max is 2/);
  assert.equal(manager.refusal(ADDRESS, 0), undefined);
  connection.destroy("");
  manager.remove(connection);
  assert.equal(manager.refusal(connection.remoteAddress, 0), undefined);
});

test("when no more may come, those that have been idle make room, sought for once a second", () => {
  const { manager, all, clock } = filled(2, { maxConnections: 2, idleThreshold: 4000 });
  assert.equal(manager.refusal(ADDRESS, clock.now()), "too many connections");
  clock.pass(20_000);
  (all[1] as FakeConnection).connection.lastContactMs = clock.now();
  manager.refusal(ADDRESS, clock.now());
  assert.deepEqual(closed(all), [true, false]);
  clock.pass(20_000);
  manager.refusal(ADDRESS, clock.now() - 19_001);
  assert.deepEqual(closed(all), [true, false]);
  manager.refusal(ADDRESS, clock.now());
  assert.deepEqual(closed(all), [true, true]);
});

test("an idle connection is closed after the time of its own rule, however few are open", () => {
  const { manager, all, clock } = filled(1, { idleThreshold: 4000, idleTimeoutMs: 60_000 });
  clock.pass(59_999);
  manager.scan(clock.now());
  assert.deepEqual(closed(all), [false]);
  clock.pass(1);
  manager.scan(clock.now());
  assert.deepEqual(closed(all), [true]);
});

test("a peer that leaves an answer unread is closed after the purge interval, one that reads slowly is not", () => {
  const { manager, all, clock } = filled(2, { purgeIntervalMs: 60_000 });
  const [never, slow] = all as [FakeConnection, FakeConnection];
  const write = ({ connection, stream }: FakeConnection): void => {
    stream.stalled = true;
    stream.write(Buffer.alloc(100));
    connection.sentBytes += 100;
  };
  write(never);
  write(slow);
  manager.scan(clock.now());
  clock.pass(59_999);
  // What the slow one had to read at the last scan has left; what came behind it has not.
  slow.stream.drain();
  write(slow);
  manager.scan(clock.now());
  assert.deepEqual(closed(all), [false, false]);
  clock.pass(1);
  manager.scan(clock.now());
  assert.deepEqual(closed(all), [true, false]);
  clock.pass(60_000);
  manager.scan(clock.now());
  assert.deepEqual(closed(all), [true, true]);
});

test("those with the most bytes of requests are closed first, until no more than allowed are held", () => {
  const clock = new ManualClock();
  const manager = new ConnectionManager(LIMITS);
  const memory = new RequestMemory(100);
  const all = [30, 80, 50, 0].map((bytes) => {
    const made = fakeConnection(clock, memory);
    made.connection.decoder.push(Buffer.alloc(bytes));
    made.connection.countReceived();
    manager.add(made.connection);
    return made;
  });
  manager.closeGreatest();
  assert.deepEqual(closed(all), [false, true, false, false]);
  assert.equal(memory.used, 80);
});

test("ending all settles when the last connection has gone, and at once if there is none", async () => {
  const { manager, all } = filled(2, {});
  const stop = (connection: Connection): void => connection.end("stop");
  let ended = false;
  const ending = manager.endAll(stop).then(() => {
    ended = true;
  });
  await Promise.resolve();
  assert.deepEqual(closed(all), [true, true]);
  assert.equal(ended, false);
  for (const { connection } of all) manager.remove(connection);
  await ending;
  await manager.endAll(stop);
});

test("what was ended and written is destroyed on demand, and nothing else", () => {
  const { manager, all } = filled(3, {});
  const [written, slow] = all as [FakeConnection, FakeConnection, FakeConnection];
  slow.stream.stalled = true;
  for (const { connection } of [written, slow]) connection.end("stop", Buffer.from("farewell"));
  manager.destroyWritten();
  assert.deepEqual(
    all.map(({ connection }) => connection.state.kind),
    ["closed", "closing", "open"],
  );
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
