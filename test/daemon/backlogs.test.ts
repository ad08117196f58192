import assert from "node:assert/strict";
import { test } from "node:test";
import { type BacklogOptions, Backlogs } from "../../daemon/backlogs.js";
import type { Connection } from "../../daemon/connection.js";
import { subscribe } from "../../protocol/events.js";
import { type FakeConnection, fakeConnection } from "../helpers/fake-call.js";

const LIMITS = { pauseAt: 100, maxPerPeer: 200, maxTotal: 1000 };

interface Fixture {
  readonly backlogs: Backlogs;
  readonly paused: Connection[];
  /** Writes this many bytes that the peer does not read. */
  write(peer: FakeConnection, bytes: number): void;
}

function fixture(options: Partial<BacklogOptions> = {}): Fixture {
  const paused: Connection[] = [];
  const backlogs = new Backlogs({ ...LIMITS, pause: (connection) => paused.push(connection), ...options });
  const write = ({ connection, stream }: FakeConnection, bytes: number): void => {
    stream.stalled = true;
    stream.write(Buffer.alloc(bytes));
    backlogs.grown(connection);
  };
  return { backlogs, paused, write };
}

test("a connection is read up to its first bound, and not beyond", () => {
  const { paused, write } = fixture();
  const peer = fakeConnection();
  write(peer, 100);
  assert.deepEqual(paused, []);
  write(peer, 1);
  assert.deepEqual(paused, [peer.connection]);
  assert.equal(peer.connection.over, false);
});

test("a connection is closed beyond its second bound, and told as refused with figures", () => {
  const told: string[] = [];
  const unsubscribe = subscribe("hrpcd:connection:refused", ({ reason }) => told.push(reason));
  const { backlogs, write } = fixture();
  const peer = fakeConnection();
  write(peer, 200);
  assert.equal(peer.connection.over, false);
  write(peer, 1);
  unsubscribe();
  assert.equal(peer.connection.over, true);
  assert.deepEqual(told, ["the peer does not read its answers: 201 bytes wait, and more than 200 are allowed"]);
  assert.equal(backlogs.total, 0);
});

test("all together may have as much as their bound, and for one byte more the greatest is closed", () => {
  const { backlogs, write } = fixture({ maxTotal: 300 });
  const peers = [80, 120, 100].map((bytes) => {
    const peer = fakeConnection();
    write(peer, bytes);
    return peer;
  });
  assert.equal(backlogs.total, 300);
  assert.ok(peers.every(({ connection }) => !connection.over));
  write(peers[0] as FakeConnection, 1);
  assert.deepEqual(
    peers.map(({ connection }) => connection.over),
    [false, true, false],
  );
  assert.equal(backlogs.total, 181);
});

test("what has left without a word does not count when somebody would have to go", () => {
  const { backlogs, write } = fixture({ maxTotal: 300 });
  const peers = [fakeConnection(), fakeConnection()] as const;
  write(peers[0], 190);
  // Below the high-water mark of a stream: no drain is told.
  peers[0].stream.drain();
  write(peers[1], 150);
  assert.deepEqual([peers[0].connection.over, peers[1].connection.over], [false, false]);
  assert.equal(backlogs.total, 150);
});

test("a connection that has gone, or sent all, counts no more", () => {
  const { backlogs, write } = fixture();
  const peers = [fakeConnection(), fakeConnection()] as const;
  write(peers[0], 50);
  write(peers[1], 60);
  backlogs.gone(peers[0].connection);
  backlogs.gone(peers[0].connection);
  assert.equal(backlogs.total, 60);
});
