/**
 * How long the event loop is held: nobody is read, run or answered meanwhile. Node measures it between its turns
 * (`perf_hooks`); methods that held it before their first `await` are known by name, from `hrpcd:loop:held`.
 */
import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";
import { publish, subscribe } from "../protocol/events.js";
import { type Clock, systemClock } from "./clock.js";

/** How often Node looks, in milliseconds; a delay is known to half of it. */
const RESOLUTION_MS = 10;
const SECOND_MS = 1000;
/** How many seconds `longestMs` looks back. */
const SECONDS = 10;
/** A delay shorter than this is nobody's fault, and not told. */
const MIN_TOLD_MS = 20;
const NS_PER_MS = 1e6;

/** What Node measures: the time between two looks, in nanoseconds. */
export type DelayHistogram = Pick<IntervalHistogram, "max" | "reset" | "enable" | "disable">;

export interface LoopWatchOptions {
  readonly clock?: Pick<Clock, "every">;
  readonly histogram?: DelayHistogram;
}

/** Watches the event loop of this process until it is stopped. One is enough for all servers. */
export class LoopWatch {
  readonly #histogram: DelayHistogram;
  readonly #timer: { stop(): void };
  readonly #unsubscribe: () => void;
  /** Longest delay of each of the last seconds, in milliseconds. */
  readonly #seconds: number[] = [];
  /** Longest time that a method is known to have held the loop, in this second and the one before. */
  #named = 0;
  #namedBefore = 0;

  constructor({ clock = systemClock, histogram }: LoopWatchOptions = {}) {
    this.#histogram = histogram ?? monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    this.#histogram.enable();
    this.#unsubscribe = subscribe("hrpcd:loop:held", ({ ms, call }) => {
      if (call !== undefined) this.#named = Math.max(this.#named, ms);
    });
    this.#timer = clock.every(SECOND_MS, () => this.#endSecond());
  }

  /** Longest delay of the last ten seconds, in milliseconds; 0 if there was none. */
  get longestMs(): number {
    return Math.max(this.#delayMs(), ...this.#seconds);
  }

  stop(): void {
    this.#timer.stop();
    this.#unsubscribe();
    this.#histogram.disable();
  }

  /** The hold began between two looks: on average, half the time between them had passed. */
  #delayMs(): number {
    const betweenMs = this.#histogram.max / NS_PER_MS;
    return betweenMs < 2 * RESOLUTION_MS ? 0 : betweenMs - RESOLUTION_MS / 2;
  }

  #endSecond(): void {
    const ms = this.#delayMs();
    this.#histogram.reset();
    this.#seconds.push(ms);
    if (this.#seconds.length > SECONDS) this.#seconds.shift();
    // Node may count a hold in the second after the one in which its method ended.
    const named = Math.max(this.#named, this.#namedBefore);
    this.#namedBefore = this.#named;
    this.#named = 0;
    if (ms >= MIN_TOLD_MS && ms > named + RESOLUTION_MS) publish("hrpcd:loop:held", () => ({ ms, call: undefined }));
  }
}
