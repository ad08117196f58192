/**
 * The settings of a daemon that runs: which are in force, and what a new reading of the files changes of them.
 */
import {
  type LoadedSettings,
  parsePortKey,
  type SettingEntry,
  type Settings,
  type SettingValues,
} from "../conf/index.js";

/** What came of a new reading. */
export interface RefreshedSettings extends Pick<LoadedSettings, "warnings"> {
  /** Keys whose new values are in force now. */
  readonly changed: readonly string[];
  /** Keys whose new values are not: nothing that was refreshed reads them. */
  readonly pending: readonly string[];
}

/** Keys, such as an array of them. Those of a port are the port's all together, or none of them. */
export interface KeySet {
  includes(key: string): boolean;
}

/** The settings in force; `read` reads the files again, and throws SettingsError for any fault. */
export class LiveSettings {
  #inForce: Settings;
  readonly #read: () => LoadedSettings;

  constructor(inForce: Settings, read: () => LoadedSettings) {
    this.#inForce = inForce;
    this.#read = read;
  }

  /** What is in force now. */
  get inForce(): Settings {
    return this.#inForce;
  }

  /** Reads the files again and has `apply` put these keys of them into force. What either throws leaves things as they were. */
  refresh(keys: KeySet, apply: (settings: Settings) => void): RefreshedSettings {
    const { settings, warnings } = this.#read();
    const different = settings
      .entries()
      .filter(({ key, value }) => JSON.stringify(value) !== JSON.stringify(this.#inForce.get(key)));
    const ofPort = this.#differentPortKeys(settings);
    apply(settings);
    const taken = different.filter(({ key }) => keys.includes(key));
    this.#inForce = this.#inForce.with(valuesOf(taken));
    if (ofPort.some((key) => keys.includes(key))) this.#inForce = this.#inForce.withPortsOf(settings);
    const all = [...different.map(({ key }) => key), ...ofPort];
    return {
      warnings,
      changed: all.filter((key) => keys.includes(key)),
      pending: all.filter((key) => !keys.includes(key)),
    };
  }

  /** Keys of the port that is in force whose values are other ones, new or gone. */
  #differentPortKeys(settings: Settings): string[] {
    const port = this.#inForce.get("hrpcd.port");
    const [before, now] = [this.#inForce, settings].map(
      (of) => new Map(of.portEntries().map(({ key, value }) => [key, JSON.stringify(value)])),
    ) as [Map<string, string>, Map<string, string>];
    const keys = new Set([...before.keys(), ...now.keys()]);
    return [...keys].filter((key) => parsePortKey(key)?.port === port && before.get(key) !== now.get(key));
  }
}

function valuesOf(entries: readonly SettingEntry[]): SettingValues {
  return Object.fromEntries(entries.map(({ key, value }) => [key, value])) as SettingValues;
}
