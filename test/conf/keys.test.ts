import assert from "node:assert/strict";
import { test } from "node:test";
import { SETTING_KEYS, SETTINGS } from "../../conf/index.js";
import { settingDefinition } from "../../conf/keys.js";
import { readValue, settingText } from "../../conf/read-value.js";

/** The keys that Hadoop has, with the defaults of core-default.xml in Hadoop 3.4, as they stand there. */
const CORE_DEFAULT: Readonly<Record<string, string>> = {
  "hadoop.security.authentication": "simple",
  "hadoop.security.group.mapping": "org.apache.hadoop.security.JniBasedUnixGroupsMappingWithFallback",
  "hadoop.security.groups.cache.secs": "300",
  "hadoop.security.groups.negative-cache.secs": "30",
  "hadoop.user.group.static.mapping.overrides": "dr.who=;",
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
  "ipc.maximum.data.length": "134217728",
  "ipc.maximum.response.length": "134217728",
  "ipc.ping.interval": "60000",
  "ipc.server.handler.queue.size": "100",
  "ipc.server.listen.queue.size": "256",
  "ipc.server.max.connections": "0",
  "ipc.server.max.response.size": "1048576",
  "ipc.server.read.threadpool.size": "1",
  "ipc.server.tcpnodelay": "true",
};

test("keys that Hadoop has keep Hadoop's default, and all others are called hrpcd", () => {
  const hadoop = SETTING_KEYS.filter((key) => !key.startsWith("hrpcd."));
  const defaults = hadoop.map((key) => [key, settingText(SETTINGS[key].default)]);
  assert.deepEqual(Object.fromEntries(defaults), CORE_DEFAULT);
});

test("every default obeys the rule of its own key and reads back from its text", () => {
  for (const key of SETTING_KEYS) {
    const definition = settingDefinition(key);
    assert.deepEqual(readValue(definition, definition.default), { value: definition.default }, key);
    assert.deepEqual(readValue(definition, settingText(definition.default)), { value: definition.default }, key);
  }
});

test("every number has a range and every enum its values", () => {
  for (const key of SETTING_KEYS) {
    const { type, min, max, values, pattern, shape } = settingDefinition(key);
    const numeric = type === "int" || type === "bytes" || type === "duration-ms";
    assert.equal(min !== undefined && max !== undefined && min <= max, numeric, key);
    assert.equal(values !== undefined, type === "enum", key);
    assert.equal(pattern !== undefined, shape !== undefined, key);
  }
});

test("every key says what it does and why its default is what it is", () => {
  for (const key of SETTING_KEYS) {
    const { meaning, reason } = settingDefinition(key);
    assert.match(meaning, /^[A-Z].*\.$/, key);
    assert.match(reason, /^[A-Z].*\.$/, key);
  }
});
