/**
 * The settings of a daemon that runs: which are in force, and what a new reading of the files changes of them.
 */
import type { LoadedSettings, SettingKey, Settings } from "../conf/index.js";

/** What came of a new reading. */
export interface RefreshedSettings extends Pick<LoadedSettings, "warnings"> {
  /** Keys whose new values are in force now. */
  readonly changed: readonly SettingKey[];
  /** Keys whose new values are not: nothing that was refreshed reads them. */
  readonly pending: readonly SettingKey[];
}

/** The settings in force; `read` reads the files again, and throws SettingsError for any fault. */
export class LiveSettings {
  #inForce: Settings;
  readonly #read: () => LoadedSettings;

  constructor(inForce: Settings, read: () => LoadedSettings) {
    this.#inForce = inForce;
    this.#read = read;
  }

  /** Reads the files again and has `apply` put these keys of them into force. What either throws leaves things as they were. */
  refresh(keys: readonly SettingKey[], apply: (settings: Settings) => void): RefreshedSettings {
    const { settings, warnings } = this.#read();
    const different = settings
      .entries()
      .filter(({ key, value }) => JSON.stringify(value) !== JSON.stringify(this.#inForce.get(key)));
    apply(settings);
    const taken = different.filter(({ key }) => keys.includes(key));
    this.#inForce = this.#inForce.with(Object.fromEntries(taken.map(({ key, value }) => [key, value])));
    const pending = different.filter(({ key }) => !keys.includes(key));
    return { warnings, changed: taken.map(({ key }) => key), pending: pending.map(({ key }) => key) };
  }
}
