/** Servers that break the rules: the calls concerned fail with a typed error, their connection closes, others go on. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { createClient } from "../../client/index.js";
import { createSettings, type SettingValues } from "../../conf/index.js";
import { RPC_KIND } from "../../protocol/definition.js";
import { RemoteError, type RpcError } from "../../protocol/rpc-error.js";
import { answer, CLIENT_ID, failure, response, testText } from "../helpers/answers.js";
import { bytes, hex } from "../helpers/byte-builder.js";
import { type RoguePeer, startRogueServer } from "../helpers/rogue-server.js";
import { failureOf } from "../helpers/test-client.js";
import { createTestEngine, testProtocol } from "../helpers/test-engine.js";

const engine = createTestEngine(RPC_KIND.writable);
const Victim = testProtocol<{ echo(text: string): string }>(engine, "test.Victim", { echo: 1 });
const Bystander = testProtocol<{ echo(text: string): string }>(engine, "test.Bystander", { echo: 1 });

/** What a server may say to the calls 0 and 1 of one connection. */
interface Outcome {
  readonly errors: readonly RpcError[];
  readonly peer: RoguePeer;
}

/**
 * Makes two calls on one connection and one on another, lets the server say `bytes` to the first, and returns the errors
 * of the two once their connection has closed. The other connection must still answer.
 */
async function afterServerSays(t: TestContext, said: Uint8Array, settings: SettingValues = {}): Promise<Outcome> {
  const server = await startRogueServer(t);
  await using client = createClient({ user: "alice", clientId: CLIENT_ID, conf: createSettings(settings) });
  const bystander = client.getProxy(Bystander, server.address).echo("are you there?");
  const other = await server.accept();
  const otherCall = await other.nextCall();
  const victim = client.getProxy(Victim, server.address);
  const calls = [failureOf(victim.echo("first")), failureOf(victim.echo("second"))];
  const peer = await server.accept();
  await peer.nextCall();
  await peer.nextCall();
  peer.socket.write(said);
  const errors = await Promise.all(calls);
  await peer.closed;
  other.socket.write(answer(Number(otherCall.header.callId), "yes"));
  assert.equal(await bystander, "yes");
  return { errors, peer };
}

