/** The codec beside avsc's own: the same bytes for the same values, and the same values back. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import avsc, { type Schema } from "avsc";
import fc from "fast-check";
import { avro } from "../../../../protocol/engines/avro.js";
import { bytesOf, methodOf, readerOf, serve } from "../../../helpers/sessions.js";
import { Loop } from "./loop.js";

/** A type, and a way to values of it: as this codec has them, and as avsc has them. */
interface Sample {
  readonly schema: unknown;
  readonly group: string;
  readonly branch: string;
  readonly values: fc.Arbitrary<{ ours: unknown; theirs: unknown }>;
}

let names = 0;

function same(arbitrary: fc.Arbitrary<unknown>): Sample["values"] {
  return arbitrary.map((value) => ({ ours: value, theirs: value }));
}

function primitive(name: string, group: string, values: Sample["values"]): Sample {
  return { schema: name, group, branch: name, values };
}

const bytes = (size: { minLength?: number; maxLength: number }): Sample["values"] =>
  fc.uint8Array(size).map((value) => ({ ours: value, theirs: Buffer.from(value) }));

const PRIMITIVES: Sample[] = [
  primitive("null", "null", fc.constant({ ours: null, theirs: null })),
  primitive("boolean", "boolean", same(fc.boolean())),
  primitive("int", "number", same(fc.integer())),
  primitive(
    "long",
    "bigint",
    fc.maxSafeInteger().map((n) => ({ ours: BigInt(Math.trunc(n / 2)), theirs: Math.trunc(n / 2) })),
  ),
  primitive("float", "number", same(fc.float())),
  primitive("double", "number", same(fc.double())),
  primitive("string", "string", same(fc.oneof(fc.string(), fc.string({ unit: "binary", maxLength: 3000 })))),
  primitive("bytes", "bytes", bytes({ maxLength: 200 })),
];

function named(make: (name: string) => Omit<Sample, "branch">): Sample {
  const name = `T${++names}`;
  return { ...make(name), branch: name };
}

function enumOf(count: number): Sample {
  const symbols = Array.from({ length: count }, (_, i) => `S${i}`);
  return named((name) => ({
    schema: { type: "enum", name, symbols },
    group: "string",
    values: same(fc.constantFrom(...symbols)),
  }));
}

function fixedOf(size: number): Sample {
  const values = bytes({ minLength: size, maxLength: size });
  return named((name) => ({ schema: { type: "fixed", name, size }, group: "bytes", values }));
}

function pairs(values: { ours: unknown; theirs: unknown }[]): { ours: unknown[]; theirs: unknown[] } {
  return { ours: values.map(({ ours }) => ours), theirs: values.map(({ theirs }) => theirs) };
}

function arrayOf(items: Sample): Sample {
  const values = fc.array(items.values, { maxLength: 5 }).map(pairs);
  return { schema: { type: "array", items: items.schema }, group: "array", branch: "array", values };
}

function mapOf(inner: Sample): Sample {
  const values = fc.dictionary(fc.string(), inner.values, { maxKeys: 4, noNullPrototype: true }).map((map) => ({
    ours: Object.fromEntries(Object.entries(map).map(([key, { ours }]) => [key, ours])),
    theirs: Object.fromEntries(Object.entries(map).map(([key, { theirs }]) => [key, theirs])),
  }));
  return { schema: { type: "map", values: inner.schema }, group: "object", branch: "map", values };
}

function recordOf(fields: Sample[]): Sample {
  const values = fc.tuple(...fields.map((field) => field.values)).map((list) => ({
    ours: Object.fromEntries(list.map(({ ours }, i) => [`f${i}`, ours])),
    theirs: Object.fromEntries(list.map(({ theirs }, i) => [`f${i}`, theirs])),
  }));
  return named((name) => ({
    schema: { type: "record", name, fields: fields.map(({ schema }, i) => ({ name: `f${i}`, type: schema })) },
    group: "object",
    values,
  }));
}

function unionOf(candidates: Sample[]): Sample {
  const branches = [...new Map(candidates.map((sample) => [sample.branch, sample])).values()].filter(
    ({ group }) => group !== "union",
  );
  const list = branches.length === 0 ? [PRIMITIVES[0] as Sample] : branches;
  const wrapped = new Set(list.map(({ group }) => group)).size < list.length;
  const values = fc.oneof(
    ...list.map(({ branch, values: inner }) =>
      inner.map(({ ours, theirs }) => ({
        ours: wrapped && branch !== "null" ? { [branch]: ours } : ours,
        theirs: branch === "null" ? null : { [branch]: theirs },
      })),
    ),
  );
  return { schema: list.map(({ schema }) => schema), group: "union", branch: "union", values };
}

