/**
 * Stage 2: turns the bytes of connections into calls.
 *
 * ```
 *   7 bytes preamble, then frames:
 *     call id -33   authentication        only on a connection opened with SASL, until it is over
 *     call id -3    connection context    once, before any call
 *     call id -4    ping                  any time, never answered
 *     call id >= 0  a call                after the context
 * ```
 * A reader takes a bounded number of frames from a connection before the others have their turn. What breaks the rules of
 * the wire is answered as Hadoop answers it (ipc/Server.java processOneRpc and its callees; wire sections 2 to 5).
 */
import type { AuthMethod, NegotiationStep, ServerNegotiation } from "../protocol/auth-method.js";
import { RPC_KIND_NAMES, type RpcKind } from "../protocol/definition.js";
import type { ServerSession } from "../protocol/engine.js";
import { publish } from "../protocol/events.js";
import { JAVA_CLASS, RpcError } from "../protocol/rpc-error.js";
import { ByteReader } from "../protocol/wire/byte-reader.js";
import { readConnectionContext } from "../protocol/wire/connection-context.js";
import { FrameLengthError } from "../protocol/wire/frame.js";
import { PREAMBLE_BYTES, parsePreamble } from "../protocol/wire/preamble.js";
import {
  CALL_ID,
  NO_RETRY_COUNT,
  RequestHeader,
  RPC_OPERATIONS,
  readRequestHeader,
} from "../protocol/wire/request-header.js";
import { readSaslMessage, type SaslMessage } from "../protocol/wire/sasl-message.js";
import { ServerCall } from "./call.js";
import type { Clock } from "./clock.js";
import { type Connection, type ConnectionDeadlines, PAUSE } from "./connection.js";
import type { UserAccount } from "./user-accounts.js";

export interface ReaderOptions {
  readonly framesPerTurn: number;
  /** Longest frame of an open connection, in bytes (`ipc.maximum.data.length`). */
  readonly maxFrameLength: number;
  /** A frame begun must be whole within this, plus the time its bytes may take at `minFrameRate`. */
  readonly frameTimeoutMs: number;
  /** Bytes per second. */
  readonly minFrameRate: number;
  readonly authMethod: AuthMethod;
  /** The engine's session for a new connection; undefined if the server serves nothing of the kind. */
  readonly openSession: (kind: RpcKind) => ServerSession | undefined;
  /** Calls that wait for a handler now. */
  readonly waiting: () => number;
  /**
   * Hands a call on; false if it waits outside a full queue, until `admitted` is called for it. A call that is refused is over;
   * what its caller is to be told comes back.
   */
  readonly submit: (call: ServerCall) => boolean | RpcError;
  /** Hands a call on that was accepted before: it may have to wait, and is not refused. */
  readonly resubmit: (call: ServerCall) => boolean;
  /** All calls of this turn were handed on. */
  readonly submitted: () => void;
  /** Why a call of this connection is not taken; undefined if it is. */
  readonly refusal: (connection: Connection) => RpcError | undefined;
  /** Finds the account of a user, "" for one without a name; throws RpcError if the user has too many connections. */
  readonly openAccount: (name: string) => UserAccount;
  /** More bytes of requests are held than allowed. */
  readonly memoryFull: () => void;
  readonly responder: {
    refuseCall(connection: Connection, callId: number, clientId: Uint8Array, retryCount: number, error: RpcError): void;
    refuseConnection(connection: Connection, callId: number, retryCount: number, error: RpcError): void;
    respondSasl(connection: Connection, message: SaslMessage): void;
  };
  readonly deadlines: ConnectionDeadlines;
  readonly clock: Pick<Clock, "now" | "soon">;
}

export class Reader {
  readonly #options: ReaderOptions;
  readonly #cursor = new ByteReader();
  readonly #header = new RequestHeader();
  /** Connections with frames left over from their last turn. */
  #ready: Connection[] = [];
  readonly #takeTurns = () => this.#runReady();

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  /** Reads a new connection from now on. */
  add(connection: Connection): void {
    connection.stream.on("data", (chunk) => {
      if (connection.over) return;
      connection.lastContactMs = this.#options.clock.now();
      connection.counters.receivedBytes += chunk.length;
      connection.decoder.push(chunk);
      this.#turn(connection);
    });
  }

  /** A call of this connection that waited outside is in the queue. */
  admitted(connection: Connection): void {
    this.#goOn(connection, PAUSE.queue);
  }

