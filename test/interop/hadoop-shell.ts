/** Hadoop's command lines: one JVM that runs many, each as its own program would. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { type HadoopVersion, javaClassPath } from "./maven.js";
import { ENVIRONMENT, JVM_OPTIONS } from "./programs.js";

/** What a command line did. */
export interface Outcome {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

/** A running `ShellMain`. Commands run one after the other, in the order of the calls. */
export class HadoopShell implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  private constructor(child: ChildProcess, answers: AsyncIterator<string>) {
    this.#child = child;
    this.#answers = answers;
  }

  /** Starts the tools of this version of Hadoop. */
  static start(version: HadoopVersion): HadoopShell {
    const args = [
      ...JVM_OPTIONS,
      "-Duser.timezone=UTC",
      "-cp",
      javaClassPath(version, "shell"),
      "hrpcd.shell.ShellMain",
    ];
    const child = spawn("java", args, { stdio: ["pipe", "pipe", "inherit"], env: ENVIRONMENT });
    return new HadoopShell(child, createInterface({ input: child.stdout })[Symbol.asyncIterator]());
  }

  /** Runs a tool as this user, with the NameNode at this port of the loopback address as its default file system. */
  async run(port: number, user: string, tool: string, args: readonly string[]): Promise<Outcome> {
    this.#child.stdin?.write(`${[port, user, tool, ...args].join("\t")}\n`);
    const answer = await this.#answers.next();
    if (answer.done) throw new Error(`the JVM of the shell ended in ${tool} ${args.join(" ")}`);
    return JSON.parse(answer.value) as Outcome;
  }

  /** The JVM ends when its input does. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, "exit");
    this.#child.stdin?.end();
    await exited;
  }
}
