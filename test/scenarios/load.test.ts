/** Too many calls, too fast, or too slowly read: who waits, who does not, and that nothing is lost. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ManualClock } from "../helpers/manual-clock.js";
import { RawClient } from "../helpers/raw-client.js";
import { answersOf, opening, pingFrame, textCall } from "../helpers/requests.js";
import {
  type Gate,
  gate,
  openPeer,
  settled,
  startServer,
  TEXT_PROTOCOL,
  type TestPeer,
} from "../helpers/test-server.js";

/** A method that waits until the test lets each of its calls go, in the order in which they began. */
function heldMethod(): {
  hold: (text: unknown) => Promise<string>;
  begun: string[];
  release(): void;
  releaseAll(): Promise<void>;
} {
  const gates: Gate[] = [];
  const begun: string[] = [];
  let all = false;
  return {
    begun,
    hold: (text) => {
      begun.push(String(text));
      const held = gate();
      gates.push(held);
      if (all) held.open("");
      return held.opened.then(() => `${text}`);
    },
    release: () => gates.shift()?.open(""),
    async releaseAll() {
      all = true;
      for (const held of gates) held.open("");
      await settled();
    },
  };
}

function ids(peer: TestPeer): number[] {
  return peer.answers().map(({ callId }) => callId);
}

describe("a full call queue", () => {
  const small = { numHandlers: 1, settings: { "ipc.server.handler.queue.size": 2 } };

  test("stops the reading of the connections that are over it, and of no other", async () => {
    const { hold, releaseAll } = heldMethod();
    await using server = await startServer({ ...small, handlers: { hold } });
    assert.equal(server.queueCapacity, 2);
    const [greedy, polite] = [openPeer(server), openPeer(server)];
    // One call runs, two wait, the fourth is over; what comes behind it is not read.
    greedy.send(Buffer.concat([0, 1, 2, 3, 4, 5].map((id) => textCall(id, "hold", [String(id)]))));
    await settled();
    assert.equal(greedy.stream.paused, true);
    assert.equal(polite.stream.paused, false);
    polite.send(pingFrame());
    await settled();
    assert.equal(polite.stream.paused, false);
    await releaseAll();
    await settled();
    assert.deepEqual(ids(greedy), [0, 1, 2, 3, 4, 5]);
    assert.equal(greedy.stream.paused, false);
  });

  test("loses no call, and keeps the order of each connection", async () => {
    const { hold, begun, release, releaseAll } = heldMethod();
    await using server = await startServer({ ...small, handlers: { hold } });
    const peers = Array.from({ length: 5 }, () => openPeer(server));
    for (const [p, peer] of peers.entries()) {
      peer.send(Buffer.concat(Array.from({ length: 20 }, (_, id) => textCall(id, "hold", [`${p}.${id}`]))));
    }
    await settled();
    for (let i = 0; i < 40; i++) {
      release();
      await settled();
    }
    await releaseAll();
    await settled();
    await settled();
    for (const [p, peer] of peers.entries()) {
      assert.deepEqual(ids(peer), [...Array(20).keys()]);
      assert.deepEqual(
        begun.filter((text) => text.startsWith(`${p}.`)),
        [...Array(20).keys()].map((id) => `${p}.${id}`),
      );
    }
  });

  test("lets the connections that wait in one after the other, so that the greediest has no more than its turn", async () => {
    const { hold, begun, release, releaseAll } = heldMethod();
    await using server = await startServer({ ...small, handlers: { hold } });
    const [greedy, modest] = [openPeer(server), openPeer(server)];
    greedy.send(Buffer.concat(Array.from({ length: 50 }, (_, id) => textCall(id, "hold", ["greedy"]))));
    await settled();
    modest.send(textCall(0, "hold", ["modest"]));
    for (let i = 0; i < 5; i++) {
      await settled();
      release();
    }
    await settled();
    assert.ok(begun.includes("modest"), `after ${begun.length} calls`);
    await releaseAll();
    await settled();
  });

  test("is left by the calls of a client that has gone, without running them", async () => {
    const { hold, begun, releaseAll } = heldMethod();
    await using server = await startServer({ ...small, handlers: { hold } });
    const [gone, stays] = [openPeer(server), openPeer(server)];
    gone.send(Buffer.concat([0, 1, 2, 3].map((id) => textCall(id, "hold", [`gone ${id}`]))));
    await settled();
    stays.send(textCall(7, "hold", ["stays"]));
    await settled();
    gone.stream.reset();
    await settled();
    await releaseAll();
    await settled();
    assert.deepEqual(begun, ["gone 0", "stays"]);
    assert.deepEqual(ids(stays), [7]);
    assert.equal(server.connectionCount, 1);
  });
});

