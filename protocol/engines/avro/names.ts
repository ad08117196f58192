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

/**
 * The known name that was meant by one that is not known: the one that a letter or two would make of it, one in a name as
 * short as "doc". Undefined if it is like none.
 */
export function nearMiss(name: string, known: readonly string[]): string | undefined {
  return known.find((candidate) => isWithin(name, candidate, candidate.length > 4 ? 2 : 1));
}

/** Whether `edits` insertions, deletions and replacements of one character make `to` of `from`. Cheap for one or two. */
function isWithin(from: string, to: string, edits: number): boolean {
  if (Math.abs(from.length - to.length) > edits) return false;
  let same = 0;
  while (same < from.length && from[same] === to[same]) same++;
  const [left, right] = [from.slice(same), to.slice(same)];
  if (left === right) return true;
  if (edits === 0) return false;
  return (
    isWithin(left.slice(1), right, edits - 1) ||
    isWithin(left, right.slice(1), edits - 1) ||
    isWithin(left.slice(1), right.slice(1), edits - 1)
  );
}

/** Like `nameFault`, for a name with or without a namespace: `org.example.Greeter`. */
export function fullNameFault(name: unknown): string | undefined {
  if (typeof name !== "string") return "is not a string";
  if (name.length > MAX_NAME_CHARACTERS) return `is longer than ${MAX_NAME_CHARACTERS} characters`;
  if (!FULL.test(name)) return "is not a name, or names with dots between them";
  return nameFault(name.slice(name.lastIndexOf(".") + 1));
}
