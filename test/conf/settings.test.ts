import assert from "node:assert/strict";
import { test } from "node:test";
import { createSettings, defaultSettings, SETTING_KEYS, type SettingKey, SettingsError } from "../../conf/index.js";

function faultsOf(action: () => unknown): readonly { key?: string; message: string }[] {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    return error.faults;
  }
  assert.fail("it should have thrown");
}

test("settings without values hold every default, typed by key", () => {
  const timeout: number = defaultSettings.get("ipc.client.connect.timeout");
  const ping: boolean = defaultSettings.get("ipc.client.ping");
  const services: readonly string[] = defaultSettings.get("hrpcd.services");
  const level: "error" | "warn" | "info" | "debug" = defaultSettings.get("hrpcd.log.level");
  assert.deepEqual([timeout, ping, services, level], [20_000, true, [], "info"]);
  assert.deepEqual(defaultSettings.source("hrpcd.port"), { kind: "default" });
});

test("a program gives values as their own type or as the text of a file", () => {
  const settings = createSettings({
    "hrpcd.handlers": 4,
    "ipc.maximum.data.length": "64k",
    "ipc.client.ping": false,
    "hrpcd.services": ["./a.js"],
  });
  assert.equal(settings.get("hrpcd.handlers"), 4);
  assert.equal(settings.get("ipc.maximum.data.length"), 65_536);
  assert.equal(settings.get("ipc.client.ping"), false);
  assert.deepEqual(settings.get("hrpcd.services"), ["./a.js"]);
  assert.deepEqual(settings.source("hrpcd.handlers"), { kind: "program" });
});

test("every fault is told at once, with its key and its rule", () => {
  const values = {
    "hrpcd.handlers": 0,
    "hrpcd.port": "http",
    "ipc.client.ping": true,
    "hrpcd.handler": 5,
    "fs.defaultFS": "x",
  };
  const faults = faultsOf(() => createSettings(values));
  assert.deepEqual(faults, [
    { key: "hrpcd.handlers", message: "must be a whole number from 1 to 10000, got 0" },
    { key: "hrpcd.port", message: 'must be a whole number from 0 to 65535, got "http"' },
    { key: "hrpcd.handler", message: "is no setting; the nearest is hrpcd.handlers" },
    { key: "fs.defaultFS", message: "is no setting" },
  ]);
});

test("the error's message lists every fault, and stands in one line when there is one", () => {
  assert.throws(() => createSettings({ "hrpcd.port": 70_000 }), {
    name: "SettingsError",
    message: "hrpcd.port: must be a whole number from 0 to 65535, got 70000",
  });
  assert.throws(() => createSettings({ "hrpcd.port": 70_000, "hrpcd.handlers": 0 }), {
    message: /^2 settings are wrong:\n {2}hrpcd\.port: .*\n {2}hrpcd\.handlers: /,
  });
});

test("a value that is undefined leaves the default", () => {
  const values: Record<string, undefined> = { "hrpcd.port": undefined };
  assert.equal(createSettings(values).get("hrpcd.port"), 7788);
});

test("with makes a copy and leaves the original as it was", () => {
  const first = createSettings({ "hrpcd.port": 1, "hrpcd.handlers": 2 });
  const second = first.with({ "hrpcd.port": 3 });
  assert.deepEqual([first.get("hrpcd.port"), second.get("hrpcd.port"), second.get("hrpcd.handlers")], [1, 3, 2]);
  assert.equal(faultsOf(() => first.with({ "hrpcd.port": -1 })).length, 1);
});

test("the caller's list is not the settings' list", () => {
  const services = ["./a.js"];
  const settings = createSettings({ "hrpcd.services": services });
  services.push("./b.js");
  assert.deepEqual(settings.get("hrpcd.services"), ["./a.js"]);
});

test("entries lists every key once, in the order of the list", () => {
  const entries = createSettings({ "hrpcd.port": 1 }).entries();
  assert.deepEqual(
    entries.map(({ key }) => key),
    SETTING_KEYS,
  );
  assert.deepEqual(
    entries.find(({ key }) => key === "hrpcd.port"),
    {
      key: "hrpcd.port",
      value: 1,
      source: { kind: "program" },
    },
  );
});

test("a key that is not in the list is an error that names the nearest, whatever object it is a property of", () => {
  const get = (key: string): unknown => defaultSettings.get(key as SettingKey);
  assert.throws(() => get("hrpcd.prt"), {
    name: "RangeError",
    message: "hrpcd.prt is no setting; the nearest is hrpcd.port",
  });
  assert.throws(() => get("constructor"), RangeError);
  assert.throws(() => createSettings(JSON.parse('{"__proto__": 1}') as object), SettingsError);
});

test("an address to listen on cannot be empty, which Node would take for every address", () => {
  assert.throws(() => createSettings({ "hrpcd.bind.address": " " }), {
    message: 'hrpcd.bind.address: must be a text that is not empty, got ""',
  });
});
