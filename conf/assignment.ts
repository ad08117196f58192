/** A value on its way into settings: where it comes from, and its type by the entry of its key. */

import type { SettingFault } from "./fault.js";
import type { AnySettingValue } from "./read-value.js";
import type { SettingDefinition } from "./setting-definition.js";

interface ValueOfType {
  int: number;
  "duration-ms": number;
  bytes: number;
  fraction: number;
  boolean: boolean;
  string: string;
  list: readonly string[];
  "int-list": readonly number[];
  "duration-ms-list": readonly number[];
}

/** What an entry's setting holds once read: one of an enum's values, a Java class in full, or as the type says. */
export type ValueOfEntry<E extends SettingDefinition> = E extends {
  readonly type: "enum";
  readonly values: readonly (infer V)[];
}
  ? V
  : E extends { readonly type: "class"; readonly classes: infer C }
    ? keyof C
    : ValueOfType[Exclude<E["type"], "enum" | "class">];

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

/** A value, and where it comes from. */
export interface SettingAssignment {
  readonly value: AnySettingValue;
  readonly source: SettingSource;
}
