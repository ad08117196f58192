import assert from "node:assert/strict";
import { test } from "node:test";
import { parseAddress } from "../../client/address.js";
import { fetchServedMethods, isServed, negotiateProtocol, type ServerQuestions } from "../../client/negotiate.js";
import { RPC_KIND } from "../../protocol/definition.js";
import { RemoteError, RpcError } from "../../protocol/rpc-error.js";
import { createTestEngine, testProtocol } from "../helpers/test-engine.js";

const avroLike = createTestEngine(RPC_KIND.avro);
const writableLike = createTestEngine(RPC_KIND.writable);
const protobufLike = createTestEngine(RPC_KIND.protobuf);
const address = parseAddress("server:7788");

type Methods = { echo(text: string): string };
const versionsOf = (engine: typeof avroLike, ...versions: number[]) =>
  versions.map((version) => testProtocol<Methods>(engine, "test.Echo", { echo: 1 }, version));

/** A server that answers only what a test says. */
function server(answers: Partial<ServerQuestions>): ServerQuestions & { asked: string[] } {
  const asked: string[] = [];
  const question = (name: keyof ServerQuestions) =>
    ((...args: [never, never]) => {
      asked.push(name);
      const reply = answers[name] as ((...args: [never, never]) => Promise<never>) | undefined;
      return reply === undefined ? Promise.reject(new RpcError("CONNECTION_LOST", "closed")) : reply(...args);
    }) as never;
  return {
    asked,
    list: question("list"),
    describe: question("describe"),
    highestVersion: question("highestVersion"),
    signature: question("signature"),
    signatures: question("signatures"),
  };
}

const served =
  (kind: number, ...versions: number[]) =>
  async () =>
    versions.map((version) => ({ name: "test.Echo", version, kind }));

test("the highest version that both have is taken, asking once", async () => {
  const questions = server({ list: served(RPC_KIND.avro, 1, 2, 4) });
  const chosen = await negotiateProtocol(versionsOf(avroLike, 1, 3, 2), address, questions);
  assert.equal(chosen.version, 2);
  assert.deepEqual(questions.asked, ["list"]);
});

test("other protocols and other kinds do not count", async () => {
  const list = async () => [
    { name: "test.Echo", version: 3, kind: RPC_KIND.writable },
    { name: "test.Other", version: 3, kind: RPC_KIND.avro },
    { name: "test.Echo", version: 1, kind: RPC_KIND.avro },
  ];
  const chosen = await negotiateProtocol(versionsOf(avroLike, 1, 3), address, server({ list }));
  assert.equal(chosen.version, 1);
});

test("without a common version the error names the versions of both sides", async () => {
  const negotiation = negotiateProtocol(
    versionsOf(avroLike, 5, 4),
    address,
    server({ list: served(RPC_KIND.avro, 2, 1) }),
  );
  await assert.rejects(negotiation, {
    code: "ERROR_RPC_VERSION_MISMATCH",
    javaClass: "org.apache.hadoop.ipc.RPC$VersionMismatch",
    message: "Protocol test.Echo version mismatch. (client = 4, 5, server = 1, 2 at server:7788)",
  });
});

test("a server without the protocol is told apart from one with other versions", async () => {
  const negotiation = negotiateProtocol(versionsOf(avroLike, 1), address, server({ list: served(RPC_KIND.avro) }));
  await assert.rejects(negotiation, {
    code: "ERROR_NO_SUCH_PROTOCOL",
    message: /server:7788 does not serve test\.Echo/,
  });
});

test("a Writable server whose highest version is ours is asked no more", async () => {
  const questions = server({
    highestVersion: async (protocol) => {
      assert.equal(protocol.version, 3);
      return 2;
    },
  });
  const chosen = await negotiateProtocol(versionsOf(writableLike, 1, 2, 3), address, questions);
  assert.equal(chosen.version, 2);
  assert.deepEqual(questions.asked, ["highestVersion"]);
});

test("a Writable server of ours that is ahead is asked for its other versions", async () => {
  const questions = server({ highestVersion: async () => 9, list: served(RPC_KIND.writable, 2, 9) });
  const chosen = await negotiateProtocol(versionsOf(writableLike, 1, 2, 3), address, questions);
  assert.equal(chosen.version, 2);
});

