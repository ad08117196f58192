/** Deadlines and abort signals: a call that its caller gives up. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { answer, callsOf, framesOf } from "../helpers/answers.js";
import { hex } from "../helpers/byte-builder.js";
import { createTestClient, endOfTurn, failureOf, sharingEngine } from "../helpers/test-client.js";

/** A ping that cancels call 0, with the client id of the vectors: field 1001 holds a sint32. */
const CANCEL_0 = hex("0000001e 1d 0802 1000 1807 2210000102030405060708090a0b0c0d0e0f 2801 c83e 00");

test("a call without an answer fails at its deadline, not before, and the server is told", async () => {
  const { network, timers, echo } = createTestClient();
  let settled = false;
  const call = failureOf(echo.echo("a", { timeoutMs: 500 })).finally(() => {
    settled = true;
  });
  const stream = network.open();
  timers.advance(499);
  await endOfTurn();
  assert.equal(settled, false);
  timers.advance(32);
  const error = await call;
  assert.deepEqual([error.code, error.outcome, error.retriable], ["CALL_TIMED_OUT", "maybe-executed", false]);
  assert.match(error.message, /no answer within 500 ms/);
  await endOfTurn();
  assert.deepEqual(stream.writes[1], CANCEL_0);
});

test("a call without a timeout of its own has that of the settings, and none if the setting says so", async () => {
  const { network, timers, echo } = createTestClient({ "ipc.client.rpc-timeout.ms": 1000 });
  const call = failureOf(echo.echo("a"));
  network.open();
  timers.advance(1032);
  assert.equal((await call).code, "CALL_TIMED_OUT");

  const without = createTestClient({ "ipc.client.rpc-timeout.ms": 0 });
  const patient = without.echo.echo("a");
  without.network.open();
  without.timers.advance(100_000_000);
  without.network.stream().events.received(answer(0, "at last"));
  assert.equal(await patient, "at last");
});

test("the answer to a call that was given up is no fault, but only once", async () => {
  const { network, timers, echo } = createTestClient();
  const given = failureOf(echo.echo("a", { timeoutMs: 100 }));
  const stream = network.open();
  timers.advance(200);
  await given;
  const next = echo.echo("b");
  await endOfTurn();
  stream.events.received(Buffer.concat([answer(0, "late"), answer(1, "B")]));
  assert.equal(await next, "B");
  const last = failureOf(echo.echo("c"));
  await endOfTurn();
  stream.events.received(answer(0, "late again"));
  assert.equal((await last).code, "BAD_REPLY");
  assert.equal(stream.destroyed, true);
});

test("a call that times out while connecting was not sent, and is left out of what is sent", async () => {
  const { network, timers, echo } = createTestClient();
  const first = failureOf(echo.echo("first", { timeoutMs: 50 }));
  const { sessions } = sharingEngine;
  const second = echo.echo("second");
  timers.advance(100);
  const error = await first;
  assert.deepEqual([error.code, error.outcome, error.retriable], ["CALL_TIMED_OUT", "not-sent", true]);
  const stream = network.open();
  assert.deepEqual(
    callsOf(stream.written).map((call) => call.header.callId),
    [1],
  );
  assert.equal(stream.writes.length, 1);
  // What an engine remembers of a request that never left must go with it.
  assert.equal(sharingEngine.sessions, sessions + 1);
  stream.events.received(answer(1, "2"));
  assert.equal(await second, "2");
});

test("a signal that was aborted before the call rejects it, and nothing is connected", async () => {
  const { network, echo } = createTestClient();
  const reason = new Error("changed my mind");
  const error = await failureOf(echo.echo("a", { signal: AbortSignal.abort(reason) }));
  assert.deepEqual([error.code, error.outcome, error.cause], ["CALL_CANCELLED", "not-sent", reason]);
  assert.equal(network.streams.length, 0);
});

test("a signal aborted while connecting rejects the call, which is never sent", async () => {
  const { network, echo } = createTestClient();
  const controller = new AbortController();
  const call = failureOf(echo.echo("a", { signal: controller.signal }));
  controller.abort();
  const error = await call;
  assert.deepEqual([error.code, error.outcome], ["CALL_CANCELLED", "not-sent"]);
  assert.deepEqual(callsOf(network.open().written), []);
});

