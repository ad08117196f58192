/**
 * RpcResponseHeaderProto, the head of every frame from server to client (Hadoop: RpcHeader.proto).
 *
 * ```
 *   | length varint | 08 callId uint32 | 10 status | 18 version 9 | 22 class | 2a message | 30 code | 3a clientId | 40 retryCount sint32 |
 *                                                                 '---- only if status is not SUCCESS ----'
 * ```
 */
import {
  RPC_ERROR_CODES,
  RpcError,
  type RpcErrorCode,
  type RpcErrorCodeInfo,
  rpcErrorCodeFromWire,
} from "../rpc-error.js";
import { type ByteReader, missingFields } from "./byte-reader.js";
import { ByteWriter } from "./byte-writer.js";
import { readClientId } from "./client-id.js";
import { CALL_ID, NO_RETRY_COUNT } from "./request-header.js";
import { WIRE_VERSION } from "./wire-version.js";

export const RPC_STATUS = { success: 0, error: 1, fatal: 2 } as const;

/**
 * Longest header that is read. The stack of a Java exception is all of its length, and a few hundred KiB are much for one.
 */
const MAX_RESPONSE_HEADER_BYTES = 1_048_576;

const TAG = {
  callId: 0x08,
  status: 0x10,
  serverIpcVersionNum: 0x18,
  exceptionClassName: 0x22,
  errorMsg: 0x2a,
  errorDetail: 0x30,
  clientId: 0x3a,
  retryCount: 0x40,
  stateId: 0x48,
  routerFederatedState: 0x52,
} as const;

/** A decoded header. One object is filled again and again; `clientId` is a view of the frame, or `expectedClientId`. */
export class ResponseHeader {
  /** The id that answers should have: if they do, `clientId` is this very buffer, and no view is made. Set by the owner. */
  expectedClientId: Buffer | undefined;
  /** The wire's uint32 as the signed integer that the request carried. */
  callId = 0;
  /** A number of RPC_STATUS. An unknown one counts as absent, as in proto2, and a header without status is refused. */
  status = 0;
  exceptionClassName: string | undefined;
  errorMsg: string | undefined;
  /** Undefined when absent or not a known number. */
  errorDetail: RpcErrorCode | undefined;
  /** Undefined when absent; empty in answers from before the call queue. */
  clientId: Buffer | undefined;
  retryCount: number = NO_RETRY_COUNT;
  stateId: bigint | undefined;
  routerFederatedState: Buffer | undefined;
}

/** Makes the fields absent that a frame may leave out. */
function clear(header: ResponseHeader): void {
  header.exceptionClassName = undefined;
  header.errorMsg = undefined;
  header.errorDetail = undefined;
  header.clientId = undefined;
  header.retryCount = NO_RETRY_COUNT;
  header.stateId = undefined;
  header.routerFederatedState = undefined;
}

/**
 * Reads the delimited header at the reader's position and leaves the reader behind it. Throws BAD_BYTES; also for one of
 * more than `MAX_RESPONSE_HEADER_BYTES`.
 */
export function readResponseHeader(reader: ByteReader, header: ResponseHeader): void {
  const length = reader.readLength();
  if (length > MAX_RESPONSE_HEADER_BYTES) throw tooLong(length);
  const frameEnd = reader.end;
  const end = reader.position + length;
  reader.end = end;
  clear(header);
  let hasCallId = false;
  let hasStatus = false;
  // Where their last values begin: only these are decoded, however often the fields come.
  let stateIdAt = -1;
  let routerStateAt = -1;
  while (reader.position < end) {
    const tag = reader.readTag();
    switch (tag) {
      case TAG.callId:
        header.callId = reader.readVarint32() | 0;
        hasCallId = true;
        break;
      case TAG.status: {
        const status = reader.readVarint32();
        if (status > RPC_STATUS.fatal) break;
        header.status = status;
        hasStatus = true;
        break;
      }
      case TAG.exceptionClassName:
        header.exceptionClassName = reader.readUtf8(reader.readLength());
        break;
      case TAG.errorMsg:
        header.errorMsg = reader.readUtf8(reader.readLength());
        break;
      case TAG.errorDetail:
        header.errorDetail = rpcErrorCodeFromWire(reader.readVarint32()) ?? header.errorDetail;
        break;
      case TAG.clientId:
        header.clientId = readClientId(reader, header.expectedClientId);
        break;
      case TAG.retryCount:
        header.retryCount = reader.readSint32();
        break;
      case TAG.stateId:
        stateIdAt = reader.position;
        reader.readVarint32();
        break;
      case TAG.routerFederatedState:
        routerStateAt = reader.position;
        reader.skip(reader.readLength());
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
  reader.position = end;
  reader.end = frameEnd;
  if (!hasCallId || !hasStatus) throw missingFields({ callId: hasCallId, status: hasStatus });
}

function tooLong(length: number): RpcError {
  return new RpcError("BAD_BYTES", `it has ${length} bytes, at most ${MAX_RESPONSE_HEADER_BYTES} are read`);
}

/** Writes the delimited header of a successful response. */
export function writeSuccessHeader(out: ByteWriter, callId: number, clientId: Uint8Array, retryCount: number): void {
  const mark = out.beginDelimited();
  out.ensure(64);
  writeCommonFields(out, callId, RPC_STATUS.success);
  writeCaller(out, clientId, retryCount);
  out.endDelimited(mark);
}

/**
 * Writes the delimited header of a response that reports an error. FATAL_ codes get status FATAL, and so do others when the
 * connection ends with them.
 */
export function writeErrorHeader(
  out: ByteWriter,
  callId: number,
  clientId: Uint8Array,
  retryCount: number,
  code: RpcErrorCode,
  javaClass: string,
  message: string,
  fatal: boolean = RPC_ERROR_CODES[code].fatal,
): void {
  const { wire }: RpcErrorCodeInfo = RPC_ERROR_CODES[code];
  const mark = out.beginDelimited();
  writeCommonFields(out, callId, fatal ? RPC_STATUS.fatal : RPC_STATUS.error);
  out.writeStringField(TAG.exceptionClassName, javaClass);
  out.writeStringField(TAG.errorMsg, message);
  out.writeByte(TAG.errorDetail);
  out.writeVarint32(wire ?? (RPC_ERROR_CODES.ERROR_APPLICATION.wire as number));
  writeCaller(out, clientId, retryCount);
  out.endDelimited(mark);
}

function writeCommonFields(out: ByteWriter, callId: number, status: number): void {
  out.writeByte(TAG.callId);
  out.writeVarint32(callId);
  out.writeByte(TAG.status);
  out.writeByte(status);
  out.writeByte(TAG.serverIpcVersionNum);
  out.writeByte(WIRE_VERSION);
}

function writeCaller(out: ByteWriter, clientId: Uint8Array, retryCount: number): void {
  out.writeBytesField(TAG.clientId, clientId);
  out.writeByte(TAG.retryCount);
  out.writeSint32(retryCount);
}

const NO_CLIENT_ID = Buffer.alloc(0);

/** A whole frame, length included, that refuses a connection before any call: call id -1, no client id, status FATAL. */
export function encodeFatalResponse(code: RpcErrorCode, javaClass: string, message: string): Buffer {
  const out = new ByteWriter(512);
  const mark = out.beginFrame();
  writeErrorHeader(out, CALL_ID.authorizationFailed, NO_CLIENT_ID, NO_RETRY_COUNT, code, javaClass, message);
  out.endFrame(mark);
  return out.take();
}
