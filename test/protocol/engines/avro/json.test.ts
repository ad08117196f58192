import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { avro, avroJson } from "../../../../protocol/engines/avro.js";
import { printed } from "../../../helpers/printed.js";
import { methodOf, serve } from "../../../helpers/sessions.js";
import { Loop } from "./loop.js";

const echo = { request: [{ name: "value", type: "All" }], response: "All" } as const;

const P = avro({
  protocol: "P",
  namespace: "org.example",
  version: 1,
  types: [
    { type: "enum", name: "E", symbols: ["A", "B"] },
    { type: "fixed", name: "F", size: 2 },
    { type: "error", name: "Bad", fields: [] },
    {
      type: "record",
      name: "All",
      fields: [
        { name: "long", type: "long" },
        { name: "double", type: "double" },
        { name: "bytes", type: "bytes" },
        { name: "fixed", type: "F" },
        { name: "e", type: "E" },
        { name: "at", type: { type: "long", logicalType: "timestamp-millis" } },
        { name: "price", type: { type: "bytes", logicalType: "decimal", precision: 9, scale: 2 } },
        { name: "list", type: { type: "array", items: "long" } },
        { name: "map", type: { type: "map", values: ["null", "long"] } },
        { name: "union", type: ["null", "int", "string", "E"] },
        { name: "plain", type: ["null", "long", { type: "array", items: "bytes" }], default: null },
      ],
    },
  ],
  messages: {
    echo,
    hello: {
      request: [
        { name: "name", type: "string" },
        { name: "times", type: "int", default: 1 },
      ],
      response: { type: "array", items: ["null", "All"] },
      errors: ["Bad"],
    },
    tell: {
      request: [{ name: "at", type: { type: "map", values: { type: "int", logicalType: "date" } } }],
      response: "null",
      "one-way": true,
    },
    price: { request: [], response: { type: "bytes", logicalType: "decimal", precision: 9, scale: 2 } },
  },
});

const json = {
  long: "9223372036854775807",
  double: "NaN",
  bytes: "AP8=",
  fixed: "AQI=",
  e: "B",
  at: "2024-05-01T12:00:00.000Z",
  price: "-1.50",
  list: [1, "-9007199254740993", 3],
  map: { a: null, __proto__x: 5 },
  union: { string: "x" },
  plain: ["AA=="],
};

