/**
 * Who may import whom. What is allowed, precisely:
 *
 * - `protocol` and `conf` import nothing of ours outside themselves; `client` and `daemon` import themselves, `protocol` and
 *   `conf`; `test` imports anything.
 * - Within `daemon`, a stage gets the next one from `server.ts`. Between stages no import leads anywhere, directly or
 *   through other files, whether it is for types or not. `call-queue.ts` is a stage's name and a contract without
 *   code: stages may import its types. Everybody may import `call.ts` and `connection.ts`, which are what moves along.
 * - Files that import one another in a circle are a fault, unless one of the imports is `import type`, which is gone at run
 *   time, or `await import(...)`, which comes after loading.
 * - Files, the environment and the arguments are read by the programs, `main.ts`; the exceptions stand below, with their reasons.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Import, parseSource, reachable, type SourceFile, sourceFiles } from "./source-tree.js";

const FILES = sourceFiles();
const BY_PATH = new Map(FILES.map((file) => [file.path, file]));
const LIBRARY = FILES.filter((file) => file.folder !== "test");

const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  protocol: ["protocol"],
  conf: ["conf"],
  client: ["client", "protocol", "conf"],
  daemon: ["daemon", "protocol", "conf"],
};
const STAGES = ["listener", "reader", "call-queue", "handler", "responder"].map((stage) => `daemon/${stage}.ts`);
const STAGE_CONTRACT = "daemon/call-queue.ts";
const PROGRAMS = ["daemon/main.ts", "client/main.ts"];

/** Files besides the programs that may touch these, and why. */
const OUTSIDE_WORLD: Readonly<Record<string, string>> = {
  "protocol/engines/avro/files.ts": "avro(file) reads the declaration that the program names, at once, as import would",
  "protocol/engines/protobuf/files.ts":
    "loadProto(...) reads the .proto files, folders and jars that the program names",
  "daemon/group-sources/system.ts": "asks the operating system for the groups of a user, by its own command",
  "daemon/service-manager.ts":
    "notifies systemd by its own command, for Node has no datagram sockets in the file system",
  "daemon/line-sink.ts":
    "writes log lines to a descriptor that it may have to reopen, and flushes them when the process ends",
};
const OUTSIDE_MODULES = ["node:fs", "node:fs/promises", "node:process", "node:child_process"];
const OUTSIDE_PROCESS_MEMBERS = ["env", "argv", "cwd", "chdir", "exit", "exitCode", "kill"];

/** Where a package may be imported from, besides the tests. */
const PACKAGE_HOMES: Readonly<Record<string, RegExp>> = {
  "@rgrove/parse-xml": /^conf\//,
  avsc: /^protocol\/engines\//,
  fflate: /^protocol\/engines\/protobuf\/jar\.ts$/,
  "lru-cache": /^(protocol\/engines|daemon|client)\//,
  "p-queue": /^daemon\//,
  "prom-client": /^daemon\/metrics-sinks\/prometheus\.ts$/,
  protobufjs: /^protocol\/engines\/protobuf\/proto-(text|descriptor)\.ts$/,
  winston: /^daemon\//,
  "winston-transport": /^daemon\//,
  yargs: /^(daemon|client)\/main\.ts$/,
};

function packageName(specifier: string): string | undefined {
  if (specifier.startsWith(".") || specifier.startsWith("node:")) return undefined;
  return /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0];
}

function wrongFolders(file: SourceFile): string[] {
  const allowed = MAY_IMPORT[file.folder] ?? [];
  const isWrong = (target: string): boolean => !allowed.includes(target.split("/")[0] ?? "");
  return file.imports
    .filter((entry) => entry.file !== undefined && isWrong(entry.file))
    .map((entry) => entry.specifier);
}

/** The shortest circle of run-time imports through this file; undefined if there is none. */
function circleThrough(files: ReadonlyMap<string, SourceFile>, start: string): readonly string[] | undefined {
  const atLoading = (entry: Import): boolean => !entry.typeOnly && !entry.lazy;
  for (const [path, way] of reachable(files, start, atLoading)) {
    if (files.get(path)?.imports.some((entry) => entry.file === start && atLoading(entry))) return [...way, start];
  }
  return undefined;
}

/** Where a stage's imports lead to another stage, as ways from file to file. */
function waysBetweenStages(files: ReadonlyMap<string, SourceFile>, stage: string): string[] {
  const others = STAGES.filter((other) => other !== stage);
  const found: string[] = [];
  for (const [target, way] of reachable(files, stage, (entry) => !entry.typeOnly)) {
    if (others.includes(target)) found.push(way.join(" -> "));
  }
  for (const entry of files.get(stage)?.imports ?? []) {
    if (entry.typeOnly && others.includes(entry.file ?? "") && entry.file !== STAGE_CONTRACT) {
      found.push(`${stage} -> type of ${entry.file}`);
    }
  }
  return found;
}

test("every import of ours names a file that exists", () => {
  for (const file of FILES) {
    for (const entry of file.imports) {
      if (entry.file !== undefined) assert.ok(BY_PATH.has(entry.file), `${file.path} imports ${entry.specifier}`);
    }
  }
});

test("each folder imports only the folders it may know", () => {
  for (const file of LIBRARY) assert.deepEqual(wrongFolders(file), [], file.path);
});

