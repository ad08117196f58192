/** What one body may make its reader hold: two bytes can become a message with dozens of lists and defaults. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_DECODE_LIMITS, type DecodeLimits } from "../../../../protocol/engine.js";
import { parseProto, protobuf, protobufEngine } from "../../../../protocol/engines/protobuf.js";
import { type ByteBuilder, bytes } from "../../../helpers/byte-builder.js";
import { lookupOf, methodOf, readerOf, serve } from "../../../helpers/sessions.js";
import { errorOf, requestBytes } from "./loop.js";

const source = await parseProto({
  "bulk.proto": `
    syntax = "proto2"; package demo;
    message Empty {}
    message Wide { ${Array.from({ length: 24 }, (_, i) => `repeated int32 list${i} = ${i + 1};`).join(" ")} }
    message Needy { required string name = 1; required int32 number = 2; }
    message Blob { optional bytes blob = 1 [default = "abc"]; }
    message Bulk {
      repeated Empty empties = 1; repeated Wide wides = 2; repeated Needy needies = 3; repeated int64 longs = 4;
      repeated bytes blobs = 5; map<int32, int32> entries = 6; repeated Blob defaults = 7; optional Wide one = 8;
      repeated string texts = 9;
    }
    service Bulks { rpc take(Bulk) returns (Bulk); }`,
});
const Bulks = protobuf({ source, service: "Bulks", protocolName: "demo.Bulks", version: 1 });
const take = methodOf(Bulks, "take");

/** An item of a field without content, so many times. */
function items(field: number, count: number, content: ByteBuilder | Uint8Array = bytes()): Buffer {
  return Buffer.concat(Array.from({ length: count }, () => bytes().field(field, content).build()));
}

function serverRead(message: Uint8Array, limits: Partial<DecodeLimits>): unknown {
  const services = lookupOf(serve(Bulks, { take: () => undefined }));
  const session = protobufEngine.openServer(services, { ...DEFAULT_DECODE_LIMITS, ...limits });
  return session.readRequest(readerOf(requestBytes("demo.Bulks", 1, "take", message)), "demo.Bulks").readArguments();
}

function clientRead(message: Uint8Array, limits: Partial<DecodeLimits>): unknown {
  const session = protobufEngine.openClient({ ...DEFAULT_DECODE_LIMITS, ...limits });
  return session.readResult(Bulks, take, readerOf(bytes().delimited(message).build()));
}

const REFUSED =
  "the body makes more than 100 messages, lists, map entries and the like: send less at once, or raise hrpcd.decode.objects.max";

/** `most` of these are taken where 100 objects are allowed, and one more is refused. */
const COSTS: readonly (readonly [name: string, field: number, most: number, content?: Uint8Array])[] = [
  // The message itself costs 2, as it has eight lists and maps; the list costs 1, and each item its eighth.
  ["messages without fields", 1, 86],
  ["messages with two dozen lists", 2, 18],
  ["byte arrays", 5, 45],
  ["messages with bytes as default", 7, 31],
  ["map entries", 6, 32],
  ["strings", 9, 776],
];

for (const [name, field, most, content] of COSTS) {
  test(`${name} are taken up to the limit of objects, by both ends, and refused above it`, () => {
    for (const read of [serverRead, clientRead]) {
      assert.doesNotThrow(() => read(items(field, most, content), { maxObjects: 100 }));
      const error = errorOf(() => read(items(field, most + 1, content), { maxObjects: 100 }));
      assert.ok(error.message.endsWith(REFUSED), error.message);
    }
  });
}

test("longs are taken by the million in one list, packed or not, and refused above eight", () => {
  const packed = (count: number) => bytes().field(4, Buffer.alloc(count, 1)).build();
  assert.doesNotThrow(() => serverRead(packed(7_999_000), {}));
  const error = errorOf(() => serverRead(packed(8_000_001), {}));
  assert.match(error.message, /more than 1000000 messages, lists/);
  assert.equal(error.code, "ERROR_APPLICATION");
  assert.equal(error.javaClass, "org.apache.hadoop.thirdparty.protobuf.InvalidProtocolBufferException");
  const single = Buffer.alloc(2 * 784, bytes().tag(4, 0).byte(1).build());
  assert.doesNotThrow(() => serverRead(single.subarray(0, 2 * 776), { maxObjects: 100 }));
  assert.throws(() => serverRead(single, { maxObjects: 100 }));
});

test("fields that come again, or that nobody knows, are taken up to a limit, since each takes its time", () => {
  const unknown = (count: number) => Buffer.alloc(3 * count, bytes().tag(99, 0).byte(1).build());
  const wrongType = (count: number) => Buffer.alloc(2 * count, bytes().tag(8, 0).byte(1).build());
  const again = (count: number) => items(8, count);
  // The message costs 2 and the one within it 5; as many singular fields as it declares, nine, are free.
  for (const [make, most] of [
    [unknown, 784],
    [wrongType, 164],
    [again, 195],
  ] as const) {
    for (const read of [serverRead, clientRead]) {
      assert.doesNotThrow(() => read(make(most), { maxObjects: 100 }));
      assert.ok(errorOf(() => read(make(most + 1), { maxObjects: 100 })).message.endsWith(REFUSED));
    }
  }
});

test("a short body makes no more objects than two for each of its bytes and the empty items", () => {
  const limits = { maxEmptyItems: 10 };
  assert.doesNotThrow(() => serverRead(items(1, 100), limits));
  const error = errorOf(() => serverRead(items(2, 200), limits));
  assert.match(error.message, /^the body makes more than 81\d messages.* raise hrpcd\.decode\.empty\.items\.max$/);
});

test("each body has a budget of its own", () => {
  const services = lookupOf(serve(Bulks, { take: () => undefined }));
  const session = protobufEngine.openServer(services, { ...DEFAULT_DECODE_LIMITS, maxObjects: 100 });
  const frame = requestBytes("demo.Bulks", 1, "take", items(1, 80));
  for (let call = 0; call < 3; call++) {
    const request = session.readRequest(readerOf(frame), "demo.Bulks");
    assert.doesNotThrow(() => request.readArguments());
  }
});

test("of missing required fields a thousand are named", () => {
  const names = (count: number) => Array.from({ length: count }, (_, i) => `needies[${i}].number`).join(", ");
  const read = (count: number) => errorOf(() => serverRead(items(3, count, bytes().field(1, "a")), {})).message;
  assert.equal(read(999), `Message missing required fields: ${names(999)}`);
  assert.equal(read(1_000), `Message missing required fields: ${names(1_000)}, ...`);
  assert.equal(read(20_000), read(1_000));
});

test("small and large longs of one list are what was sent", () => {
  const values = [0n, 1n, 127n, 128n, 16_383n, 2n ** 28n, 2n ** 52n, 2n ** 63n - 1n, -1n, -(2n ** 63n)];
  const body = bytes();
  for (const value of values) body.tag(4, 0).varint(value);
  assert.deepEqual((serverRead(body.build(), {}) as [{ longs: bigint[] }])[0].longs, values);
});
