import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_DECODE_LIMITS } from "../../../../protocol/engine.js";
import { parseProto, protobuf, protobufEngine } from "../../../../protocol/engines/protobuf.js";
import { JAVA_CLASS } from "../../../../protocol/rpc-error.js";
import { ByteReader } from "../../../../protocol/wire/byte-reader.js";
import { bytes, hex } from "../../../helpers/byte-builder.js";
import { bytesOf, methodOf, readerOf, serve } from "../../../helpers/sessions.js";
import { errorOf, openServer, requestBytes } from "./loop.js";

const source = await parseProto({
  "echo.proto": `
    syntax = "proto2";
    package demo;
    message EchoProto { required string text = 1; }
    message EmptyProto {}
    service EchoService {
      rpc echo(EchoProto) returns (EchoProto);
      rpc ping(EmptyProto) returns (EmptyProto);
    }`,
});
const options = { source, service: "EchoService", protocolName: "demo.Echo" };
const Echo = protobuf({ ...options, version: 1 });
const EchoV3 = protobuf({ ...options, version: 3 });
const handlers = { echo: ({ text }: { text: string }) => ({ text: `${text}!` }), ping: () => undefined };

/** The request and response bodies of the wire specification's example, without their headers. */
const REQUEST = hex("13 0a04 6563686f 1209 64656d6f2e4563686f 1801 04 0a02 6869");
const RESPONSE = hex("04 0a02 6869");

test("a call has the bytes that Hadoop's client and server give it", () => {
  const client = protobufEngine.openClient(DEFAULT_DECODE_LIMITS);
  const sent = bytesOf((out) => client.writeRequest(Echo, methodOf(Echo, "echo"), [{ text: "hi" }], out));
  assert.equal(sent.toString("hex"), REQUEST.toString("hex"));
  const request = openServer(serve(Echo, handlers)).readRequest(readerOf(REQUEST), "demo.Echo");
  assert.equal(request.method.name, "echo");
  assert.equal(request.protocol, Echo);
  assert.deepEqual(request.readArguments(), [{ text: "hi" }]);
  assert.equal(bytesOf((out) => request.writeResult({ text: "hi" }, out)).toString("hex"), RESPONSE.toString("hex"));
  assert.deepEqual(client.readResult(Echo, methodOf(Echo, "echo"), readerOf(RESPONSE)), { text: "hi" });
});

test("a message without fields is one byte, whether it is given or not", () => {
  const client = protobufEngine.openClient(DEFAULT_DECODE_LIMITS);
  const ping = methodOf(Echo, "ping");
  for (const args of [[], [{}], [undefined]]) {
    const sent = bytesOf((out) => client.writeRequest(Echo, ping, args, out));
    assert.equal(sent.toString("hex"), requestBytes("demo.Echo", 1, "ping", Buffer.alloc(0)).toString("hex"));
  }
  const request = openServer(serve(Echo, handlers)).readRequest(
    readerOf(requestBytes("demo.Echo", 1, "ping", Buffer.alloc(0))),
    "",
  );
  assert.deepEqual(request.readArguments(), [{}]);
  for (const result of [undefined, {}]) {
    assert.equal(bytesOf((out) => request.writeResult(result, out)).toString("hex"), "00");
  }
});

test("what is not served is told in Hadoop's words, each after the other: protocol, version, method, parameter", () => {
  const session = openServer(serve(Echo, handlers), serve(EchoV3, handlers));
  const none = Buffer.alloc(0);
  const answer = (request: Buffer): unknown => {
    const { code, fatal, javaClass, message } = errorOf(() =>
      session.readRequest(readerOf(request), "demo.Connection").readArguments(),
    );
    return { code, fatal, javaClass, message };
  };
  assert.deepEqual(answer(requestBytes("demo.None", 9, "none", none)), {
    code: "ERROR_NO_SUCH_PROTOCOL",
    fatal: false,
    javaClass: JAVA_CLASS.noSuchProtocol,
    message: "Unknown protocol: demo.None",
  });
  const mismatch = (asked: string): unknown => ({
    code: "ERROR_RPC_VERSION_MISMATCH",
    fatal: false,
    javaClass: JAVA_CLASS.versionMismatch,
    message: `Protocol demo.Echo version mismatch. (client = ${asked}, server = 3)`,
  });
  assert.deepEqual(answer(requestBytes("demo.Echo", 2, "none", none)), mismatch("2"));
  assert.deepEqual(answer(requestBytes("demo.Echo", 2n ** 53n + 1n, "echo", none)), mismatch("9007199254740993"));
  assert.deepEqual(answer(requestBytes("demo.Echo", -1, "echo", none)), mismatch("-1"));
  assert.deepEqual(answer(requestBytes("demo.Echo", 1, "none", none)), {
    code: "ERROR_NO_SUCH_METHOD",
    fatal: false,
    javaClass: JAVA_CLASS.noSuchMethod,
    message: "Unknown method none called on demo.Connection protocol.",
  });
  assert.deepEqual(answer(requestBytes("demo.Echo", 3, "echo", none)), {
    code: "ERROR_APPLICATION",
    fatal: false,
    javaClass: JAVA_CLASS.invalidProtobuf,
    message: "Message missing required fields: text",
  });
});

test("names that every object has are names of no protocol and no method", () => {
  const session = openServer(serve(Echo, handlers));
  for (const name of ["__proto__", "constructor", "toString"]) {
    const unknown = requestBytes(name, 1, "echo", Buffer.alloc(0));
    assert.equal(errorOf(() => session.readRequest(readerOf(unknown), "")).code, "ERROR_NO_SUCH_PROTOCOL");
    const method = requestBytes("demo.Echo", 1, name, Buffer.alloc(0));
    assert.equal(errorOf(() => session.readRequest(readerOf(method), "")).code, "ERROR_NO_SUCH_METHOD");
  }
});

