/**
 * The call queue as its two ends see it: readers put, handlers take (Hadoop: ipc/CallQueueManager.java).
 *
 * With back-off, a call that finds no room is refused with one of three answers. Without it, the call waits outside, and its
 * connection is not read until the call is in; no other connection is held up (in Hadoop the reader thread blocks). Those
 * outside wait by level, so that nobody waits behind calls of a level below.
 *
 * Each connection has at most one call outside, and the calls of connections that ended are thrown out from time to time; so
 * the number of open connections bounds what waits. When a smaller queue takes the place of another, calls that it has no
 * room for wait outside too, before those; they are no more than had been in.
 */
import { publish } from "../protocol/events.js";
import { JAVA_CLASS, RpcError } from "../protocol/rpc-error.js";
import type { ServerCall } from "./call.js";
import type { CallQueue } from "./call-queue.js";
import type { Clock } from "./clock.js";
import type { ProcessingDetails } from "./processing-details.js";
import type { Scheduler } from "./scheduler.js";
import { WaitingLine } from "./waiting-line.js";

/** The answers to a call that is not taken (Hadoop: CallQueueManager.CallQueueOverflowException). */
export const OVERFLOW = {
  /** The caller may try again on its connection. */
  keepAlive: new RpcError("ERROR_RPC_SERVER", "Server too busy", { javaClass: JAVA_CLASS.retriable }),
  /** The caller loses its connection, so that it has to take its time. */
  disconnect: new RpcError("ERROR_RPC_SERVER", "Server too busy - disconnecting", {
    javaClass: JAVA_CLASS.retriable,
    fatal: true,
  }),
  /** The caller is to go to another server. */
  failover: new RpcError("ERROR_RPC_SERVER", "Server too busy - disconnect and failover", {
    javaClass: JAVA_CLASS.standby,
    fatal: true,
  }),
} as const;

/** What a call queue is made of; all of it is swapped together. */
export interface CallQueueParts {
  readonly queue: CallQueue;
  readonly scheduler: Scheduler;
  /** Refuse calls instead of letting them wait outside (`ipc.<port>.backoff.enable`). */
  readonly backoff: boolean;
  /** Refuse them with a StandbyException (`ipc.<port>.callqueue.overflow.trigger.failover`). */
  readonly failover: boolean;
}

/** What happens around the queue. */
export interface CallQueueSurroundings {
  /** Is told of each call that had to wait outside, when it is in the queue. */
  readonly admitted: (call: ServerCall) => void;
  /** Is asked to let handlers take calls before one that finds no room is refused or has to wait. */
  readonly makeRoom: () => void;
  /** With calls of so many bytes the queue is full, however few they are; an empty one takes any (`hrpcd.server.queue.bytes.max`). */
  readonly maxBytes?: number;
  /** Hears of each call that is refused, and how. */
  readonly refused?: (error: RpcError) => void;
  readonly clock: Pick<Clock, "now">;
}

export class CallQueueManager<P extends CallQueueParts = CallQueueParts> {
  readonly #surroundings: CallQueueSurroundings;
  #parts: P;
  /** Those outside, by the level that the queue knows them by. */
  #lines: readonly WaitingLine[];
  #outside = 0;
  /** Bytes of the calls in the queue. */
  #bytes = 0;
  readonly #maxBytes: number;
  /** Those outside that were in before: nobody waits to hear that they are in again. */
  readonly #movedOut = new WeakSet<ServerCall>();

  constructor(parts: P, surroundings: CallQueueSurroundings) {
    this.#parts = parts;
    this.#surroundings = surroundings;
    this.#maxBytes = surroundings.maxBytes ?? Number.POSITIVE_INFINITY;
    this.#lines = linesOf(parts.queue);
  }

  /** Calls that wait, in the queue and outside. */
  get size(): number {
    return this.#parts.queue.size + this.#outside;
  }

  get capacity(): number {
    return this.#parts.queue.capacity;
  }

  /** Bytes of the calls in the queue, without those outside. */
  get bytes(): number {
    return this.#bytes;
  }

  /** What the queue is made of now: the source of metrics. */
  get parts(): P {
    return this.#parts;
  }

