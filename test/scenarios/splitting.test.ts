/** One recording of a client, cut at every byte: however the network delivers it, the answers are the same. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { implement, type Server } from "../../daemon/index.js";
import { writable } from "../../protocol/index.js";
import { encodeHadoopDelimited } from "../helpers/hadoop-proto.js";
import {
  type Answer,
  contextFrame,
  invocation,
  opening,
  PREAMBLE_SASL,
  pingFrame,
  requestFrame,
  textCall,
} from "../helpers/requests.js";
import { settled, startServer, TEXT_PROTOCOL, TestPeer } from "../helpers/test-server.js";

const MyInterface = writable({
  protocol: "demo.MyInterface",
  version: 1001,
  methods: { helloWorld: { parameters: ["java.lang.String"], returns: "java.lang.String" } },
});

let server: Server;
before(async () => {
  server = await startServer({
    services: [implement(MyInterface, { helloWorld: (name) => `hello ${name}` })],
    handlers: { echo: (text) => text, later: async (text) => text, fail: () => assert.fail("failed") },
  });
});
after(() => server.stop());

const NEGOTIATE = requestFrame(
  { rpcKind: 2, callId: -33, clientId: Buffer.alloc(0), retryCount: -1 },
  encodeHadoopDelimited("RpcSaslProto", { state: 1 }),
);

const CALLS = Buffer.concat([
  textCall(0, "echo", ["first"]),
  pingFrame(),
  textCall(1, "later", ["second"]),
  requestFrame({ rpcKind: 1, callId: 2 }, invocation("demo.MyInterface", 1001, "helloWorld", "king")),
  textCall(3, "fail"),
  textCall(4, "nowhere"),
  textCall(5, "echo", ["x".repeat(300)]),
  pingFrame({ cancel: 77 }),
  textCall(6, "echo", ["last"]),
]);

const RECORDINGS: readonly [string, Buffer, number][] = [
  ["a connection without SASL", Buffer.concat([opening(TEXT_PROTOCOL), CALLS]), 7],
  [
    "a connection that opens with SASL",
    Buffer.concat([PREAMBLE_SASL, NEGOTIATE, contextFrame(TEXT_PROTOCOL), CALLS]),
    8,
  ],
];

/** What the server answers when the recording arrives in these pieces, and whether it has ended the connection. */
async function play(pieces: readonly Buffer[]): Promise<{ answers: Answer[]; ended: boolean }> {
  const peer = new TestPeer(server, { closesBack: false });
  for (const piece of pieces) peer.send(piece);
  await settled();
  const { ended } = peer.stream;
  peer.stream.destroy();
  return { answers: peer.answers(), ended };
}

/** Answers in the order of their call ids: a method that waits may be overtaken, depending on the pieces. */
function byCallId(answers: readonly Answer[]): Answer[] {
  return [...answers].sort((a, b) => a.callId - b.callId);
}

function halves(recording: Buffer): Buffer[][] {
  return Array.from({ length: recording.length - 1 }, (_, i) => [
    recording.subarray(0, i + 1),
    recording.subarray(i + 1),
  ]);
}

for (const [name, recording, count] of RECORDINGS) {
  test(`${name} is answered the same in one piece, byte by byte, and in two pieces cut at every byte`, async () => {
    const whole = await play([recording]);
    assert.equal(whole.answers.length, count);
    assert.equal(whole.ended, false);
    const single = Array.from(recording, (byte) => Buffer.of(byte));
    for (const pieces of [single, ...halves(recording)]) {
      const { answers, ended } = await play(pieces);
      assert.deepEqual(byCallId(answers), byCallId(whole.answers), `cut behind ${pieces[0]?.length}`);
      assert.equal(ended, false);
    }
  });
}

test("a broken rule ends the connection wherever the network cuts, and nothing comes behind the refusal", async () => {
  const recording = Buffer.concat([opening(TEXT_PROTOCOL), textCall(1, "echo", ["hi"]), contextFrame("again"), CALLS]);
  for (const pieces of [[recording], Array.from(recording, (byte) => Buffer.of(byte)), ...halves(recording)]) {
    const { answers, ended } = await play(pieces);
    assert.equal(ended, true);
    assert.equal(answers.at(-1)?.errorMsg, "Connection context already processed");
    assert.ok(answers.length <= 2);
  }
});
