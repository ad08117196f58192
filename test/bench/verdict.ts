/** How the measuring scripts print a figure beside its target. They never fail because of one. */

/** Prints `what: value unit (target: at most limit unit)` and whether it holds. */
export function printAtMost(what: string, value: number, limit: number, unit: string): void {
  const verdict = value <= limit ? "held" : "MISSED";
  process.stdout.write(`${what}: ${figure(value)} ${unit} (target: at most ${figure(limit)} ${unit}): ${verdict}\n`);
}

/** The same for a target that the value is to reach. */
export function printAtLeast(what: string, value: number, limit: number, unit: string): void {
  const verdict = value >= limit ? "held" : "MISSED";
  process.stdout.write(`${what}: ${figure(value)} ${unit} (target: at least ${figure(limit)} ${unit}): ${verdict}\n`);
}

/** Prints a figure that has no target. */
export function printFigure(what: string, value: number, unit: string): void {
  process.stdout.write(`${what}: ${figure(value)} ${unit}\n`);
}

function figure(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: value < 100 ? 2 : 0 });
}

/** The value that this share (0 to 1) of the values does not exceed; NaN if there are none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
