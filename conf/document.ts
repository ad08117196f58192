/** The list of settings as people read it: the table of the README and the shipped file of defaults. */

import { SETTING_KEYS, type SettingKey, settingDefinition } from "./keys.js";
import { settingText } from "./read-value.js";
import type { SettingDefinition } from "./setting-definition.js";

const XML_LINE_LENGTH = 100;

/** The table of settings in Markdown, Hadoop's keys first; `conf/README.md` holds it between two marks. */
export function settingsTable(): string {
  const rows = SETTING_KEYS.map((key) => {
    const definition = settingDefinition(key);
    const shown = settingText(definition.default);
    const cells = [
      `\`${key}\``,
      shown === "" ? "(empty)" : `\`${shown}\``,
      allowed(definition),
      definition.side,
      definition.meaning,
      definition.reason,
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return [
    "| key | default | value | read by | meaning | why this default |",
    "| --- | --- | --- | --- | --- | --- |",
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
  return [...head, ...SETTING_KEYS.map(property), "</configuration>", ""].join("\n");
}

function property(key: SettingKey): string {
  const definition = settingDefinition(key);
  const { meaning, reason, side } = definition;
  const text = `${meaning} Value: ${allowed(definition)}. Read by: ${side}. Why: ${reason}`;
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

/** What a setting may hold, such as `calls, 1 to 1000000`. */
function allowed({ type, unit, min, max, shape, values }: SettingDefinition): string {
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
