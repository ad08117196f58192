#!/usr/bin/env node
/**
 * The program hrpc: arguments -> settings -> client -> command. Results go to standard output, everything else to standard
 * error. The exit codes are those of `terminal/failure-text.ts`.
 *
 * A person waits for each start, so what only a command needs is imported by that command: engines above all.
 */
import fs from "node:fs";
import os from "node:os";
import yargs, { type Argv } from "yargs";
import { formatFault, type Settings, SettingsError } from "../conf/index.js";
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
import { RpcError } from "../protocol/rpc-error.js";
import type { CallTarget, CommandContext } from "./commands/command.js";
import { EXIT, exitCodeOf, failureText } from "./terminal/failure-text.js";
import { type JsonForm, PLAIN_JSON } from "./terminal/json-text.js";
import { printable } from "./terminal/printable.js";
import { usageText } from "./terminal/usage-text.js";

/** A person waits: a server that is not there is said at once. `-D` may say otherwise. */
const IMPATIENT = { "ipc.client.connect.max.retries": "0", "ipc.client.connect.max.retries.on.timeouts": "0" };

/** Calls in flight of `bench` are kept in an array. */
const MAX_IN_FLIGHT = 1_000_000;

/** The values of `--bytes` and `--longs`. */
const BYTES = ["base64", "hex"] as const satisfies readonly JsonForm["bytes"][];
const LONGS = ["exact", "string", "number"] as const satisfies readonly JsonForm["longs"][];

interface Arguments {
  readonly config?: string;
  readonly D?: readonly string[];
  readonly user?: string;
  readonly timeout?: number;
  readonly "caller-context"?: string;
  readonly json: boolean;
  readonly bytes?: JsonForm["bytes"];
  readonly longs?: JsonForm["longs"];
  readonly proto?: readonly string[];
  readonly service?: string;
  readonly address: string;
  readonly protocol?: string;
  readonly engine?: string;
  readonly method?: string;
  readonly args?: readonly string[];
  readonly action?: string;
  readonly "in-flight": number;
  readonly seconds: number;
}

function complain(text: string): void {
  process.stderr.write(`${printable(text)}\n`);
}

function load(args: Arguments, login: string | undefined): Settings {
  const { settings, warnings } = loadProgramSettings({
    directory: settingsDirectory(args.config, process.env),
    isDirectory: (path) => fs.statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false,
    preset: IMPATIENT,
    definitions: args.D,
    login,
    env: process.env,
    readFile: settingsFileReader(fs),
  });
  for (const warning of warnings) complain(`warning: ${formatFault(warning)}`);
  return settings;
}

/** Whom to call as. Hadoop: security/UserGroupInformation.java; an empty variable is none. */
function userOf(args: Arguments, login: string | undefined): string {
  const user = args.user ?? (process.env.HADOOP_USER_NAME || login);
  if (user !== undefined) return user;
  throw new RpcError("BAD_SETTING", "this process's user has no name: give one with --user or HADOOP_USER_NAME");
}

/** Gives what is to be printed. */
type Command = (args: Arguments) => Promise<string>;
type ServerCommand = (context: CommandContext, args: Arguments) => Promise<string>;

/** A command that talks to a server: settings and a client around it. */
function withServer(command: ServerCommand): Command {
  return async (args) => {
    const login = loginName(os.userInfo);
    const conf = load(args, login);
    const user = userOf(args, login);
    const { createClient } = await import("./index.js");
    const callerContext = args["caller-context"];
    await using client = createClient({
      conf,
      user,
      ...(callerContext !== undefined && { callerContext: { context: callerContext } }),
    });
    const context: CommandContext = {
      client,
      address: args.address,
      timeoutMs: args.timeout ?? (conf.get("ipc.client.rpc-timeout.ms") || undefined),
      json: args.json,
      jsonForm: { bytes: args.bytes ?? PLAIN_JSON.bytes, longs: args.longs ?? PLAIN_JSON.longs },
      protoPaths: args.proto ?? [],
      note: (text) => complain(`note: ${text}`),
    };
    return await command(context, args);
  };
}

/** Runs a command and prints its result, or what went wrong. */
async function run(args: Arguments, command: Command): Promise<void> {
  try {
    process.stdout.write(`${printable(await command(args))}\n`);
  } catch (thrown) {
    if (thrown instanceof SettingsError) {
      for (const line of faultLines(thrown)) complain(`hrpc: ${line}`);
      process.exitCode = EXIT.usage;
      return;
    }
    complain(`hrpc: ${failureText(thrown)}`);
    process.exitCode = exitCodeOf(thrown);
  }
}

