/**
 * Time as the server sees it; a test may give another.
 */
export interface Clock {
  /** Milliseconds since some moment; never goes backwards. */
  now(): number;
  /** Calls `task` every `intervalMs` until stopped. Does not keep the process alive. */
  every(intervalMs: number, task: () => void): { stop(): void };
  /** Calls `task` once, `delayMs` from now, unless stopped. Keeps the process alive until then. */
  after(delayMs: number, task: () => void): { stop(): void };
  /** Calls `task` when the event loop has seen to what else is ready; takes no time. */
  soon(task: () => void): void;
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => performance.now(),
  every(intervalMs, task) {
    const timer = setInterval(task, intervalMs);
    timer.unref();
    return { stop: () => clearInterval(timer) };
  },
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return { stop: () => clearTimeout(timer) };
  },
  soon(task) {
    setImmediate(task);
  },
};
