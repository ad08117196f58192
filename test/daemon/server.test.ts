import assert from "node:assert/strict";
import net from "node:net";
import { describe, test } from "node:test";
import { createSettings, SettingsError } from "../../conf/index.js";
import { createServer, type Server } from "../../daemon/index.js";
import { subscribe } from "../../protocol/events.js";
import { RpcError } from "../../protocol/rpc-error.js";
import { ManualClock } from "../helpers/manual-clock.js";
import { RawClient } from "../helpers/raw-client.js";
import { answersOf, opening, textCall } from "../helpers/requests.js";
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

  test("what is served is the services in their order, the reflection and ProtocolMetaInfo", async () => {
    const server = createServer({ services: [textService("a.B", {}), textService("c.D", {})] });
    assert.deepEqual(
      server.services.map(({ definition }) => definition.name),
      ["a.B", "c.D", "hrpcd.Reflection", "org.apache.hadoop.ipc.ProtocolMetaInfoPB"],
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

describe("the call queue refreshed", () => {
  const size = (calls: number) => createSettings({ "ipc.server.handler.queue.size": calls, "hrpcd.handlers": 77 });

  test("has the room of the new settings for the handlers that there are", async () => {
    await using server = await startServer({ numHandlers: 2, settings: { "ipc.server.handler.queue.size": 5 } });
    assert.equal(server.queueCapacity, 10);
    server.refreshCallQueue(size(50));
    assert.equal(server.queueCapacity, 100);
  });

  test("is the old one still when the new one cannot be made", async () => {
    await using server = await startServer({ numHandlers: 10_000, settings: { "ipc.server.handler.queue.size": 1 } });
    assert.throws(() => server.refreshCallQueue(size(1_000_000)), SettingsError);
    assert.equal(server.queueCapacity, 10_000);
  });

  test("while every handler is busy loses no call of connections that wait, and runs none twice", async () => {
    const gates: Gate[] = [];
    const runs: string[] = [];
    const hold = (text: unknown): Promise<string> => {
      runs.push(String(text));
      const held = gate();
      gates.push(held);
      return held.opened;
    };
    await using server = await startServer({
      numHandlers: 1,
      handlers: { hold },
      settings: { "ipc.server.handler.queue.size": 3 },
    });
    const peers = Array.from({ length: 8 }, () => openPeer(server));
    const CALLS = 5;
    for (const [p, peer] of peers.entries()) {
      for (let i = 0; i < CALLS; i++) peer.send(textCall(i, "hold", [`${p}.${i}`]));
    }
    const capacities = [1, 6, 2, 40, 1];
    for (let done = 0; done < peers.length * CALLS; done++) {
      await settled();
      if (done % 6 === 3) server.refreshCallQueue(size(capacities.shift() ?? 3));
      gates[done]?.open("done");
    }
    await settled();
    assert.deepEqual(capacities, []);
    assert.equal(runs.length, peers.length * CALLS);
    assert.equal(new Set(runs).size, peers.length * CALLS);
    for (const [p, peer] of peers.entries()) {
      const own = runs.filter((run) => run.startsWith(`${p}.`));
      assert.deepEqual(
        own,
        [0, 1, 2, 3, 4].map((i) => `${p}.${i}`),
      );
      assert.deepEqual(peer.texts(), Array(CALLS).fill("done"));
    }
  });
});

describe("the settings reloaded", () => {
  test("bring back the call queue of before, when a refresh had put another in its place", async () => {
    await using server = await startServer({ numHandlers: 2, settings: { "ipc.server.handler.queue.size": 5 } });
    const before = createSettings({ "ipc.server.handler.queue.size": 5 });
    server.refreshCallQueue(createSettings({ "ipc.server.handler.queue.size": 50 }));
    assert.equal(server.queueCapacity, 100);
    server.reload(before);
    assert.equal(server.queueCapacity, 10);
    const { queue } = server.callQueue;
    server.reload(before);
    assert.equal(server.callQueue.queue, queue);
  });

  test("under load change handlers, queue and limits, and lose no call and run none twice", async () => {
    const runs = new Map<string, number>();
    let running = 0;
    let mostRunning = 0;
    const work = async (text: unknown): Promise<unknown> => {
      runs.set(String(text), (runs.get(String(text)) ?? 0) + 1);
      mostRunning = Math.max(mostRunning, ++running);
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      running--;
      return text;
    };
    await using server = await startServer({ handlers: { work }, settings: { "hrpcd.handlers": 2 } });
    const PRODUCERS = 1000;
    const CALLS = 4;
    const peers = Array.from({ length: PRODUCERS }, () => openPeer(server));
    const swaps = [
      { "hrpcd.handlers": 9, "ipc.server.handler.queue.size": 1 },
      { "hrpcd.handlers": 1, "ipc.server.handler.queue.size": 5 },
      { "hrpcd.handlers": 50, "hrpcd.server.frames.per.turn": 1 },
      { "hrpcd.handlers": 3, "ipc.server.max.connections": 1 },
      { "hrpcd.handlers": 20, "hrpcd.server.error.stack": true },
    ];
    for (let i = 0; i < CALLS; i++) {
      for (const [p, peer] of peers.entries()) peer.send(textCall(i, "work", [`${p}.${i}`]));
    }
    for (const [i, values] of swaps.entries()) {
      while (runs.size < (i + 1) * 500) await settled();
      server.reload(createSettings(values));
    }
    while (running > 0 || runs.size < PRODUCERS * CALLS) await settled();
    await settled();
    assert.ok([...runs.values()].every((times) => times === 1));
    assert.ok(mostRunning <= 50);
    for (const [p, peer] of peers.entries()) {
      assert.deepEqual(
        peer.texts().sort(),
        [0, 1, 2, 3].map((i) => `${p}.${i}`),
      );
    }
    assert.equal(server.queueCapacity, 20 * 100);
  });

  test("reach connections that are open, except by the length of frames", async () => {
    const fail = () => {
      throw new Error("no");
    };
    await using server = await startServer({ handlers: { fail } });
    const peer = openPeer(server);
    const size = 4096;
    server.reload(
      createSettings({
        "hrpcd.server.error.stack": true,
        "ipc.maximum.data.length": size,
        "ipc.server.max.connections": 2,
      }),
    );
    peer.send(textCall(0, "fail", ["x".repeat(2 * size)]));
    await settled();
    assert.match(peer.texts().join(), /^no\n\tat /);
    const second = openPeer(server);
    assert.equal(new TestPeer(server).stream.destroyed, true);
    second.send(textCall(0, "fail", ["x".repeat(2 * size)]));
    await settled();
    assert.equal(second.stream.ended, true);
  });

  test("change nothing if the queue cannot be made, and do not beat the options of createServer", async () => {
    await using server = await startServer({ numHandlers: 2 });
    const wrong = { "hrpcd.server.error.stack": true, "ipc.server.handler.queue.size": 1_000_000 };
    server.reload(createSettings({ "hrpcd.handlers": 10_000 }));
    assert.equal(server.queueCapacity, 200);
    await using other = await startServer();
    assert.throws(() => other.reload(createSettings({ ...wrong, "hrpcd.handlers": 10_000 })), SettingsError);
    assert.equal(other.queueCapacity, 1000);
  });
});

describe("stopping", () => {
  const LEAVING = "the server is shutting down: try again, or another server";

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
    assert.deepEqual(peer.texts(), ["zero", "one", "hi", LEAVING]);
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
    assert.deepEqual(busy.texts(), ["done", LEAVING]);
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
    assert.deepEqual(peer.texts(), ["done", LEAVING]);
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
    const [farewell] = answersOf(await client.untilClosed());
    assert.equal(farewell?.errorMsg, LEAVING);
  });

  test("takes leave of a peer by a FATAL RetriableException that is no call's, and reads no call behind it", async () => {
    const server = await startServer({ handlers: { echo: () => assert.fail("runs no more") } });
    const peer = openPeer(server);
    const silent = new TestPeer(server, { closesBack: false });
    const stopping = server.stop();
    await settled();
    peer.send(textCall(0, "echo", ["too late"]));
    await stopping;
    const farewell = {
      callId: -2,
      status: 2,
      errorDetail: 10,
      exceptionClassName: "org.apache.hadoop.ipc.RetriableException",
      clientId: Buffer.alloc(0),
    };
    for (const { stream } of [peer, silent]) {
      const [answer, ...rest] = answersOf(stream.received);
      assert.deepEqual(rest, []);
      for (const [name, value] of Object.entries(farewell)) {
        assert.deepEqual(answer?.[name as keyof typeof farewell], value, name);
      }
    }
    assert.equal(silent.stream.destroyed, true);
  });

  test("gives up after the grace, tells the methods, and refuses the calls that wait", async () => {
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
    // Nothing is said of the call that ran: nobody knows how far it came.
    const answers = peer.answers();
    assert.deepEqual(
      answers.map(({ callId, status, errorMsg }) => [callId, status, errorMsg]),
      [[1, 1, LEAVING]],
    );
  });

  test("refuses the calls that are held back because their peer does not read its answers", async () => {
    const held = gate();
    const handlers = { hold: () => held.opened, echo: () => "x".repeat(100_000) };
    const settings = { "hrpcd.server.response.backlog.max": 1, "hrpcd.shutdown.grace.ms": 60_000 };
    const server = await startServer({ handlers, settings, numHandlers: 1 });
    const [slow, other] = [openPeer(server), openPeer(server)];
    slow.stream.stalled = true;
    other.send(textCall(0, "hold"));
    await settled();
    slow.send(textCall(1, "echo", ["a"]), textCall(2, "echo", ["b"]));
    await settled();
    held.open("done");
    await settled();
    const stopping = server.stop();
    await settled();
    slow.stream.drain();
    await stopping;
    const ids = slow.answers().map(({ callId, status }) => [callId, status]);
    assert.deepEqual(ids, [
      [1, 0],
      [2, 1],
      [-2, 2],
    ]);
  });

  test("counts the grace on the server's clock", async () => {
    const clock = new ManualClock();
    const held = gate();
    const server = await startServer({ clock, handlers: { hold: () => held.opened } });
    const peer = openPeer(server);
    peer.send(textCall(0, "hold"));
    await settled();
    const stopping = server.stop(5000);
    clock.advance(4999);
    await settled();
    assert.equal(peer.stream.destroyed, false);
    clock.advance(1);
    await stopping;
    assert.equal(peer.stream.destroyed, true);
    assert.equal(clock.size, 0);
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
      assert.deepEqual(peer.texts(), ["stopping", LEAVING]);
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
    assert.deepEqual(peer.texts(), ["done", LEAVING]);
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
    await settled();
    assert.deepEqual(
      process.getActiveResourcesInfo().filter((kind) => kind.startsWith("TCP")),
      [],
    );
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
