/** What clients send, built without the project's codec. */
import { type ByteBuilder, bytes } from "./byte-builder.js";
import { decodeHadoopDelimited, encodeHadoopDelimited, type FieldValues } from "./hadoop-proto.js";

/** The sixteen bytes 00 to 0f. */
export const CLIENT_ID = Buffer.from(Array.from({ length: 16 }, (_, i) => i));
export const PREAMBLE = bytes().hex("68727063 09 00 00").build();
export const PREAMBLE_SASL = bytes().hex("68727063 09 00 df").build();

/** Fields of ours in a request header, by number. */
export interface Extensions {
  /** Field 1000: milliseconds that the caller will wait. */
  readonly timeoutMs?: number;
  /** Field 1001: the call that is given up. */
  readonly cancel?: number;
}

/** A frame: a request header that is in order but for `header`, and what lies behind it. A field that is undefined is left out. */
export function requestFrame(
  header: FieldValues,
  body: Uint8Array | ByteBuilder = bytes(),
  extensions: Extensions = {},
): Buffer {
  const complete = { rpcKind: 0, rpcOp: 0, callId: 0, clientId: CLIENT_ID, retryCount: 0, ...header };
  const { timeoutMs, cancel } = extensions;
  const fields = bytes().bytes(headerFields(complete));
  if (timeoutMs !== undefined) fields.tag(1000, 0).varint(timeoutMs);
  if (cancel !== undefined) fields.tag(1001, 0).sint(cancel);
  return bytes().frame(bytes().delimited(fields).bytes(body)).build();
}

function headerFields(values: FieldValues): Buffer {
  const delimited = encodeHadoopDelimited("RpcRequestHeaderProto", values);
  // One byte of length is enough for every header of the tests but those with long fields.
  return delimited.subarray((delimited[0] as number) < 0x80 ? 1 : 2);
}

/** The connection context of a user, as a frame. */
export function contextFrame(protocol: string, user: string | undefined = "alice"): Buffer {
  const body = encodeHadoopDelimited("IpcConnectionContextProto", { userInfo: { effectiveUser: user }, protocol });
  return requestFrame({ rpcKind: 2, callId: -3, retryCount: -1 }, body);
}

/** A ping, which may give a call up. */
export function pingFrame(extensions: Extensions = {}): Buffer {
  return requestFrame({ rpcKind: 2, callId: -4, retryCount: -1 }, bytes(), extensions);
}

/** Preamble and context: a connection that is ready for calls. */
export function opening(protocol: string, user?: string): Buffer {
  return Buffer.concat([PREAMBLE, contextFrame(protocol, user)]);
}

/** A call of the text engine (`text-service.ts`). */
export function textCall(
  callId: number,
  method: string,
  args: readonly string[] = [],
  extensions: Extensions = {},
): Buffer {
  return requestFrame({ callId }, textBody(method, args), extensions);
}

export function textBody(method: string, args: readonly string[]): ByteBuilder {
  const body = bytes().delimited(Buffer.from(method));
  for (const arg of args) body.delimited(Buffer.from(arg));
  return body;
}

/** An Invocation of the Writable engine with String parameters. */
export function invocation(
  protocol: string,
  version: number,
  method: string,
  ...parameters: readonly string[]
): ByteBuilder {
  const body = bytes()
    .int64(2n)
    .string16(protocol)
    .string16(method)
    .int64(BigInt(version))
    .int32(0)
    .int32(parameters.length);
  for (const parameter of parameters) body.string16("java.lang.String").string16(parameter);
  return body;
}

/** One frame of a server, taken apart by a decoder that is not the project's. */
export interface Answer {
  readonly callId: number;
  readonly status: number;
  readonly exceptionClassName: string | undefined;
  readonly errorMsg: string | undefined;
  readonly errorDetail: number | undefined;
  readonly clientId: Buffer | undefined;
  readonly retryCount: number;
  readonly payload: Buffer;
  /** The string that the payload begins with, if the text engine wrote it. */
  readonly text: string;
}

/** Takes whole frames apart. Throws if the bytes end inside a frame. */
export function answersOf(stream: Buffer): Answer[] {
  const answers: Answer[] = [];
  for (let at = 0; at < stream.length; ) {
    const end = at + 4 + stream.readInt32BE(at);
    if (end > stream.length) throw new Error("the stream ends inside a frame");
    const { values, rest } = decodeHadoopDelimited("RpcResponseHeaderProto", stream.subarray(at + 4, end));
    answers.push({
      callId: Number(values.callId) | 0,
      status: Number(values.status),
      exceptionClassName: values.exceptionClassName as string | undefined,
      errorMsg: values.errorMsg as string | undefined,
      errorDetail: values.errorDetail as number | undefined,
      clientId: values.clientId as Buffer | undefined,
      retryCount: Number(values.retryCount),
      payload: rest,
      text: textOf(rest),
    });
    at = end;
  }
  return answers;
}

function textOf(payload: Buffer): string {
  let length = 0;
  let at = 0;
  for (let shift = 0; at < payload.length && at < 5; shift += 7) {
    const byte = payload[at++] as number;
    length += (byte % 128) * 2 ** shift;
    if (byte < 128) break;
  }
  return payload.toString("utf8", at, at + length);
}
