/** Settings as code reads them: checked once, typed by key, never changed. */

import { type SettingFault, SettingsError } from "./fault.js";
import { isSettingKey, SETTING_KEYS, type SETTINGS, type SettingKey, settingDefinition } from "./keys.js";
import { unknownKeyMessage } from "./nearest-key.js";
import { type AnySettingValue, readValue } from "./read-value.js";

type EntryOf<K extends SettingKey> = (typeof SETTINGS)[K];

interface ValueOfType {
  int: number;
  "duration-ms": number;
  bytes: number;
  boolean: boolean;
  string: string;
  list: readonly string[];
}

/** What a setting holds once read: a number, a boolean, a string, a list of strings, or one of an enum's values. */
export type SettingValue<K extends SettingKey = SettingKey> =
  EntryOf<K> extends { readonly type: "enum"; readonly values: readonly (infer V)[] }
    ? V
    : ValueOfType[Exclude<EntryOf<K>["type"], "enum">];

/**
 * Where a value comes from. A relative path in a value is relative to the directory of the file that set it; `option` is
 * `-D`, or the program's own, such as `--port`.
 */
export type SettingSource =
  | { readonly kind: "default" }
  | { readonly kind: "file"; readonly file: string; readonly line: number }
  | { readonly kind: "command-line"; readonly option: string }
  | { readonly kind: "program" };

/** Where a fault of a value from this source lies; nothing for a default and for what a program gave. */
export function placeOf(source: SettingSource): Pick<SettingFault, "file" | "line"> {
  switch (source.kind) {
    case "file":
      return { file: source.file, line: source.line };
    case "command-line":
      return { file: source.option };
    default:
      return {};
  }
}

/** Values that a program gives: each as its own type, or as the text that a file would hold. */
export type SettingValues = { readonly [K in SettingKey]?: SettingValue<K> | string };

/** One setting, for listings. */
export interface SettingEntry {
  readonly key: SettingKey;
  readonly value: AnySettingValue;
  readonly source: SettingSource;
}

/** A checked value on its way into a `Settings`. */
export interface SettingAssignment {
  readonly value: AnySettingValue;
  readonly source: SettingSource;
}

const DEFAULT_SOURCE: SettingSource = { kind: "default" };
const PROGRAM_SOURCE: SettingSource = { kind: "program" };

/** Every setting with its value. Immutable; made by `createSettings`, `loadSettings` and `with`. */
export class Settings {
  readonly #assigned: ReadonlyMap<SettingKey, SettingAssignment>;

  /** Takes checked values only; keys that are absent have their default. */
  constructor(assigned: ReadonlyMap<SettingKey, SettingAssignment>) {
    this.#assigned = assigned;
  }

  /**
   * The value of a setting. Read it once where it is used often: this is a look-up in a map.
   * Throws RangeError for a key that is not in the list.
   */
  get<K extends SettingKey>(key: K): SettingValue<K> {
    return this.#assignment(key).value as SettingValue<K>;
  }

  /** Where the value of a setting comes from. Throws RangeError for a key that is not in the list. */
  source(key: SettingKey): SettingSource {
    return this.#assignment(key).source;
  }

  /** Every setting, in the order of the list. */
  entries(): SettingEntry[] {
    return SETTING_KEYS.map((key) => ({ key, ...this.#assignment(key) }));
  }

  /** A copy in which the given values replace the present ones. Throws SettingsError with every fault. */
  with(values: SettingValues): Settings {
    return new Settings(new Map([...this.#assigned, ...checkValues(values)]));
  }

  #assignment(key: SettingKey): SettingAssignment {
    const assigned = this.#assigned.get(key);
    if (assigned !== undefined) return assigned;
    if (!isSettingKey(key)) throw new RangeError(`${key} ${unknownKeyMessage(key)}`);
    return { value: settingDefinition(key).default, source: DEFAULT_SOURCE };
  }
}

/**
 * Settings with the given values, and defaults for the rest. A value may be given as text, read by the rules of the
 * files; variables are not expanded. Throws SettingsError with every fault: a key that is not in the list, a value that
 * breaks the rule of its key.
 */
export function createSettings(values: SettingValues = {}): Settings {
  return new Settings(checkValues(values));
}

/** Every setting at its default. */
export const defaultSettings: Settings = createSettings();

function checkValues(values: SettingValues): Map<SettingKey, SettingAssignment> {
  const assigned = new Map<SettingKey, SettingAssignment>();
  const faults: SettingFault[] = [];
  for (const [key, given] of Object.entries(values)) {
    if (given === undefined) continue;
    if (!isSettingKey(key)) {
      faults.push({ key, message: unknownKeyMessage(key) });
      continue;
    }
    const reading = readValue(settingDefinition(key), given);
    if ("rule" in reading) {
      faults.push({ key, message: reading.rule });
    } else {
      assigned.set(key, { value: reading.value, source: PROGRAM_SOURCE });
    }
  }
  if (faults.length > 0) throw new SettingsError(faults);
  return assigned;
}
