import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { SETTING_KEYS } from "../../conf/index.js";
import { editDistance, nearestKey } from "../../conf/nearest-key.js";

test("a slip of the pen finds the key that was meant", () => {
  assert.equal(nearestKey("hrpcd.handler"), "hrpcd.handlers");
  assert.equal(nearestKey("ipc.client.conect.timeout"), "ipc.client.connect.timeout");
  assert.equal(nearestKey("ipc.client.rpc.timeout.ms"), "ipc.client.rpc-timeout.ms");
  assert.equal(nearestKey("HRPCD.PORT"), "hrpcd.port");
});

test("a key that resembles none has no nearest, however long it is", () => {
  assert.equal(nearestKey("ipc.zzz"), undefined);
  assert.equal(nearestKey(`ipc.${"z".repeat(1_000_000)}`), undefined);
});

test("every key is nearest to itself", () => {
  for (const key of SETTING_KEYS) assert.equal(nearestKey(key), key);
});

test("the distance counts insertions, deletions and replacements", () => {
  assert.equal(editDistance("kitten", "sitting"), 3);
  assert.equal(editDistance("", "abc"), 3);
  assert.equal(editDistance("abc", ""), 3);
});

test("the distance is the same both ways, and never longer than a way through a third text", () => {
  const text = fc.string({ maxLength: 12, unit: fc.constantFrom("a", "b", ".") });
  fc.assert(
    fc.property(text, text, text, (a, b, c) => {
      assert.equal(editDistance(a, b), editDistance(b, a));
      assert.ok(editDistance(a, c) <= editDistance(a, b) + editDistance(b, c));
      assert.equal(editDistance(a, b) === 0, a === b);
    }),
  );
});
