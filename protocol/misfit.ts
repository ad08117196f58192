import { PlacedError } from "./placed-error.js";

/** A value that does not fit its declared type: what was expected, what came, and where. Steps: `.field`, `[3]`, `["key"]`. */
export class Misfit extends PlacedError {
  readonly expected: string;

  constructor(expected: string, value: unknown) {
    super(`must be ${expected}, got ${preview(value)}`);
    this.expected = expected;
  }

  /** `name.items[3].zip must be int, got "x"`, where `name` is the argument. */
  text(root: string): string {
    return `${root}${this.path.toReversed().join("")} ${this.message}`;
  }
}

const MAX_PREVIEW_CHARACTERS = 60;

/** A value on one short line, for messages. Never throws. */
function preview(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(shorten(value));
  if (typeof value === "bigint") return `${shorten(value.toString())}n`;
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "an invalid Date" : value.toISOString();
  const keys = Object.keys(value);
  return keys.length === 0 ? "an object without fields" : shorten(`an object with ${keys.join(", ")}`);
}

function shorten(text: string): string {
  return text.length <= MAX_PREVIEW_CHARACTERS ? text : `${text.slice(0, MAX_PREVIEW_CHARACTERS)}…`;
}
