import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { test } from "node:test";
import { defaultSettings, defaultsFile, loadSettings, SETTING_KEYS, settingsTable } from "../../conf/index.js";
import { committedFile, replaceSettingsTable } from "../helpers/committed-file.js";

const read = (path: string): string => readFileSync(committedFile(path), "utf8");

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
  assert.deepEqual(
    rows.map((row) => row.split("`")[1]),
    SETTING_KEYS,
  );
});

test("the shipped settings have no fault, cause no warning, and name a service whose source is there", () => {
  const file = committedFile("conf/hrpc-site.xml");
  const readFile = (path: string): string | undefined => (path === file ? readFileSync(path, "utf8") : undefined);
  const { settings, warnings } = loadSettings({ directory: dirname(file), readFile });
  assert.deepEqual(warnings, []);
  for (const service of settings.get("hrpcd.services")) {
    const source = resolve(dirname(file), service).replace(/\bdist\/(.*)\.js$/, "$1.ts");
    assert.ok(existsSync(source), source);
  }
  assert.deepEqual(settings.get("hrpcd.services").length, 1);
});

test("a README without the marks of the table is an error that shows them", () => {
  assert.throws(() => replaceSettingsTable("# Settings", ""), /<!-- settings: begin -->/);
});
