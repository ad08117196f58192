/** A server's clock that stands still until a test moves it. */
import type { Clock } from "../../daemon/clock.js";

interface Task {
  dueMs: number;
  /** Undefined for a task that runs once. */
  readonly intervalMs: number | undefined;
  readonly run: () => void;
}

export class ManualClock implements Clock {
  #nowMs = 1_000_000;
  readonly #tasks = new Set<Task>();
  readonly #held: (() => void)[] | undefined;

  /** With `holdTurns`, what is to run soon waits for `turn`; otherwise it runs as on the machine's clock. */
  constructor({ holdTurns = false } = {}) {
    this.#held = holdTurns ? [] : undefined;
  }

  readonly now = (): number => this.#nowMs;

  /** Tasks that time will run. */
  get size(): number {
    return this.#tasks.size;
  }

  every(intervalMs: number, task: () => void): { stop(): void } {
    return this.#add({ dueMs: this.#nowMs + intervalMs, intervalMs, run: task });
  }

  after(delayMs: number, task: () => void): { stop(): void } {
    return this.#add({ dueMs: this.#nowMs + delayMs, intervalMs: undefined, run: task });
  }

  soon(task: () => void): void {
    if (this.#held === undefined) setImmediate(task);
    else this.#held.push(task);
  }

  /** Runs what was put off until now; what that puts off waits for the next turn. */
  turn(): void {
    for (const task of this.#held?.splice(0) ?? []) task();
  }

  #add(task: Task): { stop(): void } {
    this.#tasks.add(task);
    return { stop: () => this.#tasks.delete(task) };
  }

  /** Lets time pass: runs what becomes due, in order, each at its own moment. */
  advance(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (;;) {
      const due = [...this.#tasks].filter((task) => task.dueMs <= endMs).sort((a, b) => a.dueMs - b.dueMs);
      const next = due[0];
      if (next === undefined) break;
      this.#nowMs = next.dueMs;
      if (next.intervalMs === undefined) this.#tasks.delete(next);
      else next.dueMs += next.intervalMs;
      next.run();
    }
    this.#nowMs = endMs;
  }

  /** Moves the clock without running anything, as when one task takes long. */
  pass(ms: number): void {
    this.#nowMs += ms;
  }
}
