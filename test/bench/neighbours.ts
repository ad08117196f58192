/**
 * What a flooding connection does to its neighbour: a polite client calls one at a time, alone, then beside a connection that
 * sends calls as fast as the server takes them, and then beside one that never reads its answers either.
 *
 * `node dist/test/bench/neighbours.js [seconds]`
 */
import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "../../client/index.js";
import { Child } from "./child.js";
import { EchoOverAvro } from "./echo-protocols.js";
import type { FloodRequest } from "./flood-entry.js";
import { ServerProcess } from "./server-process.js";
import { percentile, printFigure } from "./verdict.js";

const seconds = Number(process.argv[2] ?? 3);
const PAUSE_MS = 2;

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
  report("alone", await politeLatencies(server.port));
  for (const reading of [true, false]) {
    await flood.ask({ do: "begin", reading } satisfies FloodRequest);
    report(reading ? "beside a flood" : "beside a flood that reads no answers", await politeLatencies(server.port));
    const answered = await flood.ask<number>({ do: "end" } satisfies FloodRequest);
    printFigure("  answers to the flood meanwhile", answered, "calls");
  }
  const { rss } = await server.usage();
  printFigure("resident memory of the server at the end", rss / 2 ** 20, "MB");
} finally {
  await Promise.all([flood.stop(), server.stop()]);
}
