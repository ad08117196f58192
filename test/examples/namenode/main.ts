/**
 * The program: `npm run example:namenode -- --port 9000`. SIGTERM and SIGINT end it.
 *
 * Exit codes: 0 stopped, 1 the server could not start, 2 wrong arguments.
 */
import os from "node:os";
import yargs from "yargs";
import { createServer } from "../../../daemon/index.js";
import { RpcError } from "../../../protocol/index.js";
import { FileTree } from "./file-tree.js";
import { namenode } from "./service.js";
import { usersOf } from "./users.js";

const EXIT = { failed: 1, usage: 2 } as const;
const MAX_PORT = 65_535;

function refuse(message: string, code: number): never {
  process.stderr.write(`namenode: ${message}\n`);
  process.exit(code);
}

/** The port that was asked for. Twice asked for, both are in the text, which is none then. */
function parsePort(given: unknown): number {
  const text = String(given);
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= MAX_PORT) return port;
  throw new Error(`--port is "${text}": give a whole number from 0 to ${MAX_PORT}`);
}

const args = yargs(process.argv.slice(2))
  .scriptName("npm run example:namenode --")
  .locale("en")
  .usage("$0 [options]\n\nA NameNode without data: an HDFS in memory, in which every file is empty.")
  .option("port", {
    type: "string",
    default: "9000",
    defaultDescription: "9000",
    coerce: parsePort,
    describe: "port to listen on; 0 takes any free one",
  })
  .option("bind", { type: "string", default: "127.0.0.1", describe: "address to listen on" })
  .option("user", { type: "string", default: os.userInfo().username, describe: "the superuser" })
  .option("supergroup", { type: "string", default: "supergroup", describe: "group of those who may everything" })
  .option("groups", { type: "string", default: "", describe: "who is in which group: alice=staff,web;bob=staff" })
  .strict()
  .version(false)
  .fail((message, error) => refuse(`${message || error.message}\nTry: --help`, EXIT.usage))
  .parseSync();

async function start(): Promise<void> {
  const { port, bind, user: superuser, supergroup, groups } = args;
  const callerOf = usersOf({ superuser, supergroup, groups });
  const tree = new FileTree({ superuser, supergroup, now: Date.now });
  const space = (): { capacity: bigint; remaining: bigint } => ({
    capacity: BigInt(os.totalmem()),
    remaining: BigInt(os.freemem()),
  });
  const server = createServer({ bindAddress: bind, port, services: [namenode({ tree, callerOf, space })] });
  await server.start();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void server.stop());
  process.stdout.write(`Serving hdfs://${server.address.address}:${server.port}, superuser ${superuser}\n`);
}

try {
  await start();
} catch (error) {
  refuse(RpcError.from(error).message, EXIT.failed);
}
