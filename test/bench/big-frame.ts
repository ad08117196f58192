/**
 * What one request of 8 MiB costs the server's processor when it comes in chunks of 1 KiB: the decoder alone, a server that
 * reads the bytes and does nothing else, and hrpcd with the call decoded, run and answered (an Avro method that takes bytes and returns their number).
 *
 * `node dist/test/bench/big-frame.js`
 */
import { once } from "node:events";
import type { Socket } from "node:net";
import { FrameDecoder } from "../../protocol/wire/frame.js";
import { EchoOverAvro } from "./echo-protocols.js";
import { callBytes, connectPeer, FrameCounter, openingBytes } from "./peer.js";
import { median } from "./report.js";
import { ServerProcess } from "./server-process.js";
import { SinkProcess } from "./sink-process.js";
import { printAtMost, printFigure } from "./verdict.js";

const REQUEST_BYTES = 8 * 1024 * 1024;
const CHUNK_BYTES = 1024;
const ROUNDS = 5;
const REQUEST = callBytes(EchoOverAvro, "length", [Buffer.alloc(REQUEST_BYTES, "x")]);

function decoderCpuMs(): number {
  const decoder = new FrameDecoder(2 * REQUEST_BYTES);
  const start = process.cpuUsage();
  let frames = 0;
  for (let at = 0; at < REQUEST.length; at += CHUNK_BYTES) {
    decoder.push(REQUEST.subarray(at, at + CHUNK_BYTES));
    while (decoder.next()) frames++;
  }
  const { user, system } = process.cpuUsage(start);
  if (frames !== 1) throw new Error(`${frames} frames came out of one`);
  return (user + system) / 1_000;
}

/** Writes the request chunk by chunk, one per turn of the event loop, and waits for the answer. */
async function sendInChunks(socket: Socket): Promise<void> {
  const counter = new FrameCounter();
  const answered = new Promise<void>((resolve, reject) => {
    socket.on("data", (chunk: Buffer) => {
      counter.push(chunk);
      if (counter.count === 1) resolve();
    });
    socket.on("close", () => reject(new Error("the server closed the connection")));
    socket.on("error", reject);
  });
  for (let at = 0; at < REQUEST.length; at += CHUNK_BYTES) {
    const whole = socket.write(REQUEST.subarray(at, at + CHUNK_BYTES));
    if (!whole) await once(socket, "drain");
    await new Promise((resolve) => setImmediate(resolve));
  }
  await answered;
}

/** What both kinds of server process have. */
interface MeasuredServer {
  readonly port: number;
  usage(): Promise<{ readonly cpuMs: number }>;
}

async function serverCpuMs(server: MeasuredServer): Promise<number> {
  const socket = await connectPeer(server.port, 0);
  socket.write(openingBytes());
  const before = await server.usage();
  await sendInChunks(socket);
  const after = await server.usage();
  socket.removeAllListeners("close");
  socket.destroy();
  return after.cpuMs - before.cpuMs;
}

/** Five rounds on connections of their own. */
async function cpuOfRounds(server: MeasuredServer): Promise<number[]> {
  const figures: number[] = [];
  for (let round = 0; round < ROUNDS; round++) figures.push(await serverCpuMs(server));
  return figures;
}

printAtMost("frame decoder alone", median(Array.from({ length: ROUNDS }, decoderCpuMs)), 50, "ms of processor");
const sink = await SinkProcess.start(REQUEST.length + openingBytes().length);
const server = await ServerProcess.start();
try {
  const floor = await cpuOfRounds(sink);
  const figures = await cpuOfRounds(server);
  printFigure("a server that only reads the bytes", median(floor), "ms of processor");
  printAtMost("hrpcd, the call answered", median(figures), 50, "ms of processor");
  printFigure("  first round, nothing compiled yet", figures[0] as number, "ms of processor");
} finally {
  await Promise.all([sink.stop(), server.stop()]);
}
