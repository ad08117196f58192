/** Keeps a number of calls in flight for a while and counts what comes back. Runs in the client's process. */
import { LatencyHistogram } from "./latency-histogram.js";
import type { EchoConnection, EchoSystem } from "./system.js";

/** One cell of the bench's table. */
export interface Cell {
  readonly payloadBytes: number;
  /** Calls in flight over all connections together. */
  readonly inFlight: number;
  readonly connections: number;
}

export interface Slice extends Cell {
  readonly port: number;
  /** Time that goes by before anything is counted. */
  readonly warmUpMs: number;
  /** Time that is counted; up to five times as long if fewer calls than are in flight came back in it. */
  readonly measureMs: number;
}

export interface Measurement {
  readonly callsPerSecond: number;
  readonly p50Micros: number;
  readonly p99Micros: number;
}

const MAX_STRETCH = 5;
/** A slice that takes this much longer than it should has hung. */
const HANG_MS = 15_000;

/** Measures one cell on connections of its own. Rejects if any call fails or comes back with something else. */
export async function measure(system: Pick<EchoSystem, "connect">, slice: Slice): Promise<Measurement> {
  const connections: EchoConnection[] = [];
  const load = new Load(slice, connections);
  try {
    for (let index = 0; index < slice.connections; index++) {
      connections.push(
        await system.connect({
          port: slice.port,
          payloadBytes: slice.payloadBytes,
          slots: slice.inFlight,
          onEcho: load.onEcho,
          onFault: load.onFault,
        }),
      );
    }
    await load.open();
    return await load.run();
  } finally {
    await Promise.all(connections.map((connection) => connection.close()));
  }
}

/** The calls of one slice: warming up, then counted, then awaited. */
class Load {
  readonly #slice: Slice;
  readonly #connections: readonly EchoConnection[];
  readonly #started: Float64Array;
  readonly #histogram = new LatencyHistogram();
  #phase: "opening" | "warm-up" | "measuring" | "draining" = "opening";
  #phaseStart = 0;
  #elapsedMs = 0;
  #live = 0;
  #opened: (nothing: unknown) => void = () => {};
  #resolve: (measurement: Measurement) => void = () => {};
  #reject: (fault: unknown) => void = () => {};

  constructor(slice: Slice, connections: readonly EchoConnection[]) {
    this.#slice = slice;
    this.#connections = connections;
    this.#started = new Float64Array(slice.inFlight);
  }

  /** One call on each connection, so that handshakes are over when the load begins. */
  async open(): Promise<void> {
    for (const connection of this.#connections) {
      await new Promise<unknown>((resolve, reject) => {
        this.#opened = resolve;
        this.#reject = reject;
        connection.call(0);
      });
    }
  }

  run(): Promise<Measurement> {
    return new Promise((resolve, reject) => {
      const { warmUpMs, measureMs, inFlight } = this.#slice;
      const expectedMs = warmUpMs + MAX_STRETCH * measureMs;
      const timer = setTimeout(() => this.#reject(new Error("the slice hangs")), expectedMs + HANG_MS);
      this.#resolve = (measurement) => {
        clearTimeout(timer);
        resolve(measurement);
      };
      this.#reject = (fault) => {
        clearTimeout(timer);
        reject(fault);
      };
      this.#phase = "warm-up";
      this.#phaseStart = performance.now();
      this.#live = inFlight;
      for (let slot = 0; slot < inFlight; slot++) this.#send(slot, performance.now());
    });
  }

  readonly onFault = (fault: unknown): void => this.#reject(fault);

  readonly onEcho = (slot: number): void => {
    const now = performance.now();
    if (this.#phase === "measuring") {
      this.#histogram.record(now - (this.#started[slot] as number));
      this.#endMeasuring(now);
    } else if (this.#phase === "warm-up" && now - this.#phaseStart >= this.#slice.warmUpMs) {
      this.#phase = "measuring";
      this.#phaseStart = now;
    }
    if (this.#phase === "opening") this.#opened(undefined);
    else if (this.#phase === "draining") this.#drain();
    else this.#send(slot, now);
  };

  #send(slot: number, now: number): void {
    this.#started[slot] = now;
    (this.#connections[slot % this.#connections.length] as EchoConnection).call(slot);
  }

  #endMeasuring(now: number): void {
    const elapsed = now - this.#phaseStart;
    const { measureMs, inFlight } = this.#slice;
    if (elapsed < measureMs) return;
    if (this.#histogram.count < inFlight && elapsed < MAX_STRETCH * measureMs) return;
    this.#elapsedMs = elapsed;
    this.#phase = "draining";
  }

  #drain(): void {
    this.#live--;
    if (this.#live > 0) return;
    this.#resolve({
      callsPerSecond: (this.#histogram.count / this.#elapsedMs) * 1_000,
      p50Micros: this.#histogram.percentile(0.5),
      p99Micros: this.#histogram.percentile(0.99),
    });
  }
}
