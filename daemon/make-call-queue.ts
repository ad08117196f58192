/**
 * Which call queue a server has: made of its settings at the start, and again whenever they are refreshed.
 */
import { type SettingKey, type Settings, SettingsError } from "../conf/index.js";
import { placeOf } from "../conf/settings.js";
import type { CallQueue } from "./call-queue.js";
import { FifoCallQueue } from "./call-queues/fifo.js";

const SIZE_KEY = "ipc.server.handler.queue.size";

/** The settings that the call queue is made of: those that `Server.refreshCallQueue` puts into force. */
export const CALL_QUEUE_KEYS: readonly SettingKey[] = [SIZE_KEY];

/** Calls that any queue may hold: more of them would not fit into the memory of a process. */
const MAX_CAPACITY = 16_777_216;

/**
 * An empty call queue for a server with that many handlers, which may be more or fewer than `hrpcd.handlers` says by now.
 * Throws SettingsError if it would be too large.
 */
export function makeCallQueue(conf: Settings, numHandlers: number): CallQueue {
  const capacity = numHandlers * conf.get(SIZE_KEY);
  if (capacity > MAX_CAPACITY) {
    const message = `times ${numHandlers} handlers must be at most ${MAX_CAPACITY} calls, got ${capacity}`;
    throw new SettingsError([{ ...placeOf(conf.source(SIZE_KEY)), key: SIZE_KEY, message }]);
  }
  return new FifoCallQueue(capacity);
}
