/** Entry of a process that is a bad neighbour to the clients of a server: `node flood-entry.js <port> [user]`. */
import { connect, type Socket } from "node:net";
import { answerParent } from "./child.js";
import { cancelBytes, connectPeer, echoBytes, FrameCounter, openingBytes } from "./peer.js";

/**
 * - `calls`: as many calls as the server takes, on one connection, and all answers are read; `deaf`: none is.
 * - `connects`: so many connections per second from one address, reset as soon as they are there.
 * - `cancels`: so many calls per second on one connection, each given up at once.
 */
export type Flood = "calls" | "deaf" | "connects" | "cancels";

export type FloodRequest =
  | { readonly do: "begin"; readonly flood: Flood; readonly perSecond: number }
  | { readonly do: "end" };

const CALLS_PER_WRITE = 500;
const TICK_MS = 10;
const port = Number(process.argv[2]);
const user = process.argv[3];
let end: (() => number) | undefined;

async function openConnection(): Promise<{ readonly socket: Socket; readonly answers: FrameCounter }> {
  const socket = await connectPeer(port, 0);
  const answers = new FrameCounter();
  socket.on("error", () => {});
  socket.write(openingBytes(user));
  return { socket, answers };
}

/** Returns how the flood is ended; that says how many answers came. */
async function pourCalls(reading: boolean): Promise<() => number> {
  const burst = Buffer.concat(Array.from({ length: CALLS_PER_WRITE }, (_, id) => echoBytes(id, "flood")));
  const { socket, answers } = await openConnection();
  const pour = () => {
    while (!socket.destroyed && socket.write(burst));
  };
  socket.on("drain", pour);
  if (reading) socket.on("data", (chunk: Buffer) => answers.push(chunk));
  pour();
  return () => {
    socket.destroy();
    return answers.count;
  };
}

/** Calls `some` with how many are due, so that they come at a steady rate; returns how that is ended, and how many there were. */
function steadily(perSecond: number, some: (count: number) => void): () => number {
  const startMs = performance.now();
  let done = 0;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startMs) * perSecond) / 1_000) - done;
    done += due;
    some(due);
  }, TICK_MS);
  return () => {
    clearInterval(timer);
    return done;
  };
}

function connectAndReset(): void {
  // A reset leaves no port in TIME_WAIT, of which there are too few.
  const socket = connect({ port, host: "127.0.0.1", localAddress: "127.0.0.2" }, () => socket.resetAndDestroy());
  socket.on("error", () => {});
}

async function callAndCancel(perSecond: number): Promise<() => number> {
  const { socket, answers } = await openConnection();
  socket.on("data", (chunk: Buffer) => answers.push(chunk));
  const pair = Buffer.concat([echoBytes(0, "flood"), cancelBytes(0)]);
  const stop = steadily(perSecond, (count) => void socket.write(Buffer.concat(new Array<Buffer>(count).fill(pair))));
  return () => {
    socket.destroy();
    return stop();
  };
}

async function begin(flood: Flood, perSecond: number): Promise<() => number> {
  switch (flood) {
    case "calls":
    case "deaf":
      return pourCalls(flood === "calls");
    case "connects":
      return steadily(perSecond, (count) => {
        for (let i = 0; i < count; i++) connectAndReset();
      });
    case "cancels":
      return callAndCancel(perSecond);
  }
}

answerParent(async (request: FloodRequest) => {
  if (request.do === "begin") {
    end = await begin(request.flood, request.perSecond);
    return undefined;
  }
  const count = end?.() ?? 0;
  end = undefined;
  return count;
});
