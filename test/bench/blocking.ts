/**
 * What a method that holds the event loop costs the others: one call a second computes for 100 ms, while other users send 1,000
 * calls a second whether or not they are answered. Then ten such calls at once: nobody who had been served waits for their sum.
 *
 * `node dist/test/bench/blocking.js [seconds]`
 */
import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "../../client/index.js";
import { Blocking, type BlockingReport, type BlockingRequest } from "./blocking-protocol.js";
import { Child } from "./child.js";
import { percentile, printAtMost, printFigure } from "./verdict.js";

const seconds = Number(process.argv[2] ?? 10);
const USERS = 4;
const CALLS_PER_TICK = 5;
const TICK_MS = 5;
const HOLD_MS = 100;

type Proxy = ReturnType<typeof proxyOf>;
const clients: { close(): Promise<void> }[] = [];

function proxyOf(port: number) {
  const client = createClient();
  clients.push(client);
  return client.getProxy(Blocking, `127.0.0.1:${port}`);
}

/** Sends calls by the clock, from each user in turn, until it is stopped; milliseconds that each took. */
function sendByClock(proxies: readonly Proxy[]): { readonly latencies: number[]; stop(): void } {
  const latencies: number[] = [];
  const startMs = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    const due = Math.floor((performance.now() - startMs) / TICK_MS) * CALLS_PER_TICK;
    for (; sent < due; sent++) {
      const sentMs = performance.now();
      void proxies[sent % proxies.length]?.echo("polite").then(() => latencies.push(performance.now() - sentMs));
    }
  }, TICK_MS);
  return { latencies, stop: () => clearInterval(timer) };
}

function report(what: string, latencies: readonly number[], limitMs: number): void {
  process.stdout.write(`${what}: ${latencies.length} calls of others\n`);
  printFigure("  p50", percentile(latencies, 0.5), "ms");
  printAtMost("  p99", percentile(latencies, 0.99), limitMs, "ms");
  printFigure("  highest", Math.max(...latencies), "ms");
}

const server = new Child(new URL("./blocking-entry.js", import.meta.url), []);
try {
  const port = await server.ask<number>({ do: "port" } satisfies BlockingRequest);
  const proxies = Array.from({ length: USERS }, () => proxyOf(port));
  const holder = proxyOf(port);
  for (const proxy of [holder, ...proxies]) for (let i = 0; i < 500; i++) await proxy.echo("warming up");

  const once = sendByClock(proxies);
  const holds: number[] = [];
  for (let second = 0; second < seconds; second++) {
    await sleep(1000 - HOLD_MS);
    holds.push(await holder.hold(HOLD_MS));
  }
  const { longestMs, lines } = await server.ask<BlockingReport>({ do: "report" } satisfies BlockingRequest);
  once.stop();
  await sleep(500);
  report("one method that computes for 100 ms each second", once.latencies, 110);
  const truth = Math.max(...holds);
  printFigure("  longest hold", truth, "ms");
  printFigure("  longest delay as the server measured it", longestMs, "ms");
  printAtMost("  difference", (100 * Math.abs(longestMs - truth)) / truth, 10, "%");
  printFigure("  lines that name the method", lines, `of ${seconds}`);

  // An answer that was ready before the holds began leaves before them; what comes meanwhile waits for the one that runs.
  const quick = holder.echo("before them").then(() => performance.now());
  const startMs = performance.now();
  const held = Array.from({ length: 10 }, () => holder.hold(HOLD_MS).then(() => performance.now()));
  printAtMost(
    "ten at once on one connection: the answer to the call before them took",
    (await quick) - startMs,
    20,
    "ms",
  );
  const ends = await Promise.all(held);
  const gaps = ends.map((endMs, i) => endMs - (ends[i - 1] ?? startMs));
  printAtMost("  longest time without an answer meanwhile", Math.max(...gaps), HOLD_MS + 10, "ms");
} finally {
  await Promise.all(clients.map((client) => client.close()));
  await server.stop();
}
