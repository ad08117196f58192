import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { RpcError } from "../../../protocol/rpc-error.js";
import { ByteReader } from "../../../protocol/wire/byte-reader.js";
import { ByteWriter } from "../../../protocol/wire/byte-writer.js";
import { RequestHeader, readRequestHeader, writeRequestHeader } from "../../../protocol/wire/request-header.js";
import { WIRE } from "../../golden/wire.js";
import { anyBytes, anyInt32, anyInt64, anyText, scrambled } from "../../helpers/arbitraries.js";
import { bytes, hex } from "../../helpers/byte-builder.js";
import {
  decodeHadoopDelimited,
  encodeHadoop,
  encodeHadoopDelimited,
  encodeHadoopFields,
} from "../../helpers/hadoop-proto.js";

const CLIENT_ID = hex(WIRE.clientId);

interface Decoded {
  readonly header: RequestHeader;
  /** What follows the header. */
  readonly rest: Buffer;
}

/** Decodes into a header that still holds the values of another one. */
function decode(delimited: Buffer): Decoded {
  const header = new RequestHeader();
  const used = {
    callerContext: { context: "old", signature: Buffer.from("old") },
    stateId: 1n,
    routerFederatedState: CLIENT_ID,
  };
  Object.assign(header, {
    rpcKind: 2,
    rpcOp: 0,
    callId: 77,
    clientId: CLIENT_ID,
    retryCount: 7,
    timeoutMs: 5,
    cancelCallId: 6,
    ...used,
  });
  const reader = new ByteReader(delimited);
  readRequestHeader(reader, header);
  assert.equal(reader.end, delimited.length);
  return { header, rest: reader.readBytes(reader.remaining) };
}

/** Decodes the bytes of a header without its length. */
function decodeBody(body: Buffer): RequestHeader {
  return decode(bytes().delimited(body).build()).header;
}

function assertBadBytes(delimited: Buffer, message: RegExp): void {
  assert.throws(
    () => decode(delimited),
    (error) => error instanceof RpcError && error.code === "BAD_BYTES" && message.test(error.message),
  );
}

function headerOf(values: Partial<RequestHeader>): RequestHeader {
  return Object.assign(new RequestHeader(), values);
}

/** A frame of a request whose body is these bytes. */
function frameOf(write: (out: ByteWriter) => void): Buffer {
  const out = new ByteWriter();
  const mark = out.beginFrame();
  write(out);
  out.endFrame(mark);
  return out.take();
}

test("the header of a ping is Hadoop's", () => {
  assert.deepEqual(
    frameOf((out) => writeRequestHeader(out, 2, -4, CLIENT_ID, -1)),
    hex(WIRE.ping),
  );
  const { header, rest } = decode(hex(WIRE.ping).subarray(4));
  assert.deepEqual(header, headerOf({ rpcKind: 2, rpcOp: 0, callId: -4, clientId: CLIENT_ID, retryCount: -1 }));
  assert.equal(rest.length, 0);
});

test("the header of a call is Hadoop's, and the reader is left at the body", () => {
  const body = hex("13 0a04 6563686f 1209 64656d6f2e4563686f 1801 04 0a02 6869");
  const frame = frameOf((out) => {
    writeRequestHeader(out, 2, 0, CLIENT_ID, 0);
    out.writeBytes(body);
  });
  assert.deepEqual(frame, hex(WIRE.call));
  const { header, rest } = decode(hex(WIRE.call).subarray(4));
  assert.deepEqual(header, headerOf({ rpcKind: 2, rpcOp: 0, callId: 0, clientId: CLIENT_ID, retryCount: 0 }));
  assert.deepEqual(rest, body);
});

const anyKind = fc.constantFrom(0, 1, 2);
const anyFields = fc.record(
  {
    callerContext: fc.record({ context: anyText, signature: anyBytes }, { requiredKeys: ["context"] }),
    stateId: anyInt64,
    routerFederatedState: anyBytes,
  },
  { requiredKeys: [], noNullPrototype: true },
);

test("every header is written byte for byte as the second encoder writes it", () => {
  fc.assert(
    fc.property(anyKind, anyInt32, anyBytes, anyInt32, anyFields, (rpcKind, callId, clientId, retryCount, fields) => {
      const out = new ByteWriter(16);
      writeRequestHeader(out, rpcKind, callId, clientId, retryCount, fields);
      const expected = encodeHadoopDelimited("RpcRequestHeaderProto", {
        rpcKind,
        rpcOp: 0,
        callId,
        clientId,
        retryCount,
        ...fields,
      });
      assert.deepEqual(out.take(), expected);
    }),
  );
});