function sampleOf(depth: number): fc.Arbitrary<Sample> {
  const leaf = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...PRIMITIVES) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 5 }).map(enumOf) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 20 }).map(fixedOf) },
  );
  if (depth === 0) return leaf;
  const inner = sampleOf(depth - 1);
  return fc.oneof(
    leaf,
    inner.map(arrayOf),
    inner.map(mapOf),
    fc.array(inner, { maxLength: 4 }).map(recordOf),
    fc.array(inner, { minLength: 1, maxLength: 4 }).map(unionOf),
  );
}

const sampleAndValue = sampleOf(3).chain(({ schema, values }) =>
  values.map(({ ours, theirs }) => ({ schema, ours, theirs })),
);

function echoOf(schema: unknown): ReturnType<typeof avro> {
  return avro({
    protocol: "Echo",
    version: 1,
    types: [],
    messages: { echo: { request: [{ name: "value", type: schema as string }], response: "null" } },
  });
}

function avscType(schema: unknown): avsc.Type {
  return avsc.Type.forSchema(structuredClone(schema) as Schema, { wrapUnions: "always" });
}

/** avsc encodes -0 as it is, and equality of numbers is Object.is; NaN has one form here. */
function encoded(schema: unknown, value: unknown): Buffer {
  const protocol = echoOf(schema);
  const loop = new Loop([]);
  const method = methodOf(protocol, "echo");
  loop.request(protocol, "echo", value);
  return bytesOf((out) => loop.client.writeRequest(protocol, method, [value], out)).subarray(2);
}

