/** Request headers, reserved call ids and connection contexts: sections 4, 5, 6 and 11 of the wire's description. */
import { bytes } from "../../helpers/byte-builder.js";
import { encodeHadoopDelimited, type FieldValues } from "../../helpers/hadoop-proto.js";
import {
  ALICE,
  CLIENT_ID,
  callFrame,
  contextFrame,
  EVERYTHING,
  frame,
  invocation,
  NONE,
  READY,
  requestHeader,
  type WireInput,
} from "./input.js";

/** A frame on a ready connection that ends it with one answer. */
function fatal(name: string, sent: Uint8Array): WireInput {
  return { name, bytes: Buffer.concat([READY, sent]), fate: "closed", answers: 1 };
}

/** A call on a ready connection that is answered, after which the connection goes on. */
function answered(name: string, sent: Uint8Array, answers = 1): WireInput {
  return { name, bytes: Buffer.concat([READY, sent]), fate: "ready", answers };
}

function badHeader(name: string, changes: FieldValues): WireInput {
  return fatal(name, frame(requestHeader(changes), invocation()));
}

const UNDECODABLE: readonly WireInput[] = [
  fatal("a header without a call id", frame(bytes().hex("08 0801 1000 2202 0001 2800"))),
  fatal("a header without a client id", frame(bytes().hex("06 0801 1000 1800"))),
  fatal("a header with neither call id nor client id", frame(bytes().hex("04 0801 1000"))),
  fatal("an empty header", frame(bytes().hex("00"))),
  fatal("a header longer than its frame", frame(bytes().hex("7f 0801 1000 1800"))),
  fatal(
    "a header whose length says that it ends in the middle of a field",
    frame(bytes().hex("03 0801 1000 1800 2200")),
  ),
  fatal("a header whose length is a varint without an end", frame(bytes().hex("80 80 80 80 80 80 80 80 80 80 80"))),
  fatal("a header whose length is a varint cut short", frame(bytes().hex("80"))),
  fatal("a header whose length is negative", frame(bytes().hex("ffffffff0f 0801"))),
  fatal("a header with field number 0", frame(bytes().hex("08 0000 1000 1800 2200"))),
  fatal("a header with wire type 7", frame(bytes().hex("02 0f00"))),
  fatal("a header that is complete and has an end-group tag", frame(bytes().hex("0a 0801 1000 1800 2200 0c00"))),
  fatal("a header that is not complete and has an end-group tag", frame(bytes().hex("02 0c00"))),
  fatal("a header with a group that does not end", frame(bytes().hex("09 0801 1000 1800 2200 53"))),
  fatal("a header whose client id is longer than the header", frame(bytes().hex("08 0801 1000 1800 227f"))),
  fatal("a header whose call id is a varint without an end", frame(bytes().hex("0c 18 ffffffffffffffffffff ff"))),
  fatal("a frame of zeros", frame(Buffer.alloc(64))),
  fatal("a frame of ones", frame(Buffer.alloc(64, 0xff))),
  fatal("a caller context without its text", frame(bytes().delimited(bytes().hex("0801 1000 1800 2200 3a00")))),
];

const UNKNOWN: readonly WireInput[] = [
  answered(
    "fields that nobody has defined are skipped",
    frame(bytes().delimited(bytes().hex("0801 1000 1800 2200 2800 d23e 02 0102 d83e 05")), invocation()),
  ),
  answered(
    "a header whose fields come in reverse order",
    frame(bytes().delimited(bytes().hex("2804 2203 010203 180e 1000 0801")), invocation()),
  ),
  answered(
    "the last of a field that comes twice counts",
    frame(bytes().delimited(bytes().hex("0801 1000 1800 1812 2200 2201 07 2800")), invocation()),
  ),
  answered(
    "a call id in an overlong varint",
    frame(bytes().delimited(bytes().hex("0801 1000 18 8a8000 2200 2800")), invocation()),
  ),
  answered(
    "a call id with a wire type of its own is an unknown field beside the right one",
    frame(bytes().delimited(bytes().hex("0801 1000 1a01 05 1806 2200 2800")), invocation()),
  ),
  answered(
    "a group that nobody has defined is skipped",
    frame(bytes().delimited(bytes().hex("0801 1000 1800 2200 d33e 0807 d43e")), invocation()),
  ),
  answered("a header without a retry count", frame(requestHeader({ retryCount: undefined }), invocation())),
];

