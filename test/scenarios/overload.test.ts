/** More calls than a server can run: who is served first, who is refused, and with which answer. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createClient } from "../../client/index.js";
import { createSettings, type SettingValues } from "../../conf/index.js";
import type { Call } from "../../daemon/call.js";
import { implement } from "../../daemon/index.js";
import { avro } from "../../protocol/index.js";
import { RemoteError } from "../../protocol/rpc-error.js";
import { ManualClock } from "../helpers/manual-clock.js";
import { textCall } from "../helpers/requests.js";
import { gate, openPeer, settled, startServer, type TestPeer } from "../helpers/test-server.js";

/** One handler, and room for four calls. */
const SMALL = { "hrpcd.handlers": 1, "ipc.server.handler.queue.size": 4 };
const FAIR = { "ipc.0.callqueue.impl": "org.apache.hadoop.ipc.FairCallQueue" };
const BACKOFF = { "ipc.backoff.enable": true };

/** A server whose method `hold` runs until the test ends it. */
async function heldServer(settings: SettingValues, oneWay: readonly string[] = []) {
  const held = gate();
  const ran: string[] = [];
  const handlers = {
    hold: (text: unknown) => held.opened.then(() => ran.push(String(text)) && `${text}`),
    note: (text: unknown) => void ran.push(String(text)),
    echo: (text: unknown) => text,
  };
  return { server: await startServer({ handlers, settings, oneWay }), held, ran };
}

/** Sends so many calls that their handler holds. */
function sendHeld(peer: TestPeer, first: number, count: number): void {
  const calls = Array.from({ length: count }, (_, i) => textCall(first + i, "hold", [String(first + i)]));
  peer.send(Buffer.concat(calls));
}

/** Answers as call id, status (0 success, 1 error, 2 fatal), code, class and message or text. */
function refusals(peer: TestPeer): (string | number | undefined)[][] {
  const answers = peer.answers();
  return answers.map(({ callId, status, errorDetail, exceptionClassName, errorMsg, text }) => [
    callId,
    status,
    errorDetail,
    exceptionClassName?.replace("org.apache.hadoop.ipc.", ""),
    errorMsg ?? text,
  ]);
}

describe("a full queue with back-off", () => {
  test("refuses calls of a level that is not the lowest, and keeps their connection", async () => {
    const { server, held } = await heldServer({ ...SMALL, ...FAIR, ...BACKOFF });
    await using _ = server;
    const peer = openPeer(server);
    sendHeld(peer, 0, 7);
    await settled();
    assert.deepEqual(refusals(peer), [
      [5, 1, 4, "RetriableException", "Server too busy"],
      [6, 1, 4, "RetriableException", "Server too busy"],
    ]);
    held.open("");
    await settled();
    const answered = refusals(peer).map(([callId, status]) => [callId, status]);
    assert.deepEqual(
      answered.toSorted(),
      [0, 1, 2, 3, 4].map((id) => [id, 0]),
    );
    peer.send(textCall(9, "echo", ["again"]));
    await settled();
    assert.deepEqual(peer.texts(), ["again"]);
  });

  test("without levels disconnects whom it refuses, and nobody else; what that one had waiting is not run", async () => {
    const { server, held, ran } = await heldServer({ ...SMALL, ...BACKOFF });
    await using _ = server;
    const [greedy, polite] = [openPeer(server), openPeer(server)];
    sendHeld(polite, 0, 2);
    sendHeld(greedy, 10, 5);
    await settled();
    assert.deepEqual(refusals(greedy), [[13, 2, 4, "RetriableException", "Server too busy - disconnecting"]]);
    assert.equal(greedy.stream.destroyed || greedy.stream.ended, true);
    held.open("");
    await settled();
    assert.deepEqual(ran, ["0", "1"]);
    assert.deepEqual(
      refusals(polite).map(([callId, status]) => [callId, status]),
      [
        [0, 0],
        [1, 0],
      ],
    );
  });

  test("with failover sends callers to another server", async () => {
    const failover = { "ipc.callqueue.overflow.trigger.failover": true };
    const { server, held } = await heldServer({ ...SMALL, ...FAIR, ...BACKOFF, ...failover });
    await using _ = server;
    const peer = openPeer(server);
    sendHeld(peer, 0, 6);
    await settled();
    assert.deepEqual(refusals(peer), [[5, 2, 4, "StandbyException", "Server too busy - disconnect and failover"]]);
    held.open("");
  });

  test("says nothing of a one-way call that it lets fall, and closes where the answer would have", async () => {
    for (const [settings, ends] of [
      [{ ...FAIR }, false],
      [{}, true],
    ] as const) {
      const { server, held, ran } = await heldServer({ ...SMALL, ...BACKOFF, ...settings }, ["note"]);
      await using _ = server;
      const [busy, noting] = [openPeer(server), openPeer(server)];
      sendHeld(busy, 0, 5);
      noting.send(textCall(7, "note", ["lost"]));
      await settled();
      assert.equal(noting.stream.destroyed || noting.stream.ended, ends);
      if (!ends) assert.deepEqual(noting.answers(), []);
      held.open("");
      await settled();
      assert.deepEqual(ran.toSorted(), ["0", "1", "2", "3", "4"]);
    }
  });

  test("is told to a client of ours as something that may be tried again", async () => {
    const held = gate();
    const Slow = avro({ protocol: "Slow", version: 1, messages: { hold: { request: [], response: "string" } } });
    const service = implement(Slow, { hold: () => held.opened });
    await using server = await startServer({ services: [service], settings: { ...SMALL, ...FAIR, ...BACKOFF } });
    await using client = createClient();
    const slow = client.getProxy(Slow, `127.0.0.1:${server.port}`);
    const calls = Array.from({ length: 6 }, () => slow.hold());
    const outcome = await Promise.race(calls.map((call) => call.catch((error: unknown) => error)));
    assert.ok(outcome instanceof RemoteError);
    assert.deepEqual([outcome.message, outcome.retriable, outcome.outcome], ["Server too busy", true, "refused"]);
    held.open("done");
    assert.equal((await Promise.allSettled(calls)).filter(({ status }) => status === "fulfilled").length, 5);
  });
});

