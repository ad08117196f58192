/** Who is in which group: a table, in the form of Hadoop's `hadoop.user.group.static.mapping.overrides`. */
import type { Caller } from "./permissions.js";

/** What users are told apart by. */
export interface UserOptions {
  readonly superuser: string;
  /** Who is in it may everything, as the superuser may. */
  readonly supergroup: string;
  /** `alice=staff,web;bob=staff`; users who are not in it are in no group. */
  readonly groups: string;
}

/** Tells who a user is. Throws an Error for a table that is not well formed. */
export function usersOf({ superuser, supergroup, groups }: UserOptions): (user: string) => Caller {
  const table = parseGroups(groups);
  return (name) => {
    const known = table.get(name) ?? NONE;
    return { name, groups: known, superuser: name === superuser || known.has(supergroup) };
  };
}

const NONE: ReadonlySet<string> = new Set();

function parseGroups(text: string): ReadonlyMap<string, ReadonlySet<string>> {
  const entries = text.split(";").filter((entry) => entry.trim() !== "");
  return new Map(
    entries.map((entry): [string, ReadonlySet<string>] => {
      const [user = "", list, ...more] = entry.split("=").map((part) => part.trim());
      if (user === "" || list === undefined || more.length > 0) {
        throw new Error(`"${entry}" is no user and groups: write them like alice=staff,web;bob=staff`);
      }
      const names = list.split(",").map((group) => group.trim());
      return [user, new Set(names.filter((group) => group !== ""))];
    }),
  );
}
