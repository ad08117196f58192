/** One recording of a client, cut at every byte: however the network delivers it, the answers are the same. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { implement, type Server } from "../../daemon/index.js";
import { writable } from "../../protocol/index.js";
import { contextFrame, invocation, opening, pingFrame, PREAMBLE_SASL, requestFrame, textCall } from "../helpers/requests.js";
import { encodeHadoopDelimited } from "../helpers/hadoop-proto.js";
import { settled, startServer, TestPeer, TEXT_PROTOCOL } from "../helpers/test-server.js";

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
  ["a connection that opens with SASL", Buffer.concat([PREAMBLE_SASL, NEGOTIATE, contextFrame(TEXT_PROTOCOL), CALLS]), 8],
  ["a connection that ends with a broken rule", Buffer.concat([opening(TEXT_PROTOCOL), CALLS.subarray(0, 200), contextFrame("x"), CALLS]), 0],
];

/** What the server answers when the recording arrives in these pieces: frames by call id, and whether it has ended. */
async function play(pieces: readonly Buffer[]): Promise<string> {
  const peer = new TestPeer(server, { closesBack: false });
  for (const piece of pieces) peer.send(piece);
  await settled();
  const answers = peer.answers().map((answer) => JSON.stringify(answer));
  const { ended } = peer.stream;
  peer.stream.destroy();
  return JSON.stringify({ answers: answers.sort(), ended });
}

for (const [name, recording, answers] of RECORDINGS) {
  test(`${name} is answered the same in one piece, byte by byte, and in two pieces cut at every byte`, async () => {
    const whole = await play([recording]);
    if (answers > 0) assert.equal((JSON.parse(whole) as { answers: unknown[] }).answers.length, answers);
    const single = Array.from(recording, (byte) => Buffer.of(byte));
    const byteByByte = await play(single);
    if (answers > 0) assert.equal(byteByByte, whole);
    for (let cut = 1; cut < recording.length; cut++) {
      const played = await play([recording.subarray(0, cut), recording.subarray(cut)]);
      if (answers > 0) assert.equal(played, whole, `cut at ${cut}`);
      else assert.match(played, /"ended":true/);
    }
  });
}
