import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Connection } from "../../daemon/connection.js";
import { Responder, type ResponderOptions } from "../../daemon/responder.js";
import { subscribe } from "../../protocol/events.js";
import { RemoteError, RpcError } from "../../protocol/rpc-error.js";
import { fakeCall, fakeConnection } from "../helpers/fake-call.js";
import { type Answer, answersOf, CLIENT_ID } from "../helpers/requests.js";
import { settled } from "../helpers/test-server.js";

function responder(options: Partial<ResponderOptions> = {}): Responder {
  return new Responder({
    maxResponseBytes: 10_000_000,
    largeResponseBytes: 1_000_000,
    sendStacks: false,
    backlog: () => {},
    ...options,
  });
}

/** The answer to one call whose method threw this. */
async function answerTo(thrown: unknown, options: Partial<ResponderOptions> = {}): Promise<Answer> {
  const { connection, stream } = fakeConnection();
  responder(options).respondError(fakeCall({ id: 3, connection }), thrown);
  await settled();
  const [answer] = answersOf(stream.received);
  assert.ok(answer !== undefined);
  return answer;
}

test("answers of one turn leave in one write, in the order in which they were ready", async () => {
  const { connection, stream } = fakeConnection();
  const stage = responder();
  const calls = [3, 1, 2].map((id) => fakeCall({ id, connection }));
  for (const call of calls) stage.respond(call, `to ${call.id}`);
  assert.equal(stream.writes.length, 0);
  await settled();
  assert.equal(stream.writes.length, 1);
  assert.deepEqual(
    answersOf(stream.received).map(({ callId, text }) => [callId, text]),
    [
      [3, "to 3"],
      [1, "to 1"],
      [2, "to 2"],
    ],
  );
});

test("nobody is answered twice, nor after the call was cancelled", async () => {
  const { connection, stream } = fakeConnection();
  const stage = responder();
  const [twice, cancelled] = [fakeCall({ id: 1, connection }), fakeCall({ id: 2, connection })];
  stage.respond(twice, "a");
  stage.respond(twice, "b");
  stage.respondError(twice, new Error("c"));
  cancelled.cancel("gave up");
  stage.respond(cancelled, "d");
  stage.respondError(cancelled, new Error("e"));
  await settled();
  assert.deepEqual(
    answersOf(stream.received).map(({ text }) => text),
    ["a"],
  );
});

test("a one-way call is never answered, whatever became of it", async () => {
  const { connection, stream } = fakeConnection();
  const stage = responder();
  stage.respond(fakeCall({ connection, oneWay: true }), "value");
  stage.respondError(fakeCall({ connection, oneWay: true }), new Error("thrown"));
  stage.respond(fakeCall({ connection, oneWay: true }), Symbol("cannot be encoded"));
  await settled();
  assert.equal(stream.received.length, 0);
  assert.equal(connection.callCount, 0);
});

test("a result that cannot be encoded becomes code 5, and leaves no half a frame behind", async () => {
  const { connection, stream } = fakeConnection();
  const stage = responder();
  const told: unknown[] = [];
  const unsubscribe = subscribe("hrpcd:call:failed", ({ error }) => told.push(error));
  stage.respond(fakeCall({ id: 1, connection }), "before");
  stage.respond(fakeCall({ id: 2, connection }), { no: "string" });
  stage.respond(fakeCall({ id: 3, connection }), "behind");
  unsubscribe();
  await settled();
  const [before, failed, behind] = answersOf(stream.received);
  assert.equal(before?.text, "before");
  assert.deepEqual([failed?.status, failed?.errorDetail, failed?.errorMsg], [1, 5, "the value is no string"]);
  assert.equal(failed?.exceptionClassName, "java.io.IOException");
  assert.equal(behind?.text, "behind");
  assert.match(String(told[0]), /no string/);
});

