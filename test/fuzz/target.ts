/**
 * What a fuzzing run damages and feeds, one target per decoder.
 */
import type { Rng } from "../helpers/rng.js";

export interface Target {
  readonly name: string;
  /** Good inputs, at least one. */
  readonly corpus: readonly Buffer[];
  /** Decodes the bytes. May throw RpcError or FrameLengthError; anything else is a fault. */
  decode(bytes: Buffer, rng: Rng): void;
}
