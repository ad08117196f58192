/**
 * The server of a fuzzing run, in a process of its own so that a crash or a hang is seen from outside.
 *
 * Sends its port when it listens and a ServerReport for every message it gets; ends when its parent does.
 */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { createServer } from "../../daemon/index.js";
import greeter from "../../daemon/services/greeter.js";
import { FUZZED_SERVICES } from "./engine-targets.js";

export interface ServerReport {
  readonly connections: number;
  readonly residentBytes: number;
  /** Longest time for which the event loop did not come round, whatever the reason. */
  readonly longestDelayMs: number;
  /** The same, counting only what this process spent on the processor meanwhile: a busy machine is no hang. */
  readonly longestBusyMs: number;
}

const TICK_MS = 10;

const server = await createServer({ port: 0, services: [...greeter, ...FUZZED_SERVICES] }).start();
const delay = monitorEventLoopDelay({ resolution: TICK_MS });
delay.enable();
let longestBusyMs = 0;
let lastTick = performance.now();
let lastUsage = process.cpuUsage();
setInterval(() => {
  const now = performance.now();
  const { user, system } = process.cpuUsage(lastUsage);
  longestBusyMs = Math.max(longestBusyMs, Math.min(now - lastTick, (user + system) / 1000) - TICK_MS);
  lastTick = now;
  lastUsage = process.cpuUsage();
}, TICK_MS);

process.on("message", () => {
  const report: ServerReport = {
    connections: server.connectionCount,
    residentBytes: process.memoryUsage().rss,
    longestDelayMs: delay.max / 1e6,
    longestBusyMs,
  };
  process.send?.(report);
});
process.on("disconnect", () => process.exit(0));
process.send?.(server.port);
