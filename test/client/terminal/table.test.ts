import assert from "node:assert/strict";
import { test } from "node:test";
import { table } from "../../../client/terminal/table.js";

test("columns are as wide as their widest cell, head included, and lines end without blanks", () => {
  assert.equal(
    table([
      { name: "a", n: 1 },
      { name: "longer", n: 12 },
      { name: "b", n: "" },
    ]),
    "name    n\na       1\nlonger  12\nb",
  );
});

test("no rows are said to be none", () => {
  assert.equal(table([]), "(none)");
});
