/**
 * What every protobuf request begins with (Hadoop: ProtobufRpcEngine.proto).
 *
 * ```
 *   request | length varint | RequestHeaderProto | length varint | parameter message |
 *             RequestHeaderProto { 1 methodName, 2 declaringClassProtocolName, 3 clientProtocolVersion uint64: all required }
 *   answer  | length varint | result message |
 * ```
 */
import { ByteWriter } from "../../wire/byte-writer.js";
import { MessageCodec } from "./message-codec.js";
import type { MessageReader } from "./message-reader.js";
import type { ScalarKind } from "./scalars.js";
import type { FieldNode } from "./type-node.js";

export interface RequestHead {
  readonly methodName: string;
  readonly declaringClassProtocolName: string;
  readonly clientProtocolVersion: bigint;
}

function required(name: string, number: number, kind: ScalarKind): FieldNode {
  return {
    name,
    number,
    type: { kind },
    rule: "required",
    key: undefined,
    packed: false,
    default: undefined,
    implicit: false,
    oneof: undefined,
  };
}

const CODEC = new MessageCodec({
  kind: "message",
  name: "hadoop.common.RequestHeaderProto",
  fields: [
    required("methodName", 1, "string"),
    required("declaringClassProtocolName", 2, "string"),
    required("clientProtocolVersion", 3, "uint64"),
  ],
});
CODEC.link(() => CODEC);

/** A delimited RequestHeaderProto. */
export function encodeRequestHead(method: string, protocol: string, version: number): Buffer {
  const out = new ByteWriter(512);
  const mark = out.beginDelimited();
  const head: RequestHead = {
    methodName: method,
    declaringClassProtocolName: protocol,
    clientProtocolVersion: BigInt(version),
  };
  CODEC.write(out, head, 0);
  out.endDelimited(mark);
  return Buffer.from(out.take());
}

/** Reads a RequestHeaderProto that takes all the reader's bytes. Throws BAD_BYTES. */
export function readRequestHead(from: MessageReader): RequestHead {
  return CODEC.read(from) as unknown as RequestHead;
}