describe("what a method throws", () => {
  test("is code 1 with the message and Java's IOException, for an Error", async () => {
    const answer = await answerTo(new Error("boom"));
    assert.deepEqual([answer.callId, answer.status, answer.errorDetail], [3, 1, 1]);
    assert.deepEqual([answer.exceptionClassName, answer.errorMsg], ["java.io.IOException", "boom"]);
    assert.deepEqual([answer.clientId, answer.retryCount, answer.payload.length], [CLIENT_ID, 0, 0]);
  });

  test("travels under the Java class that it names", async () => {
    const error = new RpcError("ERROR_APPLICATION", "no such file: /a", { javaClass: "java.io.FileNotFoundException" });
    assert.equal((await answerTo(error)).exceptionClassName, "java.io.FileNotFoundException");
  });

  test("keeps the code of an RpcServerException", async () => {
    const answer = await answerTo(new RpcError("ERROR_NO_SUCH_METHOD", "not here"));
    assert.deepEqual([answer.status, answer.errorDetail], [1, 2]);
    assert.equal(answer.exceptionClassName, "org.apache.hadoop.ipc.RpcNoSuchMethodException");
  });

  test("does not close the connection, even if its code is one that would", async () => {
    const answer = await answerTo(new RpcError("FATAL_UNAUTHORIZED", "not you"));
    assert.deepEqual([answer.status, answer.errorDetail], [1, 1]);
    assert.equal(answer.exceptionClassName, "org.apache.hadoop.security.AccessControlException");
  });

  test("is code 1 if it came from another server, with the class that one sent", async () => {
    const remote = new RemoteError("ERROR_NO_SUCH_PROTOCOL", "far away", { javaClass: "org.example.Far" });
    const answer = await answerTo(remote);
    assert.deepEqual(
      [answer.errorDetail, answer.exceptionClassName, answer.errorMsg],
      [1, "org.example.Far", "far away"],
    );
  });

  test("is code 1 if it is an error of our own client", async () => {
    assert.equal((await answerTo(new RpcError("CALL_TIMED_OUT", "slow backend"))).errorDetail, 1);
  });

  const trap = new Proxy(new RpcError("ERROR_APPLICATION", "x"), {
    get() {
      throw new Error("trap");
    },
  });
  const odd: readonly [string, unknown, RegExp][] = [
    ["null", null, /^null$/],
    ["undefined", undefined, /^undefined$/],
    ["a string", "just text", /^just text$/],
    ["a symbol", Symbol("s"), /^Symbol\(s\)$/],
    ["an object that cannot be printed", Object.create(null), /unprintable/],
    ["an RpcError behind a proxy that throws", trap, /unprintable/],
    [
      "an RpcError whose message is no string",
      Object.assign(new RpcError("ERROR_APPLICATION", ""), { message: 7 }),
      /^7$/,
    ],
    [
      "an RpcError with a code that nobody knows",
      Object.assign(new RpcError("ERROR_APPLICATION", ""), { code: "?" }),
      /unprintable/,
    ],
    ["an error that says nothing", new TypeError(""), /^TypeError$/],
  ];
  for (const [name, thrown, message] of odd) {
    test(`becomes an answer, also if it is ${name}`, async () => {
      for (const sendStacks of [false, true]) {
        const answer = await answerTo(thrown, { sendStacks });
        assert.deepEqual([answer.status, answer.errorDetail], [1, 1]);
        assert.match(String(answer.errorMsg?.split("\n")[0]), message);
      }
    });
  }

  test("carries its stack in Java's form if the settings say so", async () => {
    const [first, second] = (await answerTo(new Error("boom"), { sendStacks: true })).errorMsg?.split("\n") ?? [];
    assert.equal(first, "boom");
    assert.match(String(second), /^\tat /);
  });

  test("carries its data behind the header, and only its message if the data cannot be encoded", async () => {
    assert.equal((await answerTo(new RpcError("ERROR_APPLICATION", "m", { data: "details" }))).text, "details");
    const without = await answerTo(new RpcError("ERROR_APPLICATION", "m", { data: { no: "string" } }));
    assert.deepEqual([without.errorMsg, without.payload.length], ["m", 0]);
  });
});