test("a signal aborted after sending rejects the call and tells the server which one", async () => {
  const { network, echo } = createTestClient();
  const controller = new AbortController();
  const call = failureOf(echo.echo("a", { signal: controller.signal }));
  const other = echo.echo("b");
  const stream = network.open();
  controller.abort("enough");
  const error = await call;
  assert.deepEqual([error.code, error.outcome, error.cause], ["CALL_CANCELLED", "maybe-executed", "enough"]);
  await endOfTurn();
  assert.deepEqual(stream.writes.slice(1), [CANCEL_0]);
  stream.events.received(Buffer.concat([answer(0, "late"), answer(1, "B")]));
  assert.equal(await other, "B");
});

test("a call that waits behind a full stream leaves before the ping that cancels it", async () => {
  const { network, echo } = createTestClient();
  const controller = new AbortController();
  const first = echo.echo("a");
  const stream = network.stream();
  stream.takesMore = false;
  network.open();
  const call = failureOf(echo.echo("b", { signal: controller.signal }));
  controller.abort();
  assert.equal((await call).outcome, "maybe-executed");
  stream.events.drained();
  assert.deepEqual(
    framesOf(stream.writes[1] ?? Buffer.alloc(0)).map((frame) => frame.header.callId),
    [1, -4],
  );
  stream.events.received(answer(0, "A"));
  assert.equal(await first, "A");
});

test("one signal serves many calls, without a warning, and holds none of them afterwards", async () => {
  const { network, echo } = createTestClient();
  const controller = new AbortController();
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => warnings.push(warning);
  process.on("warning", onWarning);
  const answered = Array.from({ length: 20 }, () => echo.echo("a", { signal: controller.signal }));
  const aborted = Array.from({ length: 20 }, () => failureOf(echo.echo("b", { signal: controller.signal })));
  const stream = network.open();
  for (let callId = 0; callId < 20; callId++) stream.events.received(answer(callId, "A"));
  await Promise.all(answered);
  controller.abort();
  for (const error of await Promise.all(aborted)) assert.equal(error.code, "CALL_CANCELLED");
  await endOfTurn();
  process.off("warning", onWarning);
  assert.deepEqual(warnings, []);
});

test("calls that share a signal are released in any order", async () => {
  const { network, echo } = createTestClient();
  const controller = new AbortController();
  const { signal } = controller;
  const [first, aborted, last] = [echo.echo("a", { signal }), echo.echo("b", { signal }), echo.echo("c", { signal })];
  const stream = network.open();
  stream.events.received(answer(0, "A"));
  stream.events.received(answer(2, "C"));
  assert.deepEqual(await Promise.all([first, last]), ["A", "C"]);
  controller.abort();
  assert.equal((await failureOf(aborted)).code, "CALL_CANCELLED");
});

test("an answer before the deadline releases deadline and signal", async () => {
  const { network, timers, echo } = createTestClient();
  const { signal } = new AbortController();
  const removed: string[] = [];
  const remove = signal.removeEventListener.bind(signal);
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    removed.push(args[0]);
    remove(...args);
  };
  const call = echo.echo("a", { signal, timeoutMs: 1000 });
  network.open().events.received(answer(0, "A"));
  assert.equal(await call, "A");
  assert.deepEqual(removed, ["abort"]);
  timers.advance(50);
  // Only the idle timer of the connection is left.
  assert.equal(timers.size, 1);
});

test("a one-way call can be given up while connecting", async () => {
  const { network, timers, echo } = createTestClient();
  const call = failureOf(echo.notify("a", { timeoutMs: 20 }));
  timers.advance(100);
  assert.equal((await call).outcome, "not-sent");
  assert.deepEqual(callsOf(network.open().written), []);
});

test("more calls given up than may be remembered: late answers are still no fault", async () => {
  const { network, echo } = createTestClient({ "hrpcd.client.calls.max": 2 });
  const stream = network;
  for (let i = 0; i < 5; i++) {
    const controller = new AbortController();
    const call = failureOf(echo.echo("a", { signal: controller.signal }));
    if (i === 0) stream.open();
    await endOfTurn();
    controller.abort();
    await call;
  }
  const last = echo.echo("b");
  await endOfTurn();
  for (let callId = 0; callId < 6; callId++) stream.stream().events.received(answer(callId, "late"));
  assert.equal(await last, "late");
  assert.equal(stream.stream().destroyed, false);
});
