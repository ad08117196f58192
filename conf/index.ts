/** Settings of daemon and client: the list of keys, the files they come from, and what is wrong with them. */

export {
  PORT_SETTING_NAMES,
  PORT_SETTINGS,
  type PortSettingDefinition,
  type PortSettingName,
  parsePortKey,
} from "./call-queue-keys.js";
export type { ReadFile } from "./collect.js";
export { formatFault, type SettingFault, SettingsError } from "./fault.js";
export { SETTING_KEYS, SETTINGS, type SettingKey } from "./keys.js";
export { type LoadedSettings, type LoadOptions, loadSettings, type OptionText } from "./load.js";
export type { PortSettings, PortSettingValue } from "./port-settings.js";
export type { SettingDefinition, SettingSide, SettingType } from "./setting-definition.js";
export {
  createSettings,
  defaultSettings,
  type PortSettingEntry,
  type SettingEntry,
  type SettingSource,
  Settings,
  type SettingValue,
  type SettingValues,
} from "./settings.js";
