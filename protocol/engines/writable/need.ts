import { RpcError } from "../../rpc-error.js";
import type { ByteReader } from "../../wire/byte-reader.js";

/** Throws BAD_BYTES unless `bytes` more bytes remain; `what` names what they would have been. */
export function need(reader: ByteReader, bytes: number, what: string): void {
  if (bytes > reader.end - reader.position) throw new RpcError("BAD_BYTES", `the bytes end in the middle of ${what}`);
}
