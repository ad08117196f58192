/** Clients that open with SASL at a server that has only SIMPLE: sections 7.2 and 7.4 of the wire's description. */
import { bytes } from "../../helpers/byte-builder.js";
import { encodeHadoopDelimited, type FieldValues } from "../../helpers/hadoop-proto.js";
import { callFrame, contextFrame, frame, requestHeader, SASL, type WireInput } from "./input.js";

const SUCCESS = 0;
const NEGOTIATE = 1;
const INITIATE = 2;
const CHALLENGE = 3;
const RESPONSE = 4;
const WRAP = 5;

function saslFrame(message: FieldValues): Buffer {
  return saslBytes(encodeHadoopDelimited("RpcSaslProto", message));
}

function saslBytes(payload: Uint8Array): Buffer {
  return frame(requestHeader({ rpcKind: 2, callId: -33, clientId: Buffer.alloc(0), retryCount: -1 }), payload);
}

function first(name: string, message: FieldValues, rest: Pick<WireInput, "fate" | "answers">): WireInput {
  return { name, bytes: Buffer.concat([SASL, saslFrame(message)]), ...rest };
}

const NEGOTIATED = Buffer.concat([SASL, saslFrame({ state: NEGOTIATE })]);
const SIMPLE_AUTH = { method: "SIMPLE", mechanism: "" };
const TOKEN_AUTH = { method: "TOKEN", mechanism: "DIGEST-MD5", protocol: "", serverId: "default" };

export const SASL_INPUTS: readonly WireInput[] = [
  { name: "a SASL connection that says nothing yet", bytes: NEGOTIATED, fate: "fresh", answers: 1 },
  {
    name: "negotiation, context and call in one write",
    bytes: Buffer.concat([NEGOTIATED, contextFrame(), callFrame()]),
    fate: "ready",
    answers: 2,
  },
  {
    name: "a negotiation, byte by byte",
    bytes: Buffer.concat([NEGOTIATED, contextFrame(), callFrame()]),
    fate: "ready",
    answers: 2,
    pieceBytes: 1,
  },
  {
    name: "a second negotiation",
    bytes: Buffer.concat([NEGOTIATED, saslFrame({ state: NEGOTIATE })]),
    fate: "closed",
    answers: 2,
  },
  {
    name: "a context before the negotiation",
    bytes: Buffer.concat([SASL, contextFrame()]),
    fate: "closed",
    answers: 1,
  },
  { name: "a call before the negotiation", bytes: Buffer.concat([SASL, callFrame()]), fate: "closed", answers: 1 },
  {
    name: "a call between negotiation and context",
    bytes: Buffer.concat([NEGOTIATED, callFrame()]),
    fate: "closed",
    answers: 2,
  },
  {
    name: "a client that initiates SIMPLE unasked is told SUCCESS, and still has to negotiate",
    bytes: Buffer.concat([SASL, saslFrame({ state: INITIATE, auths: [SIMPLE_AUTH] }), contextFrame()]),
    fate: "closed",
    answers: 2,
  },
  {
    name: "a client that initiates TOKEN unasked is told SUCCESS, and still has to negotiate",
    bytes: Buffer.concat([SASL, saslFrame({ state: INITIATE, auths: [TOKEN_AUTH] }), contextFrame()]),
    fate: "closed",
    answers: 2,
  },
  {
    name: "a client that initiates unasked and then negotiates",
    bytes: Buffer.concat([SASL, saslFrame({ state: INITIATE, auths: [TOKEN_AUTH] }), saslFrame({ state: NEGOTIATE })]),
    fate: "closed",
    answers: 2,
  },
  {
    name: "a client that initiates unasked twice",
    bytes: Buffer.concat([SASL, ...Array<Buffer>(2).fill(saslFrame({ state: INITIATE, auths: [TOKEN_AUTH] }))]),
    fate: "closed",
    answers: 2,
  },
  first("an initiation without a method", { state: INITIATE }, { fate: "closed", answers: 1 }),
  first(
    "an initiation with two methods",
    { state: INITIATE, auths: [SIMPLE_AUTH, TOKEN_AUTH] },
    { fate: "closed", answers: 1 },
  ),
  first("a response before anything", { state: RESPONSE, token: Buffer.of(1) }, { fate: "closed", answers: 0 }),
  first("a response without a token before anything", { state: RESPONSE }, { fate: "closed", answers: 1 }),
  first("a wrapped message before anything", { state: WRAP, token: Buffer.of(1) }, { fate: "closed", answers: 1 }),
  first("a client that sends SUCCESS", { state: SUCCESS }, { fate: "closed", answers: 1 }),
  first("a client that sends a CHALLENGE", { state: CHALLENGE }, { fate: "closed", answers: 1 }),
  {
    name: "a SASL message without a state",
    bytes: Buffer.concat([SASL, saslBytes(bytes().hex("00").build())]),
    fate: "closed",
    answers: 1,
  },
  {
    name: "a SASL message with a state that nobody has defined",
    bytes: Buffer.concat([SASL, saslBytes(bytes().hex("02 1009").build())]),
    fate: "closed",
    answers: 1,
  },
  {
    name: "a SASL frame without a message",
    bytes: Buffer.concat([SASL, saslBytes(Buffer.alloc(0))]),
    fate: "closed",
    answers: 1,
  },
  {
    name: "a SASL message that is cut short",
    bytes: Buffer.concat([SASL, saslBytes(bytes().hex("05 1001").build())]),
    fate: "closed",
    answers: 1,
  },
];
