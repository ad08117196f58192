import assert from "node:assert/strict";
import { test } from "node:test";
import { BoundedNames } from "../../daemon/bounded-names.js";

test("names that came first keep their place, and all others share one", () => {
  const names = new BoundedNames(2, "others");
  const told = ["a", "b", "c", "a", "d", "b"].map((name) => names.bounded(name));
  assert.deepEqual(told, ["a", "b", "others", "a", "others", "b"]);
});

test("a long name is cut", () => {
  const names = new BoundedNames(1, "others");
  assert.equal(names.bounded("x".repeat(1000)), "x".repeat(64));
  assert.equal(names.bounded("x".repeat(2000)), "x".repeat(64));
});
