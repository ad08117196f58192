/** Every type from our client to a server and back: the counterpart of TypeChecks.java. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, test } from "node:test";
import { RpcError } from "../../protocol/index.js";
import type { Session } from "./session.js";

const LONGEST_STRING = 21_845;
const MIN_INT = -2147483648;
const MAX_INT = 2147483647;
const MIN_LONG = -9223372036854775808n;
const MAX_LONG = 9223372036854775807n;
const SMILE = "\u{1f600}";

type Everything = Session["everything"];
/** Methods that answer their one argument. */
type EchoMethod = keyof Everything & `echo${string}`;
type Argument<K extends EchoMethod> = Parameters<Everything[K]>[0];

/** Declares the tests; `session` is asked when they run. */
export function typeChecks(session: () => Session): void {
  function echoes<K extends EchoMethod>(title: string, method: K, ...values: readonly Argument<K>[]): void {
    test(title, async () => {
      const echo = session().everything[method] as (value: Argument<K>) => Promise<unknown>;
      for (const value of values) assert.deepEqual(await echo(value), value);
    });
  }
  const everything = () => session().everything;

  describe("primitives", () => {
    echoes("boolean: both values", "echoBoolean", true, false);
    echoes("byte: zero, extremes", "echoByte", 0, -1, -128, 127);
    echoes("char: NUL, ASCII, a surrogate, the last", "echoChar", "\0", "a", "\ud83d", "\uffff");
    echoes("short: zero, extremes", "echoShort", 0, -1, -32768, 32767);
    echoes("int: zero, extremes", "echoInt", 0, 1, -1, MIN_INT, MAX_INT);
    echoes("long: zero, extremes", "echoLong", 0n, -1n, 9007199254740993n, MIN_LONG, MAX_LONG);
    echoes(
      "float: zeros, infinities, NaN, extremes",
      "echoFloat",
      ...[0, -0, 1.5, Number.NaN, Number.NEGATIVE_INFINITY, 2 ** -149, Math.fround(3.4028234e38)],
    );
    echoes(
      "double: zeros, infinities, NaN, extremes",
      "echoDouble",
      ...[0, -0, 0.1, Number.NaN, Number.POSITIVE_INFINITY, Number.MIN_VALUE, Number.MAX_VALUE],
    );
    echoes("enum: every constant, null", "echoColor", "RED", "GREEN", "BLUE", null);
  });

  describe("strings", () => {
    echoes("empty, ASCII, Latin, CJK, null", "echoString", "", "hello", "na\u00efve", "\u4f60\u597d", null);
    echoes(
      "the first and last of every encoded length",
      "echoString",
      "\u0001\u007f\u0080\u07ff\u0800\u0fff\u1000\uffff",
    );
    echoes("NUL inside", "echoString", "\0", "a\0b");
    echoes("outside the basic plane", "echoString", SMILE, "x\ud834\udd1ey");
    echoes("lone surrogates", "echoString", "\ud83d", "\ude00\ud83d");
    echoes("the longest", "echoString", "x".repeat(LONGEST_STRING), "\u4f60".repeat(LONGEST_STRING));
    test("a longer one is refused before it is sent", async () => {
      const call = everything().echoString("x".repeat(LONGEST_STRING + 1));
      await assert.rejects(call, (error) => error instanceof RpcError && error.code === "BAD_ARGUMENT");
    });
  });

  describe("arrays", () => {
    echoes("boolean[]", "echoBooleans", [true, false], [], null);
    echoes("byte[]", "echoBytes", Uint8Array.of(0, 255, 128, 127), new Uint8Array(0), null);
    echoes("char[]", "echoChars", ["\0", "x", "\ud83d", "\uffff"], [], null);
    echoes("short[]", "echoShorts", [0, -32768, 32767], [], null);
    echoes("int[]", "echoInts", [0, MIN_INT, MAX_INT], [], null);
    echoes("long[]", "echoLongs", [0n, MIN_LONG, MAX_LONG], [], null);
    echoes("float[]", "echoFloats", [0, -0, Number.NaN, 1.5], [], null);
    echoes("double[]", "echoDoubles", [0, -0, Number.NaN, 1e300], [], null);
    echoes("byte[]: one mebibyte", "echoBytes", new Uint8Array(randomBytes(1 << 20)));
    echoes(
      "int[]: ten thousand",
      "echoInts",
      Array.from({ length: 10_000 }, (_, i) => i * 214_748 - 1),
    );
    echoes("String[]: with null, empty, non-ASCII", "echoStrings", ["a", null, "", SMILE], [], null);
    echoes("enum[]", "echoColors", ["BLUE", null, "RED"], [], null);
    echoes("Text[]", "echoTexts", ["a", null, "\u4f60"], [], null);
    echoes("int[][]: ragged, empty and null rows", "echoIntTable", [[1, -1], [], null], [], null);
    echoes("byte[][]", "echoByteTable", [Uint8Array.of(1, 255), new Uint8Array(0), null], [], null);
    echoes("String[][]", "echoStringTable", [["a", null], [], null], [], null);
    echoes("long[][][]", "echoLongCube", [[[1n, 2n], []], [], [null, [MIN_LONG]]], null);
  });

  describe("Writables", () => {
    echoes("Text", "echoText", "", "na\u00efve", SMILE, "y".repeat(100_000), null);
    echoes("IntWritable", "echoIntWritable", 0, MIN_INT, MAX_INT, null);
    echoes("LongWritable", "echoLongWritable", 0n, MIN_LONG, MAX_LONG, null);
    echoes("BooleanWritable", "echoBooleanWritable", true, false, null);
    echoes("BytesWritable", "echoBytesWritable", new Uint8Array(0), Uint8Array.of(0, 255), null);
    echoes("BytesWritable: one mebibyte", "echoBytesWritable", new Uint8Array(randomBytes(1 << 20)));
    echoes("NullWritable", "echoNullWritable", null);
    echoes("ArrayWritable of LongWritable", "echoLongArrayWritable", [1n, MIN_LONG], [], null);
    echoes("ArrayWritable of Text", "echoTextArrayWritable", ["", "\u4f60\u597d"], [], null);
  });

  describe("methods", () => {
    test("without arguments", async () => assert.equal(await everything().noArguments(), 42));
    test("void without arguments", async () => assert.equal(await everything().nothing(), undefined));
    test("void with an argument", async () => assert.equal(await everything().swallow("gone"), undefined));
    test("with many arguments of many types", async () => {
      const text = await everything().mixed(
        true,
        -1,
        "x",
        -2,
        -3,
        9007199254740993n,
        SMILE,
        "GREEN",
        [1, 2, 3],
        ["a", "b"],
        "text",
      );
      assert.equal(text, `true,-1,120,-2,-3,9007199254740993,${SMILE},GREEN,1 2 3,a b,text`);
    });
    test("with null where a null may be", async () => {
      const text = await everything().mixed(false, 0, "\0", 0, 0, 0n, null, null, [], [], null);
      assert.equal(text, "false,0,0,0,0,0,null,null,,,null");
    });
    test("of a super-interface, sent under that interface's name and version", async () => {
      assert.equal(await everything().fromBase("x"), "base:x");
    });
  });
}
