import assert from "node:assert/strict";
import { test } from "node:test";
import { portSettingDefinition } from "../../conf/call-queue-keys.js";
import { PORT_SETTING_NAMES, SETTING_KEYS, SETTINGS, type SettingDefinition } from "../../conf/index.js";
import { settingDefinition } from "../../conf/keys.js";
import { readValue, settingText } from "../../conf/read-value.js";

/** The keys that Hadoop has, with the defaults of core-default.xml in Hadoop 3.4, as they stand there. */
const CORE_DEFAULT: Readonly<Record<string, string>> = {
  "hadoop.security.authentication": "simple",
  "hadoop.security.group.mapping": "org.apache.hadoop.security.JniBasedUnixGroupsMappingWithFallback",
  "hadoop.security.groups.cache.secs": "300",
  "hadoop.security.groups.negative-cache.secs": "30",
  "hadoop.user.group.static.mapping.overrides": "dr.who=;",
  "ipc.backoff.enable": "false",
  "ipc.callqueue.impl": "java.util.concurrent.LinkedBlockingQueue",
  "ipc.callqueue.overflow.trigger.failover": "false",
  "ipc.client.connect.max.retries": "10",
  "ipc.client.connect.max.retries.on.timeouts": "45",
  "ipc.client.connect.retry.interval": "1000",
  "ipc.client.connect.timeout": "20000",
  "ipc.client.connection.idle-scan-interval.ms": "10000",
  "ipc.client.connection.maxidletime": "10000",
  "ipc.client.idlethreshold": "4000",
  "ipc.client.kill.max": "10",
  "ipc.client.ping": "true",
  "ipc.client.rpc-timeout.ms": "120000",
  "ipc.client.tcpnodelay": "true",
  "ipc.cost-provider.impl": "org.apache.hadoop.ipc.DefaultCostProvider",
  "ipc.identity-provider.impl": "org.apache.hadoop.ipc.UserIdentityProvider",
  "ipc.maximum.data.length": "134217728",
  "ipc.maximum.response.length": "134217728",
  "ipc.ping.interval": "60000",
  "ipc.scheduler.impl": "org.apache.hadoop.ipc.DefaultRpcScheduler",
  "ipc.server.handler.queue.size": "100",
  "ipc.server.listen.queue.size": "256",
  "ipc.server.log.slow.rpc": "false",
  "ipc.server.log.slow.rpc.threshold.ms": "0",
  "ipc.server.max.connections": "0",
  "ipc.server.max.response.size": "1048576",
  "ipc.server.metrics.update.runner.interval": "5000",
  "ipc.server.purge.interval": "15",
  "ipc.server.read.threadpool.size": "1",
  "ipc.server.tcpnodelay": "true",
  "rpc.metrics.percentiles.intervals": "",
  "rpc.metrics.quantile.enable": "false",
  "rpc.metrics.timeunit": "MILLISECONDS",
};

/** Hadoop's DecayRpcScheduler reads this key; core-default.xml has the one with a port instead. */
const READ_BUT_NOT_DOCUMENTED = "decay-scheduler.metrics.top.user.count";

/** Keys of one port in core-default.xml, as they stand there behind `ipc.[port_number].`. */
const CORE_DEFAULT_OF_PORT: Readonly<Record<string, string>> = {
  "backoff.enable": "false",
  "callqueue.capacity.weights": "",
  "callqueue.impl": "java.util.concurrent.LinkedBlockingQueue",
  "callqueue.overflow.trigger.failover": "false",
  "cost-provider.impl": "org.apache.hadoop.ipc.DefaultCostProvider",
  "decay-scheduler.backoff.responsetime.enable": "false",
  "decay-scheduler.decay-factor": "0.5",
  "decay-scheduler.metrics.top.user.count": "10",
  "decay-scheduler.period-ms": "5000",
  "decay-scheduler.service-users": "",
  "identity-provider.impl": "org.apache.hadoop.ipc.UserIdentityProvider",
  "scheduler.impl": "org.apache.hadoop.ipc.DefaultRpcScheduler",
  "scheduler.priority.levels": "4",
  "weighted-cost.handler": "1",
  "weighted-cost.lockexclusive": "100",
  "weighted-cost.lockfree": "1",
  "weighted-cost.lockshared": "10",
  "weighted-cost.response": "1",
};

/** Keys of one port without a default text: what holds then depends on the number of levels, or is 0. */
const COMPUTED = [
  "decay-scheduler.backoff.responsetime.thresholds",
  "decay-scheduler.thresholds",
  "faircallqueue.multiplexer.weights",
  "weighted-cost.enqueue",
  "weighted-cost.lockwait",
  "weighted-cost.processing",
  "weighted-cost.queue",
];

/** Every entry there is, with the key or the name it goes by. */
const ENTRIES: readonly (readonly [string, SettingDefinition])[] = [
  ...SETTING_KEYS.map((key) => [key, settingDefinition(key)] as const),
  ...PORT_SETTING_NAMES.map((name) => [name, portSettingDefinition(name)] as const),
];

test("keys of one port are Hadoop's, with Hadoop's defaults", () => {
  const defaults = PORT_SETTING_NAMES.filter((name) => !COMPUTED.includes(name)).map((name) => [
    name,
    settingText(portSettingDefinition(name).default),
  ]);
  assert.deepEqual(Object.fromEntries(defaults), CORE_DEFAULT_OF_PORT);
  assert.deepEqual(
    PORT_SETTING_NAMES.filter((name) => !Object.hasOwn(CORE_DEFAULT_OF_PORT, name)).toSorted(),
    COMPUTED,
  );
});

test("a key of one port that falls back on one without a port has the same entry", () => {
  for (const name of PORT_SETTING_NAMES) {
    const { portless, ...definition } = portSettingDefinition(name);
    if (portless !== undefined) assert.deepEqual(definition, settingDefinition(portless as (typeof SETTING_KEYS)[0]));
  }
});

test("keys that Hadoop has keep Hadoop's default, and all others are called hrpcd", () => {
  const hadoop = SETTING_KEYS.filter((key) => !key.startsWith("hrpcd.") && key !== READ_BUT_NOT_DOCUMENTED);
  const defaults = hadoop.map((key) => [key, settingText(SETTINGS[key].default)]);
  assert.deepEqual(Object.fromEntries(defaults), CORE_DEFAULT);
});

test("every default obeys the rule of its own key and reads back from its text", () => {
  for (const [key, definition] of ENTRIES) {
    assert.deepEqual(readValue(definition, definition.default), { value: definition.default }, key);
    assert.deepEqual(readValue(definition, settingText(definition.default)), { value: definition.default }, key);
  }
});

test("every number has a range, every enum its values and every class its names", () => {
  for (const [key, { type, min, max, values, classes, pattern, shape }] of ENTRIES) {
    const numeric = ["int", "bytes", "duration-ms", "int-list", "duration-ms-list"].includes(type);
    assert.equal(min !== undefined && max !== undefined && min <= max, numeric, key);
    assert.equal(values !== undefined, type === "enum", key);
    assert.equal(classes !== undefined, type === "class", key);
    assert.equal(pattern !== undefined, shape !== undefined, key);
  }
});

test("every key says what it does and why its default is what it is", () => {
  for (const [key, { meaning, reason }] of ENTRIES) {
    assert.match(meaning, /^[A-Z].*\.$/, key);
    assert.match(reason, /^[A-Z].*\.$/, key);
  }
});
