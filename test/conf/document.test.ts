import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { defaultsFile, settingsTable } from "../../conf/document.js";
import { defaultSettings, loadSettings, PORT_SETTING_NAMES, SETTING_KEYS } from "../../conf/index.js";
import { projectRoot } from "../helpers/project-root.js";
import { replaceSettingsTable } from "../helpers/settings-table.js";

const read = (path: string): string => readFileSync(new URL(path, projectRoot), "utf8");

test("the committed file of defaults is the one that the list of settings makes (npm run docs)", () => {
  assert.equal(read("conf/hrpc-default.xml"), defaultsFile());
});

test("the committed README holds the table that the list of settings makes (npm run docs)", () => {
  const readme = read("conf/README.md");
  assert.equal(readme, replaceSettingsTable(readme, settingsTable()));
});

test("the file of defaults, read as settings, sets every key to its default", () => {
  const readFile = (path: string): string | undefined => (path === "hrpc-site.xml" ? defaultsFile() : undefined);
  const { settings, warnings } = loadSettings({ directory: "", readFile });
  assert.deepEqual(warnings, []);
  for (const { key, value, source } of settings.entries()) {
    assert.deepEqual(value, defaultSettings.get(key), key);
    assert.equal(source.kind, "file", key);
  }
});

test("every key has one row in the table", () => {
  const rows = settingsTable().split("\n").slice(2);
  const keys = [...SETTING_KEYS, ...PORT_SETTING_NAMES.map((name) => `ipc.[port_number].${name}`)];
  assert.deepEqual(rows.map((row) => row.split("`")[1]).toSorted(), keys.toSorted());
});

test("the shipped settings have no fault, cause no warning, and name a service that the package exports", () => {
  const file = fileURLToPath(new URL("conf/hrpc-site.xml", projectRoot));
  const readFile = (path: string): string | undefined => (path === file ? readFileSync(path, "utf8") : undefined);
  const { settings, warnings } = loadSettings({ directory: dirname(file), readFile });
  assert.deepEqual(warnings, []);
  const [service, ...others] = settings.get("hrpcd.services");
  assert.deepEqual(others, []);
  const { name, exports } = JSON.parse(read("package.json")) as { name: string; exports: Record<string, unknown> };
  const exported = Object.keys(exports).map((path) => path.replace(/^\./, name));
  assert.ok(exported.includes(service ?? ""), service);
});

test("a README without the marks of the table is an error that shows them", () => {
  assert.throws(() => replaceSettingsTable("# Settings", ""), /<!-- settings: begin -->/);
});
