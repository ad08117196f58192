/** The properties of several files in the order that counts: inclusions opened, `final` and old names minded. */

import { dirname, isAbsolute, join, resolve } from "node:path";
import { currentKey } from "./deprecated.js";
import type { SettingFault } from "./fault.js";
import { isKnownKey } from "./keys.js";
import { type ConfigurationItem, parseConfiguration } from "./xml.js";

/** How deep files may include files. */
export const INCLUDE_DEPTH_MAX = 10;

/** How many files may be opened in all: includes side by side multiply. */
export const FILES_MAX = 100;

/** Gives the text of a file, or undefined when there is no such file. May throw for one that cannot be read. */
export type ReadFile = (path: string) => string | undefined;

/** The text set for a key, as it stands in the file. */
export interface RawProperty {
  readonly value: string;
  readonly file: string;
  readonly line: number;
}

type IncludeItem = Extract<ConfigurationItem, { kind: "include" }>;
type PropertyItem = Extract<ConfigurationItem, { kind: "property" }>;

/** A scheme such as `http:`; one letter is a drive and no scheme. */
const URL_SCHEME = /^[a-z][a-z0-9+.-]+:/i;

/** Collects raw properties from files, the later file winning. Faults and warnings pile up beside them. */
export class PropertyCollector {
  /** By current key. */
  readonly properties = new Map<string, RawProperty>();
  readonly faults: SettingFault[] = [];
  readonly warnings: SettingFault[] = [];
  /** Every file that was opened, in order. */
  readonly files: string[] = [];
  readonly #finals = new Set<string>();
  readonly #readFile: ReadFile;

  constructor(readFile: ReadFile) {
    this.#readFile = readFile;
  }

  /** Adds what a file and its inclusions say. False when there is no such file. */
  add(file: string): boolean {
    return this.#add(file, []);
  }

  /** `includers` are the files that led here, outermost first. */
  #add(file: string, includers: readonly string[]): boolean {
    let text: string | undefined;
    try {
      text = this.#readFile(file);
    } catch (error) {
      this.faults.push({ file, message: `cannot be read: ${error instanceof Error ? error.message : String(error)}` });
      return true;
    }
    if (text === undefined) return false;
    this.files.push(file);
    const { items, faults, warnings } = parseConfiguration(text);
    this.faults.push(...faults.map((fault) => ({ file, ...fault })));
    this.warnings.push(...warnings.map((warning) => ({ file, ...warning })));
    this.#addItems(items, file, includers);
    return true;
  }

  #addItems(items: readonly ConfigurationItem[], file: string, includers: readonly string[]): void {
    for (const item of items) {
      if (item.kind === "property") {
        this.#addProperty(item, file);
      } else {
        this.#addInclude(item, file, includers);
      }
    }
  }

  #addProperty(item: PropertyItem, file: string): void {
    const { name, value, line } = item;
    const key = currentKey(name);
    if (key !== name) this.warnings.push({ file, line, key: name, message: `is deprecated; use ${key}` });
    if (value === undefined) {
      if (isKnownKey(key)) this.faults.push({ file, line, key, message: "has no <value>" });
      return;
    }
    const present = this.properties.get(key);
    if (this.#finals.has(key)) {
      if (present !== undefined && present.value !== value) {
        const message = `is final in ${present.file}:${present.line}; the value here is ignored`;
        this.warnings.push({ file, line, key, message });
      }
      return;
    }
    if (present?.file === file && isKnownKey(key)) {
      this.warnings.push({ file, line, key, message: `is set in line ${present.line} too; the value here counts` });
    }
    this.properties.set(key, { value, file, line });
    if (item.final) this.#finals.add(key);
  }

  #addInclude(item: IncludeItem, file: string, includers: readonly string[]): void {
    const { href, line } = item;
    const fault = (message: string): void => void this.faults.push({ file, line, message });
    if (isAbsolute(href) || URL_SCHEME.test(href)) {
      fault(`includes ${href}; only a path relative to this file can be included`);
      return;
    }
    const path = join(dirname(file), href);
    const chain = [...includers, file];
    if (chain.some((includer) => resolve(includer) === resolve(path))) {
      fault(`includes ${href}, which leads back to itself: ${[...chain, path].join(" -> ")}`);
    } else if (chain.length > INCLUDE_DEPTH_MAX) {
      fault(`includes ${href}; files may include files at most ${INCLUDE_DEPTH_MAX} deep`);
    } else if (this.files.length >= FILES_MAX) {
      fault(`includes ${href}; at most ${FILES_MAX} files are read in all`);
    } else if (!this.#add(path, chain)) {
      if (item.fallback === undefined) {
        fault(`includes ${href}, which does not exist, and has no <xi:fallback>`);
      } else {
        this.#addItems(item.fallback, file, includers);
      }
    }
  }
}
