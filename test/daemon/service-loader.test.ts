import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createSettings, formatFault, loadSettings, SettingsError } from "../../conf/index.js";
import { loadServiceModules, type ServiceModule } from "../../daemon/service-loader.js";
import { Directory } from "../helpers/service-files.js";

function load(directory: Directory, services: string, settings: Record<string, string> = {}): Promise<ServiceModule[]> {
  return loadServiceModules(createSettings({ ...settings, "hrpcd.services": services }), directory.path);
}

function names(modules: readonly ServiceModule[]): string[] {
  return modules.flatMap(({ services }) => services.map(({ definition }) => definition.name));
}

/** The fault of this list of services. */
async function faultOf(directory: Directory, services: string): Promise<string> {
  const fault: unknown = await load(directory, services).then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(fault instanceof SettingsError);
  return fault.message;
}

test("a module is found by its path, relative to the settings or absolute, and modules keep their order", async () => {
  using directory = new Directory();
  directory.module("one.mjs", `export default echo("a.One");`);
  const absolute = directory.module("sub/two.mjs", `export default [echo("a.Two"), echo("a.Three")];`);
  directory.module("dir/index.js", `export default echo("a.Four");`);
  directory.write("dir/package.json", `{ "type": "module", "main": "index.js" }`);
  assert.deepEqual(names(await load(directory, `./one.mjs, ${absolute},./dir`)), [
    "a.One",
    "a.Two",
    "a.Three",
    "a.Four",
  ]);
});

test("a module is found by the name of its package, from where the settings are", async () => {
  using directory = new Directory();
  directory.write("node_modules/mine/package.json", `{ "name": "mine", "type": "module", "exports": "./main.js" }`);
  directory.module("node_modules/mine/main.js", `export default echo("a.Packaged");`);
  assert.deepEqual(names(await load(directory, "mine")), ["a.Packaged"]);
});

test("a package is found that exports to import alone, and of one that exports to both the module is taken", async () => {
  using directory = new Directory();
  const packages = {
    only: { ".": { import: "./main.js" }, "./more/*": { import: "./*.js" } },
    "@scope/both": { require: "./main.cjs", import: "./main.js" },
  };
  for (const [name, exports] of Object.entries(packages)) {
    directory.write(`node_modules/${name}/package.json`, JSON.stringify({ name, type: "module", exports }));
    directory.module(`node_modules/${name}/main.js`, `export default echo("a.Main");`);
    directory.module(`node_modules/${name}/second.js`, `export default echo("a.Second");`);
    directory.write(`node_modules/${name}/main.cjs`, "throw new Error('not for import');");
  }
  assert.deepEqual(names(await load(directory, "only,only/more/second,@scope/both")), ["a.Main", "a.Second", "a.Main"]);
});

test("a package whose exported file is missing is named as one that cannot be loaded", async () => {
  using directory = new Directory();
  directory.write("node_modules/gone/package.json", `{ "name": "gone", "exports": { "import": "./gone.js" } }`);
  assert.match(await faultOf(directory, "gone"), /"gone" cannot be loaded: Cannot find module .*gone\.js/);
});

test("every module that cannot be used is told at once, with the file and the line that named it", async () => {
  using directory = new Directory();
  directory.module("good.mjs", `export default echo("a.Good");`);
  directory.write("throws.mjs", `throw new Error("no database");`);
  directory.write("odd.mjs", `export default { get services() { throw null; } };`);
  directory.settings({ "hrpcd.handlers": "2", "hrpcd.services": "./nowhere.mjs,./good.mjs,./throws.mjs,./odd.mjs" });
  const text = readFileSync(join(directory.path, "hrpc-site.xml"), "utf8");
  const readFile = (path: string): string | undefined => (path === "conf/hrpc-site.xml" ? text : undefined);
  const { settings } = loadSettings({ directory: "conf", readFile });
  const fault: unknown = await loadServiceModules(settings, directory.path).catch((error: unknown) => error);
  assert.ok(fault instanceof SettingsError);
  const start = "conf/hrpc-site.xml:4: hrpcd.services: the service module";
  assert.deepEqual(fault.faults.map(formatFault), [
    `${start} "./nowhere.mjs" is not found from ${directory.path}: check the path`,
    `${start} "./throws.mjs" cannot be loaded: no database`,
    `${start} "./odd.mjs" cannot be used: null`,
  ]);
  assert.ok(fault.faults[1]?.cause instanceof Error);
});

test("no service is no fault", async () => {
  using directory = new Directory();
  assert.deepEqual(await load(directory, ""), []);
});

test("a function is given the settings, and may take its time", async () => {
  using directory = new Directory();
  directory.module("made.mjs", `export default async (conf) => echo("a.For" + conf.get("hrpcd.handlers"));`);
  directory.module("many.mjs", `export default () => [echo("a.X"), echo("a.Y")];`);
  assert.deepEqual(names(await load(directory, "./made.mjs,./many.mjs", { "hrpcd.handlers": "4" })), [
    "a.For4",
    "a.X",
    "a.Y",
  ]);
});

