/** JSON as a person types and reads it: the arguments of `hrpc call`, and what it prints. */
import type { BytesText } from "../../protocol/json-codec.js";

/** How the values are printed that JSON has no word for. */
export interface JsonForm {
  readonly bytes: BytesText;
  /** 64-bit integers: as strings, as numbers of all their digits, or as numbers where those are exact and else as strings. */
  readonly longs: "string" | "number" | "exact";
}

/** What is printed if nobody says otherwise. */
export const PLAIN_JSON: JsonForm = { bytes: "base64", longs: "exact" };

/**
 * The text of a JSON value that may hold bigints and Uint8Arrays. On lines of its own with `indent` blanks per level, on one line
 * with 0. `JSON.stringify` cannot print a number that JavaScript has none for.
 */
export function printJson(value: unknown, form: JsonForm, indent: number, level = 0): string {
  if (typeof value === "bigint") return longText(value, form);
  if (value instanceof Uint8Array) return `"${Buffer.from(value).toString(form.bytes)}"`;
  if (typeof value !== "object" || value === null || value instanceof Date) return JSON.stringify(value) ?? "null";
  const inner = (item: unknown): string => printJson(item, form, indent, level + 1);
  if (Array.isArray(value)) return enclosed("[", value.map(inner), "]", indent, level);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  const colon = indent === 0 ? ":" : ": ";
  const texts = entries.map(([key, item]) => `${JSON.stringify(key)}${colon}${inner(item)}`);
  return enclosed("{", texts, "}", indent, level);
}

function longText(value: bigint, { longs }: JsonForm): string {
  const asNumber = longs === "number" || (longs === "exact" && Number.isSafeInteger(Number(value)));
  return asNumber ? String(value) : `"${value}"`;
}

function enclosed(open: string, items: readonly string[], close: string, indent: number, level: number): string {
  if (items.length === 0) return `${open}${close}`;
  if (indent === 0) return `${open}${items.join(",")}${close}`;
  const blanks = " ".repeat(indent * level);
  const deeper = `${blanks}${" ".repeat(indent)}`;
  return `${open}\n${items.map((item) => `${deeper}${item}`).join(",\n")}\n${blanks}${close}`;
}

/** A string with its quotes, or a number. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * What `JSON.parse` makes of a text, except that a whole number which a number cannot hold exactly becomes a bigint.
 * Throws SyntaxError.
 */
export function parseJson(text: string): unknown {
  const parsed: unknown = JSON.parse(text);
  if (!text.match(TOKEN)?.some(isLargeInteger)) return parsed;
  // Such numbers become strings for JSON.parse, and every string gets a letter in front that tells the two apart.
  const marked = text.replace(TOKEN, (token) => {
    if (token.startsWith('"')) return `"s${token.slice(1)}`;
    return isLargeInteger(token) ? `"n${token}"` : token;
  });
  return unmark(JSON.parse(marked));
}

function isLargeInteger(token: string): boolean {
  return /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token));
}

function unmark(value: unknown): unknown {
  if (typeof value === "string") return value.startsWith("n") ? BigInt(value.slice(1)) : value.slice(1);
  if (Array.isArray(value)) return value.map(unmark);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.slice(1), unmark(inner)]));
}

/** Characters of a text that an error quotes. */
const QUOTED_LENGTH_MAX = 60;

/** Why a text is no JSON, and how to write what was probably meant, quotes of the shell included. */
export function jsonFault(text: string, error: unknown): string {
  const shown = text.length > QUOTED_LENGTH_MAX ? `${text.slice(0, QUOTED_LENGTH_MAX)}…` : text;
  // Who wrote a bracket or a quote meant JSON, and wants to know what is wrong with it.
  if (/^\s*[[{"]/.test(text)) return `is not JSON: ${shown}: ${error instanceof Error ? error.message : String(error)}`;
  const example = `'${JSON.stringify(shown).replaceAll("'", "'\\''")}'`;
  return `is not JSON: ${shown === "" ? "it is empty" : shown}: write a string with quotes inside quotes, as ${example}`;
}
