import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../helpers/rng.js";
import { ALL_TARGETS } from "./all-targets.js";
import { FuzzFailure, fuzz } from "./run.js";
import type { Target } from "./target.js";

test("every decoder takes its own good inputs", () => {
  for (const target of ALL_TARGETS) {
    for (const input of target.corpus) target.decode(input, new Rng(1));
  }
});

test("twenty thousand damaged inputs are decoded or refused with an error of ours, fast, and change no prototype", (t) => {
  const { inputs, accepted, elapsedMs } = fuzz(ALL_TARGETS, { seed: 1, count: 20_000 });
  t.diagnostic(`${inputs} inputs in ${elapsedMs.toFixed(0)} ms, ${accepted} decoded`);
  assert.ok(
    accepted > inputs / 100 && accepted < inputs / 2,
    `${accepted} decoded: the damage is too small or too great`,
  );
});

test("a decoder that throws another error, hangs, or changes a prototype is found", () => {
  const broken = (decode: Target["decode"]): Target => ({ name: "broken", corpus: [Buffer.from("good")], decode });
  const run = (target: Target): unknown => fuzz([target], { seed: 1, count: 1000 });
  const foreign = broken((input) => {
    if (input.includes(0)) throw new RangeError("out of range");
  });
  assert.throws(
    () => run(foreign),
    (error) => error instanceof FuzzFailure && /RangeError.*--first \d+ --count 1/s.test(error.message),
  );
  const slow = broken(() => {
    const end = performance.now() + 101;
    while (performance.now() < end);
  });
  assert.throws(() => run(slow), /took \d+ ms, and as long when repeated/);
  const polluting = broken(() => {
    Object.defineProperty(Object.prototype, "polluted", { value: 1, configurable: true });
  });
  try {
    assert.throws(() => run(polluting), /changed a prototype/);
  } finally {
    Reflect.deleteProperty(Object.prototype, "polluted");
  }
});

test("an input is repeated by its seed and number alone", () => {
  let last = "";
  const corpus = [Buffer.from("a first good input"), Buffer.from("and a second one")];
  const decode = (input: Buffer): void => {
    last = input.toString("hex");
  };
  const record: Target = { name: "record", corpus, decode };
  const inputAfter = (options: { seed: number; first?: number; count: number }): string => {
    fuzz([record], options);
    return last;
  };
  assert.equal(inputAfter({ seed: 5, first: 42, count: 1 }), inputAfter({ seed: 5, count: 43 }));
  assert.notEqual(inputAfter({ seed: 6, first: 42, count: 1 }), inputAfter({ seed: 5, first: 42, count: 1 }));
});
