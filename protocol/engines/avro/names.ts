/**
 * Which names a schema may use. Checked before any other code sees a schema, since avsc writes names into code that it runs.
 */

const SIMPLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
const FULL = /^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*$/;
const MAX_NAME_CHARACTERS = 512;

/** Names that every JavaScript object has already: `constructor`, `toString`, `__proto__` and nine more. */
const RESERVED: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/** Why a name cannot be used for a field, symbol, method or type; undefined if it can. */
export function nameFault(name: unknown): string | undefined {
  if (typeof name !== "string") return "is not a string";
  if (name.length > MAX_NAME_CHARACTERS) return `is longer than ${MAX_NAME_CHARACTERS} characters`;
  if (!SIMPLE.test(name)) return "may have letters, digits and _ only, and does not begin with a digit";
  if (RESERVED.has(name)) return "is a name that every JavaScript object has; choose another";
  return undefined;
}

/** Like `nameFault`, for a name with or without a namespace: `org.example.Greeter`. */
export function fullNameFault(name: unknown): string | undefined {
  if (typeof name !== "string") return "is not a string";
  if (name.length > MAX_NAME_CHARACTERS) return `is longer than ${MAX_NAME_CHARACTERS} characters`;
  if (!FULL.test(name)) return "is not a name, or names with dots between them";
  return nameFault(name.slice(name.lastIndexOf(".") + 1));
}
