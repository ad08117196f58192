/** Clients that open with SASL, and a server that has only SIMPLE: exact bytes. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Server } from "../../daemon/index.js";
import { WIRE } from "../golden/wire.js";
import { hex } from "../helpers/byte-builder.js";
import { encodeHadoopDelimited, type FieldValues } from "../helpers/hadoop-proto.js";
import { RawClient } from "../helpers/raw-client.js";
import { fatalFrame, type Refusal } from "../helpers/refusals.js";
import { answersOf, contextFrame, PREAMBLE_SASL, pingFrame, requestFrame, textCall } from "../helpers/requests.js";
import { settled, startServer, TEXT_PROTOCOL, TestPeer } from "../helpers/test-server.js";

const SASL_EXCEPTION = "javax.security.sasl.SaslException";
const ACCESS_CONTROL = "org.apache.hadoop.security.AccessControlException";

let server: Server;
before(async () => {
  server = await startServer();
});
after(() => server.stop());

function saslFrame(message: FieldValues): Buffer {
  return requestFrame(
    { rpcKind: 2, callId: -33, clientId: Buffer.alloc(0), retryCount: -1 },
    encodeHadoopDelimited("RpcSaslProto", message),
  );
}

const NEGOTIATE = saslFrame({ state: 1 });
const SIMPLE = { method: "SIMPLE", mechanism: "" };
const TOKEN = { method: "TOKEN", mechanism: "DIGEST-MD5", protocol: "", serverId: "default" };
const SUCCESS = hex(WIRE.saslSimpleSuccess);

/** What comes back behind a SASL preamble, and whether the connection has ended. */
async function conversation(...frames: readonly Uint8Array[]): Promise<{ received: Buffer; ended: boolean }> {
  const peer = new TestPeer(server);
  peer.send(PREAMBLE_SASL, Buffer.concat([...frames, textCall(99, "echo", ["behind"])]));
  await settled();
  return { received: peer.stream.received, ended: peer.stream.ended };
}

test("NEGOTIATE is answered with SUCCESS, and the client goes on in the clear", async () => {
  await using client = await RawClient.connect(server.port);
  client.send(PREAMBLE_SASL, hex(WIRE.saslNegotiate));
  assert.equal((await client.frames(1)).toString("hex"), SUCCESS.toString("hex"));
  client.send(contextFrame(TEXT_PROTOCOL), pingFrame(), textCall(3, "echo", ["hi"]));
  const [answer] = answersOf(await client.frames(1));
  assert.deepEqual([answer?.callId, answer?.text], [3, "hi"]);
});

test("the user of a connection that was switched to SIMPLE is the one in its context", async () => {
  const users: unknown[] = [];
  await using own = await startServer({
    handlers: { who: (call) => String(users.push((call as { user: unknown }).user)) },
  });
  const peer = new TestPeer(own);
  peer.send(PREAMBLE_SASL, NEGOTIATE, contextFrame(TEXT_PROTOCOL, "bob"), textCall(0, "who"));
  await settled();
  assert.deepEqual(users, [{ name: "bob", authMethod: "SIMPLE" }]);
});

test("a client that does not wait for the answer to NEGOTIATE is served", async () => {
  const { received, ended } = await conversation(NEGOTIATE, contextFrame(TEXT_PROTOCOL));
  assert.deepEqual(received.subarray(0, SUCCESS.length), SUCCESS);
  assert.equal(answersOf(received.subarray(SUCCESS.length))[0]?.text, "behind");
  assert.equal(ended, false);
});

test("a client that guesses is told what there is, and may go on", async () => {
  const peer = new TestPeer(server);
  for (const auths of [[SIMPLE], [TOKEN]]) {
    const own = new TestPeer(server);
    own.send(PREAMBLE_SASL, saslFrame({ state: 2, auths, token: Buffer.alloc(0) }));
    await settled();
    assert.deepEqual(own.stream.received, SUCCESS);
    assert.equal(own.stream.ended, false);
  }
  peer.stream.destroy();
});

