/** Arguments of the bench. */
import { parseArgs } from "node:util";
import { SYSTEM_NAMES, type SystemName } from "./system.js";

export interface BenchOptions {
  readonly systems: readonly SystemName[];
  readonly payloads: readonly number[];
  readonly inFlights: readonly number[];
  readonly connections: readonly number[];
  readonly rounds: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
  /** No round is begun that would, by the length of the last one, end later than this after the start of the first. */
  readonly budgetMs: number;
  /** Servers on the first core and clients on the second (Linux, by taskset). */
  readonly pin: boolean;
  readonly json: boolean;
}

export const USAGE = `Usage: npm run bench -- [--quick] [--json] [--pin] [--systems a,b] [--payload 64,1024] [--in-flight 1,64]
                       [--connections 1] [--rounds N] [--ms N]
  systems: ${SYSTEM_NAMES.join(", ")}
  --in-flight counts the calls of all connections together; --ms is the measured time of one slice;
  --pin keeps servers on one core and clients on another (Linux).`;

/** Reads the arguments; throws an Error whose message names the wrong one. */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      pin: { type: "boolean", default: false },
      systems: { type: "string", default: SYSTEM_NAMES.join(",") },
      payload: { type: "string", default: "64,1024,65536" },
      "in-flight": { type: "string", default: "1,64,1024" },
      connections: { type: "string", default: "1" },
      rounds: { type: "string" },
      ms: { type: "string" },
    },
  });
  const measureMs = parseNumber("--ms", values.ms ?? (values.quick ? "110" : "700"), 10, 60_000);
  return {
    systems: values.systems.split(",").map(parseSystem),
    payloads: parseNumbers("--payload", values.payload, 1, 1_048_576),
    inFlights: parseNumbers("--in-flight", values["in-flight"], 1, 16_384),
    connections: parseNumbers("--connections", values.connections, 1, 1_024),
    rounds: parseNumber("--rounds", values.rounds ?? (values.quick ? "3" : "5"), 1, 1_000),
    warmUpMs: values.quick ? 30 : 200,
    measureMs,
    budgetMs: values.quick ? 28_000 : 600_000,
    pin: values.pin,
    json: values.json,
  };
}

function parseSystem(text: string): SystemName {
  const name = SYSTEM_NAMES.find((known) => known === text.trim());
  if (name === undefined) throw new Error(`--systems: "${text}" is none of ${SYSTEM_NAMES.join(", ")}`);
  return name;
}

function parseNumbers(option: string, text: string, min: number, max: number): number[] {
  return text.split(",").map((part) => parseNumber(option, part, min, max));
}

function parseNumber(option: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new Error(`${option}: "${text}" is not a whole number from ${min} to ${max}`);
}
