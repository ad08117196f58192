/** Limits and times that a server keeps, and connections that end before their time. */
import assert from "node:assert/strict";
import net from "node:net";
import { describe, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { subscribe } from "../../protocol/events.js";
import { bytes } from "../helpers/byte-builder.js";
import { ManualClock } from "../helpers/manual-clock.js";
import { RawClient } from "../helpers/raw-client.js";
import { opening, PREAMBLE, textCall } from "../helpers/requests.js";
import { type Gate, gate, openPeer, settled, startServer, TEXT_PROTOCOL, TestPeer } from "../helpers/test-server.js";

describe("limits", () => {
  test("one connection more than the limit is closed at once without a byte, and may come again later", async () => {
    await using server = await startServer({ settings: { "ipc.server.max.connections": 2 } });
    const [first] = [openPeer(server), openPeer(server)];
    await using third = await RawClient.connect(server.port);
    assert.equal((await third.untilClosed()).length, 0);
    assert.equal(server.connectionCount, 2);
    first?.stream.finish();
    await settled();
    const fourth = openPeer(server);
    fourth.send(textCall(0, "echo", ["hi"]));
    await settled();
    assert.deepEqual(fourth.texts(), ["hi"]);
  });

  test("a handshake that takes too long is ended, at whatever point it has come to", async () => {
    const clock = new ManualClock();
    await using server = await startServer({ clock, settings: { "hrpcd.server.handshake.timeout.ms": 2000 } });
    const beginnings = [Buffer.alloc(0), PREAMBLE.subarray(0, 6), PREAMBLE, bytes().hex("68727063 09 00 df").build()];
    const contextBegun = opening(TEXT_PROTOCOL).subarray(0, -5);
    const peers = [...beginnings, contextBegun].map((sent) => {
      const peer = new TestPeer(server);
      peer.send(sent);
      return peer;
    });
    const good = openPeer(server);
    clock.advance(1900);
    // Bytes that trickle in buy no time.
    peers.at(-1)?.send(opening(TEXT_PROTOCOL).subarray(-5, -3));
    await settled();
    assert.ok(peers.every(({ stream }) => !stream.destroyed));
    clock.advance(300);
    await settled();
    assert.ok(peers.every(({ stream }) => stream.destroyed));
    assert.equal(server.connectionCount, 1);
    good.send(textCall(0, "echo", ["hi"]));
    await settled();
    assert.deepEqual(good.texts(), ["hi"]);
  });

  const frames = { "hrpcd.server.frame.timeout.ms": 1000, "hrpcd.server.frame.min.rate": 1000 };

  test("a frame that is begun and not finished in time ends its connection", async () => {
    const clock = new ManualClock();
    await using server = await startServer({ clock, settings: frames });
    const [stuck, idle] = [openPeer(server), openPeer(server)];
    stuck.send(textCall(0, "echo", ["hi"]).subarray(0, 20));
    clock.advance(900);
    assert.equal(stuck.stream.destroyed, false);
    clock.advance(400);
    assert.equal(stuck.stream.destroyed, true);
    clock.advance(100_000);
    assert.equal(idle.stream.destroyed, false, "between frames a connection may be silent");
  });

  test("a frame that is slow but fast enough arrives", async () => {
    const clock = new ManualClock();
    await using server = await startServer({ clock, settings: frames });
    const peer = openPeer(server);
    const call = textCall(0, "echo", ["x".repeat(20_000)]);
    for (let at = 0; at < call.length; at += 550) {
      peer.send(call.subarray(at, at + 550));
      clock.advance(500);
    }
    await settled();
    assert.equal(peer.answers()[0]?.text.length, 20_000);
  });

  test("a frame that is slower than that does not", async () => {
    const clock = new ManualClock();
    await using server = await startServer({ clock, settings: frames });
    const peer = openPeer(server);
    const call = textCall(0, "echo", ["x".repeat(20_000)]);
    for (let at = 0; at < call.length && !peer.stream.destroyed; at += 450) {
      peer.send(call.subarray(at, at + 450));
      clock.advance(500);
    }
    assert.equal(peer.stream.destroyed, true);
    assert.deepEqual(peer.answers(), []);
  });

  test("a frame that waited because the server did not read has its time from then on", async () => {
    const clock = new ManualClock();
    const gates: Gate[] = [];
    const hold = (): Promise<string> => {
      const held = gate();
      gates.push(held);
      return held.opened;
    };
    const settings = { ...frames, "ipc.server.handler.queue.size": 1 };
    await using server = await startServer({ clock, settings, numHandlers: 1, handlers: { hold } });
    const peer = openPeer(server);
    const last = textCall(3, "hold");
    peer.send(Buffer.concat([textCall(0, "hold"), textCall(1, "hold"), textCall(2, "hold"), last.subarray(0, 20)]));
    await settled();
    assert.equal(peer.stream.paused, true);
    clock.advance(60_000);
    for (let i = 0; i < 2; i++) {
      gates.shift()?.open("");
      await settled();
    }
    clock.advance(500);
    assert.equal(peer.stream.destroyed, false);
    peer.send(last.subarray(20));
    while (gates.length > 0) {
      gates.shift()?.open("");
      await settled();
    }
    assert.equal(peer.answers().length, 4);
  });

  test("connections that are silent for long are closed by the scan, once there are many", async () => {
    const clock = new ManualClock();
    const settings = {
      "ipc.client.idlethreshold": 2,
      "ipc.client.connection.maxidletime": 1000,
      "ipc.client.connection.idle-scan-interval.ms": 500,
    };
    await using server = await startServer({ clock, settings });
    const [first, second, third] = [openPeer(server), openPeer(server), openPeer(server)] as [
      TestPeer,
      TestPeer,
      TestPeer,
    ];
    for (let i = 0; i < 6; i++) {
      clock.advance(400);
      third.send(textCall(i, "echo", ["still here"]));
    }
    await settled();
    assert.deepEqual(
      [first, second, third].map(({ stream }) => stream.destroyed),
      [true, true, false],
    );
    clock.advance(10_000);
    await settled();
    assert.equal(third.stream.destroyed, false, "one connection is fewer than the threshold");
  });
});

describe("a peer that is turned away", () => {
  test("keeps its answer: what it still sends is read and thrown away", async () => {
    await using server = await startServer();
    await using client = await RawClient.connect(server.port);
    client.send(Buffer.from("GET / HTTP/1.1\r\n\r\n"), Buffer.alloc(1_000_000));
    assert.match((await client.untilClosed()).toString(), /^HTTP\/1\.1 404/);
  });

  test("and does not close is destroyed a second later", async () => {
    const clock = new ManualClock();
    await using server = await startServer({ clock });
    const peer = new TestPeer(server, { closesBack: false });
    peer.send(Buffer.from("GET / HTTP/1.1\r\n\r\n"));
    await settled();
    assert.equal(peer.stream.ended, true);
    assert.equal(server.connectionCount, 1);
    clock.advance(900);
    assert.equal(peer.stream.destroyed, false);
    clock.advance(200);
    await settled();
    assert.equal(server.connectionCount, 0);
  });

  test("is told of with the reason, at once and when it is gone", async () => {
    const told: string[] = [];
    const stop = [
      subscribe("hrpcd:connection:refused", ({ reason }) => told.push(`refused: ${reason}`)),
      subscribe("hrpcd:connection:close", ({ reason }) => told.push(`closed: ${reason}`)),
    ];
    await using server = await startServer();
    new TestPeer(server).send(Buffer.from("GET / HTTP/1.1\r\n\r\n"));
    await settled();
    for (const unsubscribe of stop) unsubscribe();
    assert.deepEqual(told, ["refused: an HTTP GET request", "closed: an HTTP GET request"]);
  });
});

describe("a connection that breaks", () => {
  test("at any moment costs nobody else anything", async () => {
    await using server = await startServer();
    const call = textCall(0, "echo", ["hi"]);
    for (const sent of [
      Buffer.alloc(0),
      PREAMBLE,
      opening(TEXT_PROTOCOL),
      Buffer.concat([opening(TEXT_PROTOCOL), call.subarray(0, 30)]),
    ]) {
      const peer = new TestPeer(server);
      peer.send(sent);
      peer.stream.reset();
      peer.stream.reset();
    }
    await settled();
    assert.equal(server.connectionCount, 0);
    const good = openPeer(server);
    good.send(call);
    await settled();
    assert.deepEqual(good.texts(), ["hi"]);
  });

  test("by a real reset in the middle of a write ends quietly", async () => {
    await using server = await startServer({ handlers: { big: () => "x".repeat(5_000_000) } });
    for (let i = 0; i < 5; i++) {
      const socket = net.connect(server.port, "127.0.0.1");
      socket.on("error", () => {});
      await new Promise((resolve) => socket.once("connect", resolve));
      socket.write(Buffer.concat([opening(TEXT_PROTOCOL), textCall(0, "big"), textCall(1, "big")]));
      await new Promise((resolve) => socket.once("data", resolve));
      socket.resetAndDestroy();
    }
    while (server.connectionCount > 0) await settled();
  });
});

test("nothing is kept of connections that have gone, however they went", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const clock = new ManualClock();
  await using server = await startServer({ clock, handlers: { echo: (text) => text } });
  const goings: readonly ((peer: TestPeer) => void)[] = [
    (peer) => peer.stream.finish(),
    (peer) => peer.stream.reset(),
    (peer) => peer.send(bytes().int32(-1).build()),
    (peer) => peer.send(opening(TEXT_PROTOCOL)),
    (peer) => void peer.send(textCall(1, "echo", ["half"]).subarray(0, 30)),
  ];
  const streams: WeakRef<object>[] = [];
  for (let i = 0; i < 500; i++) {
    const peer = openPeer(server);
    streams.push(new WeakRef(peer.stream));
    peer.send(textCall(0, "echo", ["hi"]));
    goings[i % goings.length]?.(peer);
    if (i % 50 === 0) await settled();
  }
  await settled();
  clock.advance(60_000);
  await settled();
  assert.equal(server.connectionCount, 0);
  collect();
  const alive = streams.filter((stream) => stream.deref() !== undefined).length;
  assert.ok(alive < 10, `${alive} of 500 are still in memory`);
});
