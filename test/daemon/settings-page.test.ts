import assert from "node:assert/strict";
import { test } from "node:test";
import { createSettings } from "../../conf/index.js";
import { REDACTED, redacted, SettingsPage } from "../../daemon/settings-page.js";

const page = new SettingsPage(() =>
  createSettings({
    "hrpcd.port": 1234,
    "hrpcd.log.file": 'a<b>&"\u0001',
    "ipc.1234.callqueue.impl": "org.apache.hadoop.ipc.FairCallQueue",
  }),
);
const ask = (query: string) => page.page(new URLSearchParams(query));

test("one setting is told as JSON, with where it comes from", () => {
  const { status, contentType, body } = ask("format=json&name=hrpcd.port");
  assert.equal(status, 200);
  assert.match(contentType, /^application\/json/);
  assert.deepEqual(JSON.parse(body), { property: { key: "hrpcd.port", value: "1234", resource: "program" } });
});

test("all settings are told, those of a port too", () => {
  const { properties } = JSON.parse(ask("format=json").body) as { properties: { key: string; value: string }[] };
  const values = new Map(properties.map(({ key, value }) => [key, value]));
  assert.equal(values.get("ipc.server.handler.queue.size"), "100");
  assert.equal(values.get("ipc.1234.callqueue.impl"), "org.apache.hadoop.ipc.FairCallQueue");
});

test("XML holds what cannot stand in it as it is in a form that can", () => {
  const { body } = ask("name=hrpcd.log.file");
  assert.equal(
    body,
    '<?xml version="1.0" encoding="UTF-8"?>\n<configuration>\n' +
      "<property><name>hrpcd.log.file</name><value>a&lt;b&gt;&amp;&quot;\uFFFD</value><source>program</source></property>\n" +
      "</configuration>\n",
  );
});

test("another format and an unknown name are refused", () => {
  assert.equal(ask("format=yaml").status, 400);
  assert.equal(ask("name=nothing").status, 404);
});

test("a value whose key says that it is a secret is not told", () => {
  for (const key of [
    "hadoop.http.authentication.signature.secret",
    "ssl.server.keystore.password",
    "fs.s3a.secret.key",
    "fs.s3a.bucket.x.server-side-encryption.key",
    "fs.azure.account.key.me.blob.core.windows.net",
    "dfs.adls.oauth2.credential",
    "x.oauth2.access.token",
  ]) {
    assert.equal(redacted(key, "value"), REDACTED, key);
  }
  assert.equal(redacted("hrpcd.port", "value"), "value");
});
