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
import { formatFault, type LoadedSettings, type SettingKey, type Settings, SettingsError } from "../conf/index.js";
import { separateOverrides } from "../conf/overrides.js";
import {
  faultLines,
  lastValue,
  loadProgramSettings,
  loginName,
  PROGRAM_OPTIONS,
  settingsDirectory,
  settingsFileReader,
  versionOf,
} from "../conf/program.js";
import { placeOf } from "../conf/settings.js";
import type { Service } from "../protocol/engine.js";
import { RpcError } from "../protocol/rpc-error.js";
import type { Descriptors } from "./descriptor-watch.js";
import { createGroups } from "./groups.js";
import { LineSink } from "./line-sink.js";
import { LiveSettings } from "./live-settings.js";
import type { Log } from "./log.js";
import { CALL_QUEUE_KEYS } from "./make-call-queue.js";
import { PROGRAM_LOG_KEYS, ProgramLog } from "./program-log.js";
import { RefreshRegistry } from "./refresh-registry.js";
import { createServer, type Server } from "./server.js";
import { loadServiceModules, type ServiceModule } from "./service-loader.js";
import { adminServices } from "./services/admin.js";
import { SLOW_CALL_KEYS } from "./slow-calls.js";

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
  const directory = path.resolve(settingsDirectory(args.config, process.env) ?? SHIPPED_CONF);
  const loaded = loadProgramSettings({
    directory,
    isDirectory: (name) => fs.statSync(name, { throwIfNoEntry: false })?.isDirectory() ?? false,
    definitions: args.D,
    options: [
      { option: "--port", key: "hrpcd.port", value: args.port },
      { option: "--bind", key: "hrpcd.bind.address", value: args.bind },
    ],
    env: process.env,
    login: loginName(os.userInfo),
    readFile: settingsFileReader(fs),
  });
  return { ...loaded, directory };
}

/** The directory that relative names in a setting start from: that of the file that set it. */
function baseOf(settings: Settings, key: SettingKey): string {
  const source = settings.source(key);
  return source.kind === "file" ? path.dirname(path.resolve(source.file)) : process.cwd();
}

/** Opens the file that a setting names; none means standard error. Throws SettingsError for one that cannot be opened. */
function openSink(settings: Settings, key: "hrpcd.log.file" | "hrpcd.log.audit.file"): LineSink {
  const name = settings.get(key);
  const file = name === "" ? "" : path.resolve(baseOf(settings, key), name);
  try {
    return new LineSink(file);
  } catch (cause) {
    const reason = `cannot be opened: ${RpcError.from(cause).message}: name a file in a directory that may be written to`;
    throw new SettingsError([{ ...placeOf(settings.source(key)), key, message: `${file} ${reason}`, cause }]);
  }
}

function openLog(settings: Settings): ProgramLog {
  const auditSink =
    settings.get("hrpcd.log.audit.file") === "" ? undefined : openSink(settings, "hrpcd.log.audit.file");
  return new ProgramLog(settings, openSink(settings, "hrpcd.log.file"), auditSink);
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
  const logs = openLog(settings);
  process.on("exit", () => logs.flush());
  const { log } = logs;
  log.info(`Settings from ${directory}`);
  for (const warning of warnings) log.warn(formatFault(warning));
  const daemon: Daemon = { settings: new LiveSettings(settings, () => load(args)), logs, server: undefined };
  process.on("SIGHUP", () => reload(daemon));
  const modules = await loadServiceModules(settings, baseOf(settings, "hrpcd.services"));
  const server = await startServer(modules, settings, daemon);
  logStart(log, server, settings);
  surviveFaults(log);
  stopOnSignals(logs, server, modules);
}

/** What signals and operators change while the daemon runs. */
interface Daemon {
  readonly settings: LiveSettings;
  readonly logs: ProgramLog;
  /** Undefined while the services are loaded. */
  server: Server | undefined;
}

