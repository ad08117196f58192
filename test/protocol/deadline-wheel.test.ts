import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Deadlined, DeadlineWheel, NO_SLOT } from "../../protocol/deadline-wheel.js";

class Entry implements Deadlined {
  readonly name: string;
  deadlineMs = 0;
  deadlineSlot: number = NO_SLOT;
  deadlinePrevious: Deadlined | undefined = undefined;
  deadlineNext: Deadlined | undefined = undefined;

  constructor(name = "") {
    this.name = name;
  }
}

function expireNames(wheel: DeadlineWheel<Entry>, nowMs: number): string[] {
  const names: string[] = [];
  wheel.advance(nowMs, (entry) => names.push(entry.name));
  return names;
}

test("an entry expires at the first tick at or after its deadline, never before", () => {
  const wheel = new DeadlineWheel<Entry>(8, 10);
  wheel.add(new Entry("a"), 1015);
  assert.deepEqual(expireNames(wheel, 1014), []);
  assert.deepEqual(expireNames(wheel, 1019), []);
  assert.deepEqual(expireNames(wheel, 1020), ["a"]);
  assert.equal(wheel.size, 0);
});

test("an entry that was removed does not expire", () => {
  const wheel = new DeadlineWheel<Entry>(8, 10);
  const [first, middle, last] = [new Entry("first"), new Entry("middle"), new Entry("last")];
  for (const entry of [first, middle, last]) wheel.add(entry, 20);
  wheel.remove(middle);
  wheel.remove(middle);
  assert.equal(wheel.size, 2);
  assert.deepEqual(expireNames(wheel, 20).sort(), ["first", "last"]);
  assert.equal(middle.deadlineSlot, NO_SLOT);
});

test("an entry beyond a whole turn of the wheel waits for its own turn", () => {
  const wheel = new DeadlineWheel<Entry>(4, 10);
  wheel.add(new Entry("far"), 130);
  for (let now = 0; now < 130; now += 10) assert.deepEqual(expireNames(wheel, now), []);
  assert.deepEqual(expireNames(wheel, 130), ["far"]);
});

test("a deadline that has passed expires at the next tick", () => {
  const wheel = new DeadlineWheel<Entry>(8, 10);
  expireNames(wheel, 500);
  wheel.add(new Entry("late"), 3);
  assert.deepEqual(expireNames(wheel, 500), []);
  assert.deepEqual(expireNames(wheel, 510), ["late"]);
});

test("after a long pause everything that is due expires at once", () => {
  const wheel = new DeadlineWheel<Entry>(4, 10);
  expireNames(wheel, 10);
  for (const [name, deadline] of [
    ["a", 20],
    ["b", 90],
    ["c", 1000],
    ["d", 9_000_000],
  ] as const)
    wheel.add(new Entry(name), deadline);
  assert.deepEqual(expireNames(wheel, 8_000_000).sort(), ["a", "b", "c"]);
  assert.equal(wheel.size, 1);
});

test("adding an entry again moves it", () => {
  const wheel = new DeadlineWheel<Entry>(8, 10);
  const entry = new Entry("a");
  wheel.add(entry, 20);
  wheel.add(entry, 60);
  assert.equal(wheel.size, 1);
  assert.deepEqual(expireNames(wheel, 50), []);
  assert.deepEqual(expireNames(wheel, 60), ["a"]);
});

test("while entries expire, others of the same tick may be removed, moved and added", () => {
  const wheel = new DeadlineWheel<Entry>(8, 10);
  const [removed, moved, added] = [new Entry("removed"), new Entry("moved"), new Entry("added")];
  wheel.add(new Entry("first"), 20);
  wheel.add(removed, 20);
  wheel.add(moved, 20);
  const names: string[] = [];
  wheel.advance(20, (entry) => {
    names.push(entry.name);
    if (entry.name !== "first") return;
    wheel.remove(removed);
    wheel.add(moved, 40);
    wheel.add(added, 20);
  });
  assert.deepEqual(names, ["first"]);
  assert.deepEqual(expireNames(wheel, 30), ["added"]);
  assert.deepEqual(expireNames(wheel, 40), ["moved"]);
  assert.equal(wheel.size, 0);
});

test("a clock that goes backwards expires nothing and loses nothing", () => {
  const wheel = new DeadlineWheel<Entry>(8, 10);
  expireNames(wheel, 100);
  wheel.add(new Entry("a"), 50);
  assert.deepEqual(expireNames(wheel, 40), []);
  assert.deepEqual(expireNames(wheel, 110), ["a"]);
});

test("whatever is added, removed and awaited, the wheel agrees with a sorted list", () => {
  const step = fc.oneof(
    fc.record({ add: fc.integer({ min: 0, max: 400 }) }),
    fc.record({ remove: fc.nat(50) }),
    fc.record({ wait: fc.integer({ min: 0, max: 300 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const wheel = new DeadlineWheel<Entry>(7, 10);
      const model: { entry: Entry; expiresMs: number }[] = [];
      let now = 0;
      for (const given of steps) {
        if ("add" in given) {
          const entry = new Entry();
          const deadline = now + given.add;
          wheel.add(entry, deadline);
          // Tick 0 is not finished before the first wait; afterwards the present tick is.
          model.push({ entry, expiresMs: Math.ceil(deadline / 10) * 10 });
        } else if ("remove" in given) {
          const at = given.remove % Math.max(1, model.length);
          const [gone] = model.splice(at, 1);
          if (gone !== undefined) wheel.remove(gone.entry);
        } else {
          now += given.wait + 10;
          const expired = new Set<Entry>();
          wheel.advance(now, (entry) => expired.add(entry));
          for (let i = model.length - 1; i >= 0; i--) {
            const known = model[i];
            if (known === undefined) continue;
            const due = known.expiresMs <= now - (now % 10);
            assert.equal(expired.has(known.entry), due);
            if (due) model.splice(i, 1);
          }
          assert.equal(wheel.size, model.length);
        }
      }
    }),
    { seed: 20_250_101, numRuns: 300 },
  );
});
