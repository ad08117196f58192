import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { largest } from "../../daemon/largest.js";

test("the largest are those that sorting would put first", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -5, max: 5 })), fc.integer({ min: 0, max: 8 }), (numbers, count) => {
      const items = numbers.map((value, index) => ({ value, index }));
      const sorted = items.toSorted((a, b) => b.value - a.value);
      assert.deepEqual(
        largest(items, count, ({ value }) => value),
        sorted.slice(0, count),
      );
    }),
  );
});
