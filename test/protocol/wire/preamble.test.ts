import assert from "node:assert/strict";
import { test } from "node:test";
import { JAVA_CLASS } from "../../../protocol/rpc-error.js";
import { encodePreamble, PREAMBLE_BYTES, type Preamble, parsePreamble } from "../../../protocol/wire/preamble.js";
import { encodeFatalResponse } from "../../../protocol/wire/response-header.js";
import { HTTP_ANSWER_LINES, STRANGERS, WIRE } from "../../golden/wire.js";
import { bytes, hex } from "../../helpers/byte-builder.js";
import { encodeHadoopDelimited } from "../../helpers/hadoop-proto.js";

function answerTo(request: Buffer): Buffer {
  const preamble: Preamble = parsePreamble(request.subarray(0, PREAMBLE_BYTES));
  assert.equal(preamble.kind, "refused");
  return preamble.answer;
}

/** A frame with status FATAL and call id -1, by the second encoder. */
function fatalFrame(javaClass: string, message: string, code: number): Buffer {
  const header = {
    callId: 0xffffffff,
    status: 2,
    serverIpcVersionNum: 9,
    exceptionClassName: javaClass,
    errorMsg: message,
  };
  const rest = { errorDetail: code, clientId: Buffer.alloc(0), retryCount: -1 };
  return bytes()
    .frame(encodeHadoopDelimited("RpcResponseHeaderProto", { ...header, ...rest }))
    .build();
}

test("the preamble is Hadoop's seven bytes, with and without SASL", () => {
  assert.deepEqual(encodePreamble(), hex(WIRE.preamble));
  assert.deepEqual(encodePreamble("sasl"), hex(WIRE.preambleSasl));
  assert.deepEqual(parsePreamble(hex(WIRE.preamble)), { kind: "hrpc", serviceClass: 0, auth: "none" });
  assert.deepEqual(parsePreamble(hex(WIRE.preambleSasl)), { kind: "hrpc", serviceClass: 0, auth: "sasl" });
});

test("the service class is a signed byte, and of other numbers the low eight bits travel", () => {
  for (let serviceClass = -128; serviceClass <= 127; serviceClass++) {
    assert.deepEqual(parsePreamble(encodePreamble("none", serviceClass)), { kind: "hrpc", serviceClass, auth: "none" });
  }
  for (const [given, kept] of [
    [128, -128],
    [256, 0],
    [-129, 127],
    [2 ** 31 - 1, -1],
  ] as const) {
    assert.deepEqual(parsePreamble(encodePreamble("none", given)), { kind: "hrpc", serviceClass: kept, auth: "none" });
  }
});

test("a web browser gets 187 bytes of text", () => {
  const answer = answerTo(Buffer.from("GET / HTTP/1.0\r\n\r\n"));
  assert.equal(answer.length, 187);
  assert.equal(answer.toString("latin1"), HTTP_ANSWER_LINES.join("\r\n"));
});

for (const { name, request, answer } of STRANGERS) {
  test(`${name} gets the answer that it can read`, () => {
    assert.deepEqual(answerTo(hex(request)), hex(answer));
  });
}

test("versions 3 to 8 get the old form, 10 and up a frame, 2 its own form, and all others nothing", () => {
  const text = (version: number): string => `Server IPC version 9 cannot communicate with client version ${version}`;
  for (let version = -128; version <= 127; version++) {
    if (version === 9) continue;
    const answer = answerTo(bytes().utf8("hrpc").byte(version).hex("0000").build());
    let expected = bytes();
    if (version > 9) expected = bytes().bytes(fatalFrame(JAVA_CLASS.versionMismatch, text(version), 14));
    else if (version >= 3)
      expected = bytes().int32(-1).int32(-1).string32(JAVA_CLASS.versionMismatch).string32(text(version));
    else if (version === 2)
      expected = bytes().int32(0).byte(1).string32(JAVA_CLASS.versionMismatch).string32(text(version));
    assert.deepEqual(answer, expected.build(), `version ${version}`);
  }
  assert.deepEqual(answerTo(hex("68727063 0a 00 00")), hex(WIRE.badVersion10));
  assert.deepEqual(answerTo(hex("68727063 04 00 00")), hex(WIRE.badVersion4));
  assert.deepEqual(answerTo(hex("68727063 02 00 00")), hex(WIRE.badVersion2));
});

test("bytes that are not Hadoop RPC are answered by what lies where the version would be", () => {
  const text = (version: number): string => `Server IPC version 9 cannot communicate with client version ${version}`;
  assert.deepEqual(answerTo(Buffer.from("POST / HTTP/1.1")), fatalFrame(JAVA_CLASS.versionMismatch, text(32), 14));
  assert.deepEqual(answerTo(Buffer.from("hrpd\t\0\0")), fatalFrame(JAVA_CLASS.versionMismatch, text(9), 14));
  assert.deepEqual(answerTo(Buffer.from("GETX\0\0\0")), Buffer.alloc(0));
  assert.deepEqual(answerTo(hex("16030100 f8 0100")), Buffer.alloc(0), "a TLS hello");
});

test("an unknown authentication byte is named in the answer as a signed number", () => {
  assert.deepEqual(answerTo(hex("68727063 09 00 05")), hex(WIRE.unknownAuth5));
  for (let auth = -128; auth <= 127; auth++) {
    if (auth === 0 || auth === -33) continue;
    const answer = answerTo(bytes().hex("68727063 09 00").byte(auth).build());
    assert.deepEqual(answer, fatalFrame(JAVA_CLASS.ipc, `Unknown auth protocol:${auth}`, 15), `byte ${auth}`);
  }
});

test("a refusal of SIMPLE authentication looks like Hadoop's", () => {
  const message = "SIMPLE authentication is not enabled.  Available:[TOKEN, KERBEROS]";
  const answer = encodeFatalResponse("FATAL_UNAUTHORIZED", JAVA_CLASS.accessControl, message);
  assert.deepEqual(answer, fatalFrame("org.apache.hadoop.security.AccessControlException", message, 15));
});