/** Who reads the result may have seen enough (`hrpc list ... | head -1`); any other fault of writing is one. */
function onOutputError(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") process.exit(process.exitCode);
  complain(`hrpc: the result could not be written: ${error.message}`);
  process.exit(EXIT.failed);
}

function targetOf({ protocol = "", engine, service, method = "", args = [] }: Arguments): CallTarget {
  return { protocol, engine, service, method, args: args.map((text) => text.trim()) };
}

const COMMANDS = {
  list: "list <address>",
  describe: "describe <address> <protocol> [method]",
  call: "call <address> <protocol> <method> [args..]",
  ping: "ping <address>",
  bench: "bench <address> <protocol> <method> [args..]",
  types: "types [protocol]",
  admin: "admin <address> <action> [args..]",
} as const;

const handler = (load: () => Promise<Command>) => async (argv: unknown) => {
  await run(argv as Arguments, async (args) => (await load())(args));
};
const serverHandler = (load: () => Promise<ServerCommand>) => handler(async () => withServer(await load()));

function positive(option: string, max = Number.POSITIVE_INFINITY, whole = false) {
  return (given: unknown): unknown => {
    const value = lastValue(given);
    if (value === undefined) return undefined;
    if (typeof value === "number" && value > 0 && value <= max && (!whole || Number.isInteger(value))) return value;
    const what = whole ? `a whole number from 1 to ${max}` : "a number greater than 0";
    throw new Error(`--${option} must be ${what}`);
  };
}

function oneOf(option: string, values: readonly string[]) {
  return (given: unknown): unknown => {
    const value = lastValue(given);
    if (value === undefined || values.includes(value as string)) return value;
    throw new Error(`--${option} must be one of ${values.join(", ")}`);
  };
}

const withAddress = (argv: Argv): Argv =>
  argv.positional("address", { type: "string", describe: "host:port of the server" });

const withProto = (argv: Argv): Argv =>
  argv.option("proto", {
    type: "string",
    array: true,
    nargs: 1,
    requiresArg: true,
    describe: "a jar, .proto file or folder that defines protocols; may be given several times",
  });

const withService = (argv: Argv): Argv =>
  withProto(argv).implies("service", "proto").option("service", {
    type: "string",
    requiresArg: true,
    coerce: lastValue,
    describe: "service of the .proto files that the protocol is, where they do not say so",
  });

const withProtocol = (argv: Argv): Argv =>
  withService(withAddress(argv))
    .positional("protocol", { type: "string", describe: "name, or name@version; without one the highest version" })
    .option("engine", {
      type: "string",
      requiresArg: true,
      coerce: lastValue,
      describe: "avro, protobuf or writable, for a protocol that is served by several",
    });

const withMethod = (argv: Argv): Argv =>
  withProtocol(argv).positional("method", { type: "string", describe: "name of the method" });

const withArguments = (argv: Argv): Argv =>
  withMethod(argv)
    .positional("args", { type: "string", array: true, describe: "arguments, each as JSON: 5 or '\"text\"'" })
    .option("bytes", {
      type: "string",
      requiresArg: true,
      coerce: oneOf("bytes", BYTES),
      describe: `how bytes are written, in arguments and results: base64 or hex [${PLAIN_JSON.bytes}]`,
    });

const withCall = (argv: Argv): Argv =>
  withArguments(argv).option("longs", {
    type: "string",
    requiresArg: true,
    coerce: oneOf("longs", LONGS),
    describe: `64-bit integers in results: string, number, or exact: numbers up to 2^53, else strings [${PLAIN_JSON.longs}]`,
  });

const withAction = (argv: Argv): Argv =>
  withAddress(argv)
    .positional("action", {
      type: "string",
      describe:
        "refreshCallQueue, refreshServiceAcl, refreshUserToGroupsMappings, refreshSuperUserGroupsConfiguration, refresh, " +
        "getGroups, reload or shutdown",
    })
    .positional("args", {
      type: "string",
      array: true,
      describe: "of refresh: identifier and its arguments; of getGroups: users",
    });

const withTypes = (argv: Argv): Argv =>
  withService(argv)
    .demandOption("proto")
    .positional("protocol", { type: "string", describe: "name, or name@version; without one, what the files hold" });

