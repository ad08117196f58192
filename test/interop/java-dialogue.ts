/** A Java program that is spoken with line by line. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { ENVIRONMENT } from "./programs.js";

/** A JVM whose program answers every line of its input with a line of JSON, and ends when its input does. */
export class JavaDialogue implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  /** Starts `java` with these arguments. */
  constructor(args: readonly string[]) {
    const child = spawn("java", args, { stdio: ["pipe", "pipe", "inherit"], env: ENVIRONMENT });
    this.#child = child;
    this.#answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /** Sends the words, with tabs between them, and gives what the answer says; one question after the other. */
  async ask(words: readonly (string | number)[]): Promise<unknown> {
    this.#child.stdin?.write(`${words.join("\t")}\n`);
    const answer = await this.#answers.next();
    if (answer.done) throw new Error(`the JVM ended when it was asked: ${words.join(" ")}`);
    return JSON.parse(answer.value);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, "exit");
    this.#child.stdin?.end();
    await exited;
  }
}
