/**
 * The metrics of the call queue and its scheduler by Hadoop's names: DecayRpcSchedulerMetrics2 and
 * DecayRpcSchedulerDetailedMetrics (ipc/DecayRpcScheduler.java, ipc/metrics/), FairCallQueue (ipc/FairCallQueue.java), and the
 * JMX beans that the two have of their own.
 */
import { BoundedNames } from "./bounded-names.js";
import { largest } from "./largest.js";
import { counter, gauge, type Metric, type MetricsBean, type MetricsRecord } from "./metrics.js";
import type { ProcessingDetails } from "./processing-details.js";
import { Rate, rateMetrics } from "./rate.js";

/** What a DecayRpcScheduler tells of itself. */
export interface DecaySource {
  readonly levels: number;
  snapshot(): {
    readonly decayedCallVolume: number;
    readonly callVolume: number;
    readonly serviceUserDecayedCallVolume: number;
    readonly serviceUserCallVolume: number;
    readonly uniqueCallers: number;
    /** Of the last whole period, by level. */
    readonly priorities: readonly { readonly completedCallVolume: number; readonly avgResponseTimeMs: number }[];
    readonly topCallers: readonly {
      readonly name: string;
      readonly volume: number;
      /** Undefined before the first decay has set it. */
      readonly priority: number | undefined;
    }[];
  };
  /** What each user's account stands at. */
  callVolumes(): ReadonlyMap<string, number>;
  /** The level that each user was given. */
  decisions(): ReadonlyMap<string, number>;
}

/** What a FairCallQueue tells of itself. */
export interface FairSource {
  readonly levels: readonly { readonly size: number }[];
  /** How often each level had no room for a call that came to it. */
  readonly overflowedCalls: readonly number[];
}

/** What there is to tell of at this moment; undefined for what the server has not. */
export interface QueueSources {
  readonly decay: DecaySource | undefined;
  readonly fair: FairSource | undefined;
}

/** Users named in metrics while the server lives: a monitoring system keeps every name it has ever seen. */
const MAX_CALLERS = 100;
const OTHER_CALLERS = "others";
/** Users that a JMX bean tells of. */
const MAX_SUMMARY = 100;
const NS_PER_MS = 1e6;

interface LevelRates {
  readonly queue: Rate;
  readonly processing: Rate;
}

export class SchedulerMetrics {
  readonly #sources: () => QueueSources;
  readonly #nsPerUnit: number;
  readonly #levels: LevelRates[] = [];
  readonly #callers = new BoundedNames(MAX_CALLERS, OTHER_CALLERS);
  #revision = 1;

  /** `sources` is asked at each reading, since the queue may be swapped. */
  constructor(sources: () => QueueSources, nsPerUnit: number) {
    this.#sources = sources;
    this.#nsPerUnit = nsPerUnit;
  }

