import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";

/** The compiled runner in a directory of its own, with these test files beside it: name and whether it passes. */
class Suite implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), "hrpcd-run-"));

  constructor(files: Readonly<Record<string, boolean>>) {
    this.#write("package.json", `{ "type": "module" }`);
    copyFileSync(join(import.meta.dirname, "..", "run.js"), join(this.root, "run.js"));
    for (const [path, passes] of Object.entries(files)) {
      const body = passes ? "" : "throw new Error('no');";
      this.#write(
        path,
        `import { test } from "node:test";\ntest("${path}", () => {${body}});\ntest("second", () => {});\n`,
      );
    }
  }

  run(...args: string[]): { status: number | null; output: string } {
    // Without this variable the inner runner does not take itself for a test of the outer one.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(this.root, "run.js"), ...args], {
      encoding: "utf8",
      env,
    });
    return { status, output: stdout + stderr };
  }

  #write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true });
  }
}

test("every test file runs but those of the separate suite, and node's counts come last", () => {
  using suite = new Suite({
    "a.test.js": true,
    "bench/b.test.js": true,
    "deep/er/c.test.js": true,
    "interop/d.test.js": false,
  });
  const { status, output } = suite.run();
  assert.equal(status, 0);
  assert.match(output, /tests 6\n.*pass 6\n.*fail 0\n.*skipped 0\n/s);
});

test("a test that fails makes the run fail", () => {
  using suite = new Suite({ "a.test.js": true, "b.test.js": false });
  const { status, output } = suite.run();
  assert.equal(status, 1);
  assert.match(output, /tests 4\n.*pass 3\n.*fail 1\n/s);
});

test("arguments choose files by a part of their path, and options go to node", () => {
  using suite = new Suite({ "conf/a.test.js": true, "client/b.test.js": false, "c.test.js": false });
  assert.match(suite.run("conf").output, /tests 2\n.*pass 2\n/s);
  assert.match(suite.run("conf/", "--test-name-pattern=second").output, /pass 1\n/);
  assert.match(suite.run("conf", "client").output, /tests 4\n.*fail 1\n/s);
});

test("no test file is a failure, not a success of nothing", () => {
  using suite = new Suite({ "a.test.js": true });
  const { status, output } = suite.run("nowhere");
  assert.deepEqual([status, output], [1, "no test file has nowhere in its path\n"]);
});