test("a module with a life of its own keeps its start and its stop", async () => {
  using directory = new Directory();
  directory.module(
    "living.mjs",
    `export default () => ({
       services: [echo("a.Living")], state: "new",
       start() { this.state = "started"; }, async stop() { this.state = "stopped"; },
     });`,
  );
  const [module] = (await load(directory, "./living.mjs")) as (ServiceModule & { state: string })[];
  assert.equal(module?.state, "new");
  await module?.start?.();
  assert.equal(module?.state, "started");
  await module?.stop?.();
  assert.equal(module?.state, "stopped");
});

test("a path that leads nowhere is named, with where it was looked for", async () => {
  using directory = new Directory();
  assert.equal(
    await faultOf(directory, "./nowhere.mjs"),
    `hrpcd.services: the service module "./nowhere.mjs" is not found from ${directory.path}: check the path`,
  );
});

test("a package that is not installed is named, with the two ways to mend it", async () => {
  using directory = new Directory();
  const message = await faultOf(directory, "not-installed");
  assert.match(
    message,
    /"not-installed" is not found from .*: install the package where the settings file is, or give a path that begins with \.\//,
  );
});

test("a module that throws or cannot be parsed is named, with what it threw", async () => {
  using directory = new Directory();
  directory.write("throws.mjs", `throw new Error("no database");`);
  directory.write("broken.mjs", `export default {`);
  directory.write("odd.mjs", `throw null;`);
  assert.match(await faultOf(directory, "./throws.mjs"), /"\.\/throws\.mjs" cannot be loaded: no database/);
  assert.match(await faultOf(directory, "./broken.mjs"), /"\.\/broken\.mjs" cannot be loaded: Unexpected end of input/);
  assert.match(await faultOf(directory, "./odd.mjs"), /"\.\/odd\.mjs" cannot be loaded: null/);
});

test("a function that throws is named, with what it threw", async () => {
  using directory = new Directory();
  directory.write("throws.mjs", `export default () => { throw new Error("bad setting"); };`);
  assert.match(
    await faultOf(directory, "./throws.mjs"),
    /"\.\/throws\.mjs" threw while it made its services: bad setting/,
  );
});

test("anything that is no service is refused with what a module must export", async () => {
  using directory = new Directory();
  const exports = [
    "",
    "export default 7;",
    "export default null;",
    "export default {};",
    "export default [1];",
    "export default () => {};",
  ];
  exports.push("export default { services: 7 };", "export default { services: [{}] };", "export const services = [];");
  for (const [i, text] of exports.entries()) {
    directory.module(`none${i}.mjs`, text);
    assert.match(
      await faultOf(directory, `./none${i}.mjs`),
      /has no services: its default export must be what implement\(\) returns/,
    );
  }
});

test("a start or stop that is no function is refused before anything starts", async () => {
  using directory = new Directory();
  directory.module("bad.mjs", `export default { services: [echo("a.B")], start: "now" };`);
  assert.match(await faultOf(directory, "./bad.mjs"), /has a start that is not a function/);
});

test("what a module lets operators refresh is an object of functions", async () => {
  using directory = new Directory();
  directory.module("good.mjs", `export default { services: [echo("a.B")], refresh: { cache: () => "done" } };`);
  const [module] = await load(directory, "./good.mjs");
  assert.deepEqual(Object.keys(module?.refresh ?? {}), ["cache"]);
  for (const [i, refresh] of ["null", "() => {}", "'cache'", "{ cache: 5 }", "[() => {}]"].entries()) {
    directory.module(`bad${i}.mjs`, `export default { services: [], refresh: ${refresh} };`);
    assert.match(
      await faultOf(directory, `./bad${i}.mjs`),
      /has a refresh that is not an object of functions, such as/,
    );
  }
});

test("a hook that is exported by name alone, where nothing would run it, is a fault", async () => {
  using directory = new Directory();
  directory.module("stray.mjs", `export default [echo("a.One")]; export const refresh = {}; export function stop() {}`);
  assert.match(
    await faultOf(directory, "./stray.mjs"),
    /exports stop, refresh by name, where nothing uses it: make it part of the default export, as in export default \{/,
  );
  directory.module("alone.mjs", `export const services = [echo("a.One")]; export const start = () => {};`);
  assert.match(
    await faultOf(directory, "./alone.mjs"),
    /has no services: its default export must be .* \{ services: \[/,
  );
  directory.module("both.mjs", `export const stop = () => {}; export default { services: [echo("a.One")], stop };`);
  directory.write("common.cjs", "module.exports = { services: [], start() {}, stop() {}, refresh: {} };");
  assert.equal((await load(directory, "./both.mjs,./common.cjs")).length, 2);
});
