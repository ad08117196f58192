import assert from "node:assert/strict";
import { test } from "node:test";
import { writableJson } from "../../../../protocol/engines/writable/json.js";
import { writable } from "../../../../protocol/engines/writable.js";
import { printed } from "../../../helpers/printed.js";
import { COLORS, connect, methodOf, serve } from "./services.js";

const io = "org.apache.hadoop.io";
const TYPES = {
  int: "int",
  long: "long",
  double: "double",
  char: "char",
  string: "java.lang.String",
  bytes: "byte[]",
  longs: "long[][]",
  color: "demo.Color",
  text: `${io}.Text`,
  blob: `${io}.BytesWritable`,
  texts: "demo.Texts",
  raw: `${io}.ArrayPrimitiveWritable<long>`,
  rawBytes: `${io}.ArrayPrimitiveWritable<byte>`,
  point: "demo.Point",
  holder: "demo.Data",
  signature: "org.apache.hadoop.ipc.ProtocolSignature",
};

const All = writable({
  protocol: "demo.All",
  version: 1,
  enums: COLORS,
  writables: {
    "demo.Texts": `${io}.ArrayWritable<${io}.Text>`,
    "demo.Point": { x: "long", y: "int" },
    "demo.Datum": { data: `${io}.BytesWritable` },
    "demo.Data": `${io}.ArrayWritable<demo.Datum>`,
  },
  methods: {
    ...Object.fromEntries(Object.entries(TYPES).map(([name, type]) => [name, { parameters: [type], returns: type }])),
    nothing: { returns: "void" },
    mix: { parameters: ["@Nonnull java.lang.String", "[I"], returns: "demo.Color[]" },
  },
});

const { call } = connect(serve([All]), "demo.All");

/** Through JSON, the wire, and back. */
function echo(method: string, json: unknown): unknown {
  const definition = methodOf(All, method);
  const args = writableJson.argumentsFromJson(All, definition, [JSON.parse(JSON.stringify(json))]);
  return printed(writableJson.resultToJson(All, definition, call(All, method, ...args)));
}

test("JSON comes back as it went, through the values of every type", () => {
  const cases: [string, unknown][] = [
    ["int", -7],
    ["long", 5],
    ["long", "-9223372036854775808"],
    ["double", 0.5],
    ["double", "NaN"],
    ["double", "-Infinity"],
    ["char", "x"],
    ["string", "grüß"],
    ["string", null],
    ["bytes", "AAH/"],
    ["longs", [[1, "9223372036854775807"], null, []]],
    ["color", "RED"],
    ["text", "a"],
    ["blob", ""],
    ["texts", ["a", "b"]],
    ["raw", ["9007199254740993"]],
    ["rawBytes", "gA=="],
    ["point", { x: "9007199254740993", y: 2 }],
    ["signature", { version: 5, methods: [1, 2] }],
    ["signature", { version: 5, methods: null }],
  ];
  for (const [method, json] of cases) assert.deepEqual(echo(method, json), json, `${method} ${JSON.stringify(json)}`);
});

test("a long may be digits or a number; a number that is exact comes back as a number", () => {
  assert.equal(echo("long", "5"), 5);
  assert.equal(echo("bytes", "AAE"), "AAE=");
});

test("bytes come in hex if that is said, wherever they stand", () => {
  for (const [method, json, value] of [
    ["bytes", "00fF", Uint8Array.of(0, 255)],
    ["blob", "00fF", Uint8Array.of(0, 255)],
    ["rawBytes", "80", Uint8Array.of(128)],
    ["holder", [{ data: "0a" }], [{ data: Uint8Array.of(10) }]],
  ] as const) {
    assert.deepEqual(writableJson.argumentsFromJson(All, methodOf(All, method), [json], "hex"), [value], method);
  }
  assert.throws(() => writableJson.argumentsFromJson(All, methodOf(All, "bytes"), ["AAE"], "hex"), {
    message: 'demo.All.bytes: argument 1 (byte[]) must be hex, got "AAE"',
  });
});

test("JSON that does not fit is named like any other argument", () => {
  const refuse = (method: string, json: unknown, text: string): void => {
    assert.throws(() => echo(method, json), {
      code: "BAD_ARGUMENT",
      message: `demo.All.${method}: argument 1 ${text}`,
    });
  };
  const range = "a bigint from -9223372036854775808 to 9223372036854775807";
  refuse("int", "7", '(int) must be an integer from -2147483648 to 2147483647, got "7"');
  refuse("long", "five", `(long) must be ${range}, got "five"`);
  refuse("long", "9223372036854775808", `(long) must be ${range}, got 9223372036854775808n`);
  refuse("longs", [[1], ["x"]], `(long[][]) element 1 element 0 must be ${range}, got "x"`);
  refuse("longs", 5, "(long[][]) must be an array for long[][], got 5");
  refuse("bytes", "not base64!", '(byte[]) must be base64, got "not base64!"');
  refuse("point", "p", '(demo.Point) must be an object with the fields of demo.Point, got "p"');
  const define = methodOf(All, "int");
  assert.throws(() => writableJson.argumentsFromJson(All, define, []), /demo.All.int\(int\) takes 1 argument, got 0$/);
});

test("a bigint is taken where a number could not say which one is meant", () => {
  const take = (method: string, json: unknown): unknown =>
    call(All, method, ...writableJson.argumentsFromJson(All, methodOf(All, method), [json]));
  assert.equal(take("long", 9007199254740993n), 9007199254740993n);
  assert.deepEqual(take("longs", [[9007199254740993n]]), [[9007199254740993n]]);
  assert.equal(take("double", 9007199254740993n), 9007199254740992);
  assert.throws(() => take("int", 9007199254740993n), { code: "BAD_ARGUMENT" });
});

test("declared types read as in Java, inherited ones first", () => {
  const Derived = writable({
    protocol: "demo.Derived",
    version: 1,
    inherits: [All],
    enums: { "demo.Size": ["S"] },
    methods: { size: { parameters: [], returns: "demo.Size" } },
  });
  const own = [
    "enum demo.Color { RED, GREEN }",
    "enum demo.Color$Depth { LIGHT, __proto__ }",
    `class demo.Texts extends ${io}.ArrayWritable<${io}.Text>`,
    "class demo.Point { long x; int y }",
    `class demo.Datum { ${io}.BytesWritable data }`,
    `class demo.Data extends ${io}.ArrayWritable<demo.Datum>`,
  ];
  assert.deepEqual(writableJson.typeTexts(All), own);
  assert.deepEqual(writableJson.typeTexts(Derived), [...own, "enum demo.Size { S }"]);
  assert.deepEqual(writableJson.typeTexts(All, methodOf(All, "int")), []);
  assert.deepEqual(writableJson.typeTexts(All, methodOf(All, "holder")), [own[4], own[5]]);
});

test("a method without result has null, and methods read as in Java", () => {
  assert.equal(writableJson.resultToJson(All, methodOf(All, "nothing"), undefined), null);
  assert.equal(writableJson.signatureText(All, methodOf(All, "nothing")), "void nothing()");
  const text = "demo.Color[] mix(@Nonnull java.lang.String, int[])";
  assert.equal(writableJson.signatureText(All, methodOf(All, "mix")), text);
});
