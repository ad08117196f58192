/**
 * Contract of the call queue: where calls wait for a handler. `call-queues/` holds one file each.
 */
import type { ServerCall } from "./call.js";

export interface CallQueue {
  /** Calls that fit, at least 1. */
  readonly capacity: number;
  /** Calls that wait now. */
  readonly size: number;
  /** The parts that the queue keeps apart, the one served first at the head; a queue without such parts is its only one. */
  readonly levels: readonly CallQueueLevel[];
  /** Adds a call; false if there is no room for it. A call fits if its own level has room, or one behind it. */
  offer(call: ServerCall): boolean;
  /** Takes the call that is next; undefined if none waits. */
  poll(): ServerCall | undefined;
}

/** A part of a call queue. */
export interface CallQueueLevel {
  /** Calls that fit. */
  readonly capacity: number;
  /** Calls that wait now. */
  readonly size: number;
}
