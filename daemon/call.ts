/**
 * A call on its way through the server, and what its handler sees of it.
 */
import { type Deadlined, NO_SLOT } from "../protocol/deadline-wheel.js";
import type { ServerRequest } from "../protocol/engine.js";
import { RpcError } from "../protocol/rpc-error.js";
import type { CallerContext } from "../protocol/wire/request-header.js";
import type { Connection } from "./connection.js";
import type { LockTimes, LockUse } from "./processing-details.js";

/** The user that a connection's calls run as. */
export interface User {
  readonly name: string;
  /** How the user proved who they are: "SIMPLE" means not at all. */
  readonly authMethod: string;
}

/** What a handler knows of the call it serves: its last argument. */
export interface Call {
  /** Undefined if the peer named no user. */
  readonly user: User | undefined;
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** Unique among the calls of one client, 0 to 2^31 - 1. */
  readonly id: number;
  /** How often the client has tried this call before; 0 at first. */
  readonly retryCount: number;
  /** The sixteen bytes that name the client. Share no memory with the wire. */
  readonly clientId: Uint8Array;
  readonly callerContext: CallerContext | undefined;
  /** The class of service that the client asked for when it connected, -128 to 127; 0 unless it asked (Hadoop: ipc/Server.java). */
  readonly serviceClass: number;
  /** When the caller stops waiting, in milliseconds of the server's clock (`performance.now()`); undefined if it did not say. */
  readonly deadline: number | undefined;
  /** Aborted when the client is gone, gave up, or the deadline has passed. Made when first asked for. */
  readonly signal: AbortSignal;
  readonly protocolName: string;
  readonly protocolVersion: number;
  readonly methodName: string;
  /** The level that the scheduler gave the call; 0 is served first (Hadoop: ipc/Server.java getPriorityLevel). */
  readonly priorityLevel: number;
  /**
   * Says that the method waited for a lock, or held one with others or alone, for so many milliseconds. A
   * WeightedTimeCostProvider counts such time by weights of its own, and the log of slow calls tells it apart
   * (Hadoop: ipc/ProcessingDetails.java).
   */
  addLockTime(use: LockUse, ms: number): void;
}

export class ServerCall implements Call, Deadlined {
  readonly connection: Connection;
  /** Without its body once the call was cancelled before it ran. */
  request: ServerRequest;
  readonly id: number;
  readonly retryCount: number;
  readonly clientId: Buffer;
  callerContext: CallerContext | undefined = undefined;
  deadline: number | undefined = undefined;
  priorityLevel = 0;
  /** When its last bytes were read, in milliseconds of the server's clock. */
  readonly receivedMs: number;
  /** How long it waited outside of a full queue. */
  outsideMs = 0;
  /** What the method said of its locks; undefined if nothing. */
  locks: LockTimes | undefined = undefined;
  /** Bytes of its frame. */
  bytes = 0;
  /** The answer was sent, or nobody wants it any more. */
  settled = false;

  /** Neighbours in the connection's list of calls in flight. */
  previous: ServerCall | undefined = undefined;
  next: ServerCall | undefined = undefined;

  deadlineMs = 0;
  deadlineSlot = NO_SLOT;
  deadlinePrevious: Deadlined | undefined = undefined;
  deadlineNext: Deadlined | undefined = undefined;

  #controller: AbortController | undefined = undefined;
  /** What of `bytes` is counted with its connection. */
  #heldBytes = 0;

  constructor(connection: Connection, request: ServerRequest, id: number, retryCount: number, clientId: Buffer) {
    this.connection = connection;
    this.request = request;
    this.id = id;
    this.retryCount = retryCount;
    this.clientId = clientId;
    this.receivedMs = connection.lastContactMs;
  }

  get user(): User | undefined {
    return this.connection.user;
  }

  get remoteAddress(): string {
    return this.connection.remoteAddress;
  }

  get remotePort(): number {
    return this.connection.remotePort;
  }

  get serviceClass(): number {
    return this.connection.serviceClass;
  }

  get protocolName(): string {
    return this.request.protocol.name;
  }

  get protocolVersion(): number {
    return this.request.protocol.version;
  }

  get methodName(): string {
    return this.request.method.name;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.settled) this.#controller.abort(cancelled("the call is over"));
      else if (this.deadline !== undefined) this.connection.deadlines.add(this, this.deadline);
    }
    return this.#controller.signal;
  }

  addLockTime(use: LockUse, ms: number): void {
    if (!(ms >= 0 && ms <= Number.MAX_SAFE_INTEGER)) {
      throw new RpcError("BAD_ARGUMENT", `the time of a lock must be milliseconds, 0 or more, got ${ms}`);
    }
    this.locks ??= { wait: 0, shared: 0, exclusive: 0 };
    this.locks[use] += ms;
  }

  /** The caller no longer waits: whoever serves the call is told, and no answer will be sent. */
  cancel(reason: string): void {
    if (this.settled) return;
    this.#settle();
    this.request = new BodilessRequest(this.request);
    this.#controller?.abort(cancelled(reason));
  }

  /** Counts the bytes of its frame as held until it runs or is over. */
  holdBytes(bytes: number): void {
    this.bytes = bytes;
    this.#heldBytes = bytes;
    this.connection.holdBytes(bytes);
  }

  /** Counts them no more. */
  releaseBytes(): void {
    if (this.#heldBytes === 0) return;
    this.connection.holdBytes(-this.#heldBytes);
    this.#heldBytes = 0;
  }

  /** The answer is about to be sent. */
  finish(): void {
    if (!this.settled) this.#settle();
  }

  #settle(): void {
    this.settled = true;
    if (this.deadlineSlot !== NO_SLOT) this.connection.deadlines.remove(this);
    this.connection.removeCall(this);
    this.releaseBytes();
  }
}

/** What stays of the request of a call that is cancelled, and may be in the queue for long: its name, and none of its bytes. */
class BodilessRequest implements ServerRequest {
  readonly protocol: ServerRequest["protocol"];
  readonly method: ServerRequest["method"];
  readonly handler: ServerRequest["handler"];

  constructor({ protocol, method, handler }: ServerRequest) {
    this.protocol = protocol;
    this.method = method;
    this.handler = handler;
  }

  readArguments(): unknown[] {
    throw cancelled("the call was cancelled");
  }

  writeResult(): void {}

  writeError(): void {}
}

function cancelled(reason: string): RpcError {
  return new RpcError("CALL_CANCELLED", reason);
}
