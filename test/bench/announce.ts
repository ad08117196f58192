/**
 * Peers that promise and do not keep: what a thousand of them cost, and how soon the server is rid of them.
 *
 * `node dist/test/bench/announce.js [peers] [scenario]`. Each scenario has a server of its own, with the shipped settings.
 */
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { connectPeer, echoBytes, inParallel, openingBytes } from "./peer.js";
import { ServerProcess } from "./server-process.js";
import { printAtMost, printFigure } from "./verdict.js";

/** What a peer sends at once, and what it sends a byte at a time, one per second, until it is closed. */
interface Scenario {
  readonly name: string;
  readonly atOnce: Buffer;
  readonly trickle?: Buffer;
}

const peers = Number(process.argv[2] ?? 1_000);
const only = process.argv[3];
const MAX_STAY_MS = 10_000;
const GIVE_UP_MS = 16_000;
const ANNOUNCED = Buffer.from([0x08, 0, 0, 0]);
const OPENING = openingBytes();
const CALL = echoBytes(0, "x".repeat(1_000));

const SCENARIOS: readonly Scenario[] = [
  { name: "announce 128 MiB after the context, send nothing", atOnce: Buffer.concat([OPENING, ANNOUNCED]) },
  {
    name: "announce 128 MiB before the context, send nothing",
    atOnce: Buffer.concat([OPENING.subarray(0, 7), ANNOUNCED]),
  },
  { name: "send nothing at all", atOnce: Buffer.alloc(0) },
  { name: "never finish the preamble", atOnce: OPENING.subarray(0, 3) },
  { name: "never send the context", atOnce: OPENING.subarray(0, 7) },
  { name: "never finish a frame", atOnce: Buffer.concat([OPENING, CALL.subarray(0, 500)]) },
  { name: "trickle the preamble and the context", atOnce: Buffer.alloc(0), trickle: OPENING },
  { name: "trickle a frame", atOnce: Buffer.concat([OPENING, CALL.subarray(0, 100)]), trickle: CALL.subarray(100) },
  {
    name: "trickle an announced 128 MiB",
    atOnce: Buffer.concat([OPENING, ANNOUNCED]),
    trickle: Buffer.alloc(64),
  },
];

/** Writes one byte a second until the peer is closed or nothing is left. */
function trickle(socket: Socket, bytes: Buffer): void {
  let at = 0;
  const timer = setInterval(() => {
    if (socket.destroyed || at === bytes.length) clearInterval(timer);
    else socket.write(bytes.subarray(at, ++at));
  }, 1_000);
  socket.on("close", () => clearInterval(timer));
}

async function run(scenario: Scenario): Promise<void> {
  const server = await ServerProcess.start();
  const sockets: Socket[] = [];
  const livesMs: number[] = [];
  try {
    const before = await server.usage(true);
    await inParallel(peers, 50, async (index) => {
      const socket = await connectPeer(server.port, index);
      const start = performance.now();
      sockets.push(socket);
      socket.on("error", () => {});
      socket.on("close", () => livesMs.push(performance.now() - start));
      // An answer that nobody reads would keep the end of the stream from being seen.
      socket.resume();
      if (scenario.atOnce.length > 0) socket.write(scenario.atOnce);
      if (scenario.trickle !== undefined) trickle(socket, scenario.trickle);
    });
    const giveUp = performance.now() + GIVE_UP_MS;
    while (livesMs.length < peers && performance.now() < giveUp) await sleep(50);
    const after = await server.usage();
    process.stdout.write(`${peers} peers that ${scenario.name}\n`);
    printAtMost(
      "  growth of resident and external memory, at its highest",
      (after.peak - footprint(before)) / 2 ** 20,
      64,
      "MB",
    );
    printAtMost("  peers still open at the end", peers - livesMs.length, 0, "peers");
    printAtMost("  the longest time a peer stayed", Math.max(...livesMs), MAX_STAY_MS, "ms");
    printFigure("  processor time of the server", after.cpuMs - before.cpuMs, "ms");
  } finally {
    for (const socket of sockets) socket.destroy();
    await server.stop();
  }
}

function footprint(usage: { readonly rss: number; readonly external: number }): number {
  return usage.rss + usage.external;
}

for (const scenario of SCENARIOS) {
  if (only === undefined || scenario.name.includes(only)) await run(scenario);
}
