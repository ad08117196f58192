/** The place of the table of settings in `conf/README.md`. */

const BEGIN = "<!-- settings: begin -->\n";
const END = "<!-- settings: end -->";

/** `readme` with what stands between the marks replaced by `table`. Throws when it has no marks. */
export function replaceSettingsTable(readme: string, table: string): string {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin < 0 || end < begin) {
    throw new Error(`the README has no marks for the table of settings: ${BEGIN.trim()} and ${END}`);
  }
  return `${readme.slice(0, begin + BEGIN.length)}${table}\n${readme.slice(end)}`;
}
