/** Settings as code reads them: checked once, typed by key, never changed. */

import type { SettingAssignment, SettingSource, ValueOfEntry } from "./assignment.js";
import { type PortSettingName, parsePortKey } from "./call-queue-keys.js";
import { type SettingFault, SettingsError } from "./fault.js";
import { isSettingKey, SETTING_KEYS, type SETTINGS, type SettingKey, settingDefinition } from "./keys.js";
import { unknownKeyMessage } from "./nearest-key.js";
import { type PortInputs, type PortSettings, type PortSettingValue, readPort } from "./port-settings.js";
import { type AnySettingValue, readValue } from "./read-value.js";

export { placeOf, type SettingAssignment, type SettingSource } from "./assignment.js";

type EntryOf<K extends SettingKey> = (typeof SETTINGS)[K];

/** What a setting holds once read: a number, a boolean, a string, a list, one of an enum's values, or a Java class in full. */
export type SettingValue<K extends SettingKey = SettingKey> = ValueOfEntry<EntryOf<K>>;

/** Values that a program gives: each as its own type, or as the text that a file would hold. */
export type SettingValues = { readonly [K in SettingKey]?: SettingValue<K> | string } & {
  readonly [N in PortSettingName as `ipc.${number}.${N}`]?: PortSettingValue<N> | string;
};

/** One setting, for listings. */
export interface SettingEntry {
  readonly key: SettingKey;
  readonly value: AnySettingValue;
  readonly source: SettingSource;
}

const DEFAULT_SOURCE: SettingSource = { kind: "default" };
const PROGRAM_SOURCE: SettingSource = { kind: "program" };

/** A setting of one port as it was given, for listings. */
export interface PortSettingEntry {
  /** The whole key, `ipc.<port>.<name>`. */
  readonly key: string;
  readonly value: AnySettingValue;
  readonly source: SettingSource;
}

const NO_INPUTS: PortInputs = new Map();

/** Every setting with its value. Immutable; made by `createSettings`, `loadSettings` and `with`. */
export class Settings {
  readonly #assigned: ReadonlyMap<SettingKey, SettingAssignment>;
  readonly #portInputs: PortInputs;

  /** Takes checked values only, for keys without a port; keys that are absent have their default. */
  constructor(assigned: ReadonlyMap<SettingKey, SettingAssignment>, portInputs: PortInputs = NO_INPUTS) {
    this.#assigned = assigned;
    this.#portInputs = portInputs;
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

  /** Every setting without a port, in the order of the list. */
  entries(): SettingEntry[] {
    return SETTING_KEYS.map((key) => ({ key, ...this.#assignment(key) }));
  }

  /** What was given for keys with a port, as it was given; `forPort` reads and checks it. */
  portEntries(): PortSettingEntry[] {
    return [...this.#portInputs].map(([key, input]) => ({ key, ...input }));
  }

  /** The settings of the server on a port (0 to 65535; 0 takes any free one). Throws SettingsError with every fault of them. */
  forPort(port: number): PortSettings {
    const { settings, faults } = this.#readPort(port);
    if (faults.length > 0) throw new SettingsError(faults);
    return settings;
  }

  /** What is wrong with the settings of the server on a port. */
  faultsOfPort(port: number): readonly SettingFault[] {
    return this.#readPort(port).faults;
  }

  /** A copy in which the given values replace the present ones. Throws SettingsError with every fault. */
  with(values: SettingValues): Settings {
    const { assigned, portInputs, ports } = checkValues(values);
    const settings = new Settings(
      new Map([...this.#assigned, ...assigned]),
      new Map([...this.#portInputs, ...portInputs]),
    );
    const faults = [...ports].flatMap((port) => settings.faultsOfPort(port));
    if (faults.length > 0) throw new SettingsError(faults);
    return settings;
  }

  /** A copy with all that other settings were given for keys with a port, and nothing else for such keys. */
  withPortsOf(other: Settings): Settings {
    return new Settings(this.#assigned, other.#portInputs);
  }

  #readPort(port: number): ReturnType<typeof readPort> {
    return readPort(port, this.#portInputs, (key) => this.#assignment(key as SettingKey));
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
  return new Settings(new Map()).with(values);
}

/** Every setting at its default. */
export const defaultSettings: Settings = createSettings();

interface CheckedValues {
  readonly assigned: Map<SettingKey, SettingAssignment>;
  readonly portInputs: Map<string, SettingAssignment>;
  /** The ports that these values speak of. */
  readonly ports: Set<number>;
}

function checkValues(values: SettingValues): CheckedValues {
  const checked: CheckedValues = { assigned: new Map(), portInputs: new Map(), ports: new Set() };
  const faults: SettingFault[] = [];
  for (const [key, given] of Object.entries(values) as [string, AnySettingValue | undefined][]) {
    if (given === undefined) continue;
    const port = parsePortKey(key)?.port;
    if (typeof port === "number") {
      checked.ports.add(port);
      checked.portInputs.set(key, { value: given, source: PROGRAM_SOURCE });
    } else if (isSettingKey(key)) {
      const reading = readValue(settingDefinition(key), given);
      if ("rule" in reading) faults.push({ key, message: reading.rule });
      else checked.assigned.set(key, { value: reading.value, source: PROGRAM_SOURCE });
    } else {
      faults.push({ key, message: unknownKeyMessage(key) });
    }
  }
  if (faults.length > 0) throw new SettingsError(faults);
  return checked;
}
