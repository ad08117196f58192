import assert from "node:assert/strict";
import { test } from "node:test";
import { writable } from "../../../../protocol/engines/writable.js";
import { RpcError } from "../../../../protocol/rpc-error.js";
import { COLORS, connect, int32, int64, MyInterface, serve, utf8 } from "./services.js";

const TYPES = {
  boolean: "boolean",
  byte: "byte",
  int: "int",
  long: "long",
  float: "float",
  double: "double",
  char: "char",
  string: "java.lang.String",
  nonnull: "@Nonnull java.lang.String",
  ints: "int[]",
  matrix: "int[][]",
  bytes: "byte[]",
  color: "demo.Color",
  text: "org.apache.hadoop.io.Text",
  nothing: "org.apache.hadoop.io.NullWritable",
  texts: "org.apache.hadoop.io.ArrayWritable<org.apache.hadoop.io.Text>",
  point: "demo.Point",
  odd: "demo.Odd",
  signature: "org.apache.hadoop.ipc.ProtocolSignature",
} as const;

const All = writable({
  protocol: "demo.All",
  version: 1,
  enums: COLORS,
  writables: {
    "demo.Point": { x: "int", y: "long" },
    "demo.Odd": {
      read: (reader) => (reader.readByte() === 1 ? reader.readInt32() : null),
      write: (value: number | null, out) => {
        if (value !== null && typeof value !== "number") throw new TypeError("must be a number or null");
        out.writeByte(value === null ? 0 : 1);
        if (value !== null) out.writeInt32(value);
      },
    },
  },
  methods: Object.fromEntries(
    Object.entries(TYPES).map(([name, type]) => [name, { parameters: [type], returns: type }]),
  ),
});

const { request, call, result } = connect(serve([All, MyInterface]), "demo.All");

function badArgument(method: string, value: unknown, text: string): void {
  assert.throws(
    () => request(All, method, [value]),
    (error: unknown) => {
      assert.ok(error instanceof RpcError);
      assert.equal(error.code, "BAD_ARGUMENT");
      assert.equal(error.message, `demo.All.${method}: argument 1 ${text}`);
      return true;
    },
  );
}

test("an argument that does not fit its type is named, with what it must be", () => {
  const range = "an integer from -2147483648 to 2147483647";
  badArgument("int", 2.5, `(int) must be ${range}, got 2.5`);
  badArgument("int", 2 ** 31, `(int) must be ${range}, got 2147483648`);
  badArgument("int", "7", `(int) must be ${range}, got "7"`);
  badArgument("int", null, "(int) must be a value of type int, got null");
  badArgument("byte", 128, "(byte) must be an integer from -128 to 127, got 128");
  badArgument("long", 5, "(long) must be a bigint from -9223372036854775808 to 9223372036854775807, got 5");
  badArgument(
    "long",
    2n ** 63n,
    `(long) must be a bigint from ${-(2n ** 63n)} to ${2n ** 63n - 1n}, got ${2n ** 63n}n`,
  );
  badArgument("float", 1e300, "(float) must be a number that a float can hold, got 1e+300");
  badArgument("double", 1n, "(double) must be a number, got 1n");
  badArgument("boolean", 1, "(boolean) must be a boolean, got 1");
  badArgument("char", "ab", '(char) must be a string of one UTF-16 unit, got "ab"');
  badArgument("string", undefined, "(java.lang.String) must be a string or null, got undefined");
  badArgument("nonnull", null, "(java.lang.String) must be a value of type java.lang.String, got null");
  badArgument("color", "BLUE", '(demo.Color) must be one of RED, GREEN, or null, got "BLUE"');
  badArgument("color", "__proto__", '(demo.Color) must be one of RED, GREEN, or null, got "__proto__"');
  badArgument("bytes", [1], "(byte[]) must be a Uint8Array, got an array of 1");
  badArgument("text", "\ud800", '(org.apache.hadoop.io.Text) must be a string without lone surrogates, got "\\ud800"');
  badArgument("nothing", 0, "(org.apache.hadoop.io.NullWritable) must be null, got 0");
  badArgument("odd", "x", "(demo.Odd) must be a number or null");
});

