/** Getting a connection, keeping it and letting it go. */
import assert from "node:assert/strict";
import { hostname } from "node:os";
import { test } from "node:test";
import { answer, callsOf, framesOf } from "../helpers/answers.js";
import { hex } from "../helpers/byte-builder.js";
import { createTestClient, endOfTurn, failureOf } from "../helpers/test-client.js";

const PING = hex("0000001b1a0802100018072210000102030405060708090a0b0c0d0e0f2801");

function refused(): Error {
  return Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:7788"), { code: "ECONNREFUSED" });
}

test("after a refused attempt the client pauses and tries again, and gives up after the retries of the setting", async () => {
  const { network, timers, echo } = createTestClient({
    "ipc.client.connect.max.retries": 2,
    "ipc.client.connect.retry.interval": 700,
  });
  const call = failureOf(echo.echo("a"));
  const cause = refused();
  network.stream(0).events.closed(refused());
  timers.advance(699);
  assert.equal(network.streams.length, 1);
  timers.advance(1);
  network.stream(1).events.closed(refused());
  timers.advance(700);
  network.stream(2).events.closed(cause);
  const error = await call;
  assert.equal(network.streams.length, 3);
  assert.deepEqual(
    [error.code, error.outcome, error.retriable, error.cause],
    ["CONNECT_FAILED", "not-sent", true, cause],
  );
  assert.equal(
    error.message,
    `Call from ${hostname()} to server:7788 failed: connection refused: is the server running, and is this its RPC port? (3 attempts)`,
  );
});

test("a later attempt that succeeds carries the calls made meanwhile", async () => {
  const { network, timers, echo } = createTestClient();
  const first = echo.echo("a");
  network.stream().events.closed(refused());
  const second = echo.echo("b");
  timers.advance(1000);
  const stream = network.open(1);
  assert.equal(callsOf(stream.written).length, 2);
  stream.events.received(Buffer.concat([answer(0, "A"), answer(1, "B")]));
  assert.deepEqual(await Promise.all([first, second]), ["A", "B"]);
});

test("an attempt that takes too long is broken off and followed by the next at once, as often as the setting says", async () => {
  const { network, timers, echo } = createTestClient({
    "ipc.client.connect.timeout": 300,
    "ipc.client.connect.max.retries.on.timeouts": 1,
  });
  const call = failureOf(echo.echo("a"));
  timers.advance(299);
  assert.equal(network.stream().destroyed, false);
  timers.advance(1);
  assert.equal(network.stream().destroyed, true);
  assert.equal(network.streams.length, 2);
  network.stream().events.closed(undefined);
  timers.advance(300);
  const error = await call;
  assert.equal(network.streams.length, 2);
  assert.equal(error.code, "CONNECT_TIMED_OUT");
  assert.match(error.message, /no connection within 300 ms \(ipc\.client\.connect\.timeout\) \(2 attempts\)/);
});

test("a host that does not exist is not tried again", async () => {
  const { network, echo } = createTestClient();
  const call = failureOf(echo.echo("a"));
  network.stream().events.closed(Object.assign(new Error("getaddrinfo ENOTFOUND server"), { code: "ENOTFOUND" }));
  const error = await call;
  assert.equal(error.code, "CONNECT_FAILED");
  assert.match(error.message, /unknown host: check the name/);
});

