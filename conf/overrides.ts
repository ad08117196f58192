/** Settings from a command line: the texts behind `-D`. */
import { SettingsError } from "./fault.js";
import { COMMAND_LINE } from "./load.js";

/** Reads texts of the form `key=value`; a later one wins. Throws SettingsError that names the first that has no key. */
export function parseOverrides(texts: readonly string[]): Record<string, string> {
  const overrides: Record<string, string> = {};
  for (const text of texts) {
    const equals = text.indexOf("=");
    if (equals < 1) throw new SettingsError([{ file: COMMAND_LINE, message: `must read key=value, got "${text}"` }]);
    overrides[text.slice(0, equals)] = text.slice(equals + 1);
  }
  return overrides;
}

/** Command line arguments in which `-Dkey=value`, as Java's programs write it, has become `-D key=value`. */
export function separateOverrides(args: readonly string[]): string[] {
  return args.flatMap((arg) => (/^-D./.test(arg) ? ["-D", arg.slice(2)] : [arg]));
}
