/**
 * Contract of the call queue: where calls wait for a handler. `call-queues/` holds one file each.
 */
import type { ServerCall } from "./call.js";

export interface CallQueue {
  /** Calls that fit, at least 1. */
  readonly capacity: number;
  /** Calls that wait now. */
  readonly size: number;
  /** Adds a call; false if there is no room for it. */
  offer(call: ServerCall): boolean;
  /** Takes the call that is next; undefined if none waits. */
  poll(): ServerCall | undefined;
}