  /** The peer does not read its answers: it is not read either, until it has. */
  backlogged(connection: Connection): void {
    connection.pause(PAUSE.backlog);
  }

  /** The peer read its answers: the connection may be read again. */
  drained(connection: Connection): void {
    if (connection.over || !connection.backlogged) return;
    this.#goOn(connection, PAUSE.backlog);
    for (const call of connection.takeHeld()) this.#options.resubmit(call);
    this.#options.submitted();
  }

  #goOn(connection: Connection, reason: number): void {
    if (connection.over || (connection.paused & reason) === 0) return;
    this.#later(connection);
    connection.unpause(reason);
  }

  /** Gives the connection another turn after the event loop has seen to the others. */
  #later(connection: Connection): void {
    if ((connection.paused & PAUSE.turn) !== 0) return;
    connection.pause(PAUSE.turn);
    if (this.#ready.push(connection) === 1) this.#options.clock.soon(this.#takeTurns);
  }

  #runReady(): void {
    const ready = this.#ready;
    this.#ready = [];
    for (const connection of ready) {
      connection.unpause(PAUSE.turn);
      if (!connection.over) this.#turn(connection);
    }
  }

  /** Takes up to a turn's number of frames from one connection. */
  #turn(connection: Connection): void {
    let budget = this.#options.framesPerTurn;
    const mustWait = this.#options.waiting() > 0;
    while (connection.paused === 0 && this.#step(connection, mustWait)) {
      if (--budget === 0) {
        this.#later(connection);
        break;
      }
    }
    if (!connection.over) {
      this.#watchFrame(connection);
      connection.countReceived();
    }
    if (connection.memory.used > connection.memory.max) this.#options.memoryFull();
    this.#options.submitted();
  }

  /** Handles the next message of the connection; false if it is not whole yet or the connection is over. */
  #step(connection: Connection, mustWait: boolean): boolean {
    const { decoder } = connection;
    try {
      if (connection.state.kind === "preamble") return this.#readPreamble(connection);
      if (!decoder.next()) return false;
    } catch (error) {
      // Without a word, as Hadoop closes (ipc/Server.java doRead): where the next frame begins is not known.
      connection.refuse(error instanceof FrameLengthError ? error.message : ownFault(error), NOTHING);
      return false;
    }
    connection.frameStartMs = undefined;
    const { buffer, start, end } = decoder;
    if (mustWait && (end - start) * 4 < buffer.length) {
      // A small frame that waits in the queue must not keep a large chunk alive.
      this.#cursor.reset(Buffer.from(buffer.subarray(start, end)), 0, end - start);
    } else {
      this.#cursor.reset(buffer, start, end);
    }
    this.#readFrame(connection);
    return !connection.over;
  }

  #readPreamble(connection: Connection): boolean {
    const bytes = connection.decoder.take(PREAMBLE_BYTES);
    if (bytes === undefined) return false;
    const preamble = parsePreamble(bytes);
    if (preamble.kind === "refused") {
      connection.refuse(preamble.reason, preamble.answer);
      return false;
    }
    connection.serviceClass = preamble.serviceClass;
    if (preamble.auth === "none") connection.enter({ kind: "context" });
    else connection.enter({ kind: "sasl", negotiation: this.#options.authMethod.openServer() });
    return true;
  }

  /** Reads one frame, which lies under the cursor. Every fault is answered; nothing is thrown. */
  #readFrame(connection: Connection): void {
    const header = this.#header;
    header.expectedClientId = connection.clientId;
    try {
      readRequestHeader(this.#cursor, header);
    } catch (thrown) {
      const error = decodingFault("RpcRequestHeaderProto", thrown);
      this.#options.responder.refuseConnection(connection, CALL_ID.authorizationFailed, NO_RETRY_COUNT, error);
      return;
    }
    try {
      checkHeader(header);
      if (header.callId < 0) this.#readOutOfBand(connection, header);
      else this.#readCall(connection, header);
    } catch (thrown) {
      const error = RpcError.from(thrown, "FATAL_DESERIALIZING_REQUEST");
      if (error.fatal) this.#options.responder.refuseConnection(connection, header.callId, header.retryCount, error);
      else this.#refuseCall(connection, header, error);
    }
  }

  #readCall(connection: Connection, header: RequestHeader): void {
    const { state } = connection;
    if (state.kind !== "open") throw invalidHeader("Connection context not established");
    const kind = header.rpcKind as RpcKind;
    const session = connection.session(kind) ?? this.#openSession(connection, kind);
    const request = session.readRequest(this.#cursor, state.protocol);
    const refusal = this.#options.refusal(connection);
    if (refusal !== undefined) {
      // Nobody waits for the answer of a one-way call, and an answer that is not awaited breaks its connection.
      if (request.method.oneWay) return;
      throw refusal;
    }
    const clientId = connection.keepClientId(header.clientId);
    const call = new ServerCall(connection, request, header.callId, header.retryCount, clientId);
    call.callerContext = header.callerContext;
    if (header.timeoutMs !== undefined) call.deadline = connection.lastContactMs + header.timeoutMs;
    call.holdBytes(connection.decoder.end - connection.decoder.start);
    connection.addCall(call);
    const outcome = this.#options.submit(call);
    if (outcome === false) connection.pause(PAUSE.queue);
    else if (outcome !== true) this.#tellRefused(call, header, outcome);
  }

  #tellRefused({ connection, request }: ServerCall, header: RequestHeader, error: RpcError): void {
    if (error.fatal) this.#options.responder.refuseConnection(connection, header.callId, header.retryCount, error);
    // Nobody waits for the answer of a one-way call; only the end of its connection can tell its caller.
    else if (!request.method.oneWay) this.#refuseCall(connection, header, error);
  }

  #openSession(connection: Connection, kind: RpcKind): ServerSession {
    const session = this.#options.openSession(kind);
    if (session === undefined) throw invalidHeader(`Unknown rpc kind in rpc header${RPC_KIND_NAMES[kind]}`);
    connection.addSession(kind, session);
    return session;
  }

  #refuseCall(connection: Connection, header: RequestHeader, error: RpcError): void {
    const clientId = connection.keepClientId(header.clientId);
    this.#options.responder.refuseCall(connection, header.callId, clientId, header.retryCount, error);
  }

  #readOutOfBand(connection: Connection, header: RequestHeader): void {
    switch (header.callId) {
      case CALL_ID.ping:
        if (header.cancelCallId !== undefined) connection.cancelCall(header.cancelCallId);
        return;
      case CALL_ID.connectionContext:
        this.#readContext(connection);
        return;
      case CALL_ID.sasl:
        this.#readSasl(connection);
        return;
      default:
        throw invalidHeader(`Unknown out of band call #${header.callId}`);
    }
  }

  #readContext(connection: Connection): void {
    const { state } = connection;
    if (state.kind === "sasl") throw invalidHeader("Connection header sent during SASL negotiation");
    if (state.kind !== "context") throw invalidHeader("Connection context already processed");
    const context = decoding("IpcConnectionContextProto", () => readConnectionContext(this.#cursor));
    const { effectiveUser, realUser } = context;
    if (effectiveUser !== undefined) {
      if (realUser !== undefined) {
        // No hadoop.proxyuser rule can be given to this server yet, so nobody may act for another.
        connection.counters.rpcAuthorizationFailures++;
        const reason = `User: ${realUser} is not allowed to impersonate ${effectiveUser}`;
        this.#audit(
          connection,
          "authorization",
          `${effectiveUser} (auth:PROXY) via ${realUser}`,
          context.protocol,
          reason,
        );
        throw new RpcError("FATAL_UNAUTHORIZED", reason, { javaClass: JAVA_CLASS.authorization });
      }
      connection.user = { name: effectiveUser, authMethod: this.#options.authMethod.name };
      this.#audit(connection, "authentication", effectiveUser, context.protocol, "");
    }
    connection.account = this.#options.openAccount(effectiveUser ?? "");
    connection.counters.rpcAuthorizationSuccesses++;
    connection.enter({ kind: "open", protocol: context.protocol ?? "" });
    connection.decoder.maxLength = this.#options.maxFrameLength;
    this.#options.deadlines.remove(connection);
  }

  #readSasl(connection: Connection): void {
    const { state } = connection;
    if (state.kind !== "sasl") throw invalidHeader("SASL protocol not requested by client");
    const message = decoding("RpcSaslProto", () => readSaslMessage(this.#cursor));
    const step = this.#negotiate(connection, state.negotiation, message);
    this.#options.responder.respondSasl(connection, step.reply);
    if (step.switchToSimple) connection.enter({ kind: "context" });
  }

  /** Takes a step of a negotiation; one that fails is counted (Hadoop: ipc/Server.java saslProcess). */
  #negotiate(connection: Connection, negotiation: ServerNegotiation, message: SaslMessage): NegotiationStep {
    try {
      return negotiation.receive(message);
    } catch (thrown) {
      connection.counters.rpcAuthenticationFailures++;
      this.#audit(connection, "authentication", undefined, undefined, RpcError.from(thrown).message);
      throw thrown;
    }
  }

  /** Tells who was let in, or, with a reason, who was not. */
  #audit(
    connection: Connection,
    decision: "authentication" | "authorization",
    user: string | undefined,
    protocol: string | undefined,
    reason: string,
  ): void {
    publish("hrpcd:security:audit", () => ({
      decision,
      granted: reason === "",
      peer: connection.peer,
      user,
      authMethod: this.#options.authMethod.name,
      protocol: protocol ?? "",
      reason,
    }));
  }

  /** Keeps a deadline on a frame that has begun and is not whole, unless it is us who do not read. */
  #watchFrame(connection: Connection): void {
    if (connection.state.kind !== "open") return;
    const { deadlines, frameTimeoutMs, clock } = this.#options;
    const receiving = connection.paused === 0 && connection.decoder.buffered > 0;
    if (!receiving) {
      if (connection.frameStartMs === undefined) return;
      connection.frameStartMs = undefined;
      deadlines.remove(connection);
    } else if (connection.frameStartMs === undefined) {
      // Not the time of the last bytes: the frame may have waited, through no fault of the peer, until it was read again.
      connection.frameStartMs = clock.now();
      deadlines.add(connection, connection.frameStartMs + frameTimeoutMs);
    }
  }

  /** The connection's deadline has come: a slow frame that arrives fast enough gets more time, all else is over. */
  expired(connection: Connection): void {
    const { deadlines, frameTimeoutMs, minFrameRate, clock } = this.#options;
    if (connection.over) {
      connection.destroy("the peer did not close");
      return;
    }
    if (connection.state.kind !== "open") {
      giveUp(connection, `no connection context came in time (state ${connection.state.kind})`);
      return;
    }
    const startMs = connection.frameStartMs;
    if (startMs === undefined) return;
    const allowedMs = startMs + frameTimeoutMs + (connection.decoder.buffered / minFrameRate) * 1000;
    if (clock.now() < allowedMs) {
      deadlines.add(connection, allowedMs);
      return;
    }
    giveUp(connection, `a frame was not whole in time (${connection.decoder.buffered} bytes of it came)`);
  }
}

