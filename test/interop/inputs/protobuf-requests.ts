/** What comes before the parameter of a protobuf call: sections 4, 8 and 17 of the wire's description. */
import { type ByteBuilder, bytes } from "../../helpers/byte-builder.js";
import type { FieldValues } from "../../helpers/hadoop-proto.js";
import {
  callFrame,
  contextFrame,
  frame,
  NONE,
  type ProtobufCallParts,
  protobufBody,
  protobufFrame,
  RAW,
  READY,
  requestHeader,
  SASL,
  type WireInput,
} from "./input.js";

/** A call that is answered, after which the connection goes on. */
function answered(name: string, parts: ProtobufCallParts, header: FieldValues = {}): WireInput {
  return { name, bytes: Buffer.concat([READY, protobufFrame(parts, header)]), fate: "ready", answers: 1 };
}

/** These bytes behind the request header of the frame. */
function body(name: string, sent: ByteBuilder, answers = 1): WireInput {
  const call = frame(requestHeader({ rpcKind: 2 }), sent);
  return { name, bytes: Buffer.concat([READY, call]), fate: "ready", answers };
}

const PARAMETER = bytes().delimited(bytes().field(1, "fine"));

/** A RequestHeaderProto of these bytes, and a parameter. */
function head(name: string, fields: ByteBuilder, answers = 1): WireInput {
  return body(name, bytes().delimited(fields).bytes(PARAMETER), answers);
}

const METHOD = bytes().field(1, "addSpanReceiver");
const PROTOCOL = bytes().field(2, RAW);
const VERSION = bytes().hex("18 05");

function fields(...parts: readonly (ByteBuilder | string)[]): ByteBuilder {
  const all = bytes();
  for (const part of parts) {
    if (typeof part === "string") all.hex(part);
    else all.bytes(part);
  }
  return all;
}

const REFUSED: readonly WireInput[] = [
  answered("a protobuf call that is in order", {}),
  answered("the lower of two versions of a protobuf protocol", { version: 3n }),
  answered("a protobuf protocol that nobody serves", { protocol: "no.Such" }),
  answered("a protobuf protocol without a name", { protocol: "" }),
  answered("a protobuf protocol by the name of its Java interface", {
    protocol: "hrpcd.interop.ProtobufProtocols$RawPB",
  }),
  answered("a Writable protocol asked for over protobuf", { protocol: "hrpcd.interop.Everything", version: 3n }),
  answered("a protobuf protocol called __proto__", { protocol: "__proto__" }),
  answered("a protobuf protocol that nobody serves and a method that it lacks", { protocol: "no.Such", method: "no" }),
  answered("a version between two served ones over protobuf", { version: 4n }),
  answered("a version above all over protobuf", { version: 6n }),
  answered("version 0 over protobuf", { version: 0n }),
  answered("the highest version of 63 bits over protobuf", { version: 2n ** 63n - 1n }),
  answered("a version of 64 bits over protobuf", { version: 2n ** 63n }),
  answered("the highest version of 64 bits over protobuf", { version: 2n ** 64n - 1n }),
  answered("a version that no double holds over protobuf", { version: 2n ** 53n + 1n }),
  answered("a version that is the served one modulo 2^32 over protobuf", { version: 2n ** 32n + 5n }),
  answered("a protobuf method that the service lacks", { method: "nowhere" }),
  answered("a protobuf method without a name", { method: "" }),
  answered("a protobuf method in another case", { method: "AddSpanReceiver" }),
  answered("a protobuf method called __proto__", { method: "__proto__" }),
  answered("a protobuf method called constructor", { method: "constructor" }),
  answered("a protobuf method that the service lacks, with a body that cannot be read", {
    method: "nowhere",
    body: bytes().hex("ff"),
  }),
  answered("a protobuf method of the lower version that it lacks", { method: "nowhere", version: 3n }),
];

/** Hadoop does not answer a call whose method it cannot name. */
const UNANSWERED = 0;

/** An unknown method, whose answer names the protocol of the connection. */
function elsewhere(name: string, protocol: string | undefined): WireInput {
  const context = contextFrame({ userInfo: { effectiveUser: "alice" }, protocol });
  const call = protobufFrame({ method: "nowhere" });
  return { name, bytes: Buffer.concat([NONE, context, call]), fate: "ready", answers: 1 };
}

