import assert from "node:assert/strict";
import { posix } from "node:path";
import { test } from "node:test";
import { allFiles, readText, SOURCE_FOLDERS } from "./source-tree.js";

const TEXT_FILE = /\.(ts|mjs|js|json|md|xml|java|sh|yml|yaml|avpr|avdl|proto|service)$/;

test("files and folders of TypeScript are named in kebab-case", () => {
  const folder = /^[a-z0-9]+(-[a-z0-9]+)*$/;
  const file = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|interop))?\.ts$/;
  for (const path of allFiles().filter((candidate) => candidate.endsWith(".ts"))) {
    const parts = path.split("/");
    assert.match(parts.pop() ?? "", file, path);
    for (const part of parts) assert.match(part, folder, path);
  }
});

test("no work is left for later in the sources", () => {
  const marks = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"];
  const mark = new RegExp(`\\b(${marks.join("|")})\\b`);
  for (const path of allFiles().filter((candidate) => TEXT_FILE.test(candidate))) {
    assert.doesNotMatch(readText(path), mark, path);
  }
});

test("no check is switched off without a reason beside it", () => {
  const forbidden = new RegExp(`@ts-(ignore|no${"check"})|eslint-${"disable"}`);
  const biome = new RegExp(`biome-${"ignore"}(-all|-start)?\\s+\\S+?:(?!\\s*<)\\s*\\S`);
  for (const path of allFiles().filter((candidate) => candidate.endsWith(".ts"))) {
    const text = readText(path);
    assert.doesNotMatch(text, forbidden, path);
    for (const line of text.split("\n")) {
      if (line.includes(`biome-${"ignore"} `)) assert.match(line, biome, `${path}: ${line.trim()}`);
    }
  }
});

test("no test is skipped or runs alone", () => {
  const switched = /\b(test|it|describe|suite)\.(skip|only|todo)\b|\b(skip|only|todo): *true\b/;
  for (const path of allFiles().filter((candidate) => candidate.endsWith(".test.ts"))) {
    if (path === "test/architecture/conventions.test.ts") continue;
    assert.doesNotMatch(readText(path), switched, path);
  }
});

test("every test file lies where its source lies, or in one of the folders that belong to no source", () => {
  const own = /^test\/(architecture|contracts|golden|scenarios|interop|bench|examples|helpers|fuzz)\//;
  const folders = new Set(allFiles().map((path) => posix.dirname(path)));
  for (const path of allFiles().filter((candidate) => candidate.endsWith(".test.ts") && !own.test(candidate))) {
    const folder = posix.dirname(path.replace(/^test\//, ""));
    assert.ok(folders.has(folder), `${path}: there is no folder ${folder}`);
  }
});

test("every top folder has a README", () => {
  const files = new Set(allFiles());
  for (const folder of SOURCE_FOLDERS) assert.ok(files.has(`${folder}/README.md`), `${folder}/README.md`);
  assert.match(readText("README.md"), /^# /);
});
