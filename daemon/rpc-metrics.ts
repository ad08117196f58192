/**
 * The metrics of a server: Hadoop's RpcActivityForPort<port> and RpcDetailedActivityForPort<port>, with its names and meanings
 * (ipc/metrics/RpcMetrics.java, RpcDetailedMetrics.java; ipc/Server.java updateMetrics). Calls are counted as they end; all
 * else is looked up when somebody reads.
 */
import type { RpcError } from "../protocol/rpc-error.js";
import type { Clock } from "./clock.js";
import { type DetailedRate, DetailedRates } from "./detailed-rates.js";
import { largest } from "./largest.js";
import { counter, gauge, type Metric, type MetricsRecord } from "./metrics.js";
import type { ProcessingDetails } from "./processing-details.js";
import { PERCENTILES, Quantiles } from "./quantiles.js";
import { Rate, rateMetrics } from "./rate.js";
import { RpcCounters } from "./rpc-counters.js";

/** Users whose connections are told apart in `NumOpenConnectionsPerUser`, at most. */
const MAX_USERS_TOLD = 100;
/** The name under which the connections of all others are told. */
const OTHER_USERS = "(others)";
/** What is told of the name of a user. */
const MAX_USER_CHARS = 100;

/** Nanoseconds of each unit that `rpc.metrics.timeunit` may name. */
export const NS_PER_UNIT = {
  NANOSECONDS: 1,
  MICROSECONDS: 1e3,
  MILLISECONDS: 1e6,
  SECONDS: 1e9,
  MINUTES: 60e9,
  HOURS: 3600e9,
  DAYS: 86_400e9,
} as const;

/** What the metrics of a server are made of. */
export interface RpcMetricsOptions {
  /** Names of the methods that are served. */
  readonly methods: Iterable<string>;
  /** The tag `serverName`. */
  readonly serverName: string;
  readonly timeUnit: keyof typeof NS_PER_UNIT;
  /** Seconds of each window that percentiles are told of; none: percentiles are not counted. */
  readonly percentileWindows: readonly number[];
  /** Milliseconds after which rates are taken anew (`ipc.server.metrics.update.runner.interval`). */
  readonly updateMs: number;
  readonly clock: Pick<Clock, "now" | "every">;
  readonly gauges: RpcGauges;
  /** Is told each time when rates are taken anew. */
  readonly updated?: () => void;
}

/** What is only looked at when somebody reads. */
export interface RpcGauges {
  readonly openConnections: number;
  /** Open connections that have told who they are. */
  connectionsPerUser(): ReadonlyMap<string, number>;
  /** Handlers that have a call. */
  readonly inProcessHandler: number;
  readonly callQueueLength: number;
  /** Calls that were slow by the rules of the settings, since the start. */
  slowCalls(): number;
}

/** The times that Hadoop measures of a call, by the name and the description of their metrics. */
const TIMES = {
  enqueue: ["RpcEnQueueTime", "time outside of a full queue"],
  queue: ["RpcQueueTime", "time in the queue"],
  lockwait: ["RpcLockWaitTime", "time that methods say they waited for locks"],
  processing: ["RpcProcessingTime", "time in methods, with locks"],
  response: ["RpcResponseTime", "time to encode the answer"],
  deferred: ["DeferredRpcProcessingTime", "time of calls that left their handler before they were answered"],
} as const;
type Time = keyof typeof TIMES;
const TIME_NAMES = Object.keys(TIMES) as readonly Time[];

/** The percentiles of all times over windows of one length. */
interface PercentileWindow {
  readonly seconds: number;
  readonly times: Readonly<Record<Time, Quantiles>>;
}

export class RpcMetrics {
  readonly counters = new RpcCounters();
  readonly #options: RpcMetricsOptions;
  readonly #nsPerUnit: number;
  readonly #rates = byTime(() => new Rate());
  readonly #windows: readonly PercentileWindow[];
  readonly #detailed: DetailedRates;
  #requestsPerSecond = 0;
  #updatedMs: number;
  #requestsThen = 0;
  #timers: readonly { stop(): void }[] = [];

