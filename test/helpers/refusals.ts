/** FATAL answers, as Hadoop sends them and built without the project's codec. */
import assert from "node:assert/strict";
import type { Server } from "../../daemon/index.js";
import { bytes } from "./byte-builder.js";
import { textCall } from "./requests.js";
import { settled, TestPeer } from "./test-server.js";

export const RPC_SERVER_EXCEPTION = "org.apache.hadoop.ipc.RpcServerException";
export const INVALID_PROTOBUF = "org.apache.hadoop.thirdparty.protobuf.InvalidProtocolBufferException";
/** What protobuf-java says of a message that ends too early. */
export const TRUNCATED =
  "While parsing a protocol message, the input ended unexpectedly in the middle of a field.  This could mean either that " +
  "the input has been truncated or that an embedded message misreported its own length.";

export const WRONG_WIRE_TYPE = "Protocol message tag had invalid wire type.";

/** What protobuf-java throws with this text, as Java prints it. A wrong wire type has a class of its own. */
export function parseError(message: string): string {
  return `${INVALID_PROTOBUF}${message === WRONG_WIRE_TYPE ? "$InvalidWireTypeException" : ""}: ${message}`;
}

export interface Refusal {
  /** Default: -1, the call id of refusals that belong to no call. */
  readonly callId?: number;
  /** Default: -1. */
  readonly retryCount?: number;
  /** Default: RpcServerException. */
  readonly javaClass?: string;
  readonly code: number;
  readonly message: string;
}

/** The frame of a refusal: status FATAL, an empty client id. */
export function fatalFrame(refusal: Refusal): Buffer {
  const { callId = -1, retryCount = -1, javaClass = RPC_SERVER_EXCEPTION, code, message } = refusal;
  const header = bytes()
    .tag(1, 0)
    .varint(callId >>> 0)
    .hex("1002 1809")
    .field(4, javaClass)
    .field(5, message)
    .tag(6, 0)
    .varint(code)
    .hex("3a00")
    .tag(8, 0)
    .sint(retryCount);
  return bytes().frame(bytes().delimited(header)).build();
}

/** Sends this and a good call right behind it: the refusal must be all that comes back, and the connection must end. */
export async function assertRefused(server: Server, refusal: Refusal, ...sent: readonly Uint8Array[]): Promise<void> {
  const peer = new TestPeer(server);
  peer.send(Buffer.concat([...sent, textCall(99, "echo", ["behind"])]));
  await settled();
  assert.equal(peer.stream.received.toString("hex"), fatalFrame(refusal).toString("hex"));
  assert.equal(peer.stream.ended, true);
  peer.send(textCall(100, "echo", ["later"]));
  await settled();
  assert.equal(peer.stream.writes.length, 1);
}
