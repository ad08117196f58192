/** Calls of the Writable engine over the wire: what is served, and what is refused with which answer. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { implement, type Server } from "../../daemon/index.js";
import { writable } from "../../protocol/index.js";
import { type ByteBuilder, bytes } from "../helpers/byte-builder.js";
import { RPC_SERVER_EXCEPTION } from "../helpers/refusals.js";
import { CLIENT_ID, invocation, opening, requestFrame } from "../helpers/requests.js";
import { settled, startServer, TestPeer } from "../helpers/test-server.js";

describe("calls of the Writable engine", () => {
  const Versioned = (version: number) =>
    writable({
      protocol: "demo.MyInterface",
      version,
      methods: { helloWorld: { parameters: ["java.lang.String"], returns: "java.lang.String" } },
    });
  let own: Server;
  before(async () => {
    const services = [1001, 1002].map((version) =>
      implement(Versioned(version), { helloWorld: (name) => `${version}:${name}` }),
    );
    own = await startServer({ services });
  });
  after(() => own.stop());

  /** The answer to one Invocation on a connection that is open for `protocol`. */
  async function invoke(
    body: ByteBuilder | Uint8Array,
    protocol = "demo.MyInterface",
  ): Promise<{ peer: TestPeer; answer: ReturnType<TestPeer["answers"]>[0] }> {
    const peer = new TestPeer(own);
    peer.send(opening(protocol), requestFrame({ rpcKind: 1, callId: 6 }, body));
    await settled();
    const [answer] = peer.answers();
    assert.ok(answer !== undefined);
    return { peer, answer };
  }

  test("go to the version that they name", async () => {
    for (const version of [1001, 1002]) {
      const { answer } = await invoke(invocation("demo.MyInterface", version, "helloWorld", "hi"));
      assert.equal(
        answer.payload.toString("hex"),
        bytes().string16("java.lang.String").string16(`${version}:hi`).build().toString("hex"),
      );
    }
  });

  const refusals: readonly [string, ByteBuilder, number, string, string][] = [
    [
      "a protocol that is not served: code 4, not 3",
      invocation("no.Such", 1, "m"),
      4,
      RPC_SERVER_EXCEPTION,
      "Unknown protocol: no.Such",
    ],
    [
      "a version that is not served: both numbers, the server's highest",
      invocation("demo.MyInterface", 7, "helloWorld", "hi"),
      6,
      "org.apache.hadoop.ipc.RPC$VersionMismatch",
      "Protocol demo.MyInterface version mismatch. (client = 7, server = 1002)",
    ],
    [
      "another version of the engine",
      bytes().int64(3n).string16("demo.MyInterface").string16("helloWorld").int64(1001n).int32(0).int32(0),
      4,
      RPC_SERVER_EXCEPTION,
      "WritableRpc version mismatch, client side version=3, server side version=2",
    ],
  ];
  for (const [name, body, code, javaClass, message] of refusals) {
    test(`are refused one by one: ${name}`, async () => {
      const { peer, answer } = await invoke(body);
      assert.deepEqual(
        [answer.status, answer.errorDetail, answer.exceptionClassName, answer.errorMsg],
        [1, code, javaClass, message],
      );
      assert.deepEqual([answer.callId, answer.clientId], [6, CLIENT_ID]);
      assert.equal(peer.stream.ended, false);
    });
  }

  test("are refused one by one: a method that the interface lacks", async () => {
    const { peer, answer } = await invoke(invocation("demo.MyInterface", 1001, "nowhere", "hi"));
    assert.deepEqual([answer.status, answer.errorDetail, answer.exceptionClassName], [1, 1, "java.io.IOException"]);
    assert.match(
      String(answer.errorMsg),
      /^java\.lang\.NoSuchMethodException: demo\.MyInterface\.nowhere\(java\.lang\.String\)/,
    );
    assert.equal(peer.stream.ended, false);
  });

  test("whose Invocation cannot be decoded end the connection with code 13", async () => {
    const { peer, answer } = await invoke(
      invocation("demo.MyInterface", 1001, "helloWorld", "hi").build().subarray(0, 40),
    );
    assert.deepEqual(
      [answer.status, answer.errorDetail, answer.exceptionClassName, answer.clientId?.length],
      [2, 13, RPC_SERVER_EXCEPTION, 0],
    );
    assert.match(String(answer.errorMsg), /^IPC server unable to read call parameters: /);
    assert.equal(peer.stream.ended, true);
  });

  test("of VersionedProtocol go by the protocol of the connection", async () => {
    const body = bytes()
      .int64(2n)
      .string16("org.apache.hadoop.ipc.VersionedProtocol")
      .string16("getProtocolVersion")
      .int64(0n)
      .int32(0)
      .int32(2);
    body.string16("java.lang.String").string16("whatever").string16("long").int64(1n);
    const { answer } = await invoke(body);
    assert.equal(answer.payload.toString("hex"), bytes().string16("long").int64(1002n).build().toString("hex"));
    const elsewhere = await invoke(body, "no.Such");
    assert.deepEqual([elsewhere.answer.errorDetail, elsewhere.answer.errorMsg], [4, "Unknown protocol: no.Such"]);
  });
});
