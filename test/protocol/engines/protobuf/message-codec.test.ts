/** Messages by the rules of proto2 and proto3; protobufjs's own codec is the second opinion. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import protobufjs from "protobufjs";
import { parseProto, protobuf } from "../../../../protocol/engines/protobuf.js";
import { bytes, hex } from "../../../helpers/byte-builder.js";
import { Echo, errorOf } from "./loop.js";

const SCALARS = [
  "double",
  "float",
  "int32",
  "int64",
  "uint32",
  "uint64",
  "sint32",
  "sint64",
  "fixed32",
  "fixed64",
  "sfixed32",
  "sfixed64",
  "bool",
  "string",
  "bytes",
] as const;

const FIELDS = SCALARS.map(
  (type, i) => `optional ${type} opt_${type} = ${i + 1}; repeated ${type} rep_${type} = ${i + 101};`,
).join("\n");

const PACKED = SCALARS.filter((type) => type !== "string" && type !== "bytes")
  .map((type, i) => `repeated ${type} packed_${type} = ${i + 201} [packed = true];`)
  .join("\n");

const TWO = `
  syntax = "proto2";
  package two;
  message Leaf { required int32 id = 1; optional string name = 2 [default = "none"]; }
  enum Color { GREEN = 1; RED = 0; ALSO_RED = 0; option allow_alias = true; }
  message All {
    ${FIELDS}
    ${PACKED}
    optional Leaf leaf = 300;
    repeated Leaf leaves = 301;
    optional Color color = 302;
    optional All all = 303;
    map<string, Leaf> by_name = 304;
    map<int64, bytes> by_id = 305;
    map<bool, Color> by_flag = 306;
  }
  service Two { rpc m(All) returns (All); }`;

const THREE = `
  syntax = "proto3";
  package three;
  enum Color { RED = 0; GREEN = 1; }
  message All {
    int32 count = 1;
    string text = 2;
    bytes blob = 3;
    Color color = 4;
    optional int32 maybe = 5;
    repeated int32 list = 6;
    oneof one { string a = 7; int64 b = 8; Color c = 10; }
    double ratio = 9;
    repeated Color colors = 11;
    All all = 12;
    bool flag = 13;
    uint64 big = 14;
  }
  service Three { rpc m(All) returns (All); }`;

async function echoOf(text: string, service: string): Promise<Echo> {
  const source = await parseProto({ "a.proto": text });
  return new Echo(protobuf({ source, service, protocolName: service, version: 1 }), "m");
}

const two = await echoOf(TWO, "Two");
const three = await echoOf(THREE, "Three");
const oracle = protobufjs.parse(TWO, new protobufjs.Root(), { keepCase: true }).root.lookupType("two.All");

const text = fc.string({ unit: "grapheme", maxLength: 40 });
const int32 = fc.integer();
const uint32 = fc.nat({ max: 0xffffffff });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const blob = fc.uint8Array({ maxLength: 20 });
const VALUES = {
  double: fc.double({ noNaN: true }),
  float: fc.float({ noNaN: true }),
  int32,
  int64,
  uint32,
  uint64,
  sint32: int32,
  sint64: int64,
  fixed32: uint32,
  fixed64: uint64,
  sfixed32: int32,
  sfixed64: int64,
  bool: fc.boolean(),
  string: text,
  bytes: blob,
} as const;

const leaf = fc.record({ id: int32, name: text }, { requiredKeys: ["id"] });
const color = fc.constantFrom("GREEN", "RED");
const all = fc.record(
  {
    ...Object.fromEntries(SCALARS.map((type) => [`opt_${type}`, VALUES[type] as fc.Arbitrary<unknown>])),
    ...Object.fromEntries(SCALARS.map((type) => [`rep_${type}`, fc.array<unknown>(VALUES[type], { maxLength: 4 })])),
    ...Object.fromEntries(
      SCALARS.filter((type) => type !== "string" && type !== "bytes").map((type) => [
        `packed_${type}`,
        fc.array<unknown>(VALUES[type], { maxLength: 4 }),
      ]),
    ),
    leaf,
    leaves: fc.array(leaf, { maxLength: 3 }),
    color,
    all: fc.record({ leaf, opt_string: text }, { requiredKeys: [] }),
    by_name: fc.dictionary(fc.oneof(text, fc.constantFrom("__proto__", "constructor", "1")), leaf, {
      maxKeys: 3,
      noNullPrototype: true,
    }),
  },
  { requiredKeys: [] },
);

/** A value as protobufjs wants it: 64-bit integers as text. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/** The same, with bytes as text too: protobufjs gives them in Buffers. */
function comparable(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== "object" || value === null) return plain(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, comparable(item)]));
}

/** Whether everything of `part` is in `whole`, which may have empty lists and defaults beside it. */
function assertContains(whole: unknown, part: unknown): void {
  if (typeof part !== "object" || part === null || part instanceof Uint8Array) {
    assert.deepEqual(whole, part);
    return;
  }
  if (Array.isArray(part)) assert.equal((whole as unknown[]).length, part.length);
  for (const [key, item] of Object.entries(part)) {
    assert.ok(Object.hasOwn(whole as object, key), key);
    assertContains((whole as Record<string, unknown>)[key], item);
  }
}

