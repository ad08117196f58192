/**
 * The settings of call queue, scheduler and back-off. Hadoop gives them to the server on one port, `ipc.<port>.name`; for
 * some it also reads a key without a port, which holds for every port that has none of its own.
 * Hadoop: ipc/CallQueueManager.java, ipc/DecayRpcScheduler.java, ipc/WeightedTimeCostProvider.java, core-default.xml of 3.4.
 */

import type { SettingDefinition } from "./setting-definition.js";

const MAX_INT = 2_147_483_647;
const HADOOP_DEFAULT = "Hadoop's default.";

/** Keys without a port. Each is the fallback of the key of the same name with a port. */
export const PORTLESS_SETTINGS = {
  "ipc.callqueue.impl": {
    type: "class",
    default: "java.util.concurrent.LinkedBlockingQueue",
    classes: { "java.util.concurrent.LinkedBlockingQueue": "fifo", "org.apache.hadoop.ipc.FairCallQueue": "fair" },
    side: "server",
    live: true,
    meaning: "Queue that calls wait in: first come, first served, or one queue for each priority level.",
    reason: HADOOP_DEFAULT,
  },
  "ipc.scheduler.impl": {
    type: "class",
    default: "org.apache.hadoop.ipc.DefaultRpcScheduler",
    classes: {
      "org.apache.hadoop.ipc.DefaultRpcScheduler": "fixed",
      "org.apache.hadoop.ipc.DecayRpcScheduler": "decay",
    },
    side: "server",
    live: true,
    meaning:
      "What gives a call its priority level: always the highest, or the lower the more its user has used. A port with a FairCallQueue of its own and no scheduler of its own gets the DecayRpcScheduler.",
    reason: HADOOP_DEFAULT,
  },
  "ipc.identity-provider.impl": {
    type: "class",
    default: "org.apache.hadoop.ipc.UserIdentityProvider",
    classes: { "org.apache.hadoop.ipc.UserIdentityProvider": "user" },
    side: "server",
    live: true,
    meaning: "Whose use the DecayRpcScheduler counts: that of the user a call runs as.",
    reason: HADOOP_DEFAULT,
  },
  "ipc.cost-provider.impl": {
    type: "class",
    default: "org.apache.hadoop.ipc.DefaultCostProvider",
    classes: {
      "org.apache.hadoop.ipc.DefaultCostProvider": "calls",
      "org.apache.hadoop.ipc.WeightedTimeCostProvider": "weighted-time",
    },
    side: "server",
    live: true,
    meaning: "What the DecayRpcScheduler counts: calls, or the time they took.",
    reason: HADOOP_DEFAULT,
  },
  "ipc.backoff.enable": {
    type: "boolean",
    default: false,
    side: "server",
    live: true,
    meaning:
      "Refuse calls with a RetriableException when the call queue is full or answers take too long; otherwise a call that finds no room waits, and its connection is not read.",
    reason: HADOOP_DEFAULT,
  },
  "ipc.callqueue.overflow.trigger.failover": {
    type: "boolean",
    default: false,
    side: "server",
    live: true,
    meaning: "Refuse calls with a StandbyException instead, so that clients go to another server.",
    reason: `${HADOOP_DEFAULT} Only a service whose servers are all alike may use it.`,
  },
  "decay-scheduler.metrics.top.user.count": {
    type: "int",
    unit: "users",
    default: 10,
    min: 1,
    max: 1000,
    side: "server",
    live: true,
    meaning: "Users that the scheduler reports by name: those that have used most.",
    reason: `${HADOOP_DEFAULT} Hadoop reads the key without ipc.<port> only, and documents the one with it; here both are read.`,
  },
} as const satisfies Record<string, SettingDefinition>;

/** A setting of the server on one port. */
export interface PortSettingDefinition extends SettingDefinition {
  /** The key that is read when no port-specific one is set. */
  readonly portless?: string;
}

