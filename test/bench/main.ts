/**
 * `npm run bench`: echo calls through several systems, side by side in one run.
 *
 * Every system has one server process and one client process. A round measures all systems one after the other in every
 * cell, and the order turns from round to round, so that what the machine does meanwhile falls on all of them alike.
 */
import { spawnSync } from "node:child_process";
import { Child } from "./child.js";
import type { Cell, Measurement, Slice } from "./measure.js";
import { type BenchOptions, parseOptions, USAGE } from "./options.js";
import { describeMachine, type Rounds, renderTable, resultOf } from "./report.js";
import type { SystemName } from "./system.js";
import type { WorkerRequest } from "./worker.js";

/** The two processes of one system. */
interface Pair {
  readonly name: SystemName;
  readonly client: Child;
  readonly server: Child;
  readonly port: number;
}

const WARM_UP_MS = 1_000;

/** Binds all threads of a process to one core. */
function pinTo(core: number, child: Child): void {
  const { status, stderr } = spawnSync("taskset", ["-acp", String(core), String(child.pid)], { encoding: "utf8" });
  if (status !== 0) throw new Error(`--pin: taskset does not work here: ${stderr}`);
}

async function startPair(name: SystemName, pin: boolean): Promise<Pair> {
  const script = new URL("./worker.js", import.meta.url);
  const server = new Child(script, [name, "server"]);
  const client = new Child(script, [name, "client"]);
  if (pin) {
    pinTo(0, server);
    pinTo(1, client);
  }
  const port = await server.ask<number>({ do: "serve" } satisfies WorkerRequest);
  return { name, client, server, port };
}

function cellsOf(options: BenchOptions): Cell[] {
  return options.connections.flatMap((connections) =>
    options.payloads.flatMap((payloadBytes) =>
      options.inFlights.map((inFlight) => ({ payloadBytes, inFlight, connections })),
    ),
  );
}

/** Lets the compilers of both processes see the code before anything counts. */
async function warmUp(pair: Pair, ms: number): Promise<void> {
  const slice: Slice = { payloadBytes: 64, inFlight: 64, connections: 1, port: pair.port, warmUpMs: 0, measureMs: ms };
  await pair.client.ask({ do: "measure", slice } satisfies WorkerRequest);
}

async function runRounds(options: BenchOptions, pairs: readonly Pair[]): Promise<Rounds[]> {
  const rows: Rounds[] = cellsOf(options).flatMap((cell) =>
    pairs.map((pair) => ({ system: pair.name, ...cell, measurements: [] })),
  );
  const start = performance.now();
  for (let round = 0; round < options.rounds; round++) {
    const elapsed = performance.now() - start;
    if (round > 0 && elapsed + elapsed / round > options.budgetMs) break;
    process.stderr.write(`round ${round + 1} of ${options.rounds}\n`);
    for (const cell of cellsOf(options)) {
      for (let turn = 0; turn < pairs.length; turn++) {
        const pair = pairs[(turn + round) % pairs.length] as Pair;
        const slice: Slice = { ...cell, port: pair.port, warmUpMs: options.warmUpMs, measureMs: options.measureMs };
        const measurement = await pair.client.ask<Measurement>({ do: "measure", slice } satisfies WorkerRequest);
        rowOf(rows, pair.name, cell).measurements.push(measurement);
      }
    }
  }
  return rows;
}

function rowOf(rows: readonly Rounds[], system: SystemName, cell: Cell): Rounds {
  return rows.find(
    (row) =>
      row.system === system &&
      row.payloadBytes === cell.payloadBytes &&
      row.inFlight === cell.inFlight &&
      row.connections === cell.connections,
  ) as Rounds;
}

async function main(options: BenchOptions): Promise<void> {
  const machine = describeMachine();
  process.stderr.write(`${machine.cpu}, ${machine.cores} cores, node ${machine.node}, ${machine.os}\n`);
  const pairs = await Promise.all(options.systems.map((name) => startPair(name, options.pin)));
  try {
    for (const pair of pairs) await warmUp(pair, WARM_UP_MS);
    const rows = await runRounds(options, pairs);
    const output = options.json ? JSON.stringify({ machine, results: rows.map(resultOf) }) : renderTable(rows);
    process.stdout.write(`${output}\n`);
  } finally {
    await Promise.all(pairs.flatMap((pair) => [pair.client.stop(), pair.server.stop()]));
  }
}

let options: BenchOptions | undefined;
try {
  options = parseOptions(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
  process.exitCode = 2;
}
if (options !== undefined) await main(options);
