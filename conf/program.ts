/**
 * What the programs hrpc and hrpcd share: options, and settings from command line, environment and files. As all of conf it
 * opens nothing and reads no environment: a program hands over what it may see.
 */
import type { ReadFile } from "./collect.js";
import { formatFault, type SettingFault, type SettingsError } from "./fault.js";
import type { SettingKey } from "./keys.js";
import { type LoadedSettings, type LoadOptions, loadSettings, type OptionText } from "./load.js";
import { readOverrides } from "./overrides.js";
import { FILE_LENGTH_MAX } from "./xml.js";

/** The last of several values of an option that takes one: what yargs makes an array of. */
export function lastValue(value: unknown): unknown {
  return Array.isArray(value) ? value.at(-1) : value;
}

/** Options of both programs, in the words of yargs. */
export const PROGRAM_OPTIONS = {
  config: {
    type: "string",
    requiresArg: true,
    coerce: lastValue,
    describe: "directory of core-site.xml and hrpc-site.xml [HRPCD_CONF_DIR, HADOOP_CONF_DIR]",
  },
  D: {
    type: "string",
    array: true,
    nargs: 1,
    requiresArg: true,
    describe: "a setting, as key=value; beats the files",
  },
} as const;

/** The settings directory that `--config` or the environment names; an empty variable names none. */
export function settingsDirectory(
  config: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  return config ?? (env.HRPCD_CONF_DIR || env.HADOOP_CONF_DIR || undefined);
}

/** The name that a process runs under, asked of `os.userInfo`; undefined if its user id has none, as in containers. */
export function loginName(userInfo: () => { readonly username: string }): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}

/** A character takes up to three bytes of UTF-8, a pair of them four: so many bytes are more characters than a file may have. */
const MAX_FILE_BYTES = 3 * (FILE_LENGTH_MAX + 1);

/** What of `node:fs` it takes to read a file. */
export interface FileAccess {
  existsSync(file: string): boolean;
  openSync(file: string, flags: "r"): number;
  readSync(descriptor: number, buffer: Buffer, offset: number, length: number, position: null): number;
  closeSync(descriptor: number): void;
}

/**
 * Gives the text of a file, or undefined when there is none. Of a file that is longer than settings may be, or never ends, no more
 * is read than shows that.
 */
export function settingsFileReader(fs: FileAccess): ReadFile {
  return (file) => {
    if (!fs.existsSync(file)) return undefined;
    const descriptor = fs.openSync(file, "r");
    try {
      const bytes = Buffer.allocUnsafe(MAX_FILE_BYTES);
      let length = 0;
      for (let read = -1; read !== 0 && length < bytes.length; length += read) {
        read = fs.readSync(descriptor, bytes, length, bytes.length - length, null);
      }
      return bytes.toString("utf8", 0, length);
    } finally {
      fs.closeSync(descriptor);
    }
  };
}

/** What a program was told and may see. */
export interface ProgramOptions extends Pick<LoadOptions, "env" | "readFile"> {
  /** The settings directory; undefined if no file is to be read. */
  readonly directory: string | undefined;
  readonly isDirectory: (path: string) => boolean;
  /** What the program puts in place of files and defaults; `-D` beats it. */
  readonly preset?: Readonly<Record<string, string>>;
  /** Texts behind `-D`. */
  readonly definitions?: readonly string[] | undefined;
  /** Options that stand for a setting; they beat `-D`. One without a value was not given. */
  readonly options?: readonly (Omit<OptionText, "value"> & {
    readonly key: SettingKey;
    readonly value: string | undefined;
  })[];
  /** `loginName` of this process, for `${user.name}`. */
  readonly login: string | undefined;
}

/** The settings of a program. Throws SettingsError with every fault of command line, directory and files at once. */
export function loadProgramSettings(program: ProgramOptions): LoadedSettings {
  const { directory, isDirectory, preset, definitions = [], options = [], login, env, readFile } = program;
  const read = readOverrides(definitions);
  const faults: SettingFault[] = [...read.faults];
  const exists = directory !== undefined && isDirectory(directory);
  if (directory !== undefined && !exists) {
    const remedy = "name one that exists with --config, HRPCD_CONF_DIR or HADOOP_CONF_DIR";
    faults.push({ file: directory, message: `is no directory: ${remedy}` });
  }
  const overrides: Record<string, string | OptionText> = { ...preset, ...read.overrides };
  for (const { key, value, option } of options) {
    if (value !== undefined) overrides[key] = { value, option };
  }
  const properties = { "user.name": login };
  return loadSettings({ ...(exists && { directory }), overrides, faults, ...(env && { env }), properties, readFile });
}

/** What a program prints of settings that it cannot use, one line per fault. */
export function faultLines({ faults }: SettingsError): string[] {
  return faults.map(formatFault);
}

/** The version in the text of package.json, for `--version`. */
export function versionOf(manifest: string): string {
  return (JSON.parse(manifest) as { readonly version: string }).version;
}
