/**
 * What reading its metrics costs a server with 10,000 open connections of as many users: the time of a scrape, which is also
 * how long calls wait behind one at most.
 *
 * `node dist/test/bench/scrape.js [connections]`. Needs that many file descriptors in both processes.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import type { Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { createSettings } from "../../conf/index.js";
import { createHttpListener, createServer, implement } from "../../daemon/index.js";
import { EchoOverWritable } from "./echo-protocols.js";
import { connectPeer, echoBytes, inParallel, openingBytes } from "./peer.js";
import { percentile, printAtMost, printFigure } from "./verdict.js";

const connections = Number(process.argv[2] ?? 10_000);
/** Set in the process of the peers: the port of the server. */
const peersOf = process.argv[3];
const WARM_UP_SCRAPES = 20;
const SCRAPES = 100;

const conf = createSettings({
  "hrpcd.http.port": 0,
  "hrpcd.port": 0,
  "ipc.0.callqueue.impl": "org.apache.hadoop.ipc.FairCallQueue",
  "rpc.metrics.quantile.enable": true,
  "rpc.metrics.percentiles.intervals": [60, 300],
});
const echo = (payload: string | null): string | null => payload;

async function openPeers(port: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  await inParallel(connections, 100, async (index) => {
    const socket = await connectPeer(port, index);
    sockets.push(socket);
    const answered = new Promise<void>((resolve, reject) => {
      socket.once("data", () => resolve());
      socket.once("close", () => reject(new Error(`connection ${index} was closed`)));
    });
    socket.write(Buffer.concat([openingBytes(`user-${index}`), echoBytes(0, "hello")]));
    await answered;
    socket.removeAllListeners("close");
  });
  return sockets;
}

/** Milliseconds of each of many scrapes of a page, and what the last one held. */
async function scrape(url: string): Promise<{ readonly times: number[]; readonly text: string }> {
  const times: number[] = [];
  let text = "";
  for (let i = 0; i < WARM_UP_SCRAPES + SCRAPES; i++) {
    const start = performance.now();
    text = await (await fetch(url)).text();
    if (i >= WARM_UP_SCRAPES) times.push(performance.now() - start);
  }
  return { times, text };
}

/** The process of the peers: it opens them, says so, and waits to be ended. */
async function bePeers(port: number): Promise<void> {
  await openPeers(port);
  process.send?.("open");
  process.on("disconnect", () => process.exit());
}

async function measure(): Promise<void> {
  const server = await createServer({
    conf,
    services: [implement(EchoOverWritable, { echo, echoText: echo })],
  }).start();
  const listener = await createHttpListener(server, conf).start();
  const peers = fork(fileURLToPath(import.meta.url), [String(connections), String(server.port)]);
  await once(peers, "message");
  for (const path of ["/prom", "/jmx"]) {
    const { times, text } = await scrape(`http://127.0.0.1:${listener.address.port}${path}`);
    printFigure(`${path} at ${server.connectionCount} connections, median`, percentile(times, 0.5), "ms");
    printAtMost(`${path} at ${server.connectionCount} connections, 90th percentile`, percentile(times, 0.9), 20, "ms");
    printFigure(`${path} at ${server.connectionCount} connections, slowest`, Math.max(...times), "ms");
    printFigure(`${path}, length`, text.length / 1024, "KB");
    if (path === "/prom") {
      printAtMost("series", text.split("\n").filter((line) => line !== "" && !line.startsWith("#")).length, 500, "");
    }
  }
  peers.disconnect();
  await server.stop();
  await listener.stop();
}

await (peersOf === undefined ? measure() : bePeers(Number(peersOf)));
