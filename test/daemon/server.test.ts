import assert from "node:assert/strict";
import net from "node:net";
import { describe, test } from "node:test";
import { createSettings, SettingsError } from "../../conf/index.js";
import { createServer, type Server } from "../../daemon/index.js";
import { subscribe } from "../../protocol/events.js";
import { RpcError } from "../../protocol/rpc-error.js";
import { bytes } from "../helpers/byte-builder.js";
import { ManualClock } from "../helpers/manual-clock.js";
import { RawClient } from "../helpers/raw-client.js";
import { answersOf, opening, PREAMBLE, textCall } from "../helpers/requests.js";
import { type Gate, gate, openPeer, settled, startServer, TEXT_PROTOCOL, TestPeer } from "../helpers/test-server.js";
import { textService } from "../helpers/text-service.js";

function rpcError(code: string, message: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof RpcError && error.code === code && message.test(error.message);
}

/** Whether somebody listens on the port. */
async function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}

describe("making and starting", () => {
  test("an option out of range is refused when the server is made", () => {
    assert.throws(() => createServer({ services: [], port: 70_000 }), SettingsError);
    assert.throws(() => createServer({ services: [], numHandlers: 0 }), SettingsError);
  });

  test("services that clash are refused when the server is made", () => {
    const twice = [textService("a.B", {}), textService("a.B", {})];
    assert.throws(() => createServer({ services: twice }), rpcError("BAD_DEFINITION", /a\.B version 1/));
  });

  test("the settings are taken, and the options are put on top", async () => {
    const conf = createSettings({ "hrpcd.handlers": 3, "ipc.server.handler.queue.size": 7, "hrpcd.port": 1 });
    await using server = await createServer({ services: [], conf, port: 0, numHandlers: 2 }).start();
    assert.equal(server.queueCapacity, 14);
    assert.equal(server.address.address, "127.0.0.1");
    assert.equal(server.port, server.address.port);
    assert.notEqual(server.port, 1);
    assert.equal(conf.get("hrpcd.handlers"), 3);
  });

  test("what is served is the services in their order, and the reflection", async () => {
    const server = createServer({ services: [textService("a.B", {}), textService("c.D", {})] });
    assert.deepEqual(
      server.services.map(({ definition }) => definition.name),
      ["a.B", "c.D", "hrpcd.Reflection"],
    );
  });

  test("there is no address before the start is done", () => {
    assert.throws(() => createServer({ services: [] }).address, rpcError("BAD_DEFINITION", /await start\(\)/));
  });

  test("a server starts once", async () => {
    await using server = await startServer();
    await assert.rejects(server.start(), rpcError("BAD_DEFINITION", /starts once/));
  });

  test("a port that is taken fails the start, and the server can be stopped all the same", async () => {
    await using first = await startServer();
    const second = createServer({ services: [], port: first.port });
    await assert.rejects(second.start(), rpcError("BIND_FAILED", /another program listens there/));
    await second.stop();
    assert.equal(await listens(first.port), true);
  });

  test("the start is told", async () => {
    const told: unknown[] = [];
    const unsubscribe = subscribe("hrpcd:server:listening", (event) => told.push(event));
    await using server = await startServer();
    unsubscribe();
    assert.deepEqual(told, [{ address: "127.0.0.1", port: server.port }]);
  });

  test("several readers share the connections", async () => {
    await using server = await startServer({ settings: { "ipc.server.read.threadpool.size": 3 } });
    const peers = Array.from({ length: 7 }, () => openPeer(server));
    for (const [id, peer] of peers.entries()) peer.send(textCall(id, "echo", [`${id}`]));
    await settled();
    assert.deepEqual(
      peers.map((peer) => peer.texts()),
      peers.map((_, id) => [`${id}`]),
    );
  });
});

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
    const contextBegun = Buffer.concat([opening(TEXT_PROTOCOL).subarray(0, -1)]);
    const peers = [...beginnings, contextBegun].map((sent) => {
      const peer = new TestPeer(server);
      peer.send(sent);
      return peer;
    });
    const good = openPeer(server);
    clock.advance(1900);
    // Bytes that trickle in buy no time.
    peers.at(-1)?.send(Buffer.alloc(0));
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

