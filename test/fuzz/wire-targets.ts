/**
 * The decoders of `protocol/wire/` as targets.
 */
import { ByteReader } from "../../protocol/wire/byte-reader.js";
import { readConnectionContext } from "../../protocol/wire/connection-context.js";
import { FrameDecoder } from "../../protocol/wire/frame.js";
import { PREAMBLE_BYTES, parsePreamble } from "../../protocol/wire/preamble.js";
import { RequestHeader, readRequestHeader } from "../../protocol/wire/request-header.js";
import { ResponseHeader, readResponseHeader } from "../../protocol/wire/response-header.js";
import { readSaslMessage } from "../../protocol/wire/sasl-message.js";
import { STRANGERS, WIRE } from "../golden/wire.js";
import { bytes, hex } from "../helpers/byte-builder.js";
import { encodeHadoopDelimited } from "../helpers/hadoop-proto.js";
import { type Target, within } from "./target.js";

const MAX_FRAME_BYTES = 1024 * 1024;
const CLIENT_ID = hex(WIRE.clientId);

const requestHeaders = [WIRE.context, WIRE.ping, WIRE.saslNegotiate, WIRE.call].map((frame) => hex(frame).subarray(4));
requestHeaders.push(
  encodeHadoopDelimited("RpcRequestHeaderProto", {
    rpcKind: 1,
    rpcOp: 0,
    callId: 2 ** 31 - 1,
    clientId: CLIENT_ID,
    retryCount: 5,
    traceInfo: { traceId: 1n, parentId: -1n, spanContext: CLIENT_ID },
    callerContext: { context: "a job of somebody", signature: CLIENT_ID },
    stateId: -(2n ** 63n),
    routerFederatedState: CLIENT_ID,
  }),
  bytes()
    .delimited(
      bytes().hex("0810 1000 1802 2200 2800").tag(1000, 0).varint(500).tag(1001, 0).sint(7).tag(50, 3).tag(50, 4),
    )
    .build(),
);

const responses = [
  WIRE.response,
  WIRE.responseWithState,
  WIRE.responseError,
  WIRE.badVersion10,
  WIRE.unknownAuth5,
  WIRE.saslSimpleSuccess,
];

/** What a client sends from its first byte on. */
export const CONNECTION_RECORDINGS: readonly Buffer[] = [
  [WIRE.preamble, WIRE.context, WIRE.call],
  [WIRE.preamble, WIRE.context, WIRE.ping, WIRE.call, WIRE.ping, WIRE.call],
  [WIRE.preambleSasl, WIRE.saslNegotiate, WIRE.context, WIRE.call],
].map((parts) => Buffer.concat(parts.map(hex)));

function readFrames(stream: Buffer, chunks: readonly Buffer[], withPreamble: boolean): void {
  const decoder = new FrameDecoder(MAX_FRAME_BYTES);
  const reader = new ByteReader();
  const header = new RequestHeader();
  let opened = !withPreamble;
  for (const chunk of chunks) {
    decoder.push(chunk);
    if (!opened) {
      const preamble = decoder.take(PREAMBLE_BYTES);
      if (preamble === undefined) continue;
      if (parsePreamble(preamble).kind === "refused") return;
      opened = true;
    }
    while (decoder.next()) {
      if (decoder.end - decoder.start > stream.length) throw new Error("a frame is longer than the stream");
      reader.reset(decoder.buffer, decoder.start, decoder.end);
      readRequestHeader(reader, header);
      if (header.callId === -3) readConnectionContext(reader);
      else if (header.callId === -33) readSaslMessage(reader);
      if (reader.position > reader.end || reader.end !== decoder.end) throw new Error("a reader left its frame");
    }
  }
}

export const WIRE_TARGETS: readonly Target[] = [
  {
    name: "preamble",
    corpus: [WIRE.preamble, WIRE.preambleSasl, "47455420 2f20 48"]
      .map(hex)
      .concat(STRANGERS.map(({ request }) => hex(request))),
    decode: (input) => {
      if (input.length >= PREAMBLE_BYTES) parsePreamble(input.subarray(0, PREAMBLE_BYTES));
    },
  },
  {
    name: "frames",
    corpus: [Buffer.concat([WIRE.ping, WIRE.context, WIRE.call].map(hex)), ...responses.map(hex)],
    decode: (input, rng) => {
      const decoder = new FrameDecoder(MAX_FRAME_BYTES);
      for (const chunk of rng.chunks(input, rng.pick([1, 3, 64, 1000]))) {
        decoder.push(chunk);
        while (decoder.next()) {
          if (decoder.end > decoder.buffer.length || decoder.start < 0)
            throw new Error("a frame lies outside of its buffer");
        }
      }
    },
  },
  {
    name: "connection",
    corpus: CONNECTION_RECORDINGS,
    decode: (input, rng) => readFrames(input, rng.chunks(input, rng.pick([1, 7, 100, 10_000])), true),
  },
  {
    name: "request header",
    corpus: requestHeaders,
    decode: (input) => within(input, (reader) => readRequestHeader(reader, new RequestHeader())),
  },
  {
    name: "response header",
    corpus: [...responses.map((frame) => hex(frame).subarray(4)), hex(WIRE.saslWrappedHeader)],
    decode: (input) => within(input, (reader) => readResponseHeader(reader, new ResponseHeader())),
  },
  {
    name: "connection context",
    corpus: [
      hex(WIRE.context).subarray(4 + 27),
      hex("02 1200"),
      encodeHadoopDelimited("IpcConnectionContextProto", {
        userInfo: { effectiveUser: "alice", realUser: "bob" },
        protocol: "demo.Echo",
      }),
    ],
    decode: (input) => void within(input, readConnectionContext),
  },
  {
    name: "SASL message",
    corpus: [
      hex("02 1001"),
      bytes().delimited(bytes().hex("1001").hex(WIRE.saslAuthToken).hex(WIRE.saslAuthSimple)).build(),
      encodeHadoopDelimited("RpcSaslProto", {
        state: 3,
        token: CLIENT_ID,
        auths: [{ method: "TOKEN", mechanism: "DIGEST-MD5", protocol: "", serverId: "default", challenge: CLIENT_ID }],
      }),
    ],
    decode: (input) => void within(input, readSaslMessage),
  },
];
