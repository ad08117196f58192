import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { RPC_ERROR_CODES, RpcError, type RpcErrorCode, rpcErrorCodeFromWire } from "../../../protocol/rpc-error.js";
import { ByteReader } from "../../../protocol/wire/byte-reader.js";
import { ByteWriter } from "../../../protocol/wire/byte-writer.js";
import {
  encodeFatalResponse,
  ResponseHeader,
  RPC_STATUS,
  readResponseHeader,
  writeErrorHeader,
  writeSuccessHeader,
} from "../../../protocol/wire/response-header.js";
import { WIRE } from "../../golden/wire.js";
import { anyBytes, anyInt32, anyInt64, anyText, scrambled } from "../../helpers/arbitraries.js";
import { bytes, hex } from "../../helpers/byte-builder.js";
import { encodeHadoopDelimited, encodeHadoopFields } from "../../helpers/hadoop-proto.js";

const CLIENT_ID = hex(WIRE.clientId);
const EMPTY = Buffer.alloc(0);
const CODES = Object.keys(RPC_ERROR_CODES) as RpcErrorCode[];
const WIRE_CODES = CODES.filter((code) => wireNumber(code) !== undefined);

function wireNumber(code: RpcErrorCode): number | undefined {
  const info: { wire?: number } = RPC_ERROR_CODES[code];
  return info.wire;
}

/** Decodes into a header that still holds the values of another one. */
function decode(delimited: Buffer): { header: ResponseHeader; rest: Buffer } {
  const header = new ResponseHeader();
  const used = {
    exceptionClassName: "old",
    errorMsg: "old",
    errorDetail: "FATAL_UNKNOWN",
    clientId: CLIENT_ID,
    retryCount: 7,
  };
  Object.assign(header, { callId: 77, status: 1, stateId: 1n, routerFederatedState: CLIENT_ID, ...used });
  const reader = new ByteReader(delimited);
  readResponseHeader(reader, header);
  assert.equal(reader.end, delimited.length);
  return { header, rest: reader.readBytes(reader.remaining) };
}

function decodeBody(body: Buffer): ResponseHeader {
  return decode(bytes().delimited(body).build()).header;
}

function assertBadBytes(body: Buffer, message: RegExp): void {
  assert.throws(
    () => decodeBody(body),
    (error) => error instanceof RpcError && error.code === "BAD_BYTES" && message.test(error.message),
  );
}

function headerOf(values: Partial<ResponseHeader>): ResponseHeader {
  return Object.assign(new ResponseHeader(), values);
}

function frameOf(write: (out: ByteWriter) => void): Buffer {
  const out = new ByteWriter();
  const mark = out.beginFrame();
  write(out);
  out.endFrame(mark);
  return out.take();
}

test("the header of a success is Hadoop's, and the reader is left at the body", () => {
  const body = hex("04 0a02 6869");
  const frame = frameOf((out) => {
    writeSuccessHeader(out, 0, CLIENT_ID, 0);
    out.writeBytes(body);
  });
  assert.deepEqual(frame, hex(WIRE.response));
  const { header, rest } = decode(hex(WIRE.response).subarray(4));
  assert.deepEqual(header, headerOf({ callId: 0, status: RPC_STATUS.success, clientId: CLIENT_ID, retryCount: 0 }));
  assert.deepEqual(rest, body);
});

test("a state id of Java's smallest long is read", () => {
  const { header } = decode(hex(WIRE.responseWithState).subarray(4));
  assert.equal(header.stateId, -(2n ** 63n));
});

test("the header of an error is Hadoop's", () => {
  const frame = frameOf((out) => {
    writeErrorHeader(out, 0, CLIENT_ID, 0, "ERROR_APPLICATION", "java.io.IOException", "boom");
  });
  assert.deepEqual(frame, hex(WIRE.responseError));
  const { header, rest } = decode(hex(WIRE.responseError).subarray(4));
  const error = {
    exceptionClassName: "java.io.IOException",
    errorMsg: "boom",
    errorDetail: "ERROR_APPLICATION",
  } as const;
  assert.deepEqual(
    header,
    headerOf({ callId: 0, status: RPC_STATUS.error, clientId: CLIENT_ID, retryCount: 0, ...error }),
  );
  assert.equal(rest.length, 0);
});

