/**
 * RpcSaslProto, the body of frames with call id -33 (Hadoop: RpcHeader.proto).
 *
 * Equality of two `SaslAuth` is protobuf's: an absent field is not an empty one. So absent fields are undefined here.
 */
import { type ByteReader, missingFields } from "./byte-reader.js";
import type { ByteWriter } from "./byte-writer.js";

/** Names of SaslState, by number. */
export const SASL_STATES = ["SUCCESS", "NEGOTIATE", "INITIATE", "CHALLENGE", "RESPONSE", "WRAP"] as const;
/** What a message is: a question, an answer, or wrapped bytes. */
export type SaslState = (typeof SASL_STATES)[number];

/** One way to authenticate, as a server advertises it and a client picks it: sent back as it came, without its challenge. */
export interface SaslAuth {
  readonly method: string;
  readonly mechanism: string;
  readonly protocol?: string;
  readonly serverId?: string;
  readonly challenge?: Uint8Array;
}

/** One step of authentication, in either direction. */
export interface SaslMessage {
  readonly state: SaslState;
  readonly token?: Uint8Array;
  readonly auths: readonly SaslAuth[];
}

/** Reads the delimited message at the reader's position. Bytes behind it are left. Throws BAD_BYTES. */
export function readSaslMessage(reader: ByteReader): SaslMessage {
  const frameEnd = reader.end;
  reader.end = reader.readLength() + reader.position;
  let state: SaslState | undefined;
  let token: Uint8Array | undefined;
  const auths: Partial<SaslAuth>[] = [];
  while (reader.position < reader.end) {
    const tag = reader.readTag();
    if (tag === 0x10) state = SASL_STATES[reader.readVarint32()] ?? state;
    else if (tag === 0x1a) token = reader.readBytes(reader.readLength());
    else if (tag === 0x22) auths.push(readAuth(reader));
    else reader.skipField(tag);
  }
  reader.end = frameEnd;
  if (state === undefined || !auths.every(isComplete)) throw missingFields(requiredFields(state, auths));
  return token === undefined ? { state, auths } : { state, token, auths };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function isComplete(auth: Partial<SaslAuth>): auth is SaslAuth {
  return auth.method !== undefined && auth.mechanism !== undefined;
}

function requiredFields(state: SaslState | undefined, auths: readonly Partial<SaslAuth>[]): Record<string, boolean> {
  const seen: Record<string, boolean> = { state: state !== undefined };
  for (const [i, auth] of auths.entries()) {
    seen[`auths[${i}].method`] = auth.method !== undefined;
    seen[`auths[${i}].mechanism`] = auth.mechanism !== undefined;
  }
  return seen;
}

function readAuth(reader: ByteReader): Partial<SaslAuth> {
  const outerEnd = reader.end;
  reader.end = reader.readLength() + reader.position;
  const auth: Partial<Mutable<SaslAuth>> = {};
  while (reader.position < reader.end) {
    const tag = reader.readTag();
    if (tag === 0x0a) auth.method = reader.readUtf8(reader.readLength());
    else if (tag === 0x12) auth.mechanism = reader.readUtf8(reader.readLength());
    else if (tag === 0x1a) auth.protocol = reader.readUtf8(reader.readLength());
    else if (tag === 0x22) auth.serverId = reader.readUtf8(reader.readLength());
    else if (tag === 0x2a) auth.challenge = reader.readBytes(reader.readLength());
    else reader.skipField(tag);
  }
  reader.end = outerEnd;
  return auth;
}

/** Writes the delimited message. */
export function writeSaslMessage(out: ByteWriter, message: SaslMessage): void {
  const mark = out.beginDelimited();
  out.writeByte(0x10);
  out.writeByte(SASL_STATES.indexOf(message.state));
  if (message.token !== undefined) out.writeBytesField(0x1a, message.token);
  for (const auth of message.auths) {
    out.writeByte(0x22);
    const inner = out.beginDelimited();
    out.writeStringField(0x0a, auth.method);
    out.writeStringField(0x12, auth.mechanism);
    if (auth.protocol !== undefined) out.writeStringField(0x1a, auth.protocol);
    if (auth.serverId !== undefined) out.writeStringField(0x22, auth.serverId);
    if (auth.challenge !== undefined) out.writeBytesField(0x2a, auth.challenge);
    out.endDelimited(inner);
  }
  out.endDelimited(mark);
}
