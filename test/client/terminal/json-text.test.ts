import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { jsonFault, parseJson } from "../../../client/terminal/json-text.js";

/** JSON whose bigints are the numbers nearest to them. */
function inNumbers(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === "bigint" ? Number(inner) : inner));
}

describe("JSON of a command line", () => {
  test("reads whole numbers that a number cannot hold as bigints, wherever they stand", () => {
    assert.deepEqual(parseJson("9007199254740993"), 9007199254740993n);
    assert.deepEqual(parseJson(" -9223372036854775808 "), -9223372036854775808n);
    assert.deepEqual(
      parseJson('{"a":[1,9007199254740992,{"k 9007199254740993":"9007199254740993","b":null}],"s":"n\\"5\\\\"}'),
      { a: [1, 9007199254740992n, { "k 9007199254740993": "9007199254740993", b: null }], s: 'n"5\\' },
    );
  });

  test("reads every other number as JSON.parse does", () => {
    for (const text of ["0", "-0", "9007199254740991", "-9007199254740991", "1.5", "1e30", "12345678901234567890.5"]) {
      assert.equal(parseJson(text), JSON.parse(text), text);
    }
  });

  test("reads the rest as JSON.parse does, beside a large number too", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const [value, large] = parseJson(`[${text},18446744073709551616]`) as unknown[];
        assert.equal(large, 18446744073709551616n);
        for (const read of [value, parseJson(text)]) assert.equal(inNumbers(read), inNumbers(JSON.parse(text)));
      }),
    );
  });

  test("keeps a key called __proto__ a key", () => {
    const value = parseJson('{"__proto__":9007199254740993}') as object;
    assert.equal(Object.getPrototypeOf(value), Object.prototype);
    assert.deepEqual(Object.entries(value), [["__proto__", 9007199254740993n]]);
  });

  test("refuses what is no JSON, with a large number in it or not", () => {
    for (const text of ["", "king", "[1", "09007199254740993", '{"a":9007199254740993,}', "'x'", "9007199254740993n"]) {
      assert.throws(() => parseJson(text), SyntaxError, text);
    }
  });

  test("says how to write a string, in quotes that a shell passes on", () => {
    const fault = (text: string): string => jsonFault(text, new SyntaxError("at position 1"));
    assert.equal(fault("king"), `is not JSON: king: write a string with quotes inside quotes, as '"king"'`);
    assert.equal(fault("it's"), `is not JSON: it's: write a string with quotes inside quotes, as '"it'\\''s"'`);
    assert.equal(fault(""), `is not JSON: it is empty: write a string with quotes inside quotes, as '""'`);
    assert.equal(fault('{"a":}'), 'is not JSON: {"a":}: at position 1');
    assert.equal(fault(`[${"1,".repeat(1000)}]`).length < 120, true);
  });
});
