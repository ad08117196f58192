#!/usr/bin/env node
/**
 * The program hrpcd: arguments -> settings -> services -> server -> signals.
 *
 * Exit codes: 0 stopped or no fault found, 1 the server could not start, 2 wrong arguments, settings or services.
 */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import yargs from "yargs";
import {
  formatFault,
  type LoadedSettings,
  loadSettings,
  parseOverrides,
  type SettingKey,
  type Settings,
  SettingsError,
  separateOverrides,
} from "../conf/index.js";
import type { Service } from "../protocol/engine.js";
import { RpcError } from "../protocol/rpc-error.js";
import { LineSink } from "./line-sink.js";
import { createLog, type Log, logEvents } from "./log.js";
import { createServer, type Server } from "./server.js";
import { loadServiceModules, type ServiceModule } from "./service-loader.js";

const EXIT = { done: 0, failed: 1, usage: 2 } as const;
/** The settings that come with hrpcd, used when no directory is named. */
const SHIPPED_CONF = fileURLToPath(new URL("../../conf", import.meta.url));

interface Arguments {
  readonly config: string | undefined;
  readonly D: readonly string[] | undefined;
  readonly port: string | undefined;
  readonly bind: string | undefined;
}

/** Settings as `start` and `check-config` read them. Throws SettingsError. */
function load(args: Arguments): LoadedSettings & { readonly directory: string } {
  const directory = path.resolve(
    args.config ?? process.env.HRPCD_CONF_DIR ?? process.env.HADOOP_CONF_DIR ?? SHIPPED_CONF,
  );
  if (!fs.existsSync(directory)) {
    throw new SettingsError([{ file: directory, message: "is no directory: name one that exists with --config" }]);
  }
  const overrides = parseOverrides(args.D ?? []);
  if (args.port !== undefined) overrides["hrpcd.port"] = args.port;
  if (args.bind !== undefined) overrides["hrpcd.bind.address"] = args.bind;
  const readFile = (file: string): string | undefined =>
    fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
  const properties = { "user.name": os.userInfo().username };
  return { ...loadSettings({ directory, overrides, env: process.env, properties, readFile }), directory };
}

/** The directory that relative names in a setting start from: that of the file that set it. */
function baseOf(settings: Settings, key: SettingKey): string {
  const source = settings.source(key);
  return source.kind === "file" ? path.dirname(path.resolve(source.file)) : process.cwd();
}

/** The log's file; empty for standard error. */
function logFile(settings: Settings): string {
  const file = settings.get("hrpcd.log.file");
  return file === "" ? "" : path.resolve(baseOf(settings, "hrpcd.log.file"), file);
}

async function checkConfig(args: Arguments): Promise<number> {
  const { settings, warnings, files } = load(args);
  for (const warning of warnings) process.stderr.write(`warning: ${formatFault(warning)}\n`);
  const modules = await loadServiceModules(settings, baseOf(settings, "hrpcd.services"));
  const services = modules.flatMap((module) => module.services);
  createServer({ services, conf: settings });
  process.stdout.write(`${files.length} files read, ${services.length} services found, no faults\n`);
  return EXIT.done;
}

async function start(args: Arguments): Promise<void> {
  const { settings, warnings, directory } = load(args);
  const sink = new LineSink(logFile(settings));
  process.on("exit", () => sink.flush());
  const log = createLog(settings.get("hrpcd.log.level"), sink);
  logEvents(log);
  log.info(`Settings from ${directory}`);
  for (const warning of warnings) log.warn(formatFault(warning));
  const modules = await loadServiceModules(settings, baseOf(settings, "hrpcd.services"));
  for (const module of modules) await module.start?.();
  const server = await createServer({ services: modules.flatMap((module) => module.services), conf: settings }).start();
  logStart(log, server, settings);
  surviveFaults(log);
  process.on("SIGHUP", () => reload(args, settings, log, sink));
  stopOnSignals(log, server, modules);
}

/** What Hadoop prints when a server comes up, and how to call this one. */
function logStart(log: Log, server: Server, settings: Settings): void {
  const { address, port } = server.address;
  log.info(
    `Using callQueue: class java.util.concurrent.LinkedBlockingQueue, queueCapacity: ${server.queueCapacity}, ` +
      "scheduler: class org.apache.hadoop.ipc.DefaultRpcScheduler, ipcBackoff: false.",
  );
  log.info(`Listener at ${address}:${port}`);
  for (let i = 1; i <= settings.get("ipc.server.read.threadpool.size"); i++) {
    log.info(`Starting Socket Reader #${i} for port ${port}`);
  }
  for (const { definition } of server.services) {
    log.info(`Serving ${definition.name} version ${definition.version} (${definition.engine.name})`);
  }
  log.info("IPC Server Responder: starting");
  log.info(`IPC Server listener on ${port}: starting`);
  const example = exampleCall(server.services, address, port);
  log.info(`IPC Server handlers on default port ${port}: ${settings.get("hrpcd.handlers")} starting`);
  log.info(`Ready. Call it: ${example}`);
}

