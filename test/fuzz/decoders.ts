/**
 * `npm run fuzz -- --count 1000000 --seed 1`: damaged bytes for every decoder.
 *
 * Prints what it did, or the input that broke something, and then exits with 1.
 */
import { parseArgs } from "node:util";
import { ALL_TARGETS } from "./all-targets.js";
import { FuzzFailure, fuzz } from "./run.js";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "1000000" },
    seed: { type: "string", default: "1" },
    first: { type: "string", default: "0" },
    target: { type: "string" },
  },
});
const targets = ALL_TARGETS.filter(({ name }) => values.target === undefined || name === values.target);
if (targets.length === 0) {
  console.error(`no target ${values.target}; there are ${ALL_TARGETS.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}
try {
  const report = fuzz(targets, { seed: Number(values.seed), first: Number(values.first), count: Number(values.count) });
  for (const [name, { inputs, accepted }] of report.perTarget) {
    console.log(
      `${name.padEnd(24)} ${String(inputs).padStart(9)} inputs, ${String(accepted).padStart(9)} decoded, the others refused`,
    );
  }
  const rate = Math.round((report.inputs / report.elapsedMs) * 1000);
  const { slowest } = report;
  console.log(`${report.inputs} inputs, ${rate} per second, seed ${values.seed}; no fault`);
  console.log(`slowest: ${slowest.ms.toFixed(2)} ms, ${slowest.target}, --first ${slowest.index} --count 1`);
} catch (error) {
  if (!(error instanceof FuzzFailure)) throw error;
  console.error(error.message);
  console.error(error.cause);
  process.exitCode = 1;
}
