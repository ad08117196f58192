/**
 * The one list of settings: what each key is called, means, may hold, and holds when nobody says otherwise.
 *
 * The shipped `hrpc-default.xml`, the table in `conf/README.md`, the types of `Settings.get` and every check come from
 * this list. No default stands anywhere else.
 */

import { PORTLESS_SETTINGS, parsePortKey } from "./call-queue-keys.js";
import type { SettingDefinition } from "./setting-definition.js";

const MAX_INT = 2_147_483_647;
const MAX_TIMER_MS = 2_147_483_647;
const MAX_SAFE = Number.MAX_SAFE_INTEGER;
const HADOOP_DEFAULT = "Hadoop's default.";

/** Keys that Hadoop has: name, meaning and default are Hadoop's (core-default.xml of 3.4). */
const HADOOP_SETTINGS = {
  "hadoop.security.authentication": {
    type: "enum",
    default: "simple",
    values: ["simple"],
    side: "both",
    meaning: "How a peer proves who it is. Only simple, the user name a peer states, exists in this version.",
    reason: HADOOP_DEFAULT,
  },
  "hadoop.security.group.mapping": {
    type: "enum",
    default: "org.apache.hadoop.security.JniBasedUnixGroupsMappingWithFallback",
    values: [
      "org.apache.hadoop.security.JniBasedUnixGroupsMappingWithFallback",
      "org.apache.hadoop.security.JniBasedUnixGroupsMapping",
      "org.apache.hadoop.security.ShellBasedUnixGroupsMapping",
      "org.apache.hadoop.security.NullGroupsMapping",
    ],
    side: "server",
    meaning:
      "Who knows the groups of users. NullGroupsMapping: nobody; each of the others: the operating system, with its LDAP and other name services, by the command id.",
    reason: HADOOP_DEFAULT,
  },
  "hadoop.user.group.static.mapping.overrides": {
    type: "string",
    default: "dr.who=;",
    pattern: /^(?:\s*(?:[^\s=;][^=;]*(?:=[^=;]*)?)?(?:;|$))*$/,
    shape: "user=group,group;user=;...",
    side: "server",
    meaning: "Users whose groups are these, whatever anybody else says.",
    reason: `${HADOOP_DEFAULT} The user of Hadoop's web pages has no groups.`,
  },
  "hadoop.security.groups.cache.secs": {
    type: "int",
    unit: "seconds",
    default: 300,
    min: 0,
    negativeIsZero: true,
    max: MAX_INT,
    side: "server",
    meaning: "How long the groups of a user are remembered; 0 or less is not at all.",
    reason: HADOOP_DEFAULT,
  },
  "hadoop.security.groups.negative-cache.secs": {
    type: "int",
    unit: "seconds",
    default: 30,
    min: 0,
    negativeIsZero: true,
    max: MAX_INT,
    side: "server",
    meaning: "How long it is remembered that a user has no groups; 0 or less is not at all.",
    reason: HADOOP_DEFAULT,
  },
  "ipc.server.handler.queue.size": {
    type: "int",
    unit: "calls per handler",
    default: 100,
    min: 1,
    max: 1_000_000,
    side: "server",
    meaning: "Calls that may wait for each handler; times hrpcd.handlers this is the capacity of the call queue.",
    reason: HADOOP_DEFAULT,
  },
  ...PORTLESS_SETTINGS,
  "ipc.server.read.threadpool.size": {
    type: "int",
    unit: "readers",
    default: 1,
    min: 1,
    max: 64,
    side: "server",
    meaning: "Readers that a server starts. They share one event loop, so more of them only spread the connections.",
    reason: HADOOP_DEFAULT,
  },
  "ipc.server.listen.queue.size": {
    type: "int",
    unit: "connections",
    default: 256,
    min: 1,
    max: 65_535,
    side: "server",
    meaning:
      "Connections that the kernel holds until the listener accepts them; the kernel caps it (net.core.somaxconn).",
    reason: HADOOP_DEFAULT,
  },
  "ipc.server.tcpnodelay": {
    type: "boolean",
    default: true,
    side: "server",
    meaning: "Send answers at once (TCP_NODELAY) instead of waiting for a full segment.",
    reason: `${HADOOP_DEFAULT} Answers are batched before they are written, so delay would only cost time.`,
  },
  "ipc.server.max.connections": {
    type: "int",
    unit: "connections",
    default: 0,
    min: 0,
    negativeIsZero: true,
    max: MAX_INT,
    side: "server",
    meaning: "Open connections beyond which a new one is closed at once; 0 or less sets no limit.",
    reason: HADOOP_DEFAULT,
  },
  "ipc.maximum.data.length": {
    type: "bytes",
    default: 134_217_728,
    min: 1,
    max: MAX_INT,
    side: "server",
    meaning: "Longest request frame that a server takes; a connection that announces a longer one is closed.",
    reason: HADOOP_DEFAULT,
  },
  "ipc.server.max.response.size": {
    type: "bytes",
    default: 1_048_576,
    min: 1,
    max: MAX_INT,
    side: "server",
    meaning: "Answers longer than this are sent and logged as large.",
    reason: HADOOP_DEFAULT,
  },
  "ipc.server.purge.interval": {
    type: "int",
    unit: "minutes",
    default: 15,
    min: 0,
    negativeIsZero: true,
    max: 35_791,
    side: "server",
    meaning: "A connection is closed whose peer has left an answer unread for this long; 0 or less means 15.",
    reason: HADOOP_DEFAULT,
  },
  "ipc.client.idlethreshold": {
    type: "int",
    unit: "connections",
    default: 4000,
    min: 0,
    max: MAX_INT,
    side: "server",
    meaning: "Open connections from which on the server closes idle ones. A server reads it, whatever its name says.",
    reason: HADOOP_DEFAULT,
  },
  "ipc.client.connection.idle-scan-interval.ms": {
    type: "duration-ms",
    default: 10_000,
    min: 1,
    max: MAX_TIMER_MS,
    side: "server",
    meaning: "Time between two searches of the server for idle connections.",
    reason: HADOOP_DEFAULT,
  },
  "ipc.client.kill.max": {
    type: "int",
    unit: "connections",
    default: 10,
    min: 1,
    max: MAX_INT,
    side: "server",
    meaning: "Idle connections that the server closes in one search, at most.",
    reason: HADOOP_DEFAULT,
  },
  "ipc.client.connection.maxidletime": {
    type: "duration-ms",
    default: 10_000,
    min: 0,
    max: 1_000_000_000,
    side: "both",
    meaning:
      "A client closes a connection without calls after this time; a server counts one as idle after twice as long.",
    reason: HADOOP_DEFAULT,
  },
  "ipc.client.connect.max.retries": {
    type: "int",
    unit: "retries",
    default: 10,
    min: 0,
    max: MAX_INT,
    side: "client",
    meaning: "How often a client tries again to connect after an error other than a timeout.",
    reason: HADOOP_DEFAULT,
  },
  "ipc.client.connect.retry.interval": {
    type: "duration-ms",
    default: 1000,
    min: 0,
    max: MAX_TIMER_MS,
    side: "client",
    meaning: "Pause before a client tries again to connect.",
    reason: HADOOP_DEFAULT,
  },
  "ipc.client.connect.timeout": {
    type: "duration-ms",
    default: 20_000,
    min: 1,
    max: MAX_TIMER_MS,
    side: "client",
    meaning: "How long one attempt to connect may take.",
    reason: HADOOP_DEFAULT,
  },
  "ipc.client.connect.max.retries.on.timeouts": {
    type: "int",
    unit: "retries",
    default: 45,
    min: 0,
    max: MAX_INT,
    side: "client",
    meaning: "How often a client tries again to connect after an attempt timed out.",
    reason: HADOOP_DEFAULT,
  },
  "ipc.client.tcpnodelay": {
    type: "boolean",
    default: true,
    side: "client",
    meaning: "Send calls at once (TCP_NODELAY) instead of waiting for a full segment.",
    reason: `${HADOOP_DEFAULT} Calls of one turn are batched before they are written, so delay would only cost time.`,
  },
  "ipc.client.ping": {
    type: "boolean",
    default: true,
    side: "client",
    meaning:
      "Send a ping on a connection that waits for answers and hears nothing. Off, only deadlines notice a dead peer.",
    reason: HADOOP_DEFAULT,
  },
  "ipc.ping.interval": {
    type: "duration-ms",
    default: 60_000,
    min: 1,
    max: MAX_TIMER_MS,
    side: "client",
    meaning: "Silence after which a waiting client sends a ping.",
    reason: HADOOP_DEFAULT,
  },
  "ipc.client.rpc-timeout.ms": {
    type: "duration-ms",
    default: 120_000,
    min: 0,
    negativeIsZero: true,
    max: MAX_TIMER_MS,
    side: "client",
    meaning: "How long a call may take when its caller names no deadline; 0 or less sets none.",
    reason: HADOOP_DEFAULT,
  },
  "ipc.maximum.response.length": {
    type: "bytes",
    default: 134_217_728,
    min: 0,
    negativeIsZero: true,
    max: MAX_INT,
    side: "client",
    meaning: "Longest answer frame that a client takes; 0 or less sets no limit.",
    reason: HADOOP_DEFAULT,
  },
} as const satisfies Record<string, SettingDefinition>;

