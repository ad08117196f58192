/**
 * Damages byte sequences the way that finds faults in decoders: a little, and at the places that decoders look at.
 */
import type { Rng } from "../helpers/rng.js";

/** Numbers at which lengths, counts and signs go wrong. */
const INTERESTING = [
  0,
  1,
  2,
  3,
  4,
  7,
  8,
  15,
  16,
  31,
  63,
  64,
  100,
  127,
  128,
  129,
  255,
  256,
  1023,
  1024,
  4095,
  16_383,
  16_384,
  32_767,
  32_768,
  65_535,
  65_536,
  2_097_151,
  2_097_152,
  50_000_000,
  2 ** 27,
  2 ** 27 + 1,
  2 ** 28,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 53,
  -1,
  -2,
  -3,
  -4,
  -33,
  -112,
  -113,
  -120,
  -121,
  -128,
  -(2 ** 31),
];
const INTERESTING_TEXT = ["__proto__", "constructor", "toString", "hasOwnProperty", "java.lang.String", "\ud800", "\0"];
/** A sequence is not grown beyond this, so that the size of the input never explains a slow call. */
const MAX_BYTES = 64 * 1024;

type Mutation = (bytes: Buffer, rng: Rng, corpus: readonly Buffer[]) => Buffer;

function replaced(bytes: Buffer, start: number, end: number, middle: Uint8Array): Buffer {
  return Buffer.concat([bytes.subarray(0, start), middle, bytes.subarray(end)]);
}

function varint(value: number): Buffer {
  const digits: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 128n; rest >>= 7n) digits.push(Number(rest & 127n) | 128);
  digits.push(Number(rest));
  return Buffer.from(digits);
}

function fixed(value: number, size: number): Buffer {
  const word = Buffer.alloc(8);
  word.writeBigInt64BE(BigInt.asIntN(64, BigInt(value)));
  return word.subarray(8 - size);
}

function slice(bytes: Buffer, rng: Rng): readonly [start: number, end: number] {
  const start = rng.below(bytes.length + 1);
  return [start, Math.min(bytes.length, start + rng.below(rng.pick([2, 5, 17, 65, 1025])))];
}

const MUTATIONS: readonly Mutation[] = [
  function flipBit(bytes, rng) {
    const copy = Buffer.from(bytes);
    const at = rng.below(bytes.length);
    copy[at] = (copy[at] ?? 0) ^ (1 << rng.below(8));
    return copy;
  },
  function setByte(bytes, rng) {
    const copy = Buffer.from(bytes);
    copy[rng.below(bytes.length)] = rng.chance(0.5) ? rng.below(256) : rng.pick(INTERESTING) & 0xff;
    return copy;
  },
  function stepByte(bytes, rng) {
    const copy = Buffer.from(bytes);
    const at = rng.below(bytes.length);
    copy[at] = (copy[at] ?? 0) + rng.between(-3, 3);
    return copy;
  },
  function truncate(bytes, rng) {
    return bytes.subarray(0, rng.below(bytes.length + 1));
  },
  function dropHead(bytes, rng) {
    return bytes.subarray(rng.below(Math.min(bytes.length, 16) + 1));
  },
  function removeSlice(bytes, rng) {
    return replaced(bytes, ...slice(bytes, rng), Buffer.alloc(0));
  },
  function repeatSlice(bytes, rng) {
    const [start, end] = slice(bytes, rng);
    const piece = bytes.subarray(start, end);
    const times = rng.chance(0.1) ? rng.below(200) : rng.between(1, 3);
    return replaced(bytes, end, end, Buffer.concat(Array<Buffer>(times).fill(piece)));
  },
  function insertVarint(bytes, rng) {
    const at = rng.below(bytes.length + 1);
    return replaced(bytes, at, rng.chance(0.5) ? at : at + 1, varint(rng.pick(INTERESTING)));
  },
  function insertOverlongVarint(bytes, rng) {
    const at = rng.below(bytes.length + 1);
    return replaced(bytes, at, at, Buffer.alloc(rng.between(1, 12), 0x80 | rng.below(128)));
  },
  function setFixed(bytes, rng) {
    const size = rng.pick([2, 4, 8]);
    const at = rng.below(bytes.length + 1);
    return replaced(bytes, at, rng.chance(0.8) ? at + size : at, fixed(rng.pick(INTERESTING), size));
  },
  function insertText(bytes, rng) {
    const text = Buffer.from(rng.pick(INTERESTING_TEXT));
    const at = rng.below(bytes.length + 1);
    const length = rng.pick([
      varint(text.length),
      varint(2 * text.length),
      fixed(text.length, 2),
      fixed(text.length, 4),
    ]);
    return replaced(bytes, at, rng.chance(0.5) ? at : at + text.length, Buffer.concat([length, text]));
  },
  function insertNoise(bytes, rng) {
    const at = rng.below(bytes.length + 1);
    return replaced(bytes, at, at, rng.bytes(rng.between(1, 32)));
  },
  function splice(bytes, rng, corpus) {
    const other = rng.pick(corpus);
    return Buffer.concat([bytes.subarray(0, rng.below(bytes.length + 1)), other.subarray(rng.below(other.length + 1))]);
  },
  function insertOther(bytes, rng, corpus) {
    const other = rng.pick(corpus);
    const at = rng.below(bytes.length + 1);
    return replaced(bytes, at, at, other.subarray(...slice(other, rng)));
  },
];

/** One to eight mutations of one of the corpus's sequences; the corpus is not changed. */
export function mutant(corpus: readonly Buffer[], rng: Rng): Buffer {
  let bytes = rng.pick(corpus);
  const count = rng.chance(0.7) ? rng.between(1, 2) : rng.between(3, 8);
  for (let i = 0; i < count; i++) {
    if (bytes.length === 0) bytes = rng.bytes(rng.between(1, 8));
    bytes = rng.pick(MUTATIONS)(bytes, rng, corpus);
    if (bytes.length > MAX_BYTES) bytes = bytes.subarray(0, MAX_BYTES);
  }
  return Buffer.from(bytes);
}
