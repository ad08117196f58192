/** The list of settings as people read it: the table of the README and the shipped file of defaults. */

import {
  ANY_PORT,
  PORT_SETTING_NAMES,
  type PortSettingName,
  portKey,
  portSettingDefinition,
} from "./call-queue-keys.js";
import { SETTING_KEYS, settingDefinition } from "./keys.js";
import { settingText } from "./read-value.js";
import type { SettingDefinition } from "./setting-definition.js";

const XML_LINE_LENGTH = 100;

/** A key as documents write it, with its entry. */
type DocumentedSetting = readonly [key: string, definition: SettingDefinition];

/** Every setting in the order of the list; those of one port stand behind the last that holds for all ports, as Hadoop writes them. */
function documentedSettings(): DocumentedSetting[] {
  const ofPort = PORT_SETTING_NAMES.map((name): DocumentedSetting => [portKey(ANY_PORT, name), portDocument(name)]);
  const settings = SETTING_KEYS.map((key): DocumentedSetting => [key, settingDefinition(key)]);
  const behind = settings.findIndex(([key]) => key === "decay-scheduler.metrics.top.user.count") + 1;
  return settings.toSpliced(behind, 0, ...ofPort);
}

/** The entry of a port's setting; one with a key that holds for all ports refers to it. */
function portDocument(name: PortSettingName): SettingDefinition {
  const { portless, ...definition } = portSettingDefinition(name);
  return portless === undefined
    ? { ...definition, live: true }
    : { ...definition, live: true, meaning: `For this port: what ${portless} is for all.` };
}

/** The table of settings in Markdown, Hadoop's keys first; `conf/README.md` holds it between two marks. */
export function settingsTable(): string {
  const rows = documentedSettings().map(([key, definition]) => {
    const shown = settingText(definition.default);
    const cells = [
      `\`${key}\``,
      shown === "" ? "(empty)" : `\`${shown}\``,
      allowed(definition),
      definition.side,
      taken(definition),
      definition.meaning,
      definition.reason,
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return [
    "| key | default | value | read by | new value | meaning | why this default |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

/** The text of `conf/hrpc-default.xml`: every key with its default, what it does, what it may hold, and why. */
export function defaultsFile(): string {
  const head = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    "<!--",
    "  Every setting of hrpcd with its default. For reading only: the defaults are built in, and no program opens this.",
    "  To change one, copy its property into hrpc-site.xml. Made from conf/keys.ts by `npm run docs`.",
    "-->",
    "<configuration>",
  ];
  return [...head, ...documentedSettings().map(property), "</configuration>", ""].join("\n");
}

function property([key, definition]: DocumentedSetting): string {
  const { meaning, reason, side } = definition;
  const when = taken(definition);
  const reader = when === "" ? side : `${side}; a new value: ${when}`;
  const text = `${meaning} Value: ${allowed(definition)}. Read by: ${reader}. Why: ${reason}`;
  return [
    "  <property>",
    `    <name>${key}</name>`,
    `    <value>${escapeXml(settingText(definition.default))}</value>`,
    "    <description>",
    ...wrap(escapeXml(text), XML_LINE_LENGTH).map((line) => `      ${line}`),
    "    </description>",
    "  </property>",
  ].join("\n");
}

/** When a server takes a new value. */
function taken({ side, live }: SettingDefinition): string {
  if (side === "client") return "";
  return live === true ? "live" : "restart";
}

/** What a setting may hold, such as `calls, 1 to 1000000`. */
function allowed({ type, unit, min, max, ascending, shape, values, classes }: SettingDefinition): string {
  const range = min === undefined || max === undefined ? "" : `, ${min} to ${max}`;
  switch (type) {
    case "int":
      return `${unit ?? "whole number"}${range}`;
    case "bytes":
      return `${unit ?? "bytes"}${range}`;
    case "duration-ms":
      return `milliseconds${range}`;
    case "boolean":
      return "true or false";
    case "enum":
      return (values ?? []).join(", ");
    case "fraction":
      return "greater than 0 and less than 1";
    case "int-list":
      return `${unit ?? "whole numbers"} with commas between${range} each${ascending ? ", ascending" : ""}`;
    case "duration-ms-list":
      return `milliseconds with commas between${range} each`;
    case "class":
      return Object.entries(classes ?? {})
        .map(([name, short]) => `${name} (${short})`)
        .join(", ");
    case "list":
      return "texts with commas between";
    case "string":
      return shape ?? "text";
  }
}

/** Lines of at most `length` characters, broken at spaces. */
function wrap(text: string, length: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > length) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
