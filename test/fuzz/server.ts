/**
 * `npm run fuzz:server -- --count 100000 --seed 1`: damaged connections for a whole server, which runs in a process of its own.
 *
 * Prints what it did, or what broke and the connections that were open then, and exits with 1.
 */
import { parseArgs } from "node:util";
import { fuzzServer, ServerFuzzFailure } from "./server-run.js";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
    first: { type: "string", default: "0" },
    concurrency: { type: "string", default: "64" },
  },
});
try {
  const report = await fuzzServer({
    seed: Number(values.seed),
    first: Number(values.first),
    count: Number(values.count),
    concurrency: Number(values.concurrency),
    hangMs: 100,
  });
  const rate = Math.round((report.inputs / report.elapsedMs) * 1000);
  console.log(
    `${report.inputs} connections, ${rate} per second, seed ${values.seed}; ${report.answered} were answered; no fault`,
  );
  console.log(`${report.goodCalls} good clients were served between them`);
  console.log(
    `server: event loop late by at most ${report.longestDelayMs.toFixed(0)} ms, of which busy ${report.longestBusyMs.toFixed(0)} ms; ` +
      `${(report.residentBytes / 2 ** 20).toFixed(0)} MiB resident at the end`,
  );
} catch (error) {
  if (!(error instanceof ServerFuzzFailure)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
