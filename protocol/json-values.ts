/** Steps that the engines' JSON codecs share; see `json-codec.ts` for the rules. What does not fit throws Misfit. */
import { type BytesText, bytesFromText } from "./json-codec.js";
import { Misfit } from "./misfit.js";

/** What stands for a floating-point number without being one: a number that JavaScript cannot hold exactly, or "NaN". */
export function isNumeral(json: unknown): boolean {
  return typeof json === "bigint" || json === "NaN" || json === "Infinity" || json === "-Infinity";
}

/** A 64-bit integer, of a type that is called `kind`. Whether it is in the type's range shows when it is written. */
export function longFromJson(kind: string, json: unknown): bigint {
  if (typeof json === "bigint") return json;
  if (typeof json === "number" && Number.isSafeInteger(json)) return BigInt(json);
  if (typeof json === "string" && /^-?\d{1,20}$/.test(json)) return BigInt(json);
  throw new Misfit(`a whole number, or a string of digits (${kind})`, json);
}

/** Bytes, in a buffer of their own. */
export function bytesFromJson(json: unknown, form: BytesText): Uint8Array {
  const bytes = bytesFromText(json, form);
  if (bytes === undefined) throw new Misfit(`a string in ${form} (bytes)`, json);
  return bytes;
}

/** A copy of an object with every value replaced. Keys become own properties, `__proto__` too. */
export function mapObject(json: unknown, each: (key: string, value: unknown) => unknown): unknown {
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw new Misfit("an object", json);
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, each(key, value)]));
}
