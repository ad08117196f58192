/**
 * RpcRequestHeaderProto, the head of every frame from client to server (Hadoop: RpcHeader.proto).
 *
 * ```
 *   | length varint | 08 kind | 10 operation | 18 callId sint32 | 22 16 clientId | 28 retryCount sint32 | optional fields |
 * ```
 * Fields 1000 and up are ours; a Hadoop server skips them. They are listed in `protocol/README.md`.
 */
import { RPC_KIND_NAMES } from "../definition.js";
import { RpcError } from "../rpc-error.js";
import { type ByteReader, missingFields } from "./byte-reader.js";
import type { ByteWriter } from "./byte-writer.js";
import { readClientId } from "./client-id.js";

/** Call ids below zero that are not calls (Hadoop: ipc/RpcConstants.java, ipc/Server.java). */
export const CALL_ID = { authorizationFailed: -1, none: -2, connectionContext: -3, ping: -4, sasl: -33 } as const;
/** Retry count of frames that are not calls. */
export const NO_RETRY_COUNT = -1;
/** Names of OperationProto, by number. Only the first is implemented, by Hadoop as by us. */
export const RPC_OPERATIONS = ["RPC_FINAL_PACKET", "RPC_CONTINUATION_PACKET", "RPC_CLOSE_CONNECTION"] as const;

/** Longest header that is read: its known fields are short, and decoding costs several times what receiving does. */
const MAX_REQUEST_HEADER_BYTES = 65_536;
/** Bytes that a caller context may have, its signature included: what else a header holds needs the rest. */
export const MAX_CALLER_CONTEXT_BYTES = 32_768;

/** Who or what a call is made for, for the server's logs (Hadoop: ipc/CallerContext.java). */
export interface CallerContext {
  readonly context: string;
  /** Absent if empty; its meaning is up to the service. */
  readonly signature?: Uint8Array;
}

/** Wire extension: milliseconds the caller will wait, from the sending of the request. */
const TIMEOUT_FIELD = 1000;
/** Wire extension, in a ping: the call id that its caller has given up. */
const CANCEL_FIELD = 1001;

const TAG = {
  rpcKind: 0x08,
  rpcOp: 0x10,
  callId: 0x18,
  clientId: 0x22,
  retryCount: 0x28,
  callerContext: 0x3a,
  stateId: 0x40,
  routerFederatedState: 0x4a,
  timeout: TIMEOUT_FIELD << 3,
  cancel: CANCEL_FIELD << 3,
} as const;

/** A decoded header. One object is filled again and again; `clientId` is a view of the frame, or `expectedClientId`. */
export class RequestHeader {
  /** -1 when absent or not a known number, as proto2 treats unknown enum values. */
  rpcKind = -1;
  rpcOp = -1;
  callId = 0;
  clientId: Buffer = EMPTY;
  /** The id that the frame is likely to have: if it does, `clientId` is this very buffer, and no view is made. Set by the owner. */
  expectedClientId: Buffer | undefined;
  retryCount: number = NO_RETRY_COUNT;
  callerContext: CallerContext | undefined;
  stateId: bigint | undefined;
  routerFederatedState: Buffer | undefined;
  timeoutMs: number | undefined;
  cancelCallId: number | undefined;
}

const EMPTY = Buffer.alloc(0);

/** Makes the fields absent that a frame may leave out. */
function clear(header: RequestHeader): void {
  header.rpcKind = -1;
  header.rpcOp = -1;
  header.retryCount = NO_RETRY_COUNT;
  header.callerContext = undefined;
  header.stateId = undefined;
  header.routerFederatedState = undefined;
  header.timeoutMs = undefined;
  header.cancelCallId = undefined;
}

/**
 * Reads the delimited header at the reader's position into `header` and leaves the reader behind it.
 * Throws BAD_BYTES with the text that protobuf-java gives; also for a header of more than `MAX_REQUEST_HEADER_BYTES`.
 */
