/**
 * `npm run bench:hadoop`: Hadoop's own load generator against Hadoop's server and against ours, and our client beside
 * Hadoop's against Hadoop's server. Needs what `npm run test:interop` needs.
 *
 * Every program is one process for the whole run and is warmed up before anything counts. A round measures the rows of
 * the table one after the other, every second round in the opposite order. Everything shares the machine's cores: a server
 * that needs less of them leaves more to the client, and that is part of what is measured.
 */
import { parseArgs } from "node:util";
import { JavaBenchmarkServer, JavaLoad, startOurBenchmarkServer } from "../interop/benchmark-programs.js";
import { buildJava } from "../interop/maven.js";
import type { ServerProcess } from "../interop/programs.js";
import { BENCHMARK_VERSION } from "../interop/test-rpc.js";
import { Child } from "./child.js";
import type { Measurement, Slice } from "./measure.js";
import { describeMachine, inColumns, median } from "./report.js";

const MESSAGE_BYTES = 1024;
/** Threads of the load generator against the two servers. */
const SERVER_LOADS = [8, 32] as const;
/** Calls in flight of the clients against Hadoop's server. */
const CLIENT_LOAD = 64;
/** The first second of every run is not counted: connections are made in it. */
const OPENING_SECONDS = 1;
const WARM_UP_SECONDS = 6;

/** One way of making calls; `of` is the row that it is compared with, and it should be at least as fast. */
interface Row {
  readonly name: string;
  readonly of?: string;
  /** Measures calls per second for this time, after the opening. */
  readonly run: (seconds: number) => Promise<number>;
  readonly rates: number[];
}

interface Programs {
  readonly ours: ServerProcess;
  readonly hadoops: JavaBenchmarkServer;
  /** RPCCallBenchmark, and threads that share a connection. */
  readonly load: JavaLoad;
  readonly shared: JavaLoad;
  readonly client: Child;
}

function row(name: string, of: string | undefined, run: Row["run"]): Row {
  return { name, ...(of === undefined ? {} : { of }), run, rates: [] };
}

async function javaRate(load: JavaLoad, port: number, threads: number, seconds: number): Promise<number> {
  const run = { port, threads, messageBytes: MESSAGE_BYTES, seconds: OPENING_SECONDS + seconds };
  const counted = (await load.run(run)).slice(OPENING_SECONDS);
  return counted.reduce((sum, second) => sum + second, 0) / counted.length;
}

async function ourRate(client: Child, port: number, connections: number, seconds: number): Promise<number> {
  const slice: Slice = {
    port,
    payloadBytes: MESSAGE_BYTES,
    inFlight: CLIENT_LOAD,
    connections,
    warmUpMs: OPENING_SECONDS * 1_000,
    measureMs: seconds * 1_000,
  };
  return (await client.ask<Measurement>(slice)).callsPerSecond;
}

function rowsOf({ ours, hadoops, load, shared, client }: Programs): Row[] {
  const toServers = SERVER_LOADS.flatMap((threads) => {
    const name = (server: string) => `${server} server, RPCCallBenchmark with ${threads} threads`;
    return [
      row(name("Hadoop's"), undefined, (seconds) => javaRate(load, hadoops.port, threads, seconds)),
      row(name("our"), name("Hadoop's"), (seconds) => javaRate(load, ours.port, threads, seconds)),
    ];
  });
  const many = `Hadoop's client, ${CLIENT_LOAD} threads and connections (RPCCallBenchmark)`;
  const one = `Hadoop's client, ${CLIENT_LOAD} threads on one connection`;
  const toHadoop = [
    row(many, undefined, (seconds) => javaRate(load, hadoops.port, CLIENT_LOAD, seconds)),
    row(`our client, ${CLIENT_LOAD} connections`, many, (s) => ourRate(client, hadoops.port, CLIENT_LOAD, s)),
    row(one, undefined, (seconds) => javaRate(shared, hadoops.port, CLIENT_LOAD, seconds)),
    row(`our client, ${CLIENT_LOAD} in flight on one connection`, one, (s) => ourRate(client, hadoops.port, 1, s)),
  ];
  return [...toServers, ...toHadoop];
}

function table(rows: readonly Row[]): string {
  const lines = [["calls/s", "lowest", "highest", "ratio", "what"]];
  for (const { name, of, rates } of rows) {
    const base = rows.find((other) => other.name === of);
    const ratios = rates.map((rate, round) => rate / (base?.rates[round] ?? Number.NaN));
    const figures = [median(rates), Math.min(...rates), Math.max(...rates)];
    lines.push([
      ...figures.map((figure) => Math.round(figure).toLocaleString("en-US")),
      base === undefined ? "" : median(ratios).toFixed(2),
      name,
    ]);
  }
  return inColumns(lines, 4);
}

async function measureRounds(rows: readonly Row[], rounds: number, seconds: number): Promise<void> {
  process.stderr.write("warming up\n");
  for (const { run } of rows) await run(WARM_UP_SECONDS);
  for (let round = 1; round <= rounds; round++) {
    process.stderr.write(`round ${round} of ${rounds}\n`);
    for (const { run, rates } of round % 2 === 0 ? rows.toReversed() : rows) rates.push(await run(seconds));
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "5" },
      seconds: { type: "string", default: "2" },
      handlers: { type: "string", default: "8" },
      readers: { type: "string", default: "2" },
    },
  });
  const { cpu, cores, node, os } = describeMachine();
  process.stderr.write(`${cpu}, ${cores} cores, node ${node}, ${os}\n`);
  buildJava(BENCHMARK_VERSION, "benchmark");
  await using ours = await startOurBenchmarkServer();
  await using hadoops = await JavaBenchmarkServer.start(Number(values.handlers), Number(values.readers));
  await using load = new JavaLoad("hrpcd.interop.BenchmarkMain");
  await using shared = new JavaLoad("hrpcd.interop.SharedConnectionMain");
  const client = new Child(new URL("./hadoop-worker.js", import.meta.url), ["our client"]);
  try {
    const rows = rowsOf({ ours, hadoops, load, shared, client });
    await measureRounds(rows, Number(values.rounds), Number(values.seconds));
    process.stdout.write(`${table(rows)}\n`);
  } finally {
    await client.stop();
  }
}

await main();