  /**
   * Gives a new call its level and adds it; false if it has to wait outside. A call that is refused is over, and what its caller
   * is to be told comes back: it is not thrown, for that would be half the cost of a refusal.
   */
  put(call: ServerCall): boolean | RpcError {
    const { scheduler, backoff } = this.#parts;
    call.priorityLevel = scheduler.priorityLevel(call);
    if (!backoff) return this.putBack(call);
    if (scheduler.shouldBackOff(call)) return this.#refuse(call, this.#overflow(false));
    if (this.#offer(call)) return true;
    return this.#refuse(call, this.#overflow(call.priorityLevel < this.#lines.length - 1));
  }

  /** Adds a call that was accepted before, or must not be refused; false if it has to wait outside. */
  putBack(call: ServerCall): boolean {
    if (this.#offer(call)) return true;
    this.#waitOutside(call);
    return false;
  }

  take(): ServerCall | undefined {
    const call = this.#parts.queue.poll();
    if (call !== undefined) this.#bytes -= call.bytes;
    while (this.#outside > 0 && this.#admit());
    return call;
  }

  /** Hears of a call that has run; undefined if the scheduler does not care. */
  get addResponseTime(): ((call: ServerCall, details: ProcessingDetails) => void) | undefined {
    return this.#parts.scheduler.addResponseTime;
  }

  /**
   * Puts another queue, which must be empty, in the place of this one, with all that belongs to it. The calls that wait move
   * over in the order in which they would have been taken: none is lost, none is there twice, none is refused.
   */
  swap(parts: P): void {
    const old = this.#parts;
    const outside = this.#lines.flatMap((line) => line.takeAll());
    this.#parts = parts;
    this.#lines = linesOf(parts.queue);
    this.#outside = 0;
    this.#bytes = 0;
    old.scheduler.stop();
    for (let call = old.queue.poll(); call !== undefined; call = old.queue.poll()) {
      if (this.#lineOf(call).length === 0 && this.#add(call)) continue;
      this.#movedOut.add(call);
      this.#waitOutside(call);
    }
    for (const call of outside) this.#outside += 1 - this.#lineOf(call).push(call);
    while (this.#outside > 0 && this.#admit());
  }

  /** Ends the timers of the scheduler. */
  stop(): void {
    this.#parts.scheduler.stop();
  }

  #offer(call: ServerCall): boolean {
    if (!hasRoom(this.#parts.queue, this.#levelOf(call)) || this.#isTooMuch(call)) this.#surroundings.makeRoom();
    // A method that ran meanwhile may have had the queue swapped.
    return this.#lineOf(call).length === 0 && this.#add(call);
  }

  #add(call: ServerCall): boolean {
    if (this.#isTooMuch(call) || !this.#parts.queue.offer(call)) return false;
    this.#bytes += call.bytes;
    return true;
  }

  #isTooMuch(call: ServerCall): boolean {
    return this.#bytes + call.bytes > this.#maxBytes && this.#parts.queue.size > 0;
  }

  #waitOutside(call: ServerCall): void {
    call.outsideMs -= this.#surroundings.clock.now();
    this.#outside += 1 - this.#lineOf(call).push(call);
  }

  /** Lets in one call: of the highest level that has room, the one that has waited longest. False if none fits. */
  #admit(): boolean {
    const { queue } = this.#parts;
    for (const [level, line] of this.#lines.entries()) {
      const call = line.first;
      // Asking first keeps the queue from counting an overflow at each try.
      if (call === undefined || !hasRoom(queue, level) || !this.#add(call)) continue;
      line.shift();
      this.#outside--;
      call.outsideMs += this.#surroundings.clock.now();
      if (!this.#movedOut.delete(call)) this.#surroundings.admitted(call);
      return true;
    }
    return false;
  }

  /** A call of a higher level may come from a scheduler with more of them than the queue has. */
  #levelOf(call: ServerCall): number {
    return Math.min(call.priorityLevel, this.#lines.length - 1);
  }

  #lineOf(call: ServerCall): WaitingLine {
    return this.#lines[this.#levelOf(call)] as WaitingLine;
  }

  #overflow(keepAlive: boolean): RpcError {
    if (this.#parts.failover) return OVERFLOW.failover;
    return keepAlive ? OVERFLOW.keepAlive : OVERFLOW.disconnect;
  }

  #refuse(call: ServerCall, error: RpcError): RpcError {
    call.finish();
    this.#surroundings.refused?.(error);
    publish("hrpcd:call:refused", () => ({
      peer: call.connection.peer,
      user: call.user?.name ?? "",
      protocol: call.protocolName,
      method: call.methodName,
      priorityLevel: call.priorityLevel,
      reason: error.message,
      disconnected: error.fatal,
    }));
    return error;
  }
}

function linesOf(queue: CallQueue): WaitingLine[] {
  return queue.levels.map(() => new WaitingLine());
}

/** Whether a call of this level fits: into its own, or one behind it. */
function hasRoom({ levels, size, capacity }: CallQueue, first: number): boolean {
  if (size === capacity) return false;
  for (let i = first; i < levels.length; i++) {
    const level = levels[i] as CallQueue["levels"][number];
    if (level.size < level.capacity) return true;
  }
  return false;
}
