/**
 * What a fuzzing run damages and feeds, one target per decoder.
 */
import { ByteReader } from "../../protocol/wire/byte-reader.js";
import type { Rng } from "../helpers/rng.js";

export interface Target {
  readonly name: string;
  /** Good inputs, at least one. */
  readonly corpus: readonly Buffer[];
  /** Makes a damaged input where the general mutations would find little; without it they are applied to the corpus. */
  mutant?(rng: Rng): Buffer;
  /** Decodes the bytes. May throw RpcError or FrameLengthError; anything else is a fault. */
  decode(bytes: Buffer, rng: Rng): void;
}

/** Runs a decoder over bytes that lie between others, which it must not touch. Throws if it leaves them. */
export function within<T>(content: Buffer, decode: (reader: ByteReader) => T): T {
  const framed = Buffer.concat([Buffer.alloc(3, 0xff), content, Buffer.alloc(11, 0x01)]);
  const reader = new ByteReader(framed, 3, 3 + content.length);
  const value = decode(reader);
  if (reader.end !== 3 + content.length || reader.position > reader.end) throw new Error("a reader left its bytes");
  return value;
}
