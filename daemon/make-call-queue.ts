/**
 * Which call queue a server has: made of the settings of its port at the start, and again whenever they are refreshed.
 * Names of Java classes become objects of ours here; names and settings are Hadoop's (ipc/Server.java getQueueClass,
 * getSchedulerClass; ipc/CallQueueManager.java).
 */
import { type PortSettings, type PortSettingValue, parsePortKey, type Settings, SettingsError } from "../conf/index.js";
import { placeOf } from "../conf/settings.js";
import type { CallQueue } from "./call-queue.js";
import type { CallQueueParts } from "./call-queue-manager.js";
import { FairCallQueue } from "./call-queues/fair.js";
import { FifoCallQueue } from "./call-queues/fifo.js";
import type { Clock } from "./clock.js";
import type { CostProvider } from "./cost-provider.js";
import { callCostProvider } from "./cost-providers/calls.js";
import { WeightedTimeCostProvider } from "./cost-providers/weighted-time.js";
import type { IdentityProvider } from "./identity-provider.js";
import { userIdentityProvider } from "./identity-providers/user.js";
import { TIMINGS, type Timing } from "./processing-details.js";
import type { Scheduler } from "./scheduler.js";
import { DecayScheduler } from "./schedulers/decay.js";
import { FixedScheduler } from "./schedulers/fixed.js";
import { WeightedRoundRobinMultiplexer } from "./weighted-round-robin-multiplexer.js";

const KEYS_WITHOUT_PORT: ReadonlySet<string> = new Set([
  "ipc.server.handler.queue.size",
  "ipc.callqueue.impl",
  "ipc.scheduler.impl",
  "ipc.identity-provider.impl",
  "ipc.cost-provider.impl",
  "ipc.backoff.enable",
  "ipc.callqueue.overflow.trigger.failover",
  "decay-scheduler.metrics.top.user.count",
  "hrpcd.scheduler.users.max",
]);

/** The settings that the call queue is made of: those that `Server.refreshCallQueue` puts into force. */
export const CALL_QUEUE_KEYS = {
  includes: (key: string): boolean => KEYS_WITHOUT_PORT.has(key) || parsePortKey(key) !== undefined,
} as const;

/** Calls that any queue may hold: more of them would not fit into the memory of a process. */
const MAX_CAPACITY = 16_777_216;

/** What a server's call queue is made of, and by which names. */
export interface MadeCallQueue extends CallQueueParts {
  /** Java's names of the two, for log lines. */
  readonly queueClass: PortSettingValue<"callqueue.impl">;
  readonly schedulerClass: PortSettingValue<"scheduler.impl">;
}

/**
 * An empty call queue and its scheduler, for a server that was told to listen on this port: 0 if it takes any free one.
 * Throws SettingsError if the settings of the port cannot be used, or the queue would be too large.
 */
export function makeCallQueue(conf: Settings, port: number, clock: Pick<Clock, "every">): MadeCallQueue {
  const settings = conf.forPort(port);
  const schedulerClass = schedulerClassOf(settings);
  const queueClass = settings.get("callqueue.impl");
  return {
    queue: QUEUES[queueClass](capacityOf(conf), settings),
    scheduler: SCHEDULERS[schedulerClass](settings, conf, clock),
    backoff: settings.get("backoff.enable"),
    failover: settings.get("callqueue.overflow.trigger.failover"),
    queueClass,
    schedulerClass,
  };
}

function capacityOf(conf: Settings): number {
  const key = "ipc.server.handler.queue.size";
  const numHandlers = conf.get("hrpcd.handlers");
  const capacity = numHandlers * conf.get(key);
  if (capacity <= MAX_CAPACITY) return capacity;
  const message = `times ${numHandlers} handlers must be at most ${MAX_CAPACITY} calls, got ${capacity}`;
  throw new SettingsError([{ ...placeOf(conf.source(key)), key, message }]);
}

/** A port with a FairCallQueue of its own is served by levels, even when nobody has named a scheduler for it. */
function schedulerClassOf(settings: PortSettings): PortSettingValue<"scheduler.impl"> {
  const queueClass = settings.get("callqueue.impl");
  const isFair = settings.isSet("callqueue.impl") && queueClass === "org.apache.hadoop.ipc.FairCallQueue";
  return isFair && !settings.isSet("scheduler.impl")
    ? "org.apache.hadoop.ipc.DecayRpcScheduler"
    : settings.get("scheduler.impl");
}

const QUEUES: Readonly<
  Record<PortSettingValue<"callqueue.impl">, (capacity: number, settings: PortSettings) => CallQueue>
> = {
  "java.util.concurrent.LinkedBlockingQueue": (capacity) => new FifoCallQueue(capacity),
  "org.apache.hadoop.ipc.FairCallQueue": (capacity, settings) => {
    const levels = settings.get("scheduler.priority.levels");
    const multiplexer = new WeightedRoundRobinMultiplexer(levels, settings.get("faircallqueue.multiplexer.weights"));
    const capacityWeights = settings.get("callqueue.capacity.weights");
    return new FairCallQueue(capacity, { levels, capacityWeights, multiplexer });
  },
};

const SCHEDULERS: Readonly<
  Record<
    PortSettingValue<"scheduler.impl">,
    (settings: PortSettings, conf: Settings, clock: Pick<Clock, "every">) => Scheduler
  >
> = {
  "org.apache.hadoop.ipc.DefaultRpcScheduler": (settings) =>
    new FixedScheduler(settings.get("scheduler.priority.levels")),
  "org.apache.hadoop.ipc.DecayRpcScheduler": (settings, conf, clock) =>
    new DecayScheduler({
      levels: settings.get("scheduler.priority.levels"),
      periodMs: settings.get("decay-scheduler.period-ms"),
      decayFactor: settings.get("decay-scheduler.decay-factor"),
      thresholds: settings.get("decay-scheduler.thresholds").map((percent) => percent / 100),
      serviceUsers: settings.get("decay-scheduler.service-users"),
      backoffThresholdsMs: settings.get("decay-scheduler.backoff.responsetime.enable")
        ? settings.get("decay-scheduler.backoff.responsetime.thresholds")
        : undefined,
      topUsers: settings.get("decay-scheduler.metrics.top.user.count"),
      maxUsers: conf.get("hrpcd.scheduler.users.max"),
      identityProvider: IDENTITY_PROVIDERS[settings.get("identity-provider.impl")],
      costProvider: COST_PROVIDERS[settings.get("cost-provider.impl")](settings),
      clock,
    }),
};

const IDENTITY_PROVIDERS: Readonly<Record<PortSettingValue<"identity-provider.impl">, IdentityProvider>> = {
  "org.apache.hadoop.ipc.UserIdentityProvider": userIdentityProvider,
};

const COST_PROVIDERS: Readonly<
  Record<PortSettingValue<"cost-provider.impl">, (settings: PortSettings) => CostProvider>
> = {
  "org.apache.hadoop.ipc.DefaultCostProvider": () => callCostProvider,
  "org.apache.hadoop.ipc.WeightedTimeCostProvider": (settings) => {
    const weights = TIMINGS.map((timing) => [timing, settings.get(`weighted-cost.${timing}`)] as const);
    return new WeightedTimeCostProvider(Object.fromEntries(weights) as Record<Timing, number>);
  },
};
