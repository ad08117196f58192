/** Bytes of a server, built without the project's codec, for clients of the test engine; and requests taken apart. */
import { bytes } from "./byte-builder.js";
import { decodeHadoopDelimited, encodeHadoopDelimited, type FieldValues } from "./hadoop-proto.js";

/** The client id of the vectors in the wire specification. */
export const CLIENT_ID = Buffer.from("000102030405060708090a0b0c0d0e0f", "hex");

/** A response frame: header fields, and what lies behind the header. */
export function response(header: FieldValues, body: Uint8Array = Buffer.alloc(0)): Buffer {
  const complete = { status: 0, serverIpcVersionNum: 9, clientId: CLIENT_ID, retryCount: 0, ...header };
  return bytes()
    .frame(bytes().bytes(encodeHadoopDelimited("RpcResponseHeaderProto", complete)).bytes(body))
    .build();
}

/** A successful answer of the test engine. */
export function answer(callId: number, text: string): Buffer {
  return response({ callId }, testText(text));
}

/** An error answer. */
export function failure(callId: number, header: FieldValues, body?: Uint8Array): Buffer {
  return response({ callId: callId >>> 0, status: 1, ...header }, body);
}

/** A string as the test engine writes it. */
export function testText(text: string): Buffer {
  return bytes().delimited(Buffer.from(text)).build();
}

/** One request frame, taken apart. */
export interface SentFrame {
  readonly header: Record<string, unknown>;
  readonly body: Buffer;
  readonly raw: Buffer;
}

/** Takes apart whole frames: what a client sends behind its preamble. */
export function framesOf(stream: Buffer): SentFrame[] {
  const frames: SentFrame[] = [];
  for (let at = 0; at < stream.length; ) {
    const end = at + 4 + stream.readInt32BE(at);
    const { values, rest } = decodeHadoopDelimited("RpcRequestHeaderProto", stream.subarray(at + 4, end));
    frames.push({ header: values, body: rest, raw: stream.subarray(at, end) });
    at = end;
  }
  return frames;
}

/** The calls among what a client sent on a connection, preamble and context included. */
export function callsOf(stream: Buffer): SentFrame[] {
  return framesOf(stream.subarray(7)).filter((frame) => Number(frame.header.callId) >= 0);
}