  constructor(options: RpcMetricsOptions) {
    this.#options = options;
    this.#nsPerUnit = NS_PER_UNIT[options.timeUnit];
    this.#windows = options.percentileWindows.map((seconds) => ({ seconds, times: byTime(() => new Quantiles()) }));
    this.#detailed = new DetailedRates(options.methods);
    this.#updatedMs = options.clock.now();
  }

  /** Starts the windows of rates and percentiles. */
  start(): void {
    const { clock, updateMs } = this.#options;
    this.#updatedMs = clock.now();
    this.#timers = [
      clock.every(updateMs, () => this.#update()),
      ...this.#windows.map(({ seconds, times }) =>
        clock.every(seconds * 1000, () => {
          for (const time of TIME_NAMES) times[time].roll();
        }),
      ),
    ];
  }

  stop(): void {
    for (const timer of this.#timers) timer.stop();
    this.#timers = [];
  }

  /** A handler took a call and did not run it: its client was gone, gave up, or too late. */
  skipped({ enqueue, queue }: ProcessingDetails): void {
    this.counters.totalRequests++;
    this.#rates.enqueue.add(enqueue);
    this.#rates.queue.add(queue);
    for (const { times } of this.#windows) {
      times.enqueue.add(enqueue);
      times.queue.add(queue);
    }
  }

  /** A handler ran a call; `failure` is what was answered instead of a result. */
  ran(method: string, details: ProcessingDetails, failure: RpcError | undefined): void {
    const { counters } = this;
    const { enqueue, queue, handler, processing, lockwait, response } = details;
    counters.totalRequests++;
    const rates = this.#rates;
    rates.enqueue.add(enqueue);
    rates.queue.add(queue);
    rates.lockwait.add(lockwait);
    rates.processing.add(processing);
    rates.response.add(response);
    for (let i = 0; i < this.#windows.length; i++) {
      const { times } = this.#windows[i] as PercentileWindow;
      times.enqueue.add(enqueue);
      times.queue.add(queue);
      times.lockwait.add(lockwait);
      times.processing.add(processing);
      times.response.add(response);
    }
    let detailed: DetailedRate;
    if (failure === undefined) {
      counters.rpcCallSuccesses++;
      detailed = this.#detailed.ofMethod(method);
    } else {
      detailed = this.#detailed.ofError(javaClassOf(failure));
    }
    detailed.processing.add(Math.max(0, processing - lockwait));
    detailed.overall.add(enqueue + queue + handler + processing + response);
  }

  /** RpcActivity and RpcDetailedActivity of the server on this port. */
  records(port: number): MetricsRecord[] {
    return [
      {
        source: `RpcActivityForPort${port}`,
        record: "rpc",
        context: "rpc",
        tags: [
          ["port", String(port)],
          ["serverName", this.#options.serverName],
        ],
        texts: () => [["NumOpenConnectionsPerUser", perUserText(this.#options.gauges.connectionsPerUser())]],
        metrics: [...this.#percentiles(), ...this.#activity()],
      },
      {
        source: `RpcDetailedActivityForPort${port}`,
        record: "rpcdetailed",
        context: "rpcdetailed",
        tags: [["port", String(port)]],
        metrics: this.#detailed.all().flatMap((rate) => this.#detailedMetrics(rate)),
      },
    ];
  }

  #update(): void {
    const nowMs = this.#options.clock.now();
    const { totalRequests } = this.counters;
    const seconds = (nowMs - this.#updatedMs) / 1000;
    if (seconds > 0) this.#requestsPerSecond = (totalRequests - this.#requestsThen) / seconds;
    this.#requestsThen = totalRequests;
    this.#updatedMs = nowMs;
    for (const time of TIME_NAMES) this.#rates[time].roll();
    this.#detailed.roll();
    this.#options.updated?.();
  }

  #activity(): Metric[] {
    const { counters } = this;
    const { gauges } = this.#options;
    return [
      counter("ReceivedBytes", counters.receivedBytes, "bytes read from sockets"),
      counter("SentBytes", counters.sentBytes, "bytes handed to sockets"),
      ...TIME_NAMES.flatMap((time) => rateMetrics(TIMES[time][0], TIMES[time][1], this.#rates[time], this.#nsPerUnit)),
      counter("RpcAuthenticationFailures", counters.rpcAuthenticationFailures, "negotiations that failed"),
      counter("RpcAuthenticationSuccesses", counters.rpcAuthenticationSuccesses, "negotiations that succeeded"),
      counter("RpcAuthorizationFailures", counters.rpcAuthorizationFailures, "connections refused to their user"),
      counter("RpcAuthorizationSuccesses", counters.rpcAuthorizationSuccesses, "connections allowed to their user"),
      counter("RpcClientBackoff", counters.rpcClientBackoff, "calls refused for overload"),
      counter(
        "RpcClientBackoffDisconnected",
        counters.rpcClientBackoffDisconnected,
        "calls refused for overload with their connection",
      ),
      counter("RpcSlowCalls", gauges.slowCalls(), "slow calls"),
      counter("RpcRequeueCalls", counters.rpcRequeueCalls, "calls put back into the queue"),
      counter("RpcCallSuccesses", counters.rpcCallSuccesses, "calls answered with a result"),
      gauge("NumOpenConnections", gauges.openConnections, "open connections"),
      gauge("NumInProcessHandler", gauges.inProcessHandler, "handlers that have a call"),
      gauge("CallQueueLength", gauges.callQueueLength, "calls that wait"),
      gauge("NumDroppedConnections", counters.numDroppedConnections, "connections closed at once, being too many"),
      gauge("TotalRequests", counters.totalRequests, "calls that handlers took"),
      gauge("TotalRequestsPerSecond", Math.round(this.#requestsPerSecond), "calls that handlers took in a second"),
    ];
  }

  #percentiles(): Metric[] {
    return this.#windows.flatMap(({ seconds, times }) =>
      TIME_NAMES.flatMap((time) => {
        const [name, description] = TIMES[time];
        const { count, values } = times[time].last;
        return [
          gauge(`${name}${seconds}sNumOps`, count, `number in ${seconds} s: ${description}`),
          ...PERCENTILES.map((percent, i) =>
            gauge(
              `${name}${seconds}s${percent}thPercentileLatency`,
              (values[i] as number) / this.#nsPerUnit,
              `percentile ${percent} of ${seconds} s: ${description}`,
            ),
          ),
        ];
      }),
    );
  }

  #detailedMetrics({ name, isMethod, processing, overall }: DetailedRate): Metric[] {
    const of = isMethod ? `calls of ${name}` : `calls that failed with ${name}`;
    return [
      ...rateMetrics(name, `${of}, in the method`, processing, this.#nsPerUnit),
      ...(isMethod ? rateMetrics(`Deferred${name}`, `${of} that were deferred`, NEVER, this.#nsPerUnit) : []),
      ...rateMetrics(`Overall${name}`, `${of}, from arrival to answer`, overall, this.#nsPerUnit),
    ];
  }
}

/** A method that returns a promise keeps its handler: no call is ever deferred in Hadoop's sense. */
const NEVER = new Rate();

function byTime<T>(make: () => T): Record<Time, T> {
  return {
    enqueue: make(),
    queue: make(),
    lockwait: make(),
    processing: make(),
    response: make(),
    deferred: make(),
  };
}

/** A class that a method made up may throw when it is asked for, or be no text. */
function javaClassOf(failure: RpcError): string {
  try {
    return String(failure.javaClass);
  } catch {
    return "";
  }
}

/** A JSON object of users and their connections, most first. */
function perUserText(perUser: ReadonlyMap<string, number>): string {
  const told = new Map<string, number>();
  let others = 0;
  for (const count of perUser.values()) others += count;
  for (const [user, count] of largest(perUser, MAX_USERS_TOLD, ([, connections]) => connections)) {
    const name = user.slice(0, MAX_USER_CHARS);
    told.set(name, (told.get(name) ?? 0) + count);
    others -= count;
  }
  if (others > 0) told.set(OTHER_USERS, others);
  return JSON.stringify(Object.fromEntries(told));
}