test("a Hadoop server that is ahead does not know reflection: its one version is the list", async () => {
  const list = async () => {
    throw new RemoteError("FATAL_INVALID_RPC_HEADER", " IPC Server: No rpc kind in rpcRequestHeader");
  };
  const questions = server({ highestVersion: async () => 9, list });
  await assert.rejects(negotiateProtocol(versionsOf(writableLike, 1, 2), address, questions), {
    code: "ERROR_RPC_VERSION_MISMATCH",
    message: "Protocol test.Echo version mismatch. (client = 1, 2, server = 9 at server:7788)",
  });
});

test("a server that does not answer the second question is not taken for one that has no other versions", async () => {
  const list = async () => {
    throw new RpcError("CALL_TIMED_OUT", "no answer");
  };
  const questions = server({ highestVersion: async () => 9, list });
  const negotiation = negotiateProtocol(versionsOf(writableLike, 1, 2), address, questions);
  await assert.rejects(negotiation, { code: "CALL_TIMED_OUT" });
});

test("a server of a protobuf protocol says all its versions at once", async () => {
  const signatures = async () => [
    { version: 2, methods: [5] },
    { version: 1, methods: [6] },
  ];
  const questions = server({ signatures });
  const chosen = await negotiateProtocol(versionsOf(protobufLike, 1, 2, 3), address, questions);
  assert.equal(chosen.version, 2);
  assert.deepEqual(questions.asked, ["signatures"]);
  await assert.rejects(negotiateProtocol(versionsOf(protobufLike, 3), address, server({ signatures })), {
    message: "Protocol test.Echo version mismatch. (client = 3, server = 1, 2 at server:7788)",
  });
  const none = server({ signatures: async () => [] });
  await assert.rejects(negotiateProtocol(versionsOf(protobufLike, 3), address, none), {
    code: "ERROR_NO_SUCH_PROTOCOL",
  });
});

test("an error of the server is passed on", async () => {
  await assert.rejects(negotiateProtocol(versionsOf(avroLike, 1), address, server({})), { code: "CONNECTION_LOST" });
});

test("versions of one protocol are expected, and at least one", async () => {
  await assert.rejects(negotiateProtocol([], address, server({})), { code: "BAD_DEFINITION" });
  const other = testProtocol<Methods>(avroLike, "test.Other", { echo: 1 });
  await assert.rejects(negotiateProtocol([...versionsOf(avroLike, 1), other], address, server({})), {
    code: "BAD_DEFINITION",
    message: /versions of one protocol, not test\.Echo \(test\) and test\.Other \(test\)/,
  });
});

test("the methods that a server has are asked by signature or by description", async () => {
  const [writableOne] = versionsOf(writableLike, 1);
  const [avroOne] = versionsOf(avroLike, 1);
  const [protobufOne] = versionsOf(protobufLike, 1);
  assert.ok(writableOne !== undefined && avroOne !== undefined && protobufOne !== undefined);
  const meta = server({ signatures: async () => [{ version: 1, methods: [5] }] });
  assert.deepEqual(await fetchServedMethods(protobufOne, address, meta), [5]);
  const all = server({ signature: async () => ({ version: 1, methods: null }) });
  assert.equal(await fetchServedMethods(writableOne, address, all), null);
  const some = server({
    describe: async () => [
      { version: 2, methods: [9] },
      { version: 1, methods: [7, 8] },
    ],
  });
  assert.deepEqual(await fetchServedMethods(avroOne, address, some), [7, 8]);
  const behind = server({ signature: async () => ({ version: 4, methods: [1] }) });
  await assert.rejects(fetchServedMethods(writableOne, address, behind), {
    code: "ERROR_RPC_VERSION_MISMATCH",
    message: /client = 1, server = 4/,
  });
});

test("a method is served if the server has its hash, or the one that it had in an earlier release", () => {
  const method = versionsOf(avroLike, 1)[0]?.methods.get("echo");
  assert.ok(method);
  const former = { ...method, formerHash: 77 };
  assert.equal(isServed(method, null), true);
  assert.equal(isServed(method, [1, method.hash]), true);
  assert.equal(isServed(method, [77]), false);
  assert.equal(isServed(former, [77]), true);
  assert.equal(isServed(former, [1, 2]), false);
});
