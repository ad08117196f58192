import assert from "node:assert/strict";
import { test } from "node:test";
import { createSettings, type Settings, type SettingValues } from "../../conf/index.js";
import { type KeySet, LiveSettings } from "../../daemon/live-settings.js";

/** Settings in force, and files in the test's hand. */
function live(values: SettingValues = {}): { settings: LiveSettings; files: { values: SettingValues } } {
  const files = { values };
  const read = () => ({ settings: createSettings(files.values), warnings: [{ message: "odd" }], files: [] });
  return { settings: new LiveSettings(createSettings(values), read), files };
}

test("what is refreshed is in force from then on, and everything else that changed is told each time", () => {
  const { settings, files } = live({ "hrpcd.log.level": "info", "hrpcd.services": "./a.js" });
  files.values = { "hrpcd.log.level": "debug", "hrpcd.handlers": 4, "hrpcd.services": "./a.js" };
  const applied: Settings[] = [];
  const apply = (read: Settings): unknown => applied.push(read);
  assert.deepEqual(settings.refresh(["hrpcd.log.level"], apply), {
    warnings: [{ message: "odd" }],
    changed: ["hrpcd.log.level"],
    pending: ["hrpcd.handlers"],
  });
  assert.equal(applied[0]?.get("hrpcd.log.level"), "debug");
  const { changed, pending } = settings.refresh(["hrpcd.log.level"], apply);
  assert.deepEqual([changed, pending], [[], ["hrpcd.handlers"]]);
  files.values = { "hrpcd.services": "./a.js" };
  assert.deepEqual(settings.refresh(["hrpcd.log.level"], apply).changed, ["hrpcd.log.level"]);
});

test("a fault of the files, or of whoever applies them, leaves what is in force", () => {
  const { settings, files } = live();
  files.values = { "hrpcd.port": 70_000 };
  const apply = () => assert.fail("nothing is applied");
  assert.throws(() => settings.refresh(["hrpcd.port"], apply), { code: "BAD_SETTING" });
  files.values = { "hrpcd.port": 1 };
  assert.throws(() =>
    settings.refresh(["hrpcd.port"], () => {
      throw new Error("cannot");
    }),
  );
  assert.deepEqual(settings.refresh([], () => {}).pending, ["hrpcd.port"]);
});

test("the keys of the port in force are put into force together, those that are gone too, and others' are not told", () => {
  const { settings, files } = live({ "ipc.7788.backoff.enable": true, "ipc.7788.callqueue.impl": "fair" });
  files.values = {
    "ipc.7788.callqueue.impl": "fifo",
    "ipc.7788.scheduler.priority.levels": 2,
    "ipc.8020.backoff.enable": true,
  };
  const different = ["backoff.enable", "callqueue.impl", "scheduler.priority.levels"].map((name) => `ipc.7788.${name}`);
  const refreshed = (keys: KeySet): (readonly string[])[] => {
    const { changed, pending } = settings.refresh(keys, () => {});
    return [changed.toSorted(), pending.toSorted()];
  };
  assert.deepEqual(refreshed({ includes: () => false }), [[], different]);
  const ofPort = { includes: (key: string) => key.startsWith("ipc.7788.") };
  assert.deepEqual(refreshed(ofPort), [different, []]);
  assert.deepEqual(refreshed(ofPort), [[], []]);
});
