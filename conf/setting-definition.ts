/** The shape of one entry in the list of settings (`keys.ts`). */

/** How the text of a setting is read. Sizes are bytes and durations are milliseconds once read. */
export type SettingType =
  | "int"
  | "duration-ms"
  | "bytes"
  | "fraction"
  | "boolean"
  | "string"
  | "list"
  | "int-list"
  | "duration-ms-list"
  | "enum"
  | "class";

/** Who reads a setting. */
export type SettingSide = "server" | "client" | "both";

/** One entry of the list. */
export interface SettingDefinition {
  readonly type: SettingType;
  readonly default: number | boolean | string | readonly string[] | readonly number[];
  /** What a bare number counts, for people; durations and sizes say it by their type. */
  readonly unit?: string;
  /** Smallest value allowed, for numbers and each of a list of numbers. A fraction lies between 0 and 1, and is neither. */
  readonly min?: number;
  /** A value below 0 is read as 0, as Hadoop does for this key. */
  readonly negativeIsZero?: true;
  /** Largest value allowed, for numbers and each of a list of numbers. */
  readonly max?: number;
  /** No number of the list is less than the one before. */
  readonly ascending?: true;
  /** An empty text is refused, for strings. */
  readonly required?: true;
  /** What a string must look like, and in words. */
  readonly pattern?: RegExp;
  readonly shape?: string;
  /** The values allowed, for an enum. */
  readonly values?: readonly string[];
  /** The Java classes that may be named, for a class, each with the short name that stands for it. */
  readonly classes?: Readonly<Record<string, string>>;
  readonly side: SettingSide;
  /** The program hrpcd takes a new value while it runs (SIGHUP, hrpc admin reload); without this, it needs a restart. */
  readonly live?: true;
  /** What the setting does, in a sentence or two. */
  readonly meaning: string;
  /** Why the default is what it is. */
  readonly reason: string;
}