describe("a negotiation that breaks a rule ends the connection", () => {
  const cases: readonly [string, readonly Buffer[], Buffer, Refusal][] = [
    [
      "NEGOTIATE twice: the first has switched the connection to SIMPLE",
      [NEGOTIATE, NEGOTIATE],
      SUCCESS,
      { code: 12, message: "SASL protocol not requested by client" },
    ],
    [
      "NEGOTIATE after a guess",
      [saslFrame({ state: 2, auths: [TOKEN] }), NEGOTIATE],
      SUCCESS,
      { javaClass: ACCESS_CONTROL, code: 15, message: "Client already attempted negotiation" },
    ],
    [
      "a second guess",
      [saslFrame({ state: 2, auths: [TOKEN] }), saslFrame({ state: 2, auths: [TOKEN] })],
      SUCCESS,
      { javaClass: ACCESS_CONTROL, code: 15, message: "TOKEN authentication is not enabled.  Available:[SIMPLE]" },
    ],
    [
      "INITIATE without a mechanism",
      [saslFrame({ state: 2 })],
      Buffer.alloc(0),
      { javaClass: SASL_EXCEPTION, code: 15, message: "Client mechanism is malformed" },
    ],
    [
      "INITIATE with two mechanisms",
      [saslFrame({ state: 2, auths: [SIMPLE, TOKEN] })],
      Buffer.alloc(0),
      { javaClass: SASL_EXCEPTION, code: 15, message: "Client mechanism is malformed" },
    ],
    [
      "RESPONSE to a challenge that was never made",
      [saslFrame({ state: 4, token: Buffer.of(1) })],
      Buffer.alloc(0),
      { javaClass: SASL_EXCEPTION, code: 15, message: "Client sent RESPONSE before INITIATE" },
    ],
    [
      "SUCCESS from a client",
      [saslFrame({ state: 0 })],
      Buffer.alloc(0),
      { javaClass: SASL_EXCEPTION, code: 15, message: "Client sent unsupported state SUCCESS" },
    ],
    [
      "CHALLENGE from a client",
      [saslFrame({ state: 3 })],
      Buffer.alloc(0),
      { javaClass: SASL_EXCEPTION, code: 15, message: "Client sent unsupported state CHALLENGE" },
    ],
    [
      "WRAP",
      [saslFrame({ state: 5, token: Buffer.of(1) })],
      Buffer.alloc(0),
      { javaClass: SASL_EXCEPTION, code: 12, message: "Server is not wrapping data" },
    ],
    [
      "a context before the negotiation is over",
      [contextFrame(TEXT_PROTOCOL)],
      Buffer.alloc(0),
      { callId: -3, code: 12, message: "Connection header sent during SASL negotiation" },
    ],
    [
      "a call before the negotiation is over",
      [textCall(5, "echo")],
      Buffer.alloc(0),
      { callId: 5, retryCount: 0, code: 12, message: "Connection context not established" },
    ],
    [
      "a message without a state",
      [requestFrame({ rpcKind: 2, callId: -33, retryCount: -1 }, hex("00"))],
      Buffer.alloc(0),
      {
        code: 13,
        message:
          "Error decoding RpcSaslProto: org.apache.hadoop.thirdparty.protobuf.InvalidProtocolBufferException: " +
          "Message missing required fields: state",
      },
    ],
  ];
  for (const [name, frames, before, refusal] of cases) {
    test(name, async () => {
      const { received, ended } = await conversation(...frames);
      assert.equal(
        received.toString("hex"),
        Buffer.concat([before, fatalFrame({ callId: -33, ...refusal })]).toString("hex"),
      );
      assert.equal(ended, true);
    });
  }
});

test("a ping during the negotiation is ignored", async () => {
  const { received, ended } = await conversation(pingFrame(), NEGOTIATE, contextFrame(TEXT_PROTOCOL));
  assert.deepEqual(received.subarray(0, SUCCESS.length), SUCCESS);
  assert.equal(ended, false);
});