describe("a connection that sends without pause", () => {
  test("has so many frames read in one turn, and then the neighbours have theirs", async () => {
    const served: string[] = [];
    const handlers = { mark: (text: unknown) => String(served.push(String(text))) };
    await using server = await startServer({ handlers, settings: { "hrpcd.server.frames.per.turn": 10 } });
    const [flood, neighbour] = [openPeer(server), openPeer(server)];
    flood.send(Buffer.concat(Array.from({ length: 1000 }, (_, id) => textCall(id, "mark", ["flood"]))));
    assert.equal(served.length, 10);
    neighbour.send(textCall(0, "mark", ["neighbour"]));
    assert.equal(served.at(-1), "neighbour");
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(neighbour.answers().length, 1);
    assert.ok(served.length < 40, `${served.length} calls were served by then`);
    while (served.length < 1001) await settled();
    await settled();
    assert.equal(flood.answers().length, 1000);
  });

  test("over a real socket, does not keep a neighbour waiting until it is through", async () => {
    const served: string[] = [];
    const handlers = { mark: (text: unknown) => String(served.push(String(text))) };
    await using server = await startServer({ handlers });
    await using flood = await RawClient.connect(server.port);
    await using neighbour = await RawClient.connect(server.port);
    neighbour.send(opening(TEXT_PROTOCOL), textCall(0, "mark", ["hello"]));
    await neighbour.frames(1);
    flood.send(
      opening(TEXT_PROTOCOL),
      Buffer.concat(Array.from({ length: 20_000 }, (_, id) => textCall(id, "mark", ["flood"]))),
    );
    while (served.length < 100) await new Promise((resolve) => setImmediate(resolve));
    neighbour.send(textCall(1, "mark", ["neighbour"]));
    await neighbour.frames(1);
    assert.ok(served.length < 20_001, "the neighbour was answered before the flood was through");
  });
});

describe("methods", () => {
  test("that return a value are answered in the turn in which their call came", async () => {
    await using server = await startServer();
    const peer = openPeer(server);
    peer.send(textCall(1, "echo", ["a"]), textCall(2, "echo", ["b"]));
    await new Promise<void>((resolve) => process.nextTick(resolve));
    assert.deepEqual(peer.texts(), ["a", "b"]);
  });

  test("that wait run side by side up to the number of handlers, and are answered as they end", async () => {
    const gates = new Map<string, Gate>();
    const handlers = {
      hold: (text: unknown) => {
        const held = gate();
        gates.set(String(text), held);
        return held.opened;
      },
    };
    await using server = await startServer({ handlers, numHandlers: 3 });
    const peer = openPeer(server);
    peer.send(Buffer.concat([0, 1, 2, 3].map((id) => textCall(id, "hold", [String(id)]))));
    await settled();
    assert.deepEqual([...gates.keys()], ["0", "1", "2"]);
    for (const key of ["2", "0"]) gates.get(key)?.open(key);
    await settled();
    assert.deepEqual(ids(peer), [2, 0]);
    assert.deepEqual([...gates.keys()], ["0", "1", "2", "3"]);
    for (const key of ["3", "1"]) gates.get(key)?.open(key);
    await settled();
    assert.deepEqual(ids(peer), [3, 1]);
  });

  test("that take their time one after the other let the answers of the first leave", async () => {
    const clock = new ManualClock();
    const written: number[] = [];
    let peer: TestPeer | undefined;
    const handlers = {
      slow: () => {
        written.push(peer?.stream.writes.length ?? 0);
        clock.pass(1);
        return "done";
      },
    };
    await using server = await startServer({ handlers, clock });
    peer = openPeer(server);
    peer.send(Buffer.concat([0, 1, 2, 3].map((id) => textCall(id, "slow"))));
    await settled();
    assert.deepEqual(written, [0, 0, 1, 1]);
  });
});

