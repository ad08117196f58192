#!/usr/bin/env node
/**
 * The program hrpc: arguments -> settings -> client -> command. Results go to standard output, everything else to standard error.
 *
 * Exit codes: 0 done, 1 the remote side refused or failed, 2 wrong arguments or settings, 3 could not connect, 4 timed out.
 */
import fs from "node:fs";
import yargs, { type Argv } from "yargs";
import {
  formatFault,
  loadSettings,
  parseOverrides,
  type Settings,
  SettingsError,
  separateOverrides,
} from "../conf/index.js";
import { RpcError, type RpcErrorCode } from "../protocol/rpc-error.js";
import type { CallTarget, CommandContext } from "./command.js";
import { bench } from "./commands/bench.js";
import { call } from "./commands/call.js";
import { describe } from "./commands/describe.js";
import { list } from "./commands/list.js";
import { ping } from "./commands/ping.js";
import { createClient } from "./index.js";

const EXIT = { done: 0, failed: 1, usage: 2, unreachable: 3, timedOut: 4 } as const;

const EXIT_BY_CODE: Partial<Record<RpcErrorCode, number>> = {
  BAD_ARGUMENT: EXIT.usage,
  BAD_DEFINITION: EXIT.usage,
  BAD_SETTING: EXIT.usage,
  CONNECT_FAILED: EXIT.unreachable,
  CONNECT_TIMED_OUT: EXIT.unreachable,
  CALL_TIMED_OUT: EXIT.timedOut,
};

/** A person waits: a server that is not there is said at once. `-D` may say otherwise. */
const IMPATIENT = { "ipc.client.connect.max.retries": "0", "ipc.client.connect.max.retries.on.timeouts": "0" };

interface Arguments {
  readonly config?: string;
  readonly D?: readonly string[];
  readonly user?: string;
  readonly timeout?: number;
  readonly json: boolean;
  readonly address: string;
  readonly protocol: string;
  readonly method: string;
  readonly args?: readonly string[];
  readonly inFlight: number;
  readonly seconds: number;
}

function load(args: Arguments): Settings {
  const overrides = { ...IMPATIENT, ...parseOverrides(args.D ?? []) };
  const directory = args.config ?? process.env.HRPCD_CONF_DIR ?? process.env.HADOOP_CONF_DIR;
  const readFile = (file: string): string | undefined =>
    fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
  const from = directory === undefined ? {} : { directory };
  const { settings, warnings } = loadSettings({ ...from, overrides, env: process.env, readFile });
  for (const warning of warnings) process.stderr.write(`warning: ${formatFault(warning)}\n`);
  return settings;
}

/** Runs a command against a server and prints its result, or what went wrong. */
async function run(args: Arguments, command: (context: CommandContext) => Promise<string>): Promise<void> {
  try {
    const user = args.user ?? process.env.HADOOP_USER_NAME;
    await using client = createClient({ conf: load(args), ...(user === undefined ? {} : { user }) });
    const context = { client, address: args.address, timeoutMs: args.timeout, json: args.json };
    process.stdout.write(`${await command(context)}\n`);
  } catch (thrown) {
    if (thrown instanceof SettingsError) {
      for (const fault of thrown.faults) process.stderr.write(`${formatFault(fault)}\n`);
      process.exitCode = EXIT.usage;
      return;
    }
    const error = RpcError.from(thrown);
    process.stderr.write(`hrpc: ${error.code === "ERROR_APPLICATION" ? `${error.javaClass}: ` : ""}${error.message}\n`);
    process.exitCode = EXIT_BY_CODE[error.code] ?? EXIT.failed;
  }
}

function targetOf(args: Arguments): CallTarget {
  return { protocol: args.protocol, method: args.method, args: (args.args ?? []).map(String) };
}

function withAddress(argv: Argv): Argv {
  return argv.positional("address", { type: "string", describe: "host:port of the server" });
}

const onCall = (argv: Argv): Argv =>
  withAddress(argv)
    .positional("protocol", { type: "string", describe: "name, or name@version" })
    .positional("method", { type: "string" })
    .positional("args", { type: "string", array: true, describe: "arguments, each as JSON" });

const handler = (command: (context: CommandContext, args: Arguments) => Promise<string>) => (argv: unknown) => {
  const args = argv as Arguments;
  return run(args, (context) => command(context, args));
};

const parser = yargs(separateOverrides(process.argv.slice(2)))
  .scriptName("hrpc")
  .usage("$0 <command> host:port ...\n\nCalls Hadoop RPC servers from the command line.")
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
  .option("user", { type: "string", requiresArg: true, describe: "user to call as [HADOOP_USER_NAME, the login name]" })
  .option("timeout", { type: "number", requiresArg: true, describe: "milliseconds a call may take" })
  .option("json", { type: "boolean", default: false, describe: "print JSON where a table would be printed" })
  .command("list <address>", "protocols, versions and engines", withAddress, handler(list))
  .command(
    "describe <address> <protocol>",
    "methods, types and method hashes",
    (argv) => withAddress(argv).positional("protocol", { type: "string", describe: "name, or name@version" }),
    handler((context, args) => describe(context, args.protocol)),
  )
  .command(
    "call <address> <protocol> <method> [args..]",
    "one call; prints the result as JSON",
    onCall,
    handler((context, args) => call(context, targetOf(args))),
  )
  .command("ping <address>", "whether a server answers, and how fast", withAddress, handler(ping))
  .command(
    "bench <address> <protocol> <method> [args..]",
    "the same call again and again",
    (argv) =>
      onCall(argv)
        .option("in-flight", { type: "number", default: 64, describe: "calls kept in flight" })
        .option("seconds", { type: "number", default: 5, describe: "how long" }),
    handler((context, args) => bench(context, targetOf(args), args)),
  )
  .demandCommand(1, "name a command: list, describe, call, ping or bench")
  .strict()
  .version(false)
  .parserConfiguration({ "parse-positional-numbers": false })
  .check((args) => {
    for (const name of ["timeout", "seconds", "in-flight"]) {
      const value = args[name] as number | undefined;
      if (value !== undefined && !(value > 0)) throw new Error(`--${name} must be a number greater than 0`);
    }
    return true;
  })
  .fail((message, error) => {
    process.stderr.write(`hrpc: ${message || error.message}\nTry: hrpc --help\n`);
    process.exit(EXIT.usage);
  });
await parser.parseAsync();
