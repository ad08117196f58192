/**
 * Damaged connections against a live server. A connection is done when both sides have closed it.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { createClient } from "../../client/index.js";
import { MyInterface } from "../../daemon/services/greeter.js";
import { Rng } from "../helpers/rng.js";
import { mutant } from "./mutator.js";
import { RECORDINGS } from "./recordings.js";
import type { ServerReport } from "./server-process.js";

/** A connection that is still open this long after its client has closed it is stuck. */
const CLOSE_DEADLINE_MS = 10_000;
/** How long a client waits for more before it closes. */
const QUIET_MS = 5;
const GOOD_CLIENT_EVERY = 1000;

export interface ServerFuzzOptions {
  readonly seed: number;
  /** Number of the first connection. */
  readonly first?: number;
  readonly count: number;
  /** Connections that are open at the same time. */
  readonly concurrency: number;
  /** The event loop of the server must come round at least this often. */
  readonly hangMs: number;
}

export interface ServerFuzzReport extends ServerReport {
  readonly inputs: number;
  /** Connections on which the server said something. */
  readonly answered: number;
  readonly goodCalls: number;
  readonly elapsedMs: number;
}

/** What a run throws: what the server did, and the connections that were open then. */
export class ServerFuzzFailure extends Error {
  constructor(what: string, open: ReadonlyMap<number, Buffer>) {
    const inputs = [...open].map(([index, input]) => `  --first ${index}: ${input.toString("hex")}`);
    super(`${what}\n${inputs.length} connections were open:\n${inputs.join("\n")}`);
    this.name = "ServerFuzzFailure";
  }
}

/** Starts a server, sends it `count` damaged connections and stops it. Throws ServerFuzzFailure at the first fault. */
export async function fuzzServer(options: ServerFuzzOptions): Promise<ServerFuzzReport> {
  const child = fork(new URL("./server-process.js", import.meta.url), {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  try {
    const [port] = (await once(child, "message")) as [number];
    return await new Run(child, port, options).finish();
  } finally {
    child.kill("SIGKILL");
  }
}

class Run {
  readonly #child: ChildProcess;
  readonly #port: number;
  readonly #options: ServerFuzzOptions;
  readonly #open = new Map<number, Buffer>();
  readonly #crashed: Promise<never>;
  #next: number;
  #done = 0;
  #answered = 0;
  #goodCalls = 0;

  constructor(child: ChildProcess, port: number, options: ServerFuzzOptions) {
    this.#child = child;
    this.#port = port;
    this.#options = options;
    this.#next = options.first ?? 0;
    this.#crashed = once(child, "exit").then(([code, signal]) => {
      throw this.#failure(`the server ended with ${String(code ?? signal)}`);
    });
    this.#crashed.catch(() => {});
  }

  async finish(): Promise<ServerFuzzReport> {
    const started = performance.now();
    const lanes = Array.from({ length: this.#options.concurrency }, () => this.#lane());
    await Promise.race([Promise.all(lanes), this.#crashed]);
    await this.#callGoodClient();
    const report = await this.#report();
    if (report.connections > 0) throw this.#failure(`${report.connections} connections are still open at the server`);
    if (report.longestBusyMs > this.#options.hangMs)
      throw this.#failure(`the server's event loop stood for ${report.longestBusyMs} ms`);
    const counts = { inputs: this.#options.count, answered: this.#answered, goodCalls: this.#goodCalls };
    return { ...report, ...counts, elapsedMs: performance.now() - started };
  }

  /** One connection after the other. */
  async #lane(): Promise<void> {
    const { first = 0, count, seed } = this.#options;
    while (this.#next < first + count) {
      const index = this.#next++;
      const rng = new Rng(seed * 2 ** 32 + index);
      const input = mutant(RECORDINGS, rng);
      this.#open.set(index, input);
      if (await this.#converse(input, rng)) this.#answered++;
      this.#open.delete(index);
      if (++this.#done % GOOD_CLIENT_EVERY === 0) await this.#callGoodClient();
    }
  }

  /** Sends the bytes in pieces and closes in one of the ways clients close; settles when all is closed, with whether an answer came. */
  #converse(input: Buffer, rng: Rng): Promise<boolean> {
    const chunks = rng.chunks(input, rng.pick([3, 50, 100_000]));
    const ending = rng.pick(["end at once", "end when quiet", "end when quiet", "reset"]);
    return new Promise((resolve, reject) => {
      let answered = false;
      let quiet: NodeJS.Timeout | undefined;
      const socket = connect({ port: this.#port, host: "127.0.0.1", noDelay: true });
      const deadline = setTimeout(() => {
        reject(this.#failure(`a connection was not closed within ${CLOSE_DEADLINE_MS} ms`));
        socket.destroy();
      }, CLOSE_DEADLINE_MS);
      const waitQuietly = (): void => {
        clearTimeout(quiet);
        quiet = setTimeout(() => socket.end(), QUIET_MS);
      };
      socket.on("connect", () => {
        for (const chunk of chunks) socket.write(chunk);
        if (ending === "end at once") socket.end();
        else if (ending === "reset") socket.write("", () => socket.resetAndDestroy());
        else waitQuietly();
      });
      socket.on("data", () => {
        answered = true;
        if (ending === "end when quiet") waitQuietly();
      });
      // A server that refuses a peer may reset the connection while the peer is still sending.
      socket.on("error", () => {});
      socket.on("close", () => {
        clearTimeout(deadline);
        clearTimeout(quiet);
        resolve(answered);
      });
    });
  }

  async #callGoodClient(): Promise<void> {
    await using client = createClient();
    const greeter = client.getProxy(MyInterface, `127.0.0.1:${this.#port}`);
    const answer = await greeter
      .helloWorld("king", { timeoutMs: CLOSE_DEADLINE_MS })
      .catch((error: unknown) => String(error));
    if (answer !== "hello,king") throw this.#failure(`a good client got ${answer}`);
    this.#goodCalls++;
  }

  /** What the server says of itself once its last connections are gone. */
  async #report(): Promise<ServerReport> {
    const deadline = performance.now() + CLOSE_DEADLINE_MS;
    for (;;) {
      this.#child.send("report");
      const [report] = (await Promise.race([once(this.#child, "message"), this.#crashed])) as [ServerReport];
      if (report.connections === 0 || performance.now() > deadline) return report;
      await new Promise((resolve) => {
        setTimeout(resolve, 50);
      });
    }
  }

  #failure(what: string): ServerFuzzFailure {
    return new ServerFuzzFailure(`seed ${this.#options.seed}: ${what}`, this.#open);
  }
}