test("fields of ours are invisible to a reader that does not have them", () => {
  fc.assert(
    fc.property(anyFields, fc.nat(), anyInt32, (fields, timeoutMs, cancelCallId) => {
      const out = new ByteWriter();
      writeRequestHeader(out, 2, 5, CLIENT_ID, 0, { ...fields, timeoutMs, cancelCallId });
      const plain = new ByteWriter();
      writeRequestHeader(plain, 2, 5, CLIENT_ID, 0, fields);
      const written = out.take();
      const seen = decodeHadoopDelimited("RpcRequestHeaderProto", written);
      assert.deepEqual(seen, decodeHadoopDelimited("RpcRequestHeaderProto", plain.take()));
      const { header } = decode(written);
      assert.deepEqual([header.timeoutMs, header.cancelCallId], [timeoutMs, cancelCallId]);
    }),
  );
});

test("our fields are varints numbered 1000 and 1001", () => {
  const out = new ByteWriter();
  writeRequestHeader(out, 16, 1, Buffer.alloc(0), 0, { timeoutMs: 500, cancelCallId: -2 });
  const body = bytes().hex("0810 1000 1802 2200 2800").tag(1000, 0).varint(500).tag(1001, 0).sint(-2);
  assert.deepEqual(out.take(), bytes().delimited(body).build());
});

const anyHeader = fc.record(
  {
    rpcKind: anyKind,
    callId: anyInt32,
    clientId: anyBytes,
    retryCount: anyInt32,
    traceInfo: fc.record({ traceId: anyInt64 }),
  },
  { requiredKeys: ["callId", "clientId"] },
);

test("fields in any order, repeated, and among fields nobody knows give the newest values", () => {
  const scenario = fc
    .tuple(anyHeader, anyFields, anyHeader, anyFields)
    .map(([a, b, c, d]) => ({ older: { ...a, ...b }, newer: { rpcOp: 0, ...c, ...d } }))
    .chain(({ older, newer }) => {
      const message = scrambled(
        encodeHadoopFields("RpcRequestHeaderProto", older),
        encodeHadoopFields("RpcRequestHeaderProto", newer),
      );
      return fc.record({ older: fc.constant(older), newer: fc.constant(newer), message });
    });
  fc.assert(
    fc.property(scenario, ({ older, newer, message }) => {
      const { traceInfo: _unused, callerContext: _merged, ...expected } = { ...older, ...newer };
      // Pieces of one message in several fields are merged, as protobuf does.
      const caller = { ...older.callerContext, ...newer.callerContext };
      if (caller.signature?.length === 0) delete caller.signature;
      const header = decodeBody(message);
      assert.deepEqual(
        header,
        headerOf({ ...expected, ...(caller.context === undefined ? {} : { callerContext: caller as never }) }),
      );
    }),
    { numRuns: 300 },
  );
});

test("a header cut short at any byte is refused, and so is one whose length says less than it needs", () => {
  const out = new ByteWriter();
  const callerContext = { context: "job", signature: Buffer.from("sig") };
  const fields = { callerContext, stateId: -1n, routerFederatedState: CLIENT_ID, timeoutMs: 10_000, cancelCallId: 300 };
  writeRequestHeader(out, 2, 2 ** 31 - 1, CLIENT_ID, -(2 ** 31), fields);
  const whole = out.take();
  const borders = new Set<number>();
  for (let length = 0; length < whole.length; length++) {
    assert.throws(() => decode(whole.subarray(0, length)), { code: "BAD_BYTES" }, `${length} bytes`);
    if (length === whole.length - 1) continue;
    try {
      decodeBody(whole.subarray(1, 1 + length));
      borders.add(length);
    } catch (error) {
      assert.ok(
        error instanceof RpcError && error.code === "BAD_BYTES",
        `${length} bytes with their own length: ${String(error)}`,
      );
    }
  }
  assert.equal(
    borders.size,
    6,
    "whole messages are those that end behind client id, retry count, caller context, and so on",
  );
});

test("a missing call id or client id is named; an empty client id is not missing", () => {
  const required = /^Message missing required fields: /;
  assertBadBytes(hex("00"), /^Message missing required fields: callId, clientId$/);
  assertBadBytes(bytes().delimited(hex("0802 1000 1802")).build(), /^Message missing required fields: clientId$/);
  assertBadBytes(bytes().delimited(hex("0802 1000 2200")).build(), /^Message missing required fields: callId$/);
  assertBadBytes(bytes().delimited(hex("1802 2200 3a00")).build(), /: callerContext\.context$/);
  assertBadBytes(bytes().delimited(hex("1802 2200 3a03 120161")).build(), required);
  assert.equal(decodeBody(hex("1802 2200")).clientId.length, 0);
});

test("a caller context in two pieces is one caller context", () => {
  const { callerContext } = decodeBody(hex("1802 2200 3a03 120161 3a03 0a0162"));
  assert.deepEqual(callerContext, { context: "b", signature: Buffer.from("a") });
});

