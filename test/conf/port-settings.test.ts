import assert from "node:assert/strict";
import { test } from "node:test";
import { createSettings, formatFault, type LoadedSettings, loadSettings, SettingsError } from "../../conf/index.js";

const FAIR = "org.apache.hadoop.ipc.FairCallQueue";

/** Loads one hrpc-site.xml that holds `key=value` texts, the first in line 2. */
function load(...properties: string[]): LoadedSettings {
  const lines = properties.map((property) => {
    const equals = property.indexOf("=");
    const [name, value] = [property.slice(0, equals), property.slice(equals + 1)];
    return `<property><name>${name}</name><value>${value}</value></property>`;
  });
  const text = ["<configuration>", ...lines, "</configuration>"].join("\n");
  return loadSettings({ directory: "conf", readFile: (path) => (path === "conf/hrpc-site.xml" ? text : undefined) });
}

function faultsOf(...properties: string[]): string[] {
  try {
    load(...properties);
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    return error.faults.map(formatFault);
  }
  return [];
}

const warningsOf = (...properties: string[]): string[] => load(...properties).warnings.map(formatFault);

test("a port's own key beats the key without a port, which beats the default", () => {
  const { settings } = load("ipc.callqueue.impl=fair", "ipc.9000.callqueue.impl=fifo", "ipc.9001.backoff.enable=true");
  assert.equal(settings.forPort(9000).get("callqueue.impl"), "java.util.concurrent.LinkedBlockingQueue");
  assert.equal(settings.forPort(9001).get("callqueue.impl"), FAIR);
  assert.deepEqual(
    [9000, 9001].map((port) => settings.forPort(port).get("backoff.enable")),
    [false, true],
  );
  assert.equal(settings.forPort(9000).isSet("callqueue.impl"), true);
  assert.equal(settings.forPort(9001).isSet("callqueue.impl"), false);
  assert.deepEqual(settings.forPort(9000).source("callqueue.impl"), {
    kind: "file",
    file: "conf/hrpc-site.xml",
    line: 3,
  });
  assert.equal(settings.forPort(9001).source("callqueue.impl").kind, "file");
  assert.equal(settings.forPort(9001).source("scheduler.priority.levels").kind, "default");
});

test("a port's false beats a true without a port, which Hadoop cannot express", () => {
  const { settings } = load("ipc.backoff.enable=true", "ipc.9000.backoff.enable=false");
  assert.equal(settings.forPort(9000).get("backoff.enable"), false);
  assert.equal(settings.forPort(9001).get("backoff.enable"), true);
});

test("Java class names and short names mean the same class", () => {
  for (const text of [FAIR, "fair", " fair "]) {
    assert.equal(load(`ipc.7788.callqueue.impl=${text}`).settings.forPort(7788).get("callqueue.impl"), FAIR);
  }
});

test("lists of numbers and of durations are read item by item", () => {
  const port = load(
    "ipc.7788.decay-scheduler.thresholds=13, 25,50",
    "ipc.7788.decay-scheduler.backoff.responsetime.thresholds=10s, 20s, 500, 1m",
    "ipc.7788.decay-scheduler.decay-factor=0.125",
    "ipc.7788.decay-scheduler.service-users=hdfs, yarn",
  ).settings.forPort(7788);
  assert.deepEqual(port.get("decay-scheduler.thresholds"), [13, 25, 50]);
  assert.deepEqual(port.get("decay-scheduler.backoff.responsetime.thresholds"), [10_000, 20_000, 500, 60_000]);
  assert.equal(port.get("decay-scheduler.decay-factor"), 0.125);
  assert.deepEqual(port.get("decay-scheduler.service-users"), ["hdfs", "yarn"]);
});

test("an unknown class is a fault with file, line, key and the names that are known", () => {
  assert.deepEqual(faultsOf("ipc.7788.callqueue.impl=com.acme.MyQueue", "ipc.scheduler.impl=Decay"), [
    'conf/hrpc-site.xml:2: ipc.7788.callqueue.impl: must be one of java.util.concurrent.LinkedBlockingQueue (fifo), org.apache.hadoop.ipc.FairCallQueue (fair), got "com.acme.MyQueue"',
    'conf/hrpc-site.xml:3: ipc.scheduler.impl: must be one of org.apache.hadoop.ipc.DefaultRpcScheduler (fixed), org.apache.hadoop.ipc.DecayRpcScheduler (decay), got "Decay"',
  ]);
});

