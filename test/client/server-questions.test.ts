/** Negotiation, reflection and cancellation between our client and our server. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { createClient } from "../../client/index.js";
import { createServer, implement } from "../../daemon/index.js";
import { avro, parseProto, protobuf, writable } from "../../protocol/index.js";

const hello = { request: [{ name: "name", type: "string" }], response: "string" } as const;
const AvroV1 = avro({ protocol: "Greeter", namespace: "test", version: 1, messages: { hello } });
const AvroV2 = avro({ protocol: "Greeter", namespace: "test", version: 2, messages: { hello } });
const AvroV3 = avro({ protocol: "Greeter", namespace: "test", version: 3, messages: { hello } });
/** What a newer client believes version 2 to be. */
const AvroV2Grown = avro({
  protocol: "Greeter",
  namespace: "test",
  version: 2,
  messages: { hello, bye: { request: [], response: "string" } },
});

const helloWorld = { parameters: ["java.lang.String"], returns: "java.lang.String" } as const;
const WritableV1 = writable({ protocol: "test.My", version: 1, methods: { helloWorld } });
const WritableV2 = writable({ protocol: "test.My", version: 2, methods: { helloWorld } });
const WritableV3 = writable({ protocol: "test.My", version: 3, methods: { helloWorld } });
const WritableV2Grown = writable({
  protocol: "test.My",
  version: 2,
  methods: { helloWorld, bye: { parameters: ["int"], returns: "void" } },
});

/** Has the name of the Avro protocol, and a version that the Avro protocol is not served at. */
const WritableNamesake = writable({ protocol: "test.Greeter", version: 3, methods: { helloWorld } });

const TEXT = `
  syntax = "proto2"; package test; option java_package = "org.example"; option java_outer_classname = "TestProtos";
  message Text { required string text = 1; }
  message Number { required int32 number = 1; }
  service Old { rpc hello(Text) returns (Text); rpc nod(Text) returns (Text); }
  service New { rpc hello(Text) returns (Text); rpc nod(Text) returns (Text); rpc bye(Text) returns (Text); }
  service Other { rpc hello(Text) returns (Number); }`;
const source = await parseProto({ "test.proto": TEXT });
type Old = Record<"hello" | "nod", (request: { text: string }) => { text: string }>;
type New = Old & { bye(request: { text: string }): { text: string } };
const given = { source, protocolName: "test.Proto", javaInterface: "org.example.ProtoPB" };
const ProtoV1 = protobuf<Old>({ ...given, service: "Old", version: 1 });
const ProtoV2 = protobuf<Old>({ ...given, service: "Old", version: 2 });
const ProtoV3 = protobuf<Old>({ ...given, service: "Old", version: 3 });
/** What a newer client believes version 2 to be, and one that is confused. */
const ProtoV2Grown = protobuf<New>({ ...given, service: "New", version: 2 });
const ProtoV2Other = protobuf<Pick<Old, "hello">>({ ...given, service: "Other", version: 2 });

/** Serves versions 1 and 2 of each protocol until the test ends; resolves to its address. */
async function serve(t: TestContext): Promise<string> {
  const services = [
    implement(AvroV1, { hello: (name) => `1 ${name}` }),
    implement(AvroV2, { hello: (name) => `2 ${name}` }),
    implement(WritableV1, { helloWorld: (name) => `1 ${name}` }),
    implement(WritableV2, { helloWorld: (name) => `2 ${name}` }),
    implement(WritableNamesake, { helloWorld: (name) => `3 ${name}` }),
    implement(ProtoV1, { hello: ({ text }) => ({ text: `1 ${text}` }), nod: (request) => request }),
    implement(ProtoV2, { hello: ({ text }) => ({ text: `2 ${text}` }), nod: (request) => request }),
  ];
  const server = await createServer({ bindAddress: "127.0.0.1", port: 0, services }).start();
  t.after(() => server.stop());
  return `127.0.0.1:${server.port}`;
}

test("the highest common version of an Avro protocol is negotiated", async (t) => {
  const address = await serve(t);
  await using client = createClient({ user: "alice" });
  const { proxy, version } = await client.negotiateProxy([AvroV1, AvroV3, AvroV2], address);
  assert.equal(version, 2);
  assert.equal(await proxy.hello("king"), "2 king");
  assert.equal((await client.negotiateProxy([AvroV3, AvroV1], address)).version, 1);
  await assert.rejects(client.negotiateProxy([AvroV3], address), {
    code: "ERROR_RPC_VERSION_MISMATCH",
    message: `Protocol test.Greeter version mismatch. (client = 3, server = 1, 2 at ${address})`,
  });
});

test("the highest common version of a Writable protocol is negotiated, also below the server's highest", async (t) => {
  const address = await serve(t);
  await using client = createClient({ user: "alice" });
  const { proxy, version } = await client.negotiateProxy([WritableV1, WritableV3, WritableV2], address);
  assert.equal(version, 2);
  assert.equal(await proxy.helloWorld("king"), "2 king");
  const lower = await client.negotiateProxy([WritableV3, WritableV1], address);
  assert.equal(lower.version, 1);
  assert.equal(await lower.proxy.helloWorld("king"), "1 king");
  await assert.rejects(client.negotiateProxy([WritableV3], address), {
    code: "ERROR_RPC_VERSION_MISMATCH",
    message: `Protocol test.My version mismatch. (client = 3, server = 1, 2 at ${address})`,
  });
});

