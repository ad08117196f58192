/**
 * The project's own files as the architecture tests see them: text, imports, and the names that a file uses of `process`.
 */
import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import ts from "typescript";
import { projectRoot } from "../helpers/project-root.js";

export const SOURCE_FOLDERS = ["protocol", "conf", "client", "daemon", "test"] as const;

export interface Import {
  /** What stands between the quotes. */
  readonly specifier: string;
  /** The imported file as a path from the root, if it is one of ours. */
  readonly file: string | undefined;
  /** The import is gone after compiling. */
  readonly typeOnly: boolean;
  /** The file is loaded when the code gets there: `await import(...)`. */
  readonly lazy: boolean;
}

export interface SourceFile {
  /** Path from the root, with forward slashes. */
  readonly path: string;
  /** First part of the path. */
  readonly folder: string;
  readonly text: string;
  readonly imports: readonly Import[];
  /** Names of the members of `process` that the file touches: "env", "argv". */
  readonly processMembers: ReadonlySet<string>;
}

/** Every file below the source folders, as a path from the root; what tools write there is left out. */
export function allFiles(): string[] {
  const below = (folder: string): string[] =>
    readdirSync(new URL(`${folder}/`, projectRoot), { withFileTypes: true }).flatMap((entry) => {
      if (entry.name === "target" || entry.name === "node_modules") return [];
      const path = `${folder}/${entry.name}`;
      return entry.isDirectory() ? below(path) : [path];
    });
  return SOURCE_FOLDERS.flatMap(below).sort();
}

export function readText(path: string): string {
  return readFileSync(new URL(path, projectRoot), "utf8");
}

/** Every TypeScript file of ours, parsed. */
export function sourceFiles(): SourceFile[] {
  return allFiles()
    .filter((path) => path.endsWith(".ts"))
    .map((path) => parseSource(path, readText(path)));
}

/** Reads one file's imports; the text need not be on the disk. */
export function parseSource(path: string, text: string): SourceFile {
  const imports: Import[] = [];
  const processMembers = new Set<string>();
  const add = (specifier: ts.Node | undefined, typeOnly: boolean, lazy = false): void => {
    if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return;
    const ours = specifier.text.startsWith(".");
    const file = ours ? posix.join(posix.dirname(path), specifier.text).replace(/\.js$/, ".ts") : undefined;
    imports.push({ specifier: specifier.text, file, typeOnly, lazy });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    } else if (ts.isExportDeclaration(node)) {
      add(node.moduleSpecifier, node.isTypeOnly);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], false, true);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node.argument.literal, true);
    } else if (
      ts.isPropertyAccessExpression(node) &&
      ts.isIdentifier(node.expression) &&
      node.expression.text === "process"
    ) {
      processMembers.add(node.name.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true));
  return { path, folder: path.split("/")[0] ?? "", text, imports, processMembers };
}

/**
 * Every file that these imports lead to, with the way to it, nearest first. `follow` says which imports count.
 */
export function reachable(
  files: ReadonlyMap<string, SourceFile>,
  start: string,
  follow: (entry: Import) => boolean,
): Map<string, readonly string[]> {
  const ways = new Map<string, readonly string[]>([[start, [start]]]);
  for (const [path, way] of ways) {
    for (const entry of files.get(path)?.imports ?? []) {
      if (entry.file !== undefined && follow(entry) && !ways.has(entry.file))
        ways.set(entry.file, [...way, entry.file]);
    }
  }
  return ways;
}
