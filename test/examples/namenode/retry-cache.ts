/**
 * Answers that were given, so that a client that did not get one and asks again gets the same, and nothing is done twice
 * (Hadoop: ipc/RetryCache.java). What failed has done nothing and is tried anew.
 */
import type { Call } from "../../../daemon/index.js";

/** Answers that are kept; the oldest go first. */
const MAX_ANSWERS = 10_000;

/** The answers to calls that must not run twice. */
export class RetryCache {
  readonly #answers = new Map<string, unknown>();

  /** What `run` gave when this call came first, or what it gives now. */
  once<T>(call: Call, run: () => T): T {
    const key = `${call.id} ${Buffer.from(call.clientId).toString("hex")}`;
    if (this.#answers.has(key)) return this.#answers.get(key) as T;
    const answer = run();
    this.#answers.set(key, answer);
    if (this.#answers.size > MAX_ANSWERS) this.#answers.delete(this.#answers.keys().next().value as string);
    return answer;
  }
}
