/**
 * The deadlines of a server's connections and calls: one wheel, and one timer that runs while the wheel holds anything.
 */
import { type Deadlined, DeadlineWheel } from "../protocol/deadline-wheel.js";
import type { Clock } from "./clock.js";

const SLOTS = 512;
/** Deadlines of a server are seconds long; a tenth of one is fine enough. */
const TICK_MS = 100;

export class Deadlines<E extends Deadlined> {
  readonly #wheel = new DeadlineWheel<E>(SLOTS, TICK_MS);
  readonly #clock: Clock;
  readonly #expired: (entry: E) => void;
  #timer: { stop(): void } | undefined;

  constructor(clock: Clock, expired: (entry: E) => void) {
    this.#clock = clock;
    this.#expired = expired;
  }

  add(entry: E, deadlineMs: number): void {
    this.#wheel.add(entry, deadlineMs);
    this.#timer ??= this.#clock.every(TICK_MS, () => this.#tick());
  }

  addIn(entry: E, delayMs: number): void {
    this.add(entry, this.#clock.now() + delayMs);
  }

  remove(entry: E): void {
    this.#wheel.remove(entry);
  }

  /** Ends the timer; nothing expires any more. */
  stop(): void {
    this.#timer?.stop();
    this.#timer = undefined;
  }

  #tick(): void {
    this.#wheel.advance(this.#clock.now(), this.#expired);
    if (this.#wheel.size === 0) this.stop();
  }
}