test("an error that ends its connection has status FATAL, whatever its code", () => {
  for (const [fatal, status] of [
    [undefined, RPC_STATUS.error],
    [false, RPC_STATUS.error],
    [true, RPC_STATUS.fatal],
  ] as const) {
    const frame = frameOf((out) => writeErrorHeader(out, 0, CLIENT_ID, 0, "ERROR_RPC_SERVER", "x.Y", "busy", fatal));
    const { header } = decode(frame.subarray(4));
    assert.deepEqual([header.status, header.errorDetail], [status, "ERROR_RPC_SERVER"]);
  }
});

test("the outer header of a wrapped response has neither version nor client id nor retry count", () => {
  const { header } = decode(hex(WIRE.saslWrappedHeader));
  assert.deepEqual(header, headerOf({ callId: -33, status: RPC_STATUS.success }));
  assert.equal(header.clientId, undefined);
});

test("a fatal answer is a frame with call id -1, an empty client id and retry count -1", () => {
  const frame = encodeFatalResponse(
    "FATAL_UNAUTHORIZED",
    "org.apache.hadoop.ipc.IpcException",
    "Unknown auth protocol:5",
  );
  assert.deepEqual(frame, hex(WIRE.unknownAuth5));
  const { header } = decode(frame.subarray(4));
  assert.deepEqual(
    [header.callId, header.status, header.clientId?.length, header.retryCount],
    [-1, RPC_STATUS.fatal, 0, -1],
  );
});

test("every success is written byte for byte as the second encoder writes it", () => {
  fc.assert(
    fc.property(anyInt32, anyBytes, anyInt32, (callId, clientId, retryCount) => {
      const out = new ByteWriter(16);
      writeSuccessHeader(out, callId, clientId, retryCount);
      const values = { callId: callId >>> 0, status: 0, serverIpcVersionNum: 9, clientId, retryCount };
      assert.deepEqual(out.take(), encodeHadoopDelimited("RpcResponseHeaderProto", values));
    }),
  );
});

test("every error is written byte for byte as the second encoder writes it", () => {
  const anyError = fc.record({ code: fc.constantFrom(...CODES), javaClass: anyText, message: anyText });
  fc.assert(
    fc.property(
      anyInt32,
      anyBytes,
      anyInt32,
      anyError,
      (callId, clientId, retryCount, { code, javaClass, message }) => {
        const out = new ByteWriter(16);
        writeErrorHeader(out, callId, clientId, retryCount, code, javaClass, message);
        const error = { exceptionClassName: javaClass, errorMsg: message, errorDetail: wireNumber(code) ?? 1 };
        const status = code.startsWith("FATAL_") ? 2 : 1;
        const values = { callId: callId >>> 0, status, serverIpcVersionNum: 9, ...error, clientId, retryCount };
        assert.deepEqual(out.take(), encodeHadoopDelimited("RpcResponseHeaderProto", values));
      },
    ),
  );
});

test("fields in any order, repeated, and among fields nobody knows give the newest values", () => {
  const anyHeader = fc.record(
    {
      callId: fc.nat(2 ** 32 - 1),
      status: fc.constantFrom(0, 1, 2),
      serverIpcVersionNum: fc.nat(),
      exceptionClassName: anyText,
      errorMsg: anyText,
      errorDetail: fc.constantFrom(...WIRE_CODES.map((code) => wireNumber(code) as number)),
      clientId: anyBytes,
      retryCount: anyInt32,
      stateId: anyInt64,
      routerFederatedState: anyBytes,
    },
    { requiredKeys: ["callId", "status"], noNullPrototype: true },
  );
  const scenario = fc.tuple(anyHeader, anyHeader).chain(([older, newer]) => {
    const pieces = [older, newer].map((values) => encodeHadoopFields("RpcResponseHeaderProto", values)) as [
      Buffer[],
      Buffer[],
    ];
    return fc.record({ merged: fc.constant({ ...older, ...newer }), message: scrambled(...pieces) });
  });
  fc.assert(
    fc.property(scenario, ({ merged: { serverIpcVersionNum: _unread, errorDetail, ...merged }, message }) => {
      const detail = errorDetail === undefined ? undefined : rpcErrorCodeFromWire(errorDetail);
      assert.deepEqual(decodeBody(message), headerOf({ ...merged, callId: merged.callId | 0, errorDetail: detail }));
    }),
    { numRuns: 300 },
  );
});

