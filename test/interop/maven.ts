/** Builds the Java programs of this folder, once for each Hadoop version, and only when their sources changed. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The sources' folder: compiled files lie in `dist/test/interop`, the Java sources stay where they are. */
const FOLDER = fileURLToPath(new URL("../../../test/interop/", import.meta.url));

/** Releases of Hadoop whose own jars the suite runs. */
export const HADOOP_VERSIONS = ["3.4.2", "2.10.2"] as const;
export type HadoopVersion = (typeof HADOOP_VERSIONS)[number];

/** The class path of the programs built against this version. Throws if they were not built. */
export function javaClassPath(version: HadoopVersion): string {
  const target = join(FOLDER, "target", version);
  return [join(target, "classes"), readFileSync(join(target, "classpath.txt"), "utf8").trim()].join(delimiter);
}

/** Builds the programs against this version unless that is done. Returns whether Maven had to run; throws if it failed. */
export function buildJava(version: HadoopVersion): boolean {
  const target = join(FOLDER, "target", version);
  const stampFile = join(target, "stamp");
  const stamp = sourceHash();
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp && jarsExist(version)) return false;
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const classPathFile = join(target, "classpath.txt");
  const goals = ["compile", "dependency:build-classpath", `-Dmdep.outputFile=${classPathFile}`];
  execFileSync("mvn", ["--batch-mode", "--quiet", "-Dstyle.color=never", `-Dhadoop.version=${version}`, ...goals], {
    cwd: FOLDER,
    stdio: ["ignore", "inherit", "inherit"],
  });
  writeFileSync(stampFile, stamp);
  return true;
}

/** The local repository may have been emptied since. */
function jarsExist(version: HadoopVersion): boolean {
  return javaClassPath(version).split(delimiter).every(existsSync);
}

function sourceHash(): string {
  const hash = createHash("sha256");
  const sources = readdirSync(join(FOLDER, "src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  for (const file of [join(FOLDER, "pom.xml"), ...sources.sort()]) hash.update(file).update(readFileSync(file));
  return hash.digest("hex");
}