function exampleCall(services: readonly Service[], address: string, port: number): string {
  const host = address === "0.0.0.0" || address === "::" ? "localhost" : address;
  const target = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  const greeter = services.find(({ definition }) => definition.name === "Server.MyInterface");
  return greeter === undefined
    ? `npx hrpc list ${target}`
    : `npx hrpc call ${target} Server.MyInterface helloWorld '"king"'`;
}

/** One stray error of a service must not end the process that serves the others. */
function surviveFaults(log: Log): void {
  process.on("uncaughtException", (error) => log.error(`Uncaught, and survived: ${error.stack ?? error.message}`));
  process.on("unhandledRejection", (error) => log.error(`Unhandled rejection: ${RpcError.from(error).stack ?? ""}`));
}

/** Reads the settings again: the log level and the log file take effect; what needs a restart is said. */
function reload(args: Arguments, running: Settings, log: Log, sink: LineSink): void {
  try {
    const { settings, warnings } = load(args);
    for (const warning of warnings) log.warn(formatFault(warning));
    sink.reopen();
    log.level = settings.get("hrpcd.log.level");
    const changed = settings
      .entries()
      .filter(({ key, value }) => JSON.stringify(value) !== JSON.stringify(running.get(key)));
    const restart = changed.map(({ key }) => key).filter((key) => key !== "hrpcd.log.level");
    log.info(
      `Settings read again${restart.length === 0 ? "" : `; these changes need a restart: ${restart.join(", ")}`}`,
    );
  } catch (error) {
    log.error(`Settings read again and left as they were: ${RpcError.from(error).message}`);
  }
}

/** The first SIGTERM or SIGINT drains and exits 0; the second exits at once. */
function stopOnSignals(log: Log, server: Server, modules: readonly ServiceModule[]): void {
  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) process.exit(EXIT.failed);
    stopping = true;
    log.info(`${signal}: stopping; calls in flight may end`);
    try {
      await server.stop();
      for (const module of [...modules].reverse()) await module.stop?.();
      log.info("Stopped");
      process.exit(EXIT.done);
    } catch (error) {
      log.error(`Stopped with a fault: ${RpcError.from(error).stack ?? ""}`);
      process.exit(EXIT.failed);
    }
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void stop(signal));
}

/** Runs a command and turns what it throws into a sentence on standard error and an exit code. */
async function run(command: () => Promise<number | void>): Promise<void> {
  try {
    const code = await command();
    if (code !== undefined) process.exitCode = code;
  } catch (thrown) {
    if (thrown instanceof SettingsError) {
      for (const fault of thrown.faults) process.stderr.write(`${formatFault(fault)}\n`);
      process.exit(EXIT.usage);
    }
    const error = RpcError.from(thrown);
    process.stderr.write(`hrpcd: ${error.message}\n`);
    process.exit(error.code === "BAD_SETTING" || error.code === "BAD_DEFINITION" ? EXIT.usage : EXIT.failed);
  }
}

const parser = yargs(separateOverrides(process.argv.slice(2)))
  .scriptName("hrpcd")
  .usage("$0 <command>\n\nThe Hadoop RPC daemon for TypeScript services.")
  .option("config", {
    type: "string",
    requiresArg: true,
    describe: "directory of core-site.xml and hrpc-site.xml [HRPCD_CONF_DIR, HADOOP_CONF_DIR]",
  })
  .option("D", {
    type: "string",
    array: true,
    nargs: 1,
    requiresArg: true,
    describe: "a setting, as key=value; beats the files",
  })
  .option("port", { type: "string", requiresArg: true, describe: "port to listen on; 0 takes any free one" })
  .option("bind", { type: "string", requiresArg: true, describe: "address to listen on" })
  .command("start", "serve in the foreground; SIGTERM drains, SIGHUP reads the settings again", {}, (args) =>
    run(() => start(args as unknown as Arguments)),
  )
  .command("check-config", "say every fault of the settings at once", {}, (args) =>
    run(() => checkConfig(args as unknown as Arguments)),
  )
  .demandCommand(1, "name a command: start or check-config")
  .strict()
  .version(false)
  .fail((message, error) => {
    process.stderr.write(`hrpcd: ${message || error.message}\nTry: hrpcd --help\n`);
    process.exit(EXIT.usage);
  });
await parser.parseAsync();