test("protobufjs reads what is written as the same values", () => {
  fc.assert(
    fc.property(all, (value) => {
      const decoded = oracle.decode(two.writeRequest(value));
      const object = oracle.toObject(decoded, { longs: String, enums: String, objects: true, arrays: true });
      const { by_name: names, ...rest } = comparable(value) as Record<string, object | undefined>;
      assertContains(comparable(object), rest);
      const theirs = (object as { by_name: object }).by_name;
      for (const name of Object.keys(names ?? {})) assert.ok(name === "__proto__" || Object.hasOwn(theirs, name), name);
    }),
    { numRuns: 300 },
  );
});

test("what protobufjs writes is read as the same values, and what was written is read as it was", () => {
  fc.assert(
    fc.property(all, (value) => {
      const { by_name: _names, ...rest } = value as Record<string, unknown>;
      const message = oracle.fromObject(plain(rest) as Record<string, unknown>);
      assertContains(two.readRequest(oracle.encode(message).finish()), rest);
      assertContains(two.readResult(two.writeResult(value)), value);
    }),
    { numRuns: 300 },
  );
});

test("damaged bytes give an error or a value, and nothing else", () => {
  fc.assert(
    fc.property(all, fc.nat(), fc.nat({ max: 255 }), (value, at, byte) => {
      const message = two.writeRequest(value);
      if (message.length > 0) message[at % message.length] = byte;
      for (const damaged of [message, message.subarray(0, at % (message.length + 1))]) {
        try {
          two.readRequest(damaged);
        } catch (error) {
          assert.equal((error as { code: string }).code, "ERROR_APPLICATION");
        }
      }
    }),
    { numRuns: 500 },
  );
});

test("the smallest and largest integers of every type come back", () => {
  const edges: Record<string, unknown[]> = {
    int32: [-(2 ** 31), -1, 2 ** 31 - 1],
    uint32: [0, 2 ** 32 - 1],
    sint32: [-(2 ** 31), 2 ** 31 - 1],
    fixed32: [0, 2 ** 32 - 1],
    sfixed32: [-(2 ** 31), 2 ** 31 - 1],
    int64: [-(2n ** 63n), -1n, 2n ** 63n - 1n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 56n, 2n ** 28n],
    uint64: [0n, 2n ** 64n - 1n, 2n ** 52n - 1n, 2n ** 52n],
    sint64: [-(2n ** 63n), 2n ** 63n - 1n, -(2n ** 52n)],
    fixed64: [0n, 2n ** 64n - 1n],
    sfixed64: [-(2n ** 63n), 2n ** 63n - 1n],
  };
  for (const [type, values] of Object.entries(edges)) {
    const value = { [`rep_${type}`]: values, [`packed_${type}`]: values };
    assertContains(two.readRequest(two.writeRequest(value)), value);
    for (const wrong of typeof values[0] === "bigint" ? [-(2n ** 64n), 2n ** 64n, 1] : [2 ** 32, 0.5, Number.NaN, 1n]) {
      assert.equal(
        errorOf(() => two.writeRequest({ [`opt_${type}`]: wrong })).code,
        "BAD_ARGUMENT",
        `${type} ${wrong}`,
      );
    }
  }
});

test("names that every object has are plain keys, and no prototype changes", () => {
  const before = Object.getOwnPropertyNames(Object.prototype);
  const entry = (key: string): Buffer =>
    bytes()
      .field(304, bytes().field(1, key).field(2, hex("0807")))
      .build();
  const read = two.readRequest(Buffer.concat(["__proto__", "constructor", "toString"].map(entry))) as {
    by_name: Record<string, unknown>;
  };
  assert.deepEqual(Object.keys(read.by_name), ["__proto__", "constructor", "toString"]);
  assert.equal(Object.getPrototypeOf(read.by_name), Object.prototype);
  assert.deepEqual(Object.getOwnPropertyDescriptor(read.by_name, "__proto__")?.value, { id: 7, name: "none" });
  assert.deepEqual(Object.getOwnPropertyNames(Object.prototype), before);
});

test("fields that are called like what every object has are written when they are set, and only then", () => {
  const names = ["constructor", "toString", "__proto__"];
  const fields = names.map((name, i) => ({ name, number: i + 1, type: "string" }));
  const odd = new Echo(
    protobuf({
      protocol: "Odd",
      version: 1,
      service: "Odd",
      methods: [{ name: "m", request: "Odd", response: "Odd" }],
      messages: [{ name: "Odd", fields }],
      enums: [],
    }),
    "m",
  );
  assert.equal(odd.writeRequest({}).length, 0);
  const read = odd.readRequest(hex("0a0161 120162 1a0163")) as object;
  assert.deepEqual(Object.entries(read), [
    ["constructor", "a"],
    ["toString", "b"],
    ["__proto__", "c"],
  ]);
  assert.equal(Object.getPrototypeOf(read), Object.prototype);
  assert.equal(odd.writeRequest(read).toString("hex"), "0a01611201621a0163");
});

