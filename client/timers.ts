/** Time as the client sees it: a value, so that tests and simulations can bring their own. */

/** A timer that has been set. One that is unref'd does not keep the process alive. */
export interface Timer {
  ref(): unknown;
  unref(): unknown;
}

/** A monotonic clock and the timers that go by it. All times are milliseconds. */
export interface Timers {
  /** Milliseconds since some fixed moment; never goes backwards. */
  now(): number;
  /** Runs `run` once, after at least `delayMs`. */
  setTimeout(run: () => void, delayMs: number): Timer;
  /** Runs `run` again and again, about every `intervalMs`. */
  setInterval(run: () => void, intervalMs: number): Timer;
  /** Stops a timer of either sort; one that has run out is ignored. */
  clear(timer: Timer): void;
}

/** Node's own. */
export const systemTimers: Timers = {
  now: () => performance.now(),
  setTimeout: (run, delayMs) => setTimeout(run, delayMs),
  setInterval: (run, intervalMs) => setInterval(run, intervalMs),
  // Node clears either sort with either function.
  clear: (timer) => clearTimeout(timer as NodeJS.Timeout),
};
