/**
 * First come, first served, in a ring of fixed size (Hadoop's default: java.util.concurrent.LinkedBlockingQueue).
 */
import type { ServerCall } from "../call.js";
import type { CallQueue } from "../call-queue.js";

export class FifoCallQueue implements CallQueue {
  readonly capacity: number;
  readonly levels: readonly [FifoCallQueue];
  readonly #ring: (ServerCall | undefined)[];
  #head = 0;
  #size = 0;

  /** `capacity` is a whole number of at least 1. */
  constructor(capacity: number) {
    this.capacity = capacity;
    this.levels = [this];
    this.#ring = new Array<ServerCall | undefined>(capacity).fill(undefined);
  }

  get size(): number {
    return this.#size;
  }

  offer(call: ServerCall): boolean {
    if (this.#size === this.capacity) return false;
    let tail = this.#head + this.#size;
    if (tail >= this.capacity) tail -= this.capacity;
    this.#ring[tail] = call;
    this.#size++;
    return true;
  }

  poll(): ServerCall | undefined {
    if (this.#size === 0) return undefined;
    const call = this.#ring[this.#head];
    this.#ring[this.#head] = undefined;
    this.#head = this.#head + 1 === this.capacity ? 0 : this.#head + 1;
    this.#size--;
    return call;
  }
}
