import assert from "node:assert/strict";
import { test } from "node:test";
import { didYouMean, nearestOf } from "../../../client/commands/definition-source.js";

test("a name without dots is compared with the last parts of names, one with dots with all of them", () => {
  const known = ["org.one.ClientProtocol", "org.one.ha.HAServiceProtocol"];
  assert.equal(nearestOf("clientprotocol", known), known[0]);
  assert.equal(nearestOf("HAServiceProtocl", known), known[1]);
  assert.equal(nearestOf("org.one.HAServiceProtocol", known), known[1]);
  assert.equal(nearestOf("org.one", known), undefined);
  assert.equal(nearestOf("Nothing", []), undefined);
});

test("what is near is asked about; else a few names are listed, and of many it is said what shows them", () => {
  const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `method${i}`);
  assert.equal(didYouMean("metod3", names(5), "it has", "hrpc describe"), "did you mean method3?");
  assert.equal(didYouMean("x", names(2), "it has", "hrpc describe"), "it has: method0, method1");
  assert.equal(didYouMean("x", [], "it has", "hrpc describe"), "it has: none");
  assert.equal(didYouMean("x", names(21), "it has", "hrpc describe"), "it has 21, which hrpc describe shows");
});
