import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Call } from "../../client/call.js";
import { CallTable } from "../../client/call-table.js";
import { Echo } from "../helpers/test-client.js";

const method = Echo.methods.get("echo");
assert.ok(method !== undefined);

function callWithId(callId: number): Call {
  const call = new Call(Echo, method as NonNullable<typeof method>, [], undefined, 0, { release: () => undefined });
  call.callId = callId;
  return call;
}

test("whatever is added and taken, the table agrees with a map", () => {
  const step = fc.oneof(
    // Steps of a whole table's length make ids meet in one slot.
    { weight: 20, arbitrary: fc.record({ add: fc.constantFrom(1, 1, 1, 256, 512) }) },
    { weight: 5, arbitrary: fc.record({ take: fc.nat(1000) }) },
    { weight: 5, arbitrary: fc.record({ remove: fc.nat(1000) }) },
    { weight: 1, arbitrary: fc.constant({ takeAll: true }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 800, size: "max" }), (steps) => {
      const table = new CallTable(10);
      const model = new Map<number, Call>();
      const pick = (n: number) => [...model.keys()][n % Math.max(1, model.size)] ?? 7_000_000;
      let nextId = 0;
      for (const given of steps) {
        if ("add" in given) {
          nextId += given.add;
          const call = callWithId(nextId);
          table.add(call);
          model.set(nextId, call);
        } else if ("take" in given) {
          const callId = pick(given.take);
          assert.equal(table.take(callId), model.get(callId));
          model.delete(callId);
        } else if ("remove" in given) {
          const call = model.get(pick(given.remove));
          if (call === undefined) continue;
          assert.equal(table.remove(call), true);
          assert.equal(table.remove(call), false);
          model.delete(call.callId);
        } else {
          assert.deepEqual(table.takeAll(), [...model.values()]);
          for (const callId of model.keys()) assert.equal(table.take(callId), undefined);
          model.clear();
        }
        assert.equal(table.size, model.size);
      }
      for (const [callId, call] of model) assert.equal(table.take(callId), call);
      assert.equal(table.size, 0);
    }),
    { seed: 20_250_102, numRuns: 100 },
  );
});

test("calls in the order of their ids, however many there are", () => {
  const table = new CallTable(10);
  const calls = Array.from({ length: 1000 }, (_, i) => callWithId(i * 7));
  for (const call of calls) table.add(call);
  assert.deepEqual(table.all(), calls);
  assert.equal(table.holds(7), true);
  assert.equal(table.holds(8), false);
});

test("an id that was given up may be answered once, and beyond what is remembered any number of times", () => {
  const table = new CallTable(2);
  for (const callId of [5, 6]) table.expectUnwanted(callId);
  assert.equal(table.holds(5), true);
  assert.deepEqual([table.takeUnwanted(5), table.takeUnwanted(5)], [true, false]);
  for (const callId of [7, 8, 9]) table.expectUnwanted(callId);
  // 6 and 7 had to go.
  assert.deepEqual([table.takeUnwanted(6), table.takeUnwanted(7), table.takeUnwanted(7)], [true, true, true]);
  assert.deepEqual([table.takeUnwanted(-1), table.takeUnwanted(10)], [false, false]);
});
