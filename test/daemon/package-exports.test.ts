import assert from "node:assert/strict";
import { test } from "node:test";
import { importTarget, splitSpecifier } from "../../daemon/package-exports.js";

test("a specifier is a package's name, with its scope, and what of it is asked for", () => {
  assert.deepEqual(splitSpecifier("a"), { name: "a", subpath: "." });
  assert.deepEqual(splitSpecifier("a/b/c.js"), { name: "a", subpath: "./b/c.js" });
  assert.deepEqual(splitSpecifier("@a/b"), { name: "@a/b", subpath: "." });
  assert.deepEqual(splitSpecifier("@a/b/c"), { name: "@a/b", subpath: "./c" });
});

test("the main entry is a text, conditions, or conditions below a dot", () => {
  for (const exports of ["./x.js", { import: "./x.js" }, { ".": "./x.js" }, { ".": { import: "./x.js" } }]) {
    assert.equal(importTarget(exports, "."), "./x.js");
    assert.equal(importTarget(exports, "./other"), undefined);
  }
  assert.equal(importTarget(undefined, "."), undefined);
  assert.equal(importTarget(null, "."), undefined);
});

test("the first condition that an import meets decides, in the order of the package", () => {
  assert.equal(importTarget({ require: "./a.cjs", import: "./b.js", default: "./c.js" }, "."), "./b.js");
  assert.equal(importTarget({ default: "./c.js", import: "./b.js" }, "."), "./c.js");
  assert.equal(importTarget({ browser: "./a.js", node: { require: "./b.cjs" }, default: "./c.js" }, "."), "./c.js");
  assert.equal(importTarget({ types: "./a.d.ts", require: "./a.cjs" }, "."), undefined);
});

test("null ends the search, and of a list the first target that is allowed counts", () => {
  assert.equal(importTarget({ import: null, default: "./c.js" }, "."), undefined);
  assert.equal(importTarget(["not:allowed", { require: "./a.cjs" }, "./b.js"], "."), "./b.js");
});

test("a star stands for the rest of a subpath; an exact entry and the longer pattern go before", () => {
  const exports = {
    "./services/*": "./dist/*.js",
    "./services/*.js": "./dist/*.js",
    "./services/internal/*": null,
    "./services/one": "./one.js",
    "./twice/*": "./*/*.js",
  };
  assert.equal(importTarget(exports, "./services/two"), "./dist/two.js");
  assert.equal(importTarget(exports, "./services/two.js"), "./dist/two.js");
  assert.equal(importTarget(exports, "./services/one"), "./one.js");
  assert.equal(importTarget(exports, "./services/internal/x"), undefined);
  assert.equal(importTarget(exports, "./twice/a$&"), "./a$&/a$&.js");
  assert.equal(importTarget(exports, "./services/"), undefined);
  assert.equal(importTarget(exports, "."), undefined);
});
