/** Request headers, reserved call ids and pings: what is refused, with exact bytes, and what is let through. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createServer, implement, type Server } from "../../daemon/index.js";
import { writable } from "../../protocol/index.js";
import { type ByteBuilder, bytes, hex } from "../helpers/byte-builder.js";
import type { FieldValues } from "../helpers/hadoop-proto.js";
import { assertRefused, fatalFrame, parseError, TRUNCATED, WRONG_WIRE_TYPE } from "../helpers/refusals.js";
import { CLIENT_ID, contextFrame, opening, PREAMBLE, pingFrame, requestFrame, textCall } from "../helpers/requests.js";
import { openPeer, settled, startServer, TEXT_PROTOCOL, TestPeer } from "../helpers/test-server.js";

let server: Server;
before(async () => {
  server = await startServer();
});
after(() => server.stop());

const OPEN = opening(TEXT_PROTOCOL);

describe("a header that cannot be decoded is refused on call id -1 with code 13", () => {
  const undecodable: readonly [string, ByteBuilder, string][] = [
    ["an empty frame body", bytes(), TRUNCATED],
    ["a header without anything", bytes().hex("00"), "Message missing required fields: callId, clientId"],
    [
      "a header without a call id",
      bytes().delimited(bytes().hex("0800 1000 2201ff")),
      "Message missing required fields: callId",
    ],
    [
      "a header without a client id",
      bytes().delimited(bytes().hex("0800 1000 1800")),
      "Message missing required fields: clientId",
    ],
    [
      "a caller context without its text",
      bytes().delimited(bytes().hex("1800 2200 3a00")),
      "Message missing required fields: callerContext.context",
    ],
    ["a header that is longer than its frame", bytes().hex("7f 0801"), TRUNCATED],
    ["a header whose last field is cut short", bytes().delimited(bytes().hex("1800 227f")), TRUNCATED],
    [
      "a field with number 0",
      bytes().delimited(bytes().hex("0000")),
      "Protocol message contained an invalid tag (zero).",
    ],
    ["a field with wire type 7", bytes().delimited(bytes().hex("0f")), WRONG_WIRE_TYPE],
    [
      "a varint of eleven bytes",
      bytes().delimited(bytes().hex("18 ffffffffffffffffffff 01")),
      "CodedInputStream encountered a malformed varint.",
    ],
    [
      "a header of negative length",
      bytes().hex("ffffffff0f"),
      "CodedInputStream encountered an embedded string or message which claimed to have negative size.",
    ],
  ];
  for (const [name, body, message] of undecodable) {
    test(name, async () => {
      const refusal = {
        callId: -1,
        retryCount: -1,
        code: 13,
        message: `Error decoding RpcRequestHeaderProto: ${parseError(message)}`,
      };
      await assertRefused(server, refusal, OPEN, bytes().frame(body).build());
    });
  }
});

describe("a header that breaks a rule is refused on its own call id and retry count with code 12", () => {
  const faults: readonly [string, FieldValues, string][] = [
    ["no operation", { rpcOp: undefined }, " IPC Server: No rpc op in rpcRequestHeader"],
    ["an operation that nobody has defined", { rpcOp: 9 }, " IPC Server: No rpc op in rpcRequestHeader"],
    ["operation 1", { rpcOp: 1 }, "IPC Server does not implement rpc header operationRPC_CONTINUATION_PACKET"],
    ["operation 2", { rpcOp: 2 }, "IPC Server does not implement rpc header operationRPC_CLOSE_CONNECTION"],
    ["no kind", { rpcKind: undefined }, " IPC Server: No rpc kind in rpcRequestHeader"],
    ["a kind that nobody has defined", { rpcKind: 7 }, " IPC Server: No rpc kind in rpcRequestHeader"],
    [
      "no operation and no kind",
      { rpcOp: undefined, rpcKind: undefined },
      " IPC Server: No rpc op in rpcRequestHeader",
    ],
    ["a kind of which nothing is served, Writable", { rpcKind: 1 }, "Unknown rpc kind in rpc headerRPC_WRITABLE"],
    ["call id -1", { callId: -1 }, "Unknown out of band call #-1"],
    ["call id -2", { callId: -2 }, "Unknown out of band call #-2"],
    ["call id -5", { callId: -5 }, "Unknown out of band call #-5"],
    ["call id -32", { callId: -32 }, "Unknown out of band call #-32"],
    ["the lowest call id", { callId: -(2 ** 31) }, `Unknown out of band call #${-(2 ** 31)}`],
    [
      "a bad operation on a ping",
      { callId: -4, rpcOp: 2 },
      "IPC Server does not implement rpc header operationRPC_CLOSE_CONNECTION",
    ],
    ["a SASL message on a connection without SASL", { callId: -33 }, "SASL protocol not requested by client"],
  ];
  for (const [name, fields, message] of faults) {
    test(name, async () => {
      const header = { callId: 7, retryCount: 3, ...fields };
      await assertRefused(
        server,
        { callId: header.callId, retryCount: 3, code: 12, message },
        OPEN,
        requestFrame(header, hex("02 1001")),
      );
    });
  }

  test("builtin, of which a server that has only Writable serves nothing", async () => {
    const Echo = writable({ protocol: "a.B", version: 1, methods: { m: { returns: "void" } } });
    await using other = await createServer({ port: 0, services: [implement(Echo, { m: () => {} })] }).start();
    const peer = new TestPeer(other);
    peer.send(opening("a.B"), requestFrame({ rpcKind: 0, callId: 1 }));
    await settled();
    const refusal = { callId: 1, retryCount: 0, code: 12, message: "Unknown rpc kind in rpc headerRPC_BUILTIN" };
    assert.equal(peer.stream.received.toString("hex"), fatalFrame(refusal).toString("hex"));
  });

  test("a call before the context", async () => {
    await assertRefused(
      server,
      { callId: 4, retryCount: 0, code: 12, message: "Connection context not established" },
      PREAMBLE,
      textCall(4, "echo", ["early"]),
    );
  });

  test("a second context", async () => {
    const refusal = { callId: -3, retryCount: -1, code: 12, message: "Connection context already processed" };
    await assertRefused(server, refusal, OPEN, contextFrame(TEXT_PROTOCOL));
  });

  test("a second context behind calls", async () => {
    const peer = openPeer(server);
    peer.send(textCall(1, "echo", ["hi"]));
    await settled();
    peer.send(contextFrame(TEXT_PROTOCOL));
    await settled();
    const [answer, refusal] = peer.answers();
    assert.equal(answer?.text, "hi");
    assert.deepEqual([refusal?.callId, refusal?.errorMsg], [-3, "Connection context already processed"]);
  });
});

test("an error that costs only its call leaves the connection open", async () => {
  const peer = openPeer(server);
  peer.send(textCall(1, "nowhere"), textCall(2, "echo", ["hi"]));
  await settled();
  const [failed, answer] = peer.answers();
  assert.deepEqual([failed?.callId, failed?.status, failed?.errorDetail], [1, 1, 2]);
  assert.deepEqual(failed?.clientId, CLIENT_ID);
  assert.equal(answer?.text, "hi");
  assert.equal(peer.stream.ended, false);
});

describe("call id, retry count and client id", () => {
  const ids: readonly FieldValues[] = [
    { callId: 0, retryCount: 0 },
    { callId: 2 ** 31 - 1, retryCount: 2 ** 31 - 1 },
    { callId: 1, retryCount: -1 },
    { callId: 1, retryCount: -(2 ** 31) },
    { callId: 1, clientId: Buffer.alloc(0) },
    { callId: 1, clientId: Buffer.of(7) },
    { callId: 1, clientId: Buffer.alloc(90, 3) },
  ];
  for (const fields of ids) {
    test(`come back as they were sent: ${JSON.stringify(fields)}`, async () => {
      for (const method of ["echo", "nowhere"]) {
        const peer = openPeer(server);
        peer.send(requestFrame(fields, bytes().delimited(Buffer.from(method)).delimited(Buffer.from("hi"))));
        await settled();
        const [answer] = peer.answers();
        assert.deepEqual(
          [answer?.callId, answer?.retryCount, answer?.clientId],
          [fields.callId, fields.retryCount ?? 0, fields.clientId ?? CLIENT_ID],
        );
      }
    });
  }

  test("without a retry count, -1 comes back", async () => {
    const peer = openPeer(server);
    peer.send(
      requestFrame({ retryCount: undefined }, bytes().delimited(Buffer.from("echo")).delimited(Buffer.from("hi"))),
    );
    await settled();
    assert.equal(peer.answers()[0]?.retryCount, -1);
  });

  test("of several clients on one connection are not mixed up", async () => {
    const peer = openPeer(server);
    const body = bytes().delimited(Buffer.from("echo")).delimited(Buffer.from("hi"));
    const clientIds = [1, 2, 1, 3, 3, 1].map((n) => Buffer.alloc(16, n));
    peer.send(Buffer.concat(clientIds.map((clientId, callId) => requestFrame({ callId, clientId }, body))));
    await settled();
    assert.deepEqual(
      peer.answers().map(({ clientId }) => clientId),
      clientIds,
    );
  });
});

describe("fields that others send", () => {
  test("caller context, trace, state and fields that nobody has defined change nothing", async () => {
    const peer = openPeer(server);
    const header = {
      callId: 5,
      callerContext: { context: "job_1", signature: Buffer.of(1) },
      traceInfo: { traceId: 1n, parentId: -1n, spanContext: Buffer.of(2) },
      stateId: -5n,
      routerFederatedState: Buffer.of(3),
    };
    const unknown = bytes().hex("1002 1000").hex("0800 180c 2200 2800 d23e 02 0102 d83e 05 d33e 0807 d43e");
    const body = bytes().delimited(Buffer.from("echo")).delimited(Buffer.from("hi"));
    peer.send(requestFrame(header, body), bytes().frame(bytes().delimited(unknown).bytes(body)).build());
    await settled();
    assert.deepEqual(
      peer.answers().map(({ callId, text }) => [callId, text]),
      [
        [5, "hi"],
        [6, "hi"],
      ],
    );
  });

  test("the caller context reaches the method", async () => {
    const seen: unknown[] = [];
    await using own = await startServer({
      handlers: {
        see: (call) => {
          seen.push((call as { callerContext: unknown }).callerContext);
          return "";
        },
      },
    });
    const peer = openPeer(own);
    const body = bytes().delimited(Buffer.from("see"));
    peer.send(
      requestFrame({ callerContext: { context: "job_1", signature: Buffer.of(1) } }, body),
      requestFrame({ callId: 1 }, body),
    );
    await settled();
    assert.deepEqual(seen, [{ context: "job_1", signature: Buffer.of(1) }, undefined]);
  });
});

describe("a ping", () => {
  test("is never answered, before the context or behind it", async () => {
    const peer = new TestPeer(server);
    peer.send(
      PREAMBLE,
      pingFrame(),
      pingFrame(),
      contextFrame(TEXT_PROTOCOL),
      pingFrame(),
      textCall(1, "echo", ["hi"]),
      pingFrame(),
    );
    await settled();
    assert.deepEqual(peer.texts(), ["hi"]);
    assert.equal(peer.stream.ended, false);
  });
});

describe("a one-way call", () => {
  test("runs and is never answered, not even with an error", async () => {
    const seen: unknown[] = [];
    const handlers = {
      note: (text: unknown) => void seen.push(text),
      fail: () => assert.fail("nobody hears this"),
      echo: (text: unknown) => text,
    };
    await using own = await startServer({ handlers, oneWay: ["note", "fail"] });
    const peer = openPeer(own);
    peer.send(textCall(1, "note", ["a"]), textCall(2, "fail"), textCall(3, "echo", ["hi"]));
    await settled();
    assert.deepEqual(peer.texts(), ["hi"]);
    assert.deepEqual(seen, ["a"]);
  });
});
