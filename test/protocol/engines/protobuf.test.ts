/** The protobuf engine as part of a server and a client. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "../../../client/index.js";
import { implement } from "../../../daemon/index.js";
import { parseProto, protobuf } from "../../../protocol/engines/protobuf.js";
import { JAVA_CLASS, RemoteError, RpcError } from "../../../protocol/rpc-error.js";
import { bytes, hex } from "../../helpers/byte-builder.js";
import { CLIENT_ID, opening, requestFrame } from "../../helpers/requests.js";
import { settled, startServer, TestPeer } from "../../helpers/test-server.js";
import { errorOf, requestBytes } from "./protobuf/loop.js";

interface EchoProto {
  readonly text: string;
}

const source = await parseProto({
  "echo.proto": `
    syntax = "proto2";
    package demo;
    message EchoProto { required string text = 1; optional EchoProto inner = 2; }
    service EchoService { rpc echo(EchoProto) returns (EchoProto); rpc fail(EchoProto) returns (EchoProto); }`,
});
type EchoCalls = { echo: (request: EchoProto) => EchoProto; fail: (request: EchoProto) => EchoProto };
const Echo = protobuf<EchoCalls>({ source, service: "EchoService", protocolName: "demo.Echo", version: 1 });
const service = implement(Echo, {
  echo: (request) => request,
  fail: ({ text }) => {
    throw new RpcError("ERROR_APPLICATION", text, { javaClass: "java.io.FileNotFoundException" });
  },
});

test("the frames of a call are those of the wire specification's example", async () => {
  await using server = await startServer({ services: [service] });
  const peer = new TestPeer(server);
  peer.send(opening("demo.Echo"));
  peer.send(
    hex(
      "00000034 1a0802100018002210000102030405060708090a0b0c0d0e0f2800 130a046563686f120964656d6f2e4563686f1801 040a026869",
    ),
  );
  await settled();
  assert.equal(
    peer.stream.received.toString("hex"),
    "000000201a0800100018093a10000102030405060708090a0b0c0d0e0f4000040a026869",
  );
});

test("whatever is wrong with a body, the call is answered and the connection lives", async () => {
  await using server = await startServer({ services: [service] });
  const peer = new TestPeer(server);
  peer.send(opening("demo.Connection"));
  const none = Buffer.alloc(0);
  const deep = (levels: number): Buffer => {
    let message = bytes().field(1, "x").build();
    for (let i = 0; i < levels; i++) message = bytes().field(1, "x").field(2, message).build();
    return message;
  };
  const parameter = (content: Uint8Array): Buffer => requestBytes("demo.Echo", 1, "echo", content);
  const bodies: [Buffer, number, string, RegExp][] = [
    [none, 1, JAVA_CLASS.invalidProtobuf, /^While parsing a protocol message/],
    [hex("00"), 1, JAVA_CLASS.invalidProtobuf, /^Message missing required fields: methodName, /],
    [requestBytes("demo.None", 1, "echo", none), 3, JAVA_CLASS.noSuchProtocol, /^Unknown protocol: demo\.None$/],
    [requestBytes("demo.Echo", 2, "echo", none), 6, JAVA_CLASS.versionMismatch, /\(client = 2, server = 1\)$/],
    [requestBytes("demo.Echo", 1, "none", none), 2, JAVA_CLASS.noSuchMethod, /called on demo\.Connection protocol\.$/],
    [parameter(none), 1, JAVA_CLASS.invalidProtobuf, /^Message missing required fields: text$/],
    [parameter(hex("0a0161 1200")), 1, JAVA_CLASS.invalidProtobuf, /^Message missing required fields: inner\.text$/],
    [parameter(hex("0801")), 1, JAVA_CLASS.invalidProtobuf, /^Message missing required fields: text$/],
    [parameter(hex("0a0161 2280808080808080808080 01")), 1, JAVA_CLASS.invalidProtobuf, /./],
    [parameter(hex("0a0161 20ffffffffffffffffffffff01")), 1, JAVA_CLASS.invalidProtobuf, /malformed varint/],
    [parameter(deep(101)), 1, JAVA_CLASS.invalidProtobuf, /too many levels of nesting/],
    [parameter(deep(5000)), 1, JAVA_CLASS.invalidProtobuf, /too many levels of nesting/],
    [parameter(Buffer.alloc(10_000, 0x23)), 1, JAVA_CLASS.invalidProtobuf, /too many levels of nesting/],
    [parameter(hex("0a0161 0f")), 1, `${JAVA_CLASS.invalidProtobuf}$InvalidWireTypeException`, /invalid wire type/],
  ];
  for (const [callId, [body, code, javaClass, text]] of bodies.entries()) {
    peer.send(requestFrame({ rpcKind: 2, callId }, body));
    await settled();
    const [answer] = peer.answers();
    assert.ok(answer, `no answer to ${body.toString("hex").slice(0, 100)}`);
    assert.deepEqual(
      [answer.callId, answer.status, answer.errorDetail, answer.exceptionClassName, answer.clientId?.toString("hex")],
      [callId, 1, code, javaClass, CLIENT_ID.toString("hex")],
    );
    assert.match(answer.errorMsg ?? "", text);
  }
  peer.send(requestFrame({ rpcKind: 2, callId: 99 }, parameter(deep(100))));
  await settled();
  assert.equal(peer.answers()[0]?.status, 0);
  assert.equal(peer.stream.closed, false);
});

test("a client calls a server, and gets what its methods throw", async () => {
  await using server = await startServer({ services: [service] });
  await using client = createClient();
  const echo = client.getProxy(Echo, `127.0.0.1:${server.port}`);
  assert.deepEqual(await echo.echo({ text: "hi" }), { text: "hi" });
  await assert.rejects(echo.fail({ text: "/a" }), (error: unknown) => {
    assert.ok(error instanceof RemoteError);
    assert.deepEqual([error.message, error.javaClass], ["/a", "java.io.FileNotFoundException"]);
    return true;
  });
  await assert.rejects(echo.echo({} as EchoProto), /Message missing required fields: text/);
  assert.deepEqual(await echo.echo({ text: "again" }, { timeoutMs: 5000 }), { text: "again" });
});

test("a declaration that JSON cannot hold is refused", () => {
  const round: Record<string, unknown> = {};
  round.round = round;
  assert.equal(errorOf(() => protobuf(round as never)).code, "BAD_DEFINITION");
});
