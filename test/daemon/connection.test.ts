import assert from "node:assert/strict";
import { test } from "node:test";
import { PAUSE } from "../../daemon/connection.js";
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
