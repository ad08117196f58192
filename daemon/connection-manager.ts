/**
 * The connections that are open: their number, its limit, and who has been idle too long (Hadoop: ipc/Server.java
 * ConnectionManager).
 */
import { publish } from "../protocol/events.js";
import type { Connection } from "./connection.js";

export interface ConnectionManagerOptions {
  /** 0 is no limit (`ipc.server.max.connections`). */
  readonly maxConnections: number;
  /** Idle connections are only closed while at least this many are open (`ipc.client.idlethreshold`). */
  readonly idleThreshold: number;
  /** A connection is idle that has no call in flight and was silent for twice this time (`ipc.client.connection.maxidletime`). */
  readonly maxIdleMs: number;
  /** Connections closed per scan, at most (`ipc.client.kill.max`). */
  readonly maxClosedPerScan: number;
}

export class ConnectionManager {
  readonly #options: ConnectionManagerOptions;
  readonly #connections = new Set<Connection>();
  #emptied: (() => void) | undefined;

  constructor(options: ConnectionManagerOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#connections.size;
  }

  /** Whether one more connection would be too many. */
  get full(): boolean {
    const { maxConnections } = this.#options;
    return maxConnections > 0 && this.#connections.size >= maxConnections;
  }

  add(connection: Connection): void {
    this.#connections.add(connection);
    publish("hrpcd:connection:open", () => ({ peer: connection.peer, open: this.size }));
  }

  remove(connection: Connection): void {
    if (!this.#connections.delete(connection)) return;
    const { peer, closeReason: reason } = connection;
    publish("hrpcd:connection:close", () => ({ peer, open: this.size, reason }));
    if (this.#connections.size === 0) this.#emptied?.();
  }

  /** Closes connections that were silent for too long. */
  closeIdle(nowMs: number): void {
    const { idleThreshold, maxIdleMs, maxClosedPerScan } = this.#options;
    const idleSinceMs = nowMs - 2 * maxIdleMs;
    let closed = 0;
    for (const connection of this.#connections) {
      if (closed === maxClosedPerScan || this.#connections.size - closed < idleThreshold) return;
      if (connection.over || connection.lastContactMs > idleSinceMs) continue;
      // Nor is one idle whose peer still takes in its answers.
      if (connection.callCount > 0 || connection.stream.writableLength > 0) continue;
      connection.destroy("idle");
      closed++;
    }
  }

  /** Ends every connection as soon as what was written to it has left; settles when all are gone. */
  async endAll(reason: string): Promise<void> {
    for (const connection of this.#connections) connection.end(reason);
    if (this.#connections.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#emptied = resolve;
    });
  }
}
