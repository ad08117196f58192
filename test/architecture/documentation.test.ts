import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { projectRoot } from "../helpers/project-root.js";
import { allFiles, readText } from "./source-tree.js";

const ENTRY_POINTS = ["protocol/index.ts", "daemon/index.ts", "client/index.ts", "conf/index.ts"];
const { scripts, bin } = JSON.parse(readText("package.json")) as Record<
  "scripts" | "bin",
  Readonly<Record<string, string>>
>;

/** Exported names of a module that have no docstring, each with the file that declares it. */
function undocumented(program: ts.Program, entryPoint: string): string[] {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(entryPoint);
  const module = source && checker.getSymbolAtLocation(source);
  assert.ok(module, `${entryPoint} exports nothing`);
  const bare: string[] = [];
  for (const name of checker.getExportsOfModule(module)) {
    const target = name.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(name) : name;
    if (target.getDocumentationComment(checker).length > 0) continue;
    const where = target.declarations?.[0]?.getSourceFile().fileName ?? "an unknown file";
    bare.push(`${name.name} in ${where.replace(fileURLToPath(projectRoot), "")}`);
  }
  return bare;
}

test("every name that the entry points export has a docstring", () => {
  const paths = ENTRY_POINTS.map((path) => fileURLToPath(new URL(path, projectRoot)));
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    noLib: true,
    types: [],
  };
  const program = ts.createProgram(paths, options);
  assert.deepEqual(
    paths.flatMap((path) => undocumented(program, path)),
    [],
  );
});

/** Commands that are no business of this project but may stand in its documents. */
const FOREIGN = new Set([
  "cat",
  "cd",
  "cp",
  "curl",
  "echo",
  "export",
  "git",
  "java",
  "journalctl",
  "kill",
  "ls",
  "mkdir",
  "mvn",
  "rm",
  "sleep",
  "sudo",
  "systemctl",
  "tail",
  "telnet",
  "nc",
]);
const NPM_OWN = new Set(["ci", "install", "link", "pack", "publish", "init", "pkg"]);

/** The simple commands of a shell block: one per line, pipe or `&&`, without comments, prompts and settings of variables. */
function commandsIn(block: string): string[][] {
  const lines = block.replace(/\\\n/g, " ").split("\n");
  return lines
    .map((line) => line.replace(/'[^']*'|"[^"]*"/g, "text").replace(/(^|\s)#.*$/, ""))
    .flatMap((line) => line.split(/&&|\|\|?|;|&(?=\s|$)/))
    .map((command) => command.trim().replace(/^\$ /, "").split(/\s+/))
    .map((words) => words.slice(words.findIndex((word) => !/^[A-Z_][A-Z0-9_]*=/.test(word))))
    .filter((words) => (words[0] ?? "") !== "");
}

/** Programs of packages that the reader is told to install. */
const INSTALLED = new Set(["tsc"]);

/** What is wrong with a command; undefined if it names things that exist. */
function faultOf([program = "", first = "", second = ""]: readonly string[]): string | undefined {
  if (FOREIGN.has(program)) return undefined;
  if (program === "npm") {
    const script = first === "run" ? second : first;
    if (first !== "run" && NPM_OWN.has(first)) return undefined;
    return script in scripts ? undefined : `package.json has no script ${script}`;
  }
  if (program === "npx" || program in bin) {
    const name = program === "npx" ? first : program;
    return name in bin || INSTALLED.has(name) ? undefined : `package.json has no program ${name}`;
  }
  if (program === "node") {
    const source = first.replace(/^(\.\/)?dist\//, "").replace(/\.js$/, ".ts");
    const known = [first, source].some((path) => existsSync(new URL(path, projectRoot)));
    return known ? undefined : `there is no ${first}`;
  }
  return `${program} is not a command that this project has`;
}

test("every command in the documents names a script or a program that exists", () => {
  const root = readdirSync(projectRoot).filter((name) => name.endsWith(".md"));
  const documents = [...root, ...allFiles().filter((path) => path.endsWith(".md"))];
  let commands = 0;
  for (const path of documents) {
    for (const [, block = ""] of readText(path).matchAll(/^```sh\n(.*?)^```/gms)) {
      for (const words of commandsIn(block)) {
        commands++;
        assert.equal(faultOf(words), undefined, `${path}: ${words.join(" ")}`);
      }
    }
  }
  assert.ok(commands > 0, "the documents show no command at all");
});

test("a command that does not exist is seen", () => {
  const faults = (block: string): (string | undefined)[] => commandsIn(block).map(faultOf);
  assert.deepEqual(
    faults("npm start -- --port 1 # comment\nA=b npx hrpc list && npm test\n$ npm run bench -- --json"),
    Array(4).fill(undefined),
  );
  assert.deepEqual(faults("npm run nothing"), ["package.json has no script nothing"]);
  assert.deepEqual(faults("git pull; npx hrpx list x | cat"), [
    undefined,
    "package.json has no program hrpx",
    undefined,
  ]);
  assert.deepEqual(faults("node dist/nowhere.js"), ["there is no dist/nowhere.js"]);
  assert.deepEqual(faults("frobnicate"), ["frobnicate is not a command that this project has"]);
});

test("every link of the documents to a file of ours leads somewhere", () => {
  const root = readdirSync(projectRoot).filter((name) => name.endsWith(".md"));
  for (const path of [...root, ...allFiles().filter((candidate) => candidate.endsWith(".md"))]) {
    for (const [, target = ""] of readText(path).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      assert.ok(existsSync(new URL(target, new URL(path, projectRoot))), `${path}: ${target}`);
    }
  }
});
