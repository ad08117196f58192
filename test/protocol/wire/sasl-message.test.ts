import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ByteReader } from "../../../protocol/wire/byte-reader.js";
import { ByteWriter } from "../../../protocol/wire/byte-writer.js";
import { writeRequestHeader } from "../../../protocol/wire/request-header.js";
import { writeSuccessHeader } from "../../../protocol/wire/response-header.js";
import {
  readSaslMessage,
  SASL_STATES,
  type SaslMessage,
  writeSaslMessage,
} from "../../../protocol/wire/sasl-message.js";
import { WIRE } from "../../golden/wire.js";
import { anyBytes, anyText, scrambled } from "../../helpers/arbitraries.js";
import { bytes, hex } from "../../helpers/byte-builder.js";
import { encodeHadoopDelimited, encodeHadoopFields } from "../../helpers/hadoop-proto.js";

const EMPTY = Buffer.alloc(0);

function encode(message: SaslMessage): Buffer {
  const out = new ByteWriter();
  writeSaslMessage(out, message);
  return out.take();
}

function decodeBody(body: Buffer): SaslMessage {
  const reader = new ByteReader(bytes().delimited(body).build());
  const message = readSaslMessage(reader);
  assert.equal(reader.remaining, 0);
  return message;
}

test("a client's first SASL frame is Hadoop's", () => {
  const out = new ByteWriter();
  const mark = out.beginFrame();
  writeRequestHeader(out, 2, -33, EMPTY, -1);
  writeSaslMessage(out, { state: "NEGOTIATE", auths: [] });
  out.endFrame(mark);
  assert.deepEqual(out.take(), hex(WIRE.saslNegotiate));
  assert.deepEqual(readSaslMessage(new ByteReader(hex(WIRE.saslNegotiate), 15)), { state: "NEGOTIATE", auths: [] });
});

test("the answer of a server that has only SIMPLE is Hadoop's", () => {
  const out = new ByteWriter();
  const mark = out.beginFrame();
  writeSuccessHeader(out, -33, EMPTY, -1);
  writeSaslMessage(out, { state: "SUCCESS", auths: [] });
  out.endFrame(mark);
  assert.deepEqual(out.take(), hex(WIRE.saslSimpleSuccess));
  assert.deepEqual(readSaslMessage(new ByteReader(hex(WIRE.saslSimpleSuccess), 19)), { state: "SUCCESS", auths: [] });
});

test("what a server advertises keeps empty fields apart from absent ones", () => {
  const body = bytes().hex("1001").hex(WIRE.saslAuthToken).hex(WIRE.saslAuthSimple).build();
  const message: SaslMessage = {
    state: "NEGOTIATE",
    auths: [
      { method: "TOKEN", mechanism: "DIGEST-MD5", protocol: "", serverId: "default" },
      { method: "SIMPLE", mechanism: "" },
    ],
  };
  assert.deepEqual(decodeBody(body), message);
  assert.deepEqual(encode(message), bytes().delimited(body).build());
});

const anyAuth = fc.record(
  { method: anyText, mechanism: anyText, protocol: anyText, serverId: anyText, challenge: anyBytes },
  { requiredKeys: ["method", "mechanism"], noNullPrototype: true },
);
const anyState = fc.constantFrom(...SASL_STATES);
const anyAuths = fc.array(anyAuth, { maxLength: 4 });

test("every message is written byte for byte as the second encoder writes it", () => {
  fc.assert(
    fc.property(anyState, fc.option(anyBytes, { nil: undefined }), anyAuths, (state, token, auths) => {
      const expected = encodeHadoopDelimited("RpcSaslProto", { state: SASL_STATES.indexOf(state), token, auths });
      assert.deepEqual(encode(token === undefined ? { state, auths } : { state, token, auths }), expected);
    }),
  );
});

test("fields in any order, repeated, and among fields nobody knows give the newest values and all the methods", () => {
  const anyMessage = fc.record(
    { version: fc.nat(), state: fc.nat(5), token: anyBytes, auths: anyAuths.map((auths) => auths.slice(0, 1)) },
    { requiredKeys: ["state", "auths"] },
  );
  const scenario = fc.tuple(anyMessage, anyMessage).chain(([older, newer]) => {
    const pieces = [older, newer].map((values) => encodeHadoopFields("RpcSaslProto", values)) as [Buffer[], Buffer[]];
    return fc.record({ older: fc.constant(older), newer: fc.constant(newer), message: scrambled(...pieces) });
  });
  fc.assert(
    fc.property(scenario, ({ older, newer, message }) => {
      const token = newer.token ?? older.token;
      const auths = [...older.auths, ...newer.auths];
      const state = SASL_STATES[newer.state] as (typeof SASL_STATES)[number];
      assert.deepEqual(decodeBody(message), token === undefined ? { state, auths } : { state, token, auths });
    }),
    { numRuns: 300 },
  );
});

test("a missing or unknown state, and a method without its name or mechanism, are named", () => {
  const missing = (body: Buffer, fields: string): void => {
    assert.throws(() => decodeBody(body), { code: "BAD_BYTES", message: `Message missing required fields: ${fields}` });
  };
  missing(EMPTY, "state");
  for (const state of [6, 7, 128, 2 ** 32 - 1, -1]) {
    missing(bytes().tag(2, 0).varint(state).build(), "state");
    assert.equal(decodeBody(bytes().hex("1002").tag(2, 0).varint(state).build()).state, "INITIATE");
  }
  missing(hex("1001 2200"), "auths[0].method, auths[0].mechanism");
  missing(
    bytes().hex("1001").hex(WIRE.saslAuthSimple).field(4, bytes().field(1, "TOKEN")).build(),
    "auths[1].mechanism",
  );
  missing(bytes().field(4, bytes().field(2, "GSSAPI")).build(), "state, auths[0].method");
});

test("a message cut short at any byte is refused or lacks its last fields", () => {
  const auth = {
    method: "TOKEN",
    mechanism: "DIGEST-MD5",
    protocol: "",
    serverId: "default",
    challenge: Buffer.from("realm"),
  };
  const whole = encode({ state: "NEGOTIATE", token: Buffer.from("token"), auths: [auth, auth] });
  let complete = 0;
  for (let length = 0; length < whole.length; length++) {
    assert.throws(() => readSaslMessage(new ByteReader(whole, 0, length)), { name: "RpcError", code: "BAD_BYTES" });
    if (length === whole.length - 1) continue;
    try {
      decodeBody(whole.subarray(1, 1 + length));
      complete++;
    } catch (error) {
      assert.equal((error as { code?: unknown }).code, "BAD_BYTES");
    }
  }
  assert.equal(complete, 3, "behind the state, behind the token, behind the first method");
});
