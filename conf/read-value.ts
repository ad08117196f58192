/** From the text of a setting to its value, by the entry's type: the rules of Hadoop's typed getters, told apart. */
import type { SettingDefinition } from "./setting-definition.js";

/** A value, or the rule that the text breaks. */
export type Reading<T> = { readonly value: T } | { readonly rule: string };

/** What any setting can hold once read. */
export type AnySettingValue = number | boolean | string | readonly string[] | readonly number[];

const INTEGER = /^[+-]?(?:0[xX][0-9a-fA-F]+|[0-9]+)$/;
const SIZE = /^([+-]?[0-9]+)\s*([kmgt])$/i;
const DURATION = /^([+-]?[0-9]+)\s*(ns|us|ms|s|m|h|d)$/i;

const SIZE_FACTOR: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };
const MS_PER_UNIT: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * Reads what a file, a command line or a program gave for a setting. Text is trimmed; a whole number may be
 * hexadecimal (`0x1f`); a size may end in k, m, g or t (powers of 1024) and a duration in ns, us, ms, s, m, h or d, a
 * bare number being bytes and milliseconds. A list is split at commas. A class is named in full or by its short name.
 * Hadoop: conf/Configuration.java, getInt, getLongBytes, getTimeDuration, getTrimmedStrings. Where Hadoop falls back to
 * the default on a text that is no boolean, this is an error.
 */
export function readValue(definition: SettingDefinition, input: AnySettingValue): Reading<AnySettingValue> {
  const given = typeof input === "string" ? input.trim() : input;
  switch (definition.type) {
    case "int":
    case "bytes":
    case "duration-ms":
      return readNumber(definition, given);
    case "fraction":
      return readFraction(given);
    case "boolean":
      return readBoolean(given);
    case "list":
      return readList(given);
    case "int-list":
    case "duration-ms-list":
      return readNumbers(definition, given);
    case "enum":
      return readEnum(definition.values ?? [], given);
    case "class":
      return readClass(definition.classes ?? {}, given);
    case "string":
      return readString(definition, given);
  }
}

/** The text that reads back as `value`: what the shipped defaults file holds. */
export function settingText(value: AnySettingValue): string {
  return typeof value === "object" ? value.join(",") : String(value);
}

/** An empty text may mean much to whoever takes it: Node, asked to listen on the host "", listens on all. */
function readString({ required, pattern, shape }: SettingDefinition, given: AnySettingValue): Reading<string> {
  if (typeof given !== "string") return { rule: broken("a text", given) };
  if (pattern?.test(given) === false) return { rule: broken(`of the form ${shape}`, given) };
  return required && given === "" ? { rule: broken("a text that is not empty", given) } : { value: given };
}

function readNumber(definition: SettingDefinition, given: AnySettingValue): Reading<number> {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = definition;
  const read = typeof given === "string" ? parseNumber(definition, given) : given;
  if (typeof read !== "number" || !Number.isSafeInteger(read)) return { rule: broken(numberRule(definition), given) };
  const value = definition.negativeIsZero && read < 0 ? 0 : read;
  return value >= min && value <= max ? { value } : { rule: broken(numberRule(definition), given) };
}

/** NaN when the text is no number; a fraction when a duration is no whole number of milliseconds. */
function parseNumber({ type }: SettingDefinition, text: string): number {
  if (INTEGER.test(text)) return parseInteger(text);
  const [factors, match] =
    type === "bytes"
      ? [SIZE_FACTOR, SIZE.exec(text)]
      : type === "duration-ms" || type === "duration-ms-list"
        ? [MS_PER_UNIT, DURATION.exec(text)]
        : [];
  const factor = factors?.[match?.[2]?.toLowerCase() ?? ""];
  return match?.[1] === undefined || factor === undefined ? Number.NaN : Number(match[1]) * factor;
}

function parseInteger(text: string): number {
  const negative = text.startsWith("-");
  const digits = Number(text.replace(/^[+-]/, ""));
  return negative ? 0 - digits : digits;
}

function numberRule({ type, min, max }: SettingDefinition): string {
  const range = min === undefined || max === undefined ? "" : ` from ${min} to ${max}`;
  switch (type) {
    case "bytes":
      return `a whole number of bytes${range} (k, m, g and t may follow)`;
    case "duration-ms":
      return `a whole number of milliseconds${range} (or with ns, us, ms, s, m, h or d)`;
    case "int-list":
      return `whole numbers${range} with commas between`;
    case "duration-ms-list":
      return `whole numbers of milliseconds${range} (or with ns, us, ms, s, m, h or d) with commas between`;
    default:
      return `a whole number${range}`;
  }
}

const FRACTION = /^\+?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;

function readFraction(given: AnySettingValue): Reading<number> {
  const value = typeof given === "string" && FRACTION.test(given) ? Number(given) : given;
  const inRange = typeof value === "number" && value > 0 && value < 1;
  return inRange ? { value } : { rule: broken("a number greater than 0 and less than 1", given) };
}

/** Numbers with commas between; an empty text is an empty list. */
function readNumbers(definition: SettingDefinition, given: AnySettingValue): Reading<readonly number[]> {
  const items = typeof given === "string" ? (given === "" ? [] : given.split(",")) : given;
  if (!Array.isArray(items)) return { rule: broken(numberRule(definition), given) };
  const values: number[] = [];
  for (const item of items as readonly AnySettingValue[]) {
    const reading = readNumber(definition, typeof item === "string" ? item.trim() : item);
    if ("rule" in reading) return { rule: broken(numberRule(definition), given) };
    const { value } = reading;
    if (definition.ascending && value < (values.at(-1) ?? value)) {
      return { rule: broken(`${numberRule(definition)}, none less than the one before`, given) };
    }
    values.push(value);
  }
  return { value: Object.freeze(values) };
}

/** A Java class by its name; letters count, as in Java. */
function readClass(classes: Readonly<Record<string, string>>, given: AnySettingValue): Reading<string> {
  const found = Object.entries(classes).find((names) => names.includes(String(given)));
  const rule = `one of ${Object.entries(classes)
    .map(([name, short]) => `${name} (${short})`)
    .join(", ")}`;
  return found === undefined ? { rule: broken(rule, given) } : { value: found[0] };
}

function readBoolean(given: AnySettingValue): Reading<boolean> {
  const text = String(given).toLowerCase();
  return text === "true" || text === "false" ? { value: text === "true" } : { rule: broken("true or false", given) };
}

function readList(given: AnySettingValue): Reading<readonly string[]> {
  const items = typeof given === "string" ? given.split(",") : given;
  if (!Array.isArray(items) || items.some((item) => typeof item !== "string")) {
    return { rule: broken("a list of texts", given) };
  }
  return { value: Object.freeze(items.map((item: string) => item.trim()).filter((item) => item !== "")) };
}

function readEnum(values: readonly string[], given: AnySettingValue): Reading<string> {
  const text = typeof given === "string" ? given.toLowerCase() : given;
  const found = values.find((value) => value.toLowerCase() === text);
  const rule = values.length === 1 ? `${values[0]}, the only value in this version` : `one of ${values.join(", ")}`;
  return found === undefined ? { rule: broken(rule, given) } : { value: found };
}

/** Values longer than this are cut in messages. */
const SHOWN_LENGTH_MAX = 100;

function broken(rule: string, given: unknown): string {
  const text = typeof given === "string" ? JSON.stringify(given) : String(given);
  const shown = text.length > SHOWN_LENGTH_MAX ? `${text.slice(0, SHOWN_LENGTH_MAX)}...` : text;
  return `must be ${rule}, got ${shown}`;
}
