/**
 * The connections of one client. Calls to one address share a connection: with the Avro engine all of them, else those
 * of one protocol, because a Hadoop server routes VersionedProtocol and authorizes by the protocol that the connection's
 * context names (Hadoop: ipc/Client.java ConnectionId; ipc/WritableRpcEngine.java).
 */
import { RPC_KIND } from "../protocol/definition.js";
import type { Engine } from "../protocol/engine.js";
import { AlignmentContexts } from "./alignment-context.js";
import type { Call } from "./call.js";
import { lost } from "./call-error.js";
import { CallIds } from "./call-ids.js";
import { Connection, type ConnectionOwner, type ConnectionTarget } from "./connection.js";
import type { Deadlines } from "./deadlines.js";
import type { ClientRecord } from "./options.js";

export class ConnectionCache implements ConnectionOwner {
  readonly client: ClientRecord;
  readonly callIds = new CallIds();
  readonly #deadlines: Deadlines;
  readonly #alignments = new AlignmentContexts();
  readonly #connections = new Map<Engine, Map<string, Connection>>();
  /** Connections whose stream is not gone yet, cached or not. */
  readonly #alive = new Set<Connection>();
  #whenEmpty: (() => void) | undefined;

  constructor(client: ClientRecord, deadlines: Deadlines) {
    this.client = client;
    this.#deadlines = deadlines;
  }

  /** A connection that takes calls; begins to connect if there is none. */
  connectionTo(target: ConnectionTarget): Connection {
    let ofEngine = this.#connections.get(target.engine);
    if (ofEngine === undefined) {
      ofEngine = new Map();
      this.#connections.set(target.engine, ofEngine);
    }
    const key = keyOf(target);
    let connection = ofEngine.get(key);
    if (connection === undefined) {
      connection = new Connection(target, this, this.#alignments.of(key));
      ofEngine.set(key, connection);
      this.#alive.add(connection);
    }
    return connection;
  }

  /** Closes all connections; calls that wait fail with CLIENT_CLOSED. Resolves when every stream is gone. */
  async close(): Promise<void> {
    for (const connection of this.#alive) {
      const { address } = connection.target;
      connection.close((call: Call, sent: boolean) => lost("CLIENT_CLOSED", call, address, sent, undefined));
    }
    if (this.#alive.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#whenEmpty = resolve;
    });
  }

  readonly callIdInUse = (callId: number): boolean => {
    for (const connection of this.#alive) if (connection.holds(callId)) return true;
    return false;
  };

  activated(connection: Connection): void {
    this.#deadlines.addBusy(connection);
  }

  retired(connection: Connection): void {
    const ofEngine = this.#connections.get(connection.target.engine);
    const key = keyOf(connection.target);
    if (ofEngine?.get(key) === connection) ofEngine.delete(key);
  }

  closed(connection: Connection): void {
    this.#alive.delete(connection);
    if (this.#alive.size === 0) this.#whenEmpty?.();
  }
}

function keyOf({ engine, address, contextProtocol }: ConnectionTarget): string {
  return engine.kind === RPC_KIND.avro ? address.text : `${address.text} ${contextProtocol}`;
}