test("every value that breaks a rule is told at once", () => {
  const rules = faultsOf(
    "ipc.7788.scheduler.priority.levels=0",
    "ipc.7788.callqueue.capacity.weights=1,0,1,1",
    "ipc.7788.faircallqueue.multiplexer.weights=8,4,two,1",
    "ipc.7788.decay-scheduler.thresholds=50,25,75",
    "ipc.7788.decay-scheduler.decay-factor=1",
    "ipc.7788.decay-scheduler.period-ms=0",
    "ipc.7788.decay-scheduler.backoff.responsetime.thresholds=10s,0,1s,1s",
    "ipc.7788.decay-scheduler.metrics.top.user.count=0",
    "ipc.7788.weighted-cost.queue=-1",
    "ipc.7788.backoff.enable=maybe",
  );
  assert.deepEqual(
    rules.map((rule) => rule.replace("conf/hrpc-site.xml:", "").replace("ipc.7788.", "")),
    [
      '2: scheduler.priority.levels: must be a whole number from 1 to 100, got "0"',
      '3: callqueue.capacity.weights: must be whole numbers from 1 to 1000000 with commas between, got "1,0,1,1"',
      '4: faircallqueue.multiplexer.weights: must be whole numbers from 1 to 1000000 with commas between, got "8,4,two,1"',
      '5: decay-scheduler.thresholds: must be whole numbers from 0 to 100 with commas between, none less than the one before, got "50,25,75"',
      '6: decay-scheduler.decay-factor: must be a number greater than 0 and less than 1, got "1"',
      '7: decay-scheduler.period-ms: must be a whole number of milliseconds from 1 to 2147483647 (or with ns, us, ms, s, m, h or d), got "0"',
      '8: decay-scheduler.backoff.responsetime.thresholds: must be whole numbers of milliseconds from 1 to 2147483647 (or with ns, us, ms, s, m, h or d) with commas between, got "10s,0,1s,1s"',
      '9: decay-scheduler.metrics.top.user.count: must be a whole number from 1 to 1000, got "0"',
      '10: weighted-cost.queue: must be a whole number from 0 to 2147483647, got "-1"',
      '11: backoff.enable: must be true or false, got "maybe"',
    ],
  );
});

test("a list must have as many values as there are levels", () => {
  const faults = faultsOf(
    "ipc.7788.scheduler.priority.levels=3",
    "ipc.7788.callqueue.capacity.weights=1,1",
    "ipc.7788.faircallqueue.multiplexer.weights=8,4,2,1",
    "ipc.7788.decay-scheduler.thresholds=13,25,50",
    "ipc.7788.decay-scheduler.backoff.responsetime.thresholds=10s",
  );
  assert.deepEqual(faults, [
    "conf/hrpc-site.xml:3: ipc.7788.callqueue.capacity.weights: must be 3 numbers, one for each level (ipc.7788.scheduler.priority.levels is 3), got 2",
    "conf/hrpc-site.xml:4: ipc.7788.faircallqueue.multiplexer.weights: must be 3 numbers, one for each level (ipc.7788.scheduler.priority.levels is 3), got 4",
    "conf/hrpc-site.xml:5: ipc.7788.decay-scheduler.thresholds: must be 2 numbers, one between each two levels (ipc.7788.scheduler.priority.levels is 3), got 3",
    "conf/hrpc-site.xml:6: ipc.7788.decay-scheduler.backoff.responsetime.thresholds: must be 3 numbers, one for each level (ipc.7788.scheduler.priority.levels is 3), got 1",
  ]);
});

test("a number of levels that cannot be read is one fault, not one of each list besides", () => {
  const faults = faultsOf("ipc.7788.scheduler.priority.levels=two", "ipc.7788.callqueue.capacity.weights=1,1");
  assert.deepEqual(faults.length, 1);
  assert.match(faults[0] ?? "", /priority\.levels: must be a whole number from 1 to 100, got "two"$/);
});

test("a fair queue that would leave a level without room is a fault; a queue without levels may be as small", () => {
  const small = ["hrpcd.handlers=1", "ipc.server.handler.queue.size=3"];
  assert.deepEqual(faultsOf(...small, "ipc.7788.callqueue.impl=fair"), [
    "ipc.7788.scheduler.priority.levels: divides the call queue into 4 parts, but it has room for 3 calls: hrpcd.handlers times ipc.server.handler.queue.size",
  ]);
  assert.match(
    faultsOf(...small, "ipc.callqueue.impl=fair", "ipc.7788.callqueue.capacity.weights=1,1,1,1")[0] ?? "",
    /^conf\/hrpc-site.xml:5: ipc\.7788\.callqueue\.capacity\.weights: divides the call queue into 4 parts/,
  );
  assert.deepEqual(faultsOf(...small), []);
});