test("negative call ids come as five bytes or as ten, and both are read as the signed number", () => {
  for (const [callId, short] of [
    [-1, "ffffffff0f"],
    [-3, "fdffffff0f"],
    [-33, "dfffffff0f"],
  ] as const) {
    assert.equal(decodeBody(hex(`08${short} 1000`)).callId, callId);
    assert.equal(decodeBody(bytes().hex("08").varint(callId).hex("1000").build()).callId, callId);
  }
});

test("a header cut short at any byte is refused or lacks its last fields", () => {
  const whole = hex(WIRE.responseError).subarray(4);
  let complete = 0;
  for (let length = 0; length < whole.length; length++) {
    assert.throws(() => decode(whole.subarray(0, length)), { code: "BAD_BYTES" }, `${length} bytes`);
    if (length === whole.length - 1) continue;
    try {
      decodeBody(whole.subarray(1, 1 + length));
      complete++;
    } catch (error) {
      assert.ok(
        error instanceof RpcError && error.code === "BAD_BYTES",
        `${length} bytes with their own length: ${String(error)}`,
      );
    }
  }
  assert.equal(complete, 6);
});

test("a missing call id or status is named, and an unknown status counts as missing", () => {
  assertBadBytes(EMPTY, /^Message missing required fields: callId, status$/);
  assertBadBytes(hex("0800"), /^Message missing required fields: status$/);
  assertBadBytes(hex("1000"), /^Message missing required fields: callId$/);
  for (const status of [3, 4, 127, 128, 2 ** 32 - 1]) {
    assertBadBytes(bytes().hex("0800").tag(2, 0).varint(status).build(), /^Message missing required fields: status$/);
    assert.equal(decodeBody(bytes().hex("0800 1001").tag(2, 0).varint(status).build()).status, 1);
  }
});

test("an unknown error code counts as absent and does not undo a known one", () => {
  for (const number of [0, 7, 8, 9, 16, 2 ** 32 - 1]) {
    assert.equal(decodeBody(bytes().hex("0800 1001").tag(6, 0).varint(number).build()).errorDetail, undefined);
    const both = bytes().hex("0800 1001 3006").tag(6, 0).varint(number).build();
    assert.equal(decodeBody(both).errorDetail, "ERROR_RPC_VERSION_MISMATCH");
  }
});

test("malformed varints, lengths and groups are refused", () => {
  assertBadBytes(bytes().hex("1000 08").longVarint(0, 11).build(), /malformed varint/);
  assertBadBytes(bytes().hex("0800 1000 3a").varint(-1).build(), /negative size/);
  assertBadBytes(bytes().hex("0800 1000 3a05 0000").build(), /input ended unexpectedly/);
  assertBadBytes(bytes().hex("0800 1000").tag(60, 3).build(), /end-group tag/);
  assertBadBytes(bytes().hex("0800 1000 00").build(), /invalid tag/);
});

test("a header of 1 MiB is read, for the stack of a Java exception, and a longer one is refused by its length", () => {
  const head = Buffer.concat(encodeHadoopFields("RpcResponseHeaderProto", { callId: 1, status: 1 }));
  const filled = (length: number) =>
    bytes()
      .bytes(head)
      .field(5, "x".repeat(length - head.length - 4))
      .build();
  assert.equal(filled(1_048_576).length, 1_048_576);
  assert.equal(decodeBody(filled(1_048_576)).errorMsg?.length, 1_048_576 - head.length - 4);
  assert.throws(() => decodeBody(filled(1_048_577)), {
    code: "BAD_BYTES",
    message: "it has 1048577 bytes, at most 1048576 are read",
  });
});