/** Starts the services and then the server; what has started is stopped again if something fails. */
async function startServer(modules: readonly ServiceModule[], conf: Settings, daemon: Daemon): Promise<Server> {
  const started: ServiceModule[] = [];
  try {
    for (const module of modules) {
      await module.start?.();
      started.push(module);
    }
    const services = modules.flatMap((module) => module.services);
    const names = new Set(services.map(({ definition }) => definition.name));
    const admin = adminOf(modules, conf, () => refreshCallQueue(daemon, server));
    const others = admin.filter(({ definition }) => !names.has(definition.name));
    const server: Server = createServer({ services: [...services, ...others], conf, descriptors: descriptors() });
    daemon.server = server;
    return await server.start();
  } catch (error) {
    await stopModules(started);
    throw error;
  }
}

/** What this process may have of file descriptors, where the system says it as Linux does. */
function descriptors(): Descriptors {
  const limits = readIfThere("/proc/self/limits");
  const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
  return { limit: soft === undefined ? undefined : Number(soft), available: descriptorAvailable };
}

function readIfThere(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function descriptorAvailable(): boolean {
  try {
    fs.closeSync(fs.openSync(os.devNull, "r"));
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code !== "EMFILE" && code !== "ENFILE";
  }
}

/** What the daemon offers to operators; a protocol that a module serves itself is the module's. */
function adminOf(modules: readonly ServiceModule[], conf: Settings, refreshCallQueue: () => void): Service[] {
  const refresh = new RefreshRegistry();
  for (const [i, module] of modules.entries()) {
    const senderName = conf.get("hrpcd.services")[i];
    for (const [identifier, handler] of Object.entries(module.refresh ?? {})) {
      refresh.register(identifier, handler, senderName);
    }
  }
  return adminServices({
    refreshCallQueue,
    // Nobody may act for another here, as on a Hadoop server without rules; rules in the files are warned about as unsupported.
    refreshSuperUserGroupsConfiguration: () => {},
    groups: createGroups(conf),
    refresh,
  });
}

/** Reads the settings again and makes a new call queue of them. Throws SettingsError, and changes nothing, for any fault. */
function refreshCallQueue({ settings, logs }: Daemon, server: Server): void {
  const { changed } = settings.refresh(CALL_QUEUE_KEYS, (read) => server.refreshCallQueue(read));
  if (changed.length > 0) logs.log.info(callQueueLine(server));
}

function callQueueLine({ callQueue }: Server): string {
  const { queueClass, queue, schedulerClass, backoff, failover } = callQueue;
  return (
    `Using callQueue: class ${queueClass}, queueCapacity: ${queue.capacity}, ` +
    `scheduler: class ${schedulerClass}, ipcBackoff: ${backoff}, ipcFailOver: ${failover}.`
  );
}

async function stopModules(started: readonly ServiceModule[]): Promise<void> {
  for (const module of [...started].reverse()) await module.stop?.();
}

/** What Hadoop prints when a server comes up, and how to call this one. */
function logStart(log: Log, server: Server, settings: Settings): void {
  const { address, port } = server.address;
  log.info(callQueueLine(server));
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
  process.on("uncaughtException", (error) => log.error(`Uncaught, and survived: ${stackOf(error)}`));
  process.on("unhandledRejection", (error) => log.error(`Unhandled rejection, and survived: ${stackOf(error)}`));
}

/** The stack of whatever was thrown. */
function stackOf(thrown: unknown): string {
  const error = thrown instanceof Error ? thrown : RpcError.from(thrown);
  return String(error.stack ?? error.message);
}

/** Reads the settings again: those of the log and the call queue take effect, the log's files are opened anew; what needs a restart is said. */
function reload({ settings, logs, server }: Daemon): void {
  const { log } = logs;
  const isServers = (key: string): boolean =>
    CALL_QUEUE_KEYS.includes(key) || SLOW_CALL_KEYS.some((own) => own === key);
  const isLive = (key: string): boolean =>
    PROGRAM_LOG_KEYS.some((own) => own === key) || (server !== undefined && isServers(key));
  try {
    const { warnings, changed, pending } = settings.refresh({ includes: isLive }, (read) => {
      server?.refreshCallQueue(read);
      logs.refresh(read);
      server?.refreshSlowCallRules(read);
    });
    for (const warning of warnings) log.warn(formatFault(warning));
    if (server !== undefined && changed.some((key) => CALL_QUEUE_KEYS.includes(key))) log.info(callQueueLine(server));
    log.info(
      `Settings read again${pending.length === 0 ? "" : `; these changes need a restart: ${pending.join(", ")}`}`,
    );
  } catch (error) {
    log.error(`Settings read again and left as they were: ${RpcError.from(error).message}`);
  }
}

/** The first SIGTERM or SIGINT drains and exits 0; the second exits at once. */
function stopOnSignals(logs: ProgramLog, server: Server, modules: readonly ServiceModule[]): void {
  const { log } = logs;
  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) process.exit(EXIT.failed);
    stopping = true;
    log.info(`${signal}: stopping; calls in flight may end`);
    try {
      await server.stop();
      await stopModules(modules);
      log.info("Stopped");
      await logs.drained();
      process.exit(EXIT.done);
    } catch (error) {
      log.error(`Stopped with a fault: ${stackOf(error)}`);
      process.exit(EXIT.failed);
    }
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void stop(signal));
}

