/**
 * Answers that were given, so that a client that did not get one and asks again gets the same, and nothing is done twice
 * (Hadoop: ipc/RetryCache.java). What failed has done nothing and is tried anew.
 */
import { createHash } from "node:crypto";
import type { Call } from "../../../daemon/index.js";
import { failure } from "./exceptions.js";

/** Answers that are kept; the oldest go first. */
const MAX_ANSWERS = 10_000;
/** How long an answer is kept, in milliseconds (Hadoop: dfs.namenode.retrycache.expirytime.millis). */
const EXPIRY_MS = 600_000n;
/** Length of a client's id, in bytes (Hadoop: ipc/ClientId.java). */
const CLIENT_ID_BYTES = 16;

interface Kept {
  readonly answer: unknown;
  /** Milliseconds since 1970. */
  readonly since: bigint;
}

/** The answers to calls that must not run twice. */
export class RetryCache {
  readonly #now: () => bigint;
  /** The oldest first. */
  readonly #answers = new Map<string, Kept>();

  /** `now` gives milliseconds since 1970. */
  constructor(now: () => bigint) {
    this.#now = now;
  }

  /** Number of answers that are kept. */
  get size(): number {
    return this.#answers.size;
  }

  /**
   * What `run` gave when this call came first, or what it gives now. A call of a client without an id, or with a negative number of
   * its own, cannot be known again and runs each time. Throws IllegalArgumentException for an id that is none.
   */
  once<T>(call: Call, run: () => T): T {
    const { length } = call.clientId;
    if (length === 0 || call.id < 0) return run();
    if (length !== CLIENT_ID_BYTES) {
      throw failure("illegalArgument", `Invalid clientId - length is ${length} expected length ${CLIENT_ID_BYTES}`);
    }
    this.#dropExpired();
    const key = keyOf(call);
    const kept = this.#answers.get(key);
    if (kept !== undefined) return kept.answer as T;
    const answer = run();
    this.#answers.set(key, { answer, since: this.#now() });
    if (this.#answers.size > MAX_ANSWERS) this.#answers.delete(this.#answers.keys().next().value as string);
    return answer;
  }

  #dropExpired(): void {
    const since = this.#now() - EXPIRY_MS;
    for (const [key, kept] of this.#answers) {
      if (kept.since >= since) return;
      this.#answers.delete(key);
    }
  }
}

/**
 * What a call is known by. Hadoop asks for the client and the number alone; with the method and the user nobody gets what another
 * one asked for. A digest, since names of users are as long as their clients like.
 */
function keyOf({ clientId, id, methodName, user }: Call): string {
  const text = JSON.stringify([Buffer.from(clientId).toString("hex"), id, methodName, user?.name]);
  return createHash("sha256").update(text).digest("base64");
}
