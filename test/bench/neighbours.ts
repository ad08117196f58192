/**
 * What a flood does to its neighbour: a polite client calls one at a time, alone, then beside a connection that sends calls as
 * fast as the server takes them, one that never reads its answers either, and beside 10,000 connections or cancelled calls a
 * second from one address.
 *
 * `node dist/test/bench/neighbours.js [seconds] [flood]`
 */
import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "../../client/index.js";
import { Child } from "./child.js";
import { EchoOverAvro } from "./echo-protocols.js";
import type { Flood, FloodRequest } from "./flood-entry.js";
import { ServerProcess } from "./server-process.js";
import { percentile, printAtMost, printFigure } from "./verdict.js";

const seconds = Number(process.argv[2] ?? 3);
const only = process.argv[3];
const PAUSE_MS = 2;
const PER_SECOND = 10_000;

const FLOODS: Readonly<Record<Flood, { readonly what: string; readonly counted: string; readonly maxRatio?: number }>> =
  {
    calls: { what: "a flood of calls", counted: "answers to it meanwhile" },
    deaf: { what: "a flood of calls whose answers nobody reads", counted: "answers to it meanwhile" },
    connects: { what: "10,000 connections a second", counted: "connections meanwhile", maxRatio: 2 },
    cancels: { what: "10,000 cancelled calls a second", counted: "cancelled calls meanwhile", maxRatio: 2 },
  };

/** Calls one after the other for a while; latencies in microseconds. */
async function politeLatencies(port: number): Promise<number[]> {
  await using client = createClient();
  const proxy = client.getProxy(EchoOverAvro, `127.0.0.1:${port}`);
  for (let call = 0; call < 500; call++) await proxy.echo("warming up");
  const latencies: number[] = [];
  const end = performance.now() + seconds * 1_000;
  while (performance.now() < end) {
    const start = performance.now();
    await proxy.echo("polite");
    latencies.push((performance.now() - start) * 1_000);
    await sleep(PAUSE_MS);
  }
  return latencies;
}

function report(what: string, latencies: readonly number[]): void {
  process.stdout.write(`${what}: ${latencies.length} calls\n`);
  printFigure("  p50", percentile(latencies, 0.5), "µs");
  printFigure("  p99", percentile(latencies, 0.99), "µs");
  printFigure("  highest", Math.max(...latencies), "µs");
}

const server = await ServerProcess.start();
const flood = new Child(new URL("./flood-entry.js", import.meta.url), [String(server.port)]);
try {
  const alone = await politeLatencies(server.port);
  report("alone", alone);
  for (const kind of Object.keys(FLOODS) as Flood[]) {
    if (only !== undefined && kind !== only) continue;
    const { what, counted, maxRatio } = FLOODS[kind];
    await flood.ask({ do: "begin", flood: kind, perSecond: PER_SECOND } satisfies FloodRequest);
    const beside = await politeLatencies(server.port);
    const count = await flood.ask<number>({ do: "end" } satisfies FloodRequest);
    report(`beside ${what}`, beside);
    const ratio = percentile(beside, 0.99) / percentile(alone, 0.99);
    if (maxRatio === undefined) printFigure("  p99 against alone", ratio, "times");
    else printAtMost("  p99 against alone", ratio, maxRatio, "times");
    printFigure(`  ${counted}`, count, "");
  }
  const { rss } = await server.usage();
  printFigure("resident memory of the server at the end", rss / 2 ** 20, "MB");
} finally {
  await Promise.all([flood.stop(), server.stop()]);
}
