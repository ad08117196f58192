/**
 * Which file of a package an `import` means. Node answers that for the module that asks, and not for a directory of settings
 * (`import.meta.resolve` takes no parent without a flag), so this reads "exports" of package.json itself.
 * Node: doc/api/esm.md, "Resolution algorithm", PACKAGE_EXPORTS_RESOLVE and what it calls.
 */

/** What Node's own `import` fulfils. */
const CONDITIONS: ReadonlySet<string> = new Set(["node", "node-addons", "import", "module-sync", "default"]);

/** A package's name and what of it is asked for: `@a/b/c` is `./c` of `@a/b`, and `a` is `.` of itself. */
export function splitSpecifier(specifier: string): { readonly name: string; readonly subpath: string } {
  const [name = specifier] = /^(?:@[^/]*\/)?[^/]*/.exec(specifier) ?? [];
  return { name, subpath: `.${specifier.slice(name.length)}` };
}

/** The target of a subpath, relative to the package, such as `./main.js`; undefined if "exports" leads to none. */
export function importTarget(exports: unknown, subpath: string): string | undefined {
  const entries =
    isRecord(exports) && Object.keys(exports).every((key) => key.startsWith(".")) ? exports : { ".": exports };
  if (Object.hasOwn(entries, subpath) && !subpath.includes("*")) return target(entries[subpath], "") ?? undefined;
  const key = longestPattern(Object.keys(entries), subpath);
  if (key === undefined) return undefined;
  const [before = "", after = ""] = key.split("*");
  return target(entries[key], subpath.slice(before.length, subpath.length - after.length)) ?? undefined;
}

/** The pattern with one star that matches; of several the one with the most in front of the star. */
function longestPattern(keys: readonly string[], subpath: string): string | undefined {
  const matching = keys.filter((key) => {
    const [before = "", after, more] = key.split("*");
    if (after === undefined || more !== undefined) return false;
    return subpath.length >= key.length && subpath.startsWith(before) && subpath.endsWith(after);
  });
  return matching.sort((a, b) => b.indexOf("*") - a.indexOf("*") || b.length - a.length)[0];
}

/** The first target that the conditions allow; null, which ends the search, is the package's way to say that there is none. */
function target(entry: unknown, star: string): string | null | undefined {
  if (entry === null) return null;
  if (typeof entry === "string") return entry.startsWith("./") ? entry.replaceAll("*", () => star) : undefined;
  if (Array.isArray(entry)) return first(entry, (one) => target(one, star));
  if (!isRecord(entry)) return undefined;
  const met = Object.keys(entry).filter((condition) => CONDITIONS.has(condition));
  return first(met, (condition) => target(entry[condition], star));
}

function first<T>(items: readonly T[], find: (item: T) => string | null | undefined): string | null | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
