/** A server that says exactly what a test tells it to, over real sockets. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { TestContext } from "node:test";
import { framesOf, type SentFrame } from "./answers.js";

/** One connection, seen from the server. */
export class RoguePeer {
  readonly socket: Socket;
  /** Resolves when the connection is gone. */
  readonly closed: Promise<void>;
  #received = Buffer.alloc(0);
  #taken = 0;
  #wake: (() => void) | undefined;

  constructor(socket: Socket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => {
      socket.on("close", () => resolve());
    });
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake?.();
    });
  }

  /** Everything that came. */
  get received(): Buffer {
    return this.#received;
  }

  /** The next call that comes on this connection. */
  async nextCall(): Promise<SentFrame> {
    for (;;) {
      const call = framesOf(wholeFrames(this.#received)).filter((frame) => Number(frame.header.callId) >= 0)[
        this.#taken
      ];
      if (call !== undefined) {
        this.#taken++;
        return call;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

/** The bytes behind the preamble, up to the last frame that is whole. */
function wholeFrames(received: Buffer): Buffer {
  const start = Math.min(7, received.length);
  let end = start;
  while (received.length >= end + 4 && received.length >= end + 4 + received.readInt32BE(end)) {
    end += 4 + received.readInt32BE(end);
  }
  return received.subarray(start, end);
}

export class RogueServer {
  readonly address: string;
  readonly #peers: RoguePeer[] = [];
  readonly #waiting: ((peer: RoguePeer) => void)[] = [];

  constructor(server: Server) {
    this.address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on("connection", (socket: Socket) => {
      const peer = new RoguePeer(socket);
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#peers.push(peer);
      else waiting(peer);
    });
  }

  /** The next connection that was not handed out yet. */
  accept(): Promise<RoguePeer> {
    const peer = this.#peers.shift();
    if (peer !== undefined) return Promise.resolve(peer);
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }
}

/** Listens until the test ends, on a port of the system's choice. */
export async function startRogueServer(t: TestContext): Promise<RogueServer> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true });
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  });
  return new RogueServer(server);
}
