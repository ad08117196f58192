import assert from "node:assert/strict";
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { projectRoot } from "../helpers/project-root.js";

const COMPILER_OPTIONS = {
  target: "es2023",
  module: "nodenext",
  rootDir: ".",
  outDir: "dist",
  declaration: true,
  sourceMap: true,
  incremental: true,
  tsBuildInfoFile: "dist/.tsbuildinfo",
  noLib: true,
  types: [],
};

/** The types that a compiler without its library still wants. */
const GLOBALS = [
  "Array",
  "Boolean",
  "CallableFunction",
  "Function",
  "IArguments",
  "NewableFunction",
  "Number",
  "Object",
  "RegExp",
  "String",
]
  .map((name) => `interface ${name}${name === "Array" ? "<T> { [n: number]: T }" : " {}"}`)
  .join("\n");

/** A clone of two sources with this repository's dependencies, and `prepare.mjs` in it. */
class Clone implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), "hrpcd-prepare-"));

  constructor() {
    copyFileSync(new URL("prepare.mjs", projectRoot), join(this.root, "prepare.mjs"));
    this.write("package.json", `{ "type": "module" }`);
    this.write("package-lock.json", "{}");
    this.write("tsconfig.json", JSON.stringify({ compilerOptions: COMPILER_OPTIONS, include: ["client", "conf"] }));
    this.write("conf/globals.ts", `declare global {\n${GLOBALS}\n}\nexport {};\n`);
    this.write("client/main.ts", "export const one = 1;\n");
    this.write("conf/keys.ts", "export const two = 2;\n");
    symlinkSync(new URL("node_modules", projectRoot), join(this.root, "node_modules"));
    utimesSync(join(this.root, "package-lock.json"), 0, 0);
  }

  path(path: string): string {
    return join(this.root, path);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), text);
  }

  prepare(env: Record<string, string> = {}): SpawnSyncReturns<string> {
    const options = { encoding: "utf8", env: { ...process.env, ...env } } as const;
    return spawnSync(process.execPath, [this.path("prepare.mjs")], options);
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true });
  }
}

test("a first run builds and makes the programs executable, and a second does and says nothing", () => {
  using clone = new Clone();
  const first = clone.prepare();
  assert.deepEqual([first.status, first.stderr], [0, "hrpcd: building dist/ (tsc)\n"]);
  assert.equal(statSync(clone.path("dist/client/main.js")).mode & 0o111, 0o111);
  const built = statSync(clone.path("dist/.built")).mtimeMs;
  const second = clone.prepare();
  assert.deepEqual([second.status, second.stderr, second.stdout], [0, "", ""]);
  assert.equal(statSync(clone.path("dist/.built")).mtimeMs, built);
});

test("a source that changed is built again, also when the clock went back", () => {
  using clone = new Clone();
  clone.prepare();
  clone.write("conf/keys.ts", "export const two = 3;\n");
  utimesSync(clone.path("conf/keys.ts"), 1, 1);
  assert.equal(clone.prepare().status, 0);
  assert.match(readFileSync(clone.path("dist/conf/keys.js"), "utf8"), /two = 3/);
});

test("the outputs of a source that is gone are removed, and other files in dist stay", () => {
  using clone = new Clone();
  clone.write("conf/old.test.ts", "export const old = 1;\n");
  clone.prepare();
  clone.write("dist/note.js", "");
  rmSync(clone.path("conf/old.test.ts"));
  assert.equal(clone.prepare().status, 0);
  assert.deepEqual(
    ["js", "js.map", "d.ts"].map((suffix) => existsSync(clone.path(`dist/conf/old.test.${suffix}`))),
    [false, false, false],
  );
  assert.ok(existsSync(clone.path("dist/note.js")) && existsSync(clone.path("dist/conf/keys.js")));
});

test("an output that somebody removed is written again", () => {
  using clone = new Clone();
  clone.prepare();
  rmSync(clone.path("dist/conf/keys.js"));
  assert.equal(clone.prepare().status, 0);
  assert.ok(existsSync(clone.path("dist/conf/keys.js")));
});

test("a source that does not compile ends with the compiler's code and a sentence, every time until it is mended", () => {
  using clone = new Clone();
  clone.write("conf/keys.ts", `export const two: number = "2";\n`);
  for (let run = 0; run < 2; run++) {
    const { status, stderr } = clone.prepare();
    assert.equal(status, 2);
    assert.match(
      stderr,
      /conf\/keys\.ts\(1,14\): error TS2322.*\nhrpcd: the build ended with code 2; the lines above say why\.\n$/s,
    );
  }
  clone.write("conf/keys.ts", "export const two = 2;\n");
  assert.equal(clone.prepare().status, 0);
});

test("dependencies older than the lock file are installed with npm ci, whose failure is this run's failure", () => {
  using clone = new Clone();
  rmSync(clone.path("node_modules"));
  clone.write("npm/npm-cli.js", "process.stdout.write(process.argv.slice(2).join(' '));\nprocess.exitCode = 7;\n");
  const { status, stderr, stdout } = clone.prepare({ npm_execpath: clone.path("npm/npm-cli.js") });
  assert.deepEqual([status, stdout], [7, ""]);
  assert.match(stderr, /^hrpcd: installing the dependencies \(npm ci\)\nci --include=dev --ignore-scripts /);
  assert.match(stderr, /hrpcd: npm ci ended with code 7; the lines above say why\.\n$/);
});

test("what is published is what users import: no maps to sources that are not there, no tests, and node's types as a wish", () => {
  // A shell, as npm is a script of another kind on Windows.
  const { stdout } = spawnSync("npm pack --dry-run --json --ignore-scripts", {
    cwd: projectRoot,
    encoding: "utf8",
    shell: true,
  });
  const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
  const paths = files.map(({ path }) => path);
  assert.ok(paths.includes("dist/conf/index.d.ts") && paths.includes("conf/hrpc-site.xml"));
  assert.deepEqual(
    paths.filter((path) => path.endsWith(".map") || path.includes("test/")),
    [],
  );
  const manifest = JSON.parse(readFileSync(new URL("package.json", projectRoot), "utf8")) as {
    readonly peerDependencies: Readonly<Record<string, string>>;
    readonly peerDependenciesMeta: Readonly<Record<string, unknown>>;
  };
  assert.ok("@types/node" in manifest.peerDependencies);
  assert.deepEqual(manifest.peerDependenciesMeta["@types/node"], { optional: true });
});
