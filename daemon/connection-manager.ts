/**
 * The connections that are open: how many there may be, who has been idle too long, and whose peer leaves its answers unread
 * (Hadoop: ipc/Server.java ConnectionManager, Responder.doPurge).
 */
import { publish } from "../protocol/events.js";
import { addressGroup } from "./address-group.js";
import type { Connection } from "./connection.js";

export interface ConnectionManagerOptions {
  /** 0 is no limit (`ipc.server.max.connections`). */
  readonly maxConnections: number;
  /** What the descriptors of the process allow; undefined if that is not known. */
  readonly descriptors: number | undefined;
  /** Of one address; 0 is no limit (`hrpcd.server.connections.per.address.max`). */
  readonly maxPerAddress: number;
  /** While at least this many are open, idle connections are closed by Hadoop's rule (`ipc.client.idlethreshold`). */
  readonly idleThreshold: number;
  /** A connection is idle that has no call in flight and was silent for twice this time (`ipc.client.connection.maxidletime`). */
  readonly maxIdleMs: number;
  /** Connections closed per scan by that rule, at most (`ipc.client.kill.max`). */
  readonly maxClosedPerScan: number;
  /** A connection that was idle for so long is closed, however few are open; 0 is never (`hrpcd.server.idle.timeout.ms`). */
  readonly idleTimeoutMs: number;
  /** A connection is closed that has an answer unread for so long (`ipc.server.purge.interval`). */
  readonly purgeIntervalMs: number;
}

/** Memory that is freed at once, lest the search for the greatest has to be made for every few bytes more. */
const FREED_SHARE = 1 / 8;
/** A search for room goes through all connections: one in this time is enough, however many knock. */
const MAKE_ROOM_EVERY_MS = 1000;
/** Closing takes about 20 µs each: a scan that closes all that are overdue must not stop the others for long. */
const MOST_CLOSED_AT_ONCE = 1000;

export class ConnectionManager {
  #options: ConnectionManagerOptions;
  readonly #connections = new Set<Connection>();
  /** Connections by address; only addresses that have any. */
  readonly #perAddress = new Map<string, number>();
  #madeRoomMs = Number.NEGATIVE_INFINITY;
  #emptied: (() => void) | undefined;

  constructor(options: ConnectionManagerOptions) {
    this.#options = options;
  }

  /** Puts other limits into force; connections that are open stay. */
  limit(options: ConnectionManagerOptions): void {
    this.#options = options;
  }

  get size(): number {
    return this.#connections.size;
  }

  /** The connections that are open, the oldest first. */
  get all(): Iterable<Connection> {
    return this.#connections;
  }

  /** Why a connection from this address is one too many; undefined if it may come. Makes room for it first if it can. */
  refusal(remoteAddress: string, nowMs: number): string | undefined {
    const { maxPerAddress, descriptors } = this.#options;
    if (maxPerAddress > 0 && (this.#perAddress.get(addressGroup(remoteAddress)) ?? 0) >= maxPerAddress) {
      return `too many connections from one address: hrpcd.server.connections.per.address.max is ${maxPerAddress}`;
    }
    if (this.#isFull()) this.makeRoom(nowMs);
    if (!this.#isFull()) return undefined;
    if (this.size !== descriptors) return "too many connections";
    return `too many connections for the file descriptors of this process: ${descriptors} leave hrpcd.server.descriptors.reserve free`;
  }

  #isFull(): boolean {
    const { maxConnections, descriptors } = this.#options;
    return (
      (maxConnections > 0 && this.size >= maxConnections) || this.size >= (descriptors ?? Number.POSITIVE_INFINITY)
    );
  }

  add(connection: Connection): void {
    this.#connections.add(connection);
    const group = addressGroup(connection.remoteAddress);
    this.#perAddress.set(group, (this.#perAddress.get(group) ?? 0) + 1);
    publish("hrpcd:connection:open", () => ({ peer: connection.peer, open: this.size }));
  }

  remove(connection: Connection): void {
    if (!this.#connections.delete(connection)) return;
    const group = addressGroup(connection.remoteAddress);
    const left = (this.#perAddress.get(group) ?? 0) - 1;
    if (left > 0) this.#perAddress.set(group, left);
    else this.#perAddress.delete(group);
    const { peer, closeReason: reason } = connection;
    publish("hrpcd:connection:close", () => ({ peer, open: this.size, reason }));
    if (this.#connections.size === 0) this.#emptied?.();
  }

  /** Closes connections that were silent for too long, and those whose peer has left an answer unread for too long. */
  scan(nowMs: number): void {
    const { idleThreshold, maxIdleMs, maxClosedPerScan, idleTimeoutMs, purgeIntervalMs } = this.#options;
    for (const connection of this.#connections) {
      const sinceMs = connection.unreadSince(nowMs);
      if (sinceMs !== undefined && nowMs - sinceMs >= purgeIntervalMs) purge(connection, purgeIntervalMs);
    }
    if (idleTimeoutMs > 0) this.#closeIdle(nowMs - idleTimeoutMs, MOST_CLOSED_AT_ONCE, 0);
    this.#closeIdle(nowMs - 2 * maxIdleMs, maxClosedPerScan, idleThreshold);
  }

  /** Closes idle connections by Hadoop's rule although fewer are open than its threshold, as it does when memory runs out. */
  makeRoom(nowMs: number): void {
    if (nowMs - this.#madeRoomMs < MAKE_ROOM_EVERY_MS) return;
    this.#madeRoomMs = nowMs;
    this.#closeIdle(nowMs - 2 * this.#options.maxIdleMs, MOST_CLOSED_AT_ONCE, 0);
  }

  #closeIdle(idleSinceMs: number, most: number, threshold: number): void {
    let closed = 0;
    for (const connection of this.#connections) {
      if (closed === most || this.#connections.size - closed < threshold) return;
      if (connection.over || connection.lastContactMs > idleSinceMs) continue;
      // Nor is one idle whose peer still takes in its answers.
      if (connection.callCount > 0 || connection.stream.writableLength > 0) continue;
      connection.destroy("idle");
      closed++;
    }
  }

  /** Closes connections, those with the most bytes of requests first, until an eighth of what is allowed is free. */
  closeGreatest(): void {
    const greatestFirst = [...this.#connections].sort((a, b) => b.requestBytes - a.requestBytes);
    for (const connection of greatestFirst) {
      const { memory, requestBytes } = connection;
      if (memory.used <= memory.max * (1 - FREED_SHARE) || requestBytes === 0) return;
      if (connection.over) continue;
      const reason = `requests hold more than ${memory.max} bytes (hrpcd.server.request.bytes.max), this one ${requestBytes}`;
      publish("hrpcd:connection:refused", () => ({ peer: connection.peer, reason }));
      connection.destroy(reason);
    }
  }

  /** Destroys the connections that were ended and have nothing left to write, whether their peers have closed or not. */
  destroyWritten(): void {
    for (const connection of this.#connections) {
      if (connection.over && connection.stream.writableLength === 0) connection.destroy("");
    }
  }

  /** Has every connection ended by `end`; settles when all are gone. */
  async endAll(end: (connection: Connection) => void): Promise<void> {
    for (const connection of this.#connections) end(connection);
    if (this.#connections.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#emptied = resolve;
    });
  }
}

function purge(connection: Connection, intervalMs: number): void {
  const reason = `the peer has left an answer unread for ${intervalMs / 60_000} minutes (ipc.server.purge.interval)`;
  publish("hrpcd:connection:refused", () => ({ peer: connection.peer, reason }));
  connection.destroy(reason);
}
