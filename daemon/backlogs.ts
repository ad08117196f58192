/**
 * Answers that have not left because their peers do not read them, connection by connection and together.
 *
 * ```
 *   unsent bytes of a connection
 *   0 ........ pauseAt ................. maxPerPeer
 *   |   read   |   not read, calls held  |   closed            also closed: the greatest, while all together are over maxTotal
 * ```
 * A connection is known here while its socket asks to wait; the others have less unsent than a socket's high-water mark.
 */
import { publish } from "../protocol/events.js";
import type { Connection } from "./connection.js";

export interface BacklogOptions {
  /** Bytes of one connection at which it is not read any more (`hrpcd.server.response.backlog.max`). */
  readonly pauseAt: number;
  /** Bytes of one connection beyond which it is closed (`hrpcd.server.response.backlog.peer.max`). */
  readonly maxPerPeer: number;
  /** Bytes of all connections (`hrpcd.server.response.backlog.total.max`). */
  readonly maxTotal: number;
  /** Stops reading a connection until `drain` comes. */
  readonly pause: (connection: Connection) => void;
}

export class Backlogs {
  readonly #options: BacklogOptions;
  readonly #unsent = new Map<Connection, number>();
  /** Sum of the above; what has left since the last write of a connection is still in it. */
  #total = 0;

  constructor(options: BacklogOptions) {
    this.#options = options;
  }

  /** Bytes that wait in sockets which asked to wait, at most: the source of metrics. */
  get total(): number {
    return this.#total;
  }

  /** The socket of this connection took bytes and asks to wait. */
  grown(connection: Connection): void {
    const { pauseAt, maxPerPeer, maxTotal } = this.#options;
    const bytes = connection.stream.writableLength;
    this.#total += bytes - (this.#unsent.get(connection) ?? 0);
    this.#unsent.set(connection, bytes);
    if (bytes > maxPerPeer) this.#close(connection, bytes, `more than ${maxPerPeer} are allowed`);
    else if (bytes > pauseAt) this.#options.pause(connection);
    if (this.#total > maxTotal) this.#relieve();
  }

  /** All bytes of this connection have left, or it is gone. */
  gone(connection: Connection): void {
    const bytes = this.#unsent.get(connection);
    if (bytes === undefined) return;
    this.#unsent.delete(connection);
    this.#total -= bytes;
  }

  /** Looks at what is really left, and closes the greatest until the rest is within bounds. */
  #relieve(): void {
    const { maxTotal } = this.#options;
    this.#total = 0;
    for (const connection of this.#unsent.keys()) {
      const bytes = connection.stream.writableLength;
      this.#unsent.set(connection, bytes);
      this.#total += bytes;
    }
    if (this.#total <= maxTotal) return;
    const greatestFirst = [...this.#unsent].sort(([, a], [, b]) => b - a);
    for (const [connection, bytes] of greatestFirst) {
      if (this.#total <= maxTotal) return;
      this.#close(connection, bytes, `all connections together have more than ${maxTotal}`);
    }
  }

  #close(connection: Connection, bytes: number, rule: string): void {
    const reason = `the peer does not read its answers: ${bytes} bytes wait, and ${rule}`;
    this.gone(connection);
    publish("hrpcd:connection:refused", () => ({ peer: connection.peer, reason }));
    connection.destroy(reason);
  }
}
