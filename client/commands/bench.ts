/** `hrpc bench ADDR PROTOCOL[@VERSION] METHOD [JSON]...`: the same call again and again, for a while. */
import { createHistogram } from "node:perf_hooks";
import { table } from "../terminal/table.js";
import { prepareCall } from "./call.js";
import type { CallTarget, CommandContext } from "./command.js";

export interface BenchOptions {
  /** Calls that are kept in flight, a whole number from 1. */
  readonly inFlight: number;
  /** How long new calls are begun, more than 0. */
  readonly seconds: number;
}

/** The first call that fails ends the run, and its error is the command's. */
export async function bench(context: CommandContext, target: CallTarget, options: BenchOptions): Promise<string> {
  const { run, settle } = await prepareCall(context, target);
  // What only a first call costs, such as connecting and telling a schema, is not measured.
  await run();
  const latencies = createHistogram();
  const startMs = performance.now();
  const endMs = startMs + options.seconds * 1000;
  let calls = 0;
  const worker = async (): Promise<void> => {
    let sentMs = startMs;
    do {
      await run();
      const answeredMs = performance.now();
      latencies.record(Math.max(1, Math.round((answeredMs - sentMs) * 1000)));
      calls++;
      sentMs = answeredMs;
    } while (sentMs < endMs);
  };
  await Promise.all(Array.from({ length: options.inFlight }, worker));
  await settle();
  const row = {
    inFlight: options.inFlight,
    calls,
    callsPerSecond: Math.round((calls * 1000) / (performance.now() - startMs)),
    p50Micros: latencies.percentile(50),
    p99Micros: latencies.percentile(99),
  };
  return context.json ? JSON.stringify(row) : table([row]);
}
