/**
 * What clients say to a server from their first byte on: the good inputs of a fuzzing run over sockets.
 */
import { MyInterface } from "../../daemon/services/greeter.js";
import { STRANGERS, WIRE } from "../golden/wire.js";
import { hex } from "../helpers/byte-builder.js";
import { contextFrame, invocation, PREAMBLE, PREAMBLE_SASL, pingFrame, requestFrame } from "../helpers/requests.js";
import { CALL_BODIES } from "./engine-targets.js";

const { name, version } = MyInterface;

/** Every call of an engine on one connection, with pings and a cancellation between. */
function allCalls({ rpcKind, protocol, first, later }: (typeof CALL_BODIES)[number]): Buffer {
  const bodies = [first[0] as Buffer, ...later, ...first];
  const calls = bodies.map((body, i) =>
    requestFrame({ rpcKind, callId: i }, body, i % 2 === 0 ? {} : { timeoutMs: 1000 }),
  );
  return Buffer.concat([PREAMBLE, contextFrame(protocol), pingFrame(), ...calls, pingFrame({ cancel: 1 })]);
}

/** One call of an engine on a connection of its own. */
function eachCall({ rpcKind, protocol, first }: (typeof CALL_BODIES)[number]): Buffer[] {
  return first.map((body) =>
    Buffer.concat([PREAMBLE, contextFrame(protocol), requestFrame({ rpcKind, callId: 7 }, body)]),
  );
}

const greeting = requestFrame({ rpcKind: 1, callId: 0 }, invocation(name, version, "helloWorld", "king"));

export const RECORDINGS: readonly Buffer[] = [
  Buffer.concat([PREAMBLE, contextFrame(name), greeting]),
  Buffer.concat([PREAMBLE_SASL, hex(WIRE.saslNegotiate), contextFrame(name), greeting]),
  Buffer.concat([PREAMBLE, contextFrame(name), pingFrame(), greeting, greeting]),
  Buffer.concat([PREAMBLE, hex(WIRE.context), hex(WIRE.call)]),
  Buffer.from("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
  ...STRANGERS.map(({ request }) => hex(request)),
  ...CALL_BODIES.map(allCalls),
  ...CALL_BODIES.flatMap(eachCall),
];
