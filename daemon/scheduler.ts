/**
 * Contract of the scheduler: it gives each call the level that it has in the call queue, and says when calls are to be
 * refused. `schedulers/` holds one file each (Hadoop: ipc/RpcScheduler.java).
 */
import type { ServerCall } from "./call.js";
import type { ProcessingDetails } from "./processing-details.js";

/** What a scheduler looks at. */
export type Schedulable = Pick<ServerCall, "user" | "priorityLevel">;

export interface Scheduler {
  /** How many levels there are, at least 1. */
  readonly levels: number;
  /** The level of a call that has come: 0 is served first, `levels - 1` last. */
  priorityLevel(call: Schedulable): number;
  /** Whether calls of this one's level are answered too slowly, so that it is better refused. */
  shouldBackOff(call: Schedulable): boolean;
  /** Hears of each call that has run, and where its time went; undefined if the scheduler does not care. */
  readonly addResponseTime: ((call: Schedulable, details: ProcessingDetails) => void) | undefined;
  /** Ends its timers. It may still be asked and told. */
  stop(): void;
}
