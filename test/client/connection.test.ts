import assert from "node:assert/strict";
import { test } from "node:test";
import { RPC_KIND } from "../../protocol/definition.js";
import { answer, CLIENT_ID, callsOf, framesOf, testText } from "../helpers/answers.js";
import { hex } from "../helpers/byte-builder.js";
import { decodeHadoopDelimited } from "../helpers/hadoop-proto.js";
import { createTestClient, Echo, endOfTurn, failureOf, sharingEngine } from "../helpers/test-client.js";
import { createTestEngine, testProtocol } from "../helpers/test-engine.js";

test("preamble, context and the first calls leave in one write, byte for byte as Hadoop's client sends them", async () => {
  const engine = createTestEngine(RPC_KIND.protobuf);
  const Demo = testProtocol<{ echo(text: string): string }>(engine, "demo.Echo", { echo: 1 });
  const { client, network } = createTestClient();
  const call = client.getProxy(Demo, "server:7788").echo("hi");
  const stream = network.open();
  assert.equal(stream.writes.length, 1);
  const header = hex("68727063090000");
  const context = hex(
    "000000301a0802100018052210000102030405060708090a0b0c0d0e0f28011412070a05616c6963651a0964656d6f2e4563686f",
  );
  const firstCall = hex("00000023 1a 0802 1000 1800 2210000102030405060708090a0b0c0d0e0f 2800 04 6563686f 02 6869");
  assert.deepEqual(stream.writes[0], Buffer.concat([header, context, firstCall]));
  stream.events.received(answer(0, "hi"));
  assert.equal(await call, "hi");
});

test("a proxy user is named in the context with the user behind it", async () => {
  const { network, echo } = createTestClient({}, { realUser: "gateway" });
  const call = failureOf(echo.echo("hi"));
  const [context] = framesOf(network.open().written.subarray(7));
  assert.ok(context !== undefined);
  const { values } = decodeHadoopDelimited("IpcConnectionContextProto", context.body);
  assert.deepEqual(values, { userInfo: { effectiveUser: "alice", realUser: "gateway" }, protocol: "test.Echo" });
  network.stream().events.closed(undefined);
  await call;
});

test("calls of one turn leave in one write, and so do calls made by the continuations of one batch of answers", async () => {
  const { network, echo } = createTestClient();
  const chain = async (text: string) => echo.echo(await echo.echo(text));
  const calls = [chain("a"), chain("b"), chain("c")];
  const stream = network.open();
  assert.equal(stream.writes.length, 1);
  stream.events.received(Buffer.concat([answer(0, "A"), answer(1, "B"), answer(2, "C")]));
  await endOfTurn();
  assert.equal(stream.writes.length, 2);
  assert.deepEqual(
    framesOf(stream.writes[1] ?? Buffer.alloc(0)).map((frame) => frame.header.callId),
    [3, 4, 5],
  );
  stream.events.received(Buffer.concat([answer(3, "x"), answer(4, "y"), answer(5, "z")]));
  assert.deepEqual(await Promise.all(calls), ["x", "y", "z"]);
});

test("answers find their calls in any order and in any pieces", async () => {
  const { network, echo } = createTestClient();
  const calls = Promise.all([echo.echo("a"), echo.echo("b"), echo.join("c", "d")]);
  const stream = network.open();
  const answers = Buffer.concat([answer(2, "third"), answer(0, "first"), answer(1, "second")]);
  for (const byte of answers) stream.events.received(Buffer.of(byte));
  assert.deepEqual(await calls, ["first", "second", "third"]);
});

test("a call whose argument does not fit is rejected alone, and leaves no trace in what is sent", async () => {
  const { network, echo } = createTestClient();
  const first = echo.join("a", "b");
  const bad = failureOf(echo.join("fits", 42 as unknown as string));
  const last = echo.join("c", "d");
  const stream = network.open();
  assert.equal((await bad).code, "BAD_ARGUMENT");
  const calls = callsOf(stream.written);
  assert.deepEqual(
    calls.map((call) => call.header.callId),
    [0, 1],
  );
  assert.deepEqual(
    calls.map((call) => call.body),
    [
      Buffer.concat([testText("join"), testText("a"), testText("b")]),
      Buffer.concat([testText("join"), testText("c"), testText("d")]),
    ],
  );
  stream.events.received(Buffer.concat([answer(0, "ab"), answer(1, "cd")]));
  assert.deepEqual(await Promise.all([first, last]), ["ab", "cd"]);
});