test("what is wrong for another port is a warning: its daemon may share the file", () => {
  const properties = ["ipc.8020.callqueue.impl=com.acme.MyQueue", "ipc.7788.callqueue.impl=fair"];
  assert.match(warningsOf(...properties).join(), /^conf\/hrpc-site.xml:2: ipc\.8020\.callqueue\.impl: must be one of/);
  const { settings } = load(...properties);
  assert.throws(() => settings.forPort(8020), SettingsError);
  assert.deepEqual(faultsOf(...properties, "hrpcd.port=8020").length, 1);
});

test("variables are replaced in a port's setting, and a deprecated name sets the one that replaced it", () => {
  const loaded = load(
    "queue=fair",
    "ipc.7788.callqueue.impl=${queue}",
    "ipc.7788.faircallqueue.priority-levels=2",
    "ipc.7788.faircallqueue.decay-scheduler.period-ms=1058",
    "ipc.7788.faircallqueue.decay-scheduler.decay-factor=0.125",
    "ipc.7788.faircallqueue.decay-scheduler.thresholds=40",
  );
  const port = loaded.settings.forPort(7788);
  assert.deepEqual(
    [port.get("callqueue.impl"), port.get("scheduler.priority.levels"), port.get("decay-scheduler.period-ms")],
    [FAIR, 2, 1058],
  );
  assert.deepEqual([port.get("decay-scheduler.decay-factor"), port.get("decay-scheduler.thresholds")], [0.125, [40]]);
  assert.equal(
    loaded.warnings.map(formatFault)[0],
    "conf/hrpc-site.xml:4: ipc.7788.faircallqueue.priority-levels: is deprecated; use ipc.7788.scheduler.priority.levels",
  );
  assert.match(faultsOf("ipc.7788.callqueue.impl=${none}")[0] ?? "", /got "\$\{none\}"$/);
});

test("a slip of the pen, a missing port and one that was never put in are warnings that help", () => {
  assert.deepEqual(
    warningsOf(
      "ipc.7788.callqueue.imp=fair",
      "ipc.scheduler.priority.levels=4",
      "ipc.[port_number].callqueue.impl=fair",
      "ipc.[port_number].decay-scheduler.period-ms=5000",
      "ipc.99999.callqueue.impl=fair",
    ),
    [
      "conf/hrpc-site.xml:2: ipc.7788.callqueue.imp: is no setting; the nearest is ipc.7788.callqueue.impl",
      "conf/hrpc-site.xml:3: ipc.scheduler.priority.levels: is no setting without a port; the one of the server on port N is ipc.N.scheduler.priority.levels",
      "conf/hrpc-site.xml:4: ipc.[port_number].callqueue.impl: changes nothing: put the number of a port in place of [port_number]",
      "conf/hrpc-site.xml:6: ipc.99999.callqueue.impl: is no setting: a port is a number from 0 to 65535",
    ],
  );
});

test("a program gives a port's settings as values or as texts, and is told every fault of them", () => {
  const settings = createSettings({
    "ipc.9000.callqueue.capacity.weights": [4, 3, 2, 1],
    "ipc.9000.callqueue.impl": "fair",
    "ipc.9000.decay-scheduler.thresholds": "10,20,30",
  });
  assert.deepEqual(settings.forPort(9000).get("callqueue.capacity.weights"), [4, 3, 2, 1]);
  const more = settings.with({ "ipc.9000.backoff.enable": true });
  assert.deepEqual(more.forPort(9000).get("decay-scheduler.thresholds"), [10, 20, 30]);
  const keys = ["callqueue.capacity.weights", "callqueue.impl", "decay-scheduler.thresholds"];
  assert.deepEqual(
    settings.portEntries().map(({ key }) => key),
    keys.map((name) => `ipc.9000.${name}`),
  );
  assert.throws(() => settings.with({ "ipc.9000.scheduler.priority.levels": 2 }), /2 settings are wrong/);
  assert.throws(
    () => createSettings({ "ipc.9000.callqueue.capacity.weights": [1, 2.5, 1, 1] }),
    /must be whole numbers from 1 to 1000000/,
  );
});

test("settings can be given the ports of others, and then have none of their own", () => {
  const [mine, others] = [{ "ipc.1.backoff.enable": true }, { "ipc.2.backoff.enable": true }].map(createSettings);
  const mixed = mine?.with({ "hrpcd.handlers": 3 }).withPortsOf(others ?? mine);
  assert.deepEqual(
    [1, 2].map((port) => mixed?.forPort(port).get("backoff.enable")),
    [false, true],
  );
  assert.equal(mixed?.get("hrpcd.handlers"), 3);
});
