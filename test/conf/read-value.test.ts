import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type AnySettingValue, readValue, settingText } from "../../conf/read-value.js";
import type { SettingDefinition, SettingType } from "../../conf/setting-definition.js";

function definition(type: SettingType, more: Partial<SettingDefinition> = {}): SettingDefinition {
  return { type, default: 0, side: "both", meaning: "", reason: "", ...more };
}

function assertReads(kind: SettingDefinition, cases: readonly (readonly [AnySettingValue, AnySettingValue])[]): void {
  for (const [given, value] of cases) assert.deepEqual(readValue(kind, given), { value }, String(given));
}

function assertBreaks(kind: SettingDefinition, givens: readonly AnySettingValue[], rule: string): void {
  for (const given of givens) {
    const shown = typeof given === "string" ? JSON.stringify(given.trim()) : String(given);
    assert.deepEqual(readValue(kind, given), { rule: `must be ${rule}, got ${shown}` });
  }
}

test("a whole number is read trimmed, signed, or as hexadecimal", () => {
  assertReads(definition("int"), [
    ["12", 12],
    [" 12\n", 12],
    ["+12", 12],
    ["-12", -12],
    ["0x1F", 31],
    ["-0x10", -16],
    ["-0", 0],
    ["007", 7],
    [12, 12],
  ]);
});

test("what is no whole number is refused, with the rule and what was given", () => {
  const kind = definition("int", { min: 1, max: 100 });
  const givens = [
    "many",
    "",
    "1.5",
    "1e3",
    "12k",
    "0x",
    "1_000",
    "1 2",
    "٣",
    1.5,
    Number.NaN,
    true,
    "9007199254740993",
  ];
  assertBreaks(kind, givens, "a whole number from 1 to 100");
});

test("a number at the ends of its range is taken and one beyond is refused", () => {
  const kind = definition("int", { min: 1, max: 100 });
  assertReads(kind, [
    ["1", 1],
    ["100", 100],
  ]);
  assertBreaks(kind, ["0", "101", "-1", 0, 101], "a whole number from 1 to 100");
});

test("a negative number counts as 0 where Hadoop reads it so", () => {
  assertReads(definition("int", { min: 0, max: 9, negativeIsZero: true }), [
    ["-1", 0],
    [-5, 0],
    ["9", 9],
  ]);
});

test("a size may end in k, m, g or t, which are powers of 1024", () => {
  assertReads(definition("bytes"), [
    ["64", 64],
    ["64k", 65_536],
    ["128M", 134_217_728],
    ["2 g", 2_147_483_648],
    ["1t", 1_099_511_627_776],
    ["0x40", 64],
  ]);
  assertBreaks(
    definition("bytes", { min: 1, max: 1024 }),
    ["2k", "k", "1kb", "1.5k", "5s"],
    "a whole number of bytes from 1 to 1024 (k, m, g and t may follow)",
  );
});

test("a duration is milliseconds unless it names its unit", () => {
  assertReads(definition("duration-ms"), [
    ["1500", 1500],
    ["5000000ns", 5],
    ["3000us", 3],
    ["20ms", 20],
    ["20 s", 20_000],
    ["2M", 120_000],
    ["1h", 3_600_000],
    ["1d", 86_400_000],
  ]);
  assertBreaks(
    definition("duration-ms", { min: 0, max: 1000 }),
    ["1500us", "2s", "1w", "s", "1k"],
    "a whole number of milliseconds from 0 to 1000 (or with ns, us, ms, s, m, h or d)",
  );
});

test("a boolean is true or false in any case, and no other text stands for the default", () => {
  assertReads(definition("boolean"), [
    ["true", true],
    ["FALSE ", false],
    [true, true],
  ]);
  assertBreaks(definition("boolean"), ["yes", "1", "", 1], "true or false");
});

test("a text of a given form is refused when it has another", () => {
  const pair = definition("string", { pattern: /^\w+=\w+$/, shape: "name=value" });
  assertReads(pair, [[" a=b ", "a=b"]]);
  assertBreaks(pair, ["a", "=", ""], "of the form name=value");
});

test("a list is split at commas, trimmed, without empty items, and frozen", () => {
  assertReads(definition("list"), [
    ["./a.js, b ,\n c,,", ["./a.js", "b", "c"]],
    ["", []],
    [[" x "], ["x"]],
  ]);
  const reading = readValue(definition("list"), "a");
  assert.ok("value" in reading && Object.isFrozen(reading.value));
  assertBreaks(definition("list"), [5, true], "a list of texts");
});

test("an enum takes its values in any case and names them all when another is given", () => {
  const kind = definition("enum", { values: ["error", "warn"] });
  assertReads(kind, [[" WARN", "warn"]]);
  assertBreaks(kind, ["loud", 1], "one of error, warn");
  assertReads(definition("enum", { values: ["a.JavaClass", "b"] }), [["A.JAVACLASS", "a.JavaClass"]]);
  assertBreaks(definition("enum", { values: ["simple"] }), ["kerberos"], "simple, the only value in this version");
});

test("a long value is cut in the message", () => {
  const reading = readValue(definition("int"), "x".repeat(10_000));
  assert.ok("rule" in reading && reading.rule.length < 200);
});

test("every value reads back from its text", () => {
  const item = fc
    .string()
    .map((text) => text.replaceAll(",", "").trim())
    .filter((text) => text !== "");
  const cases = fc.oneof(
    fc.tuple(fc.constantFrom<SettingType>("int", "bytes", "duration-ms"), fc.maxSafeInteger()),
    fc.tuple(fc.constant<SettingType>("boolean"), fc.boolean()),
    fc.tuple(fc.constant<SettingType>("list"), fc.array(item)),
    fc.tuple(fc.constant<SettingType>("string"), item),
  );
  fc.assert(
    fc.property(cases, ([type, value]) => {
      const reading = readValue(definition(type), settingText(value));
      assert.deepEqual(reading, { value: Object.is(value, -0) ? 0 : value });
    }),
  );
});
