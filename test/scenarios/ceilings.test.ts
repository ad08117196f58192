/** Bounds on what peers can make a server hold: what happens at each, and beyond. */
import assert from "node:assert/strict";
import { once } from "node:events";
import net from "node:net";
import { describe, test } from "node:test";
import { subscribe } from "../../protocol/events.js";
import { bytes } from "../helpers/byte-builder.js";
import { ManualClock } from "../helpers/manual-clock.js";
import { RawClient } from "../helpers/raw-client.js";
import { answersOf, opening, textCall } from "../helpers/requests.js";
import {
  type Gate,
  gate,
  openPeer,
  settled,
  startServer,
  TEXT_PROTOCOL,
  type TestPeer,
} from "../helpers/test-server.js";

const RETRIABLE = "org.apache.hadoop.ipc.RetriableException";

/** Handlers that answer when the test says so, in the order of the calls. */
function holding(): { gates: Gate[]; handlers: { hold: () => Promise<string>; echo: (text: unknown) => unknown } } {
  const gates: Gate[] = [];
  const hold = (): Promise<string> => {
    const held = gate();
    gates.push(held);
    return held.opened;
  };
  return { gates, handlers: { hold, echo: (text) => text } };
}

/** Reasons for which connections were refused while `during` ran. */
async function refusals(during: () => Promise<void>): Promise<string[]> {
  const told: string[] = [];
  const unsubscribe = subscribe("hrpcd:connection:refused", ({ reason }) => told.push(reason));
  try {
    await during();
  } finally {
    unsubscribe();
  }
  return told;
}

describe("calls of one user", () => {
  test("are taken up to the bound over all connections, one more is answered, and there is room when one is done", async () => {
    const { gates, handlers } = holding();
    await using server = await startServer({ handlers, settings: { "hrpcd.user.calls.max": 2 } });
    const [first, second, other] = [openPeer(server, "king"), openPeer(server, "king"), openPeer(server, "queen")];
    first.send(textCall(0, "hold"));
    second.send(textCall(0, "hold"));
    await settled();
    assert.equal(gates.length, 2);
    second.send(textCall(1, "echo", ["one more"]));
    other.send(textCall(0, "echo", ["another user"]));
    await settled();
    const [refused] = second.answers();
    assert.deepEqual(
      [refused?.callId, refused?.exceptionClassName, refused?.errorMsg],
      [1, RETRIABLE, "Server too busy"],
    );
    assert.deepEqual(other.texts(), ["another user"]);
    gates[0]?.open("done");
    await settled();
    second.send(textCall(2, "echo", ["room again"]));
    await settled();
    assert.deepEqual(second.texts(), ["room again"]);
    gates[1]?.open("done");
  });

  test("are not bounded by 0", async () => {
    const { gates, handlers } = holding();
    await using server = await startServer({ handlers, settings: { "hrpcd.user.calls.max": 0 } });
    const peer = openPeer(server, "king");
    peer.send(textCall(0, "hold"), textCall(1, "echo", ["hi"]));
    await settled();
    assert.deepEqual(peer.texts(), ["hi"]);
    gates[0]?.open("");
  });
});

describe("connections", () => {
  test("of one user are taken up to the bound, one more is told and closed, and others may come", async () => {
    await using server = await startServer({ settings: { "hrpcd.user.connections.max": 2 } });
    const peers = [openPeer(server, "king"), openPeer(server, "king"), openPeer(server, "king"), openPeer(server)];
    await settled();
    assert.deepEqual(
      peers.map(({ stream }) => stream.destroyed),
      [false, false, true, false],
    );
    const [told] = peers[2]?.answers() ?? [];
    assert.equal(told?.exceptionClassName, RETRIABLE);
    assert.match(told?.errorMsg ?? "", /king has 2 connections, the most that hrpcd.user.connections.max allows/);
    peers[0]?.stream.finish();
    await settled();
    const again = openPeer(server, "king");
    again.send(textCall(0, "echo", ["hi"]));
    await settled();
    assert.deepEqual(again.texts(), ["hi"]);
  });

  test("of one address are taken up to the bound, and one more is closed without a byte", async () => {
    const told = await refusals(async () => {
      await using server = await startServer({ settings: { "hrpcd.server.connections.per.address.max": 2 } });
      await using first = await RawClient.connect(server.port);
      await using second = await RawClient.connect(server.port);
      await using third = await RawClient.connect(server.port);
      assert.equal((await third.untilClosed()).length, 0);
      assert.deepEqual([first.closed, second.closed], [false, false]);
    });
    assert.deepEqual(told, ["too many connections from one address: hrpcd.server.connections.per.address.max is 2"]);
  });

  test("that are idle are closed on a small server too", async () => {
    const clock = new ManualClock();
    const { gates, handlers } = holding();
    await using server = await startServer({ clock, handlers });
    const [idle, busy] = [openPeer(server), openPeer(server)];
    busy.send(textCall(0, "hold"));
    clock.advance(119_000);
    assert.equal(idle.stream.destroyed, false);
    clock.advance(11_000);
    assert.deepEqual([idle.stream.destroyed, busy.stream.destroyed], [true, false]);
    gates[0]?.open("");
  });
});

