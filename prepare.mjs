/**
 * Makes a clone ready to run: installs what package-lock.json names and builds dist/, and skips what is done.
 * `npm start` and `npm test` run it first, and so does npm itself ("prepare") before it links our programs for npx.
 * Plain JavaScript without dependencies, since nothing is there before it ran.
 */

import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(fileURLToPath(import.meta.url));
const OUTPUT = join(ROOT, "dist");
const STAMP = join(OUTPUT, ".built");
const BUILD_INFO = join(OUTPUT, ".tsbuildinfo");
const SOURCE_FOLDERS = ["protocol", "daemon", "client", "conf", "test"];
/** Folders below the sources that hold no TypeScript of ours: what Maven writes, and what it needs. */
const SKIPPED_FOLDERS = new Set(["target", "node_modules"]);
const PROGRAMS = ["dist/client/main.js", "dist/daemon/main.js"];
const OUTPUT_SUFFIX = /\.(?:d\.ts|js|js\.map)$/;
const NODE_MIN = [20, 19];

function main() {
  checkNode();
  install();
  build();
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < NODE_MIN[0] || (major === NODE_MIN[0] && minor < NODE_MIN[1])) {
    fail(`hrpcd needs Node ${NODE_MIN.join(".")} or later, and this is ${process.version}.`, 1);
  }
}

/** Installs when node_modules is missing or older than the lock file. */
function install() {
  const installed = join(ROOT, "node_modules", ".package-lock.json");
  const lock = join(ROOT, "package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) {
    return;
  }
  say("installing the dependencies (npm ci)");
  // The build needs the development dependencies, whatever NODE_ENV says. No dependency needs an install script, and
  // our own would start this file again.
  runNpm(["ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
}

/** npm, by the path under which it runs this script when it does: no shell, and the same version. */
function runNpm(args) {
  const script = process.env.npm_execpath;
  if (script?.endsWith("npm-cli.js")) {
    run("npm ci", process.execPath, [script, ...args]);
  } else {
    run("npm ci", "npm", args, process.platform === "win32");
  }
}

/** Compiles when the sources are not those that the last build saw, or an output of theirs is gone. */
function build() {
  const sources = sourceFiles();
  const state = [...sources, "tsconfig.json", "package-lock.json"].map(describe).join("\n");
  const complete = sources.every((source) => existsSync(join(OUTPUT, source.replace(/\.ts$/, ".js"))));
  if (complete && existsSync(STAMP) && readFileSync(STAMP, "utf8") === state) {
    return;
  }
  say("building dist/ (tsc)");
  if (!complete) {
    // The compiler believes its notes and would not write again what somebody removed.
    rmSync(BUILD_INFO, { force: true });
  }
  removeStale(sources);
  run("the build", process.execPath, [join(ROOT, "node_modules", "typescript", "bin", "tsc")]);
  for (const program of PROGRAMS.map((path) => join(ROOT, path)).filter(existsSync)) {
    chmodSync(program, 0o755);
  }
  mkdirSync(OUTPUT, { recursive: true });
  writeFileSync(STAMP, state);
}

/** Every source of ours, as a path from the root. */
function sourceFiles() {
  return SOURCE_FOLDERS.flatMap((folder) => filesBelow(join(ROOT, folder)))
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts"))
    .map((path) => relative(ROOT, path))
    .sort();
}

function describe(path) {
  const { mtimeMs, size } = statSync(join(ROOT, path));
  return `${path} ${mtimeMs} ${size}`;
}

/** Removes outputs whose source is gone, so that no test runs that was deleted. */
function removeStale(sources) {
  const known = new Set(sources.map((source) => source.replace(/\.ts$/, "")));
  for (const path of filesBelow(OUTPUT)) {
    const output = relative(OUTPUT, path);
    if (output.includes(sep) && OUTPUT_SUFFIX.test(output) && !known.has(output.replace(OUTPUT_SUFFIX, ""))) {
      rmSync(path);
    }
  }
}

function filesBelow(folder) {
  if (!existsSync(folder)) {
    return [];
  }
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      return SKIPPED_FOLDERS.has(entry.name) ? [] : filesBelow(path);
    }
    return [path];
  });
}

function run(what, command, args, shell = false) {
  const { status, signal, error } = spawnSync(command, args, { cwd: ROOT, stdio: ["ignore", 2, 2], shell });
  if (error !== undefined) {
    fail(`${what} could not be started: ${error.message}`, 1);
  }
  if (status !== 0) {
    const how = signal === null ? `with code ${status}` : `by ${signal}`;
    fail(`${what} ended ${how}; the lines above say why.`, status ?? 1);
  }
}

function say(line) {
  process.stderr.write(`hrpcd: ${line}\n`);
}

function fail(line, code) {
  say(line);
  process.exit(code);
}

main();
