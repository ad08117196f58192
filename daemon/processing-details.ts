/** Where the time of a call went, phase by phase (Hadoop: ipc/ProcessingDetails.java). */

/** The phases, by Hadoop's names; each is the end of a key `ipc.<port>.weighted-cost.<name>`. */
export const TIMINGS = [
  "enqueue",
  "queue",
  "handler",
  "processing",
  "lockfree",
  "lockwait",
  "lockshared",
  "lockexclusive",
  "response",
] as const;

/** Name of a phase. */
export type Timing = (typeof TIMINGS)[number];

/** What a method can say of its time: that it waited for a lock, held it with others, or held it alone. */
export type LockUse = "wait" | "shared" | "exclusive";

/** Milliseconds that a method spent with locks, by its own account. */
export interface LockTimes {
  wait: number;
  shared: number;
  exclusive: number;
}

/** Nanoseconds of each phase. One object is filled again and again: whoever wants to keep a time copies it. */
export type ProcessingDetails = Record<Timing, number>;

/** Details in which no time has passed. */
export function createProcessingDetails(): ProcessingDetails {
  return {
    enqueue: 0,
    queue: 0,
    handler: 0,
    processing: 0,
    lockfree: 0,
    lockwait: 0,
    lockshared: 0,
    lockexclusive: 0,
    response: 0,
  };
}

/** What a call knows of its own times, in milliseconds of the server's clock. */
export interface TimedCall {
  /** When its bytes were read. */
  readonly receivedMs: number;
  /** How long it waited outside of a full queue. */
  readonly outsideMs: number;
  readonly locks: LockTimes | undefined;
}

const NS_PER_MS = 1e6;

/**
 * Fills the details of a call that a handler took, whose method finished and whose answer was encoded at these moments. Queue
 * time does not count the time outside. Processing is decoding the arguments and running the method; it counts the locks, and
 * what of it is left without them is lock-free (Hadoop: ipc/Server.java updateMetrics and RpcCall.run). A handler here does
 * nothing besides, so that its own time is 0.
 */
export function fillProcessingDetails(
  details: ProcessingDetails,
  { receivedMs, outsideMs, locks }: TimedCall,
  takenMs: number,
  finishedMs: number,
  answeredMs: number,
): void {
  details.enqueue = outsideMs * NS_PER_MS;
  details.queue = Math.max(0, takenMs - receivedMs - outsideMs) * NS_PER_MS;
  details.processing = (finishedMs - takenMs) * NS_PER_MS;
  details.response = (answeredMs - finishedMs) * NS_PER_MS;
  details.lockwait = (locks?.wait ?? 0) * NS_PER_MS;
  details.lockshared = (locks?.shared ?? 0) * NS_PER_MS;
  details.lockexclusive = (locks?.exclusive ?? 0) * NS_PER_MS;
  const locked = details.lockwait + details.lockshared + details.lockexclusive;
  details.lockfree = Math.max(0, details.processing - locked);
}
