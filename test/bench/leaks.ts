/**
 * Whether clients leave anything behind: after a warm-up, 10,000 times a client is made, calls once and is closed.
 *
 * `node dist/test/bench/leaks.js [cycles]`. Prints descriptors, timers and heap of this process (the client) and memory of the
 * server after every tenth of the cycles, and the slope.
 */
import { readdirSync } from "node:fs";
import { createClient } from "../../client/index.js";
import { EchoOverAvro } from "./echo-protocols.js";
import { collectGarbage } from "./garbage.js";
import { ServerProcess } from "./server-process.js";
import { printAtMost } from "./verdict.js";

const cycles = Number(process.argv[2] ?? 10_000);
const SAMPLES = 10;
/** Compilers and caches are not full before. */
const WARM_UP_CYCLES = 5_000;

interface Sample {
  readonly cycle: number;
  readonly descriptors: number;
  readonly timers: number;
  readonly heap: number;
  readonly serverHeap: number;
  readonly serverRss: number;
}

async function sample(cycle: number, server: ServerProcess): Promise<Sample> {
  await collectGarbage();
  const usage = await server.usage(true);
  return {
    cycle,
    descriptors: readdirSync("/proc/self/fd").length,
    timers: process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length,
    heap: process.memoryUsage().heapUsed,
    serverHeap: usage.heapUsed,
    serverRss: usage.rss,
  };
}

async function cycleOnce(port: number): Promise<void> {
  const client = createClient();
  try {
    const answer = await client.getProxy(EchoOverAvro, `127.0.0.1:${port}`).echo("leak");
    if (answer !== "leak") throw new Error(`"leak" came back as "${answer}"`);
  } finally {
    await client.close();
  }
}

/** Growth per cycle by least squares. */
function slope(samples: readonly Sample[], pick: (sample: Sample) => number): number {
  const meanX = samples.reduce((sum, { cycle }) => sum + cycle, 0) / samples.length;
  const meanY = samples.reduce((sum, one) => sum + pick(one), 0) / samples.length;
  let above = 0;
  let below = 0;
  for (const one of samples) {
    above += (one.cycle - meanX) * (pick(one) - meanY);
    below += (one.cycle - meanX) ** 2;
  }
  return above / below;
}

const server = await ServerProcess.start();
try {
  for (let cycle = 0; cycle < WARM_UP_CYCLES; cycle++) await cycleOnce(server.port);
  const samples: Sample[] = [];
  for (let cycle = 1; cycle <= cycles; cycle++) {
    await cycleOnce(server.port);
    if (cycle % (cycles / SAMPLES) === 0) samples.push(await sample(cycle, server));
  }
  for (const { cycle, descriptors, timers, heap, serverHeap, serverRss } of samples) {
    process.stdout.write(
      `${cycle} cycles: ${descriptors} descriptors, ${timers} timers, heap ${kb(heap)} KB; ` +
        `server: heap ${kb(serverHeap)} KB, resident ${kb(serverRss)} KB\n`,
    );
  }
  const [first, last] = [samples[0] as Sample, samples[samples.length - 1] as Sample];
  printAtMost("descriptors gained", last.descriptors - first.descriptors, 0, "descriptors");
  printAtMost("timers gained", last.timers - first.timers, 0, "timers");
  printAtMost(
    "heap gained by the client",
    slope(samples, (one) => one.heap),
    20,
    "bytes per cycle",
  );
  printAtMost(
    "heap gained by the server",
    slope(samples, (one) => one.serverHeap),
    20,
    "bytes per cycle",
  );
} finally {
  await server.stop();
}

function kb(bytes: number): string {
  return (bytes / 1024).toFixed(0);
}
