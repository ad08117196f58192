/**
 * Which calls were slow: by Hadoop's rule, three standard deviations above the mean of all calls and above a threshold
 * (ipc/Server.java logSlowRpcCalls), or by a threshold alone. Each is counted and told as `hrpcd:call:slow`.
 */
import type { SettingKey, Settings } from "../conf/index.js";
import { publish } from "../protocol/events.js";
import type { ServerCall } from "./call.js";
import type { Clock } from "./clock.js";
import type { ProcessingDetails } from "./processing-details.js";

/** By Hadoop's rule a call is only slow beside more calls than these. */
const MIN_SAMPLES = 1024;
const DEVIATIONS = 3;
/** How long calls are compared with the same mean: a sampling period of Hadoop's metrics. */
const INTERVAL_MS = 10_000;
const NS_PER_MS = 1e6;

/** The settings that say which calls are slow. A server takes new values while it runs, as Hadoop's does. */
export const SLOW_CALL_KEYS: readonly SettingKey[] = [
  "ipc.server.log.slow.rpc",
  "ipc.server.log.slow.rpc.threshold.ms",
  "hrpcd.log.slow.call.ms",
];

type Listener = (call: ServerCall, details: ProcessingDetails) => void;

export class SlowCalls {
  readonly #clock: Pick<Clock, "now">;
  readonly #add: Listener = (call, details) => this.#judge(call, details);
  #byDeviation = false;
  #deviationThresholdMs = 0;
  #thresholdMs = 0;
  #count = 0;
  /** Calls of the interval before, when it had enough of them. */
  #last: Spread | undefined;
  #current = new Spread();
  #intervalEndMs = 0;

  constructor(conf: Settings, clock: Pick<Clock, "now">) {
    this.#clock = clock;
    this.configure(conf);
  }

  /** Goes by these settings from now on. */
  configure(conf: Settings): void {
    this.#byDeviation = conf.get("ipc.server.log.slow.rpc");
    this.#deviationThresholdMs = conf.get("ipc.server.log.slow.rpc.threshold.ms");
    this.#thresholdMs = conf.get("hrpcd.log.slow.call.ms");
    this.#last = undefined;
    this.#current = new Spread();
    this.#intervalEndMs = this.#clock.now() + INTERVAL_MS;
  }

  /** Slow calls since the server was made (Hadoop: RpcSlowCalls). */
  get count(): number {
    return this.#count;
  }

  /** Hears of each call that has run; undefined while no rule is on. */
  get listener(): Listener | undefined {
    return this.#byDeviation || this.#thresholdMs > 0 ? this.#add : undefined;
  }

  #judge(call: ServerCall, details: ProcessingDetails): void {
    const processingMs = details.processing / NS_PER_MS;
    const byDeviation = this.#byDeviation && this.#deviates(processingMs);
    if (!byDeviation && (this.#thresholdMs === 0 || processingMs < this.#thresholdMs)) return;
    this.#count++;
    publish("hrpcd:call:slow", () => ({
      peer: call.connection.peer,
      user: call.user?.name ?? "",
      protocol: call.protocolName,
      method: call.methodName,
      callId: call.id,
      retryCount: call.retryCount,
      timesMs: Object.fromEntries(Object.entries(details).map(([timing, ns]) => [timing, ns / NS_PER_MS])),
      thresholdMs: byDeviation ? this.#deviationThresholdMs : this.#thresholdMs,
    }));
  }

  /** Counts the call among the others, as Hadoop does before it compares, and says whether it stands out. */
  #deviates(processingMs: number): boolean {
    const nowMs = this.#clock.now();
    // An interval with too few calls goes on, so that a server with few callers finds its slow calls too.
    if (nowMs >= this.#intervalEndMs && this.#current.samples > MIN_SAMPLES) {
      this.#last = this.#current;
      this.#current = new Spread();
      this.#intervalEndMs = nowMs + INTERVAL_MS;
    }
    this.#current.add(processingMs);
    const spread = this.#last ?? this.#current;
    return (
      spread.samples > MIN_SAMPLES &&
      processingMs > spread.mean + DEVIATIONS * spread.deviation &&
      processingMs > this.#deviationThresholdMs
    );
  }
}

/** Mean and standard deviation of numbers that come one by one (Welford's method). */
class Spread {
  samples = 0;
  mean = 0;
  #squares = 0;

  add(value: number): void {
    this.samples++;
    const distance = value - this.mean;
    this.mean += distance / this.samples;
    this.#squares += distance * (value - this.mean);
  }

  get deviation(): number {
    return this.samples < 2 ? 0 : Math.sqrt(this.#squares / (this.samples - 1));
  }
}