describe("a peer that never reads its answers", () => {
  const quiet = { "hrpcd.server.response.backlog.max": 20_000 };

  /** Has more unread answers than its connection is read for. */
  async function stalled(server: Awaited<ReturnType<typeof startServer>>): Promise<TestPeer> {
    const peer = openPeer(server);
    peer.stream.stalled = true;
    for (let id = 0; id < 3; id++) peer.send(textCall(id, "echo", ["x".repeat(9_000)]));
    await settled();
    return peer;
  }

  test("is closed after ipc.server.purge.interval, and the calls that were held back go with it", async () => {
    const clock = new ManualClock();
    await using server = await startServer({ clock, settings: { ...quiet, "ipc.server.purge.interval": 2 } });
    const peer = await stalled(server);
    const told = await refusals(async () => {
      clock.advance(125_000);
      assert.equal(peer.stream.destroyed, false);
      clock.advance(10_000);
      await settled();
    });
    assert.equal(peer.stream.destroyed, true);
    assert.deepEqual(told, ["the peer has left an answer unread for 2 minutes (ipc.server.purge.interval)"]);
    assert.equal(server.connectionCount, 0);
  });

  test("is closed at once when its backlog passes the bound", async () => {
    const settings = { ...quiet, "hrpcd.server.response.backlog.peer.max": 25_000 };
    await using server = await startServer({ settings });
    const peer = await stalled(server);
    assert.equal(peer.stream.destroyed, true);
  });

  test("is closed when all such peers together pass theirs, and who reads is not", async () => {
    const settings = { ...quiet, "hrpcd.server.response.backlog.total.max": 60_000 };
    await using server = await startServer({ settings });
    const good = openPeer(server);
    const peers = [await stalled(server), await stalled(server)];
    assert.ok(peers.every(({ stream }) => !stream.destroyed));
    peers.push(await stalled(server));
    assert.equal(peers.filter(({ stream }) => stream.destroyed).length, 1);
    good.send(textCall(0, "echo", ["hi"]));
    await settled();
    assert.deepEqual(good.texts(), ["hi"]);
    for (const { stream } of peers) stream.drain();
  });

  test("over a real socket is closed when its backlog passes the bound", async () => {
    const big = "x".repeat(1_000_000);
    const settings = { "hrpcd.server.response.backlog.peer.max": 2_000_000 };
    const told = await refusals(async () => {
      await using server = await startServer({ handlers: { big: () => big }, settings });
      const socket = net.connect(server.port, "127.0.0.1");
      socket.on("error", () => {});
      await once(socket, "connect");
      const calls = Array.from({ length: 20 }, (_, id) => textCall(id, "big"));
      socket.write(Buffer.concat([opening(TEXT_PROTOCOL), ...calls]));
      while (server.connectionCount === 0) await settled();
      while (server.connectionCount > 0) await settled();
      socket.destroy();
    });
    assert.match(
      told[0] ?? "",
      /^the peer does not read its answers: \d+ bytes wait, and more than 2000000 are allowed$/,
    );
  });
});

describe("memory for requests", () => {
  test("is filled to its bound, and beyond it whoever fills most of it has to go", async () => {
    const { gates, handlers } = holding();
    const settings = { "hrpcd.server.request.bytes.max": 100_000, "hrpcd.server.queue.bytes.max": 50_000 };
    await using server = await startServer({ handlers, settings, numHandlers: 1 });
    const [small, large, third] = [openPeer(server), openPeer(server), openPeer(server)];
    small.send(textCall(0, "hold"), textCall(1, "echo", ["waits"]));
    large.send(bytes().int32(60_000).build(), Buffer.alloc(40_000));
    await settled();
    assert.equal(large.stream.destroyed, false);
    third.send(bytes().int32(50_000).build(), Buffer.alloc(40_000));
    await settled();
    assert.deepEqual(
      [small, large, third].map(({ stream }) => stream.destroyed),
      [false, true, false],
    );
    gates[0]?.open("done");
    await settled();
    assert.deepEqual(small.texts(), ["done", "waits"]);
  });

  test("a queue of large calls is full before it is long, and nobody loses a call", async () => {
    const { gates, handlers } = holding();
    const settings = { "hrpcd.server.queue.bytes.max": 50_000 };
    await using server = await startServer({ handlers, settings, numHandlers: 1 });
    const [peer, other] = [openPeer(server), openPeer(server)];
    other.send(textCall(0, "hold"));
    for (let id = 0; id < 4; id++) peer.send(textCall(id, "echo", ["x".repeat(20_000)]));
    await settled();
    assert.equal(peer.stream.paused, true);
    gates[0]?.open("done");
    await settled();
    assert.deepEqual(
      peer.answers().map(({ text }) => text.length),
      [20_000, 20_000, 20_000, 20_000],
    );
  });

  test("an answer that is too long becomes an error of its call, and the connection stays", async () => {
    const handlers = { long: () => "x".repeat(30_000), echo: (text: unknown) => text };
    await using server = await startServer({ handlers, settings: { "hrpcd.server.response.length.max": 20_000 } });
    await using client = await RawClient.connect(server.port);
    client.send(opening(TEXT_PROTOCOL), textCall(0, "long"), textCall(1, "echo", ["hi"]));
    const [long, short] = answersOf(await client.frames(2));
    assert.match(long?.errorMsg ?? "", /^the answer is longer than 20000 bytes: /);
    assert.equal(long?.errorDetail, 5);
    assert.equal(short?.text, "hi");
  });
});