const WEIGHT = { type: "int", unit: "weight", min: 0, max: MAX_INT, side: "server" } as const;

/** Settings of one port, by what stands behind `ipc.<port>.` in the key. */
export const PORT_SETTINGS = {
  "callqueue.impl": { ...PORTLESS_SETTINGS["ipc.callqueue.impl"], portless: "ipc.callqueue.impl" },
  "scheduler.impl": { ...PORTLESS_SETTINGS["ipc.scheduler.impl"], portless: "ipc.scheduler.impl" },
  "identity-provider.impl": {
    ...PORTLESS_SETTINGS["ipc.identity-provider.impl"],
    portless: "ipc.identity-provider.impl",
  },
  "cost-provider.impl": { ...PORTLESS_SETTINGS["ipc.cost-provider.impl"], portless: "ipc.cost-provider.impl" },
  "backoff.enable": { ...PORTLESS_SETTINGS["ipc.backoff.enable"], portless: "ipc.backoff.enable" },
  "callqueue.overflow.trigger.failover": {
    ...PORTLESS_SETTINGS["ipc.callqueue.overflow.trigger.failover"],
    portless: "ipc.callqueue.overflow.trigger.failover",
  },
  "scheduler.priority.levels": {
    type: "int",
    unit: "levels",
    default: 4,
    min: 1,
    max: 100,
    side: "server",
    meaning: "Priority levels of calls; level 0 is served first.",
    reason: HADOOP_DEFAULT,
  },
  "callqueue.capacity.weights": {
    type: "int-list",
    unit: "weights",
    default: [],
    min: 1,
    max: 1_000_000,
    side: "server",
    meaning:
      "Shares of the FairCallQueue's capacity, one for each level; level 0 gets what division leaves over. Empty: all alike.",
    reason: HADOOP_DEFAULT,
  },
  "faircallqueue.multiplexer.weights": {
    type: "int-list",
    unit: "weights",
    default: [],
    min: 1,
    max: 1_000_000,
    side: "server",
    meaning:
      "Calls that the FairCallQueue takes from each level in turn, one for each level. Empty: powers of two, 8,4,2,1 for four levels.",
    reason: HADOOP_DEFAULT,
  },
  "decay-scheduler.period-ms": {
    type: "duration-ms",
    default: 5000,
    min: 1,
    max: MAX_INT,
    side: "server",
    meaning: "Time between two decays of what users have used; levels are set anew at each.",
    reason: HADOOP_DEFAULT,
  },
  "decay-scheduler.decay-factor": {
    type: "fraction",
    default: 0.5,
    side: "server",
    meaning: "What a decay leaves of what users have used.",
    reason: HADOOP_DEFAULT,
  },
  "decay-scheduler.thresholds": {
    type: "int-list",
    unit: "percent",
    default: [],
    min: 0,
    max: 100,
    ascending: true,
    side: "server",
    meaning:
      "Shares of all use from which a user's calls have level 1, 2 and so on: one fewer than levels. Empty: each half of the next, 12.5, 25 and 50 for four levels.",
    reason: HADOOP_DEFAULT,
  },
  "decay-scheduler.service-users": {
    type: "list",
    default: [],
    side: "server",
    meaning: "Users whose calls always have level 0 and do not count in the use of all.",
    reason: HADOOP_DEFAULT,
  },
  "decay-scheduler.backoff.responsetime.enable": {
    type: "boolean",
    default: false,
    side: "server",
    meaning:
      "With backoff.enable: refuse calls of a level while answers of it, or of a higher one, take longer than its threshold.",
    reason: HADOOP_DEFAULT,
  },
  "decay-scheduler.backoff.responsetime.thresholds": {
    type: "duration-ms-list",
    default: [],
    min: 1,
    max: MAX_INT,
    side: "server",
    meaning: "Average times of queue and method that are still good, one for each level. Empty: 10s,20s,30s and so on.",
    reason: HADOOP_DEFAULT,
  },
  "decay-scheduler.metrics.top.user.count": {
    ...PORTLESS_SETTINGS["decay-scheduler.metrics.top.user.count"],
    portless: "decay-scheduler.metrics.top.user.count",
  },
  "weighted-cost.enqueue": {
    ...WEIGHT,
    default: 0,
    meaning: "WeightedTimeCostProvider: weight of the time until a call is in the queue.",
    reason: HADOOP_DEFAULT,
  },
  "weighted-cost.queue": {
    ...WEIGHT,
    default: 0,
    meaning: "WeightedTimeCostProvider: weight of the time in the queue.",
    reason: HADOOP_DEFAULT,
  },
  "weighted-cost.handler": {
    ...WEIGHT,
    default: 1,
    meaning: "WeightedTimeCostProvider: weight of a handler's time outside of method and answer, which is 0 here.",
    reason: HADOOP_DEFAULT,
  },
  "weighted-cost.processing": {
    ...WEIGHT,
    default: 0,
    meaning: "WeightedTimeCostProvider: weight of the whole time of decoding arguments and running the method.",
    reason: `${HADOOP_DEFAULT} The parts of that time have weights of their own.`,
  },
  "weighted-cost.lockfree": {
    ...WEIGHT,
    default: 1,
    meaning: "WeightedTimeCostProvider: weight of that time without a lock.",
    reason: HADOOP_DEFAULT,
  },
  "weighted-cost.lockwait": {
    ...WEIGHT,
    default: 0,
    meaning: "WeightedTimeCostProvider: weight of the time that the method says it waited for a lock.",
    reason: HADOOP_DEFAULT,
  },
  "weighted-cost.lockshared": {
    ...WEIGHT,
    default: 10,
    meaning: "WeightedTimeCostProvider: weight of the time that the method says it held a lock with others.",
    reason: HADOOP_DEFAULT,
  },
  "weighted-cost.lockexclusive": {
    ...WEIGHT,
    default: 100,
    meaning: "WeightedTimeCostProvider: weight of the time that the method says it held a lock alone.",
    reason: HADOOP_DEFAULT,
  },
  "weighted-cost.response": {
    ...WEIGHT,
    default: 1,
    meaning: "WeightedTimeCostProvider: weight of the time in which the answer is encoded.",
    reason: HADOOP_DEFAULT,
  },
} as const satisfies Record<string, PortSettingDefinition>;

