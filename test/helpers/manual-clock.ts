/** A server's clock that stands still until a test moves it. */
import type { Clock } from "../../daemon/clock.js";

interface Repeated {
  dueMs: number;
  readonly intervalMs: number;
  readonly task: () => void;
}

export class ManualClock implements Clock {
  #nowMs = 1_000_000;
  readonly #tasks = new Set<Repeated>();

  readonly now = (): number => this.#nowMs;

  /** Tasks that are repeated now. */
  get size(): number {
    return this.#tasks.size;
  }

  every(intervalMs: number, task: () => void): { stop(): void } {
    const repeated = { dueMs: this.#nowMs + intervalMs, intervalMs, task };
    this.#tasks.add(repeated);
    return { stop: () => this.#tasks.delete(repeated) };
  }

  /** Lets time pass: runs what becomes due, in order, each at its own moment. */
  advance(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (;;) {
      const due = [...this.#tasks].filter((task) => task.dueMs <= endMs).sort((a, b) => a.dueMs - b.dueMs);
      const next = due[0];
      if (next === undefined) break;
      this.#nowMs = next.dueMs;
      next.dueMs += next.intervalMs;
      next.task();
    }
    this.#nowMs = endMs;
  }

  /** Moves the clock without running anything, as when one task takes long. */
  pass(ms: number): void {
    this.#nowMs += ms;
  }
}
