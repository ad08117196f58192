import assert from "node:assert/strict";
import { test } from "node:test";
import {
  AlignmentContext,
  AlignmentContexts,
  MAX_ROUTER_STATE_BYTES,
  MAX_TARGETS,
} from "../../client/alignment-context.js";
import { answer, callsOf, failure, response, type SentFrame, testText } from "../helpers/answers.js";
import { type ByteBuilder, bytes, hex } from "../helpers/byte-builder.js";
import type { FakeStream } from "../helpers/fake-streams.js";
import { createTestClient, Echo, endOfTurn, failureOf, type TestClient } from "../helpers/test-client.js";

/** RouterFederatedStateProto, as Hadoop's hdfs.proto has it. */
function routerState(states: Readonly<Record<string, bigint>>): Buffer {
  const message = bytes();
  for (const [namespace, stateId] of Object.entries(states)) message.field(1, entry(namespace, stateId));
  return message.build();
}

function entry(namespace: string, stateId: bigint): ByteBuilder {
  return bytes().field(1, namespace).tag(2, 0).varint(stateId);
}

/** Makes a call, answers it with these fields in the header, and returns what was sent. */
async function exchange(client: TestClient, stream: FakeStream, header: Record<string, unknown>): Promise<SentFrame> {
  const call = client.echo.echo("a");
  await endOfTurn();
  const sent = callsOf(stream.written).at(-1);
  assert.ok(sent !== undefined);
  stream.events.received(response({ callId: sent.header.callId, ...header }, testText("a")));
  await call;
  return sent;
}

async function connected(): Promise<[TestClient, FakeStream]> {
  const client = createTestClient();
  const call = client.echo.echo("first");
  const stream = client.network.open();
  stream.events.received(answer(0, "first"));
  await call;
  return [client, stream];
}

test("no state is sent before the server has told one, then the largest that it told, byte for byte", async () => {
  const [client, stream] = await connected();
  const sent: SentFrame[] = [];
  for (const stateId of [300n, 7n, 2n ** 63n - 1n, 0n]) sent.push(await exchange(client, stream, { stateId }));
  const common = "2210000102030405060708090a0b0c0d0e0f 2800";
  const body = "04 6563686f 01 61";
  assert.deepEqual(
    sent.map(({ raw }) => raw),
    [
      hex(`00000022 1a 0810 1000 1802 ${common} ${body}`),
      hex(`00000025 1d 0810 1000 1804 ${common} 40ac02 ${body}`),
      hex(`00000025 1d 0810 1000 1806 ${common} 40ac02 ${body}`),
      hex(`0000002c 24 0810 1000 1808 ${common} 40ffffffffffffffff7f ${body}`),
    ],
  );
});

test("a result's state is in the calls that its caller makes when it wakes", async () => {
  const [{ echo }, stream] = await connected();
  const chain = echo.echo("a").then(() => echo.echo("b"));
  await endOfTurn();
  stream.events.received(response({ callId: 1, stateId: 12n }, testText("A")));
  await endOfTurn();
  assert.equal(callsOf(stream.written).at(-1)?.header.stateId, 12n);
  stream.events.received(answer(2, "B"));
  await chain;
});

test("the state that an error tells is passed over", async () => {
  const [client, stream] = await connected();
  const call = failureOf(client.echo.echo("a"));
  await endOfTurn();
  stream.events.received(failure(1, { exceptionClassName: "a.B", errorMsg: "m", errorDetail: 1, stateId: 5n }));
  await call;
  assert.equal((await exchange(client, stream, {})).header.stateId, undefined);
});

test("states of a router are merged entry by entry, and its own state id means nothing", async () => {
  const [client, stream] = await connected();
  await exchange(client, stream, { stateId: 99n, routerFederatedState: routerState({ ns0: 5n, ["__proto__"]: -1n }) });
  const second = await exchange(client, stream, { routerFederatedState: routerState({ ns0: 4n, ns1: 300n }) });
  assert.deepEqual(second.header.routerFederatedState, routerState({ ns0: 5n, ["__proto__"]: -1n }));
  assert.equal(second.header.stateId, undefined);
  const third = await exchange(client, stream, { routerFederatedState: routerState({ ns0: 6n, ["__proto__"]: -2n }) });
  assert.deepEqual(third.header.routerFederatedState, routerState({ ns0: 5n, ["__proto__"]: -1n, ns1: 300n }));
  const fourth = await exchange(client, stream, { stateId: 1n });
  assert.deepEqual(
    fourth.header.routerFederatedState,
    hex("0a07 0a036e7330 1006 0a16 0a095f5f70726f746f5f5f 10ffffffffffffffffff01 0a08 0a036e7331 10ac02"),
  );
  const fifth = await exchange(client, stream, {});
  assert.equal(fifth.header.stateId, 1n);
  assert.deepEqual(fifth.header.routerFederatedState, fourth.header.routerFederatedState);
});