const CONNECTIONS: readonly WireInput[] = [
  elsewhere("a protobuf method that the service lacks on a connection for it", RAW),
  elsewhere("a protobuf method that the service lacks on a connection for nobody's protocol", "no.Such"),
  elsewhere("a protobuf method that the service lacks on a connection for no protocol", undefined),
  elsewhere("a protobuf method that the service lacks on a connection for a protocol with an empty name", ""),
  {
    name: "a protobuf call before the context",
    bytes: Buffer.concat([NONE, protobufFrame()]),
    fate: "closed",
    answers: 1,
  },
  {
    name: "a protobuf call before the context on a connection with SASL",
    bytes: Buffer.concat([SASL, protobufFrame()]),
    fate: "closed",
    answers: 1,
  },
  {
    name: "a protobuf call behind one that ended the connection is not answered",
    bytes: Buffer.concat([READY, frame(requestHeader({ rpcKind: 0 })), protobufFrame({}, { callId: 1 })]),
    fate: "closed",
    answers: 1,
  },
  {
    name: "a protobuf call of which every byte comes alone",
    bytes: Buffer.concat([READY, protobufFrame({ body: bytes().delimited(bytes().field(1, "io:slowly")) })]),
    fate: "ready",
    answers: 1,
    pieceBytes: 1,
  },
  {
    name: "an Invocation of the kind of protobuf",
    bytes: Buffer.concat([READY, callFrame({}, { rpcKind: 2 })]),
    fate: "ready",
    answers: UNANSWERED,
  },
  {
    name: "a protobuf body of the kind of Writable",
    bytes: Buffer.concat([READY, protobufFrame({}, { rpcKind: 1 })]),
    fate: "closed",
    answers: 1,
  },
];

/** A call whose frame's header ends the connection. */
function fatal(name: string, header: FieldValues): WireInput {
  return { name, bytes: Buffer.concat([READY, protobufFrame({}, header)]), fate: "closed", answers: 1 };
}

const CALL_HEADERS: readonly WireInput[] = [
  fatal("a protobuf call that is a continuation", { rpcOp: 1 }),
  fatal("a protobuf call that closes the connection", { rpcOp: 2 }),
  fatal("a protobuf call without an operation", { rpcOp: undefined }),
  fatal("a protobuf call under a reserved id", { callId: -7 }),
  answered("a protobuf call with the highest call id, and a retry count", {}, { callId: 2147483647, retryCount: 9 }),
  answered("a protobuf call with a negative retry count", {}, { retryCount: -1 }),
  answered("a protobuf call without a retry count", {}, { retryCount: undefined }),
  answered("a protobuf call with an empty client id", {}, { clientId: Buffer.alloc(0) }),
  answered("a protobuf call with a client id of three bytes", {}, { clientId: Buffer.of(1, 2, 3) }),
  answered("a protobuf call with a client id of forty bytes", {}, { clientId: Buffer.alloc(40, 7) }),
  answered("a protobuf call that is refused has the call's ids", { method: "no" }, { callId: 70_000, retryCount: 3 }),
  answered("a protobuf call that fails has the call's ids", { body: bytes().hex("00") }, { callId: 8, retryCount: 3 }),
  answered(
    "a protobuf call with a caller context, a trace and state ids",
    {},
    {
      callerContext: { context: "job_1", signature: Buffer.of(1) },
      traceInfo: { traceId: 1n, parentId: -1n, spanContext: Buffer.of(2) },
      stateId: -5n,
      routerFederatedState: Buffer.of(3),
    },
  ),
];

