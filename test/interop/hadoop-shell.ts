/** Hadoop's command lines: one JVM that runs many, each as its own program would. */
import { JavaDialogue } from "./java-dialogue.js";
import { type HadoopVersion, javaClassPath } from "./maven.js";
import { JVM_OPTIONS } from "./programs.js";

/** What a command line did. */
export interface Outcome {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

/** A running `ShellMain`. Commands run one after the other, in the order of the calls. */
export class HadoopShell implements AsyncDisposable {
  readonly #java: JavaDialogue;

  private constructor(java: JavaDialogue) {
    this.#java = java;
  }

  /** Starts the tools of this version of Hadoop. */
  static start(version: HadoopVersion): HadoopShell {
    const program = ["-Duser.timezone=UTC", "-cp", javaClassPath(version, "shell"), "hrpcd.shell.ShellMain"];
    return new HadoopShell(new JavaDialogue([...JVM_OPTIONS, ...program]));
  }

  /** Runs a tool as this user, with the NameNode at this port of the loopback address as its default file system. */
  async run(port: number, user: string, tool: string, args: readonly string[]): Promise<Outcome> {
    return (await this.#java.ask([port, user, tool, ...args])) as Outcome;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#java[Symbol.asyncDispose]();
  }
}