/** What stands behind `ipc.<port>.` in the key of a setting of one port. */
export type PortSettingName = keyof typeof PORT_SETTINGS;

/** Every such name, in the order of the list. */
export const PORT_SETTING_NAMES = Object.keys(PORT_SETTINGS) as readonly PortSettingName[];

/** The entry of a name, without the literal types of the list. */
export function portSettingDefinition(name: PortSettingName): PortSettingDefinition {
  return PORT_SETTINGS[name];
}

/** The key of a setting of the server on this port. */
export function portKey(port: number | string, name: PortSettingName): string {
  return `ipc.${port}.${name}`;
}

/** How Hadoop writes a key in documents when it means any port. */
export const ANY_PORT = "[port_number]";

/** The highest number of a port. */
export const PORT_MAX = 65_535;

const PORT_KEY = /^ipc\.(0|[1-9][0-9]{0,4}|\[port_number\])\.(.+)$/;

/** The port and the name that a key is made of; undefined for any other key. `ANY_PORT` stands where no port does. */
export function parsePortKey(
  key: string,
): { readonly port: number | typeof ANY_PORT; readonly name: PortSettingName } | undefined {
  const [, place = "", name = ""] = PORT_KEY.exec(key) ?? [];
  if (!Object.hasOwn(PORT_SETTINGS, name) || Number(place) > PORT_MAX) return undefined;
  return { port: place === ANY_PORT ? ANY_PORT : Number(place), name: name as PortSettingName };
}