const UNREADABLE: readonly WireInput[] = [
  body("a protobuf call without a body", bytes(), UNANSWERED),
  body("a RequestHeaderProto whose length is cut short", bytes().hex("80"), UNANSWERED),
  body("a RequestHeaderProto whose length has no end", bytes().hex("80 80 80 80 80 80 80 80 80 80 80"), UNANSWERED),
  body("a RequestHeaderProto of negative length", bytes().hex("ffffffff0f").bytes(METHOD), UNANSWERED),
  body(
    "a RequestHeaderProto of a negative length of 64 bits",
    bytes().hex("ffffffffffffffffff01").bytes(METHOD),
    UNANSWERED,
  ),
  body("a RequestHeaderProto of the highest length", bytes().hex("ffffffff07").bytes(METHOD), UNANSWERED),
  body("a RequestHeaderProto that is longer than the frame", bytes().hex("7f").bytes(METHOD), UNANSWERED),
  body("a RequestHeaderProto that ends in a field", bytes().hex("05").bytes(METHOD), UNANSWERED),
  body("a RequestHeaderProto that ends in a tag", bytes().hex("01 80"), UNANSWERED),
  body(
    "a RequestHeaderProto that ends in the version",
    bytes().delimited(fields(METHOD, PROTOCOL, "18 80")),
    UNANSWERED,
  ),
  head("an empty RequestHeaderProto", bytes(), UNANSWERED),
  head("a RequestHeaderProto without a method", fields(PROTOCOL, VERSION), UNANSWERED),
  head("a RequestHeaderProto without a protocol", fields(METHOD, VERSION), UNANSWERED),
  head("a RequestHeaderProto without a version", fields(METHOD, PROTOCOL), UNANSWERED),
  head("a RequestHeaderProto with a method only", fields(METHOD), UNANSWERED),
  head("a RequestHeaderProto whose method is a number", fields("08 05", PROTOCOL, VERSION), UNANSWERED),
  head("a RequestHeaderProto whose version is a string", fields(METHOD, PROTOCOL, "1a 01 05"), UNANSWERED),
  head(
    "a RequestHeaderProto whose version is of fixed length",
    fields(METHOD, PROTOCOL, "19 0500000000000000"),
    UNANSWERED,
  ),
  head("a RequestHeaderProto with field 0", fields(METHOD, "00 00", PROTOCOL, VERSION), UNANSWERED),
  head("a RequestHeaderProto with wire type 6", fields(METHOD, "0e 00", PROTOCOL, VERSION), UNANSWERED),
  head(
    "a RequestHeaderProto with wire type 7 in an unknown field",
    fields(METHOD, "27 00", PROTOCOL, VERSION),
    UNANSWERED,
  ),
  head("a RequestHeaderProto with an end of a group", fields(METHOD, PROTOCOL, VERSION, "24"), UNANSWERED),
  head("a RequestHeaderProto with a group that does not end", fields(METHOD, PROTOCOL, VERSION, "23"), UNANSWERED),
  head(
    "a RequestHeaderProto with a length within that is negative",
    fields("0a ffffffff0f", PROTOCOL, VERSION),
    UNANSWERED,
  ),
  head("a RequestHeaderProto with a length within that is too long", fields(PROTOCOL, VERSION, "0a 7f 61"), UNANSWERED),
  head(
    "a RequestHeaderProto with an unknown field that is cut short",
    fields(METHOD, PROTOCOL, VERSION, "21 0000"),
    UNANSWERED,
  ),
  head(
    "a RequestHeaderProto whose version takes eleven bytes",
    fields(METHOD, PROTOCOL, "18 8580808080808080808000"),
    UNANSWERED,
  ),
  body("a RequestHeaderProto and nothing behind it", bytes().delimited(fields(METHOD, PROTOCOL, VERSION))),
];

const ACCEPTED: readonly WireInput[] = [
  head("a RequestHeaderProto in reverse order", fields(VERSION, PROTOCOL, METHOD)),
  head(
    "the last method of a RequestHeaderProto counts",
    fields(bytes().field(1, "nowhere"), METHOD, PROTOCOL, VERSION),
  ),
  head("the last version of a RequestHeaderProto counts", fields(METHOD, PROTOCOL, "18 09", VERSION)),
  head("a RequestHeaderProto with unknown fields", fields(METHOD, "20 01 2a 01 ff", PROTOCOL, "c23e 00", VERSION)),
  head("a RequestHeaderProto with an unknown group", fields(METHOD, PROTOCOL, VERSION, "23 0801 24")),
  head(
    "a RequestHeaderProto whose tags are overlong",
    fields("8a80 00 0f", bytes().utf8("addSpanReceiver"), PROTOCOL, VERSION),
  ),
  head(
    "a RequestHeaderProto whose tag has bits beyond 32",
    fields("8a 80 80 80 10 0f", bytes().utf8("addSpanReceiver"), PROTOCOL, VERSION),
  ),
  head("a RequestHeaderProto whose version is overlong", fields(METHOD, PROTOCOL, "18 8580808000")),
  head("a RequestHeaderProto whose version takes ten bytes", fields(METHOD, PROTOCOL, "18 85808080808080808000")),
  head("a RequestHeaderProto whose version has a tenth byte of 2", fields(METHOD, PROTOCOL, "18 85808080808080808002")),
  head(
    "a RequestHeaderProto whose version has a tenth byte of 127",
    fields(METHOD, PROTOCOL, "18 8580808080808080807f"),
  ),
  head("a RequestHeaderProto whose protocol is not UTF-8", fields(METHOD, "12 03 61 80 62", VERSION)),
  head("a RequestHeaderProto whose protocol is overlong UTF-8", fields(METHOD, "12 02 c0 80", VERSION)),
  head("a RequestHeaderProto whose protocol is half a surrogate pair", fields(METHOD, "12 03 eda0bd", VERSION)),
  head("a RequestHeaderProto whose method is not UTF-8", fields("0a 02 ff fe", PROTOCOL, VERSION)),
  body(
    "a RequestHeaderProto whose length is overlong",
    bytes()
      .longVarint(fields(METHOD, PROTOCOL, VERSION).build().length, 5)
      .bytes(fields(METHOD, PROTOCOL, VERSION))
      .bytes(PARAMETER),
  ),
  body("bytes behind the parameter of a protobuf call", protobufBody().utf8("more")),
];

export const PROTOBUF_REQUEST_INPUTS: readonly WireInput[] = [
  ...REFUSED,
  ...CONNECTIONS,
  ...CALL_HEADERS,
  ...UNREADABLE,
  ...ACCEPTED,
];
