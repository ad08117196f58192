/**
 * What the differential test sends: raw bytes, built by the tests' own builder, and what becomes of the connection.
 *
 * The fate and the number of answers are what Hadoop's server does; the test holds both servers to it, so a table that is
 * wrong fails against Hadoop first.
 */
import { type ByteBuilder, bytes } from "../../helpers/byte-builder.js";
import { encodeHadoopDelimited, type FieldValues } from "../../helpers/hadoop-proto.js";

/**
 * What a connection can still do once its input is answered: nothing (`closed`), take a context and then calls (`fresh`),
 * take calls (`ready`).
 */
export type Fate = "closed" | "fresh" | "ready";

export interface WireInput {
  /** Says what is sent and what it is meant to show. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly fate: Fate;
  /** Frames that come back. */
  readonly answers: number;
  /** The answer is not framed: a text or an answer of an older version. */
  readonly unframed?: boolean;
  /** Written in pieces of this many bytes. */
  readonly pieceBytes?: number;
}

export const NONE = bytes().hex("68727063 09 00 00").build();
export const SASL = bytes().hex("68727063 09 00 df").build();
export const CLIENT_ID = Buffer.from(Array.from({ length: 16 }, (_, i) => i));
export const EVERYTHING = "hrpcd.interop.Everything";

const PROBE_CALL_ID = 1_234_567;

/** The fields of a request header that is in order; a field that is `undefined` is left out. */
export function requestHeader(changes: FieldValues = {}): Buffer {
  return encodeHadoopDelimited("RpcRequestHeaderProto", {
    rpcKind: 1,
    rpcOp: 0,
    callId: 0,
    clientId: CLIENT_ID,
    retryCount: 0,
    ...changes,
  });
}

/** A frame of these parts. */
export function frame(...parts: readonly (Uint8Array | ByteBuilder)[]): Buffer {
  const body = bytes();
  for (const part of parts) body.bytes(part);
  return bytes().frame(body).build();
}

/** A connection context as a frame. */
export function contextFrame(context: FieldValues = ALICE): Buffer {
  return frame(
    requestHeader({ rpcKind: 2, callId: -3, retryCount: -1 }),
    encodeHadoopDelimited("IpcConnectionContextProto", context),
  );
}

export const ALICE: FieldValues = { userInfo: { effectiveUser: "alice" }, protocol: EVERYTHING };

/** A connection that is ready for calls. */
export const READY = Buffer.concat([NONE, contextFrame()]);

export interface InvocationParts {
  readonly rpcVersion?: bigint;
  readonly protocol?: string;
  readonly method?: string;
  readonly version?: bigint;
  readonly count?: number;
  readonly parameters?: Uint8Array | ByteBuilder;
}

/** An Invocation of the Writable engine; by default `echoInt` with the parameters given. */
export function invocation(parts: InvocationParts = {}): ByteBuilder {
  const parameters = parts.parameters ?? bytes().string16("int").int32(42);
  return bytes()
    .int64(parts.rpcVersion ?? 2n)
    .string16(parts.protocol ?? EVERYTHING)
    .string16(parts.method ?? "echoInt")
    .int64(parts.version ?? 3n)
    .int32(0)
    .int32(parts.count ?? 1)
    .bytes(parameters);
}

/** A call as a frame. */
export function callFrame(parts: InvocationParts = {}, header: FieldValues = {}): Buffer {
  return frame(requestHeader(header), invocation(parts));
}

export const RAW = "hrpcd.interop.Raw";

export interface ProtobufCallParts {
  readonly protocol?: string;
  readonly method?: string;
  readonly version?: bigint;
  /** What stands behind the RequestHeaderProto: a delimited message, if all is well. */
  readonly body?: Uint8Array | ByteBuilder;
}

/** A body of the protobuf engine; by default `addSpanReceiver` of `RawService` with a class name that it likes. */
export function protobufBody(parts: ProtobufCallParts = {}): ByteBuilder {
  const head = encodeHadoopDelimited("RequestHeaderProto", {
    methodName: parts.method ?? "addSpanReceiver",
    declaringClassProtocolName: parts.protocol ?? RAW,
    clientProtocolVersion: parts.version ?? 5n,
  });
  return bytes()
    .bytes(head)
    .bytes(parts.body ?? bytes().delimited(bytes().field(1, "fine")));
}

/** A protobuf call as a frame. */
export function protobufFrame(parts: ProtobufCallParts = {}, header: FieldValues = {}): Buffer {
  return frame(requestHeader({ rpcKind: 2, ...header }), protobufBody(parts));
}

/** What is sent to see whether a connection is alive: a call, and a context before it if none was sent yet. */
export function probe(fate: Fate): Buffer {
  const call = callFrame({}, { callId: PROBE_CALL_ID });
  return fate === "fresh" ? Buffer.concat([contextFrame(), call]) : call;
}

export function isProbe(callId: unknown): boolean {
  return callId === PROBE_CALL_ID;
}
