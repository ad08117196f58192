/** Entry of a process that sends calls as fast as a server takes them, on one connection: `node flood-entry.js <port> [user]`. */
import type { Socket } from "node:net";
import { answerParent } from "./child.js";
import { connectPeer, echoBytes, FrameCounter, openingBytes } from "./peer.js";

export type FloodRequest = { readonly do: "begin"; readonly reading: boolean } | { readonly do: "end" };

const CALLS_PER_WRITE = 500;
const port = Number(process.argv[2]);
const user = process.argv[3];
const burst = Buffer.concat(Array.from({ length: CALLS_PER_WRITE }, (_, id) => echoBytes(id, "flood")));
let flood: { readonly socket: Socket; readonly answers: FrameCounter } | undefined;

async function begin(reading: boolean): Promise<void> {
  const socket = await connectPeer(port, 0);
  const answers = new FrameCounter();
  flood = { socket, answers };
  const pour = () => {
    while (!socket.destroyed && socket.write(burst));
  };
  socket.on("error", () => {});
  socket.on("drain", pour);
  if (reading) socket.on("data", (chunk: Buffer) => answers.push(chunk));
  socket.write(openingBytes(user));
  pour();
}

answerParent(async (request: FloodRequest) => {
  if (request.do === "begin") return begin(request.reading);
  const count = flood?.answers.count ?? 0;
  flood?.socket.destroy();
  flood = undefined;
  return count;
});
