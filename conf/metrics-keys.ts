/** Settings of metrics and of the HTTP listener: a part of the one list, `keys.ts`. */

import type { SettingDefinition } from "./setting-definition.js";

const HADOOP_DEFAULT = "Hadoop's default.";

/** Keys that Hadoop has. */
export const HADOOP_METRICS_SETTINGS = {
  "ipc.server.metrics.update.runner.interval": {
    type: "duration-ms",
    default: 5000,
    min: 1,
    max: 2_147_483_647,
    side: "server",
    meaning: "How often the calls per second and the windows of average times are taken anew.",
    reason: HADOOP_DEFAULT,
  },
  "rpc.metrics.quantile.enable": {
    type: "boolean",
    default: false,
    side: "server",
    meaning: "Count percentiles of the times of calls, over the windows of rpc.metrics.percentiles.intervals.",
    reason: HADOOP_DEFAULT,
  },
  "rpc.metrics.percentiles.intervals": {
    type: "int-list",
    unit: "seconds",
    default: [],
    min: 1,
    max: 86_400,
    side: "server",
    meaning:
      "Lengths of the windows that percentiles are told of, such as 60,300; used with rpc.metrics.quantile.enable.",
    reason: HADOOP_DEFAULT,
  },
  "rpc.metrics.timeunit": {
    type: "enum",
    default: "MILLISECONDS",
    values: ["NANOSECONDS", "MICROSECONDS", "MILLISECONDS", "SECONDS", "MINUTES", "HOURS", "DAYS"],
    side: "server",
    meaning: "Unit of the times in metrics. Parts of a unit are told, too.",
    reason: HADOOP_DEFAULT,
  },
} as const satisfies Record<string, SettingDefinition>;

/** Keys of ours. */
export const OWN_METRICS_SETTINGS = {
  "hrpcd.metrics.service": {
    type: "string",
    default: "hrpcd",
    required: true,
    side: "server",
    meaning:
      "Name of this daemon in metrics: the service in names of JMX beans (NameNode, for a Hadoop daemon), and the tag serverName.",
    reason: "The name of the program.",
  },
  "hrpcd.http.enable": {
    type: "boolean",
    default: false,
    side: "server",
    meaning: "Serve metrics, settings and health over HTTP: /prom, /jmx, /conf, /health/live and /health/ready.",
    reason: "A port that nobody asked for is one more to guard.",
  },
  "hrpcd.http.address": {
    type: "string",
    default: "127.0.0.1",
    required: true,
    side: "server",
    meaning: "Host name or address that the HTTP listener listens on. Who can reach it can read all that it shows.",
    reason: "There is no authentication, so only this machine may ask.",
  },
  "hrpcd.http.port": {
    type: "int",
    unit: "port",
    default: 7789,
    min: 0,
    max: 65_535,
    side: "server",
    meaning: "TCP port that the HTTP listener listens on; 0 takes any free one.",
    reason: "The next after that of calls.",
  },
} as const satisfies Record<string, SettingDefinition>;