test("a malformed request header is an error of its call", () => {
  const session = openServer(serve(Echo, handlers));
  const head = (content: string): Buffer => bytes().delimited(hex(content)).bytes(RESPONSE).build();
  const cases: [Buffer, RegExp][] = [
    [Buffer.alloc(0), /input ended unexpectedly/],
    [hex("05 0a04"), /input ended unexpectedly/],
    [hex("ffffffff0f"), /negative size/],
    [head(""), /^Message missing required fields: methodName, declaringClassProtocolName, clientProtocolVersion$/],
    [head("0a046563686f"), /^Message missing required fields: declaringClassProtocolName, clientProtocolVersion$/],
    [head("0f"), /invalid wire type/],
    [head("00"), /invalid tag/],
  ];
  for (const [request, text] of cases) {
    const error = errorOf(() => session.readRequest(readerOf(request), ""));
    assert.equal(error.code, "ERROR_APPLICATION", request.toString("hex"));
    assert.ok(error.javaClass.startsWith(JAVA_CLASS.invalidProtobuf), error.javaClass);
    assert.match(error.message, text);
  }
  assert.deepEqual(session.readRequest(readerOf(REQUEST), "").readArguments(), [{ text: "hi" }]);
});

test("a request is never taken for another one because its first bytes are known", () => {
  for (const calledBefore of [false, true]) {
    const session = openServer(serve(Echo, handlers));
    if (calledBefore) session.readRequest(readerOf(REQUEST), "");
    for (let end = 0; end < REQUEST.length; end++) {
      const cut = REQUEST.subarray(0, end);
      const error = errorOf(() => session.readRequest(readerOf(cut), "").readArguments());
      assert.equal(error.code, "ERROR_APPLICATION", `cut at ${end}`);
    }
    for (let at = 1; at < 20; at++) {
      const changed = Buffer.from(REQUEST);
      changed[at] = (changed[at] as number) ^ 0x01;
      assert.throws(() => session.readRequest(readerOf(changed), "").readArguments(), `byte ${at}`);
    }
  }
});

test("headers in another order, with unknown fields and repeated ones are understood", () => {
  const session = openServer(serve(Echo, handlers));
  const head = bytes()
    .hex("1807")
    .field(1000, "extension")
    .field(2, "demo.Echo")
    .field(1, "ping")
    .field(1, "echo")
    .hex("1801");
  const request = bytes().delimited(head).bytes(RESPONSE).build();
  for (let i = 0; i < 2; i++) {
    assert.deepEqual(session.readRequest(readerOf(request), "").readArguments(), [{ text: "hi" }]);
  }
});

test("a connection that calls more methods than are remembered is served all the same", () => {
  const fields = [{ name: "text", number: 1, type: "string" }];
  const names = Array.from({ length: 40 }, (_, i) => `method${i}`);
  const many = protobuf({
    protocol: "demo.Many",
    version: 1,
    service: "demo.Many",
    methods: names.map((name) => ({ name, request: "demo.M", response: "demo.M" })),
    messages: [{ name: "demo.M", fields }],
    enums: [],
  });
  const session = openServer(serve(many, Object.fromEntries(names.map((name) => [name, () => undefined]))));
  for (let round = 0; round < 3; round++) {
    for (const name of names) {
      const request = session.readRequest(readerOf(requestBytes("demo.Many", 1, name, hex("0a0161"))), "");
      assert.equal(request.method.name, name);
      assert.deepEqual(request.readArguments(), [{ text: "a" }]);
    }
  }
});

test("what is remembered of a request does not lie in its buffer", () => {
  const session = openServer(serve(Echo, handlers));
  const buffer = Buffer.from(REQUEST);
  session.readRequest(new ByteReader(buffer), "");
  buffer.fill(0);
  buffer.set(requestBytes("demo.Echo", 1, "none", Buffer.alloc(0)));
  assert.equal(errorOf(() => session.readRequest(new ByteReader(buffer), "")).code, "ERROR_NO_SUCH_METHOD");
  assert.equal(errorOf(() => session.readRequest(readerOf(Buffer.alloc(64)), "")).code, "ERROR_APPLICATION");
});

test("bytes behind the parameter are left alone, and its bytes may be read later", () => {
  const session = openServer(serve(Echo, handlers));
  const first = session.readRequest(readerOf(Buffer.concat([REQUEST, hex("ffff")])), "");
  const second = session.readRequest(readerOf(requestBytes("demo.Echo", 1, "echo", hex("0a0162"))), "");
  assert.deepEqual(second.readArguments(), [{ text: "b" }]);
  assert.deepEqual(first.readArguments(), [{ text: "hi" }]);
});

test("a result that does not fit is the server's own error, naming the place", () => {
  const request = openServer(serve(Echo, handlers)).readRequest(new ByteReader(REQUEST), "");
  const fault = (value: unknown): string => {
    const error = errorOf(() => bytesOf((out) => request.writeResult(value, out)));
    assert.equal(error.code, "ERROR_SERIALIZING_RESPONSE");
    return error.message;
  };
  assert.equal(fault(undefined), "demo.Echo.echo: Message missing required fields: text");
  assert.equal(fault({ text: 5 }), "demo.Echo.echo: the result.text must be string, got 5");
  assert.equal(fault(null), "demo.Echo.echo: the result must be an object (EchoProto), got null");
  assert.equal(fault("hi"), 'demo.Echo.echo: the result must be an object (EchoProto), got "hi"');
});
