/**
 * Where the project lies, from wherever the tests were built to.
 */
import { existsSync } from "node:fs";

function findProjectRoot(): URL {
  for (let folder = new URL("./", import.meta.url); ; folder = new URL("../", folder)) {
    if (existsSync(new URL("package.json", folder))) return folder;
    if (folder.pathname === "/") throw new Error("no package.json above the tests");
  }
}

/** The folder of package.json, as a URL with a trailing slash. */
export const projectRoot: URL = findProjectRoot();
