#!/usr/bin/env node
/**
 * The program hrpcd: arguments -> settings -> services -> server -> signals.
 *
 * Exit codes: the table in README.md.
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
import { systemClock } from "./clock.js";
import type { Descriptors } from "./descriptor-watch.js";
import { ExitWatch } from "./exit-watch.js";
import { createGroups } from "./groups.js";
import { createHttpListener } from "./http-listener.js";
import { nextSteps, SERVICE_NAME, type ServicePlan, serviceFiles, warningsOf } from "./install-service.js";
import { LineSink } from "./line-sink.js";
import { LiveSettings } from "./live-settings.js";
import type { Log } from "./log.js";
import { ProgramLog } from "./program-log.js";
import { RefreshRegistry } from "./refresh-registry.js";
import { callQueueLine, type Daemon, refreshCallQueue, reload, servingStatus } from "./reloading.js";
import { createServer, type Server } from "./server.js";
import { loadServiceModules, type ServiceModule } from "./service-loader.js";
import { type ServiceEnvironment, ServiceManager, serviceEnvironment } from "./service-manager.js";
import { adminServices } from "./services/admin.js";
import { hrpcdAdminService } from "./services/hrpcd-admin.js";
import { type NamedModule, stackOf, stopModules, stopProgram } from "./stopping.js";

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

function openLog(settings: Settings, journal: boolean): ProgramLog {
  const auditSink =
    settings.get("hrpcd.log.audit.file") === "" ? undefined : openSink(settings, "hrpcd.log.audit.file");
  return new ProgramLog(settings, openSink(settings, "hrpcd.log.file"), auditSink, { journal });
}

/** Tells why the process ends if a service ends it. */
const exitWatch = new ExitWatch(
  {
    onIdle: (listener) => process.on("beforeExit", listener),
    onExit: (listener) =>
      process.on("exit", (code) => {
        process.exitCode = listener(code);
      }),
  },
  { loading: EXIT.usage, serving: EXIT.failed },
  (sentence) => fs.writeSync(process.stderr.fd, `hrpcd: ${sentence}\n`),
);

/** Ends the process, on purpose. */
function leave(code: number): never {
  exitWatch.expected();
  process.exit(code);
}

async function loadModules(settings: Settings): Promise<ServiceModule[]> {
  const loading = (name: string) => exitWatch.loading(`The service module "${name}"`);
  return await loadServiceModules(settings, baseOf(settings, "hrpcd.services"), loading);
}

async function checkConfig(args: Arguments): Promise<number> {
  const { settings, warnings, files } = load(args);
  for (const warning of warnings) process.stderr.write(`warning: ${formatFault(warning)}\n`);
  const modules = await loadModules(settings);
  const services = modules.flatMap((module) => module.services);
  createServer({ services, conf: settings });
  process.stdout.write(`${files.length} files read, ${services.length} services found, no faults\n`);
  return EXIT.done;
}

async function start(args: Arguments): Promise<void> {
  const { settings, warnings, directory } = load(args);
  const surroundings = serviceEnvironment(process.env, process.pid);
  // What was meant for this process is none of its children's business.
  for (const name of ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "WATCHDOG_PID"]) delete process.env[name];
  const journal = settings.get("hrpcd.log.file") === "" && isJournal(surroundings);
  const logs = openLog(settings, journal);
  process.on("exit", () => logs.flush());
  const { log } = logs;
  log.info(`Settings from ${directory}`);
  for (const warning of warnings) log.warn(formatFault(warning));
  const manager = new ServiceManager(surroundings, (text) => log.warn(text));
  const live = new LiveSettings(settings, () => load(args));
  const daemon: Daemon = { settings: live, logs, manager, server: undefined, http: undefined };
  process.on("SIGHUP", () => hangUp(daemon));
  const modules = await loadModules(settings);
  const server = await startServer(modules, settings, daemon, surroundings.listenFd);
  logStart(log, server, settings);
  surviveFaults(log);
  exitWatch.serving();
  manager.ready(servingStatus(server));
  if (surroundings.watchdogMs !== undefined) systemClock.every(surroundings.watchdogMs / 2, () => manager.alive());
}

