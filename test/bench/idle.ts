/**
 * What an idle connection costs the server: 10,000 connections that opened, made one call and went silent.
 *
 * `node dist/test/bench/idle.js [connections]`. Needs that many file descriptors in both processes.
 */
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { connectPeer, echoBytes, inParallel, openingBytes } from "./peer.js";
import { ServerProcess } from "./server-process.js";
import { printAtMost, printFigure } from "./verdict.js";

const connections = Number(process.argv[2] ?? 10_000);
const WARM_UP_CONNECTIONS = 200;
const SETTLE_MS = 1_000;
const GREETING = Buffer.concat([openingBytes(), echoBytes(0, "idle")]);

/** Opens connections that have got one answer each. */
async function openIdle(port: number, count: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  await inParallel(count, 100, async (index) => {
    const socket = await connectPeer(port, index);
    sockets.push(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once("data", () => resolve());
      socket.once("close", () => reject(new Error(`connection ${index} was closed`)));
      socket.on("error", reject);
      socket.write(GREETING);
    });
  });
  return sockets;
}

function destroyAll(sockets: readonly Socket[]): void {
  for (const socket of sockets) {
    socket.removeAllListeners("close");
    socket.destroy();
  }
}

const server = await ServerProcess.start();
try {
  destroyAll(await openIdle(server.port, WARM_UP_CONNECTIONS));
  await sleep(SETTLE_MS);
  const before = await server.usage(true);
  const start = performance.now();
  const sockets = await openIdle(server.port, connections);
  const openMs = performance.now() - start;
  await sleep(SETTLE_MS);
  const asIs = await server.usage();
  const collected = await server.usage(true);
  printFigure(`time to open ${connections} connections and answer a call on each`, openMs, "ms");
  printAtMost("resident memory per idle connection", (asIs.rss - before.rss) / 1024 / connections, 12, "KB");
  printFigure("  after a garbage collection", (collected.rss - before.rss) / 1024 / connections, "KB");
  printFigure("  of it JavaScript heap", (collected.heapUsed - before.heapUsed) / 1024 / connections, "KB");
  printFigure("  of it buffers", (collected.external - before.external) / 1024 / connections, "KB");
  destroyAll(sockets);
} finally {
  await server.stop();
}
