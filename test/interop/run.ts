/**
 * `npm run test:interop`: builds the Java programs and runs the files `*.interop.js` beside this one with node's own
 * runner. `npm run test:interop -- differential` runs the files whose name holds `differential`; arguments that begin
 * with a dash go to node, such as `--test-name-pattern=SASL`.
 *
 * Needs a JDK (17 is what the suite is run with) and Maven, and Maven needs its central repository once.
 */
import { spawn, spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { buildJava, type HadoopVersion, JAVA_PROJECTS, type JavaProject } from "./maven.js";

const PROGRAMS: ReadonlyArray<readonly [program: string, versionFlag: string]> = [
  ["java", "-version"],
  ["javac", "-version"],
  ["mvn", "--version"],
];

/** The programs that the suite needs and this machine lacks. */
function missingPrograms(): string[] {
  const works = ([program, flag]: readonly [string, string]) =>
    spawnSync(program, [flag], { stdio: "ignore" }).status === 0;
  return PROGRAMS.filter((program) => !works(program)).map(([program]) => program);
}

function build(): void {
  for (const [project, versions] of Object.entries(JAVA_PROJECTS) as [JavaProject, readonly HadoopVersion[]][]) {
    for (const version of versions) {
      const startMs = performance.now();
      const built = buildJava(version, project);
      const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
      const name = project === "." ? "" : ` (${project})`;
      console.log(`Java programs for Hadoop ${version}${name}: ${built ? `built in ${seconds} s` : "up to date"}`);
    }
  }
}

function main(args: readonly string[]): void {
  const missing = missingPrograms();
  if (missing.length > 0) {
    console.error(`test:interop runs Hadoop's own jars and needs a JDK and Maven; not found: ${missing.join(", ")}`);
    console.error("On Debian and Ubuntu: apt-get install openjdk-17-jdk-headless maven");
    process.exitCode = 1;
    return;
  }
  const options = args.filter((arg) => arg.startsWith("-"));
  const wanted = args.filter((arg) => !arg.startsWith("-"));
  const files = readdirSync(import.meta.dirname)
    .filter(
      (file) => file.endsWith(".interop.js") && (wanted.length === 0 || wanted.some((part) => file.includes(part))),
    )
    .map((file) => join(import.meta.dirname, file));
  if (files.length === 0) {
    console.error(`no file *.interop.js has ${wanted.join(" or ")} in its name`);
    process.exitCode = 1;
    return;
  }
  build();
  // One file at a time: each has a JVM or two beside it.
  const node = ["--test", "--test-concurrency=1", "--test-reporter=spec", ...options, ...files];
  spawn(process.execPath, node, { stdio: "inherit" }).on("exit", (code) => {
    process.exitCode = code ?? 1;
  });
}

main(process.argv.slice(2));
