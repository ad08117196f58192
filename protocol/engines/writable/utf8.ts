/**
 * Hadoop's UTF8 class: the strings of Invocation and ObjectWritable (Hadoop: io/UTF8.java).
 *
 * ```
 *   | length in bytes uint16 | bytes |
 * ```
 * Every UTF-16 unit is encoded for itself (CESU-8): 1 byte up to 7F, 2 up to 7FF, else 3. So a character beyond U+FFFF
 * takes six bytes, a lone surrogate survives, and NUL is a single 00.
 */
import { isAscii, isUtf8 } from "node:buffer";
import { RpcError } from "../../rpc-error.js";
import type { ByteReader } from "../../wire/byte-reader.js";
import { ByteWriter } from "../../wire/byte-writer.js";
import { need } from "./need.js";

/**
 * UTF-16 units in the longest string that Java writes (0xffff / 3). Java cuts a longer one and only logs it; we refuse it,
 * because nothing may be lost in silence.
 */
export const MAX_UTF8_CHARS = 21_845;

/** Up to this length a loop over the units is quicker than a call into the runtime. */
const SHORT_CHARS = 24;
const SHORT_BYTES = 128;
const SURROGATE = /[\ud800-\udfff]/;

/** Writes length and bytes. Throws BAD_ARGUMENT for a string of more than `MAX_UTF8_CHARS` units. */
export function writeUtf8String(text: string, out: ByteWriter): void {
  const chars = text.length;
  if (chars > MAX_UTF8_CHARS) {
    throw new RpcError(
      "BAD_ARGUMENT",
      `must be a string of at most ${MAX_UTF8_CHARS} characters (Java would cut it there in silence), got ${chars}`,
    );
  }
  out.ensure(2 + 3 * chars);
  const start = out.position + 2;
  const end = chars <= SHORT_CHARS ? writeShort(text, out.buffer, start) : writeLong(text, out.buffer, start);
  out.buffer.writeUInt16BE(end - start, out.position);
  out.position = end;
}

function writeShort(text: string, buffer: Buffer, start: number): number {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) return writeUnits(text, i, buffer, start + i);
    buffer[start + i] = unit;
  }
  return start + text.length;
}

/** UTF-8 and CESU-8 are the same for a text without surrogates, and the runtime's UTF-8 is fast. */
function writeLong(text: string, buffer: Buffer, start: number): number {
  const written = buffer.write(text, start, "utf8");
  if (written === text.length || !SURROGATE.test(text)) return start + written;
  return writeUnits(text, 0, buffer, start);
}

function writeUnits(text: string, from: number, buffer: Buffer, start: number): number {
  let at = start;
  for (let i = from; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit <= 0x7f) {
      buffer[at++] = unit;
    } else if (unit <= 0x7ff) {
      buffer[at++] = 0xc0 | (unit >> 6);
      buffer[at++] = 0x80 | (unit & 0x3f);
    } else {
      buffer[at++] = 0xe0 | (unit >> 12);
      buffer[at++] = 0x80 | ((unit >> 6) & 0x3f);
      buffer[at++] = 0x80 | (unit & 0x3f);
    }
  }
  return at;
}

/** Length and bytes of a name that is written again and again. */
export function encodeUtf8String(text: string): Buffer {
  const out = new ByteWriter(2 + 3 * text.length);
  writeUtf8String(text, out);
  return out.take();
}

/**
 * Reads length and bytes. Takes four-byte sequences too (as a surrogate pair), and does not look at the top bits of
 * continuation bytes: both as Hadoop does. Throws BAD_BYTES.
 */
export function readUtf8String(reader: ByteReader): string {
  need(reader, 2, "a string's length");
  const length = reader.readUint16();
  need(reader, length, "a string");
  const start = reader.position;
  const end = start + length;
  const buffer = reader.buffer;
  reader.position = end;
  if (onlyAscii(buffer, start, end)) return buffer.toString("latin1", start, end);
  return isUtf8(buffer.subarray(start, end)) ? buffer.toString("utf8", start, end) : readUnits(buffer, start, end);
}

/** Goes past length and bytes, whatever the bytes are. Throws BAD_BYTES. */
export function skipUtf8String(reader: ByteReader): void {
  need(reader, 2, "a string's length");
  const length = reader.readUint16();
  need(reader, length, "a string");
  reader.position += length;
}

function onlyAscii(buffer: Buffer, start: number, end: number): boolean {
  if (end - start > SHORT_BYTES) return isAscii(buffer.subarray(start, end));
  let bits = 0;
  for (let i = start; i < end; i++) bits |= buffer[i] as number;
  return bits < 0x80;
}

/** Number of bytes of the sequence that a lead byte opens; 0 for a byte that opens none. */
function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xc0) return 0;
  if (lead < 0xe0) return 2;
  if (lead < 0xf0) return 3;
  return lead < 0xf8 ? 4 : 0;
}

function readUnits(buffer: Buffer, start: number, end: number): string {
  const units = Buffer.allocUnsafe(2 * (end - start));
  let size = 0;
  for (let at = start; at < end; ) {
    const lead = buffer[at] as number;
    const length = sequenceLength(lead);
    if (length === 0) throw badUtf8("Invalid", buffer, at, Math.min(at + 6, end));
    if (at + length > end) throw badUtf8("Truncated", buffer, at, end);
    const unit = readSequence(buffer, at, length, lead);
    at += length;
    if (length < 4) {
      size = units.writeUInt16LE(unit & 0xffff, size);
    } else {
      size = units.writeUInt16LE(highSurrogate(unit), size);
      size = units.writeUInt16LE(0xdc00 + (unit & 0x3ff), size);
    }
  }
  return units.toString("utf16le", 0, size);
}

function readSequence(buffer: Buffer, at: number, length: number, lead: number): number {
  if (length === 1) return lead;
  const second = (buffer[at + 1] as number) & 0x3f;
  if (length === 2) return ((lead & 0x1f) << 6) | second;
  const third = (buffer[at + 2] as number) & 0x3f;
  if (length === 3) return ((lead & 0x0f) << 12) | (second << 6) | third;
  return ((lead & 0x07) << 18) | (second << 12) | (third << 6) | ((buffer[at + 3] as number) & 0x3f);
}

/** Java casts to char, so that a code point out of Unicode's range wraps around instead of failing. */
function highSurrogate(codePoint: number): number {
  return (0xd7c0 + (codePoint >> 10)) & 0xffff;
}

function badUtf8(what: string, buffer: Buffer, from: number, to: number): RpcError {
  return new RpcError("BAD_BYTES", `${what} UTF8 at ${buffer.toString("hex", from, to)}`);
}
