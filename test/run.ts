/**
 * Runs the tests below this directory with node's own runner: `npm test`, or `npm test -- conf` for the files whose
 * path holds `conf`. Arguments that begin with a dash go to node, such as `--test-name-pattern=drain`.
 *
 * The files are listed by name because node 20 knows no patterns, and node's own search would take the helpers too.
 * The suite that needs a JVM (interop) has a command of its own.
 */

import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join, sep } from "node:path";

const ROOT = import.meta.dirname;
const SEPARATE_SUITE = "interop/";
/** A test that waits for what never comes fails, and does not hang. Counts for a file as a whole too. */
const LONGEST_TEST_MS = 300_000;

/** Every test file, as a path below `root` with forward slashes, in order. */
function testFiles(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .map((path) => path.split(sep).join("/"))
    .filter((path) => path.endsWith(".test.js") && !path.startsWith(SEPARATE_SUITE))
    .sort();
}

function main(args: readonly string[]): void {
  const options = args.filter((arg) => arg.startsWith("-"));
  const wanted = args.filter((arg) => !arg.startsWith("-"));
  const files = testFiles(ROOT).filter((path) => wanted.length === 0 || wanted.some((part) => path.includes(part)));
  if (files.length === 0) {
    console.error(
      wanted.length === 0 ? `no test file below ${ROOT}` : `no test file has ${wanted.join(" or ")} in its path`,
    );
    process.exitCode = 1;
    return;
  }
  const paths = files.map((path) => join(ROOT, path));
  const runner = spawn(
    process.execPath,
    ["--test", "--test-reporter=spec", `--test-timeout=${LONGEST_TEST_MS}`, ...options, ...paths],
    {
      stdio: "inherit",
    },
  );
  runner.on("error", (error) => {
    console.error(`the tests could not be started: ${error.message}`);
    process.exitCode = 1;
  });
  runner.on("exit", (code) => {
    process.exitCode = code ?? 1;
  });
}

main(process.argv.slice(2));
