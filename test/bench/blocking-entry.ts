/** Entry of the server process of `blocking.ts`. */
import { createServer, implement } from "../../daemon/index.js";
import { LoopWatch } from "../../daemon/loop-watch.js";
import { subscribe } from "../../protocol/events.js";
import { Blocking, type BlockingReport, type BlockingRequest } from "./blocking-protocol.js";
import { answerParent } from "./child.js";

/** Computes for so long; returns how long it took. */
function hold(ms: number): number {
  const startMs = performance.now();
  while (performance.now() - startMs < ms);
  return performance.now() - startMs;
}

const watch = new LoopWatch();
let lines = 0;
subscribe("hrpcd:loop:held", ({ ms }) => {
  if (ms >= 100) lines++;
});
const server = await createServer({
  bindAddress: "127.0.0.1",
  port: 0,
  services: [implement(Blocking, { echo: (payload) => payload, hold })],
}).start();

answerParent((request: BlockingRequest): number | BlockingReport =>
  request.do === "port" ? server.port : { longestMs: watch.longestMs, lines },
);
