import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ByteReader } from "../../../protocol/wire/byte-reader.js";
import { ByteWriter } from "../../../protocol/wire/byte-writer.js";
import {
  type ConnectionContext,
  readConnectionContext,
  writeConnectionContext,
} from "../../../protocol/wire/connection-context.js";
import { writeRequestHeader } from "../../../protocol/wire/request-header.js";
import { WIRE } from "../../golden/wire.js";
import { anyText, scrambled } from "../../helpers/arbitraries.js";
import { bytes, hex } from "../../helpers/byte-builder.js";
import { encodeHadoopDelimited, encodeHadoopFields } from "../../helpers/hadoop-proto.js";

function encode(context: ConnectionContext): Buffer {
  const out = new ByteWriter();
  writeConnectionContext(out, context);
  return out.take();
}

function decodeBody(body: Buffer): ConnectionContext {
  const reader = new ByteReader(bytes().delimited(body).build());
  const context = readConnectionContext(reader);
  assert.equal(reader.remaining, 0);
  return context;
}

test("the frame of a connection context is Hadoop's", () => {
  const out = new ByteWriter();
  const mark = out.beginFrame();
  writeRequestHeader(out, 2, -3, hex(WIRE.clientId), -1);
  writeConnectionContext(out, { effectiveUser: "alice", protocol: "demo.Echo" });
  out.endFrame(mark);
  assert.deepEqual(out.take(), hex(WIRE.context));
  const body = new ByteReader(hex(WIRE.context), 4 + 27);
  assert.deepEqual(readConnectionContext(body), { effectiveUser: "alice", protocol: "demo.Echo" });
});

const anyUser = fc.record({ effectiveUser: anyText, realUser: anyText }, { requiredKeys: [], noNullPrototype: true });
const anyContext = fc.record({ userInfo: anyUser, protocol: anyText }, { requiredKeys: [], noNullPrototype: true });

test("every context is written byte for byte as the second encoder writes it, with an empty user if there is none", () => {
  fc.assert(
    fc.property(anyUser, fc.option(anyText, { nil: undefined }), (userInfo, protocol) => {
      const expected = encodeHadoopDelimited("IpcConnectionContextProto", { userInfo, protocol });
      assert.deepEqual(encode({ ...userInfo, ...(protocol === undefined ? {} : { protocol }) }), expected);
    }),
  );
  assert.deepEqual(encode({}), hex("02 1200"));
});

test("fields in any order, repeated, and among fields nobody knows give the newest values", () => {
  const scenario = fc.tuple(anyContext, anyContext).chain(([older, newer]) => {
    const pieces = [older, newer].map((values) => encodeHadoopFields("IpcConnectionContextProto", values)) as [
      Buffer[],
      Buffer[],
    ];
    return fc.record({ older: fc.constant(older), newer: fc.constant(newer), message: scrambled(...pieces) });
  });
  fc.assert(
    fc.property(scenario, ({ older, newer, message }) => {
      const protocol = newer.protocol ?? older.protocol;
      const expected = { ...older.userInfo, ...newer.userInfo, ...(protocol === undefined ? {} : { protocol }) };
      assert.deepEqual(decodeBody(message), expected);
    }),
    { numRuns: 300 },
  );
});

test("fields nobody knows are skipped within the user too", () => {
  const user = bytes().tag(9, 5).int32(1).field(1, "alice").tag(10, 3).tag(10, 4).field(2, "proxy");
  assert.deepEqual(decodeBody(bytes().field(2, user).build()), { effectiveUser: "alice", realUser: "proxy" });
});

test("an empty message names nobody", () => {
  assert.deepEqual(decodeBody(Buffer.alloc(0)), {});
  assert.deepEqual(decodeBody(hex("1200")), {});
});

test("bytes behind the message are left to the caller", () => {
  const reader = new ByteReader(
    bytes()
      .bytes(encode({ protocol: "p" }))
      .utf8("more")
      .build(),
  );
  readConnectionContext(reader);
  assert.equal(reader.readUtf8(reader.remaining), "more");
});

test("a context cut short at any byte is refused or lacks its last fields", () => {
  const whole = encode({ effectiveUser: "alice", realUser: "bob", protocol: "demo.Echo" });
  let complete = 0;
  for (let length = 0; length < whole.length; length++) {
    assert.throws(() => readConnectionContext(new ByteReader(whole, 0, length)), {
      name: "RpcError",
      code: "BAD_BYTES",
    });
    if (length === whole.length - 1) continue;
    try {
      decodeBody(whole.subarray(1, 1 + length));
      complete++;
    } catch (error) {
      assert.equal((error as { code?: unknown }).code, "BAD_BYTES");
    }
  }
  assert.equal(complete, 2, "the empty message and the one that ends behind the user");
});

test("a name of 1024 bytes is taken, and a longer one is refused by what it names", () => {
  const name = "\u00e9".repeat(512);
  const longest = { effectiveUser: name, realUser: name, protocol: name };
  assert.deepEqual(readConnectionContext(new ByteReader(encode(longest))), longest);
  const cases = [
    [{ effectiveUser: `${name}a` }, "effective user"],
    [{ realUser: `${name}a` }, "real user"],
    [{ protocol: `${name}a` }, "protocol"],
  ] as const;
  for (const [context, what] of cases) {
    assert.throws(() => readConnectionContext(new ByteReader(encode(context))), {
      code: "BAD_BYTES",
      message: `the name of the ${what} has 1025 bytes, at most 1024 are taken`,
    });
  }
});