const FAULTS: readonly [what: string, said: Uint8Array, message: RegExp, settings?: SettingValues][] = [
  ["an answer to a call that was never made", answer(77, "x"), /answered call id 77, for which no call waits/],
  ["an error for a call that was never made", failure(77, {}), /answered call id 77/],
  ["an answer with the call id of SASL", response({ callId: -33 >>> 0 }), /answered call id -33/],
  ["an answer to a ping", response({ callId: -4 >>> 0 }), /answered call id -4/],
  ["an empty frame", hex("00000000"), /RPC response has invalid length of 0/],
  ["a negative length", hex("80000000"), /RPC response has invalid length of -2147483648/],
  [
    "a length over the limit",
    hex("00000401 00"),
    /RPC response has a length of 1025 exceeds maximum data length \(ipc\.maximum\.response\.length 1024\)/,
    { "ipc.maximum.response.length": 1024 },
  ],
  ["a huge length", hex("7fffffff"), /RPC response has a length of 2147483647 exceeds maximum data length/],
  ["a web server's answer", Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"), /answers in HTTP/],
  ["an unknown status", response({ callId: 1, status: 3 }), /header of a response cannot be decoded/],
  ["a header that is cut off", bytes().frame(bytes().hex("20 0801")).build(), /header of a response cannot be decoded/],
  [
    "a header without call id",
    bytes()
      .frame(bytes().delimited(hex("1000")))
      .build(),
    /missing required fields: callId/,
  ],
  ["garbage", hex("00000008 ffffffffffffffff"), /header of a response cannot be decoded/],
  [
    "another client's id",
    response({ callId: 1, clientId: Buffer.alloc(16, 7) }, testText("x")),
    /Client IDs not matched: local ID=000102030405060708090a0b0c0d0e0f, ID in response=07070707/,
  ],
  [
    "a client id of another length",
    response({ callId: 1, clientId: Buffer.of(0) }, testText("x")),
    /Client IDs not matched/,
  ],
];

for (const [what, said, message, settings] of FAULTS) {
  test(`${what} fails the calls of that connection and closes it`, async (t) => {
    const { errors } = await afterServerSays(t, said, settings);
    for (const error of errors) {
      assert.deepEqual([error.code, error.outcome, error.retriable], ["BAD_REPLY", "maybe-executed", false]);
      assert.match(error.message, message);
    }
  });
}

test("a fault behind good answers leaves the good answers good", async (t) => {
  const server = await startRogueServer(t);
  await using client = createClient({ user: "alice", clientId: CLIENT_ID });
  const victim = client.getProxy(Victim, server.address);
  const cases: [string, Uint8Array, RegExp][] = [
    [
      "trailing bytes",
      bytes()
        .bytes(answer(0, "x"))
        .bytes(response({ callId: 1 }, bytes().bytes(testText("y")).hex("00").build()))
        .build(),
      /response length mismatch: 1 bytes/,
    ],
    ["the same answer twice", bytes().bytes(answer(2, "x")).bytes(answer(2, "x")).build(), /answered call id 2/],
  ];
  for (const [what, said, message] of cases) {
    const good = victim.echo("good");
    const bad = failureOf(victim.echo("bad"));
    const peer = await server.accept();
    await peer.nextCall();
    peer.socket.write(said);
    assert.equal(await good, "x", what);
    const error = await bad;
    assert.equal(error.code, "BAD_REPLY", what);
    assert.match(error.message, message);
    await peer.closed;
  }
});

test("an empty client id in an answer is accepted, and so is none", async (t) => {
  const server = await startRogueServer(t);
  await using client = createClient({ user: "alice", clientId: CLIENT_ID });
  const victim = client.getProxy(Victim, server.address);
  const calls = [victim.echo("a"), victim.echo("b")];
  const peer = await server.accept();
  peer.socket.write(response({ callId: 0, clientId: Buffer.alloc(0) }, testText("A")));
  peer.socket.write(response({ callId: 1, clientId: undefined }, testText("B")));
  assert.deepEqual(await Promise.all(calls), ["A", "B"]);
});

test("a result that cannot be decoded fails its own call only", async (t) => {
  const server = await startRogueServer(t);
  await using client = createClient({ user: "alice", clientId: CLIENT_ID });
  const victim = client.getProxy(Victim, server.address);
  const bad = failureOf(victim.echo("a"));
  const short = failureOf(victim.echo("b"));
  const good = victim.echo("c");
  const peer = await server.accept();
  peer.socket.write(answer(0, "bad result"));
  peer.socket.write(response({ callId: 1 }, hex("05 6162")));
  peer.socket.write(answer(2, "C"));
  for (const error of await Promise.all([bad, short])) {
    assert.deepEqual([error.code, error.outcome], ["BAD_RESULT", "executed"]);
    assert.match(error.message, /^test\.Victim\.echo: /);
  }
  assert.equal(await good, "C");
});

test("a server that accepts and says nothing costs a call its timeout and no more", async (t) => {
  const server = await startRogueServer(t);
  await using client = createClient({ user: "alice" });
  const error = await failureOf(client.getProxy(Victim, server.address).echo("a", { timeoutMs: 100 }));
  assert.deepEqual([error.code, error.outcome], ["CALL_TIMED_OUT", "maybe-executed"]);
});

test("a server that hangs up in the middle of an answer loses the connection's calls", async (t) => {
  const server = await startRogueServer(t);
  await using client = createClient({ user: "alice", clientId: CLIENT_ID });
  const call = failureOf(client.getProxy(Victim, server.address).echo("a"));
  const peer = await server.accept();
  await peer.nextCall();
  peer.socket.end(answer(0, "cut off").subarray(0, 20));
  const error = await call;
  assert.deepEqual([error.code, error.outcome], ["CONNECTION_LOST", "maybe-executed"]);
});

test("an error answer is told with its class, code, message and stack, and the connection lives", async (t) => {
  const server = await startRogueServer(t);
  await using client = createClient({ user: "alice", clientId: CLIENT_ID });
  const victim = client.getProxy(Victim, server.address);
  const calls = Array.from({ length: 5 }, () => failureOf(victim.echo("a")));
  const good = victim.echo("b");
  const peer = await server.accept();
  const vector =
    "000000383708001001180922136a6176612e696f2e494f457863657074696f6e2a04626f6f6d30013a10000102030405060708090a0b0c0d0e0f4000";
  peer.socket.write(hex(vector));
  const stack = "no such file: /a\nreally\n\tat a.B.c(B.java:1)\nCaused by: x\n\tat d";
  peer.socket.write(
    failure(1, { exceptionClassName: "java.io.FileNotFoundException", errorMsg: stack, errorDetail: 1 }),
  );
  peer.socket.write(
    failure(2, { exceptionClassName: "org.apache.hadoop.ipc.RetriableException", errorMsg: "busy", errorDetail: 4 }),
  );
  peer.socket.write(failure(3, {}));
  peer.socket.write(
    failure(4, { exceptionClassName: "demo.Declared", errorMsg: "m", errorDetail: 1 }, testText("fields")),
  );
  peer.socket.write(answer(5, "B"));
  const [boom, withStack, busy, silent, declared] = await Promise.all(calls);
  assert.ok(boom instanceof RemoteError && withStack instanceof RemoteError);
  assert.deepEqual(
    [boom.code, boom.javaClass, boom.message, boom.outcome],
    ["ERROR_APPLICATION", "java.io.IOException", "boom", "executed"],
  );
  assert.equal(boom.remoteStack, undefined);
  assert.equal(withStack.message, "no such file: /a\nreally");
  assert.equal(withStack.remoteStack, stack);
  assert.deepEqual([busy?.code, busy?.outcome, busy?.retriable], ["ERROR_RPC_SERVER", "refused", true]);
  assert.deepEqual(
    [silent?.code, silent?.javaClass, silent?.message, silent?.outcome],
    ["ERROR_RPC_SERVER", "ServerDidNotSetExceptionClassName", "ServerDidNotSetErrorMsg", "maybe-executed"],
  );
  assert.deepEqual([declared?.javaClass, declared?.data], ["demo.Declared", { text: "fields" }]);
  assert.equal(await good, "B");
});

test("a fatal error for one call ends the connection: that call was refused, the others may have run", async (t) => {
  const busy = {
    status: 2,
    exceptionClassName: "org.apache.hadoop.ipc.RetriableException",
    errorMsg: "Server too busy - disconnecting",
    errorDetail: 4,
  };
  const { errors } = await afterServerSays(t, response({ callId: 1, ...busy }));
  for (const error of errors) {
    assert.ok(error instanceof RemoteError);
    assert.deepEqual([error.code, error.message], ["ERROR_RPC_SERVER", "Server too busy - disconnecting"]);
  }
  // The call ids of the client: 0 went to the other connection.
  assert.deepEqual(
    errors.map((error) => [error.outcome, error.retriable]),
    [
      ["refused", true],
      ["maybe-executed", false],
    ],
  );
});

test("a server that takes leave with a failure that is no call's has run none of the calls that wait", async (t) => {
  const leaving = { callId: -2 >>> 0, status: 2, errorMsg: "the server is shutting down", errorDetail: 10 };
  const outcomes = async (exceptionClassName: string) =>
    (await afterServerSays(t, response({ ...leaving, exceptionClassName }))).errors.map((error) => [
      error.message,
      error.outcome,
      error.retriable,
    ]);
  const refused = ["the server is shutting down", "refused", true];
  const lost = ["the server is shutting down", "maybe-executed", false];
  assert.deepEqual(await outcomes("org.apache.hadoop.ipc.RetriableException"), [refused, refused]);
  assert.deepEqual(await outcomes("org.apache.hadoop.ipc.StandbyException"), [refused, refused]);
  assert.deepEqual(await outcomes("java.io.IOException"), [lost, lost]);
});

test("a server that refuses the handshake refuses every call", async (t) => {
  const unknownAuth =
    "0000004e4d08ffffffff0f1002180922226f72672e6170616368652e6861646f6f702e6970632e497063457863657074696f6e2a17556e6b6e6f776e20617574682070726f746f636f6c3a35300f3a004001";
  const { errors } = await afterServerSays(t, hex(unknownAuth));
  for (const error of errors) {
    assert.deepEqual(
      [error.code, error.javaClass, error.message, error.outcome],
      ["FATAL_UNAUTHORIZED", "org.apache.hadoop.ipc.IpcException", "Unknown auth protocol:5", "refused"],
    );
  }
});

test("a server that refuses a connection which it has served may have run the other calls", async (t) => {
  const server = await startRogueServer(t);
  await using client = createClient({ user: "alice", clientId: CLIENT_ID });
  const victim = client.getProxy(Victim, server.address);
  const good = victim.echo("a");
  const call = failureOf(victim.echo("b"));
  const peer = await server.accept();
  await peer.nextCall();
  peer.socket.write(answer(0, "A"));
  peer.socket.write(response({ callId: -1 >>> 0, status: 2, errorDetail: 15, errorMsg: "out" }));
  assert.equal(await good, "A");
  const { code, outcome, retriable } = await call;
  assert.deepEqual([code, outcome, retriable], ["FATAL_UNAUTHORIZED", "maybe-executed", false]);
});

const OLD_ANSWER =
  "ffffffffffffffff000000296f72672e6170616368652e6861646f6f702e6970632e5250432456657273696f6e4d69736d617463680000003d536572766572204950432076657273696f6e20392063616e6e6f7420636f6d6d756e6963617465207769746820636c69656e742076657273696f6e2034";

test("an old server's refusal is understood", async (t) => {
  const { errors } = await afterServerSays(t, hex(OLD_ANSWER));
  for (const error of errors) {
    assert.ok(error instanceof RemoteError);
    assert.deepEqual(
      [error.code, error.javaClass, error.message, error.outcome],
      [
        "FATAL_VERSION_MISMATCH",
        "org.apache.hadoop.ipc.RPC$VersionMismatch",
        "Server IPC version 9 cannot communicate with client version 4",
        "refused",
      ],
    );
  }
});

test("an old server's refusal that announces too long a text is a fault", async (t) => {
  const { errors } = await afterServerSays(t, hex("ffffffff ffffffff 7fffffff"));
  for (const error of errors) assert.match(error.message, /announces a text of 2147483647 bytes/);
});
