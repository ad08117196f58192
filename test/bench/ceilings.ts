/**
 * What peers can make a server hold when they try, beside the bounds that its settings state. Each scenario has a server of its
 * own with bounds that are small, so that it takes seconds to reach them.
 *
 * `node dist/test/bench/ceilings.js [scenario]`
 */
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { SettingValues } from "../../conf/index.js";
import { EchoOverAvro } from "./echo-protocols.js";
import { callBytes, connectPeer, echoBytes, inParallel, openingBytes } from "./peer.js";
import { ServerProcess } from "./server-process.js";
import { printAtMost, printFigure } from "./verdict.js";

interface Scenario {
  readonly name: string;
  readonly peers: number;
  readonly settings: SettingValues;
  readonly handlerMs?: number;
  /** What one peer sends. */
  readonly bytes: (index: number) => Buffer;
  readonly reads: boolean;
  /** What the settings allow together. */
  readonly ceilingMb: number;
}

const MB = 2 ** 20;
const HOLD_MS = 6_000;
/** Buffers that the collector has yet to take back, frames that were copied while they grew, and code. */
const SLACK_MB = 192;
const only = process.argv[2];

function largeCall(payloadBytes: number): Buffer {
  return callBytes(EchoOverAvro, "echo", ["x".repeat(payloadBytes)]);
}

const SIXTEEN_KB = Buffer.concat(Array.from({ length: 1_000 }, (_, id) => echoBytes(id, "x".repeat(16_000))));
const ONE_MB = largeCall(MB);

const SCENARIOS: readonly Scenario[] = [
  {
    // Of each, the kernel takes in several MB.
    name: "60 peers with 16 MB of answers each, who read none",
    peers: 60,
    settings: {
      "hrpcd.server.response.backlog.max": 4 * MB,
      "hrpcd.server.response.backlog.peer.max": 8 * MB,
      "hrpcd.server.response.backlog.total.max": 32 * MB,
    },
    bytes: () => SIXTEEN_KB,
    reads: false,
    ceilingMb: 32,
  },
  {
    name: "200 peers who send 7 of 8 MB of a frame",
    peers: 200,
    settings: { "hrpcd.server.request.bytes.max": 64 * MB },
    bytes: () => largeCall(8 * MB).subarray(0, 7 * MB),
    reads: true,
    ceilingMb: 64,
  },
  {
    name: "100 peers with 10 calls of 1 MB each in a slow server",
    peers: 100,
    settings: {
      "hrpcd.server.queue.bytes.max": 16 * MB,
      "hrpcd.server.request.bytes.max": 64 * MB,
      "hrpcd.handlers": 2,
    },
    handlerMs: 200,
    bytes: () => Buffer.concat(new Array<Buffer>(10).fill(ONE_MB)),
    reads: true,
    ceilingMb: 64 + 2,
  },
  {
    name: "5,000 users with 20 calls each",
    peers: 5_000,
    settings: { "hrpcd.user.calls.max": 10, "hrpcd.server.connections.per.address.max": 0 },
    handlerMs: 5,
    bytes: (index) =>
      Buffer.concat(Array.from({ length: 20 }, (_, id) => echoBytes(id, `user ${index}`.padEnd(100, "x")))),
    reads: true,
    ceilingMb: 5_000 * 0.02,
  },
];

async function run(scenario: Scenario): Promise<void> {
  const { settings, handlerMs = 0 } = scenario;
  const server = await ServerProcess.start({ settings, handlerMs });
  const sockets: Socket[] = [];
  let closed = 0;
  try {
    const before = await server.usage(true);
    await inParallel(scenario.peers, 50, async (index) => {
      const socket = await connectPeer(server.port, index);
      sockets.push(socket);
      socket.on("error", () => {});
      socket.on("close", () => closed++);
      if (scenario.reads) socket.resume();
      socket.write(openingBytes(`user${index}`));
      socket.write(scenario.bytes(index));
    });
    await sleep(HOLD_MS);
    const after = await server.usage();
    process.stdout.write(`${scenario.name}\n`);
    const growth = (after.peakRss - before.rss) / MB;
    printAtMost("  growth of resident memory, at its highest", growth, scenario.ceilingMb + SLACK_MB, "MB");
    printFigure("  what the bounds allow", scenario.ceilingMb, "MB");
    printFigure("  connections that were closed", closed, "of them");
    printFigure("  processor time of the server", after.cpuMs - before.cpuMs, "ms");
  } finally {
    for (const socket of sockets) socket.destroy();
    await server.stop();
  }
}

for (const scenario of SCENARIOS) {
  if (only === undefined || scenario.name.includes(only)) await run(scenario);
}
