/** `hrpc bench ADDR PROTOCOL[@VERSION] METHOD [JSON]...`: the same call again and again, for a while. */
import { createHistogram } from "node:perf_hooks";
import type { CallTarget, CommandContext } from "../command.js";
import { table } from "../table.js";
import { prepareCall } from "./call.js";

export interface BenchOptions {
  /** Calls that are kept in flight, at least 1. */
  readonly inFlight: number;
  readonly seconds: number;
}

export async function bench(context: CommandContext, target: CallTarget, options: BenchOptions): Promise<string> {
  const run = await prepareCall(context, target);
  await run();
  const latencies = createHistogram();
  const startMs = performance.now();
  const endMs = startMs + options.seconds * 1000;
  let calls = 0;
  const worker = async (): Promise<void> => {
    for (let sentMs = performance.now(); sentMs < endMs; ) {
      await run();
      const answeredMs = performance.now();
      latencies.record(Math.max(1, Math.round((answeredMs - sentMs) * 1000)));
      calls++;
      sentMs = answeredMs;
    }
  };
  await Promise.all(Array.from({ length: options.inFlight }, worker));
  const row = {
    inFlight: options.inFlight,
    calls,
    callsPerSecond: Math.round((calls * 1000) / (performance.now() - startMs)),
    p50Micros: latencies.percentile(50),
    p99Micros: latencies.percentile(99),
  };
  return context.json ? JSON.stringify(row) : table([row]);
}
