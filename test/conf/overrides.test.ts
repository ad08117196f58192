import assert from "node:assert/strict";
import { test } from "node:test";
import { readOverrides, separateOverrides } from "../../conf/overrides.js";

test("the key ends at the first equals sign, and a later text wins", () => {
  const { overrides, faults } = readOverrides(["a.b=1", "c==", "d=", "a.b=2=3"]);
  assert.deepEqual(overrides, { "a.b": "2=3", c: "=", d: "" });
  assert.deepEqual(faults, []);
});

test("each text without a key is a fault that shows it, and the others count", () => {
  const { overrides, faults } = readOverrides(["hrpcd.port", "a=1", "=1", ""]);
  assert.deepEqual(overrides, { a: "1" });
  assert.deepEqual(
    faults,
    ["hrpcd.port", "=1", ""].map((text) => ({ file: "-D", message: `must read key=value, got "${text}"` })),
  );
});

test("a setting may follow -D without a space, as Java's programs write it", () => {
  assert.deepEqual(separateOverrides(["start", "-Da=1", "-D", "b=2", "--port", "0"]), [
    "start",
    "-D",
    "a=1",
    "-D",
    "b=2",
    "--port",
    "0",
  ]);
});
