/**
 * One accepted connection: what is known of its peer, the calls it has in flight, and why it is not being read.
 *
 * ```
 *   preamble --> context --> open --> closing --> closed
 *        '-----> sasl ---^                 (an answer is still to be written)
 * ```
 */
import type { ServerNegotiation } from "../protocol/auth-method.js";
import { type Deadlined, NO_SLOT } from "../protocol/deadline-wheel.js";
import type { RpcKind } from "../protocol/definition.js";
import type { ServerSession } from "../protocol/engine.js";
import { publish } from "../protocol/events.js";
import type { ByteWriter } from "../protocol/wire/byte-writer.js";
import { FrameDecoder } from "../protocol/wire/frame.js";
import type { ServerCall, User } from "./call.js";
import { RequestMemory } from "./request-memory.js";
import { RpcCounters } from "./rpc-counters.js";
import { strangerAccount, type UserAccount } from "./user-accounts.js";

/** The bytes of a connection: the part of net.Socket that the server uses. */
export interface ByteStream {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
  readonly writableLength: number;
  write(bytes: Uint8Array): boolean;
  end(bytes: Uint8Array): unknown;
  pause(): unknown;
  resume(): unknown;
  destroy(): unknown;
  on(event: "data", listener: (chunk: Buffer) => void): unknown;
  on(event: "end" | "close" | "drain", listener: () => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
}

/** Where deadlines of connections and calls are kept. */
export interface ConnectionDeadlines {
  add(entry: Connection | ServerCall, deadlineMs: number): void;
  /** Adds a deadline this many milliseconds from now. */
  addIn(entry: Connection | ServerCall, delayMs: number): void;
  remove(entry: Connection | ServerCall): void;
}

/** How long a peer that was turned away may take to read its answer and close. */
const LINGER_MS = 1000;

export type ConnectionState =
  | { readonly kind: "preamble" }
  | { readonly kind: "sasl"; readonly negotiation: ServerNegotiation }
  | { readonly kind: "context" }
  | { readonly kind: "open"; readonly protocol: string }
  | { readonly kind: "closing" }
  | { readonly kind: "closed" };

/** Which states a connection may come from, by the state it enters. */
const ENTERED_FROM: Readonly<Record<ConnectionState["kind"], readonly ConnectionState["kind"][]>> = {
  preamble: [],
  sasl: ["preamble"],
  context: ["preamble", "sasl"],
  open: ["context"],
  closing: ["preamble", "sasl", "context", "open"],
  closed: ["preamble", "sasl", "context", "open", "closing"],
};

/** Why a connection is not read; several may hold at once. */
export const PAUSE = {
  /** Frames wait for the reader's next turn. */
  turn: 1,
  /** A call of it waits for room in the call queue. */
  queue: 2,
  /** The peer does not read its answers. */
  backlog: 4,
} as const;

export class Connection implements Deadlined {
  readonly stream: ByteStream;
  readonly decoder: FrameDecoder;
  readonly deadlines: ConnectionDeadlines;
  /** Where the stages count what they do for this connection: one object for all of a server's. */
  readonly counters: RpcCounters;
  readonly remoteAddress: string;
  readonly remotePort: number;
  user: User | undefined = undefined;
  /** Where its calls are counted; its user's once the context has come. */
  account: UserAccount = strangerAccount();
  /** Bytes of requests that are held for it, and where they are counted with those of others. */
  requestBytes = 0;
  readonly memory: RequestMemory;
  /** Bytes that were ever written to the stream. */
  sentBytes = 0;
  /** From the preamble, -128 to 127; the calls show it. */
  serviceClass = 0;
  /** What is being written this turn; borrowed by the responder. */
  out: ByteWriter | undefined = undefined;
  /** Time of the last bytes read, in milliseconds of the server's clock. */
  lastContactMs: number;
  /** Why this side ended the connection; empty when the peer left. */
  closeReason = "";
  /** When the frame being received began; undefined between frames. */
  frameStartMs: number | undefined = undefined;

  deadlineMs = 0;
  deadlineSlot = NO_SLOT;
  deadlinePrevious: Deadlined | undefined = undefined;
  deadlineNext: Deadlined | undefined = undefined;