test("the highest common version of a protobuf protocol is negotiated, by the name of its Java interface", async (t) => {
  const address = await serve(t);
  await using client = createClient({ user: "alice" });
  const { proxy, version } = await client.negotiateProxy([ProtoV1, ProtoV3, ProtoV2], address);
  assert.equal(version, 2);
  assert.deepEqual(await proxy.hello({ text: "king" }), { text: "2 king" });
  assert.equal((await client.negotiateProxy([ProtoV3, ProtoV1], address)).version, 1);
  await assert.rejects(client.negotiateProxy([ProtoV3], address), {
    code: "ERROR_RPC_VERSION_MISMATCH",
    message: `Protocol test.Proto version mismatch. (client = 3, server = 1, 2 at ${address})`,
  });
});

test("what a protobuf protocol is asked about goes over its own connection, which the server authorizes", async (t) => {
  const service = implement(ProtoV1, { hello: (request) => request, nod: (request) => request });
  const server = await createServer({ bindAddress: "127.0.0.1", port: 0, services: [service] }).start();
  t.after(() => server.stop());
  await using client = createClient({ user: "alice" });
  const { proxy } = await client.negotiateProxy([ProtoV1], `127.0.0.1:${server.port}`);
  await proxy.hello({ text: "king" });
  assert.equal(await client.isMethodSupported(proxy, "hello"), true);
  assert.equal(server.connectionCount, 1);
});

test("a Java interface that the server does not know is told by name, with what to do", async (t) => {
  const address = await serve(t);
  await using client = createClient({ user: "alice" });
  const wrong = protobuf<Old>({ ...given, service: "Old", version: 1, javaInterface: "org.example.WrongPB" });
  const refused = { code: "ERROR_NO_SUCH_PROTOCOL" };
  await assert.rejects(client.negotiateProxy([wrong], address), {
    ...refused,
    message: `${address} does not serve test.Proto: it does not know the Java interface org.example.WrongPB`,
  });
  const bare = protobuf<Old>({ source, protocolName: "test.Bare", service: "Old", version: 1 });
  await assert.rejects(client.isMethodSupported(client.getProxy(bare, address), "hello"), {
    ...refused,
    message:
      `${address} does not serve test.Bare: it does not know the Java interface test.Bare: ` +
      "if its Java interface has another name, as those of Hadoop have (...PB), give that to protobuf({ javaInterface })",
  });
});

test("a client built for a newer interface can ask before it calls", async (t) => {
  const address = await serve(t);
  await using client = createClient({ user: "alice" });
  const avroProxy = client.getProxy(AvroV2Grown, address);
  assert.equal(await client.isMethodSupported(avroProxy, "hello"), true);
  assert.equal(await client.isMethodSupported(avroProxy, "bye"), false);
  const writableProxy = client.getProxy(WritableV2Grown, address);
  assert.equal(await client.isMethodSupported(writableProxy, "helloWorld"), true);
  assert.equal(await client.isMethodSupported(writableProxy, "bye"), false);
  assert.equal(await client.isMethodSupported(client.getProxy(WritableV2, address), "helloWorld"), true);
  const protoProxy = client.getProxy(ProtoV2Grown, address);
  // Hashes travel unsigned: one is below zero.
  const signs = ["hello", "nod"].map((name) => Math.sign(ProtoV2Grown.methods.get(name)?.hash ?? 0));
  assert.deepEqual(signs, [1, -1]);
  assert.equal(await client.isMethodSupported(protoProxy, "hello"), true);
  assert.equal(await client.isMethodSupported(protoProxy, "nod"), true);
  assert.equal(await client.isMethodSupported(protoProxy, "bye"), false);
  assert.equal(await client.isMethodSupported(client.getProxy(ProtoV2Other, address), "hello"), false);
  await assert.rejects(client.isMethodSupported(client.getProxy(AvroV3, address), "hello"), {
    code: "ERROR_RPC_VERSION_MISMATCH",
  });
});

test("what is asked about must be a proxy, and a method of its protocol", async () => {
  await using client = createClient({ user: "alice" });
  const proxy = client.getProxy(AvroV1, "127.0.0.1:1");
  await assert.rejects(client.isMethodSupported(proxy, "missing" as "hello"), {
    code: "BAD_ARGUMENT",
    message: /no method missing/,
  });
  await assert.rejects(client.isMethodSupported({ hello: 1 }, "hello"), {
    code: "BAD_ARGUMENT",
    message: /expected a proxy/,
  });
});

test("a server of ours aborts the handler of a call that its caller gave up", async (t) => {
  let started: () => void = () => undefined;
  let aborted: () => void = () => undefined;
  const running = new Promise<void>((resolve) => {
    started = resolve;
  });
  const seen = new Promise<void>((resolve) => {
    aborted = resolve;
  });
  const service = implement(AvroV1, {
    hello: (_name, call) =>
      new Promise<string>((_resolve, reject) => {
        call.signal.addEventListener("abort", () => {
          aborted();
          reject(new Error("aborted"));
        });
        started();
      }),
  });
  const server = await createServer({ bindAddress: "127.0.0.1", port: 0, services: [service] }).start();
  t.after(() => server.stop());
  await using client = createClient({ user: "alice" });
  const controller = new AbortController();
  const call = client.getProxy(AvroV1, `127.0.0.1:${server.port}`).hello("king", { signal: controller.signal });
  await running;
  controller.abort();
  await assert.rejects(call, { code: "CALL_CANCELLED" });
  await seen;
});