/** Keys of our own. */
const OWN_SETTINGS = {
  "hrpcd.bind.address": {
    type: "string",
    required: true,
    default: "127.0.0.1",
    side: "server",
    meaning: "Address that the daemon listens on; 0.0.0.0 or :: opens it to the network.",
    reason: "A server that believes any stated user name should not face a network unless somebody decided so.",
  },
  "hrpcd.port": {
    type: "int",
    unit: "port",
    default: 7788,
    min: 0,
    max: 65_535,
    side: "server",
    meaning: "Port that the daemon listens on; 0 takes any free one and prints which.",
    reason: "Not the default of any Hadoop daemon, and open to every user.",
  },
  "hrpcd.handlers": {
    type: "int",
    unit: "handlers",
    default: 10,
    min: 1,
    max: 10_000,
    side: "server",
    meaning: "Calls that run at the same time.",
    reason: "What a NameNode starts with (dfs.namenode.handler.count).",
  },
  "hrpcd.services": {
    type: "list",
    default: [],
    side: "server",
    meaning: "Modules that the daemon serves: packages, or paths relative to the file that sets this.",
    reason: "The library serves nothing by itself; the shipped hrpc-site.xml names the example.",
  },
  "hrpcd.server.handshake.timeout.ms": {
    type: "duration-ms",
    default: 9_000,
    min: 1,
    max: MAX_TIMER_MS,
    side: "server",
    meaning: "A new connection must have sent preamble and connection context within this time.",
    reason:
      "A healthy peer needs two round trips; nine seconds forgive lost packets, and a silent peer is gone within ten.",
  },
  "hrpcd.server.handshake.max.length": {
    type: "bytes",
    default: 65_536,
    min: 64,
    max: 16_777_216,
    side: "server",
    meaning: "Longest frame that a peer may send before its connection context is accepted.",
    reason: "A context is under 1 KiB; a stranger must not make the server hold more than one socket read.",
  },
  "hrpcd.server.frame.timeout.ms": {
    type: "duration-ms",
    default: 9_000,
    min: 1,
    max: MAX_TIMER_MS,
    side: "server",
    meaning:
      "A frame that has begun must be whole within this time, plus a second per hrpcd.server.frame.min.rate bytes.",
    reason: "Long enough for a stalled network, and a half-sent frame is gone within ten seconds.",
  },
  "hrpcd.server.frame.min.rate": {
    type: "bytes",
    unit: "bytes per second",
    default: 65_536,
    min: 1,
    max: MAX_INT,
    side: "server",
    meaning: "Rate of arrival that keeps a long frame within hrpcd.server.frame.timeout.ms.",
    reason: "Slower than any link that Hadoop is run over, so only a peer that dawdles misses it.",
  },
  "hrpcd.server.frames.per.turn": {
    type: "int",
    unit: "frames",
    default: 256,
    min: 1,
    max: 1_000_000,
    side: "server",
    meaning: "Frames that a reader takes from one connection before its neighbours have their turn.",
    reason: "About a millisecond of work: batches stay large, and neighbours do not notice the wait.",
  },
  "hrpcd.server.response.backlog.max": {
    type: "bytes",
    default: 8_388_608,
    min: 1,
    max: MAX_INT,
    side: "server",
    meaning: "Unsent answers of one connection at which the server stops to read from it.",
    reason: "Eight of the largest answers that pass without a log line (ipc.server.max.response.size).",
  },
  "hrpcd.server.response.backlog.peer.max": {
    type: "bytes",
    default: 142_606_336,
    min: 1,
    max: MAX_INT,
    side: "server",
    meaning: "Unsent answers of one connection beyond which it is closed.",
    reason: "The longest answer that is sent, behind a full hrpcd.server.response.backlog.max.",
  },
  "hrpcd.server.response.backlog.total.max": {
    type: "bytes",
    default: 268_435_456,
    min: 1,
    max: MAX_SAFE,
    side: "server",
    meaning: "Unsent answers of all connections together; beyond, the connection with the most of them is closed.",
    reason: "Thirty peers that read nothing; all that read are far below.",
  },
  "hrpcd.server.response.length.max": {
    type: "bytes",
    default: 134_217_728,
    min: 1024,
    max: 1_073_741_824,
    side: "server",
    meaning: "Longest answer that is sent; instead of a longer one its caller gets an error.",
    reason: "What a client takes (ipc.maximum.response.length): a longer one would cost it the connection.",
  },
  "hrpcd.server.queue.bytes.max": {
    type: "bytes",
    default: 67_108_864,
    min: 1,
    max: MAX_SAFE,
    side: "server",
    meaning:
      "Bytes of the calls in the call queue; at this it is full, however few they are. An empty queue takes any call.",
    reason: "A full queue of calls of 64 KiB with the shipped numbers of handlers and calls per handler.",
  },
  "hrpcd.server.request.bytes.max": {
    type: "bytes",
    default: 536_870_912,
    min: 1,
    max: MAX_SAFE,
    side: "server",
    meaning:
      "Bytes of requests that are being received or wait, together; beyond, the connection with the most of them is closed.",
    reason: "Four requests of the longest kind (ipc.maximum.data.length), and a ceiling for what strangers can fill.",
  },
  "hrpcd.user.calls.max": {
    type: "int",
    unit: "calls",
    default: 65_536,
    min: 0,
    negativeIsZero: true,
    max: MAX_INT,
    side: "server",
    meaning:
      "Calls of one user that may wait or run; one more is answered with a RetriableException. 0 or less sets no limit.",
    reason: "What a client has in flight at most (hrpcd.client.calls.max): to share a server fairly, set it far lower.",
  },
  "hrpcd.user.connections.max": {
    type: "int",
    unit: "connections",
    default: 0,
    min: 0,
    negativeIsZero: true,
    max: MAX_INT,
    side: "server",
    meaning: "Connections that one user may have open; one more is refused. 0 or less sets no limit.",
    reason: "Service users come from every machine of a cluster.",
  },
  "hrpcd.server.connections.per.address.max": {
    type: "int",
    unit: "connections",
    default: 4096,
    min: 0,
    negativeIsZero: true,
    max: MAX_INT,
    side: "server",
    meaning:
      "Connections that one address, or one /64 network of IPv6, may have open; one more is closed at once. 0 or less sets no limit.",
    reason: "More than a busy gateway needs, and one machine alone cannot take every descriptor.",
  },
  "hrpcd.server.descriptors.reserve": {
    type: "int",
    unit: "descriptors",
    default: 256,
    min: 0,
    max: MAX_INT,
    side: "server",
    meaning:
      "File descriptors of the process that connections leave free, but no more than half of them; connections beyond are closed at once.",
    reason: "Log, files of services and their own connections must still open when peers hold all they can.",
  },
  "hrpcd.server.idle.timeout.ms": {
    type: "duration-ms",
    default: 120_000,
    min: 0,
    negativeIsZero: true,
    max: MAX_TIMER_MS,
    side: "server",
    meaning:
      "A connection without a call in flight is closed after this silence, however few are open. 0 or less leaves it to ipc.client.idlethreshold.",
    reason: "Clients close after ten seconds (ipc.client.connection.maxidletime); one that waits longer is forgotten.",
  },
  "hrpcd.server.error.stack": {
    type: "boolean",
    default: false,
    side: "server",
    meaning: "Send the stack of what a handler threw to the caller, as Hadoop does.",
    reason: "A stack tells a stranger about paths and versions, and costs more than the rest of the answer.",
  },
  "hrpcd.scheduler.users.max": {
    type: "int",
    unit: "users",
    default: 10_000,
    min: 1,
    max: 10_000_000,
    side: "server",
    meaning:
      "Users whose use the DecayRpcScheduler counts apart; users beyond share one account until a decay has made room.",
    reason: "Names come from peers, and an account takes about 200 bytes; Hadoop has no bound.",
  },
  "hrpcd.decode.empty.items.max": {
    type: "int",
    unit: "items",
    default: 10_000,
    min: 0,
    max: MAX_INT,
    side: "both",
    meaning: "Items of no size (such as Avro nulls) that the arrays and maps of one body may hold together.",
    reason: "Such items cost memory but no bytes: five bytes could ask for fifty million.",
  },
  "hrpcd.decode.objects.max": {
    type: "int",
    unit: "objects",
    default: 1_000_000,
    min: 1,
    max: MAX_INT,
    side: "both",
    meaning:
      "Arrays, maps and their entries, records, byte arrays and dates that one body may make; never more than two for each of its bytes and 10,000.",
    reason:
      "A million take about 0.2 seconds and 100 MB; a byte can become a record with a dozen fields from defaults.",
  },
  "hrpcd.decode.depth.max": {
    type: "int",
    unit: "levels",
    default: 100,
    min: 1,
    max: 1000,
    side: "both",
    meaning: "How deep the values of one body may nest.",
    reason: "What protobuf allows in Java; the stack holds many times more.",
  },
  "hrpcd.decode.schema.max.length": {
    type: "bytes",
    default: 65_536,
    min: 1024,
    max: 16_777_216,
    side: "both",
    meaning: "Longest Avro schema that is taken from a peer.",
    reason: "Schemas that people write take a few KiB; one of this length is compiled in less than 50 milliseconds.",
  },
  "hrpcd.client.calls.max": {
    type: "int",
    unit: "calls",
    default: 65_536,
    min: 1,
    max: MAX_INT,
    side: "client",
    meaning: "Calls in flight on one connection; one more fails with TOO_MANY_CALLS and is not sent.",
    reason: "Many times the call queue of any server, and still a bound on what a lost server can pin.",
  },
  "hrpcd.client.backlog.max": {
    type: "bytes",
    default: 67_108_864,
    min: 1,
    max: MAX_INT,
    side: "client",
    meaning:
      "Encoded calls that may wait while a connection is being made or the server does not read; at this, one more fails with TOO_MANY_CALLS.",
    reason: "Large arguments reach it long before the number of calls does.",
  },
  "hrpcd.shutdown.grace.ms": {
    type: "duration-ms",
    default: 30_000,
    min: 0,
    max: MAX_TIMER_MS,
    side: "server",
    meaning: "How long calls in flight may take to finish when the server stops.",
    reason: "Hadoop's hadoop.service.shutdown.timeout, and a third of what systemd waits before it kills.",
  },
  "hrpcd.log.level": {
    type: "enum",
    default: "info",
    values: ["error", "warn", "info", "debug"],
    side: "server",
    meaning: "The least important lines that are logged.",
    reason: "Start, stop and trouble, no line per call.",
  },
  "hrpcd.log.file": {
    type: "string",
    default: "",
    side: "server",
    meaning: "File that log lines are appended to, relative to the file that sets this; empty means standard error.",
    reason: "What systemd and containers collect.",
  },
} as const satisfies Record<string, SettingDefinition>;

/** Every setting there is, by key: Hadoop's first, then ours. */
export const SETTINGS = { ...HADOOP_SETTINGS, ...OWN_SETTINGS } as const;

/** The key of a setting. */
export type SettingKey = keyof typeof SETTINGS;

/** Every key, in the order of the list. */
export const SETTING_KEYS = Object.keys(SETTINGS) as readonly SettingKey[];

/** Whether `key` is a setting of ours or one of Hadoop's that we read. */
export function isSettingKey(key: string): key is SettingKey {
  return Object.hasOwn(SETTINGS, key);
}

/** Whether `key` is a setting, or one of the server on some port. */
export function isKnownKey(key: string): boolean {
  return isSettingKey(key) || parsePortKey(key) !== undefined;
}

/** The entry of a key, without the literal types of the list. */
export function settingDefinition(key: SettingKey): SettingDefinition {
  return SETTINGS[key];
}
