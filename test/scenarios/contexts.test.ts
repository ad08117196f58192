/** Connection contexts: whom a connection is for, and which are refused. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Server } from "../../daemon/index.js";
import { WIRE } from "../golden/wire.js";
import { type ByteBuilder, bytes, hex } from "../helpers/byte-builder.js";
import { encodeHadoopDelimited, type FieldValues } from "../helpers/hadoop-proto.js";
import { assertRefused, parseError, TRUNCATED, WRONG_WIRE_TYPE } from "../helpers/refusals.js";
import { PREAMBLE, requestFrame, textCall } from "../helpers/requests.js";
import { settled, startServer, TEXT_PROTOCOL, TestPeer } from "../helpers/test-server.js";

let server: Server;
before(async () => {
  server = await startServer();
});
after(() => server.stop());

describe("a connection context", () => {
  /** What a method knows of its user on a connection that was opened with this context. */
  async function userOf(context: FieldValues): Promise<unknown> {
    const users: unknown[] = [];
    await using own = await startServer({
      handlers: { who: (call) => String(users.push((call as { user: unknown }).user)) },
    });
    const peer = new TestPeer(own);
    const frame = requestFrame(
      { rpcKind: 2, callId: -3, retryCount: -1 },
      encodeHadoopDelimited("IpcConnectionContextProto", context),
    );
    peer.send(PREAMBLE, frame, textCall(0, "who"));
    await settled();
    assert.equal(peer.answers().length, 1, "the context itself is not answered");
    return users[0];
  }

  test("names the user", async () => {
    const user = await userOf({ userInfo: { effectiveUser: "alice" }, protocol: TEXT_PROTOCOL });
    assert.deepEqual(user, { name: "alice", authMethod: "SIMPLE" });
  });

  test("may name none", async () => {
    for (const userInfo of [undefined, {}, { realUser: "root" }]) {
      assert.equal(await userOf({ userInfo, protocol: TEXT_PROTOCOL }), undefined);
    }
  });

  test("may name a protocol that is not served: its calls are answered so, one by one", async () => {
    for (const protocol of ["no.Such", undefined]) {
      const peer = new TestPeer(server);
      const body = encodeHadoopDelimited("IpcConnectionContextProto", {
        userInfo: { effectiveUser: "alice" },
        protocol,
      });
      peer.send(
        PREAMBLE,
        requestFrame({ rpcKind: 2, callId: -3, retryCount: -1 }, body),
        textCall(0, "echo"),
        textCall(1, "echo"),
      );
      await settled();
      assert.deepEqual(
        peer.answers().map(({ errorDetail }) => errorDetail),
        [3, 3],
      );
    }
  });

  test("may have bytes behind it in its frame", async () => {
    const body = bytes()
      .bytes(encodeHadoopDelimited("IpcConnectionContextProto", { protocol: TEXT_PROTOCOL }))
      .hex("ffff");
    const peer = new TestPeer(server);
    peer.send(PREAMBLE, requestFrame({ rpcKind: 2, callId: -3, retryCount: -1 }, body), textCall(0, "echo", ["hi"]));
    await settled();
    assert.deepEqual(peer.texts(), ["hi"]);
  });

  test("as a Java client sends it opens a connection", async () => {
    await using own = await startServer({ services: [] });
    const peer = new TestPeer(own);
    peer.send(hex(WIRE.preamble), hex(WIRE.context), hex(WIRE.ping));
    await settled();
    assert.equal(peer.stream.received.length, 0);
    assert.equal(peer.stream.ended, false);
  });

  test("in which one user acts for another is refused with code 15", async () => {
    const context = { userInfo: { effectiveUser: "alice", realUser: "mallory" }, protocol: TEXT_PROTOCOL };
    const refusal = {
      callId: -3,
      retryCount: -1,
      code: 15,
      javaClass: "org.apache.hadoop.security.authorize.AuthorizationException",
      message: "User: mallory is not allowed to impersonate alice",
    };
    const frame = requestFrame(
      { rpcKind: 2, callId: -3, retryCount: -1 },
      encodeHadoopDelimited("IpcConnectionContextProto", context),
    );
    await assertRefused(server, refusal, PREAMBLE, frame);
  });

  const undecodable: readonly [string, ByteBuilder, string][] = [
    ["that is missing", bytes(), TRUNCATED],
    ["that is cut short", bytes().hex("7f 1207"), TRUNCATED],
    ["whose user is longer than it", bytes().hex("04 127f 0a00"), TRUNCATED],
    ["with wire type 6", bytes().hex("01 16"), WRONG_WIRE_TYPE],
  ];
  for (const [name, body, message] of undecodable) {
    test(`${name} is refused with code 13`, async () => {
      const refusal = {
        callId: -3,
        retryCount: -1,
        code: 13,
        message: `Error decoding IpcConnectionContextProto: ${parseError(message)}`,
      };
      await assertRefused(server, refusal, PREAMBLE, requestFrame({ rpcKind: 2, callId: -3, retryCount: -1 }, body));
    });
  }
});