test("lists and maps that are empty are shared, and cannot be changed", () => {
  const read = two.readRequest(Buffer.alloc(0)) as { rep_int32: unknown[]; by_id: object; leaf?: unknown };
  assert.deepEqual(read.rep_int32, []);
  assert.ok(Object.isFrozen(read.rep_int32) && Object.isFrozen(read.by_id));
  assert.ok(!Object.hasOwn(read, "leaf"));
});

test("proto2: an enum's first name is read, all are written, and unknown numbers are unknown fields", () => {
  assert.equal((two.readRequest(hex("f012 00")) as { color: string }).color, "RED");
  assert.equal(two.writeRequest({ color: "ALSO_RED" }).toString("hex"), "f01200");
  assert.ok(!Object.hasOwn(two.readRequest(hex("f012 05")) as object, "color"));
});

test("proto3: zeros are not written, and read where nothing came", () => {
  const zeros = { count: 0, text: "", blob: new Uint8Array(0), color: "RED", ratio: 0, flag: false, big: 0n };
  assert.equal(three.writeRequest({ ...zeros, list: [], colors: [] }).length, 0);
  assert.deepEqual(three.readRequest(Buffer.alloc(0)), { ...zeros, list: [], colors: [] });
  assert.equal(three.writeRequest({ maybe: 0 }).toString("hex"), "2800");
  assert.equal(three.writeRequest({ ratio: -0 }).toString("hex"), "490000000000000080");
});

test("proto3: lists are packed, unknown numbers are values, and strings must be UTF-8", () => {
  assert.equal(three.writeRequest({ list: [1, -1] }).toString("hex"), "320b01ffffffffffffffffff01");
  const read = three.readRequest(hex("2007 5a020107 3001 3202 0203")) as Record<string, unknown>;
  assert.deepEqual([read.color, read.colors, read.list], [7, ["GREEN", 7], [1, 2, 3]]);
  assert.equal(three.writeRequest({ color: 7, colors: ["GREEN", 7] }).toString("hex"), "20075a020107");
  assert.equal(errorOf(() => three.readRequest(hex("1202c080"))).message, "Protocol message had invalid UTF-8.");
});

test("of the fields of a oneof the last one counts, and only one may be given", () => {
  const read = (content: string): object => {
    const { a, b, c } = three.readRequest(hex(content)) as Record<string, unknown>;
    return { a, b, c };
  };
  assert.deepEqual(read("3a0161 4005"), { a: undefined, b: 5n, c: undefined });
  assert.deepEqual(read("4005 3a0161"), { a: "a", b: undefined, c: undefined });
  assert.equal(three.writeRequest({ b: 0n }).toString("hex"), "4000");
  assert.match(errorOf(() => three.writeRequest({ a: "x", b: 1n })).message, /an object with only one of a, b, got/);
});

test("proto2: overlong UTF-8 is read as what Java's getters give for it", () => {
  const read = two.readRequest(hex("7202c080")) as { opt_string: string };
  assert.equal(read.opt_string, "\ufffd\ufffd");
});

test("defaults of required fields and of a oneof's are not filled in: they would tell that something came", async () => {
  const echo = await echoOf(
    `syntax = "proto2";
     message M { required int32 a = 1 [default = 5]; oneof one { int32 b = 2 [default = 6]; int32 c = 3; } optional int32 d = 4 [default = 7]; }
     service S { rpc m(M) returns (M); }`,
    "S",
  );
  assert.equal(errorOf(() => echo.readRequest(Buffer.alloc(0))).message, "Message missing required fields: a");
  assert.deepEqual(echo.readRequest(hex("0801")), { a: 1, d: 7 });
});

test("messages and groups share one limit of nesting", () => {
  const within = (levels: number, innermost: Buffer): Buffer => {
    let message = innermost;
    for (let i = 0; i < levels; i++) message = bytes().field(303, message).build();
    return message;
  };
  const groups = (levels: number): Buffer =>
    Buffer.concat([Buffer.alloc(2 * levels, hex("8340")), Buffer.alloc(2 * levels, hex("8440"))]);
  two.readRequest(within(60, groups(40)));
  two.readRequest(within(100, Buffer.alloc(0)));
  for (const message of [within(60, groups(41)), within(100, groups(1)), groups(101)]) {
    assert.match(errorOf(() => two.readRequest(message)).message, /too many levels of nesting/);
  }
});

test("a megabyte of pieces of one message is put together in one pass", () => {
  const piece = bytes()
    .field(300, bytes().hex("0807"))
    .field(303, bytes().field(300, bytes().hex("0808")))
    .build();
  const message = Buffer.concat(Array.from({ length: Math.floor(2 ** 20 / piece.length) }, () => piece));
  const read = two.readRequest(message) as { leaf: object; all: { leaf: object } };
  assert.deepEqual(
    [read.leaf, read.all.leaf],
    [
      { id: 7, name: "none" },
      { id: 8, name: "none" },
    ],
  );
});

test("bytes that were read do not hold on to the buffer they came in", () => {
  const read = two.readRequest(hex("7a03010203")) as { opt_bytes: Uint8Array };
  assert.equal(read.opt_bytes.buffer.byteLength, 3);
});
