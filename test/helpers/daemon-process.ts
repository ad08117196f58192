/** The program hrpcd as a child process. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../daemon/main.js", import.meta.url));

const LONGEST_LIFE_MS = 60_000;

/** What a finished program has left. */
export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class DaemonProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown[]>;
  #output = { stdout: "", stderr: "" };
  #wake: () => void = () => {};

  /** `descriptors` is how many the process may have, by `ulimit -n` of a shell that it takes the place of. */
  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}, descriptors?: number) {
    const { HRPCD_CONF_DIR: _ours, HADOOP_CONF_DIR: _theirs, ...inherited } = process.env;
    const command = [process.execPath, MAIN, ...args];
    const limited = ["sh", "-c", 'ulimit -n "$0" && exec "$@"', String(descriptors), ...command];
    const [program, ...rest] = (descriptors === undefined ? command : limited) as [string, ...string[]];
    this.#child = spawn(program, rest, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...inherited, ...env },
    });
    for (const name of ["stdout", "stderr"] as const) {
      this.#child[name]?.setEncoding("utf8").on("data", (text: string) => {
        this.#output[name] += text;
        this.#wake();
      });
    }
    // A test that waits for what never comes fails by this, and does not hang.
    const watchdog = setTimeout(() => this.#child.kill("SIGKILL"), LONGEST_LIFE_MS);
    this.#exited = once(this.#child, "close");
    void this.#exited.then(() => {
      clearTimeout(watchdog);
      this.#wake();
    });
  }

  /** Runs the program to its end. */
  static async run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Finished> {
    return new DaemonProcess(args, env).finished();
  }

  get stderr(): string {
    return this.#output.stderr;
  }

  /** Waits until standard error holds a match; throws with all of it if the program ends before. */
  says(pattern: RegExp): Promise<RegExpMatchArray> {
    return this.#wait("stderr", pattern);
  }

  /** The same for standard output, which is the service modules' alone. */
  prints(pattern: RegExp): Promise<RegExpMatchArray> {
    return this.#wait("stdout", pattern);
  }

  async #wait(name: "stdout" | "stderr", pattern: RegExp): Promise<RegExpMatchArray> {
    for (;;) {
      const match = this.#output[name].match(pattern);
      if (match !== null) return match;
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
        throw new Error(`hrpcd has ended without ${pattern}:\n${this.stderr}`);
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** The port that it says it listens on. */
  async port(): Promise<number> {
    const [, port] = await this.says(/Listener at .*:(\d+)\n/);
    await this.says(/Ready\. /);
    return Number(port);
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async finished(): Promise<Finished> {
    await this.#exited;
    const { exitCode: code, signalCode: signal } = this.#child;
    return { code, signal, ...this.#output };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#exited;
  }
}
