import assert from "node:assert/strict";
import { test } from "node:test";
import { printable } from "../../../client/terminal/printable.js";

test("what moves a cursor or changes colours is written out; text, tabs and line feeds stay", () => {
  assert.equal(printable("a\tb\nü€😀"), "a\tb\nü€😀");
  assert.equal(printable("\u0000\u001b[31m\r\u007f\u009b2J\u0085"), "\\u0000\\u001b[31m\\u000d\\u007f\\u009b2J\\u0085");
});

test("JSON stays the same JSON", () => {
  const value = { text: Array.from({ length: 0x100 }, (_, code) => String.fromCharCode(code)).join("") };
  const shown = printable(JSON.stringify(value, null, 2));
  assert.deepEqual(JSON.parse(shown), value);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  assert.doesNotMatch(shown, /[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
});
