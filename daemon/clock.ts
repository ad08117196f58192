/**
 * Time as the server sees it; a test may give another.
 */
export interface Clock {
  /** Milliseconds since some moment; never goes backwards. */
  now(): number;
  /** Calls `task` every `intervalMs` until stopped. Does not keep the process alive. */
  every(intervalMs: number, task: () => void): { stop(): void };
}

export const systemClock: Clock = {
  now: () => performance.now(),
  every(intervalMs, task) {
    const timer = setInterval(task, intervalMs);
    timer.unref();
    return { stop: () => clearInterval(timer) };
  },
};