test("while the stream asks to wait, calls gather and leave in one write when it takes more", async () => {
  const { network, echo } = createTestClient();
  const first = echo.echo("a");
  const stream = network.stream();
  stream.takesMore = false;
  network.open();
  const others = [echo.echo("b"), echo.echo("c")];
  await endOfTurn();
  assert.equal(stream.writes.length, 1);
  stream.takesMore = true;
  stream.events.drained();
  assert.deepEqual(
    stream.writes.slice(1).map((write) => framesOf(write).length),
    [2],
  );
  stream.events.received(Buffer.concat([answer(0, "A"), answer(1, "B"), answer(2, "C")]));
  assert.deepEqual(await Promise.all([first, ...others]), ["A", "B", "C"]);
});

test("large calls are written before their turn ends, in order", async () => {
  const { network, echo } = createTestClient();
  const first = failureOf(echo.echo("first"));
  const stream = network.open();
  const large = failureOf(echo.echo("x".repeat(70_000)));
  assert.equal(stream.writes.length, 2);
  assert.deepEqual(
    callsOf(stream.written).map((call) => call.header.callId),
    [0, 1],
  );
  stream.events.closed(undefined);
  await Promise.all([first, large]);
});

test("calls that wait for a connection are bounded by their bytes", async () => {
  const { network, echo } = createTestClient({ "hrpcd.client.backlog.max": 1000 });
  const large = echo.echo("x".repeat(1000));
  const error = await failureOf(echo.echo("y"));
  assert.equal(error.code, "TOO_MANY_CALLS");
  assert.equal(error.outcome, "not-sent");
  assert.match(error.message, /hrpcd\.client\.backlog\.max/);
  const stream = network.open();
  const next = failureOf(echo.echo("y"));
  stream.events.received(answer(0, "A"));
  assert.equal(await large, "A");
  stream.events.closed(undefined);
  assert.equal((await next).code, "CONNECTION_LOST");
});

test("a connection that carries as many calls as it may refuses one more, and takes it when one is answered", async () => {
  const { network, echo } = createTestClient({ "hrpcd.client.calls.max": 2 });
  const first = echo.echo("a");
  const second = failureOf(echo.echo("b"));
  const error = await failureOf(echo.echo("c"));
  assert.equal(error.code, "TOO_MANY_CALLS");
  assert.equal(error.outcome, "not-sent");
  assert.match(error.message, /hrpcd\.client\.calls\.max/);
  const stream = network.open();
  stream.events.received(answer(0, "A"));
  assert.equal(await first, "A");
  const next = echo.echo("d");
  await endOfTurn();
  stream.events.received(answer(2, "D"));
  assert.equal(await next, "D");
  stream.events.closed(undefined);
  await second;
});

test("protocols of the Avro kind share a connection; those of other kinds have one each", async () => {
  const { client, network, echo } = createTestClient();
  const Other = testProtocol<{ echo(text: string): string }>(sharingEngine, "test.Other", { echo: 1 });
  const calls = [echo.echo("a"), client.getProxy(Other, "SERVER:7788").echo("b")];
  assert.equal(network.streams.length, 1);
  const writableKind = createTestEngine(RPC_KIND.writable);
  for (const name of ["test.One", "test.Two", "test.One"]) {
    const protocol = testProtocol<{ echo(text: string): string }>(writableKind, name, { echo: 1 });
    calls.push(client.getProxy(protocol, "server:7788").echo("c"));
  }
  assert.equal(network.streams.length, 3);
  calls.push(client.getProxy(Echo, "other:7788").echo("d"));
  assert.equal(network.streams.length, 4);
  const settled = Promise.allSettled(calls);
  void client.close();
  for (const stream of network.streams) stream.events.closed(undefined);
  await settled;
});

test("when a connection is lost, calls that were sent may have run and calls that were not sent have not", async () => {
  const { network, echo } = createTestClient();
  const sent = failureOf(echo.echo("a"));
  const stream = network.stream();
  stream.takesMore = false;
  network.open();
  const unsent = failureOf(echo.echo("b"));
  await endOfTurn();
  stream.events.closed(Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }));
  const [first, second] = await Promise.all([sent, unsent]);
  assert.deepEqual([first.code, first.outcome, first.retriable], ["CONNECTION_LOST", "maybe-executed", false]);
  assert.deepEqual([second.code, second.outcome, second.retriable], ["CONNECTION_LOST", "not-sent", true]);
  assert.match(first.message, /test\.Echo\.echo to server:7788.*ECONNRESET/);
});