export function readRequestHeader(reader: ByteReader, header: RequestHeader): void {
  const length = reader.readLength();
  if (length > MAX_REQUEST_HEADER_BYTES) throw tooLong(length);
  const frameEnd = reader.end;
  const end = reader.position + length;
  reader.end = end;
  clear(header);
  let hasCallId = false;
  let hasClientId = false;
  // Where their last values begin: only these are decoded, however often the fields come.
  let stateIdAt = -1;
  let routerStateAt = -1;
  let caller: CallerContextPlaces | undefined;
  while (reader.position < end) {
    const tag = reader.readTag();
    switch (tag) {
      case TAG.rpcKind: {
        const kind = reader.readVarint32();
        if (kind in RPC_KIND_NAMES) header.rpcKind = kind;
        break;
      }
      case TAG.rpcOp: {
        const op = reader.readVarint32();
        if (op < RPC_OPERATIONS.length) header.rpcOp = op;
        break;
      }
      case TAG.callId:
        header.callId = reader.readSint32();
        hasCallId = true;
        break;
      case TAG.clientId:
        header.clientId = readClientId(reader, header.expectedClientId);
        hasClientId = true;
        break;
      case TAG.retryCount:
        header.retryCount = reader.readSint32();
        break;
      case TAG.callerContext:
        caller ??= { contextAt: -1, signatureAt: -1 };
        findCallerContext(reader, caller);
        break;
      case TAG.stateId:
        stateIdAt = reader.position;
        reader.readVarint32();
        break;
      case TAG.routerFederatedState:
        routerStateAt = reader.position;
        reader.skip(reader.readLength());
        break;
      case TAG.timeout:
        header.timeoutMs = reader.readVarint32();
        break;
      case TAG.cancel:
        header.cancelCallId = reader.readSint32();
        break;
      default:
        reader.skipField(tag);
    }
  }
  if (stateIdAt >= 0) {
    reader.position = stateIdAt;
    header.stateId = reader.readVarint64();
  }
  if (routerStateAt >= 0) {
    reader.position = routerStateAt;
    header.routerFederatedState = reader.readBytes(reader.readLength());
  }
  const hasContext = caller === undefined || caller.contextAt >= 0;
  if (caller !== undefined && hasContext) header.callerContext = readCallerContext(reader, caller);
  reader.position = end;
  reader.end = frameEnd;
  if (!hasCallId || !hasClientId || !hasContext) {
    throw missingFields({ callId: hasCallId, clientId: hasClientId, "callerContext.context": hasContext });
  }
}

function tooLong(length: number): RpcError {
  return new RpcError(
    "BAD_BYTES",
    `the header of a request has ${length} bytes, at most ${MAX_REQUEST_HEADER_BYTES} are read`,
  );
}

/**
 * Where the last values of a caller context's fields begin, -1 for none: protobuf merges the pieces of a message that
 * comes in several fields.
 */
interface CallerContextPlaces {
  contextAt: number;
  signatureAt: number;
}

function findCallerContext(reader: ByteReader, caller: CallerContextPlaces): void {
  const length = reader.readLength();
  const outerEnd = reader.end;
  const end = reader.position + length;
  reader.end = end;
  while (reader.position < end) {
    const tag = reader.readTag();
    if (tag === 0x0a) caller.contextAt = reader.position;
    else if (tag === 0x12) caller.signatureAt = reader.position;
    reader.skipField(tag);
  }
  reader.end = outerEnd;
}

/** An empty signature is none (Hadoop: ipc/Server.java). */
function readCallerContext(reader: ByteReader, { contextAt, signatureAt }: CallerContextPlaces): CallerContext {
  reader.position = contextAt;
  const context = reader.readUtf8(reader.readLength());
  if (signatureAt < 0) return { context };
  reader.position = signatureAt;
  const signature = Buffer.from(reader.readBytes(reader.readLength()));
  return signature.length === 0 ? { context } : { context, signature };
}

/** Optional fields of a request header. */
export interface RequestHeaderFields {
  readonly callerContext?: CallerContext | undefined;
  readonly stateId?: bigint | undefined;
  readonly routerFederatedState?: Uint8Array | undefined;
  readonly timeoutMs?: number | undefined;
  readonly cancelCallId?: number | undefined;
}

const NO_FIELDS: RequestHeaderFields = {};

/** Writes a delimited request header with operation FINAL. `clientId` is 16 bytes, or empty in SASL frames. */
export function writeRequestHeader(
  out: ByteWriter,
  rpcKind: number,
  callId: number,
  clientId: Uint8Array,
  retryCount: number,
  fields: RequestHeaderFields = NO_FIELDS,
): void {
  const mark = out.beginDelimited();
  out.ensure(64);
  out.writeByte(TAG.rpcKind);
  out.writeByte(rpcKind);
  out.writeByte(TAG.rpcOp);
  out.writeByte(0);
  out.writeByte(TAG.callId);
  out.writeSint32(callId);
  out.writeBytesField(TAG.clientId, clientId);
  out.writeByte(TAG.retryCount);
  out.writeSint32(retryCount);
  if (fields !== NO_FIELDS) writeOptionalFields(out, fields);
  out.endDelimited(mark);
}

function writeOptionalFields(out: ByteWriter, fields: RequestHeaderFields): void {
  if (fields.callerContext !== undefined) {
    out.writeByte(TAG.callerContext);
    const mark = out.beginDelimited();
    out.writeStringField(0x0a, fields.callerContext.context);
    if (fields.callerContext.signature !== undefined) out.writeBytesField(0x12, fields.callerContext.signature);
    out.endDelimited(mark);
  }
  if (fields.stateId !== undefined) {
    out.writeByte(TAG.stateId);
    out.writeVarint64(fields.stateId);
  }
  if (fields.routerFederatedState !== undefined)
    out.writeBytesField(TAG.routerFederatedState, fields.routerFederatedState);
  if (fields.timeoutMs !== undefined) {
    out.writeVarint32(TAG.timeout);
    out.writeVarint32(fields.timeoutMs);
  }
  if (fields.cancelCallId !== undefined) {
    out.writeVarint32(TAG.cancel);
    out.writeSint32(fields.cancelCallId);
  }
}