test("an element or a field that does not fit is named by its place", () => {
  const range = "an integer from -2147483648 to 2147483647";
  badArgument("ints", [1, 2, 3.5], `(int[]) element 2 must be ${range}, got 3.5`);
  badArgument("ints", new Array(1), `(int[]) element 0 must be ${range}, got undefined`);
  badArgument("matrix", [[1], null, [0, 0.5]], `(int[][]) element 2 element 1 must be ${range}, got 0.5`);
  const texts = "(org.apache.hadoop.io.ArrayWritable<org.apache.hadoop.io.Text>)";
  badArgument("texts", ["a", null], `${texts} element 1 must be a string or null, got null`);
  badArgument(
    "point",
    { x: 1 },
    `(demo.Point) field y must be a bigint from ${-(2n ** 63n)} to ${2n ** 63n - 1n}, got undefined`,
  );
  badArgument("point", 7, "(demo.Point) must be an object with the fields of demo.Point, got 7");
  const signature = "(org.apache.hadoop.ipc.ProtocolSignature)";
  badArgument("signature", { version: 1n, methods: [0.5] }, `${signature} element 0 must be ${range}, got 0.5`);
});

test("a string that Java would cut in silence is refused", () => {
  assert.equal(call(All, "string", "x".repeat(21_845)), "x".repeat(21_845));
  const text = "must be a string of at most 21845 characters (Java would cut it there in silence), got 21846";
  badArgument("string", "x".repeat(21_846), `(java.lang.String) ${text}`);
});

test("the number of arguments is the declared one", () => {
  const text = "demo.MyInterface.helloWorld(java.lang.String) takes 1 argument, got 2";
  assert.throws(() => request(MyInterface, "helloWorld", ["a", "b"]), { code: "BAD_ARGUMENT", message: text });
});

test("typed arrays are taken wherever numbers are", () => {
  assert.deepEqual(call(All, "ints", Int32Array.of(1, -1)), [1, -1]);
  assert.deepEqual(call(All, "matrix", [Int8Array.of(5), null]), [[5], null]);
  assert.deepEqual(call(All, "bytes", Int8Array.of(-1)), Uint8Array.of(255));
  assert.deepEqual(call(All, "bytes", Buffer.from([1, 2])), Uint8Array.of(1, 2));
});

test("functions of the user read and write a Writable", () => {
  for (const value of [5, null]) assert.equal(call(All, "odd", value), value);
});

test("a NaN has one form on the wire, whatever bits it came with", () => {
  const odd = Buffer.from("fff8000000000001", "hex").readDoubleBE();
  assert.deepEqual(request(All, "double", [odd]), request(All, "double", [Number.NaN]));
});

function badResult(method: string, bytes: Buffer, text: string): void {
  assert.throws(() => result(All, method, bytes), { code: "BAD_RESULT", message: `demo.All.${method}: ${text}` });
}

test("a result of another type is an error of its call", () => {
  const int = Buffer.concat([utf8("int"), int32(1)]);
  const nothing = ["org.apache.hadoop.io.Writable", "org.apache.hadoop.io.ObjectWritable$NullInstance", "int"].map(
    utf8,
  );
  badResult("string", int, "a value of class int came where java.lang.String is declared");
  badResult("long", int, "a value of class int came where long is declared");
  badResult("int", Buffer.concat(nothing), "null came where int is declared");
  badResult("nonnull", Buffer.concat(nothing), "null came where java.lang.String is declared");
  badResult(
    "ints",
    Buffer.concat([utf8("[I"), int32(1), utf8("long"), int64(1n)]),
    "a value of class long came where int is declared",
  );
  badResult("color", Buffer.concat([utf8("demo.Color"), utf8("toString")]), "No enum constant demo.Color.toString");
  badResult("color", utf8("demo.Colour"), "readObject can't find class demo.Colour");
  const text = utf8("org.apache.hadoop.io.Text");
  badResult("text", Buffer.concat([text, text, Buffer.from("01ff", "hex")]), "a Text is not UTF-8");
  badResult("text", Buffer.concat([text, text, Buffer.from("8fff", "hex")]), "the bytes end in the middle of a Text");
  badResult("text", Buffer.concat([text, text, Buffer.from("ff", "hex")]), "the length of a Text is negative: -1");
  const odd = Buffer.concat([utf8("demo.Odd"), utf8("demo.Odd"), Buffer.from("0100", "hex")]);
  assert.throws(() => result(All, "odd", odd), { code: "BAD_RESULT" });
});

test("a U+FFFD that was sent is no fault", () => {
  assert.equal(call(All, "text", "a\ufffdb"), "a\ufffdb");
});

test("a result of another class is refused by its name, before anything is made of it", () => {
  const head = [utf8("org.apache.hadoop.io.ArrayPrimitiveWritable$Internal"), utf8("boolean"), int32(1_000_000)];
  const text = "demo.MyInterface.helloWorld: a value of class [Z came where java.lang.String is declared";
  // Its elements are not even there.
  assert.throws(
    () => result(MyInterface, "helloWorld", Buffer.concat(head)),
    (error: unknown) => error instanceof RpcError && error.code === "BAD_RESULT" && error.message === text,
  );
});
