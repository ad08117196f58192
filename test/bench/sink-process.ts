/** A process that reads bytes and does nothing else: what node itself costs a server. Both halves. */
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { answerParent, Child } from "./child.js";

type SinkRequest = { readonly do: "port" } | { readonly do: "usage" };

export class SinkProcess {
  readonly #child: Child;
  readonly port: number;

  private constructor(child: Child, port: number) {
    this.#child = child;
    this.port = port;
  }

  /** Starts a sink that answers with an empty frame once a connection has brought this many bytes. */
  static async start(bytes: number): Promise<SinkProcess> {
    const child = new Child(new URL(import.meta.url), [String(bytes)]);
    return new SinkProcess(child, await child.ask<number>({ do: "port" } satisfies SinkRequest));
  }

  /** Processor time since the start, in milliseconds. */
  usage(): Promise<{ readonly cpuMs: number }> {
    return this.#child.ask({ do: "usage" } satisfies SinkRequest);
  }

  stop(): Promise<void> {
    return this.#child.stop();
  }
}

const EMPTY_FRAME = Buffer.from([0, 0, 0, 1, 0]);

async function run(bytes: number): Promise<void> {
  const server = createServer((socket) => {
    let rest = bytes;
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk: Buffer) => {
      rest -= chunk.length;
      if (rest === 0) socket.write(EMPTY_FRAME);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  answerParent((request: SinkRequest) => {
    if (request.do === "port") return (server.address() as AddressInfo).port;
    const { user, system } = process.cpuUsage();
    return { cpuMs: (user + system) / 1_000 };
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run(Number(process.argv[2]));
