/** How many lines of one kind a second may have: whoever sends much must not make the server write much. */
import type { Clock } from "./clock.js";

const SECOND_MS = 1000;

export interface LineLimitOptions {
  readonly linesPerSecond: number;
  readonly clock: Pick<Clock, "now" | "after">;
  /** Writes the line that says how many were left out. It takes the place of one of the next second's. */
  readonly leftOut: (lines: number) => void;
}

export class LineLimit {
  readonly #options: LineLimitOptions;
  #secondStartMs = Number.NEGATIVE_INFINITY;
  #lines = 0;
  #leftOut = 0;
  #end: { stop(): void } | undefined;

  constructor(options: LineLimitOptions) {
    this.#options = options;
  }

  /** Whether one more line may be written now; counts it either way. */
  allows(): boolean {
    const { clock, linesPerSecond } = this.#options;
    const nowMs = clock.now();
    if (nowMs - this.#secondStartMs >= SECOND_MS) {
      this.#lines = 0;
      this.#secondStartMs = nowMs;
      this.#tell();
    }
    if (this.#lines < linesPerSecond) {
      this.#lines++;
      return true;
    }
    this.#leftOut++;
    this.#end ??= clock.after(this.#secondStartMs + SECOND_MS - nowMs, () => {
      this.#lines = 0;
      this.#secondStartMs = clock.now();
      this.#tell();
    });
    return false;
  }

  /** Says what is still to be said. */
  stop(): void {
    this.#tell();
  }

  #tell(): void {
    this.#end?.stop();
    this.#end = undefined;
    if (this.#leftOut === 0) return;
    const leftOut = this.#leftOut;
    this.#leftOut = 0;
    this.#lines++;
    this.#options.leftOut(leftOut);
  }
}
