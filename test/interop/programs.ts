/** Starts the programs of the suite: Hadoop's server, ours, and Hadoop's client. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type HadoopVersion, javaClassPath } from "./maven.js";

/** Small and quick to start: the programs live for seconds. */
export const JVM_OPTIONS = ["-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];
/** What ServerMain and `daemon-main.ts` say. */
const LISTENING = /^LISTENING (\d+)$/;
/** Whoever runs the suite may have a configuration of their own. */
export const ENVIRONMENT = { ...process.env, HRPCD_CONF_DIR: undefined, HADOOP_CONF_DIR: undefined };
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;

/** One check that the Java client made. */
export interface JavaCheck {
  readonly name: string;
  readonly ok: boolean;
  /** How long it took, or why it failed. */
  readonly detail: string;
}

/** Runs the Java client against the server on this port; returns its checks once it has ended. */
export async function runJavaClient(version: HadoopVersion, port: number): Promise<JavaCheck[]> {
  const child = spawn("java", [...jvmArguments(version), "hrpcd.interop.ClientMain", "127.0.0.1", `${port}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const checks: JavaCheck[] = [];
  for await (const line of createInterface({ input: child.stdout })) checks.push(JSON.parse(line) as JavaCheck);
  const [code, signal] = (await exited) as [number | null, string | null];
  if (code !== 0) throw new Error(`the Java client ended with ${signal ?? code} after ${checks.length} checks`);
  return checks;
}

/** Runs the client of the tutorials; returns what it prints. */
export async function runTutorialClient(version: HadoopVersion, port: number, name: string): Promise<string> {
  const program = ["hrpcd.interop.TutorialMain", "127.0.0.1", `${port}`, name];
  const { stdout } = await promisify(execFile)("java", [...jvmArguments(version), ...program]);
  return stdout.trim();
}

/** Hadoop's server with every service of `ServerMain`. */
export function startJavaServer(version: HadoopVersion): Promise<ServerProcess> {
  return ServerProcess.start("java", [...jvmArguments(version), "hrpcd.interop.ServerMain"], LISTENING);
}

/** Our server with the same services. */
export function startDaemon(): Promise<ServerProcess> {
  return ServerProcess.start(process.execPath, [programPath("daemon-main.js")], LISTENING);
}

/** The program `hrpcd` with the configuration that comes with it, and more arguments. */
export function startShippedDaemon(...args: readonly string[]): Promise<ServerProcess> {
  const program = [programPath("../../daemon/main.js"), "start", "--port", "0", ...args];
  return ServerProcess.start(process.execPath, program, /Listener at \S+:(\d+)$/, "stderr");
}

/** A server in a process of its own, on a free port of the loopback address. */
export class ServerProcess implements AsyncDisposable {
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  /** Starts a program that says on which port it listens, in a line of its standard output or error. */
  static async start(
    command: string,
    args: readonly string[],
    listening: RegExp,
    where: "stdout" | "stderr" = "stdout",
  ): Promise<ServerProcess> {
    const child = spawn(command, args, { stdio: "pipe", env: ENVIRONMENT });
    if (where === "stdout") child.stderr.pipe(process.stderr, { end: false });
    else child.stdout.resume();
    const said = child[where];
    const timer = setTimeout(() => child.kill("SIGKILL"), START_TIMEOUT_MS);
    try {
      for await (const line of createInterface({ input: said })) {
        const port = listening.exec(line)?.[1];
        if (port !== undefined) return new ServerProcess(child, Number(port));
      }
    } finally {
      clearTimeout(timer);
      // What else it says is read and forgotten, so that it never waits for a reader.
      said.resume();
    }
    throw new Error(`${command} ${args.at(-1)} did not say that it listens`);
  }

  /** Whether the process still runs: nothing that a peer sends may end it. */
  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Ends the process, as a service manager would, and waits until it is gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.running) return;
    const exited = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    await exited;
    clearTimeout(timer);
  }
}

/** A compiled file, by its path from this one. */
function programPath(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}

function jvmArguments(version: HadoopVersion): string[] {
  return [...JVM_OPTIONS, "-cp", javaClassPath(version)];
}
