import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ServerCall } from "../../daemon/call.js";
import { WaitingLine } from "../../daemon/waiting-line.js";
import { fakeCall } from "../helpers/fake-call.js";

test("calls come out in the order in which they came, however many there are", () => {
  const line = new WaitingLine();
  const alive = fakeCall().connection;
  const calls = Array.from({ length: 3000 }, (_, id) => fakeCall({ id, connection: alive }));
  for (const call of calls) assert.equal(line.push(call), 0);
  assert.equal(line.length, 3000);
  for (const call of calls.slice(0, 2500)) {
    assert.equal(line.first, call);
    line.shift();
  }
  assert.equal(line.length, 500);
  assert.deepEqual(line.takeAll(), calls.slice(2500));
  line.shift();
  assert.deepEqual([line.length, line.first], [0, undefined]);
});

test("whatever comes, goes or dies, the line tells how many it threw out, and keeps at most as many dead as living", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("push", "shift", "die"), { maxLength: 600, minLength: 200 }), (steps) => {
      const line = new WaitingLine();
      let expected = 0;
      const inside: ServerCall[] = [];
      for (const step of steps) {
        if (step === "shift") {
          if (line.first === undefined) continue;
          inside.splice(inside.indexOf(line.first), 1);
          line.shift();
          expected--;
          continue;
        }
        const call = fakeCall();
        expected += 1 - line.push(call);
        inside.push(call);
        if (step === "die") call.connection.destroy("");
        assert.equal(line.length, expected);
        const living = inside.filter(({ connection }) => !connection.over).length;
        assert.ok(line.length <= Math.max(65, 2 * living + 65));
      }
    }),
    { numRuns: 20 },
  );
});
