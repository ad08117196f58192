/** Files of the repository, as tests find them from where they are compiled to. */

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

const BEGIN = "<!-- settings: begin -->\n";
const END = "<!-- settings: end -->";

/** The root of the repository: the nearest directory above that has a package.json. */
function repositoryRoot(from: string): string {
  return existsSync(join(from, "package.json")) ? from : repositoryRoot(dirname(from));
}

/** The path of a file of the repository, given from its root. */
export function committedFile(path: string): string {
  return join(repositoryRoot(import.meta.dirname), path);
}

/** `readme` with what stands between the marks replaced by `table`. */
export function replaceSettingsTable(readme: string, table: string): string {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin < 0 || end < begin) {
    throw new Error(`the README has no marks for the table of settings: ${BEGIN.trim()} and ${END}`);
  }
  return `${readme.slice(0, begin + BEGIN.length)}${table}\n${readme.slice(end)}`;
}