/** Whether standard error is the stream of the journal that the service manager named, and not redirected since. */
function isJournal({ journal }: ServiceEnvironment): boolean {
  if (journal === undefined) return false;
  const { dev, ino } = fs.fstatSync(process.stderr.fd);
  return dev === journal.dev && ino === journal.ino;
}

/** Starts the services and then the server; what has started is stopped again if something fails. */
async function startServer(
  modules: readonly ServiceModule[],
  conf: Settings,
  daemon: Daemon,
  listenFd: number | undefined,
): Promise<Server> {
  const started: NamedModule[] = [];
  try {
    for (const entry of named(modules, conf)) {
      exitWatch.loading(`The service module "${entry.name}"`);
      await entry.module.start?.();
      started.push(entry);
    }
    exitWatch.expected();
    const services = modules.flatMap((module) => module.services);
    const names = new Set(services.map(({ definition }) => definition.name));
    const stop = programStop(daemon, () => server, started);
    const admin = adminOf(modules, daemon, () => server, stop);
    const others = admin.filter(({ definition }) => !names.has(definition.name));
    const server: Server = createServer({
      services: [...services, ...others],
      conf,
      listenFd,
      descriptors: descriptors(),
    });
    await startHttp(daemon, server, conf);
    await server.start();
    daemon.server = server;
    stopOnSignals(stop);
    return server;
  } catch (error) {
    await daemon.http?.stop();
    await stopModules(started, conf.get("hrpcd.shutdown.grace.ms"), daemon.logs.log, systemClock);
    throw error;
  }
}

