/**
 * One fuzzing run over a list of targets. Input number `i` of a seed is always the same bytes, so a failure is repeated by
 * its seed and number alone.
 */
import { RpcError } from "../../protocol/rpc-error.js";
import { FrameLengthError } from "../../protocol/wire/frame.js";
import { Rng } from "../helpers/rng.js";
import { mutant } from "./mutator.js";
import type { Target } from "./target.js";

/** No input of at most 64 KiB may keep a decoder busy for longer. */
const SLOW_MS = 100;
const PROTOTYPES = [
  Object.prototype,
  Array.prototype,
  Function.prototype,
  String.prototype,
  Buffer.prototype,
  Error.prototype,
  Map.prototype,
];

export interface FuzzOptions {
  readonly seed: number;
  /** Number of the first input. */
  readonly first?: number;
  readonly count: number;
}

export interface FuzzReport {
  readonly inputs: number;
  /** Inputs that were decoded without an error. */
  readonly accepted: number;
  readonly elapsedMs: number;
  readonly slowest: { readonly target: string; readonly index: number; readonly ms: number };
  readonly perTarget: ReadonlyMap<string, { inputs: number; accepted: number }>;
}

/** What a run throws: which input of which target did what. */
export class FuzzFailure extends Error {
  constructor(seed: number, index: number, target: Target, input: Buffer, what: string, cause?: unknown) {
    const repeat = `--seed ${seed} --first ${index} --count 1`;
    super(
      `${target.name}: ${what}\n  repeat with ${repeat}\n  input of ${input.length} bytes: ${input.toString("hex")}`,
      { cause },
    );
    this.name = "FuzzFailure";
  }
}

/** Feeds `count` damaged inputs to the targets. Throws FuzzFailure at the first fault. */
export function fuzz(targets: readonly Target[], { seed, first = 0, count }: FuzzOptions): FuzzReport {
  const perTarget = new Map(targets.map((target) => [target.name, { inputs: 0, accepted: 0 }]));
  let slowest = { target: "", index: 0, ms: 0 };
  const prototypes = ownKeysOfPrototypes();
  const started = performance.now();
  for (let index = first; index < first + count; index++) {
    const rng = new Rng(seed * 2 ** 32 + index);
    const target = rng.pick(targets);
    const input = target.mutant?.(rng) ?? mutant(target.corpus, rng);
    const tally = perTarget.get(target.name) as { inputs: number; accepted: number };
    const before = performance.now();
    const fault = decodeOnce(target, input, index);
    if (fault instanceof Error) throw new FuzzFailure(seed, index, target, input, `threw ${String(fault)}`, fault);
    let ms = performance.now() - before;
    if (ms > slowest.ms) ms = Math.min(ms, fastestOfThree(target, input, index));
    if (ms > SLOW_MS)
      throw new FuzzFailure(seed, index, target, input, `took ${ms.toFixed(0)} ms, and as long when repeated`);
    if (ownKeysOfPrototypes() !== prototypes) throw new FuzzFailure(seed, index, target, input, "changed a prototype");
    if (ms > slowest.ms) slowest = { target: target.name, index, ms };
    tally.inputs++;
    if (fault === "accepted") tally.accepted++;
  }
  let accepted = 0;
  for (const tally of perTarget.values()) accepted += tally.accepted;
  return { inputs: count, accepted, elapsedMs: performance.now() - started, slowest, perTarget };
}

function decodeOnce(target: Target, input: Buffer, index: number): "accepted" | "refused" | Error {
  try {
    target.decode(input, new Rng(index));
    return "accepted";
  } catch (error) {
    if (error instanceof RpcError || error instanceof FrameLengthError) return "refused";
    return error instanceof Error ? error : new Error(`something that is no Error: ${String(error)}`);
  }
}

/** What the input takes by itself, without what the machine or the garbage collector did meanwhile. */
function fastestOfThree(target: Target, input: Buffer, index: number): number {
  let fastest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 3; i++) {
    const before = performance.now();
    decodeOnce(target, input, index);
    fastest = Math.min(fastest, performance.now() - before);
  }
  return fastest;
}

/** How many keys the prototypes have, together; a key that is added or removed changes it. */
function ownKeysOfPrototypes(): number {
  let count = 0;
  for (const prototype of PROTOTYPES) count += Reflect.ownKeys(prototype).length;
  return count;
}
