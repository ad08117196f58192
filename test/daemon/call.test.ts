import assert from "node:assert/strict";
import { test } from "node:test";
import { RpcError } from "../../protocol/rpc-error.js";
import { fakeCall, fakeConnection } from "../helpers/fake-call.js";

test("a call tells its handler whom it is for and what", () => {
  const { connection } = fakeConnection();
  connection.user = { name: "alice", authMethod: "SIMPLE" };
  const call = fakeCall({ id: 5, connection });
  assert.deepEqual(call.user, { name: "alice", authMethod: "SIMPLE" });
  assert.equal(call.remoteAddress, "192.0.2.1");
  assert.equal(call.remotePort, connection.remotePort);
  assert.equal(call.serviceClass, 0);
  connection.serviceClass = -128;
  assert.equal(call.serviceClass, -128);
  assert.deepEqual([call.protocolName, call.protocolVersion, call.methodName], ["test.Fake", 1, "run"]);
});

test("cancelling aborts the signal with a reason, once, and takes the call off its connection", () => {
  const { connection } = fakeConnection();
  const call = fakeCall({ connection });
  const { signal } = call;
  assert.equal(connection.callCount, 1);
  call.cancel("because");
  call.cancel("again");
  assert.equal(signal.aborted, true);
  assert.ok(signal.reason instanceof RpcError);
  assert.equal(signal.reason.code, "CALL_CANCELLED");
  assert.equal(signal.reason.message, "because");
  assert.equal(connection.callCount, 0);
});

test("a signal that is first asked for when the call is over is aborted", () => {
  const answered = fakeCall();
  answered.finish();
  assert.equal(answered.signal.aborted, true);
  const cancelled = fakeCall();
  cancelled.cancel("gone");
  assert.equal(cancelled.signal.aborted, true);
});

test("an answered call is not cancelled any more, and its signal stays quiet", () => {
  const call = fakeCall();
  const { signal } = call;
  call.finish();
  call.cancel("too late");
  assert.equal(signal.aborted, false);
});

test("the deadline aborts the signal, and costs nothing while nobody has asked for the signal", () => {
  const { connection, clock } = fakeConnection();
  const watched = fakeCall({ id: 1, connection });
  const unwatched = fakeCall({ id: 2, connection });
  watched.deadline = unwatched.deadline = clock.now() + 500;
  assert.equal(clock.size, 0);
  const { signal } = watched;
  assert.equal(clock.size, 1);
  clock.advance(400);
  assert.equal(signal.aborted, false);
  clock.advance(300);
  assert.equal(signal.aborted, true);
  assert.equal(unwatched.settled, false);
});

test("a call that is over leaves no deadline behind", () => {
  const { connection, clock } = fakeConnection();
  const call = fakeCall({ connection });
  call.deadline = clock.now() + 500;
  assert.equal(call.signal.aborted, false);
  call.finish();
  clock.advance(1000);
  assert.equal(call.signal.aborted, false);
  assert.equal(clock.size, 0);
});

test("what a method says of its locks adds up, and what is no time is refused", () => {
  const call = fakeCall();
  assert.equal(call.locks, undefined);
  call.addLockTime("shared", 1.5);
  call.addLockTime("shared", 2);
  call.addLockTime("wait", 0);
  assert.deepEqual(call.locks, { wait: 0, shared: 3.5, exclusive: 0 });
  for (const ms of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => call.addLockTime("exclusive", ms), { code: "BAD_ARGUMENT" });
  }
});
