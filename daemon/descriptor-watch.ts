/**
 * Whether the process has file descriptors left. When it has none, libuv accepts connections and closes them at once, and
 * tells nobody (its "emfile trick"); so somebody has to look.
 */
import { publish } from "../protocol/events.js";
import type { Clock } from "./clock.js";

/** What a program lets its server know of its descriptors. */
export interface Descriptors {
  /** The most this process may have; undefined if that is not known. */
  readonly limit: number | undefined;
  /** Whether one more can be had right now. */
  readonly available: () => boolean;
}

const LOOK_EVERY_MS = 1000;

/** The most connections that leave `reserve` descriptors free, or half of them if that is more; undefined for no limit. */
export function connectionsThatFit({ limit }: Descriptors, reserve: number): number | undefined {
  if (limit === undefined) return undefined;
  return Math.max(1, limit - Math.min(reserve, Math.floor(limit / 2)));
}

export class DescriptorWatch {
  readonly #descriptors: Descriptors;
  readonly #exhausted: () => void;
  #wasExhausted = false;

  /** `exhausted` is called at each look that finds none left: it may close what nobody uses. */
  constructor(descriptors: Descriptors, exhausted: () => void) {
    this.#descriptors = descriptors;
    this.#exhausted = exhausted;
  }

  /** Looks every second until stopped. */
  start(clock: Pick<Clock, "every">): { stop(): void } {
    return clock.every(LOOK_EVERY_MS, () => this.#look());
  }

  #look(): void {
    const exhausted = !this.#descriptors.available();
    if (exhausted !== this.#wasExhausted) {
      this.#wasExhausted = exhausted;
      publish("hrpcd:server:descriptors", () => ({ exhausted, limit: this.#descriptors.limit }));
    }
    if (exhausted) this.#exhausted();
  }
}
