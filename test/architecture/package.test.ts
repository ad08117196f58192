import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { projectRoot } from "../helpers/project-root.js";
import { readText } from "./source-tree.js";

interface Manifest {
  readonly version: string;
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly version?: string; readonly dependencies?: Readonly<Record<string, string>> }>
  >;
}

const MANIFEST = JSON.parse(readText("package.json")) as Manifest;
const LOCK = JSON.parse(readText("package-lock.json")) as Lock;

/** The TypeScript file that a built file comes from. */
function sourceOf(built: string): string {
  return built.replace(/^(\.\/)?dist\//, "").replace(/(\.d\.ts|\.js)$/, ".ts");
}

test("every dependency is pinned to one version, the one in package-lock.json", () => {
  const all = { ...MANIFEST.dependencies, ...MANIFEST.devDependencies };
  for (const [name, version] of Object.entries(all)) {
    assert.match(version, /^\d+\.\d+\.\d+(-[0-9a-z.]+)?$/, name);
    assert.equal(LOCK.packages[`node_modules/${name}`]?.version, version, name);
  }
});

test("no package is both a dependency and a development dependency", () => {
  const both = Object.keys(MANIFEST.dependencies).filter((name) => name in MANIFEST.devDependencies);
  assert.deepEqual(both, []);
});

test("every entry point and program is built from a source that exists", () => {
  const targets = Object.values(MANIFEST.exports).flatMap((entry) =>
    typeof entry === "string" ? [entry] : Object.values(entry),
  );
  const built = [...targets, ...Object.values(MANIFEST.bin)].filter((path) => /^(\.\/)?dist\//.test(path));
  assert.ok(built.length >= 10);
  for (const path of built) assert.ok(existsSync(new URL(sourceOf(path), projectRoot)), path);
});

test("the programs can be run by the system: they name their interpreter", () => {
  for (const path of Object.values(MANIFEST.bin)) {
    assert.equal(readText(sourceOf(path)).split("\n")[0], "#!/usr/bin/env node", path);
  }
});

test("every built file that a script runs has a source", () => {
  for (const [name, command] of Object.entries(MANIFEST.scripts)) {
    for (const [built] of command.matchAll(/\bdist\/\S+\.js\b/g)) {
      assert.ok(existsSync(new URL(sourceOf(built), projectRoot)), `npm run ${name}: ${built}`);
    }
  }
});

test("the changelog knows the version", () => {
  assert.match(readText("CHANGELOG.md"), new RegExp(`^## .*${MANIFEST.version.replaceAll(".", "\\.")}`, "m"));
});