const CHECKS: readonly WireInput[] = [
  badHeader("a header without an operation", { rpcOp: undefined }),
  badHeader("a header with an operation that nobody has defined", { rpcOp: 9 }),
  badHeader("a continuation packet", { rpcOp: 1 }),
  badHeader("a request to close the connection", { rpcOp: 2 }),
  badHeader("a header without a kind", { rpcKind: undefined }),
  badHeader("a header with a kind that nobody has defined", { rpcKind: 7 }),
  badHeader("a header with neither operation nor kind", { rpcOp: undefined, rpcKind: undefined }),
  badHeader("the kind that the server has not registered", { rpcKind: 0 }),
  badHeader("a bad operation with a retry count of its own", { rpcOp: 1, callId: 77, retryCount: 5 }),
  badHeader("a bad operation on an out-of-band call", { rpcOp: 1, callId: -4 }),
  badHeader("call id -1", { callId: -1 }),
  badHeader("call id -2", { callId: -2 }),
  badHeader("call id -5", { callId: -5 }),
  badHeader("call id -32", { callId: -32 }),
  badHeader("call id -34", { callId: -34 }),
  badHeader("the lowest call id", { callId: -2147483648 }),
  fatal("a second context", contextFrame()),
  fatal("a SASL message on a connection without SASL", frame(requestHeader({ callId: -33 }), bytes().hex("02 1001"))),
  { name: "a call before the context", bytes: Buffer.concat([NONE, callFrame()]), fate: "closed", answers: 1 },
  {
    name: "a call that comes behind the one that ends the connection is not answered",
    bytes: Buffer.concat([READY, frame(requestHeader({ rpcOp: 1 })), callFrame({}, { callId: 1 })]),
    fate: "closed",
    answers: 1,
  },
];

const ECHOES: readonly WireInput[] = [
  answered("call id, retry count and client id come back", callFrame({}, { callId: 2147483647, retryCount: 7 })),
  answered("a negative retry count comes back", callFrame({}, { retryCount: -2147483648 })),
  answered("an empty client id comes back", callFrame({}, { clientId: Buffer.alloc(0) })),
  answered("a client id of one byte comes back", callFrame({}, { clientId: Buffer.of(255) })),
  answered("a client id of a hundred bytes comes back", callFrame({}, { clientId: Buffer.alloc(100, 3) })),
  answered("an error has the call's ids", callFrame({ method: "nowhere" }, { callId: 300, retryCount: 2 })),
  answered(
    "caller context, trace and state id are taken",
    callFrame(
      {},
      {
        callerContext: { context: "job_1", signature: Buffer.of(1) },
        traceInfo: { traceId: 1n, parentId: -1n, spanContext: Buffer.of(2) },
        stateId: -5n,
        routerFederatedState: Buffer.of(3),
      },
    ),
  ),
  answered("a ping is not answered", frame(requestHeader({ rpcKind: 2, callId: -4, retryCount: -1 })), 0),
  answered("a hundred pings are not answered", Buffer.concat(Array(100).fill(frame(requestHeader({ callId: -4 })))), 0),
  {
    name: "a ping before the context is not answered",
    bytes: Buffer.concat([NONE, frame(requestHeader({ rpcKind: 2, callId: -4, retryCount: -1 }))]),
    fate: "fresh",
    answers: 0,
  },
];

function context(name: string, values: FieldValues, header: FieldValues = {}): WireInput {
  const sent = frame(
    requestHeader({ rpcKind: 2, callId: -3, retryCount: -1, ...header }),
    encodeHadoopDelimited("IpcConnectionContextProto", values),
  );
  return { name, bytes: Buffer.concat([NONE, sent]), fate: "ready", answers: 0 };
}

function badContext(name: string, payload: string): WireInput {
  const sent = frame(requestHeader({ rpcKind: 2, callId: -3, retryCount: -1 }), bytes().hex(payload));
  return { name, bytes: Buffer.concat([NONE, sent]), fate: "closed", answers: 1 };
}

const CONTEXTS: readonly WireInput[] = [
  context("a context without a protocol", { userInfo: { effectiveUser: "alice" } }),
  context("a context without a user", { protocol: EVERYTHING }),
  context("a context with an empty user message", { userInfo: {}, protocol: EVERYTHING }),
  context("a context with a real user alone", { userInfo: { realUser: "root" }, protocol: EVERYTHING }),
  context("an empty context", {}),
  context("a context for a protocol that nobody serves", { ...ALICE, protocol: "no.Such" }),
  context("a context of the Writable kind", ALICE, { rpcKind: 1 }),
  context("a context without a client id's bytes", ALICE, { clientId: Buffer.alloc(0) }),
  context("a context with another client id than the calls'", ALICE, { clientId: CLIENT_ID.subarray(0, 4) }),
  badContext("a context frame without a context", ""),
  badContext("a context that is cut short", "7f 1207"),
  badContext("a context whose user is longer than the context", "03 127f 0a"),
  badContext("a context with wire type 6", "02 1600"),
  {
    ...context("a user who may not act for another", {
      userInfo: { effectiveUser: "alice", realUser: "mallory" },
      protocol: EVERYTHING,
    }),
    fate: "closed",
    answers: 1,
  },
];

export const HEADER_INPUTS: readonly WireInput[] = [...UNDECODABLE, ...UNKNOWN, ...CHECKS, ...ECHOES, ...CONTEXTS];
