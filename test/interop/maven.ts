/** Builds the suite's Java programs, each project once for each Hadoop version, and only when its sources changed. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The sources' folder: compiled files lie in `dist/test/interop`, the Java sources stay where they are. */
const FOLDER = fileURLToPath(new URL("../../../test/interop/", import.meta.url));

/** Releases of Hadoop that the programs of the first project run with. */
export const HADOOP_VERSIONS = ["3.4.2", "2.10.2"] as const;
export type HadoopVersion = (typeof HADOOP_VERSIONS)[number] | "3.5.0";

/** The projects by their folders, each with the releases of Hadoop whose own jars it runs. */
export const JAVA_PROJECTS = {
  ".": HADOOP_VERSIONS,
  benchmark: ["3.4.2"],
  cluster: ["3.4.2"],
  shell: ["3.5.0", "3.4.2", "2.10.2"],
} as const satisfies Record<string, readonly HadoopVersion[]>;
export type JavaProject = keyof typeof JAVA_PROJECTS;

/** The class path of a project's programs built against this version. Throws if they were not built. */
export function javaClassPath(version: HadoopVersion, project: JavaProject = "."): string {
  const target = join(FOLDER, project, "target", version);
  return [join(target, "classes"), readFileSync(join(target, "classpath.txt"), "utf8").trim()].join(delimiter);
}

/** Builds a project against this version unless that is done. Returns whether Maven had to run; throws if it failed. */
export function buildJava(version: HadoopVersion, project: JavaProject): boolean {
  const target = join(FOLDER, project, "target", version);
  const stampFile = join(target, "stamp");
  const stamp = sourceHash(project);
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp && jarsExist(version, project)) return false;
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const classPathFile = join(target, "classpath.txt");
  const goals = ["compile", "dependency:build-classpath", `-Dmdep.outputFile=${classPathFile}`];
  execFileSync("mvn", ["--batch-mode", "--quiet", "-Dstyle.color=never", `-Dhadoop.version=${version}`, ...goals], {
    cwd: join(FOLDER, project),
    stdio: ["ignore", "inherit", "inherit"],
  });
  writeFileSync(stampFile, stamp);
  return true;
}

/** The local repository may have been emptied since. */
function jarsExist(version: HadoopVersion, project: JavaProject): boolean {
  return javaClassPath(version, project).split(delimiter).every(existsSync);
}

function sourceHash(project: JavaProject): string {
  const hash = createHash("sha256");
  const folder = join(FOLDER, project);
  const sources = readdirSync(join(folder, "src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  for (const file of [join(folder, "pom.xml"), ...sources.sort()]) hash.update(file).update(readFileSync(file));
  return hash.digest("hex");
}