describe("a call that nobody waits for any more", () => {
  test("does not run if its deadline passed while it waited in the queue", async () => {
    const clock = new ManualClock();
    const { hold, begun, release } = heldMethod();
    await using server = await startServer({ handlers: { hold }, numHandlers: 1, clock });
    const peer = openPeer(server);
    peer.send(
      textCall(0, "hold", ["first"]),
      textCall(1, "hold", ["late"], { timeoutMs: 500 }),
      textCall(2, "hold", ["patient"], { timeoutMs: 5000 }),
    );
    await settled();
    clock.pass(501);
    release();
    await settled();
    release();
    await settled();
    assert.deepEqual(begun, ["first", "patient"]);
    assert.deepEqual(ids(peer), [0, 2]);
  });

  test("has its signal aborted at its deadline while it runs, and is not answered", async () => {
    const clock = new ManualClock();
    let call: { signal: AbortSignal; deadline: number | undefined } | undefined;
    const held = gate();
    const handlers = {
      run: (given: unknown) => {
        call = given as typeof call;
        assert.equal(call?.signal.aborted, false);
        return held.opened;
      },
    };
    await using server = await startServer({ handlers, clock });
    const peer = openPeer(server);
    const began = clock.now();
    peer.send(textCall(0, "run", [], { timeoutMs: 500 }));
    await settled();
    assert.equal(call?.deadline, began + 500);
    clock.advance(400);
    assert.equal(call?.signal.aborted, false);
    clock.advance(300);
    assert.equal(call?.signal.aborted, true);
    held.open("too late");
    await settled();
    assert.deepEqual(peer.answers(), []);
  });

  test("is given up by a ping that names it, and no other is", async () => {
    const signals = new Map<string, AbortSignal>();
    const gates: Gate[] = [];
    const handlers = {
      run: (text: unknown, call: unknown) => {
        signals.set(String(text), (call as { signal: AbortSignal }).signal);
        const held = gate();
        gates.push(held);
        return held.opened;
      },
    };
    await using server = await startServer({ handlers });
    const peer = openPeer(server);
    peer.send(
      textCall(1, "run", ["one"]),
      textCall(2, "run", ["two"]),
      pingFrame({ cancel: 1 }),
      pingFrame({ cancel: 99 }),
    );
    await settled();
    assert.deepEqual([signals.get("one")?.aborted, signals.get("two")?.aborted], [true, false]);
    for (const held of gates) held.open("done");
    await settled();
    assert.deepEqual(ids(peer), [2]);
  });

  test("does not run if it is given up while it waits in the queue", async () => {
    const { hold, begun, release } = heldMethod();
    await using server = await startServer({ handlers: { hold }, numHandlers: 1 });
    const peer = openPeer(server);
    peer.send(textCall(0, "hold", ["first"]), textCall(1, "hold", ["given up"]), pingFrame({ cancel: 1 }));
    await settled();
    release();
    await settled();
    assert.deepEqual(begun, ["first"]);
  });

  test("has its signal aborted when its client leaves, by an end or by a reset", async () => {
    const signals: AbortSignal[] = [];
    const gates: Gate[] = [];
    const handlers = {
      run: (call: unknown) => {
        signals.push((call as { signal: AbortSignal }).signal);
        const held = gate();
        gates.push(held);
        return held.opened;
      },
    };
    await using server = await startServer({ handlers });
    const [ends, resets] = [openPeer(server), openPeer(server)];
    for (const peer of [ends, resets]) peer.send(textCall(0, "run"));
    await settled();
    ends.stream.finish();
    resets.stream.reset();
    await settled();
    assert.deepEqual(
      signals.map(({ aborted }) => aborted),
      [true, true],
    );
    for (const held of gates) held.open("late");
    await settled();
    assert.equal(ends.stream.received.length + resets.stream.received.length, 0);
    assert.equal(server.connectionCount, 0);
  });
});