const withBench = (argv: Argv): Argv =>
  withArguments(argv)
    .option("in-flight", {
      type: "number",
      requiresArg: true,
      default: 64,
      coerce: positive("in-flight", MAX_IN_FLIGHT, true),
      describe: "calls kept in flight",
    })
    .option("seconds", {
      type: "number",
      requiresArg: true,
      default: 5,
      coerce: positive("seconds"),
      describe: "how long",
    });

/**
 * The arguments as yargs should see them: `-D key=value` apart, and a blank, which JSON ignores, in front of what it would
 * wrongly take for options: negative numbers such as -1e5, and all that begins with a dash behind `--`.
 */
function separate(args: readonly string[]): string[] {
  const end = args.indexOf("--");
  const before = end < 0 ? args : args.slice(0, end);
  const behind = end < 0 ? [] : args.slice(end + 1);
  return [
    ...separateOverrides(before).map((arg) => (/^-\d/.test(arg) ? ` ${arg}` : arg)),
    ...behind.map((arg) => (arg.startsWith("-") ? ` ${arg}` : arg)),
  ];
}

function version(): string {
  return versionOf(fs.readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
}

const args = separate(process.argv.slice(2));
const parser = yargs(args)
  .scriptName("hrpc")
  .locale("en")
  .usage("$0 <command> host:port ...\n\nCalls Hadoop RPC servers from the command line.")
  .options(PROGRAM_OPTIONS)
  .option("user", {
    type: "string",
    requiresArg: true,
    coerce: lastValue,
    describe: "user to call as [HADOOP_USER_NAME, the login name]",
  })
  .option("timeout", {
    type: "number",
    requiresArg: true,
    coerce: positive("timeout"),
    describe: "milliseconds to wait for an answer",
  })
  .option("caller-context", {
    type: "string",
    requiresArg: true,
    coerce: lastValue,
    describe: "text that a server writes to its audit log",
  })
  .option("json", { type: "boolean", default: false, describe: "print JSON where a table would be printed" })
  .command(
    COMMANDS.list,
    "protocols, versions and engines",
    (argv) => withProto(withAddress(argv)),
    serverHandler(async () => (await import("./commands/list.js")).list),
  )
  .command(
    COMMANDS.describe,
    "methods, types and method hashes",
    withMethod,
    serverHandler(async () => {
      const { describe } = await import("./commands/describe.js");
      return (context, given) => describe(context, targetOf(given), given.method);
    }),
  )
  .command(
    COMMANDS.call,
    "one call; prints the result as JSON",
    withCall,
    serverHandler(async () => {
      const { call } = await import("./commands/call.js");
      return (context, given) => call(context, targetOf(given));
    }),
  )
  .command(
    COMMANDS.ping,
    "whether a server answers, and how fast",
    withAddress,
    serverHandler(async () => (await import("./commands/ping.js")).ping),
  )
  .command(
    COMMANDS.bench,
    "the same call again and again",
    withBench,
    serverHandler(async () => {
      const { bench } = await import("./commands/bench.js");
      return (context, given) =>
        bench(context, targetOf(given), { inFlight: given["in-flight"], seconds: given.seconds });
    }),
  )
  .command(
    COMMANDS.types,
    "a TypeScript module of a protobuf protocol",
    withTypes,
    handler(async () => {
      const { listTypes, types } = await import("./commands/types.js");
      return (given) => {
        const { proto = [], protocol, json } = given;
        return protocol === undefined ? listTypes(proto, json) : types(proto, targetOf(given));
      };
    }),
  )
  .command(
    COMMANDS.admin,
    "what an operator asks of a server",
    withAction,
    serverHandler(async () => {
      const { admin } = await import("./commands/admin.js");
      return (context, given) => admin(context, given.action ?? "", given.args ?? []);
    }),
  )
  .demandCommand(1, "name a command")
  .strict()
  .strictCommands()
  .alias("help", "h")
  .version(version())
  .epilogue("Exit codes: 0 done, 1 refused or failed by the server, 2 wrong arguments, 3 not connected, 4 timed out")
  .parserConfiguration({
    "camel-case-expansion": false,
    "dot-notation": false,
    "parse-positional-numbers": false,
  })
  .fail((message, error) => {
    complain(usageText(message || error.message, args, COMMANDS));
    process.exit(EXIT.usage);
  });

process.stdout.on("error", onOutputError);
// Nobody reads what goes wrong any more; the exit code still tells.
process.stderr.on("error", () => undefined);
await parser.parseAsync();
