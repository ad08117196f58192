/** JSON as a person types it: the arguments of `hrpc call`. */

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
