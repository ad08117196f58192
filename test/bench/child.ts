/**
 * Processes of ours that answer messages: the parent's half.
 *
 * A child ends when its channel to the parent does, so nothing outlives a run, however it ends. What a child prints goes
 * to standard error: standard output is for results.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

/** What a child sends back for the request with the same id. */
export type Reply = { readonly id: number; readonly value: unknown } | { readonly id: number; readonly fault: string };

export class Child {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(fault: Error): void }>();
  readonly #name: string;
  #nextId = 1;

  /** Starts `script` (a URL) with these arguments; `execArgv` are options of node itself. */
  constructor(script: URL, args: readonly string[], execArgv: readonly string[] = []) {
    this.#name = args.join(" ");
    this.#process = fork(script, [...args], {
      execArgv: [...execArgv],
      stdio: ["ignore", 2, 2, "ipc"],
      serialization: "advanced",
    });
    this.#process.on("message", (reply: Reply) => this.#settle(reply));
    this.#process.on("exit", (code, signal) => this.#fail(`ended with ${signal ?? code}`));
  }

  get pid(): number {
    return this.#process.pid as number;
  }

  /** Asks the child and waits for its answer; the caller knows what type a request is answered with. */
  ask<T>(request: object): Promise<T> {
    const id = this.#nextId++;
    return new Promise<T>((resolve, reject) => {
      if (!this.#process.connected) reject(new Error(`process "${this.#name}" is gone`));
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.#process.send({ ...request, id });
    });
  }

  /** Ends the child and waits until it is gone. */
  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exit = once(this.#process, "exit");
    if (this.#process.connected) this.#process.disconnect();
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), 3_000);
    await exit;
    clearTimeout(timer);
  }

  #settle(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ("fault" in reply) waiting?.reject(new Error(`process "${this.#name}": ${reply.fault}`));
    else waiting?.resolve(reply.value);
  }

  #fail(reason: string): void {
    for (const waiting of this.#waiting.values()) waiting.reject(new Error(`process "${this.#name}" ${reason}`));
    this.#waiting.clear();
  }
}

/** The child's half: answers each request with what `handle` returns; ends the process with the channel. */
export function answerParent<T extends object>(handle: (request: T) => unknown): void {
  process.on("disconnect", () => process.exit(0));
  process.on("message", (request: T & { id: number }) => {
    void replyTo(request, handle).then((reply) => process.send?.(reply));
  });
}

async function replyTo<T extends object>(request: T & { id: number }, handle: (request: T) => unknown): Promise<Reply> {
  try {
    return { id: request.id, value: await handle(request) };
  } catch (fault) {
    return { id: request.id, fault: fault instanceof Error ? (fault.stack ?? fault.message) : String(fault) };
  }
}
