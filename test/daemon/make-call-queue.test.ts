import assert from "node:assert/strict";
import { test } from "node:test";
import { loadSettings, SettingsError } from "../../conf/index.js";
import { makeCallQueue } from "../../daemon/make-call-queue.js";

function settings(size: string) {
  const text = `<configuration>\n<property><name>ipc.server.handler.queue.size</name><value>${size}</value></property>\n</configuration>`;
  return loadSettings({ directory: "conf", readFile: (file) => (file.endsWith("hrpc-site.xml") ? text : undefined) })
    .settings;
}

test("the queue has room for the setting's number of calls per handler that there is", () => {
  const queue = makeCallQueue(settings("7"), 3);
  assert.deepEqual([queue.capacity, queue.size], [21, 0]);
});

test("a queue that no memory could hold is refused, with the place of the setting", () => {
  assert.throws(
    () => makeCallQueue(settings("1000000"), 10_000),
    (error) =>
      error instanceof SettingsError &&
      error.message ===
        "conf/hrpc-site.xml:2: ipc.server.handler.queue.size: times 10000 handlers must be at most 16777216 calls, got 10000000000",
  );
});
