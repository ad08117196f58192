import type { ByteReader } from "./byte-reader.js";

/**
 * Reads a length-delimited client id. One that equals `expected` is returned as that very buffer, so that calls of one client
 * share it and no view is made; any other is a view of the frame.
 */
export function readClientId(reader: ByteReader, expected: Buffer | undefined): Buffer {
  const length = reader.readLength();
  const { buffer, position } = reader;
  if (expected === undefined || length !== expected.length) return reader.readBytes(length);
  for (let i = 0; i < length; i++) {
    if (buffer[position + i] !== expected[i]) return reader.readBytes(length);
  }
  reader.position = position + length;
  return expected;
}
