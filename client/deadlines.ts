/**
 * What watches over the calls of a client: one wheel for their deadlines, one listener per AbortSignal, and one timer that
 * turns the wheel and looks which connections have come to rest. The timer runs only while there is something to watch
 * and never keeps the process alive: a connection with calls does that.
 */
import { DeadlineWheel } from "../protocol/deadline-wheel.js";
import type { Call, CallGuard } from "./call.js";
import type { Timer, Timers } from "./timers.js";

/** What is looked at every tick until it is at rest. */
export interface Settling {
  /** True when it is at rest. */
  settle(): boolean;
}

export class Deadlines implements CallGuard {
  readonly #timers: Timers;
  readonly #wheel = new DeadlineWheel<Call>();
  readonly #busy = new Set<Settling>();
  /** Calls by their signal, in no order. Weak, so that no table is left behind when signals come and go with calls. */
  readonly #waiting = new WeakMap<AbortSignal, Call[]>();
  #timer: Timer | undefined;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** The call is given up at `deadlineMs`, by the clock of the timers. */
  addDeadline(call: Call, deadlineMs: number): void {
    this.#wheel.add(call, deadlineMs);
    if (this.#timer === undefined) this.#start();
  }

  /** The call is given up when the signal is aborted, which it is not yet. */
  addSignal(call: Call, signal: AbortSignal): void {
    let calls = this.#waiting.get(signal);
    if (calls === undefined) {
      calls = [];
      this.#waiting.set(signal, calls);
    }
    if (calls.length === 0) signal.addEventListener("abort", this.#onAbort);
    call.signalIndex = calls.push(call) - 1;
  }

  /** Asks `settling` every tick whether it is at rest. */
  addBusy(settling: Settling): void {
    this.#busy.add(settling);
    if (this.#timer === undefined) this.#start();
  }

  release(call: Call): void {
    this.#wheel.remove(call);
    const signal = call.options?.signal;
    if (signal !== undefined) this.#removeSignal(call, signal);
  }

  /** Stops the timer. Calls are not settled by this. */
  stop(): void {
    if (this.#timer !== undefined) this.#timers.clear(this.#timer);
    this.#timer = undefined;
    this.#busy.clear();
  }

  readonly #onAbort = (event: Event): void => {
    const signal = event.target as AbortSignal;
    // A call that is given up leaves the list, so this goes over a copy.
    for (const call of [...(this.#waiting.get(signal) ?? [])]) {
      call.connection?.giveUp(call, { code: "CALL_CANCELLED", cause: signal.reason });
    }
  };

  #removeSignal(call: Call, signal: AbortSignal): void {
    const calls = this.#waiting.get(signal);
    if (calls === undefined || call.signalIndex < 0) return;
    const last = calls.pop();
    if (last !== undefined && last !== call) {
      calls[call.signalIndex] = last;
      last.signalIndex = call.signalIndex;
    }
    call.signalIndex = -1;
    if (calls.length === 0) signal.removeEventListener("abort", this.#onAbort);
  }

  #start(): void {
    this.#timer = this.#timers.setInterval(this.#tick, this.#wheel.tickMs);
    this.#timer.unref();
  }

  readonly #tick = (): void => {
    this.#wheel.advance(this.#timers.now(), giveUpLate);
    for (const settling of this.#busy) if (settling.settle()) this.#busy.delete(settling);
    if (this.#wheel.size === 0 && this.#busy.size === 0) this.stop();
  };
}

function giveUpLate(call: Call): void {
  call.connection?.giveUp(call, { code: "CALL_TIMED_OUT" });
}