test("a refusal goes behind the answers that are ready, and nothing goes behind the refusal", async () => {
  const { connection, stream } = fakeConnection();
  const stage = responder();
  const [ready, late] = [fakeCall({ id: 1, connection }), fakeCall({ id: 2, connection })];
  stage.respond(ready, "ready");
  stage.refuseConnection(connection, 9, 4, new RpcError("FATAL_INVALID_RPC_HEADER", "bad"));
  stage.respond(late, "late");
  stage.refuseConnection(connection, 10, 4, new RpcError("FATAL_INVALID_RPC_HEADER", "twice"));
  await settled();
  const [first, second, ...rest] = answersOf(stream.received);
  assert.equal(first?.text, "ready");
  assert.deepEqual([second?.callId, second?.status, second?.retryCount, second?.clientId?.length], [9, 2, 4, 0]);
  assert.deepEqual(rest, []);
  assert.equal(stream.ended, true);
});

test("what is ready when a connection ends or breaks is thrown away, not written behind the end", async () => {
  const ends: readonly ((connection: Connection) => void)[] = [
    (connection) => connection.destroy(""),
    (connection) => connection.refuse("a bad length", Buffer.alloc(0)),
  ];
  for (const end of ends) {
    const { connection, stream } = fakeConnection();
    responder().respond(fakeCall({ connection }), "too late");
    end(connection);
    await settled();
    assert.equal(stream.received.length, 0);
    assert.equal(stream.lateWrites, 0);
  }
});

test("a write that the stream does not take at once is reported, if the stream will tell when it has", async () => {
  const reported: Connection[] = [];
  const stage = responder({ backlog: (connection) => reported.push(connection) });
  const { connection, stream } = fakeConnection();
  stream.stalled = true;
  stage.respond(fakeCall({ connection }), "small");
  await settled();
  assert.deepEqual(reported, [], "no drain would follow");
  stage.respond(fakeCall({ connection }), "x".repeat(30_000));
  await settled();
  assert.deepEqual(reported, [connection]);
  assert.equal(connection.sentBytes, stream.received.length);
});

test("an answer of the greatest length is sent, and instead of one byte more an error", async () => {
  for (const payload of ["x".repeat(3_000), "x".repeat(300_000)]) {
    const bare = fakeConnection();
    responder().respond(fakeCall({ connection: bare.connection }), payload);
    await settled();
    const length = bare.stream.received.length;
    const { connection, stream } = fakeConnection();
    responder({ maxResponseBytes: length }).respond(fakeCall({ id: 1, connection }), payload);
    const strict = responder({ maxResponseBytes: length - 1 });
    strict.respond(fakeCall({ id: 2, connection }), payload);
    strict.respond(fakeCall({ id: 3, connection }), "small");
    await settled();
    const answers = answersOf(stream.received);
    assert.deepEqual(
      answers.map(({ callId, status, errorDetail }) => [callId, status, errorDetail]),
      [
        [1, 0, undefined],
        [2, 1, 5],
        [3, 0, undefined],
      ],
    );
    const remedy = "ask for less at once, or raise hrpcd.server.response.length.max";
    assert.equal(answers[1]?.errorMsg, `the answer is longer than ${length - 1} bytes: ${remedy}`);
  }
});

test("an answer longer than the setting says is sent and told of", async () => {
  const told: unknown[] = [];
  const unsubscribe = subscribe("hrpcd:response:large", (event) => told.push(event));
  const { connection, stream } = fakeConnection();
  const stage = responder({ largeResponseBytes: 100 });
  stage.respond(fakeCall({ connection }), "x".repeat(30));
  stage.respond(fakeCall({ connection }), "x".repeat(100));
  await settled();
  unsubscribe();
  assert.equal(answersOf(stream.received).length, 2);
  const bytes = stream.received.length - 4 - stream.received.readInt32BE(0);
  assert.deepEqual(told, [{ peer: connection.peer, protocol: "test.Fake", method: "run", bytes }]);
});

test("more connections can answer in one turn than writers are kept", async () => {
  const stage = responder();
  const all = Array.from({ length: 200 }, () => fakeConnection());
  for (let round = 0; round < 2; round++) {
    all.forEach(({ connection }, i) => void stage.respond(fakeCall({ id: i, connection }), `answer ${i}`));
    await settled();
  }
  all.forEach(({ stream }, i) => {
    assert.deepEqual(
      answersOf(stream.received).map(({ text }) => text),
      [`answer ${i}`, `answer ${i}`],
    );
  });
});
