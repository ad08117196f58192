/** Settings from files, command line and environment, all given as values: this module opens nothing by itself. */

import { join } from "node:path";
import { placeOf, type SettingAssignment, type SettingSource } from "./assignment.js";
import { ANY_PORT, parsePortKey, portSettingDefinition } from "./call-queue-keys.js";
import { PropertyCollector, type ReadFile } from "./collect.js";
import { currentKey } from "./deprecated.js";
import { type SettingFault, SettingsError } from "./fault.js";
import { isSettingKey, type SettingKey, settingDefinition } from "./keys.js";
import { unknownKeyMessage } from "./nearest-key.js";
import { readValue, settingText } from "./read-value.js";
import { Settings } from "./settings.js";
import { isKnownUnsupportedKey, isUnsupported } from "./unsupported.js";
import { expandVariables, type VariableScope } from "./variables.js";

/** The files of a settings directory, in the order in which they are read: the later one wins. */
export const SETTING_FILES = ["core-site.xml", "hrpc-site.xml"] as const;

/** Stands where a fault names its file, for what `-D` set. */
export const COMMAND_LINE = "-D";

/** A text for a setting that an option of its own gave. */
export interface OptionText {
  readonly value: string;
  /** The option as people write it, such as `--port`: it stands where a fault names its file. */
  readonly option: string;
}

/** Where settings are loaded from. */
export interface LoadOptions {
  /** The settings directory; without one, no file is read. */
  readonly directory?: string;
  /** What the command line set: a text came from `-D key=value`. It beats every file, `final` or not, as in Hadoop. */
  readonly overrides?: Readonly<Record<string, string | OptionText>>;
  /** What was found wrong before, such as a `-D` without a key: told together with the faults that are found here. */
  readonly faults?: readonly SettingFault[];
  /** The environment, for `${env.NAME}`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Further variables: what Java's system properties are to Hadoop, such as `user.name`. */
  readonly properties?: Readonly<Record<string, string | undefined>>;
  /** Gives a file's text, or undefined when there is no such file; may throw for one that cannot be read. */
  readonly readFile: ReadFile;
}

/** Settings, and what is odd about their files without being wrong. */
export interface LoadedSettings {
  readonly settings: Settings;
  readonly warnings: readonly SettingFault[];
  /** Every file that was read, inclusions too. */
  readonly files: readonly string[];
}

/** The text set for a key, and where. */
interface RawSetting {
  readonly value: string;
  readonly source: SettingSource;
}

/**
 * Reads the files of a directory (those that exist), then the overrides, replaces variables and checks every value.
 * Throws SettingsError with all faults at once, each with file, line, key and rule.
 */
export function loadSettings(options: LoadOptions): LoadedSettings {
  const collector = new PropertyCollector(options.readFile);
  const { faults, warnings, files } = collector;
  faults.push(...(options.faults ?? []));
  if (options.directory !== undefined) {
    for (const name of SETTING_FILES) collector.add(join(options.directory, name));
    if (files.length === 0 && faults.length === 0) {
      warnings.push({ file: options.directory, message: `holds neither ${SETTING_FILES.join(" nor ")}` });
    }
  }
  const raw = new Map<string, RawSetting>();
  for (const [key, { value, file, line }] of collector.properties) {
    raw.set(key, { value, source: { kind: "file", file, line } });
  }
  for (const [name, given] of Object.entries(options.overrides ?? {})) {
    const { value, option } = typeof given === "string" ? { value: given, option: COMMAND_LINE } : given;
    const key = currentKey(name.trim());
    if (key !== name.trim()) warnings.push({ file: option, key: name, message: `is deprecated; use ${key}` });
    raw.set(key, { value, source: { kind: "command-line", option } });
  }
  const scope = variableScope(raw, options);
  const assigned = new Map<SettingKey, SettingAssignment>();
  const portInputs = new Map<string, SettingAssignment>();
  for (const [key, setting] of raw) {
    if (isSettingKey(key)) {
      assign(key, setting, scope, assigned, faults, warnings);
    } else if (typeof parsePortKey(key)?.port === "number") {
      const text = expand(key, setting, scope, faults, warnings);
      if (text !== undefined) portInputs.set(key, { value: text, source: setting.source });
    } else {
      warnings.push(...unknownKeyWarning(key, setting));
    }
  }
  const settings = new Settings(assigned, portInputs);
  const ownPort = settings.get("hrpcd.port");
  for (const port of new Set([ownPort, ...portsOf(settings)])) {
    // A file may be shared with the daemons on other ports; what is wrong there is told, but stops no one here.
    (port === ownPort ? faults : warnings).push(...settings.faultsOfPort(port));
  }
  if (faults.length > 0) throw new SettingsError(inReadingOrder(faults, files));
  return { settings, warnings: inReadingOrder(warnings, files), files };
}

