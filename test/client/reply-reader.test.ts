import assert from "node:assert/strict";
import { test } from "node:test";
import { ReplyReader, type ReplySink } from "../../client/reply-reader.js";
import { answer, CLIENT_ID, failure, response } from "../helpers/answers.js";
import { hex } from "../helpers/byte-builder.js";

/** What a reader hands out for these chunks, as plain values. */
function readAll(chunks: readonly Buffer[]): unknown[] {
  const seen: unknown[] = [];
  const sink: ReplySink = {
    onResult: (callId, body) => seen.push(["result", callId, body.readBytes(body.remaining).toString("hex")]),
    onError: (callId, { code, javaClass, text }) => seen.push(["error", callId, code, javaClass, text]),
    onFatal: (callId, { code, javaClass, text }) => seen.push(["fatal", callId, code, javaClass, text]),
  };
  const states = {
    receive: (stateId: bigint | undefined, router: Buffer | undefined) =>
      seen.push(["state", stateId, router?.toString("hex")]),
  };
  const reader = new ReplyReader(1000, CLIENT_ID, sink, states);
  for (const chunk of chunks) reader.push(chunk);
  return seen;
}

const STREAMS: readonly [string, Buffer][] = [
  [
    "answers",
    Buffer.concat([
      answer(0, "hi"),
      failure(1, { exceptionClassName: "a.B", errorMsg: "m", errorDetail: 4 }),
      answer(300, "x".repeat(200)),
      response({ callId: 0xffffffff, status: 2, exceptionClassName: "c.D", errorMsg: "n", errorDetail: 15 }),
    ]),
  ],
  ["an old server's answer", hex("ffffffff ffffffff 00000003 612e42 00000002 6869")],
];

for (const [what, stream] of STREAMS) {
  test(`${what} read the same wherever the stream is cut`, () => {
    const whole = readAll([stream]);
    assert.notDeepEqual(whole, []);
    for (let at = 1; at < stream.length; at++) {
      assert.deepEqual(
        readAll([Buffer.from(stream.subarray(0, at)), Buffer.from(stream.subarray(at))]),
        whole,
        `cut at ${at}`,
      );
    }
    assert.deepEqual(readAll([...stream].map((byte) => Buffer.of(byte))), whole);
  });
}

test("the vectors of the wire specification are read", () => {
  const result = "000000201a0800100018093a10000102030405060708090a0b0c0d0e0f4000040a026869";
  const withState = "0000002b250800100018093a10000102030405060708090a0b0c0d0e0f40004880808080808080808001040a026869";
  const error =
    "000000383708001001180922136a6176612e696f2e494f457863657074696f6e2a04626f6f6d30013a10000102030405060708090a0b0c0d0e0f4000";
  assert.deepEqual(readAll([hex(result + withState + error)]), [
    ["result", 0, "040a026869"],
    ["state", -(2n ** 63n), undefined],
    ["result", 0, "040a026869"],
    ["error", 0, "ERROR_APPLICATION", "java.io.IOException", "boom"],
  ]);
});

test("the mark of an old server is a fault once the server has spoken in frames", () => {
  const stream = Buffer.concat([answer(0, "hi"), hex("ffffffff ffffffff 00000000 00000000")]);
  assert.throws(() => readAll([stream]), { code: "BAD_REPLY", message: "RPC response has invalid length of -1" });
});

test("a reader that was stopped reads no more", () => {
  const seen: number[] = [];
  const sink: ReplySink = {
    onResult: (callId) => {
      seen.push(callId);
      reader.stop();
    },
    onError: () => assert.fail(),
    onFatal: () => assert.fail(),
  };
  const reader = new ReplyReader(1000, CLIENT_ID, sink, { receive: () => assert.fail() });
  reader.push(Buffer.concat([answer(0, "a"), answer(1, "b")]));
  reader.push(answer(2, "c"));
  assert.deepEqual(seen, [0]);
});