  /** A call of this level has run. */
  ran(level: number, details: ProcessingDetails): void {
    while (this.#levels.length <= level) this.#levels.push({ queue: new Rate(), processing: new Rate() });
    const rates = this.#levels[level] as LevelRates;
    rates.queue.add(details.queue);
    rates.processing.add(details.processing);
  }

  /** Ends a window of the rates. */
  roll(): void {
    for (const { queue, processing } of this.#levels) {
      queue.roll();
      processing.roll();
    }
  }

  /** The queue was swapped for another. */
  swapped(): void {
    this.#revision++;
  }

  /** For a server whose settings are those of `ipc.<port>`. */
  records(port: number): MetricsRecord[] {
    const { decay, fair } = this.#sources();
    const namespace = `ipc.${port}`;
    const records: MetricsRecord[] = [];
    if (decay !== undefined) records.push(this.#decayRecord(decay, namespace), this.#detailedRecord(decay, namespace));
    if (fair !== undefined) records.push(fairRecord(fair, namespace));
    return records;
  }

  beans(port: number): MetricsBean[] {
    const { decay, fair } = this.#sources();
    const beans: MetricsBean[] = [];
    if (decay !== undefined) beans.push(decayBean(decay, `ipc.${port}`));
    if (fair !== undefined) {
      beans.push({
        name: `Hadoop:service=ipc.${port},name=FairCallQueue`,
        modelerType: "org.apache.hadoop.ipc.FairCallQueue$MetricsProxy",
        attributes: {
          QueueSizes: fair.levels.map(({ size }) => size),
          OverflowedCalls: fair.overflowedCalls,
          Revision: this.#revision,
        },
      });
    }
    return beans;
  }

  #decayRecord(decay: DecaySource, namespace: string): MetricsRecord {
    const snapshot = decay.snapshot();
    const metrics: Metric[] = [
      counter("DecayedCallVolume", snapshot.decayedCallVolume, "use of all users after decay"),
      counter("CallVolume", snapshot.callVolume, "use of all users"),
      counter("UniqueCallers", snapshot.uniqueCallers, "users with an account"),
      counter(
        "ServiceUserDecayedCallVolume",
        snapshot.serviceUserDecayedCallVolume,
        "use of service users after decay",
      ),
      counter("ServiceUserCallVolume", snapshot.serviceUserCallVolume, "use of service users"),
    ];
    for (const [level, { completedCallVolume, avgResponseTimeMs }] of snapshot.priorities.entries()) {
      const average = (avgResponseTimeMs * NS_PER_MS) / this.#nsPerUnit;
      metrics.push(
        gauge(`Priority.${level}.CompletedCallVolume`, completedCallVolume, "calls of the level in the last period"),
        gauge(`Priority.${level}.AvgResponseTime`, average, "decayed average time in queue and method"),
      );
    }
    const named = new Map<string, { volume: number; priority: number }>();
    for (const { name, volume, priority = 0 } of snapshot.topCallers) {
      const known = this.#callers.bounded(name);
      const before = named.get(known);
      named.set(known, {
        volume: volume + (before?.volume ?? 0),
        priority: Math.max(priority, before?.priority ?? 0),
      });
    }
    for (const [name, { volume, priority }] of named) {
      metrics.push(
        counter(`Caller(${name}).Volume`, volume, "use of the user"),
        counter(`Caller(${name}).Priority`, priority, "level of the user"),
      );
    }
    return {
      source: `DecayRpcSchedulerMetrics2.${namespace}`,
      record: "org.apache.hadoop.ipc.DecayRpcScheduler",
      context: namespace,
      tags: [],
      metrics,
    };
  }

  #detailedRecord({ levels }: DecaySource, namespace: string): MetricsRecord {
    const metrics = Array.from({ length: levels }, (_, level) => {
      const { queue, processing } = this.#levels[level] ?? NO_CALLS;
      const name = `DecayRPCSchedulerPriority.${level + 1}`;
      return [
        ...rateMetrics(`${name}.RpcQueueTime`, "time in the queue, by level", queue, this.#nsPerUnit),
        ...rateMetrics(`${name}.RpcProcessingTime`, "time in methods, by level", processing, this.#nsPerUnit),
      ];
    });
    return {
      source: `DecayRpcSchedulerDetailedMetrics.${namespace}`,
      record: "decayrpcschedulerdetailed",
      context: "decayrpcschedulerdetailed",
      tags: [["port", namespace]],
      metrics: metrics.flat(),
    };
  }
}

const NO_CALLS: LevelRates = { queue: new Rate(), processing: new Rate() };

function fairRecord({ levels, overflowedCalls }: FairSource, namespace: string): MetricsRecord {
  return {
    source: `${namespace}.FairCallQueue`,
    record: "FairCallQueue",
    context: "rpc",
    tags: [["namespace", namespace]],
    metrics: levels.flatMap(({ size }, level) => [
      gauge(`FairCallQueueSize_p${level}`, size, "calls that wait in the level"),
      counter(`FairCallQueueOverflowedCalls_p${level}`, overflowedCalls[level] ?? 0, "calls that found the level full"),
    ]),
  };
}

function decayBean(decay: DecaySource, namespace: string): MetricsBean {
  const { uniqueCallers, decayedCallVolume, priorities } = decay.snapshot();
  return {
    name: `Hadoop:service=${namespace},name=DecayRpcScheduler`,
    modelerType: "org.apache.hadoop.ipc.DecayRpcScheduler$MetricsProxy",
    attributes: {
      SchedulingDecisionSummary: summary(decay.decisions()),
      CallVolumeSummary: summary(decay.callVolumes()),
      UniqueIdentityCount: uniqueCallers,
      TotalCallVolume: decayedCallVolume,
      AverageResponseTime: priorities.map(({ avgResponseTimeMs }) => avgResponseTimeMs),
      ResponseTimeCountInLastWindow: priorities.map(({ completedCallVolume }) => completedCallVolume),
    },
  };
}

/** A JSON object of the users with the largest numbers. */
function summary(numbers: ReadonlyMap<string, number>): string {
  return JSON.stringify(Object.fromEntries(largest(numbers, MAX_SUMMARY, ([, value]) => value)));
}
