/**
 * Stage 1: accepts sockets, up to a limit.
 */
import net from "node:net";
import { RpcError } from "../protocol/rpc-error.js";

export interface ListenerOptions {
  readonly bindAddress: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** A listening TCP socket that this process was given; address and port are not used then. */
  readonly fd?: number | undefined;
  /** Connections the kernel keeps for us before they are accepted (`ipc.server.listen.queue.size`). */
  readonly backlog: number;
  readonly tcpNoDelay: boolean;
  readonly accepted: (socket: net.Socket) => void;
  /** A connection could not be accepted, for lack of descriptors mostly; the next one may. */
  readonly acceptFailed: (error: Error) => void;
}

export class Listener {
  readonly #options: ListenerOptions;
  readonly #server: net.Server;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#server = net.createServer({ noDelay: options.tcpNoDelay, keepAlive: true }, options.accepted);
  }

  /** Binds and listens. Throws BIND_FAILED with what to do, or if the listener was closed meanwhile. */
  async open(): Promise<net.AddressInfo> {
    const { bindAddress: host, port, backlog, fd } = this.#options;
    const where = fd === undefined ? `${host}:${port}` : `the socket passed as descriptor ${fd}`;
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", (error: NodeJS.ErrnoException) => reject(bindFailed(where, error)));
      this.#server.once("close", () => reject(new RpcError("BIND_FAILED", "the server was stopped while it started")));
      this.#server.listen(fd === undefined ? { host, port, backlog } : { fd }, resolve);
    });
    this.#server.removeAllListeners("error").on("error", this.#options.acceptFailed);
    const address = this.#server.address();
    if (typeof address === "object" && address !== null) return address;
    this.close();
    throw new RpcError("BIND_FAILED", `cannot listen on ${where}: it is no TCP socket`);
  }

  /** Accepts no more; connections that are open stay. */
  close(): void {
    this.#server.close();
  }
}

function bindFailed(where: string, error: NodeJS.ErrnoException): RpcError {
  const advice: Record<string, string> = {
    EADDRINUSE: "another program listens there: stop it, or choose another port (0 takes any free one)",
    EACCES: "ports below 1024 need a privilege: choose a higher one",
    EADDRNOTAVAIL: "this machine has no such address",
    ENOTFOUND: "the host name is not known",
  };
  const hint = advice[error.code ?? ""] ?? error.message;
  return new RpcError("BIND_FAILED", `cannot listen on ${where}: ${hint}`, { cause: error });
}