test("an unknown kind or operation counts as absent and does not undo a known one", () => {
  const base = bytes().hex("1802 2200");
  for (const value of [3, 4, 15, 17, 127, 128, 2 ** 31, 2 ** 32 - 1]) {
    const header = decodeBody(bytes().bytes(base).tag(1, 0).varint(value).tag(2, 0).varint(value).build());
    assert.deepEqual([header.rpcKind, header.rpcOp], [-1, -1], `number ${value}`);
    const both = decodeBody(
      bytes().bytes(base).hex("0802 1001").tag(1, 0).varint(value).tag(2, 0).varint(value).build(),
    );
    assert.deepEqual([both.rpcKind, both.rpcOp], [2, 1], `number ${value} behind a known one`);
  }
  const negative = decodeBody(bytes().bytes(base).tag(1, 0).varint(-1).tag(2, 0).varint(-1).build());
  assert.deepEqual([negative.rpcKind, negative.rpcOp], [-1, -1]);
  for (const kind of [0, 1, 2, 16])
    assert.equal(decodeBody(bytes().bytes(base).tag(1, 0).varint(kind).build()).rpcKind, kind);
  for (const op of [0, 1, 2]) assert.equal(decodeBody(bytes().bytes(base).tag(2, 0).varint(op).build()).rpcOp, op);
});

test("integers in varints of ten bytes are cut to 32 bits, in more than ten they are malformed", () => {
  const withCallId = (callId: Buffer): Buffer => bytes().hex("2200 18").bytes(callId).build();
  for (let length = 1; length <= 10; length++) {
    assert.equal(decodeBody(withCallId(bytes().longVarint(5, length).build())).callId, -3);
  }
  assert.equal(decodeBody(withCallId(hex("ffffffffffffffffff01"))).callId, -(2 ** 31));
  assert.equal(decodeBody(withCallId(hex("feffffff0f"))).callId, 2 ** 31 - 1);
  const tooLong = bytes()
    .delimited(withCallId(bytes().longVarint(5, 11).build()))
    .build();
  assertBadBytes(tooLong, /^CodedInputStream encountered a malformed varint\.$/);
});

test("a field that comes with another wire type than its own is skipped as unknown", () => {
  const body = bytes().hex("1802 2200").field(1, "kind").field(5, "retry").tag(4, 0).varint(9).tag(8, 1).int64(5n);
  const header = decodeBody(body.build());
  assert.deepEqual(header, headerOf({ callId: 1, clientId: Buffer.alloc(0) }));
});

test("a group in a header is skipped, a stray end of a group is refused", () => {
  const group = bytes().tag(50, 3).tag(1, 0).varint(9).tag(51, 3).tag(51, 4).tag(50, 4);
  assert.equal(decodeBody(bytes().hex("1802").bytes(group).hex("2200").build()).callId, 1);
  assertBadBytes(bytes().delimited(bytes().hex("1802 2200").tag(50, 4)).build(), /end-group tag did not match/);
});

test("an embedded message never reads beyond its own end", () => {
  assertBadBytes(bytes().delimited(hex("1802 2200 3a02 0a05")).build(), /input ended unexpectedly/);
  assertBadBytes(bytes().delimited(hex("1802 2200 3a7f 0a00")).build(), /input ended unexpectedly/);
});

test("what the second encoder writes is read back, and a Hadoop reader reads what we write", () => {
  const values = { rpcKind: 1, rpcOp: 0, callId: 12, clientId: CLIENT_ID, retryCount: 3, stateId: -(2n ** 63n) };
  assert.deepEqual(decodeBody(encodeHadoop("RpcRequestHeaderProto", values)), headerOf(values));
  const out = new ByteWriter();
  writeRequestHeader(out, 1, 12, CLIENT_ID, 3, { stateId: -(2n ** 63n) });
  out.writeBytes(Buffer.from("body"));
  assert.deepEqual(decodeHadoopDelimited("RpcRequestHeaderProto", out.take()), { values, rest: Buffer.from("body") });
});

test("a header of 64 KiB is read, a longer one is refused by its length", () => {
  const required = encodeHadoopFields("RpcRequestHeaderProto", { callId: 1, clientId: CLIENT_ID });
  const head = Buffer.concat(required);
  // Field 15 is nobody's; its length takes three bytes.
  const filled = (length: number) =>
    bytes()
      .bytes(head)
      .field(15, Buffer.alloc(length - head.length - 4))
      .build();
  assert.equal(filled(65_536).length, 65_536);
  assert.equal(decodeBody(filled(65_536)).callId, 1);
  assertBadBytes(
    bytes().delimited(filled(65_537)).build(),
    /^the header of a request has 65537 bytes, at most 65536 are read$/,
  );
});