describe("a peer that does not read its answers", () => {
  test("is not read beyond the bound, and is read again when it has caught up", async () => {
    const settings = { "hrpcd.server.response.backlog.max": 100_000, "hrpcd.server.frames.per.turn": 5 };
    let served = 0;
    const handlers = {
      big: () => {
        served++;
        return "x".repeat(10_000);
      },
    };
    await using server = await startServer({ handlers, settings });
    const peer = openPeer(server);
    peer.stream.stalled = true;
    peer.send(Buffer.concat(Array.from({ length: 100 }, (_, id) => textCall(id, "big"))));
    await settled();
    assert.equal(peer.stream.paused, true);
    assert.ok(served < 20, `${served} calls were served`);
    while (served < 100) {
      peer.stream.drain();
      peer.stream.stalled = true;
      await settled();
    }
    peer.stream.drain();
    await settled();
    assert.deepEqual(ids(peer), [...Array(100).keys()]);
    assert.equal(peer.stream.paused, false);
  });

  test("has the calls that were read already held back, and run in their order when it has caught up", async () => {
    let served = 0;
    const handlers = {
      big: () => {
        served++;
        return "x".repeat(10_000);
      },
    };
    await using server = await startServer({ handlers, settings: { "hrpcd.server.response.backlog.max": 100_000 } });
    const peer = openPeer(server);
    peer.stream.stalled = true;
    peer.send(Buffer.concat(Array.from({ length: 100 }, (_, id) => textCall(id, "big"))));
    await settled();
    assert.ok(served < 20, `${served} calls of one turn were served`);
    while (served < 100) {
      peer.stream.drain();
      peer.stream.stalled = true;
      await settled();
    }
    peer.stream.drain();
    await settled();
    assert.deepEqual(ids(peer), [...Array(100).keys()]);
  });

  test("costs its neighbours nothing", async () => {
    await using server = await startServer({ settings: { "hrpcd.server.response.backlog.max": 20_000 } });
    const [slow, quick] = [openPeer(server), openPeer(server)];
    slow.stream.stalled = true;
    for (let id = 0; id < 10; id++) slow.send(textCall(id, "echo", ["x".repeat(10_000)]));
    await settled();
    assert.equal(slow.stream.paused, true);
    quick.send(textCall(0, "echo", ["hi"]));
    await settled();
    assert.deepEqual(quick.texts(), ["hi"]);
    slow.stream.drain();
  });

  test("over a real socket, costs the server no more than the bound and what the kernel holds, and loses nothing", async () => {
    let served = 0;
    const handlers = {
      big: () => {
        served++;
        return "x".repeat(100_000);
      },
    };
    await using server = await startServer({
      handlers,
      settings: { "hrpcd.server.response.backlog.max": 1_000_000, "hrpcd.server.frames.per.turn": 1 },
    });
    await using client = await RawClient.connect(server.port);
    client.pause();
    client.send(opening(TEXT_PROTOCOL), Buffer.concat(Array.from({ length: 400 }, (_, id) => textCall(id, "big"))));
    for (let before = -1; before !== served || served === 0; await new Promise((resolve) => setTimeout(resolve, 50)))
      before = served;
    assert.ok(served < 400, `${served} of 400 calls were served for a peer that reads nothing`);
    client.resume();
    const answers = answersOf(await client.frames(400));
    assert.deepEqual(
      answers.map(({ callId }) => callId),
      [...Array(400).keys()],
    );
  });
});