const NOTHING = Buffer.alloc(0);

/** Ends the connection of a peer that is too slow; it is told as refused, since an operator looks for such peers. */
function giveUp(connection: Connection, reason: string): void {
  publish("hrpcd:connection:refused", () => ({ peer: connection.peer, reason }));
  connection.destroy(reason);
}

/** What is told of an error that no peer can cause; the stack is for whoever mends it. */
function ownFault(thrown: unknown): string {
  return `a fault of this server: ${thrown instanceof Error ? thrown.stack : RpcError.from(thrown).message}`;
}

/** The checks that every frame passes before its call id means anything, in Hadoop's order. */
function checkHeader(header: RequestHeader): void {
  if (header.rpcOp === -1) throw invalidHeader(" IPC Server: No rpc op in rpcRequestHeader");
  if (header.rpcOp !== 0) {
    throw invalidHeader(`IPC Server does not implement rpc header operation${RPC_OPERATIONS[header.rpcOp]}`);
  }
  if (header.rpcKind === -1) throw invalidHeader(" IPC Server: No rpc kind in rpcRequestHeader");
}

function invalidHeader(message: string): RpcError {
  return new RpcError("FATAL_INVALID_RPC_HEADER", message);
}

/** Runs a decoder of a protocol message; its fault is put the way Hadoop puts it. */
function decoding<T>(messageType: string, decode: () => T): T {
  try {
    return decode();
  } catch (thrown) {
    throw decodingFault(messageType, thrown);
  }
}

function decodingFault(messageType: string, thrown: unknown): RpcError {
  const cause = RpcError.from(thrown, "BAD_BYTES");
  const message = `Error decoding ${messageType}: ${cause.javaClass}: ${cause.message}`;
  return new RpcError("FATAL_DESERIALIZING_REQUEST", message, { cause });
}
