/**
 * One greedy user who makes 95 % of the calls, and five polite ones: what the polite ones wait for, with the call queue that
 * Hadoop has by default and with a FairCallQueue. Writes a plot of both if it is given the name of a file.
 *
 * `node dist/test/bench/greedy.js [seconds] [file.svg]`. Ten handlers that take 2 ms each serve a queue of 1,000 calls. The
 * polite users call alone for so many seconds, beside the greedy one for twice as many, and alone again for half as many.
 */
import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "../../client/index.js";
import type { SettingValues } from "../../conf/index.js";
import { Child } from "./child.js";
import { EchoOverAvro } from "./echo-protocols.js";
import type { FloodRequest } from "./flood-entry.js";
import { ServerProcess } from "./server-process.js";
import { type PlotSeries, renderPlot } from "./svg-plot.js";
import { percentile, printAtMost, printFigure } from "./verdict.js";

const seconds = Number(process.argv[2] ?? 4);
const file = process.argv[3];

const POLITE_USERS = 5;
/** With it, five users make about a twentieth of what ten handlers of 2 ms can run. */
const PAUSE_MS = 19;
const WARM_UP_MS = 500;
/** Width of a point of the plot. */
const WINDOW_MS = 500;
const TARGET = 2;

const QUEUES: readonly { readonly name: string; readonly color: string; readonly settings: SettingValues }[] = [
  { name: "LinkedBlockingQueue, Hadoop's default", color: "#c0392b", settings: {} },
  {
    name: "FairCallQueue, DecayRpcScheduler",
    color: "#1f77b4",
    settings: { "ipc.0.callqueue.impl": "org.apache.hadoop.ipc.FairCallQueue" },
  },
];

interface Call {
  readonly sentMs: number;
  readonly tookMs: number;
}

interface Run {
  /** Calls of the polite users, by when they were sent since the start. */
  readonly calls: readonly Call[];
  readonly greedyCalls: number;
}

/** One user who calls, reads the answer, pauses, and calls again. */
async function polite(port: number, user: number, startMs: number, endMs: number, calls: Call[]): Promise<void> {
  await using client = createClient({ user: `polite${user}` });
  const proxy = client.getProxy(EchoOverAvro, `127.0.0.1:${port}`);
  while (performance.now() < endMs) {
    const sent = performance.now();
    await proxy.echo("polite");
    calls.push({ sentMs: sent - startMs, tookMs: performance.now() - sent });
    await sleep(PAUSE_MS);
  }
}

async function run(settings: SettingValues): Promise<Run> {
  const server = await ServerProcess.start({ handlerMs: 2, numHandlers: 10, settings });
  const flood = new Child(new URL("./flood-entry.js", import.meta.url), [String(server.port), "greedy"]);
  try {
    const calls: Call[] = [];
    const startMs = performance.now() + WARM_UP_MS;
    const endMs = startMs + 3.5 * seconds * 1000;
    const users = Array.from({ length: POLITE_USERS }, (_, user) => polite(server.port, user, startMs, endMs, calls));
    await sleep(WARM_UP_MS + seconds * 1000);
    await flood.ask({ do: "begin", flood: "calls", perSecond: 0 } satisfies FloodRequest);
    await sleep(2 * seconds * 1000);
    const greedyCalls = await flood.ask<number>({ do: "end" } satisfies FloodRequest);
    await Promise.all(users);
    return { calls, greedyCalls };
  } finally {
    await Promise.all([flood.stop(), server.stop()]);
  }
}

/** Latencies of the calls that were sent between two moments. */
function latencies({ calls }: Run, fromMs: number, toMs: number): number[] {
  return calls.filter(({ sentMs }) => sentMs >= fromMs && sentMs < toMs).map(({ tookMs }) => tookMs);
}

const greedyFromMs = seconds * 1000;
const greedyToMs = 3 * seconds * 1000;

function report(name: string, measured: Run): number {
  const alone = percentile(latencies(measured, 0, greedyFromMs), 0.99);
  const beside = latencies(measured, greedyFromMs, greedyToMs);
  process.stdout.write(`${name}\n`);
  printFigure("  calls of the greedy user", (100 * measured.greedyCalls) / (measured.greedyCalls + beside.length), "%");
  printFigure("  polite p99 alone", alone, "ms");
  printFigure("  polite p50 beside the greedy user", percentile(beside, 0.5), "ms");
  printFigure("  polite p99 beside the greedy user", percentile(beside, 0.99), "ms");
  printAtMost("  that is, as many times as alone", percentile(beside, 0.99) / alone, TARGET, "times");
  return alone;
}

function series(measured: Run): [number, number][] {
  const points: [number, number][] = [];
  for (let fromMs = 0; fromMs < 3.5 * seconds * 1000; fromMs += WINDOW_MS) {
    const p99 = percentile(latencies(measured, fromMs, fromMs + WINDOW_MS), 0.99);
    if (!Number.isNaN(p99)) points.push([(fromMs + WINDOW_MS / 2) / 1000, p99]);
  }
  return points;
}

const plotted: PlotSeries[] = [];
let alone = 0;
for (const { name, color, settings } of QUEUES) {
  const measured = await run(settings);
  alone = report(name, measured);
  plotted.push({ name, color, points: series(measured) });
}
if (file !== undefined) {
  const plot = renderPlot({
    title: "Five polite users beside a greedy one who makes 95 % of the calls",
    xLabel: "seconds",
    yLabel: "99th percentile of the polite users' calls, ms",
    xMax: 3.5 * seconds,
    yMin: 1,
    yMax: 1000,
    series: plotted,
    levels: [{ y: TARGET * alone, label: "twice the 99th percentile alone" }],
    spans: [{ from: seconds, to: 3 * seconds, label: "the greedy user calls" }],
  });
  writeFileSync(file, plot);
}
