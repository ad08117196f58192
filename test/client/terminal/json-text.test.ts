import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { jsonFault, PLAIN_JSON, parseJson, printJson } from "../../../client/terminal/json-text.js";

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

describe("JSON as it is printed", () => {
  const value = { long: 2n ** 63n, exact: -5n, bytes: Uint8Array.of(0, 255), list: [1n, []], none: undefined };

  test("has 64-bit integers and bytes as they are wanted, no digit lost", () => {
    assert.equal(
      printJson(value, PLAIN_JSON, 0),
      '{"long":"9223372036854775808","exact":-5,"bytes":"AP8=","list":[1,[]]}',
    );
    assert.equal(
      printJson(value, { bytes: "hex", longs: "string" }, 0),
      '{"long":"9223372036854775808","exact":"-5","bytes":"00ff","list":["1",[]]}',
    );
    assert.equal(
      printJson(value, { bytes: "hex", longs: "number" }, 0),
      '{"long":9223372036854775808,"exact":-5,"bytes":"00ff","list":[1,[]]}',
    );
    assert.equal(printJson(undefined, PLAIN_JSON, 2), "null");
  });

  test("is what JSON.stringify prints of all else", () => {
    assert.equal(printJson(new Date(0), PLAIN_JSON, 0), '"1970-01-01T00:00:00.000Z"');
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (json, indent) => {
        assert.equal(printJson(json, PLAIN_JSON, indent), JSON.stringify(json, null, indent));
      }),
    );
  });
});