/** Opens the HTTP listener, if it is asked for, before the server: so it tells of the whole of the server's life. */
async function startHttp(daemon: Daemon, server: Server, conf: Settings): Promise<void> {
  if (!conf.get("hrpcd.http.enable")) return;
  daemon.http = await createHttpListener(server, conf, { settings: () => daemon.settings.inForce }).start();
  const { address, port } = daemon.http.address;
  daemon.logs.log.info(`HTTP listener at ${address}:${port}: /prom /jmx /conf /health/live /health/ready`);
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
function adminOf(
  modules: readonly ServiceModule[],
  daemon: Daemon,
  server: () => Server,
  stop: ProgramStop,
): Service[] {
  const conf = daemon.settings.inForce;
  const refresh = new RefreshRegistry();
  for (const [i, module] of modules.entries()) {
    const senderName = conf.get("hrpcd.services")[i];
    for (const [identifier, handler] of Object.entries(module.refresh ?? {})) {
      refresh.register(identifier, handler, senderName);
    }
  }
  const own = loginName(os.userInfo);
  const hrpcdAdmin = hrpcdAdminService({
    users: () => {
      const users = daemon.settings.inForce.get("hrpcd.admin.users");
      return users.length > 0 || own === undefined ? users : [own];
    },
    reload: () => reload(daemon),
    shutdown: (who) => stop(`hrpc admin shutdown by ${who}`),
  });
  const hadoops = adminServices({
    refreshCallQueue: () => refreshCallQueue(daemon, server()),
    // Nobody may act for another here, as on a Hadoop server without rules; rules in the files are warned about as unsupported.
    refreshSuperUserGroupsConfiguration: () => {},
    groups: createGroups(conf),
    refresh,
  });
  return [...hadoops, hrpcdAdmin];
}

/** The modules with the names that the settings give them. */
function named(modules: readonly ServiceModule[], conf: Settings): NamedModule[] {
  const names = conf.get("hrpcd.services");
  return modules.map((module, i) => ({ name: names[i] ?? "", module }));
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

/** Opens the log file anew, for whatever has moved it away, and reads the settings again. */
function hangUp(daemon: Daemon): void {
  const { logs } = daemon;
  try {
    logs.reopen();
  } catch (error) {
    logs.log.error(`The log goes on in the old file: ${RpcError.from(error).message}`);
  }
  try {
    reload(daemon);
  } catch (error) {
    logs.log.error(`Settings read again and left as they were: ${RpcError.from(error).message}`);
  }
}

/** The first SIGTERM or SIGINT drains and exits 0; the second exits at once. */
function stopOnSignals(stop: ProgramStop): void {
  const onSignal = (signal: string): void => {
    if (!stop(signal)) leave(EXIT.failed);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, onSignal);
}

/** Begins to stop the program, for this reason; false if it stops already. */
type ProgramStop = (reason: string) => boolean;

function programStop(daemon: Daemon, server: () => Server, modules: readonly NamedModule[]): ProgramStop {
  const { logs, settings, manager } = daemon;
  const { log } = logs;
  let stopping = false;
  const stop = async (): Promise<void> => {
    const graceMs = settings.inForce.get("hrpcd.shutdown.grace.ms");
    const well = await stopProgram({ log, server: server(), modules, graceMs, clock: systemClock });
    await daemon.http?.stop();
    log.info("Stopped");
    await logs.drained();
    leave(well ? EXIT.done : EXIT.failed);
  };
  return (reason) => {
    if (stopping) return false;
    stopping = true;
    log.info(`${reason}: stopping; calls in flight may end`);
    manager.stopping(`${reason}: draining`);
    void stop();
    return true;
  };
}

interface InstallArguments extends Arguments {
  readonly name: string;
  readonly root: string;
  readonly "dry-run": boolean;
}

/** Writes the files of the service below `--root`, or prints them, and what to run next. Throws what writing throws. */
async function installService(args: InstallArguments): Promise<number> {
  const { settings, directory } = load(args);
  if (!SERVICE_NAME.test(args.name)) {
    throw new RpcError(
      "BAD_SETTING",
      `--name must be a letter and then letters, digits and dashes, got "${args.name}"`,
    );
  }
  const logFile = settings.get("hrpcd.log.file");
  const plan: ServicePlan = {
    name: args.name,
    node: process.execPath,
    program: fileURLToPath(import.meta.url),
    config: directory,
    logFile: logFile === "" ? "" : path.resolve(baseOf(settings, "hrpcd.log.file"), logFile),
    graceMs: settings.get("hrpcd.shutdown.grace.ms"),
  };
  for (const warning of warningsOf(plan)) process.stderr.write(`warning: ${warning}\n`);
  for (const { path: name, text, keep } of serviceFiles(plan)) {
    const file = path.join(args.root, name);
    if (args["dry-run"]) {
      process.stdout.write(`--- ${file}\n${text}\n`);
    } else if (keep && fs.existsSync(file)) {
      process.stdout.write(`left as it is: ${file}\n`);
    } else {
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, text);
      process.stdout.write(`written: ${file}\n`);
    }
  }
  process.stdout.write(
    `Next:\n${nextSteps(plan)
      .map((step) => `  ${step}\n`)
      .join("")}`,
  );
  return EXIT.done;
}

/** Runs a command and turns what it throws into a sentence on standard error and an exit code. */
async function run(command: () => Promise<unknown>): Promise<void> {
  try {
    const code = await command();
    if (typeof code !== "number") return;
    exitWatch.expected();
    process.exitCode = code;
  } catch (thrown) {
    if (thrown instanceof SettingsError) {
      for (const line of faultLines(thrown)) process.stderr.write(`${line}\n`);
      leave(EXIT.usage);
    }
    const error = RpcError.from(thrown);
    process.stderr.write(`hrpcd: ${error.message}\n`);
    leave(error.code === "BAD_SETTING" || error.code === "BAD_DEFINITION" ? EXIT.usage : EXIT.failed);
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
  .command(
    "install-service",
    "write the files of a systemd service, and say what to run next",
    (argv) =>
      argv
        .option("name", {
          type: "string",
          requiresArg: true,
          coerce: lastValue,
          default: "hrpcd",
          describe: "of the service, its user and its state directory",
        })
        .option("root", {
          type: "string",
          requiresArg: true,
          coerce: lastValue,
          default: "/",
          describe: "directory that stands for / , such as that of an image",
        })
        .option("dry-run", { type: "boolean", default: false, describe: "print the files and write none" }),
    (args) => run(() => installService(args as unknown as InstallArguments)),
  )
  .demandCommand(1, "name a command: start, check-config or install-service")
  .strict()
  .version(versionOf(fs.readFileSync(new URL("../../package.json", import.meta.url), "utf8")))
  .fail((message, error) => {
    process.stderr.write(`hrpcd: ${message || error.message}\nTry: hrpcd --help\n`);
    process.exit(EXIT.usage);
  });
await parser.parseAsync();