test("after a connection is lost the next call opens another", async () => {
  const { network, echo } = createTestClient();
  const lost = failureOf(echo.echo("a"));
  network.open().events.closed(undefined);
  await lost;
  const call = echo.echo("b");
  const stream = network.open(1);
  assert.deepEqual(
    callsOf(stream.written).map((frame) => frame.header.callId),
    [1],
  );
  stream.events.received(answer(1, "B"));
  assert.equal(await call, "B");
});

test("a one-way call is done when its bytes have left, takes no answer, and fails with its connection", async () => {
  const { network, echo } = createTestClient();
  let done = false;
  const call = echo.notify("a").then(() => {
    done = true;
  });
  const stream = network.open();
  await endOfTurn();
  assert.equal(done, false);
  for (const written of stream.unsent.splice(0)) written();
  await call;
  const lost = failureOf(echo.notify("b"));
  await endOfTurn();
  stream.events.closed(undefined);
  assert.equal((await lost).code, "CONNECTION_LOST");
});

test("call ids go round at 31 bits without touching one that is in flight", async () => {
  const { CallIds } = await import("../../client/call-ids.js");
  const ids = new CallIds(0x7fffffff);
  const busy = new Set([0x7fffffff, 0, 1]);
  const inUse = (id: number) => busy.has(id);
  assert.equal(
    ids.peek(() => assert.fail("asked before the first round")),
    0x7fffffff,
  );
  ids.use();
  assert.equal(ids.peek(inUse), 2);
  assert.equal(ids.peek(inUse), 2);
  ids.use();
  assert.equal(ids.peek(inUse), 3);
});

test("caller context, retry count and an explicit timeout are in the header; a timeout by setting is not", async () => {
  const { network, echo } = createTestClient({}, { callerContext: { context: "job_1" } });
  const signature = Buffer.from("sig");
  const calls = [
    echo.echo("a"),
    echo.echo("b", { retryCount: 3, timeoutMs: 1500.2, callerContext: { context: "job_2", signature } }),
  ].map(failureOf);
  const [plain, full] = callsOf(network.open().written);
  assert.ok(plain !== undefined && full !== undefined);
  // Hadoop's enum of kinds has no 16: a reader of Hadoop's leaves the field out.
  const common = { rpcOp: 0, clientId: CLIENT_ID };
  assert.equal(plain.raw.includes(hex("08101000")), true);
  assert.deepEqual(plain.header, { ...common, callId: 0, retryCount: 0, callerContext: { context: "job_1" } });
  assert.deepEqual(full.header, {
    ...common,
    callId: 1,
    retryCount: 3,
    callerContext: { context: "job_2", signature },
  });
  const timeoutField = hex("c03e dd0b");
  assert.equal(plain.raw.includes(timeoutField.subarray(0, 2)), false);
  assert.equal(full.raw.includes(timeoutField), true);
  network.stream().events.closed(undefined);
  await Promise.all(calls);
});

test("closing the client settles every call, sent or not, and refuses later ones; closing twice is one closing", async () => {
  const { client, network, echo, timers } = createTestClient();
  const sent = failureOf(echo.echo("a"));
  const stream = network.stream();
  stream.takesMore = false;
  network.open();
  const unsent = failureOf(echo.echo("b"));
  await endOfTurn();
  let closed = false;
  const closing = Promise.all([client.close(), client[Symbol.asyncDispose]()]).then(() => {
    closed = true;
  });
  const errors = await Promise.all([sent, unsent]);
  assert.deepEqual(
    errors.map((error) => [error.code, error.outcome]),
    [
      ["CLIENT_CLOSED", "maybe-executed"],
      ["CLIENT_CLOSED", "not-sent"],
    ],
  );
  assert.equal(stream.destroyed, true);
  assert.equal(closed, false);
  stream.events.closed(undefined);
  await closing;
  assert.equal((await failureOf(echo.echo("c"))).code, "CLIENT_CLOSED");
  assert.equal(network.streams.length, 1);
  assert.equal(timers.size, 0);
});