  #state: ConnectionState = { kind: "preamble" };
  #paused = 0;
  #sessions: Map<RpcKind, ServerSession> | undefined = undefined;
  #clientId: Buffer = EMPTY;
  #firstCall: ServerCall | undefined = undefined;
  #callCount = 0;
  /** The calls by their ids; made when the peer first cancels one, and kept until none is in flight. */
  #callsById: Map<number, ServerCall> | undefined = undefined;
  /** What of `requestBytes` the decoder holds. */
  #receivedBytes = 0;
  /** `sentBytes` when an unread answer was last looked for, and when that was; undefined while all has left. */
  #mark: { readonly bytes: number; readonly ms: number } | undefined = undefined;
  #held: ServerCall[] | undefined = undefined;

  constructor(
    stream: ByteStream,
    deadlines: ConnectionDeadlines,
    maxHandshakeLength: number,
    nowMs: number,
    memory: RequestMemory = new RequestMemory(Number.POSITIVE_INFINITY),
    counters: RpcCounters = new RpcCounters(),
  ) {
    this.stream = stream;
    this.memory = memory;
    this.deadlines = deadlines;
    this.counters = counters;
    this.decoder = new FrameDecoder(maxHandshakeLength);
    this.remoteAddress = stream.remoteAddress ?? "unknown";
    this.remotePort = stream.remotePort ?? 0;
    this.lastContactMs = nowMs;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Changes the state. A change that the drawing above does not show is a fault of ours. */
  enter(state: ConnectionState): void {
    if (!ENTERED_FROM[state.kind].includes(this.#state.kind)) {
      throw new Error(`a connection cannot go from ${this.#state.kind} to ${state.kind}`);
    }
    this.#state = state;
  }

  /** Nothing more is read from the peer, and no answer of a call is written to it. */
  get over(): boolean {
    return this.#state.kind === "closing" || this.#state.kind === "closed";
  }

  /** "address:port" of the peer, for log lines. */
  get peer(): string {
    return `${this.remoteAddress}:${this.remotePort}`;
  }

  /** The engine's memory of this connection; undefined before the first call of its kind. */
  session(kind: RpcKind): ServerSession | undefined {
    return this.#sessions?.get(kind);
  }

  addSession(kind: RpcKind, session: ServerSession): void {
    this.#sessions ??= new Map();
    this.#sessions.set(kind, session);
  }

  /** The id of the client that called last. */
  get clientId(): Buffer {
    return this.#clientId;
  }

  /** A client id of a frame as calls may keep it: the one above if it is that, else a copy that replaces it. */
  keepClientId(inFrame: Buffer): Buffer {
    if (inFrame !== this.#clientId) this.#clientId = Buffer.from(inFrame);
    return this.#clientId;
  }

  /** Reasons (PAUSE) for which the connection is not read now. */
  get paused(): number {
    return this.#paused;
  }

  pause(reason: number): void {
    if (this.#paused === 0) this.stream.pause();
    this.#paused |= reason;
  }

  /** Takes back one reason; the stream flows again when none is left. */
  unpause(reason: number): void {
    if ((this.#paused & reason) === 0) return;
    this.#paused &= ~reason;
    if (this.#paused === 0 && !this.over) this.stream.resume();
  }

  /** The peer does not read its answers: calls of it are held back, lest their answers pile up. */
  get backlogged(): boolean {
    return (this.#paused & PAUSE.backlog) !== 0;
  }

  /** Keeps a call until the peer reads its answers again. */
  hold(call: ServerCall): void {
    this.#held ??= [];
    this.#held.push(call);
  }

  /** The calls that were held back, in order; they are held no more. */
  takeHeld(): readonly ServerCall[] {
    const held = this.#held ?? [];
    this.#held = undefined;
    return held;
  }

  /** Calls that were read and not yet answered. */
  get callCount(): number {
    return this.#callCount;
  }

  addCall(call: ServerCall): void {
    call.next = this.#firstCall;
    if (this.#firstCall !== undefined) this.#firstCall.previous = call;
    this.#firstCall = call;
    this.#callCount++;
    this.account.calls++;
    if (this.#callsById !== undefined) this.#callsById.set(call.id, call);
  }

  removeCall(call: ServerCall): void {
    if (call.previous === undefined) this.#firstCall = call.next;
    else call.previous.next = call.next;
    if (call.next !== undefined) call.next.previous = call.previous;
    call.previous = undefined;
    call.next = undefined;
    this.#callCount--;
    this.account.calls--;
    if (this.#callsById !== undefined) this.#forget(call, this.#callsById);
  }

  #forget(call: ServerCall, callsById: Map<number, ServerCall>): void {
    if (this.#callCount === 0) this.#callsById = undefined;
    else if (callsById.get(call.id) === call) callsById.delete(call.id);
  }

  /** The caller gave up this call. Of several with one id, which only a faulty peer sends, it is the latest. */
  cancelCall(id: number): void {
    this.#callsById ??= this.#indexCalls();
    this.#callsById.get(id)?.cancel("the caller gave up");
  }

  /** Most peers never cancel: they do not pay for a map. Who does pays for it once, and not for each cancellation. */
  #indexCalls(): Map<number, ServerCall> {
    const callsById = new Map<number, ServerCall>();
    for (let call = this.#firstCall; call !== undefined; call = call.next) {
      if (!callsById.has(call.id)) callsById.set(call.id, call);
    }
    return callsById;
  }

  /** Bytes of a request are held for this connection, or, below zero, no longer. */
  holdBytes(bytes: number): void {
    this.requestBytes += bytes;
    this.memory.used += bytes;
  }

  /** Enters what the decoder holds now. */
  countReceived(): void {
    const { held } = this.decoder;
    if (held === this.#receivedBytes) return;
    this.holdBytes(held - this.#receivedBytes);
    this.#receivedBytes = held;
  }

  /** Since when an answer waits to leave, in milliseconds, as far as calls of this method can tell; undefined if none waits. */
  unreadSince(nowMs: number): number | undefined {
    const unsent = this.stream.writableLength;
    if (unsent === 0) this.#mark = undefined;
    else if (this.#mark === undefined || this.sentBytes - unsent >= this.#mark.bytes) {
      this.#mark = { bytes: this.sentBytes, ms: nowMs };
    }
    return this.#mark?.ms;
  }

  /**
   * Turns the peer away with a last answer: `bytes` are written, what the peer still sends is read and thrown away, so that
   * the answer is not lost to a reset, and the connection ends when the peer closes or the caller destroys it.
   */
  refuse(reason: string, bytes: Uint8Array): void {
    if (this.over) return;
    publish("hrpcd:connection:refused", () => ({ peer: this.peer, reason }));
    this.#close(reason, bytes);
  }

  /**
   * Ends the connection once what was written to it has left, `lastBytes` behind it. With such bytes it ends when the peer
   * closes or the caller destroys it, lest a reset eat them.
   */
  end(reason: string, lastBytes: Uint8Array = EMPTY): void {
    if (this.over) return;
    if (this.stream.writableLength + lastBytes.length === 0) this.destroy(reason);
    else this.#close(reason, lastBytes);
  }

  #close(reason: string, lastBytes: Uint8Array): void {
    this.enter({ kind: "closing" });
    this.closeReason = reason;
    this.#abandonCalls(reason);
    this.counters.sentBytes += lastBytes.length;
    this.stream.end(lastBytes);
    this.stream.resume();
    this.deadlines.addIn(this, LINGER_MS);
  }

  /** Ends the connection at once. Doing it twice is fine. */
  destroy(reason: string): void {
    if (this.#state.kind === "closed") return;
    this.enter({ kind: "closed" });
    this.#abandonCalls(reason === "" ? "the client is gone" : reason);
    this.#sessions = undefined;
    this.deadlines.remove(this);
    // A connection that was turned away keeps that reason, whoever closes it in the end.
    if (this.closeReason === "") this.closeReason = reason;
    this.stream.destroy();
  }

  #abandonCalls(reason: string): void {
    this.decoder.clear();
    this.countReceived();
    while (this.#firstCall !== undefined) this.#firstCall.cancel(reason);
  }
}

const EMPTY = Buffer.alloc(0);