describe("JSON for Avro methods", () => {
  it("becomes values, and values become the same JSON, over a call", () => {
    const loop = new Loop([serve(P, { echo: (value: unknown) => value })]);
    const method = methodOf(P, "echo");
    const [value] = avroJson.argumentsFromJson(P, method, [json]) as [Record<string, unknown>];
    assert.equal(value.long, 9223372036854775807n);
    assert.deepEqual(value.bytes, new Uint8Array([0, 255]));
    assert.deepEqual(value.at, new Date("2024-05-01T12:00:00Z"));
    assert.deepEqual(value.list, [1n, -9007199254740993n, 3n]);
    const result = avroJson.resultToJson(P, method, loop.call(P, "echo", value));
    assert.deepEqual(printed(result), json);
  });

  it("leaves out what has a default, and gives null for nothing", () => {
    assert.deepEqual(avroJson.argumentsFromJson(P, methodOf(P, "hello"), ["king"]), ["king", undefined]);
    assert.equal(avroJson.resultToJson(P, methodOf(P, "tell"), undefined), null);
    const loop = new Loop([serve(P, { echo: (value: unknown) => value })]);
    const { plain: _plain, ...rest } = json;
    const args = avroJson.argumentsFromJson(P, methodOf(P, "echo"), [rest]);
    const result = avroJson.resultToJson(P, methodOf(P, "echo"), loop.call(P, "echo", ...args));
    assert.deepEqual(printed(result), { ...json, plain: null });
  });

  it("takes bytes in hex if that is said", () => {
    const hex = { ...json, bytes: "00fF", fixed: "0102", plain: [""] };
    const [value] = avroJson.argumentsFromJson(P, methodOf(P, "echo"), [hex], "hex") as [Record<string, unknown>];
    assert.deepEqual(
      [value.bytes, value.fixed, value.plain],
      [Uint8Array.of(0, 255), Uint8Array.of(1, 2), [new Uint8Array()]],
    );
    assert.throws(() => avroJson.argumentsFromJson(P, methodOf(P, "echo"), [json], "hex"), {
      code: "BAD_ARGUMENT",
      message: /value\.bytes must be a string in hex \(bytes\), got "AP8="$/,
    });
  });

  it("says what does not fit, and where", () => {
    const fails = (value: unknown, message: RegExp): void =>
      assert.throws(() => avroJson.argumentsFromJson(P, methodOf(P, "echo"), [value]), {
        code: "BAD_ARGUMENT",
        message,
      });
    fails(
      { ...json, long: "x" },
      /^org\.example\.P\.echo: argument value\.long must be a whole number, or a string of digits \(long\), got "x"$/,
    );
    fails({ ...json, long: 1.5 }, /value\.long must be/);
    fails({ ...json, bytes: "%" }, /value\.bytes must be a string in base64/);
    fails({ ...json, at: "yesterday" }, /value\.at must be a date like/);
    fails({ ...json, list: [1, true] }, /value\.list\[1\] must be/);
    fails({ ...json, map: { k: "x" } }, /value\.map\["k"\] must be/);
    fails({ ...json, union: { Nope: 1 } }, /value\.union must be an object with one key of null, int, string, E/);
    fails({ ...json, surplus: 1 }, /value must be All, which has no field surplus/);
    fails(5, /value must be an object/);
    assert.throws(() => avroJson.argumentsFromJson(P, methodOf(P, "hello"), ["a", 1, 2]), {
      code: "BAD_ARGUMENT",
      message: "org.example.P.hello takes 1 to 2 arguments, got 3",
    });
    assert.throws(() => avroJson.argumentsFromJson(P, methodOf(P, "hello"), []), {
      code: "BAD_ARGUMENT",
      message: "org.example.P.hello takes 1 to 2 arguments, got 0",
    });
    assert.throws(() => avroJson.argumentsFromJson(P, methodOf(P, "echo"), []), {
      code: "BAD_ARGUMENT",
      message: "org.example.P.echo takes 1 argument, got 0",
    });
  });

  it("takes a bigint where a number could not say which one is meant", () => {
    const large = 9007199254740993n;
    const all = { ...json, long: large, double: large, price: large, plain: large };
    const [value] = avroJson.argumentsFromJson(P, methodOf(P, "echo"), [all]) as [Record<string, unknown>];
    assert.equal(value.long, large);
    assert.equal(value.double, 9007199254740992);
    assert.equal(value.price, "9007199254740993");
    assert.equal(value.plain, large);
  });

  it("takes a string for a string first, in a union that has strings", () => {
    const union = ["null", "long", "string"] as const;
    const Q = avro({
      protocol: "Q",
      version: 1,
      messages: { either: { request: [{ name: "value", type: union }], response: union } },
    });
    assert.deepEqual(avroJson.argumentsFromJson(Q, methodOf(Q, "either"), ["5"]), ["5"]);
    assert.deepEqual(avroJson.argumentsFromJson(Q, methodOf(Q, "either"), [5]), [5n]);
  });

  it("shows a method on one line", () => {
    const text = (name: string): string => avroJson.signatureText(P, methodOf(P, name));
    assert.equal(text("echo"), "echo(value: All): All");
    assert.equal(text("hello"), "hello(name: string, times?: int): array<union { null, All }> throws Bad");
    assert.equal(text("tell"), "tell(at: map<date>): void oneway");
    assert.equal(text("price"), "price(): decimal(9, 2)");
  });

  it("shows each named type on one line, where it comes first", () => {
    assert.deepEqual(avroJson.typeTexts(P), [
      "record All { long: long, double: double, bytes: bytes, fixed: F, e: E, at: timestamp-millis, price: decimal(9, 2), " +
        "list: array<long>, map: map<union { null, long }>, union: union { null, int, string, E }, " +
        "plain?: union { null, long, array<bytes> } }",
      "fixed F(2)",
      "enum E { A, B }",
      "error Bad {}",
    ]);
  });
});
