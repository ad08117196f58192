/**
 * The settings in force, in the shape of Hadoop's /conf (conf/ConfServlet.java): JSON or XML, all or the one that `name`
 * names. What a key calls a secret is not shown.
 */
import type { Settings } from "../conf/index.js";
import { settingText } from "../conf/read-value.js";
import type { MetricsSink, Page } from "./metrics-sink.js";

/** What Hadoop takes for the keys of secrets (hadoop.security.sensitive-config-keys, core-default.xml of 3.4). */
const SENSITIVE = [
  /secret$/i,
  /password$/i,
  /ssl\.keystore\.pass$/i,
  /fs\.s3a?.*[Ss]ecret.?[Kk]ey/,
  /fs\.s3a.*\.server-side-encryption\.key/,
  /fs\.s3a\.encryption\.(algorithm|key)/,
  /fs\.azure\.account\.key.*/,
  /credential$/i,
  /oauth.*(secret|password|token)/i,
  /hadoop\.security\.sensitive-config-keys/,
];
/** What is shown instead. */
export const REDACTED = "<redacted>";

interface Property {
  readonly key: string;
  readonly value: string;
  readonly resource: string;
}

export class SettingsPage implements MetricsSink {
  readonly #settings: () => Settings;

  constructor(settings: () => Settings) {
    this.#settings = settings;
  }

  page(query: URLSearchParams): Page {
    const format = query.get("format") ?? "xml";
    if (format !== "json" && format !== "xml") return text(400, `Bad format: ${format}`);
    const name = query.get("name") ?? "";
    const all = this.#properties();
    const found = name === "" ? all : all.filter(({ key }) => key === name);
    if (found.length === 0) return text(404, `Property ${name} not found`);
    if (format === "xml") return { status: 200, contentType: "text/xml; charset=utf-8", body: xmlOf(found) };
    const properties = found.map(({ key, value, resource }) => ({ key, value, resource }));
    const body = name === "" ? { properties } : { property: properties[0] };
    return { status: 200, contentType: "application/json; charset=utf-8", body: `${JSON.stringify(body)}\n` };
  }

  #properties(): Property[] {
    const settings = this.#settings();
    return [...settings.entries(), ...settings.portEntries()].map(({ key, value, source }) => ({
      key,
      value: redacted(key, settingText(value)),
      resource: source.kind === "file" ? `${source.file}:${source.line}` : source.kind,
    }));
  }
}

/** The value of a setting, or REDACTED if its key says that it is a secret. */
export function redacted(key: string, value: string): string {
  return SENSITIVE.some((pattern) => pattern.test(key)) ? REDACTED : value;
}

function xmlOf(properties: readonly Property[]): string {
  const lines = properties.map(
    ({ key, value, resource }) =>
      `<property><name>${escaped(key)}</name><value>${escaped(value)}</value><source>${escaped(resource)}</source></property>\n`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<configuration>\n${lines.join("")}</configuration>\n`;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** XML has no place for most control characters, not even as entities. */
function escaped(value: string): string {
  return value
    .replace(/[&<>"]/g, (sign) => ENTITIES[sign] as string)
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD");
}

function text(status: number, message: string): Page {
  return { status, contentType: "text/plain; charset=utf-8", body: `${message}\n` };
}
