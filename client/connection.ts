/**
 * One connection to a server: handshake, calls and answers in any order, ping, close.
 *
 * ```
 *   (new) --> connecting --> open --> closing --> closed      a connection that failed goes straight to closed
 * ```
 * Calls are encoded where they are made, into one writer; all of one turn of the event loop leave in one write, the first
 * ones together with the handshake. While the stream does not stand, or does not take more, they gather in the writer, up
 * to `hrpcd.client.calls.max` calls.
 */
import type { ClientSession, Engine } from "../protocol/engine.js";
import { RpcError } from "../protocol/rpc-error.js";
import type { ByteReader } from "../protocol/wire/byte-reader.js";
import type { Address } from "./address.js";
import type { AlignmentContext } from "./alignment-context.js";
import type { ByteStream } from "./byte-stream.js";
import type { Call, CallCarrier, GiveUpReason } from "./call.js";
import { gaveUp, lost, tooManyCalls, unknownCallId } from "./call-error.js";
import type { CallIds } from "./call-ids.js";
import { CallTable } from "./call-table.js";
import { Connector, type ConnectorOwner } from "./connector.js";
import type { ClientRecord } from "./options.js";
import {
  isFarewell,
  isHandshakeRefusal,
  type RemoteFailure,
  remoteError,
  remoteErrorOfOther,
} from "./remote-failure.js";
import { ReplyReader, type ReplySink } from "./reply-reader.js";
import { RequestWriter } from "./request-writer.js";
import type { Timer } from "./timers.js";

/** Where a connection goes, and what for. */
export interface ConnectionTarget {
  readonly address: Address;
  readonly engine: Engine;
  /** Protocol that the connection context names. */
  readonly contextProtocol: string;
}

/** What a connection is given by its client. */
export interface ConnectionOwner {
  readonly client: ClientRecord;
  readonly callIds: CallIds;
  /** Whether any connection of the client still expects an answer with this id. */
  callIdInUse(callId: number): boolean;
  /** The connection has calls; `settle` is to be called now and then from now on, until it returns true. */
  activated(connection: Connection): void;
  /** The connection takes no more calls. */
  retired(connection: Connection): void;
  /** Its stream is gone. */
  closed(connection: Connection): void;
}

type State =
  | { readonly kind: "connecting"; readonly connector: Connector }
  | { readonly kind: "open"; readonly stream: ByteStream }
  | { readonly kind: "closing" }
  | { readonly kind: "closed" };

/** The states that each state may be entered from. */
const ORIGINS: Readonly<Record<State["kind"], readonly State["kind"][]>> = {
  connecting: [],
  open: ["connecting"],
  closing: ["connecting", "open"],
  closed: ["connecting", "open", "closing"],
};

/** Makes the error of a call that ends with its connection; `sent` tells whether its bytes were given to the stream. */
type MakeError = (call: Call, sent: boolean) => RpcError;

/** Encoded bytes beyond which a turn's calls are written before the turn ends, so that large ones are not copied about. */
const EARLY_WRITE_BYTES = 64 * 1024;

export class Connection implements CallCarrier, ReplySink, ConnectorOwner {
  readonly target: ConnectionTarget;
  /** New calls may be given to it: it is not about to close. */
  accepting = true;
  /** When the turn of the last `send` began, by the client's clock: taken once per turn, because asking costs. */
  turnMs = 0;

