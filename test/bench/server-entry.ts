/** Entry of the process of `server-process.ts`: one hrpcd server that reports what it costs. */
import { setTimeout as sleep } from "node:timers/promises";
import { createSettings } from "../../conf/index.js";
import { createServer, implement } from "../../daemon/index.js";
import { answerParent } from "./child.js";
import { EchoOverAvro, EchoOverWritable } from "./echo-protocols.js";
import { collectGarbage } from "./garbage.js";
import type { ServerProcessOptions, ServerRequest, Usage } from "./server-process.js";

const SAMPLE_MS = 50;

const options = JSON.parse(process.argv[2] ?? "{}") as ServerProcessOptions;
const { handlerMs = 0, busyMs = 0 } = options;

/** Handlers of both protocols: text comes back, at once or after the time asked for. */
function echo<T extends string | null>(payload: T): T | Promise<T> {
  if (busyMs > 0) {
    const end = performance.now() + busyMs;
    while (performance.now() < end);
  }
  return handlerMs === 0 ? payload : sleep(handlerMs, payload);
}

const server = await createServer({
  conf: createSettings(options.settings),
  ...(options.numHandlers === undefined ? {} : { numHandlers: options.numHandlers }),
  bindAddress: "127.0.0.1",
  port: 0,
  services: [
    implement(EchoOverAvro, { echo, length: (payload) => payload.length }),
    implement(EchoOverWritable, { echo, echoText: echo }),
  ],
}).start();

function footprint(): number {
  const { rss, external } = process.memoryUsage();
  return rss + external;
}

let peak = footprint();
let peakRss = 0;
setInterval(() => {
  peak = Math.max(peak, footprint());
  peakRss = Math.max(peakRss, process.memoryUsage.rss());
}, SAMPLE_MS);

async function usage(collect: boolean): Promise<Usage> {
  if (collect) await collectGarbage();
  const { rss, external, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const report = {
    rss,
    external,
    heapUsed,
    cpuMs: (user + system) / 1_000,
    peak: Math.max(peak, rss + external),
    peakRss: Math.max(peakRss, rss),
  };
  peak = rss + external;
  peakRss = rss;
  return report;
}

answerParent((request: ServerRequest) => (request.do === "port" ? server.port : usage(request.collect)));
