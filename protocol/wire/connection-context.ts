/**
 * IpcConnectionContextProto: who calls, and which protocol first (Hadoop: IpcConnectionContext.proto).
 *
 * ```
 *   | length varint | 12 userInfo: { 0a effectiveUser, 12 realUser } | 1a protocol |
 * ```
 */
import { RpcError } from "../rpc-error.js";
import type { ByteReader } from "./byte-reader.js";
import type { ByteWriter } from "./byte-writer.js";

/** What a client says of itself once, before its first call. An absent field was not sent. */
export interface ConnectionContext {
  /** The user that calls run as; undefined if the peer names none. */
  readonly effectiveUser?: string;
  /** The user that stands behind the effective user, when one acts for another. */
  readonly realUser?: string;
  /** Name of the protocol that the connection was opened for; authorization and VersionedProtocol go by it. */
  readonly protocol?: string;
}

/** Longest name of a user or a protocol, in bytes of UTF-8: they are kept for the connection, and logs repeat them. */
const MAX_NAME_BYTES = 1024;

/**
 * Reads the delimited message at the reader's position. Bytes behind it are left. Throws BAD_BYTES; also for a name of
 * more than `MAX_NAME_BYTES`.
 */
export function readConnectionContext(reader: ByteReader): ConnectionContext {
  const frameEnd = reader.end;
  reader.end = reader.readLength() + reader.position;
  const context: { effectiveUser?: string; realUser?: string; protocol?: string } = {};
  while (reader.position < reader.end) {
    const tag = reader.readTag();
    if (tag === 0x12) {
      const outerEnd = reader.end;
      reader.end = reader.readLength() + reader.position;
      while (reader.position < reader.end) {
        const inner = reader.readTag();
        if (inner === 0x0a) context.effectiveUser = readName(reader, "effective user");
        else if (inner === 0x12) context.realUser = readName(reader, "real user");
        else reader.skipField(inner);
      }
      reader.end = outerEnd;
    } else if (tag === 0x1a) {
      context.protocol = readName(reader, "protocol");
    } else {
      reader.skipField(tag);
    }
  }
  reader.end = frameEnd;
  return context;
}

function readName(reader: ByteReader, what: string): string {
  const length = reader.readLength();
  if (length <= MAX_NAME_BYTES) return reader.readUtf8(length);
  throw new RpcError("BAD_BYTES", `the name of the ${what} has ${length} bytes, at most ${MAX_NAME_BYTES} are taken`);
}

/** Writes the delimited message. `userInfo` is always present, empty if no user is named, as Hadoop's client does. */
export function writeConnectionContext(out: ByteWriter, context: ConnectionContext): void {
  const mark = out.beginDelimited();
  out.writeByte(0x12);
  const user = out.beginDelimited();
  if (context.effectiveUser !== undefined) out.writeStringField(0x0a, context.effectiveUser);
  if (context.realUser !== undefined) out.writeStringField(0x12, context.realUser);
  out.endDelimited(user);
  if (context.protocol !== undefined) out.writeStringField(0x1a, context.protocol);
  out.endDelimited(mark);
}