  readonly #owner: ConnectionOwner;
  readonly #client: ClientRecord;
  readonly #maxCalls: number;
  readonly #maxBacklogBytes: number;
  readonly #calls: CallTable;
  readonly #requests: RequestWriter;
  readonly #replies: ReplyReader;
  readonly #endTurn = () => {
    this.#turnEnding = false;
    this.#write();
  };
  #state: State;
  /** Writes made so far; a call is sent when its `batch` is below. */
  #batch = 0;
  /** One-way calls in the writer; they are settled when their bytes have left. */
  #oneWays: Call[] = [];
  /** The stream takes bytes now: it stands, and does not ask to wait. */
  #writable = false;
  /** What this turn brings into the writer will be written at its end. */
  #turnEnding = false;
  /** Has calls, or had some when `settle` last looked; keeps the process alive. */
  #active = false;
  /** A call was withdrawn before the stream stood: what is in the writer must be encoded anew. */
  #stale = false;
  /** The server has answered a call, so it has accepted the handshake. */
  #answered = false;
  /** Pings while active, idle close while not. */
  #timer: Timer | undefined;
  #lastReadMs = 0;

  /** Begins to connect. `alignment` is what is known of the server's state. */
  constructor(target: ConnectionTarget, owner: ConnectionOwner, alignment: AlignmentContext) {
    this.target = target;
    this.#owner = owner;
    this.#client = owner.client;
    const { maxCalls, maxBacklogBytes, maxResponseLength } = this.#client.connection;
    this.#maxCalls = maxCalls;
    this.#maxBacklogBytes = maxBacklogBytes;
    this.#calls = new CallTable(maxCalls);
    this.#requests = new RequestWriter(this.#client, target.engine, target.contextProtocol, alignment);
    this.#replies = new ReplyReader(maxResponseLength, this.#client.clientId, this, alignment);
    const connector = new Connector(target.address, this.#client, this);
    this.#state = { kind: "connecting", connector };
    connector.start();
  }

  /**
   * Takes a call on its way. Throws, and leaves everything as it was, if the call cannot be encoded (BAD_ARGUMENT) or the
   * connection is full (TOO_MANY_CALLS). The call is never settled before this returns.
   */
  send(call: Call): void {
    this.#assertRoom(call);
    const callId = this.#owner.callIds.peek(this.#owner.callIdInUse);
    this.#requests.writeCall(call, callId);
    this.#owner.callIds.use();
    call.callId = callId;
    call.batch = this.#batch;
    call.connection = this;
    this.#calls.add(call);
    if (call.method.oneWay) this.#oneWays.push(call);
    if (!this.#turnEnding) {
      this.turnMs = this.#client.timers.now();
      if (!this.#active) this.#activate();
      this.#writeAtEndOfTurn();
    }
    if (this.#requests.length >= EARLY_WRITE_BYTES) this.#write();
  }

  #assertRoom(call: Call): void {
    if (this.#calls.size >= this.#maxCalls) {
      throw tooManyCalls(
        call,
        this.target.address,
        `${this.#maxCalls} calls wait on the connection (hrpcd.client.calls.max)`,
      );
    }
    if (!this.#writable && this.#requests.length >= this.#maxBacklogBytes) {
      const waiting = `${this.#requests.length} bytes wait for the server to take them (hrpcd.client.backlog.max)`;
      throw tooManyCalls(call, this.target.address, waiting);
    }
  }

  giveUp(call: Call, reason: GiveUpReason): void {
    if (!this.#calls.remove(call)) return;
    const state = this.#state;
    if (state.kind === "connecting") {
      this.#stale = true;
      const trouble = state.connector.trouble;
      call.fail(() => gaveUp(call, reason, this.target.address, "not-sent", trouble));
      return;
    }
    // Also a call that still lies in the writer leaves: what follows it may rest on it, such as a schema that it carries.
    if (!call.method.oneWay) {
      this.#calls.expectUnwanted(call.callId);
      this.#requests.writePing(call.callId);
      this.#writeAtEndOfTurn();
    }
    call.fail(() => gaveUp(call, reason, this.target.address, "maybe-executed", undefined));
  }

  /** Whether an answer with this call id is still expected. */
  holds(callId: number): boolean {
    return this.#calls.holds(callId);
  }

  /** Lets go of the process if no call waits, and then begins to count idle time; false while calls wait. */
  settle(): boolean {
    if (this.#calls.size > 0) return false;
    this.#active = false;
    const state = this.#state;
    if (state.kind === "connecting") state.connector.hold(false);
    if (state.kind === "open") {
      state.stream.unref();
      this.#startIdling();
    }
    return true;
  }

  /** Closes at once; `makeError` makes the errors of the calls that wait. Closing again does nothing. */
  close(makeError: MakeError): void {
    const state = this.#state;
    if (state.kind === "closing" || state.kind === "closed") return;
    let stillOpen = true;
    if (state.kind === "connecting") stillOpen = state.connector.stop();
    else state.stream.destroy();
    this.#become(stillOpen ? { kind: "closing" } : { kind: "closed" });
    this.#failAll(makeError);
  }

  // What the connector and its stream tell.

  onOpen(stream: ByteStream): void {
    if (this.#stale) this.#encodeAnew();
    this.#become({ kind: "open", stream });
    this.#writable = true;
    if (this.#active) {
      stream.ref();
      this.#startPinging();
    } else {
      stream.unref();
      this.#startIdling();
    }
    this.#write();
  }

  onFailed(makeError: () => RpcError): void {
    this.#become({ kind: "closed" });
    this.#failAll(makeError);
  }

  isWanted(): boolean {
    return this.#calls.size > 0;
  }

  onData(chunk: Buffer): void {
    this.#lastReadMs = this.#client.timers.now();
    try {
      this.#replies.push(chunk);
    } catch (error) {
      const cause = RpcError.from(error, "BAD_REPLY");
      this.close((call, sent) => lost("BAD_REPLY", call, this.target.address, sent, cause));
    }
  }

  onDrain(): void {
    if (this.#state.kind !== "open") return;
    this.#writable = true;
    this.#write();
  }

  onClose(error: Error | undefined): void {
    this.#become({ kind: "closed" });
    this.#failAll((call, sent) => lost("CONNECTION_LOST", call, this.target.address, sent, error));
  }

  // What the server answers.

  onResult(callId: number, body: ByteReader): void {
    const call = this.#calls.take(callId);
    if (call === undefined) {
      this.#unwanted(callId);
      return;
    }
    this.#answered = true;
    let result: unknown;
    try {
      result = this.#requests.session.readResult(call.protocol, call.method, body);
    } catch (error) {
      const cause = RpcError.from(error, "BAD_RESULT");
      call.fail(() => new RpcError("BAD_RESULT", `${call.title}: ${cause.message}`, { cause }));
      return;
    }
    if (body.remaining === 0) {
      call.succeed(result);
      return;
    }
    // Hadoop's client hands out such a result before it closes; a result that is not what was sent is worth nothing.
    const message = `RPC response length mismatch: ${body.remaining} bytes behind the result of ${call.title}`;
    call.fail(() => new RpcError("BAD_REPLY", message, { outcome: "executed" }));
    throw new RpcError("BAD_REPLY", message);
  }

  onError(callId: number, failure: RemoteFailure, body: ByteReader): void {
    const call = this.#calls.take(callId);
    if (call === undefined) {
      this.#unwanted(callId);
      return;
    }
    this.#answered = true;
    const data = body.remaining > 0 ? readErrorData(this.#requests.session, call, body) : undefined;
    call.fail(() => remoteError(failure, data));
  }

  onFatal(callId: number, failure: RemoteFailure): void {
    const refusedAll = (!this.#answered && isHandshakeRefusal(failure)) || isFarewell(callId, failure);
    this.close((call, sent) => {
      if (call.callId === callId) return remoteError(failure);
      if (!sent) return remoteErrorOfOther(failure, "not-sent");
      return remoteErrorOfOther(failure, refusedAll ? "refused" : "maybe-executed");
    });
  }

  /** An answer that no call waits for is a fault, unless the call was given up. */
  #unwanted(callId: number): void {
    if (!this.#calls.takeUnwanted(callId)) throw unknownCallId(callId);
  }

  // Writing.

  /** Fills the writer again, now that calls have been withdrawn from it; no byte of it has left. */
  #encodeAnew(): void {
    this.#stale = false;
    this.#requests.restart();
    this.#oneWays = [];
    for (const call of this.#calls.all()) {
      try {
        this.#requests.writeCall(call, call.callId);
        if (call.method.oneWay) this.#oneWays.push(call);
      } catch (error) {
        // The caller has changed an argument since.
        this.#calls.remove(call);
        call.fail(() => RpcError.from(error));
      }
    }
  }

  /** nextTick comes after all continuations of the answers that were just read, so their calls leave together. */
  #writeAtEndOfTurn(): void {
    if (this.#turnEnding || !this.#writable) return;
    this.#turnEnding = true;
    process.nextTick(this.#endTurn);
  }

  #write(): void {
    const state = this.#state;
    if (!this.#writable || state.kind !== "open" || this.#requests.length === 0) return;
    this.#batch++;
    if (this.#oneWays.length === 0) {
      this.#writable = state.stream.write(this.#requests.take());
      return;
    }
    const sent = this.#oneWays;
    this.#oneWays = [];
    this.#writable = state.stream.write(this.#requests.take(), () => {
      for (const call of sent) if (this.#calls.remove(call)) call.succeed(undefined);
    });
  }

  // Coming and going.

  #become(next: State): void {
    const from = this.#state.kind;
    if (!ORIGINS[next.kind].includes(from)) throw new Error(`a connection cannot go from ${from} to ${next.kind}`);
    this.#state = next;
    this.#setTimer(undefined);
    if (next.kind === "open") return;
    if (this.accepting) {
      this.accepting = false;
      this.#writable = false;
      this.#replies.stop();
      this.#owner.retired(this);
    }
    if (next.kind === "closed") this.#owner.closed(this);
  }

  #failAll(makeError: MakeError): void {
    for (const call of this.#calls.takeAll()) {
      const sent = call.batch < this.#batch;
      call.fail(() => makeError(call, sent));
    }
  }

  #activate(): void {
    this.#active = true;
    this.#lastReadMs = this.turnMs;
    const state = this.#state;
    if (state.kind === "connecting") state.connector.hold(true);
    if (state.kind === "open") {
      state.stream.ref();
      this.#startPinging();
    }
    this.#owner.activated(this);
  }

  #startPinging(): void {
    const { pingIntervalMs } = this.#client.connection;
    if (pingIntervalMs > 0) this.#pingAfter(pingIntervalMs);
    else this.#setTimer(undefined);
  }

  #pingAfter(delayMs: number): void {
    this.#setTimer(() => {
      const { pingIntervalMs } = this.#client.connection;
      const silentMs = this.#client.timers.now() - this.#lastReadMs;
      if (silentMs < pingIntervalMs) {
        this.#pingAfter(pingIntervalMs - silentMs);
        return;
      }
      this.#requests.writePing();
      this.#write();
      this.#pingAfter(pingIntervalMs);
    }, delayMs);
  }

  #startIdling(): void {
    this.#setTimer(
      () => this.close((call, sent) => lost("CONNECTION_LOST", call, this.target.address, sent, undefined)),
      this.#client.connection.maxIdleMs,
    );
  }

  /** Neither timer keeps the process alive: the stream does, while calls wait. */
  #setTimer(run: (() => void) | undefined, delayMs = 0): void {
    const { timers } = this.#client;
    if (this.#timer !== undefined) timers.clear(this.#timer);
    this.#timer = run && timers.setTimeout(run, delayMs);
    this.#timer?.unref();
  }
}

function readErrorData(session: ClientSession, call: Call, body: ByteReader): unknown {
  try {
    return session.readError(call.protocol, call.method, body);
  } catch {
    // The error itself is told all the same; only its fields are lost.
    return undefined;
  }
}