describe("stopping", () => {
  /** A server with one method that waits, and the gates of its calls. */
  async function holding(
    options: { graceMs?: number; numHandlers?: number } = {},
  ): Promise<{ server: Server; gates: Gate[]; signals: AbortSignal[] }> {
    const gates: Gate[] = [];
    const signals: AbortSignal[] = [];
    const hold = (call: unknown): Promise<string> => {
      signals.push((call as { signal: AbortSignal }).signal);
      const held = gate();
      gates.push(held);
      return held.opened;
    };
    const settings = { "hrpcd.shutdown.grace.ms": options.graceMs ?? 60_000 };
    const server = await startServer({
      handlers: { hold, echo: (text) => text },
      numHandlers: options.numHandlers ?? 1,
      oneWay: ["note"],
      settings,
    });
    return { server, gates, signals };
  }

  test("lets the calls in flight end, those that run and those that wait, and then closes", async () => {
    const { server, gates } = await holding();
    const peer = openPeer(server);
    peer.send(textCall(0, "hold"), textCall(1, "hold"), textCall(2, "echo", ["hi"]));
    await settled();
    let stopped = false;
    const stopping = server.stop().then(() => {
      stopped = true;
    });
    await settled();
    assert.equal(stopped, false);
    assert.equal(await listens(server.port), false);
    gates[0]?.open("zero");
    await settled();
    gates[1]?.open("one");
    await stopping;
    assert.deepEqual(peer.texts(), ["zero", "one", "hi"]);
    assert.equal(peer.stream.destroyed, true);
    assert.equal(server.connectionCount, 0);
  });

  test("answers new calls with a RetriableException, on connections that are open and go on being so", async () => {
    const { server, gates } = await holding();
    const [busy, idle] = [openPeer(server), openPeer(server)];
    busy.send(textCall(0, "hold"));
    await settled();
    const stopping = server.stop();
    idle.send(textCall(5, "echo", ["hi"]));
    busy.send(textCall(6, "echo", ["hi"]));
    await settled();
    for (const [peer, callId] of [
      [idle, 5],
      [busy, 6],
    ] as const) {
      const [answer] = peer.answers();
      assert.deepEqual([answer?.callId, answer?.status, answer?.errorDetail], [callId, 1, 4]);
      assert.equal(answer?.exceptionClassName, "org.apache.hadoop.ipc.RetriableException");
      assert.equal(peer.stream.ended, false);
    }
    gates[0]?.open("done");
    await stopping;
    assert.deepEqual(busy.texts(), ["done"]);
  });

  test("does not answer a one-way call that comes too late", async () => {
    const gates: Gate[] = [];
    const handlers = {
      hold: () => {
        const held = gate();
        gates.push(held);
        return held.opened;
      },
      note: () => assert.fail("runs no more"),
    };
    const server = await startServer({ handlers, oneWay: ["note"] });
    const peer = openPeer(server);
    peer.send(textCall(0, "hold"));
    await settled();
    const stopping = server.stop();
    peer.send(textCall(1, "note"));
    await settled();
    gates[0]?.open("done");
    await stopping;
    assert.deepEqual(peer.texts(), ["done"]);
  });

  test("takes no new connection", async () => {
    const { server, gates } = await holding();
    const peer = openPeer(server);
    peer.send(textCall(0, "hold"));
    await settled();
    const stopping = server.stop();
    const late = new TestPeer(server);
    assert.equal(late.stream.destroyed, true);
    gates[0]?.open("");
    await stopping;
  });

  test("waits for no idle connection", async () => {
    const { server } = await holding();
    const peers = [openPeer(server), new TestPeer(server)];
    await using client = await RawClient.connect(server.port);
    await server.stop();
    assert.ok(peers.every(({ stream }) => stream.destroyed));
    assert.equal((await client.untilClosed()).length, 0);
  });

  test("gives up after the grace, tells the methods, and answers them no more", async () => {
    const { server, gates, signals } = await holding();
    const peer = openPeer(server);
    peer.send(textCall(0, "hold"), textCall(1, "hold"));
    await settled();
    await server.stop(1);
    assert.deepEqual(
      signals.map(({ aborted }) => aborted),
      [true],
    );
    assert.equal(peer.stream.destroyed, true);
    gates[0]?.open("too late");
    await settled();
    assert.equal(gates.length, 1, "the call that waited does not run");
    assert.deepEqual(peer.answers(), []);
  });

  test("sends the answers that are ready before it closes, on a real socket too", async () => {
    const { server, gates } = await holding();
    await using client = await RawClient.connect(server.port);
    client.send(opening(TEXT_PROTOCOL), textCall(0, "hold"));
    while (gates.length === 0) await settled();
    const stopping = server.stop();
    gates[0]?.open("x".repeat(3_000_000));
    const [answer] = answersOf(await client.untilClosed());
    assert.equal(answer?.text.length, 3_000_000);
    await stopping;
  });

  test("from within a method does not lose the method's own answer", async () => {
    const own: { server?: Server } = {};
    const handlers = {
      shutdown: () => {
        void own.server?.stop();
        return "stopping";
      },
      shutdownLater: async () => {
        await Promise.resolve();
        void own.server?.stop();
        return "stopping";
      },
    };
    for (const method of ["shutdown", "shutdownLater"]) {
      own.server = await startServer({ handlers });
      const peer = openPeer(own.server);
      peer.send(textCall(0, method));
      await settled();
      await own.server.stop();
      assert.deepEqual(peer.texts(), ["stopping"]);
    }
  });

  test("right behind an answer that has not been written yet does not lose it", async () => {
    const answered = gate();
    const server = await startServer({ handlers: { wait: () => answered.opened } });
    const peer = openPeer(server);
    peer.send(textCall(0, "wait"));
    await settled();
    answered.open("done");
    for (let i = 0; i < 20; i++) await Promise.resolve();
    await server.stop(0);
    assert.deepEqual(peer.texts(), ["done"]);
  });

  test("twice is fine, before the start too, and a stopped server does not start", async () => {
    const server = createServer({ services: [], port: 0 });
    await server.stop();
    await server.stop();
    await assert.rejects(server.start(), rpcError("BAD_DEFINITION", /starts once/));
    const { server: running } = await holding();
    await Promise.all([running.stop(), running.stop()]);
    await running.stop();
  });

  test("while the server starts leaves no open port behind", async () => {
    const server = createServer({ services: [], port: 0 });
    const starting = server.start();
    await server.stop();
    await assert.rejects(starting, rpcError("BIND_FAILED", /stopped while it started/));
    assert.throws(() => server.address);
  });

  test("leaves no timer and no socket behind", async () => {
    const clock = new ManualClock();
    const server = await startServer({ clock });
    const peers = [openPeer(server), new TestPeer(server)];
    peers[0]?.send(textCall(0, "echo", ["hi"]), textCall(1, "echo", ["half"]).subarray(0, 20));
    await settled();
    assert.ok(clock.size > 0);
    await server.stop();
    assert.equal(clock.size, 0);
    const sockets = process.getActiveResourcesInfo().filter((kind) => kind.startsWith("TCP"));
    assert.deepEqual(sockets, []);
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
