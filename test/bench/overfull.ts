/**
 * A call queue that is full: connections that send far more than fits must be read no further and lose nothing, and a
 * polite neighbour must be served meanwhile.
 *
 * `node dist/test/bench/overfull.js`. Ten handlers that take 2 ms each serve a queue of 50 calls.
 */
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "../../client/index.js";
import { EchoOverAvro } from "./echo-protocols.js";
import { connectPeer, echoBytes, FrameCounter, openingBytes } from "./peer.js";
import { ServerProcess } from "./server-process.js";
import { percentile, printAtMost, printFigure } from "./verdict.js";

const GREEDY_CONNECTIONS = 8;
const CALLS_PER_CONNECTION = 1_500;
const HANDLERS = 10;
const GIVE_UP_MS = 30_000;

interface Greedy {
  readonly socket: Socket;
  readonly answers: FrameCounter;
}

async function startGreedy(port: number, calls: Buffer): Promise<Greedy> {
  const socket = await connectPeer(port, 0);
  const answers = new FrameCounter();
  socket.on("error", () => {});
  socket.on("data", (chunk: Buffer) => answers.push(chunk));
  socket.write(openingBytes());
  socket.write(calls);
  return { socket, answers };
}

function missing(greedy: readonly Greedy[]): number {
  return greedy.reduce((sum, { answers }) => sum + CALLS_PER_CONNECTION - answers.count, 0);
}

const server = await ServerProcess.start({
  handlerMs: 2,
  numHandlers: HANDLERS,
  settings: { "ipc.server.handler.queue.size": 5 },
});
const calls = Buffer.concat(Array.from({ length: CALLS_PER_CONNECTION }, (_, id) => echoBytes(id, "greedy")));
const greedy: Greedy[] = [];
try {
  await using client = createClient();
  const proxy = client.getProxy(EchoOverAvro, `127.0.0.1:${server.port}`);
  await proxy.echo("warming up");
  const start = performance.now();
  for (let index = 0; index < GREEDY_CONNECTIONS; index++) greedy.push(await startGreedy(server.port, calls));
  const latencies: number[] = [];
  while (missing(greedy) > 0 && performance.now() - start < GIVE_UP_MS) {
    const sent = performance.now();
    await proxy.echo("polite");
    latencies.push(performance.now() - sent);
    await sleep(5);
  }
  const elapsed = performance.now() - start;
  printAtMost("answers missing", missing(greedy), 0, "calls");
  printFigure("calls per second", (GREEDY_CONNECTIONS * CALLS_PER_CONNECTION * 1_000) / elapsed, "calls");
  process.stdout.write(`a polite neighbour meanwhile: ${latencies.length} calls\n`);
  printFigure("  p50", percentile(latencies, 0.5), "ms");
  printFigure("  p99", percentile(latencies, 0.99), "ms");
} finally {
  for (const { socket } of greedy) socket.destroy();
  await server.stop();
}
