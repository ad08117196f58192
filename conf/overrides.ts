/** Settings from a command line: the texts behind `-D`. */
import type { SettingFault } from "./fault.js";
import { COMMAND_LINE } from "./load.js";

/** What texts behind `-D` set, and what is wrong with those that set nothing. */
export interface Overrides {
  readonly overrides: Readonly<Record<string, string>>;
  readonly faults: readonly SettingFault[];
}

/** Reads texts of the form `key=value`; a later one wins, and each without a key is a fault. */
export function readOverrides(texts: readonly string[]): Overrides {
  const overrides: Record<string, string> = {};
  const faults: SettingFault[] = [];
  for (const text of texts) {
    const equals = text.indexOf("=");
    if (equals < 1) faults.push({ file: COMMAND_LINE, message: `must read key=value, got "${text}"` });
    else overrides[text.slice(0, equals)] = text.slice(equals + 1);
  }
  return { overrides, faults };
}

/** Command line arguments in which `-Dkey=value`, as Java's programs write it, has become `-D key=value`. */
export function separateOverrides(args: readonly string[]): string[] {
  return args.flatMap((arg) => (/^-D./.test(arg) ? ["-D", arg.slice(2)] : [arg]));
}