/** A server on a clock of the test, whose method `level` answers with the level of its call. */
async function levelServer(settings: SettingValues, handlers = {}) {
  const clock = new ManualClock();
  const level = (...args: unknown[]) => String((args.at(-1) as Call).priorityLevel);
  const server = await startServer({ clock, settings, handlers: { level, ...handlers } });
  return { server, clock };
}

async function levelsOf(...peers: readonly TestPeer[]): Promise<(string | undefined)[]> {
  for (const peer of peers) peer.send(textCall(0, "level"));
  await settled();
  return peers.map((peer) => peer.texts().at(-1));
}

describe("levels", () => {
  test("who calls most has the lowest level from the next decay on, and a new user the highest", async () => {
    const { server, clock } = await levelServer(FAIR);
    await using _ = server;
    const [greedy, polite] = [openPeer(server, "greedy"), openPeer(server, "polite")];
    for (let id = 1; id < 20; id++) greedy.send(textCall(id, "level"));
    await levelsOf(polite);
    clock.advance(5000);
    assert.deepEqual(await levelsOf(greedy, polite, openPeer(server, "new")), ["3", "0", "0"]);
  });

  test("calls of a higher level that wait are run before more that came earlier", async () => {
    const order: string[] = [];
    const first = gate();
    const { server, clock } = await levelServer(
      { ...FAIR, "hrpcd.handlers": 1 },
      {
        wait: () => first.opened,
        note: (text: unknown) => {
          order.push(String(text));
          return text;
        },
      },
    );
    await using _ = server;
    const [greedy, polite] = [openPeer(server, "greedy"), openPeer(server, "polite")];
    for (let id = 1; id < 20; id++) greedy.send(textCall(id, "level"));
    await levelsOf(polite);
    clock.advance(5000);
    greedy.send(textCall(100, "wait"));
    for (let id = 0; id < 4; id++) greedy.send(textCall(id, "note", [`greedy ${id}`]));
    for (let id = 0; id < 4; id++) polite.send(textCall(id, "note", [`polite ${id}`]));
    await settled();
    first.open("");
    await settled();
    assert.deepEqual(order.slice(0, 4), ["polite 0", "polite 1", "polite 2", "polite 3"]);
    assert.equal(order.length, 8);
  });

  test("with time as the cost, who holds locks has a lower level than who calls more often", async () => {
    const lock = (...args: unknown[]) => {
      (args.at(-1) as Call).addLockTime("exclusive", 100);
      return "";
    };
    const { server, clock } = await levelServer({ ...FAIR, "ipc.cost-provider.impl": "weighted-time" }, { lock });
    await using _ = server;
    const [holder, caller] = [openPeer(server, "holder"), openPeer(server, "caller")];
    holder.send(textCall(0, "lock"));
    for (let id = 1; id < 100; id++) caller.send(textCall(id, "level"));
    await settled();
    clock.advance(5000);
    assert.deepEqual(await levelsOf(holder, caller), ["3", "0"]);
  });

  test("calls are refused while the answers of their level take too long, and taken again when they do not", async () => {
    const slow = () => {
      clock.pass(3000);
      return "";
    };
    const { server, clock } = await levelServer(
      {
        ...BACKOFF,
        "ipc.0.scheduler.impl": "org.apache.hadoop.ipc.DecayRpcScheduler",
        "ipc.0.scheduler.priority.levels": 1,
        "ipc.0.decay-scheduler.backoff.responsetime.enable": true,
        "ipc.0.decay-scheduler.backoff.responsetime.thresholds": "2s",
      },
      { slow: () => slow() },
    );
    await using _ = server;
    const peer = openPeer(server);
    peer.send(textCall(0, "slow"));
    await settled();
    clock.advance(5000);
    peer.send(textCall(1, "level"));
    await settled();
    assert.deepEqual(refusals(peer).at(-1), [1, 2, 4, "RetriableException", "Server too busy - disconnecting"]);
    clock.advance(10_000);
    assert.deepEqual(await levelsOf(openPeer(server)), ["0"]);
  });

  test("are those of the new scheduler when the queue is refreshed, whatever the new settings say of port and handlers", async () => {
    const { server, clock } = await levelServer({ "hrpcd.handlers": 2 });
    await using _ = server;
    const [greedy, polite] = [openPeer(server, "greedy"), openPeer(server, "polite")];
    const callMany = async (): Promise<void> => {
      for (let id = 1; id < 20; id++) greedy.send(textCall(id, "level"));
      await levelsOf(polite);
      clock.advance(5000);
    };
    await callMany();
    assert.deepEqual(await levelsOf(greedy, polite), ["0", "0"]);
    server.refreshCallQueue(createSettings({ ...FAIR, ...BACKOFF, "hrpcd.port": 9000, "hrpcd.handlers": 7 }));
    const { queue, queueClass, backoff } = server.callQueue;
    assert.deepEqual([queue.capacity, queueClass, backoff], [200, FAIR["ipc.0.callqueue.impl"], true]);
    await callMany();
    assert.deepEqual(await levelsOf(greedy, polite), ["3", "0"]);
    assert.throws(() => server.refreshCallQueue(createSettings({ ...FAIR, "ipc.server.handler.queue.size": 1 })), {
      code: "BAD_SETTING",
    });
    assert.equal(server.callQueue.queue, queue);
  });
});