test("a call that times out between attempts says why there was no connection", async () => {
  const { network, timers, echo } = createTestClient({ "ipc.client.connect.retry.interval": 5000 });
  const call = failureOf(echo.echo("a", { timeoutMs: 1000 }));
  network.stream().events.closed(refused());
  timers.advance(1100);
  const error = await call;
  assert.deepEqual([error.code, error.outcome], ["CALL_TIMED_OUT", "not-sent"]);
  assert.match(error.message, /there was no connection yet \(connection refused/);
});

test("when nobody waits any more, a failed attempt is the last", async () => {
  const { network, timers, echo } = createTestClient();
  const call = failureOf(echo.echo("a", { timeoutMs: 10 }));
  timers.advance(100);
  await call;
  network.stream().events.closed(refused());
  timers.advance(100_000);
  assert.equal(network.streams.length, 1);
  assert.equal(timers.size, 0);
});

test("closing the client ends the pause between two attempts, and an attempt that is under way", async () => {
  for (const failFirst of [true, false]) {
    const { client, network, timers, echo } = createTestClient();
    const call = failureOf(echo.echo("a"));
    if (failFirst) network.stream().events.closed(refused());
    const closing = client.close();
    assert.deepEqual([(await call).code, (await call).outcome], ["CLIENT_CLOSED", "not-sent"]);
    if (!failFirst) {
      assert.equal(network.stream().destroyed, true);
      network.stream().events.closed(undefined);
    }
    await closing;
    assert.equal(timers.size, 0);
  }
});

test("a connection without calls is closed after the idle time, counted from its last use", async () => {
  const { network, timers, echo } = createTestClient({ "ipc.client.connection.maxidletime": 1000 });
  const stream = network;
  for (let callId = 0; callId < 3; callId++) {
    const call = echo.echo("a");
    if (callId === 0) stream.open();
    await endOfTurn();
    stream.stream().events.received(answer(callId, "A"));
    await call;
    timers.advance(900);
    assert.equal(stream.stream().destroyed, false);
  }
  timers.advance(200);
  assert.equal(stream.stream().destroyed, true);
  const next = echo.echo("b");
  stream.stream().events.closed(undefined);
  assert.equal(network.streams.length, 2);
  network.open(1).events.received(answer(3, "B"));
  assert.equal(await next, "B");
});

test("a connection is not idle while a call waits", async () => {
  const { network, timers, echo } = createTestClient({ "ipc.client.connection.maxidletime": 1000 });
  const call = echo.echo("a");
  const stream = network.open();
  timers.advance(100_000);
  assert.equal(stream.destroyed, false);
  stream.events.received(answer(0, "A"));
  assert.equal(await call, "A");
});

test("a waiting client that hears nothing for the interval sends pings", async () => {
  const { network, timers, echo } = createTestClient({ "ipc.ping.interval": 5000 });
  const first = echo.echo("a");
  const second = echo.echo("b");
  const stream = network.open();
  timers.advance(4999);
  assert.equal(stream.writes.length, 1);
  timers.advance(1);
  assert.deepEqual(stream.writes.slice(1), [PING]);
  timers.advance(3000);
  stream.events.received(answer(0, "A"));
  timers.advance(4999);
  assert.equal(stream.writes.length, 2);
  timers.advance(1);
  assert.deepEqual(stream.writes.slice(1), [PING, PING]);
  stream.events.received(answer(1, "B"));
  assert.deepEqual(await Promise.all([first, second]), ["A", "B"]);
  timers.advance(9000);
  assert.equal(stream.writes.length, 3);
});

test("pings can be switched off", async () => {
  const { network, timers, echo } = createTestClient({ "ipc.client.ping": false, "ipc.ping.interval": 1000 });
  const call = failureOf(echo.echo("a"));
  const stream = network.open();
  timers.advance(60_000);
  assert.equal(stream.writes.length, 1);
  stream.events.closed(undefined);
  await call;
});

test("a stream is held while calls wait, and neither it nor a timer afterwards", async () => {
  const { network, timers, echo } = createTestClient();
  const call = echo.echo("a");
  const stream = network.stream();
  assert.equal(stream.held, true);
  assert.equal(timers.held, 0);
  network.open();
  assert.equal(stream.held, true);
  stream.events.received(answer(0, "A"));
  await call;
  timers.advance(20);
  assert.equal(stream.held, false);
  assert.equal(timers.held, 0);
  const next = echo.echo("b");
  await endOfTurn();
  assert.equal(stream.held, true);
  stream.events.received(answer(1, "B"));
  await next;
});

test("between attempts a timer is held while a call waits, because there is no stream to be held", async () => {
  const { network, timers, echo } = createTestClient();
  const call = failureOf(echo.echo("a", { timeoutMs: 500 }));
  network.stream().events.closed(refused());
  assert.equal(timers.held, 1);
  timers.advance(600);
  await call;
  assert.equal(timers.held, 0);
});

test("a connection that opens when nobody waits any more says who it is and idles", async () => {
  const { network, timers, echo } = createTestClient();
  const call = failureOf(echo.echo("a", { timeoutMs: 10 }));
  timers.advance(100);
  await call;
  const stream = network.open();
  assert.equal(stream.held, false);
  assert.deepEqual(
    framesOf(stream.written.subarray(7)).map((frame) => frame.header.callId),
    [-3],
  );
  const next = echo.echo("b");
  await endOfTurn();
  assert.equal(stream.held, true);
  stream.events.received(answer(1, "B"));
  assert.equal(await next, "B");
  timers.advance(10_100);
  assert.equal(stream.destroyed, true);
});
