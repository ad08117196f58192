/** What is wrong with settings, and where: records that `check-config` prints, all of them at once. */

/** One thing that is wrong, or worth a warning. */
export interface SettingFault {
  /** The file, as it was opened; the option (`-D`, `--port`) for the command line; absent for a value that a program gave. */
  readonly file?: string;
  /** Line in the file, from 1. */
  readonly line?: number;
  readonly key?: string;
  /** The rule that is broken and what was found instead. */
  readonly message: string;
  /** What was thrown, if something was. */
  readonly cause?: unknown;
}

/** One line: `conf/hrpc-site.xml:12: hrpcd.handlers: must be a whole number from 1 to 10000, got "many"`. */
export function formatFault(fault: SettingFault): string {
  const place = fault.line === undefined ? fault.file : `${fault.file}:${fault.line}`;
  return [place, fault.key, fault.message].filter((part) => part !== undefined).join(": ");
}

/** Settings that cannot be used. `faults` holds every fault that was found, and the message lists them. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
  /** The code that an RpcError of this meaning has, so that one comparison finds both. */
  readonly code = "BAD_SETTING";
  readonly faults: readonly SettingFault[];

  constructor(faults: readonly SettingFault[]) {
    const lines = faults.map(formatFault);
    super(lines.length === 1 ? lines.join() : `${lines.length} settings are wrong:\n  ${lines.join("\n  ")}`);
    this.faults = faults;
  }
}
