/** All that a server tells of itself: its calls, its call queue and its scheduler. */
import type { Settings } from "../conf/index.js";
import type { RpcError } from "../protocol/rpc-error.js";
import type { ServerCall } from "./call.js";
import type { CallQueueParts } from "./call-queue-manager.js";
import { FairCallQueue } from "./call-queues/fair.js";
import type { Clock } from "./clock.js";
import type { MetricsBean, MetricsRecord, MetricsSource } from "./metrics.js";
import type { ProcessingDetails } from "./processing-details.js";
import type { RpcCounters } from "./rpc-counters.js";
import { NS_PER_UNIT, type RpcGauges, RpcMetrics } from "./rpc-metrics.js";
import { SchedulerMetrics } from "./scheduler-metrics.js";
import { DecayScheduler } from "./schedulers/decay.js";

/** What the metrics are made of. */
export interface ServerMetricsOptions {
  readonly conf: Settings;
  readonly methods: Iterable<string>;
  readonly clock: Pick<Clock, "now" | "every">;
  readonly gauges: RpcGauges;
  /** What the call queue is made of now. */
  readonly queueParts: () => CallQueueParts;
  /** The port that the server listens on. */
  readonly port: () => number;
}

export class ServerMetrics implements MetricsSource {
  readonly #options: ServerMetricsOptions;
  readonly #rpc: RpcMetrics;
  readonly #scheduler: SchedulerMetrics;

  constructor(options: ServerMetricsOptions) {
    const { conf, methods, clock, gauges, queueParts } = options;
    this.#options = options;
    const timeUnit = conf.get("rpc.metrics.timeunit");
    this.#scheduler = new SchedulerMetrics(() => {
      const { scheduler, queue } = queueParts();
      return {
        decay: scheduler instanceof DecayScheduler ? scheduler : undefined,
        fair: queue instanceof FairCallQueue ? queue : undefined,
      };
    }, NS_PER_UNIT[timeUnit]);
    this.#rpc = new RpcMetrics({
      methods,
      clock,
      gauges,
      timeUnit,
      serverName: conf.get("hrpcd.metrics.service"),
      percentileWindows: conf.get("rpc.metrics.quantile.enable")
        ? [...new Set(conf.get("rpc.metrics.percentiles.intervals"))]
        : [],
      updateMs: conf.get("ipc.server.metrics.update.runner.interval"),
      updated: () => this.#scheduler.roll(),
    });
  }

  /** What the stages count. */
  get counters(): RpcCounters {
    return this.#rpc.counters;
  }

  start(): void {
    this.#rpc.start();
  }

  stop(): void {
    this.#rpc.stop();
  }

  /** A handler took a call and did not run it. */
  skipped(details: ProcessingDetails): void {
    this.#rpc.skipped(details);
  }

  /** A handler ran a call. */
  readonly ran = (call: ServerCall, details: ProcessingDetails, failure: RpcError | undefined): void => {
    this.#rpc.ran(call.request.method.name, details, failure);
    const { addResponseTime } = this.#options.queueParts().scheduler;
    if (addResponseTime === undefined) return;
    this.#scheduler.ran(call.priorityLevel, details);
    addResponseTime(call, details);
  };

  /** The call queue was swapped for another. */
  swapped(): void {
    this.#scheduler.swapped();
  }

  records(): readonly MetricsRecord[] {
    return [...this.#rpc.records(this.#options.port()), ...this.#scheduler.records(this.#settingsPort)];
  }

  beans(): readonly MetricsBean[] {
    return this.#scheduler.beans(this.#settingsPort);
  }

  /** The port whose settings the queue is made of: 0 for a server that takes any free one, as in Hadoop. */
  get #settingsPort(): number {
    return this.#options.conf.get("hrpcd.port");
  }
}
