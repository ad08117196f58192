import assert from "node:assert/strict";
import { test } from "node:test";
import { parseOverrides, SettingsError, separateOverrides } from "../../conf/index.js";

test("the key ends at the first equals sign, and a later text wins", () => {
  assert.deepEqual(parseOverrides(["a.b=1", "c==", "d=", "a.b=2=3"]), { "a.b": "2=3", c: "=", d: "" });
});

test("a text without a key is a fault that shows it", () => {
  for (const text of ["hrpcd.port", "=1", ""]) {
    assert.throws(
      () => parseOverrides([text]),
      (error: unknown) =>
        error instanceof SettingsError && error.message.includes(`must read key=value, got "${text}"`),
    );
  }
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