test("an import in the wrong direction is seen", () => {
  const bad = parseSource(
    "protocol/wire/frame.ts",
    'import type { Call } from "../../daemon/call.js";\nexport * from "./byte-reader.js";',
  );
  assert.deepEqual(wrongFolders(bad), ["../../daemon/call.js"]);
  const lazy = parseSource(
    "conf/load.ts",
    'const late = await import("../client/index.js"); type T = import("../test/x.js").T;',
  );
  assert.deepEqual(wrongFolders(lazy), ["../client/index.js", "../test/x.js"]);
});

test("the stages of the daemon exist and none leads to another", () => {
  for (const stage of STAGES) {
    assert.ok(BY_PATH.has(stage), stage);
    assert.deepEqual(waysBetweenStages(BY_PATH, stage), [], stage);
  }
});

test("the stages are joined in server.ts and nowhere else", () => {
  for (const file of LIBRARY) {
    if (file.path === "daemon/server.ts") continue;
    const joined = file.imports.filter((entry) => !entry.typeOnly && STAGES.includes(entry.file ?? ""));
    assert.deepEqual(joined, [], file.path);
  }
});

test("a stage that reaches another one through a third file is seen", () => {
  const files = new Map(BY_PATH);
  const change = (path: string, text: string): unknown => files.set(path, parseSource(path, text));
  change("daemon/reader.ts", 'import { x } from "./call.js"; import type { CallQueue } from "./call-queue.js";');
  change("daemon/call.ts", 'import { y } from "./responder.js";');
  assert.deepEqual(waysBetweenStages(files, "daemon/reader.ts"), [
    "daemon/reader.ts -> daemon/call.ts -> daemon/responder.ts",
  ]);
  change("daemon/call.ts", 'import type { Y } from "./responder.js";');
  assert.deepEqual(waysBetweenStages(files, "daemon/reader.ts"), []);
  change("daemon/reader.ts", 'import type { Responder } from "./responder.js";');
  assert.deepEqual(waysBetweenStages(files, "daemon/reader.ts"), ["daemon/reader.ts -> type of daemon/responder.ts"]);
});

test("no files import one another in a circle", () => {
  for (const file of FILES) assert.equal(circleThrough(BY_PATH, file.path)?.join(" -> "), undefined);
});

test("a circle is seen, and one that is closed by import type is none", () => {
  const files = new Map(BY_PATH);
  for (const [path, next] of [
    ["a", "b"],
    ["b", "c"],
    ["c", "a"],
  ] as const) {
    files.set(`conf/${path}.ts`, parseSource(`conf/${path}.ts`, `import { x } from "./${next}.js";`));
  }
  assert.deepEqual(circleThrough(files, "conf/a.ts"), ["conf/a.ts", "conf/b.ts", "conf/c.ts", "conf/a.ts"]);
  files.set("conf/c.ts", parseSource("conf/c.ts", 'import type { X } from "./a.js";'));
  assert.equal(circleThrough(files, "conf/a.ts"), undefined);
});

test("only the programs read files, the environment and the arguments", () => {
  for (const file of LIBRARY) {
    if (PROGRAMS.includes(file.path) || file.path in OUTSIDE_WORLD) continue;
    const modules = file.imports.filter((entry) => !entry.typeOnly && OUTSIDE_MODULES.includes(entry.specifier));
    assert.deepEqual(modules, [], file.path);
    const members = OUTSIDE_PROCESS_MEMBERS.filter((member) => file.processMembers.has(member));
    assert.deepEqual(members, [], file.path);
  }
});

test("every exception to that rule is a file that needs it", () => {
  for (const path of Object.keys(OUTSIDE_WORLD)) {
    const file = BY_PATH.get(path);
    assert.ok(file, `${path} is gone: remove its exception`);
    const touches =
      file.imports.some((entry) => OUTSIDE_MODULES.includes(entry.specifier)) ||
      OUTSIDE_PROCESS_MEMBERS.some((member) => file.processMembers.has(member));
    assert.ok(touches, `${path} no longer needs its exception`);
  }
});

test("the protocol knows no socket, timer, thread or process", () => {
  const foreign = /^node:(net|tls|dgram|dns|http|http2|https|fs|timers|worker_threads|child_process|cluster|process)\b/;
  for (const file of LIBRARY) {
    if (file.folder !== "protocol" || file.path in OUTSIDE_WORLD) continue;
    const found = file.imports.filter((entry) => foreign.test(entry.specifier)).map((entry) => entry.specifier);
    assert.deepEqual(found, [], file.path);
  }
});

test("packages are imported where they belong, and nothing is imported that package.json does not name", () => {
  for (const file of LIBRARY) {
    for (const entry of file.imports) {
      const name = packageName(entry.specifier);
      if (name === undefined) continue;
      assert.ok(name in PACKAGE_HOMES, `${file.path} imports ${name}, which is no dependency`);
      assert.match(file.path, PACKAGE_HOMES[name] as RegExp, `${name} does not belong into ${file.path}`);
    }
  }
});

test("every dependency is imported by the sources", () => {
  const imported = new Set(LIBRARY.flatMap((file) => file.imports.map((entry) => packageName(entry.specifier))));
  for (const name of Object.keys(PACKAGE_HOMES)) assert.ok(imported.has(name), `nobody imports ${name}`);
});