describe("the Avro codec", () => {
  it("writes the bytes that avsc writes, for any type and value", () => {
    fc.assert(
      fc.property(sampleAndValue, ({ schema, ours, theirs }) => {
        assert.equal(encoded(schema, ours).toString("hex"), avscType(schema).toBuffer(theirs).toString("hex"));
      }),
      { numRuns: 500 },
    );
  });

  it("reads the bytes that avsc writes, whole and as the request of a call", () => {
    fc.assert(
      fc.property(sampleAndValue, ({ schema, ours, theirs }) => {
        const protocol = echoOf(schema);
        const loop = new Loop([serve(protocol, { echo: () => undefined })]);
        loop.receive(loop.request(protocol, "echo", ours));
        const body = Buffer.concat([Buffer.of(0, 0), avscType(schema).toBuffer(theirs)]);
        assert.deepEqual(loop.receive(body).readArguments(), [ours]);
      }),
      { numRuns: 500 },
    );
  });

  it("passes over any datum to the byte, for a server that does not have the argument", () => {
    const server = avro({
      protocol: "Echo",
      version: 1,
      messages: { echo: { request: [{ name: "last", type: "int" }], response: "null" } },
    });
    fc.assert(
      fc.property(sampleAndValue, ({ schema, ours }) => {
        const request = [
          { name: "gone", type: schema as string },
          { name: "last", type: "int" },
        ] as const;
        const client = avro({ protocol: "Echo", version: 1, messages: { echo: { request, response: "null" } } });
        const loop = new Loop([serve(server, { echo: () => undefined })]);
        assert.deepEqual(loop.receive(loop.request(client, "echo", ours, 77)).readArguments(), [77]);
      }),
      { numRuns: 500 },
    );
  });

  it("never takes a cut datum for a whole one, nor longer ones for shorter ones", () => {
    fc.assert(
      fc.property(sampleAndValue, fc.nat(), ({ schema, ours }, seed) => {
        const protocol = echoOf(schema);
        const loop = new Loop([serve(protocol, { echo: () => undefined })]);
        loop.receive(loop.request(protocol, "echo", ours));
        const body = loop.request(protocol, "echo", ours);
        const cut = 2 + (seed % Math.max(1, body.length - 2));
        if (cut < body.length)
          assert.throws(() => loop.receive(body.subarray(0, cut)).readArguments(), { code: "ERROR_APPLICATION" });
        const longer = Buffer.concat([body, Buffer.of(0)]);
        assert.throws(() => loop.receive(longer).readArguments(), { code: "ERROR_APPLICATION" });
      }),
      { numRuns: 300 },
    );
  });

  it("throws nothing but RpcError on any bytes", () => {
    fc.assert(
      fc.property(sampleAndValue, fc.uint8Array({ maxLength: 60 }), ({ schema, ours }, noise) => {
        const protocol = echoOf(schema);
        const loop = new Loop([serve(protocol, { echo: () => undefined })]);
        loop.receive(loop.request(protocol, "echo", ours));
        try {
          loop.receive(Buffer.concat([Buffer.of(0, 0), noise])).readArguments();
        } catch (error) {
          assert.equal((error as { code?: string }).code, "ERROR_APPLICATION");
        }
      }),
      { numRuns: 500 },
    );
  });

  it("carries every 64-bit long", () => {
    const edges = [
      0n,
      1n,
      -1n,
      63n,
      64n,
      -64n,
      -65n,
      2n ** 31n,
      -(2n ** 31n) - 1n,
      2n ** 51n,
      2n ** 51n + 1n,
      2n ** 52n,
      -(2n ** 53n),
      2n ** 55n,
      2n ** 62n,
      2n ** 63n - 1n,
      -(2n ** 63n),
    ];
    const any = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    const P = avro({
      protocol: "P",
      version: 1,
      messages: { m: { request: [{ name: "n", type: "long" }], response: "long" } },
    });
    const loop = new Loop([serve(P, { m: (n: bigint) => n })]);
    for (const edge of edges) assert.equal(loop.call(P, "m", edge), edge);
    fc.assert(fc.property(any, (n) => assert.equal(loop.call(P, "m", n), n)));
    for (const n of [2n ** 63n, -(2n ** 63n) - 1n, 5, "5"])
      assert.throws(() => loop.call(P, "m", n), { code: "BAD_ARGUMENT" });
  });

  it("writes strings of every length and script as UTF-8 with the shortest length", () => {
    const P = avro({
      protocol: "P",
      version: 1,
      messages: { m: { request: [{ name: "s", type: "string" }], response: "string" } },
    });
    const loop = new Loop([serve(P, { m: (s: string) => s })]);
    const type = avscType("string");
    loop.call(P, "m", "");
    for (const unit of ["x", "é", "€", "😀"]) {
      for (const length of [
        1, 15, 16, 21, 22, 31, 32, 33, 63, 64, 65, 341, 342, 1023, 1024, 1025, 2730, 2731, 8191, 8192, 30_000,
      ]) {
        const text = unit.repeat(length);
        assert.equal(loop.call(P, "m", text), text);
        assert.deepEqual(loop.requests.at(-1)?.subarray(2), type.toBuffer(text), `${length} times ${unit}`);
      }
    }
  });

  it("refuses half a surrogate pair, which UTF-8 has no bytes for, in strings and in keys", () => {
    const P = avro({
      protocol: "P",
      version: 1,
      messages: { m: { request: [{ name: "s", type: { type: "map", values: "string" } }], response: "null" } },
    });
    const loop = new Loop([serve(P, { m: () => null })]);
    for (const text of ["\ud800", "ü\udc00\ud800", `${"long".repeat(20)}\udfff`, `${"longer".repeat(1000)}\ud800`]) {
      const code = "BAD_ARGUMENT";
      const inValue = /^P\.m: argument s\["a"\] must be string without lone surrogates, got "/;
      assert.throws(() => loop.call(P, "m", { a: text }), { code, message: inValue });
      const inKey = /^P\.m: argument s must be string without lone surrogates, got "/;
      assert.throws(() => loop.call(P, "m", { [text]: "a" }), { code, message: inKey });
    }
    loop.call(P, "m", { "\ud83d\ude00": "\ud83d\ude00" });
  });

  it("converts timestamps, dates and decimals, and keeps other logical types as what they are made of", () => {
    const P = avro({
      protocol: "P",
      version: 1,
      types: [{ type: "fixed", name: "Money", size: 4, logicalType: "decimal", precision: 9, scale: 2 }],
      messages: {
        time: {
          request: [{ name: "t", type: { type: "long", logicalType: "timestamp-millis" } }],
          response: { type: "long", logicalType: "timestamp-millis" },
        },
        day: {
          request: [{ name: "d", type: { type: "int", logicalType: "date" } }],
          response: { type: "int", logicalType: "date" },
        },
        price: {
          request: [{ name: "p", type: { type: "bytes", logicalType: "decimal", precision: 6, scale: 2 } }],
          response: { type: "bytes", logicalType: "decimal", precision: 6, scale: 2 },
        },
        money: { request: [{ name: "p", type: "Money" }], response: "Money" },
        micros: { request: [{ name: "t", type: { type: "long", logicalType: "timestamp-micros" } }], response: "long" },
      },
    });
    const echo = (value: unknown): unknown => value;
    const loop = new Loop([serve(P, { time: echo, day: echo, price: echo, money: echo, micros: echo })]);
    for (const time of [0, -1, 1_700_000_000_123])
      assert.deepEqual(loop.call(P, "time", new Date(time)), new Date(time));
    for (const day of ["1970-01-01", "1969-12-31", "2024-02-29"])
      assert.deepEqual(loop.call(P, "day", new Date(day)), new Date(day));
    for (const [given, got] of [
      ["0", "0.00"],
      ["-0.5", "-0.50"],
      ["12.34", "12.34"],
      ["-9999.99", "-9999.99"],
      ["0001.5", "1.50"],
      ["-1.28", "-1.28"],
      ["1.28", "1.28"],
    ]) {
      assert.equal(loop.call(P, "price", given), got);
      assert.equal(loop.call(P, "money", given), got);
    }
    assert.equal(loop.call(P, "micros", 5n), 5n);
    loop.call(P, "price", "-1.28");
    assert.equal(loop.requests.at(-1)?.subarray(2).toString("hex"), "0280", "-128 unscaled is the one byte 80");
    for (const [method, value] of [
      ["time", 5n],
      ["time", new Date(Number.NaN)],
      ["day", new Date(1)],
      ["price", "1.234"],
      ["price", "12345.67"],
      ["price", 12],
      ["price", "1e3"],
      ["money", "99999999.99"],
    ] as const) {
      assert.throws(() => loop.call(P, method, value), { code: "BAD_ARGUMENT" }, `${method} ${String(value)}`);
    }
    assert.throws(() => loop.receive(Buffer.from("0002" + "0801000000", "hex")).readArguments(), {
      code: "ERROR_APPLICATION",
    });
    const far = loop.client.readResult.bind(loop.client, P, methodOf(P, "time"));
    assert.throws(() => far(readerOf(Buffer.from("feffffffffffffffff01", "hex"))), /beyond the last Date/);
    const wide = loop.client.readResult.bind(loop.client, P, methodOf(P, "price"));
    assert.throws(() => wide(readerOf(Buffer.from("08" + "7fffffff", "hex"))), /more than 6 digits/);
    assert.equal(
      wide(readerOf(Buffer.from("0c" + "ffffffffff80", "hex"))),
      "-1.28",
      "sign bytes in front change nothing",
    );
  });

  it("makes plain objects, with keys like __proto__ as their own", () => {
    const P = avro({
      protocol: "P",
      version: 1,
      messages: {
        m: {
          request: [{ name: "m", type: { type: "map", values: { type: "map", values: "int" } } }],
          response: { type: "map", values: { type: "map", values: "int" } },
        },
      },
    });
    const loop = new Loop([serve(P, { m: (map: unknown) => map })]);
    const map = JSON.parse('{"__proto__":{"polluted":1},"constructor":{"toString":2},"a":{}}') as unknown;
    const got = loop.call(P, "m", map) as object;
    assert.deepEqual(Object.keys(got), ["__proto__", "constructor", "a"]);
    assert.equal(JSON.stringify(got), JSON.stringify(map));
    assert.equal(Object.getPrototypeOf(got), Object.prototype);
    assert.equal((got as { polluted?: number }).polluted, undefined);
    assert.deepEqual(Object.getOwnPropertyNames(Object.prototype).includes("polluted"), false);
  });

  it("knows only its own symbols as values of an enum", () => {
    const P = avro({
      protocol: "P",
      version: 1,
      types: [{ type: "enum", name: "E", symbols: ["A", "B"] }],
      messages: { m: { request: [{ name: "e", type: "E" }], response: "E" } },
    });
    const loop = new Loop([serve(P, { m: (e: unknown) => e })]);
    assert.equal(loop.call(P, "m", "B"), "B");
    for (const value of ["constructor", "toString", "__proto__", "C", 0, null]) {
      assert.throws(() => loop.call(P, "m", value), { code: "BAD_ARGUMENT", message: /must be one of A, B, got/ });
    }
  });
});
