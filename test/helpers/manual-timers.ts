/** A clock that stands still until a test moves it, and timers that go by it. */
import type { Timer, Timers } from "../../client/timers.js";

interface ManualTimer extends Timer {
  dueMs: number;
  readonly intervalMs: number | undefined;
  readonly run: () => void;
  held: boolean;
}

export class ManualTimers implements Timers {
  #nowMs = 1_000_000;
  readonly #set = new Set<ManualTimer>();

  /** Timers that are set and would keep a process alive. */
  get held(): number {
    return [...this.#set].filter((timer) => timer.held).length;
  }

  /** Timers that are set. */
  get size(): number {
    return this.#set.size;
  }

  now(): number {
    return this.#nowMs;
  }

  setTimeout(run: () => void, delayMs: number): Timer {
    return this.#add(run, delayMs, undefined);
  }

  setInterval(run: () => void, intervalMs: number): Timer {
    return this.#add(run, intervalMs, intervalMs);
  }

  clear(timer: Timer): void {
    this.#set.delete(timer as ManualTimer);
  }

  /** Lets time pass: runs what becomes due, in order, each at its own moment. */
  advance(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (;;) {
      let next: ManualTimer | undefined;
      for (const timer of this.#set)
        if (timer.dueMs <= endMs && (next === undefined || timer.dueMs < next.dueMs)) next = timer;
      if (next === undefined) break;
      this.#nowMs = next.dueMs;
      if (next.intervalMs === undefined) this.#set.delete(next);
      else next.dueMs += next.intervalMs;
      next.run();
    }
    this.#nowMs = endMs;
  }

  #add(run: () => void, delayMs: number, intervalMs: number | undefined): Timer {
    const timer: ManualTimer = {
      dueMs: this.#nowMs + delayMs,
      intervalMs,
      run,
      held: true,
      ref: () => {
        timer.held = true;
      },
      unref: () => {
        timer.held = false;
      },
    };
    this.#set.add(timer);
    return timer;
  }
}
