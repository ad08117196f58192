/** Starts Hadoop's RPCCallBenchmark, as server and as load, and our server of the protocol that it calls. */
import { type ChildProcessByStdio, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { createInterface, type Interface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { javaClassPath } from "./maven.js";
import { ServerProcess } from "./programs.js";
import { BENCHMARK_VERSION } from "./test-rpc.js";

const BENCHMARK = "org.apache.hadoop.ipc.RPCCallBenchmark";
const START_TIMEOUT_MS = 60_000;

/** Options of a JVM that measures: its own choice of compilers and collector, and a bound on its memory. */
const JVM_OPTIONS = ["-Xmx512m"];

/** What a run of the load generator prints: calls per second, second by second. */
export type Seconds = readonly number[];

/** A run of the load generator against a server on the loopback address. */
export interface LoadRun {
  readonly port: number;
  /** Threads of the client, each with a connection of its own. */
  readonly threads: number;
  readonly messageBytes: number;
  readonly seconds: number;
}

/** Our server, with the shipped settings. */
export function startOurBenchmarkServer(execArgv: readonly string[] = []): Promise<ServerProcess> {
  const program = fileURLToPath(new URL("./benchmark-server.js", import.meta.url));
  return ServerProcess.start(process.execPath, [...execArgv, program], /^LISTENING (\d+)$/);
}

/** One run in a JVM of its own, as a user would start it. Rejects if it ends with anything but 0. */
export async function runBenchmarkOnce(run: LoadRun): Promise<string> {
  const args = [...jvmArguments(), BENCHMARK, ...argumentsOf(run)];
  return (await promisify(execFile)("java", args)).stdout;
}

/** The figures of the lines `Calls per second: 1234.0`. */
function secondsOf(lines: readonly string[]): Seconds {
  return lines.flatMap((line) => {
    const figure = /^Calls per second: ([\d.E]+)$/.exec(line)?.[1];
    return figure === undefined ? [] : [Number(figure)];
  });
}

/** A JVM that runs the load generator as often as asked, so that its code is compiled when it counts. */
export class JavaLoad implements AsyncDisposable {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;

  /** `program` names the Java class that reads runs from its standard input. */
  constructor(program: string) {
    this.#child = spawn("java", [...jvmArguments(), program], { stdio: ["pipe", "pipe", "inherit"] });
    this.#reader = createInterface({ input: this.#child.stdout });
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  /** Runs once. Throws if a call failed, which ends the JVM. */
  async run(run: LoadRun): Promise<Seconds> {
    this.#child.stdin.write(`${argumentsOf(run).join(" ")}\n`);
    const said: string[] = [];
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done === true || value === "ENDED -1") throw new Error(`the Java client failed:\n${said.join("\n")}`);
      if (value === "ENDED 0") return secondsOf(said);
      said.push(value);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#reader.close();
    await end(this.#child);
  }
}

/** Hadoop's server: the same program with handlers and readers and no client, on a port that was free a moment ago. */
export class JavaBenchmarkServer implements AsyncDisposable {
  readonly port: number;
  readonly #child: ChildProcessByStdio<null, Readable, null>;

  private constructor(child: ChildProcessByStdio<null, Readable, null>, port: number) {
    this.#child = child;
    this.port = port;
  }

  static async start(handlers: number, readers: number): Promise<JavaBenchmarkServer> {
    const port = await freePort();
    const args = ["-s", `${handlers}`, "-r", `${readers}`, "-h", "127.0.0.1", "-p", `${port}`];
    const child = spawn("java", [...jvmArguments(), BENCHMARK, ...args], { stdio: ["ignore", "pipe", "inherit"] });
    child.stdout.resume();
    const server = new JavaBenchmarkServer(child, port);
    const giveUp = performance.now() + START_TIMEOUT_MS;
    while (!(await accepts(port))) {
      if (performance.now() > giveUp || child.exitCode !== null) {
        await server[Symbol.asyncDispose]();
        throw new Error("Hadoop's server does not listen");
      }
      await sleep(100);
    }
    return server;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await end(this.#child);
  }
}

function jvmArguments(): string[] {
  return [...JVM_OPTIONS, "-cp", javaClassPath(BENCHMARK_VERSION, "benchmark")];
}

function argumentsOf({ port, threads, messageBytes, seconds }: LoadRun): string[] {
  return ["-c", `${threads}`, "-m", `${messageBytes}`, "-t", `${seconds}`, "-h", "127.0.0.1", "-p", `${port}`];
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const address = listener.address();
  listener.close();
  await once(listener, "close");
  if (address === null || typeof address === "string") throw new Error("no port is free");
  return address.port;
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function end(child: ChildProcessByStdio<Writable | null, Readable, null>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}
