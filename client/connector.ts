/**
 * Gets one open stream to an address, trying again as the `ipc.client.connect.*` settings say: after a timeout at once,
 * after another error when a pause is over. The name is resolved anew for each attempt.
 *
 * Hadoop: ipc/Client.java setupConnection, handleConnectionTimeout, handleConnectionFailure.
 */
import type { RpcError } from "../protocol/rpc-error.js";
import type { Address } from "./address.js";
import type { ByteStream } from "./byte-stream.js";
import { type ConnectFailure, connectError, connectFailureOf } from "./connect-error.js";
import type { ClientRecord } from "./options.js";
import type { Timer } from "./timers.js";

/** Whom a stream is opened for, and who hears of it afterwards. */
export interface ConnectorOwner {
  onOpen(stream: ByteStream): void;
  onData(chunk: Buffer): void;
  onDrain(): void;
  /** The open stream, or one that `stop` broke off, is gone. */
  onClose(error: Error | undefined): void;
  /** No stream could be opened, and no further attempt follows. The error may be made any number of times. */
  onFailed(makeError: () => RpcError): void;
  /** Whether anybody still waits for the stream; if nobody does, a failed attempt is the last. */
  isWanted(): boolean;
}

interface Attempt {
  readonly stream: ByteStream;
  readonly timer: Timer;
  /** It took too long; how its stream closes is of no interest. */
  timedOut: boolean;
}

type State =
  | { readonly kind: "attempting"; readonly attempt: Attempt }
  | { readonly kind: "pausing"; readonly timer: Timer }
  | { readonly kind: "done" };

const DONE: State = { kind: "done" };

export class Connector {
  readonly #address: Address;
  readonly #client: ClientRecord;
  readonly #owner: ConnectorOwner;
  #state: State = DONE;
  #held = false;
  #attempts = 0;
  #timeouts = 0;
  #errors = 0;
  #last: ConnectFailure | undefined;

  constructor(address: Address, client: ClientRecord, owner: ConnectorOwner) {
    this.#address = address;
    this.#client = client;
    this.#owner = owner;
  }

  /** Why the last attempt failed, in words; undefined while none has. */
  get trouble(): string | undefined {
    return this.#last?.advice;
  }

  /** Begins; to be called once. */
  start(): void {
    this.#attempt();
  }

  /** Whether connecting keeps the process alive; at first it does not. */
  hold(held: boolean): void {
    this.#held = held;
    const state = this.#state;
    if (state.kind === "attempting") applyHold(state.attempt.stream, held);
    else if (state.kind === "pausing") applyHold(state.timer, held);
  }

  /** Stops trying. True if a stream is on its way down, and `onClose` will follow. */
  stop(): boolean {
    const state = this.#state;
    this.#state = DONE;
    if (state.kind === "attempting") {
      this.#client.timers.clear(state.attempt.timer);
      state.attempt.stream.destroy();
      return true;
    }
    if (state.kind === "pausing") this.#client.timers.clear(state.timer);
    return false;
  }

  #attempt(): void {
    const { connection, connect, timers } = this.#client;
    this.#attempts++;
    const stream = connect(this.#address, connection.noDelay, {
      connected: () => {
        if (this.#finish(attempt)) this.#owner.onOpen(stream);
      },
      received: (chunk) => this.#owner.onData(chunk),
      drained: () => this.#owner.onDrain(),
      closed: (error) => {
        if (attempt.timedOut) return;
        if (this.#finish(attempt)) this.#failed(connectFailureOf(error));
        else this.#owner.onClose(error);
      },
    });
    // What is waited for is the stream, which keeps the process alive itself if it may.
    const timer = timers.setTimeout(() => this.#timeOut(attempt), connection.connectTimeoutMs);
    timer.unref();
    const attempt: Attempt = { stream, timer, timedOut: false };
    this.#state = { kind: "attempting", attempt };
    applyHold(stream, this.#held);
  }

  #timeOut(attempt: Attempt): void {
    if (!this.#finish(attempt)) return;
    attempt.timedOut = true;
    attempt.stream.destroy();
    this.#failed({
      timedOut: true,
      final: false,
      advice: "the server did not accept a connection in time",
      cause: undefined,
    });
  }

  /** Ends the attempt; false if it had ended already. */
  #finish(attempt: Attempt): boolean {
    if (this.#state.kind !== "attempting" || this.#state.attempt !== attempt) return false;
    this.#client.timers.clear(attempt.timer);
    this.#state = DONE;
    return true;
  }

  #failed(failure: ConnectFailure): void {
    const { connection, timers } = this.#client;
    this.#last = failure;
    const triesLeft = failure.timedOut
      ? this.#timeouts++ < connection.connectMaxRetriesOnTimeouts
      : this.#errors++ < connection.connectMaxRetries;
    if (failure.final || !triesLeft || !this.#owner.isWanted()) {
      const attempts = this.#attempts;
      this.#owner.onFailed(() => connectError(this.#address, failure, attempts, connection.connectTimeoutMs));
    } else if (failure.timedOut) {
      this.#attempt();
    } else {
      // Somebody waits, so the pause keeps the process alive until `hold` says otherwise.
      const timer = timers.setTimeout(() => this.#attempt(), connection.connectRetryIntervalMs);
      this.#state = { kind: "pausing", timer };
    }
  }
}

function applyHold(holder: { ref(): unknown; unref(): unknown }, held: boolean): void {
  if (held) holder.ref();
  else holder.unref();
}
