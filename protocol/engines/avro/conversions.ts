/**
 * Values of the three logical types that look different here than what they are made of.
 *
 * ```
 *   timestamp-millis   long            Date
 *   date               int             Date at 00:00 UTC of the day
 *   decimal            bytes, fixed    string of decimal digits with `scale` digits behind the point: "-12.50"
 * ```
 */
import { Misfit } from "../../misfit.js";
import type { DatumReader } from "./datum-reader.js";
import type { Logical, TypeNode } from "./type-node.js";

const MS_PER_DAY = 86_400_000;
const MAX_DATE_MS = 8.64e15;

/** Turns what was read (in the shape of the underlying type) into the value. */
export type FromRaw = (raw: unknown, from: DatumReader) => unknown;
/** Turns a value into what is written. Throws Misfit. */
export type ToRaw = (value: unknown) => unknown;

/** How a raw value becomes one of the logical type. */
export function fromRaw(logical: Logical): FromRaw {
  if (logical.name === "timestamp-millis") return (raw, from) => dateOf(Number(raw), from);
  if (logical.name === "date") return (raw, from) => dateOf((raw as number) * MS_PER_DAY, from);
  const scale = logical.scale ?? 0;
  const digits = logical.precision ?? 1;
  const maxBytes = decimalBytes(digits);
  const cost = 1 + (digits >> 4);
  return (raw, from) => {
    const bytes = raw as Uint8Array;
    // One byte may become a text of all the digits behind the point.
    from.spendObjects(cost);
    const first = bytes.length - maxBytes;
    // Bytes beyond those that `precision` digits can need may only repeat the sign; they are not worth arithmetic.
    const sign = bytes.length > 0 && (bytes[0] as number) >= 0x80 ? 0xff : 0;
    for (let i = 0; i < first; i++) if (bytes[i] !== sign) throw from.fault(`a decimal has more than ${digits} digits`);
    return decimalText(bigEndian(first > 0 ? bytes.subarray(first) : bytes), scale);
  };
}

/** How a value of the logical type becomes a raw one. `node` is the type it is made of. */
export function toRaw(logical: Logical, node: TypeNode): ToRaw {
  if (logical.name === "timestamp-millis") return (value) => BigInt(timeOf(value));
  if (logical.name === "date") return daysOf;
  const { precision = 1, scale = 0 } = logical;
  const size = node.kind === "fixed" ? node.size : undefined;
  const pattern = /^(-?)(\d+)(?:\.(\d+))?$/;
  return (value) => {
    const match = typeof value === "string" ? pattern.exec(value) : null;
    const fraction = match?.[3] ?? "";
    if (match === null || fraction.length > scale) {
      throw new Misfit(`a string of digits with at most ${scale} behind the point`, value);
    }
    const digits = `${match[2]}${fraction.padEnd(scale, "0")}`.replace(/^0+(?=\d)/, "");
    if (digits.length > precision) throw new Misfit(`a decimal of at most ${precision} digits`, value);
    return signedBytes(BigInt(`${match[1]}${digits === "" ? "0" : digits}`), size, value);
  };
}

/** Bytes that hold every decimal of so many digits. */
function decimalBytes(digits: number): number {
  return Math.ceil((digits * Math.log2(10) + 1) / 8);
}

function dateOf(ms: number, from: DatumReader): Date {
  from.spendObjects(1);
  if (Math.abs(ms) > MAX_DATE_MS) throw from.fault(`${ms} milliseconds are beyond the last Date`);
  return new Date(ms);
}

function timeOf(value: unknown): number {
  const ms = value instanceof Date ? value.getTime() : Number.NaN;
  if (Number.isNaN(ms)) throw new Misfit("a valid Date", value);
  return ms;
}

function daysOf(value: unknown): number {
  const days = timeOf(value) / MS_PER_DAY;
  if (!Number.isInteger(days)) throw new Misfit("a Date at 00:00 UTC", value);
  return days;
}

/** Two's complement, big-endian; through hexadecimal digits, since shifting in byte by byte takes time by the square. */
function bigEndian(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length <= 6) return BigInt(buffer.readIntBE(0, bytes.length));
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${buffer.toString("hex")}`));
}

function decimalText(unscaled: bigint, scale: number): string {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, "0");
  const point = digits.length - scale;
  const text = scale === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
  return unscaled < 0n ? `-${text}` : text;
}

/** Two's complement, big-endian: the shortest, or of `size` bytes. */
function signedBytes(unscaled: bigint, size: number | undefined, value: unknown): Uint8Array {
  let length = 1;
  while (BigInt.asIntN(length * 8, unscaled) !== unscaled) length++;
  if (size !== undefined && length > size) throw new Misfit(`a decimal of ${size} bytes`, value);
  const bytes = new Uint8Array(size ?? length);
  let rest = unscaled;
  for (let i = bytes.length - 1; i >= 0; i--) {
    bytes[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}
