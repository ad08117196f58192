import assert from "node:assert/strict";
import { test } from "node:test";
import { SettingsError } from "../../conf/index.js";
import {
  faultLines,
  lastValue,
  loadProgramSettings,
  loginName,
  type ProgramOptions,
  settingsDirectory,
  settingsFileReader,
  versionOf,
} from "../../conf/program.js";
import { FILE_LENGTH_MAX } from "../../conf/xml.js";

/** A program whose settings directory is `conf` and holds this hrpc-site.xml. */
function program(site: string, options: Partial<ProgramOptions> = {}): ProgramOptions {
  return {
    directory: "conf",
    isDirectory: (path) => path === "conf",
    readFile: (path) => (path === "conf/hrpc-site.xml" ? `<configuration>\n${site}\n</configuration>` : undefined),
    login: "me",
    ...options,
  };
}

function faultsOf(options: ProgramOptions): string[] {
  try {
    loadProgramSettings(options);
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    return faultLines(error);
  }
  assert.fail("it should have thrown");
}

test("--config names the directory, then HRPCD_CONF_DIR, then HADOOP_CONF_DIR; an empty variable names none", () => {
  const env = { HRPCD_CONF_DIR: "ours", HADOOP_CONF_DIR: "theirs" };
  assert.equal(settingsDirectory("given", env), "given");
  assert.equal(settingsDirectory(undefined, env), "ours");
  assert.equal(settingsDirectory(undefined, { ...env, HRPCD_CONF_DIR: "" }), "theirs");
  assert.equal(settingsDirectory(undefined, { HADOOP_CONF_DIR: "" }), undefined);
});

test("a preset beats the files, -D beats the preset, and an option of the program beats -D", () => {
  const site = ["handlers", "port", "log.level"]
    .map((key) => `<property name="hrpcd.${key}" value="${key === "log.level" ? "warn" : 1}"/>`)
    .join("");
  const { settings } = loadProgramSettings(
    program(site, {
      preset: { "hrpcd.handlers": "2", "hrpcd.port": "2", "ipc.ping.interval": "2" },
      definitions: ["hrpcd.handlers=3", "hrpcd.port=3"],
      options: [
        { option: "--port", key: "hrpcd.port", value: "4" },
        { option: "--level", key: "hrpcd.log.level", value: undefined },
      ],
    }),
  );
  assert.equal(settings.get("ipc.ping.interval"), 2);
  assert.equal(settings.get("hrpcd.handlers"), 3);
  assert.equal(settings.get("hrpcd.port"), 4);
  assert.equal(settings.get("hrpcd.log.level"), "warn");
  assert.deepEqual(settings.source("hrpcd.handlers"), { kind: "command-line", option: "-D" });
  assert.deepEqual(settings.source("hrpcd.port"), { kind: "command-line", option: "--port" });
});

test("every fault of files, -D and options is told at once, each under the name it was given by", () => {
  const faults = faultsOf(
    program('<property name="hrpcd.handlers" value="many"/>', {
      definitions: ["one", "hrpcd.log.level=loud", "=two"],
      options: [{ option: "--port", key: "hrpcd.port", value: "abc" }],
    }),
  );
  assert.deepEqual(faults, [
    'conf/hrpc-site.xml:2: hrpcd.handlers: must be a whole number from 1 to 10000, got "many"',
    '-D: must read key=value, got "one"',
    '-D: must read key=value, got "=two"',
    '-D: hrpcd.log.level: must be one of error, warn, info, debug, got "loud"',
    '--port: hrpcd.port: must be a whole number from 0 to 65535, got "abc"',
  ]);
});

test("a directory that is none is a fault among the others, and no directory is none", () => {
  assert.deepEqual(faultsOf(program("", { directory: "nowhere", definitions: ["x"] })), [
    "nowhere: is no directory: name one that exists with --config, HRPCD_CONF_DIR or HADOOP_CONF_DIR",
    '-D: must read key=value, got "x"',
  ]);
  assert.deepEqual(loadProgramSettings(program("", { directory: undefined })).files, []);
});

test("a user id without a name leaves ${user.name} undefined", () => {
  const nameless = loginName(() => {
    throw new Error("uv_os_get_passwd returned ENOENT");
  });
  assert.equal(nameless, undefined);
  assert.equal(
    loginName(() => ({ username: "me" })),
    "me",
  );
  const site = '<property name="hrpcd.log.file" value="${user.name}.log"/>';
  assert.equal(loadProgramSettings(program(site)).settings.get("hrpcd.log.file"), "me.log");
  const { warnings } = loadProgramSettings(program(site, { login: nameless }));
  assert.match(warnings[0]?.message ?? "", /nothing defines \$\{user\.name\}/);
});

test("the last of several values of an option wins, and the version is that of package.json", () => {
  assert.equal(lastValue(["a", "b"]), "b");
  assert.equal(lastValue("a"), "a");
  assert.equal(lastValue(undefined), undefined);
  assert.equal(versionOf('{ "version": "1.2.3" }'), "1.2.3");
});

test("a file is read whole, one that is not there is none, and of one without end no more than is needed is read", () => {
  const contents: Readonly<Record<string, (position: number) => string>> = {
    "short.xml": (position) => ["<conf", "iguration/>"][position] ?? "",
    endless: () => " ".repeat(65_536),
  };
  let read = 0;
  let open = 0;
  let position = 0;
  let reading = "";
  const readFile = settingsFileReader({
    existsSync: (file) => file in contents,
    openSync: (file) => {
      reading = file;
      position = 0;
      return ++open;
    },
    readSync: (_descriptor, buffer, offset, length) => {
      const written = buffer.write(contents[reading]?.(position++) ?? "", offset, length);
      read += written;
      return written;
    },
    closeSync: () => void open--,
  });
  assert.equal(readFile("nowhere"), undefined);
  assert.equal(readFile("short.xml"), "<configuration/>");
  assert.ok((readFile("endless") ?? "").length > FILE_LENGTH_MAX);
  assert.ok(read < 4 * FILE_LENGTH_MAX);
  assert.equal(open, 0);
});