test("options of a call and the state that is known travel together", async () => {
  const [client, stream] = await connected();
  await exchange(client, stream, { stateId: 3n });
  const call = client.echo.echo("a", { callerContext: { context: "job_1" }, retryCount: 2 });
  await endOfTurn();
  const { stateId, callerContext, retryCount } = callsOf(stream.written).at(-1)?.header ?? {};
  assert.deepEqual(
    { stateId, callerContext, retryCount },
    { stateId: 3n, callerContext: { context: "job_1" }, retryCount: 2 },
  );
  stream.events.received(answer(2, "A"));
  await call;
});

test("what is known of a server outlives its connection, and is told to no other server", async () => {
  const [client, stream] = await connected();
  await exchange(client, stream, { stateId: 8n });
  stream.events.closed(undefined);
  const again = client.echo.echo("again");
  assert.equal(callsOf(client.network.open(1).written)[0]?.header.stateId, 8n);
  client.network.stream(1).events.received(answer(2, "again"));
  await again;
  const other = client.client.getProxy(Echo, "other:7788").echo("a");
  assert.equal(callsOf(client.network.open(2).written)[0]?.header.stateId, undefined);
  client.network.stream(2).events.received(answer(3, "a"));
  await other;
});

for (const [what, malformed] of [
  ["ends in an entry", hex("0a07 0a036e7330")],
  ["has an entry that ends in a name", hex("0a04 0a086e73")],
  ["has a state id of eleven bytes", hex("0a0d 10ffffffffffffffffffff01 0a00")],
  ["opens a group that does not end", hex("0b 0a00")],
] as const) {
  test(`what a router tells is passed over if it ${what}, and the call succeeds`, async () => {
    const [client, stream] = await connected();
    await exchange(client, stream, { routerFederatedState: routerState({ ns0: 5n }) });
    const bad = Buffer.concat([routerState({ ns0: 9n }), malformed]);
    await exchange(client, stream, { routerFederatedState: bad });
    assert.deepEqual((await exchange(client, stream, {})).header.routerFederatedState, routerState({ ns0: 5n }));
  });
}

test("an entry may lack its name or its state id, and may hold fields that are not known", () => {
  const context = new AlignmentContext();
  context.receive(undefined, hex("0a02 1003 0a06 0a026e31 1801 2a00 7b7c"));
  assert.deepEqual(context.fields?.routerFederatedState, routerState({ "": 3n, n1: 0n }));
});

test("a router's namespaces are remembered as long as they have room, and go on to be updated then", () => {
  const context = new AlignmentContext();
  const room = MAX_ROUTER_STATE_BYTES - 20;
  const kept = { a: 1n, ["b".repeat(room - 21 - 22)]: 1n, cc: 1n };
  context.receive(undefined, routerState({ ...kept, d: 1n, ["e".repeat(1_000_000)]: 1n }));
  assert.deepEqual(context.fields?.routerFederatedState, routerState(kept));
  context.receive(undefined, routerState({ a: 2n, d: 2n }));
  assert.deepEqual(context.fields?.routerFederatedState, routerState({ ...kept, a: 2n }));
});

test("servers are remembered up to a limit; the one asked for longest ago is forgotten", () => {
  const contexts = new AlignmentContexts();
  const first = contexts.of("server0:1");
  const second = contexts.of("server1:1");
  for (let i = 2; i < MAX_TARGETS; i++) contexts.of(`server${i}:1`);
  assert.equal(contexts.of("server0:1"), first);
  contexts.of("one more:1");
  assert.equal(contexts.of("server0:1"), first);
  assert.notEqual(contexts.of("server1:1"), second);
});
