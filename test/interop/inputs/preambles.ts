/** Connection headers, framing and old versions: sections 2 and 3 of the wire's description. */
import { bytes } from "../../helpers/byte-builder.js";
import { callFrame, contextFrame, frame, NONE, READY, requestHeader, type WireInput } from "./input.js";

function preamble(name: string, digits: string, answers: number): WireInput {
  return { name, bytes: bytes().hex(digits).bytes(contextFrame()).build(), fate: "closed", answers };
}

function oldVersion(version: number): WireInput {
  const header = bytes().hex("68727063").byte(version).hex("0000 00000010").bytes(Buffer.alloc(16)).build();
  return { name: `a client of wire version ${version}`, bytes: header, fate: "closed", answers: 0, unframed: true };
}

const HTTP: readonly WireInput[] = [
  {
    name: "an HTTP GET",
    bytes: Buffer.from("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    fate: "closed",
    answers: 0,
    unframed: true,
  },
  { name: "an HTTP POST", bytes: Buffer.from("POST / HTTP/1.1\r\n\r\n"), fate: "closed", answers: 1 },
  { name: "an HTTP request in lower case", bytes: Buffer.from("get / HTTP/1.1\r\n\r\n"), fate: "closed", answers: 1 },
];

const HEADERS: readonly WireInput[] = [
  preamble("a wrong magic word with the right version", "68727064 09 0000", 1),
  preamble("wire version 10", "68727063 0a 0000", 1),
  preamble("wire version 127", "68727063 7f 0000", 1),
  preamble("a wrong magic word and wire version 10", "00000000 0a 0000", 1),
  preamble("an unknown authentication byte, positive", "68727063 09 00 05", 1),
  preamble("an unknown authentication byte, negative", "68727063 09 00 80", 1),
  preamble("an unknown authentication byte next to that of SASL", "68727063 09 00 de", 1),
  oldVersion(0),
  oldVersion(1),
  oldVersion(2),
  oldVersion(3),
  oldVersion(4),
  oldVersion(7),
  oldVersion(8),
  oldVersion(-1),
  oldVersion(-128),
  { name: "the highest service class", bytes: bytes().hex("68727063 09 7f 00").build(), fate: "fresh", answers: 0 },
  { name: "a negative service class", bytes: bytes().hex("68727063 09 80 00").build(), fate: "fresh", answers: 0 },
];

const SPLIT = Buffer.concat([READY, callFrame()]);

const FRAMES: readonly WireInput[] = [
  { name: "a good call, byte by byte", bytes: SPLIT, fate: "ready", answers: 1, pieceBytes: 1 },
  { name: "a good call, three bytes at a time", bytes: SPLIT, fate: "ready", answers: 1, pieceBytes: 3 },
  { name: "a negative frame length", bytes: bytes().bytes(READY).int32(-1).build(), fate: "closed", answers: 0 },
  { name: "the lowest frame length", bytes: bytes().bytes(READY).hex("80000000").build(), fate: "closed", answers: 0 },
  {
    name: "a frame length above ipc.maximum.data.length",
    bytes: bytes().bytes(READY).int32(134_217_729).build(),
    fate: "closed",
    answers: 0,
  },
  {
    name: "a negative frame length before the context",
    bytes: bytes().bytes(NONE).int32(-1).build(),
    fate: "closed",
    answers: 0,
  },
  { name: "an empty frame", bytes: bytes().bytes(READY).int32(0).build(), fate: "closed", answers: 1 },
  {
    name: "an empty frame before the context",
    bytes: bytes().bytes(NONE).int32(0).build(),
    fate: "closed",
    answers: 1,
  },
  {
    name: "bytes behind the context",
    bytes: Buffer.concat([NONE, frame(contextFrame().subarray(4), Buffer.from("more"))]),
    fate: "ready",
    answers: 0,
  },
  {
    name: "bytes behind a ping",
    bytes: Buffer.concat([READY, frame(requestHeader({ callId: -4, retryCount: -1 }), Buffer.from("more"))]),
    fate: "ready",
    answers: 0,
  },
];

export const PREAMBLE_INPUTS: readonly WireInput[] = [...HTTP, ...HEADERS, ...FRAMES];
