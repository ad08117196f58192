/**
 * How long it takes from the start of the process `hrpcd start` to the first answered call.
 *
 * `node dist/test/bench/startup.js [runs]`. The call is `helloWorld` of the protocol that the daemon serves out of the box.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { Hello } from "./echo-protocols.js";
import { callBytes, openingBytes } from "./peer.js";
import { median } from "./report.js";
import { printAtMost, printFigure } from "./verdict.js";

const runs = Number(process.argv[2] ?? 11);
const POLL_MS = 2;
const GIVE_UP_MS = 10_000;
const PROGRAM = fileURLToPath(new URL("../../daemon/main.js", import.meta.url));
const GREETING = Buffer.concat([openingBytes(), callBytes(Hello, "helloWorld", ["king"])]);
const ANSWER = "hello,king";

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Connects and calls; true once an answer has come, false if nobody listens yet. */
function tryCall(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true }, () => socket.write(GREETING));
    let answer = "";
    socket.on("data", (chunk: Buffer) => {
      answer += chunk.toString("latin1");
      if (!answer.includes(ANSWER)) return;
      resolve(true);
      socket.destroy();
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(false));
  });
}

async function startOnce(): Promise<number> {
  const port = await freePort();
  const start = performance.now();
  const daemon = spawn(process.execPath, [PROGRAM, "start", "--port", String(port)], { stdio: "ignore" });
  const exit = once(daemon, "exit");
  try {
    while (performance.now() - start < GIVE_UP_MS) {
      if (await tryCall(port)) return performance.now() - start;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    throw new Error(`hrpcd start answered no call within ${GIVE_UP_MS} ms`);
  } finally {
    daemon.kill("SIGKILL");
    await exit;
  }
}

const figures: number[] = [];
for (let run = 0; run < runs; run++) figures.push(await startOnce());
printAtMost(`hrpcd start to its first answer, median of ${runs}`, median(figures), 400, "ms");
printFigure("  the quickest", Math.min(...figures), "ms");
printFigure("  the slowest", Math.max(...figures), "ms");