/**
 * Says why the process ends in the middle of a command: it waits for a promise that nothing is left to settle, and only service
 * modules can make such. Node would exit with 13 and not a word of them.
 */
function tellWhoNeverSettles(): void {
  process.on("exit", () => {
    if (!commandRuns) return;
    const remedy = "look in the modules of hrpcd.services for an await, or a start(), that waits for what never comes";
    fs.writeSync(process.stderr.fd, `hrpcd: a service module has neither finished its start nor failed: ${remedy}\n`);
    process.exitCode = EXIT.failed;
  });
}

let commandRuns = false;

/** Runs a command and turns what it throws into a sentence on standard error and an exit code. */
async function run(command: () => Promise<unknown>): Promise<void> {
  commandRuns = true;
  try {
    const code = await command().finally(() => {
      commandRuns = false;
    });
    if (typeof code === "number") process.exitCode = code;
  } catch (thrown) {
    if (thrown instanceof SettingsError) {
      for (const line of faultLines(thrown)) process.stderr.write(`${line}\n`);
      process.exit(EXIT.usage);
    }
    const error = RpcError.from(thrown);
    process.stderr.write(`hrpcd: ${error.message}\n`);
    process.exit(error.code === "BAD_SETTING" || error.code === "BAD_DEFINITION" ? EXIT.usage : EXIT.failed);
  }
}

const parser = yargs(separateOverrides(process.argv.slice(2)))
  .scriptName("hrpcd")
  .locale("en")
  .usage("$0 <command>\n\nThe Hadoop RPC daemon for TypeScript services.")
  .option("config", PROGRAM_OPTIONS.config)
  .option("D", PROGRAM_OPTIONS.D)
  .option("port", {
    type: "string",
    requiresArg: true,
    coerce: lastValue,
    describe: "port to listen on; 0 takes any free one",
  })
  .option("bind", { type: "string", requiresArg: true, coerce: lastValue, describe: "address to listen on" })
  .command("start", "serve in the foreground; SIGTERM drains, SIGHUP reads the settings again", {}, (args) =>
    run(() => start(args as unknown as Arguments)),
  )
  .command("check-config", "say every fault of the settings at once", {}, (args) =>
    run(() => checkConfig(args as unknown as Arguments)),
  )
  .demandCommand(1, "name a command: start or check-config")
  .strict()
  .version(versionOf(fs.readFileSync(new URL("../../package.json", import.meta.url), "utf8")))
  .fail((message, error) => {
    process.stderr.write(`hrpcd: ${message || error.message}\nTry: hrpcd --help\n`);
    process.exit(EXIT.usage);
  });
tellWhoNeverSettles();
await parser.parseAsync();