/** The ports that are set anything for. */
function portsOf(settings: Settings): number[] {
  const ports = settings.portEntries().map(({ key }) => parsePortKey(key)?.port);
  return ports.filter((port) => typeof port === "number");
}

/** Sorted as one goes through the files: by file as they were opened, then by line; the command line comes last. */
function inReadingOrder(faults: readonly SettingFault[], files: readonly string[]): SettingFault[] {
  const rank = ({ file = "" }: SettingFault): number => (file.startsWith("-") ? files.length : files.indexOf(file));
  return faults.toSorted((a, b) => rank(a) - rank(b) || (a.line ?? 0) - (b.line ?? 0));
}

function variableScope(raw: ReadonlyMap<string, RawSetting>, options: LoadOptions): VariableScope {
  return {
    env: options.env ?? {},
    properties: options.properties ?? {},
    raw: (name) => {
      const key = currentKey(name);
      return raw.get(key)?.value ?? (isSettingKey(key) ? settingText(settingDefinition(key).default) : undefined);
    },
  };
}

/** Replaces variables in one value; undefined after a fault. */
function expand(
  key: string,
  { value, source }: RawSetting,
  scope: VariableScope,
  faults: SettingFault[],
  warnings: SettingFault[],
): string | undefined {
  const at = { ...placeOf(source), key };
  const expansion = expandVariables(value, scope);
  if ("rule" in expansion) {
    faults.push({ ...at, message: expansion.rule });
    return undefined;
  }
  if (expansion.warning !== undefined) warnings.push({ ...at, message: expansion.warning });
  return expansion.text;
}

/** Replaces variables in one value and checks it. */
function assign(
  key: SettingKey,
  setting: RawSetting,
  scope: VariableScope,
  assigned: Map<SettingKey, SettingAssignment>,
  faults: SettingFault[],
  warnings: SettingFault[],
): void {
  const text = expand(key, setting, scope, faults, warnings);
  if (text === undefined) return;
  const reading = readValue(settingDefinition(key), text);
  if ("rule" in reading) {
    faults.push({ ...placeOf(setting.source), key, message: reading.rule });
  } else {
    assigned.set(key, { value: reading.value, source: setting.source });
  }
}

/** A warning for a key that could have been meant for us; none for the many keys of other programs. */
function unknownKeyWarning(key: string, { value, source }: RawSetting): SettingFault[] {
  const at = { ...placeOf(source), key };
  const ofAnyPort = parsePortKey(key);
  if (ofAnyPort !== undefined) {
    // As Hadoop's own file of defaults has it, and ours.
    const isDefault = value.trim() === settingText(portSettingDefinition(ofAnyPort.name).default);
    return isDefault ? [] : [{ ...at, message: `changes nothing: put the number of a port in place of ${ANY_PORT}` }];
  }
  if (isKnownUnsupportedKey(key)) {
    const message = "is Hadoop's key, but not supported by this version; it changes nothing";
    return isUnsupported(key, value) ? [{ ...at, message }] : [];
  }
  if (!key.startsWith("hrpcd.") && !key.startsWith("ipc.") && source.kind !== "command-line") return [];
  return [{ ...at, message: unknownKeyMessage(key) }];
}
