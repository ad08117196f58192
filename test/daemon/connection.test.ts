import assert from "node:assert/strict";
import { test } from "node:test";
import { PAUSE } from "../../daemon/connection.js";
import { RequestMemory } from "../../daemon/request-memory.js";
import { fakeCall, fakeConnection } from "../helpers/fake-call.js";
import { settled } from "../helpers/test-server.js";

test("a state that the drawing does not show is refused", () => {
  const { connection } = fakeConnection();
  assert.throws(() => connection.enter({ kind: "context" }), /cannot go from open to context/);
  assert.throws(() => connection.enter({ kind: "preamble" }), /cannot go from open to preamble/);
  connection.destroy("");
  assert.throws(() => connection.enter({ kind: "open", protocol: "" }), /cannot go from closed to open/);
});

test("a connection that is paused for several reasons flows when the last one is gone", () => {
  const { connection, stream } = fakeConnection();
  connection.pause(PAUSE.queue);
  connection.pause(PAUSE.backlog);
  connection.pause(PAUSE.queue);
  connection.unpause(PAUSE.queue);
  assert.equal(stream.paused, true);
  connection.unpause(PAUSE.turn);
  assert.equal(stream.paused, true);
  connection.unpause(PAUSE.backlog);
  assert.equal(stream.paused, false);
});

test("a call that is cancelled by its id is that call and no other", () => {
  const { connection } = fakeConnection();
  const calls = [1, 2, 3].map((id) => fakeCall({ id, connection }));
  connection.cancelCall(2);
  connection.cancelCall(99);
  assert.deepEqual(
    calls.map((call) => call.settled),
    [false, true, false],
  );
  assert.equal(connection.callCount, 2);
});

test("calls are found by their ids after the first cancellation too, also those that came later", () => {
  const { connection } = fakeConnection();
  const early = [1, 2].map((id) => fakeCall({ id, connection }));
  connection.cancelCall(1);
  const late = [3, 2].map((id) => fakeCall({ id, connection }));
  connection.cancelCall(3);
  connection.cancelCall(2);
  assert.deepEqual(
    [...early, ...late].map(({ settled }) => settled),
    [true, false, true, true],
    "of two with one id, the latest",
  );
  early[1]?.finish();
  const again = fakeCall({ id: 1, connection });
  connection.cancelCall(1);
  assert.equal(again.settled, true);
  assert.equal(connection.callCount, 0);
});

test("a cancellation costs the same however many calls are in flight", () => {
  const { connection } = fakeConnection();
  const calls = Array.from({ length: 200 }, (_, id) => fakeCall({ id, connection }));
  connection.cancelCall(0);
  // Whoever walks along the calls asks for their ids.
  for (const call of calls.slice(2)) Object.defineProperty(call, "id", { get: () => assert.fail("walked") });
  connection.cancelCall(1);
  assert.equal(calls[1]?.settled, true);
});

test("what the decoder holds is counted until the connection ends, and calls until they run or are over", () => {
  const memory = new RequestMemory(1000);
  const { connection } = fakeConnection(undefined, memory);
  connection.decoder.push(Buffer.alloc(100));
  connection.countReceived();
  const calls = [fakeCall({ id: 1, connection }), fakeCall({ id: 2, connection }), fakeCall({ id: 3, connection })];
  for (const call of calls) call.holdBytes(10);
  assert.deepEqual([memory.used, connection.requestBytes], [130, 130]);
  calls[0]?.releaseBytes();
  calls[0]?.finish();
  calls[1]?.cancel("gave up");
  assert.equal(memory.used, 110);
  connection.destroy("");
  assert.deepEqual([memory.used, connection.requestBytes], [0, 0]);
});

test("a call that was cancelled has let go of its body, and still has its name", () => {
  const call = fakeCall({ args: ["hi"] });
  call.cancel("gave up");
  assert.deepEqual([call.protocolName, call.methodName], ["test.Fake", "run"]);
  assert.throws(() => call.request.readArguments(), { code: "CALL_CANCELLED" });
});

test("calls in flight are counted for their user", () => {
  const { connection } = fakeConnection();
  connection.account = { name: "king", connections: 1, calls: 0 };
  const calls = [1, 2, 3].map((id) => fakeCall({ id, connection }));
  assert.equal(connection.account.calls, 3);
  calls[0]?.finish();
  assert.equal(connection.account.calls, 2);
  connection.destroy("");
  assert.equal(connection.account.calls, 0);
});

test("calls leave the list of a connection in any order", () => {
  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
    [1, 0, 2],
    [1, 2, 0],
  ]) {
    const { connection } = fakeConnection();
    const calls = [0, 1, 2].map((id) => fakeCall({ id, connection }));
    for (const index of order) calls[index]?.finish();
    assert.equal(connection.callCount, 0);
    connection.destroy("");
  }
});

test("destroying cancels every call and closes the stream, once", async () => {
  const { connection, stream, clock } = fakeConnection();
  const signals = [1, 2].map((id) => fakeCall({ id, connection }).signal);
  connection.destroy("");
  connection.destroy("again");
  assert.deepEqual(
    signals.map((signal) => signal.aborted),
    [true, true],
  );
  assert.equal(stream.destroyed, true);
  assert.equal(connection.over, true);
  await settled();
  assert.equal(clock.size, 0);
});

test("a refused peer gets its answer, and a second to take it from the moment of the refusal", () => {
  const { connection, stream, clock } = fakeConnection();
  stream.stalled = true;
  clock.pass(60_000);
  connection.decoder.push(Buffer.alloc(100));
  const { signal } = fakeCall({ connection });
  connection.refuse("you are not welcome", Buffer.from("no"));
  connection.refuse("twice", Buffer.from("no"));
  assert.equal(stream.received.toString(), "no");
  assert.equal(connection.decoder.buffered, 0, "what it sent is let go of");
  assert.equal(stream.ended, true);
  assert.equal(signal.aborted, true);
  clock.advance(900);
  assert.equal(stream.destroyed, false);
  clock.advance(200);
  assert.equal(stream.destroyed, true);
  assert.equal(connection.closeReason, "you are not welcome");
});

test("the reason of a refusal is kept when the peer closes", () => {
  const { connection } = fakeConnection();
  connection.refuse("too much", Buffer.alloc(0));
  connection.destroy("");
  assert.equal(connection.closeReason, "too much");
});

test("an end waits for what was written, and is at once if nothing was", () => {
  const idle = fakeConnection();
  idle.connection.end("stop");
  assert.equal(idle.stream.destroyed, true);
  const busy = fakeConnection();
  busy.stream.stalled = true;
  busy.stream.write(Buffer.from("answer"));
  busy.clock.pass(60_000);
  busy.connection.end("stop");
  busy.clock.advance(500);
  assert.equal(busy.stream.destroyed, false);
  busy.stream.drain();
  assert.equal(busy.stream.destroyed, true);
});

test("client ids are copied out of the frame, and calls of one client share the copy", () => {
  const { connection } = fakeConnection();
  const frame = Buffer.from("0123456789abcdef");
  const kept = connection.keepClientId(frame);
  assert.equal(connection.clientId, kept);
  assert.equal(connection.keepClientId(connection.clientId), kept);
  const before = kept.toString();
  frame.fill(0);
  assert.equal(kept.toString(), before);
  assert.notEqual(connection.keepClientId(Buffer.from("another")), kept);
});
