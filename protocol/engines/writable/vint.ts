/**
 * Hadoop's VInt and VLong: big-endian integers of one to nine bytes (Hadoop: io/WritableUtils.java).
 *
 * ```
 *   -112 .. 127            | the value |
 *   positive, n bytes      | -112 - n  | n bytes, no leading zeros |      n is 1 to 8
 *   negative, n bytes      | -120 - n  | n bytes of the one's complement |
 * ```
 */
import { RpcError } from "../../rpc-error.js";
import type { ByteReader } from "../../wire/byte-reader.js";
import type { ByteWriter } from "../../wire/byte-writer.js";
import { need } from "./need.js";

/** Writes a signed 64-bit integer. */
export function writeVLong(value: bigint, out: ByteWriter): void {
  if (value >= -112n && value <= 127n) {
    out.writeByte(Number(value) & 0xff);
    return;
  }
  const negative = value < 0n;
  const magnitude = negative ? ~value : value;
  let bytes = 1;
  while (magnitude >> BigInt(8 * bytes) !== 0n) bytes++;
  out.writeByte(((negative ? -120 : -112) - bytes) & 0xff);
  for (let i = bytes - 1; i >= 0; i--) out.writeByte(Number((magnitude >> BigInt(8 * i)) & 0xffn));
}

/** Writes a signed 32-bit integer. */
export function writeVInt(value: number, out: ByteWriter): void {
  if (value >= -112 && value <= 127) out.writeByte(value & 0xff);
  else writeVLong(BigInt(value), out);
}

/** Reads a signed 64-bit integer. Like Hadoop it takes leading zeros. Throws BAD_BYTES. */
export function readVLong(reader: ByteReader): bigint {
  need(reader, 1, "a variable-length integer");
  const first = (reader.readByte() << 24) >> 24;
  if (first >= -112) return BigInt(first);
  const negative = first < -120;
  const bytes = negative ? -120 - first : -112 - first;
  need(reader, bytes, "a variable-length integer");
  let value = 0n;
  for (let i = 0; i < bytes; i++) value = (value << 8n) | BigInt(reader.readByte());
  return BigInt.asIntN(64, negative ? ~value : value);
}

/** Reads a signed 32-bit integer. Throws BAD_BYTES for one that does not fit. */
export function readVInt(reader: ByteReader): number {
  const value = readVLong(reader);
  if (value < -2147483648n || value > 2147483647n) throw new RpcError("BAD_BYTES", "value too long to fit in integer");
  return Number(value);
}
