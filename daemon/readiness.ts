/**
 * Whether a server is ready for more calls: not while it drains, and not while its call queue is full. A queue that fills up
 * and empties all the time must not make it change its mind all the time, so there are two marks and two times.
 *
 * ```
 *   waiting / capacity   >= 90 %  twice in a row          ->  not ready     within half a second
 *                        <  50 %  all through two seconds ->  ready again
 *                        in between                       ->  as it was
 * ```
 */
import type { Clock } from "./clock.js";

/** Time between two looks. */
const LOOK_MS = 250;
const FULL = 0.9;
const CALM = 0.5;
/** Looks at a full queue after which it is saturated. */
const FULL_LOOKS = 2;
/** Looks at a calm queue after which it is no longer so. */
const CALM_LOOKS = 8;

/** What is looked at. */
export interface Load {
  /** The server takes calls: it has started and does not drain. */
  readonly serving: boolean;
  /** Calls that wait. */
  readonly callQueueLength: number;
  /** Calls that fit into the call queue. */
  readonly queueCapacity: number;
}

export class Readiness {
  readonly #load: Load;
  readonly #timer: { stop(): void };
  #saturated = false;
  /** Looks in a row that spoke against what is believed. */
  #contrary = 0;

  constructor(load: Load, clock: Pick<Clock, "every">) {
    this.#load = load;
    this.#timer = clock.every(LOOK_MS, () => this.#look());
  }

  /** Why the server is not ready; undefined if it is. */
  get reason(): string | undefined {
    if (!this.#load.serving) return "the server is not serving";
    return this.#saturated ? "the call queue is full" : undefined;
  }

  stop(): void {
    this.#timer.stop();
  }

  #look(): void {
    const { callQueueLength, queueCapacity } = this.#load;
    const share = callQueueLength / queueCapacity;
    const contrary = this.#saturated ? share < CALM : share >= FULL;
    this.#contrary = contrary ? this.#contrary + 1 : 0;
    if (this.#contrary < (this.#saturated ? CALM_LOOKS : FULL_LOOKS)) return;
    this.#saturated = !this.#saturated;
    this.#contrary = 0;
  }
}
