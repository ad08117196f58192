import assert from "node:assert/strict";
import { test } from "node:test";
import { formatFault, type LoadedSettings, type LoadOptions, loadSettings, SettingsError } from "../../conf/index.js";

type Options = Omit<LoadOptions, "readFile" | "directory">;

/** Loads the directory `conf` out of the given files, paths from there. */
function load(files: Record<string, string>, options: Options = {}): LoadedSettings {
  const readFile = (path: string): string | undefined => {
    const text = files[path.replace(/^conf\//, "")];
    if (text === "EACCES") throw new Error("EACCES: permission denied");
    return text;
  };
  return loadSettings({ directory: "conf", readFile, ...options });
}

function faultsOf(files: Record<string, string>, options: Options = {}): string[] {
  try {
    load(files, options);
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    return error.faults.map(formatFault);
  }
  assert.fail("it should have thrown");
}

function warningsOf(files: Record<string, string>, options: Options = {}): string[] {
  return load(files, options).warnings.map(formatFault);
}

/** A settings file with one part in each line, from line 2 on: an element, or `key=value` (`!`: final). */
function configuration(...lines: string[]): string {
  const properties = lines.map((line) => {
    const [, final, name, value] = /^(!?)([^<]*?)=(.*)$/s.exec(line) ?? [];
    return name === undefined ? line : `<property name="${name}" value="${value}" final="${final === "!"}"/>`;
  });
  return ["<configuration>", ...properties, "</configuration>"].join("\n");
}

test("a value of hrpc-site.xml beats core-site.xml, and -D beats both", () => {
  const files = {
    "core-site.xml": configuration("hrpcd.port=1", "hrpcd.handlers=1", "ipc.ping.interval=1s"),
    "hrpc-site.xml": configuration("hrpcd.handlers=2", "hrpcd.port=2"),
  };
  const { settings, warnings, files: read } = load(files, { overrides: { "hrpcd.port": " 3 " } });
  assert.deepEqual(
    [settings.get("hrpcd.port"), settings.get("hrpcd.handlers"), settings.get("ipc.ping.interval")],
    [3, 2, 1000],
  );
  assert.deepEqual(settings.source("hrpcd.port"), { kind: "command-line", option: "-D" });
  assert.deepEqual(settings.source("hrpcd.handlers"), { kind: "file", file: "conf/hrpc-site.xml", line: 2 });
  assert.deepEqual(settings.source("ipc.client.ping"), { kind: "default" });
  assert.deepEqual(warnings, []);
  assert.deepEqual(read, ["conf/core-site.xml", "conf/hrpc-site.xml"]);
});

test("a final value stays, with a warning for a file that would change it; -D changes it", () => {
  const files = {
    "core-site.xml": configuration("!hrpcd.port=1", "!hrpcd.handlers=5"),
    "hrpc-site.xml": configuration("hrpcd.port=2", "hrpcd.handlers=5"),
  };
  assert.equal(load(files).settings.get("hrpcd.port"), 1);
  assert.deepEqual(warningsOf(files), [
    "conf/hrpc-site.xml:2: hrpcd.port: is final in conf/core-site.xml:2; the value here is ignored",
  ]);
  assert.equal(load(files, { overrides: { "hrpcd.port": "3" } }).settings.get("hrpcd.port"), 3);
});

test("every fault of every file and of the command line is told at once, with file, line, key and rule", () => {
  const files = {
    "core-site.xml": configuration("ipc.client.ping=maybe", "ipc.ping.interval=\n0"),
    "hrpc-site.xml": configuration(
      "hrpcd.port=1",
      "hrpcd.handlers=many",
      '<property name="hrpcd.log.level"/>',
      "<property/>",
    ),
  };
  assert.deepEqual(faultsOf(files, { overrides: { "hrpcd.port": "x" } }), [
    'conf/core-site.xml:2: ipc.client.ping: must be true or false, got "maybe"',
    "conf/core-site.xml:3: ipc.ping.interval: must be a whole number of milliseconds from 1 to 2147483647 " +
      '(or with ns, us, ms, s, m, h or d), got "0"',
    'conf/hrpc-site.xml:3: hrpcd.handlers: must be a whole number from 1 to 10000, got "many"',
    "conf/hrpc-site.xml:4: hrpcd.log.level: has no <value>",
    "conf/hrpc-site.xml:5: holds a <property> without a <name>",
    '-D: hrpcd.port: must be a whole number from 0 to 65535, got "x"',
  ]);
});

test("a wrong value that a later file replaces is no fault", () => {
  const files = { "core-site.xml": configuration("hrpcd.port=x"), "hrpc-site.xml": configuration("hrpcd.port=2") };
  assert.equal(load(files).settings.get("hrpcd.port"), 2);
});

test("an authentication that this version lacks is a fault that says so", () => {
  assert.deepEqual(faultsOf({ "core-site.xml": configuration("hadoop.security.authentication=kerberos") }), [
    'conf/core-site.xml:2: hadoop.security.authentication: must be simple, the only value in this version, got "kerberos"',
  ]);
});

test("an unknown key of ours or of ipc is a warning that names the nearest; keys of others pass in silence", () => {
  const files = {
    "core-site.xml": configuration(
      "fs.defaultFS=hdfs://nn",
      "dfs.replication=3",
      "ipc.client.pin=true",
      "ipc.zzz=1",
      "__proto__=1",
    ),
    "hrpc-site.xml": configuration("hrpcd.handler=3"),
  };
  assert.deepEqual(warningsOf(files, { overrides: { "hpcd.port": "1" } }), [
    "conf/core-site.xml:4: ipc.client.pin: is no setting; the nearest is ipc.client.ping",
    "conf/core-site.xml:5: ipc.zzz: is no setting",
    "conf/hrpc-site.xml:2: hrpcd.handler: is no setting; the nearest is hrpcd.handlers",
    "-D: hpcd.port: is no setting; the nearest is hrpcd.port",
  ]);
});

test("a key of Hadoop's RPC that this version does not read is a warning, unless it asks for Hadoop's default", () => {
  const files = {
    "core-site.xml": configuration(
      "hadoop.rpc.protection=privacy",
      "hadoop.security.authorization=false",
      "ipc.server.read.connection-queue.size=1",
      "hadoop.proxyuser.oozie.hosts=*",
    ),
  };
  assert.deepEqual(warningsOf(files), [
    "conf/core-site.xml:2: hadoop.rpc.protection: is Hadoop's key, but not supported by this version; it changes nothing",
    "conf/core-site.xml:4: ipc.server.read.connection-queue.size: is Hadoop's key, but not supported by this version; it changes nothing",
    "conf/core-site.xml:5: hadoop.proxyuser.oozie.hosts: is Hadoop's key, but not supported by this version; it changes nothing",
  ]);
});

test("one key twice in a file is a warning, and the later one counts", () => {
  const files = { "hrpc-site.xml": configuration("hrpcd.port=1", "hrpcd.port=2") };
  assert.equal(load(files).settings.get("hrpcd.port"), 2);
  assert.deepEqual(warningsOf(files), [
    "conf/hrpc-site.xml:3: hrpcd.port: is set in line 2 too; the value here counts",
  ]);
});

test("a directory without either file gives defaults and a warning; no directory gives defaults alone", () => {
  assert.deepEqual(warningsOf({}), ["conf: holds neither core-site.xml nor hrpc-site.xml"]);
  const loaded = loadSettings({
    readFile: () => assert.fail("no file should be opened"),
    overrides: { "hrpcd.port": "1" },
  });
  assert.deepEqual([loaded.settings.get("hrpcd.port"), loaded.warnings, loaded.files], [1, [], []]);
});

test("a file that cannot be opened or is no XML is a fault, and the other file is checked all the same", () => {
  const files = { "core-site.xml": "EACCES", "hrpc-site.xml": configuration("hrpcd.port=x") };
  const [first, second] = faultsOf(files);
  assert.equal(first, "conf/core-site.xml: cannot be read: EACCES: permission denied");
  assert.match(second ?? "", /^conf\/hrpc-site.xml:2: hrpcd.port: /);
  assert.match(
    faultsOf({ "core-site.xml": "<configuration>\n<" })[0] ?? "",
    /^conf\/core-site.xml:2: is not well-formed XML/,
  );
});

test("variables take other keys, defaults, the environment and system properties, across files and -D", () => {
  const files = {
    "core-site.xml": configuration(
      "site=edge",
      "hrpcd.bind.address=${fs.default.name}",
      "fs.defaultFS=${env.ADDRESS:-0.0.0.0}",
    ),
    "hrpc-site.xml": configuration("hrpcd.log.file=/log/${site}/${user.name}.log", "hrpcd.handlers=${hrpcd.port}"),
  };
  const options = { overrides: { site: "core" }, env: { ADDRESS: "10.0.0.1" }, properties: { "user.name": "me" } };
  const { settings } = load(files, options);
  assert.equal(settings.get("hrpcd.bind.address"), "10.0.0.1");
  assert.equal(settings.get("hrpcd.log.file"), "/log/core/me.log");
  assert.equal(settings.get("hrpcd.handlers"), 7788);
  assert.equal(load(files).settings.get("hrpcd.bind.address"), "0.0.0.0");
});

test("a variable that nothing defines is a warning in a text and a fault in a number; too many are a fault", () => {
  const text = { "hrpc-site.xml": configuration("hrpcd.log.file=${none}") };
  assert.deepEqual(warningsOf(text), [
    "conf/hrpc-site.xml:2: hrpcd.log.file: nothing defines ${none}, so it stays as it is written",
  ]);
  assert.match(
    faultsOf({ "hrpc-site.xml": configuration("hrpcd.port=${none}") })[0] ?? "",
    /:2: hrpcd\.port: .*got "\$\{none\}"$/,
  );
  const loop = { "hrpc-site.xml": configuration("hrpcd.port=${a}", "a=${b}", "b=${a}") };
  assert.match(faultsOf(loop)[0] ?? "", /:2: hrpcd\.port: needs more than 20 substitutions/);
});

test("a deprecated name sets the key that replaced it, final too, with a warning", () => {
  const files = {
    "core-site.xml": configuration("!fs.default.name=hdfs://a", "hrpcd.log.file=${fs.defaultFS}"),
    "hrpc-site.xml": configuration("fs.defaultFS=hdfs://b"),
  };
  assert.equal(load(files).settings.get("hrpcd.log.file"), "hdfs://a");
  assert.deepEqual(warningsOf(files), [
    "conf/core-site.xml:2: fs.default.name: is deprecated; use fs.defaultFS",
    "conf/hrpc-site.xml:2: fs.defaultFS: is final in conf/core-site.xml:2; the value here is ignored",
  ]);
  const overridden = load(files, { overrides: { "fs.default.name": "hdfs://c" } });
  assert.equal(overridden.settings.get("hrpcd.log.file"), "hdfs://c");
  assert.equal(overridden.warnings.map(formatFault).at(-1), "-D: fs.defaultFS: is no setting");
});
