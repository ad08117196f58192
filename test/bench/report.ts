/** Medians of the rounds, as a table for people and as JSON for programs. */
import { arch, cpus, platform, release, totalmem } from "node:os";
import type { Cell, Measurement } from "./measure.js";
import type { SystemName } from "./system.js";

/** One line of the result: medians over the rounds. */
export interface Result extends Cell, Measurement {
  readonly system: SystemName;
}

/** One system's rounds in one cell. */
export interface Rounds extends Cell {
  readonly system: SystemName;
  readonly measurements: Measurement[];
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly node: string;
  readonly os: string;
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memoryBytes: totalmem(),
    node: process.version,
    os: `${platform()} ${release()} ${arch()}`,
  };
}

/** The middle value, or the mean of the two in the middle; NaN if there is none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle] as number;
  return ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

export function resultOf(rounds: Rounds): Result {
  const { measurements, ...cell } = rounds;
  return {
    ...cell,
    callsPerSecond: Math.round(median(measurements.map((round) => round.callsPerSecond))),
    p50Micros: rounded(median(measurements.map((round) => round.p50Micros))),
    p99Micros: rounded(median(measurements.map((round) => round.p99Micros))),
  };
}

function rounded(micros: number): number {
  return Math.round(micros * 10) / 10;
}

/**
 * The table: one line per system and cell. The last columns are medians of the ratios that each round gave, rate and p50
 * over those of the raw echo in the same round; they are missing where the raw echo was not measured.
 */
export function renderTable(rows: readonly Rounds[]): string {
  const lines = [["payload", "in flight", "conns", "system", "calls/s", "p50 µs", "p99 µs", "rate/raw", "p50/raw"]];
  for (const row of rows) {
    const result = resultOf(row);
    const raw = rows.find((other) => other.system === "raw" && sameCell(other, row));
    lines.push([
      String(row.payloadBytes),
      String(row.inFlight),
      String(row.connections),
      row.system,
      result.callsPerSecond.toLocaleString("en-US"),
      result.p50Micros.toFixed(1),
      result.p99Micros.toFixed(1),
      ratio(row, raw, (round) => round.callsPerSecond),
      ratio(row, raw, (round) => round.p50Micros),
    ]);
  }
  return inColumns(lines, 3);
}

/** Lines of cells as text; columns are as wide as they must be and flushed right, but for the one of this index. */
export function inColumns(lines: readonly (readonly string[])[], leftColumn: number): string {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => (line[column] ?? "").length)));
  return lines
    .map((line) => line.map((cell, column) => pad(cell, widths[column] ?? 0, column === leftColumn)).join("  "))
    .join("\n");
}

function pad(text: string, width: number, left: boolean): string {
  return left ? text.padEnd(width) : text.padStart(width);
}

function sameCell(a: Cell, b: Cell): boolean {
  return a.payloadBytes === b.payloadBytes && a.inFlight === b.inFlight && a.connections === b.connections;
}

function ratio(row: Rounds, raw: Rounds | undefined, pick: (round: Measurement) => number): string {
  if (raw === undefined) return "";
  const ratios = row.measurements.map((round, index) => pick(round) / pick(raw.measurements[index] as Measurement));
  const value = median(ratios);
  return Number.isNaN(value) ? "" : value.toFixed(3);
}
