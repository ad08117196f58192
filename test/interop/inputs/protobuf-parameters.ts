/** Parameters of protobuf calls, good and bad: sections 8 and 17 of the wire's description, and protobuf's own encoding. */
import { type ByteBuilder, bytes } from "../../helpers/byte-builder.js";
import { type ProtobufCallParts, protobufFrame, READY, type WireInput } from "./input.js";

const HA = "org.apache.hadoop.ha.HAServiceProtocol";

function call(name: string, parts: ProtobufCallParts): WireInput {
  return { name, bytes: Buffer.concat([READY, protobufFrame(parts)]), fate: "ready", answers: 1 };
}

/** What stands behind the RequestHeaderProto of a call: the parameter's length and the parameter, or something worse. */
function undelimited(name: string, digits: string): WireInput {
  return call(name, { body: bytes().hex(digits) });
}

/** `addSpanReceiver` with { 1 className required, 2 config repeated { 1 key required, 2 value required } }. */
function receiver(name: string, ...fields: readonly (ByteBuilder | string)[]): WireInput {
  return call(name, { body: bytes().delimited(joined(fields)) });
}

/** `transitionToStandby` with { 1 reqInfo required { 1 reqSource required enum 0 to 2 } }; it fails with the value's name. */
function transition(name: string, ...fields: readonly (ByteBuilder | string)[]): WireInput {
  const body = bytes().delimited(joined(fields));
  return call(name, { protocol: HA, version: 1n, method: "transitionToStandby", body });
}

/** `removeSpanReceiver` with { 1 id required int64 }; it fails with the number. */
function int64(name: string, digits: string): WireInput {
  return call(name, { method: "removeSpanReceiver", body: bytes().delimited(bytes().hex("08").hex(digits)) });
}

/** `cedeActive` with { 1 millisToCede required uint32 }; it fails with the number. */
function uint32(name: string, digits: string): WireInput {
  const body = bytes().delimited(bytes().hex("08").hex(digits));
  return call(name, { protocol: "org.apache.hadoop.ha.ZKFCProtocol", version: 1n, method: "cedeActive", body });
}

/** `refresh` with { 1 identifier string, 2 args repeated string }; it answers every argument and how long it is in Java. */
function text(name: string, digits: string): WireInput {
  const argument = bytes().field(2, bytes().hex(digits));
  return call(name, {
    protocol: "org.apache.hadoop.ipc.GenericRefreshProtocol",
    version: 1n,
    method: "refresh",
    body: bytes().delimited(bytes().field(1, "id").bytes(argument)),
  });
}

function joined(fields: readonly (ByteBuilder | string)[]): ByteBuilder {
  const all = bytes();
  for (const part of fields) {
    if (typeof part === "string") all.hex(part);
    else all.bytes(part);
  }
  return all;
}

const NAME = bytes().field(1, "fine");
const PAIR = bytes().field(2, bytes().field(1, "k").field(2, "v"));

/** Groups within each other under field 15, closed as they were opened. */
function groups(depth: number): ByteBuilder {
  const all = bytes();
  for (let i = 0; i < depth; i++) all.hex("7b");
  for (let i = 0; i < depth; i++) all.hex("7c");
  return all;
}

const LENGTHS: readonly WireInput[] = [
  undelimited("a parameter whose length is cut short", "80"),
  undelimited("a parameter whose length has no end", "80 80 80 80 80 80 80 80 80 80 80"),
  undelimited("a parameter whose length has no end and is all ones", "ff ff ff ff ff ff ff ff ff ff ff"),
  undelimited("a parameter of negative length", "ff ff ff ff 0f 0a 00"),
  undelimited("a parameter of the lowest length", "80 80 80 80 08 0a 00"),
  undelimited("a parameter of the highest length", "ff ff ff ff 07 0a 00"),
  undelimited("a parameter of a length beyond 32 bits", "80 80 80 80 10"),
  undelimited("a parameter of a length beyond 32 bits with something in the lower ones", "82 80 80 80 10 0a 00"),
  undelimited("a parameter that is one byte longer than the frame", "03 0a 00"),
  undelimited("a parameter that is much longer than the frame", "ff ff 03 0a 00"),
  undelimited("a parameter whose length ends in the tag", "01 8a 00"),
  undelimited("a parameter whose length ends in a field", "03 0a 04 66696e65"),
  undelimited("a parameter whose length ends between fields", "06 0a 04 66696e65 12 06 0a016b 120176"),
  undelimited("a parameter without bytes that has required fields", "00"),
  undelimited("a parameter whose length is overlong", "86 80 80 80 00 0a 04 66696e65"),
  undelimited("a parameter whose length takes ten bytes", "86 80 80 80 80 80 80 80 80 00 0a 04 66696e65"),
  call("a parameter without bytes that has no required fields", {
    method: "listSpanReceivers",
    body: bytes().hex("00"),
  }),
  call("no parameter where none of its fields is required", { method: "listSpanReceivers", body: bytes() }),
  call("a parameter with unknown fields only", {
    method: "listSpanReceivers",
    body: bytes().hex("0b 08 01 12 01 61 1d 00000000 20 01"),
  }),
];

const REQUIRED: readonly WireInput[] = [
  receiver("a parameter without its required field", PAIR),
  receiver("a repeated message without its required fields", NAME, "12 00"),
  receiver(
    "a repeated message without one of its required fields",
    NAME,
    PAIR,
    bytes().field(2, bytes().field(1, "k")),
  ),
  receiver("a parameter and repeated messages without required fields", "12 00", PAIR, "12 00"),
  transition("a required message that is empty", "0a 00"),
  transition("a required message whose required field is unknown", "0a 02 10 01"),
  transition("a required message that comes in two pieces", "0a 00", "0a 02 08 01"),
  transition("a required message that comes in two pieces, the better one first", "0a 02 08 02", "0a 00"),
];

const ENUMS: readonly WireInput[] = [
  transition("the first value of an enum", "0a 02 08 00"),
  transition("the last value of an enum", "0a 02 08 02"),
  transition("an unknown value of an enum", "0a 02 08 03"),
  transition("a negative value of an enum", "0a 0b 08 ffffffffffffffffff01"),
  transition("a negative value of an enum in five bytes", "0a 06 08 ffffffff0f"),
  transition("an unknown value of an enum before a known one", "0a 04 08 63 08 01"),
  transition("an unknown value of an enum behind a known one", "0a 04 08 01 08 63"),
  transition("a value of an enum that is known modulo 2^32", "0a 06 08 81 80 80 80 10"),
  transition("a value of an enum that is overlong", "0a 06 08 81 80 80 80 00"),
  transition("a value of an enum as a string", "0a 03 0a 01 31"),
  transition("a value of an enum, packed", "0a 03 0a 01 01"),
];

const WIRE_TYPES: readonly WireInput[] = [
  receiver("a string as a varint", "08 05", PAIR),
  receiver("a string as a fixed64", "09 0000000000000000", PAIR),
  receiver("a string as a group", "0b 0c", PAIR),
  receiver("a repeated message as a varint is unknown", NAME, "10 05"),
  receiver("a repeated message as a group is unknown", NAME, "13 0a 01 6b 12 01 76 14"),
  transition("a required message as a varint", "08 01"),
  transition("a required message as a group", "0b 08 01 0c"),
  receiver("wire type 6", NAME, "1e 00"),
  receiver("wire type 7", NAME, "1f 00"),
  receiver("wire type 6 of a known field", "0e 00"),
  receiver("field 0", NAME, "00 00"),
  receiver("field 0 with a length", NAME, "02 00"),
  receiver("an end of a group that nobody opened", NAME, "0c"),
  receiver("an end of a group that nobody opened, and no required field", "0c"),
  receiver("an end of group 0", NAME, "04"),
  call("an int64 as a fixed64", { method: "removeSpanReceiver", body: bytes().hex("09 09 0500000000000000") }),
  call("an int64 as a string of bytes", { method: "removeSpanReceiver", body: bytes().hex("03 0a 01 05") }),
];

const UNKNOWN: readonly WireInput[] = [
  receiver(
    "unknown fields of every wire type",
    "18 ff01",
    NAME,
    "21 0102030405060708 2a 02 6161 33 0801 34 3d 01020304",
  ),
  receiver("an unknown field with the highest number", NAME, "f8ffffff0f 01"),
  receiver("an unknown varint of ten bytes", NAME, "18 ffffffffffffffffff01"),
  receiver("an unknown varint of ten bytes with more than 64 bits", NAME, "18 ffffffffffffffffff7f"),
  receiver("an unknown varint of eleven bytes", NAME, "18 ffffffffffffffffffff01"),
  receiver("an unknown varint that is cut short", NAME, "18 80"),
  receiver("an unknown fixed64 that is cut short", NAME, "19 00000000000000"),
  receiver("an unknown fixed32 that is cut short", NAME, "1d 000000"),
  receiver("an unknown string that is cut short", NAME, "1a 02 61"),
  receiver("an unknown string of negative length", NAME, "1a ffffffff0f"),
  receiver("an unknown group with everything in it", NAME, "1b 0801 110000000000000000 1a0161 250000 0000 23 24 1c"),
  receiver("an unknown group that does not end", NAME, "1b 0801"),
  receiver("an unknown group that ends under another number", NAME, "1b 0801 24"),
  receiver("unknown groups that end crosswise", NAME, "1b 23 1c 24"),
  receiver("an unknown group whose field is cut short", NAME, "1b 0a 05 61"),
  receiver("an unknown group with field 0", NAME, "1b 00 00 1c"),
  receiver("unknown groups, 99 within each other", NAME, groups(99)),
  receiver("unknown groups, 100 within each other", NAME, groups(100)),
  receiver("unknown groups, 101 within each other", NAME, groups(101)),
  receiver("unknown groups, 10000 within each other", NAME, groups(10_000)),
  receiver("unknown groups that do not end, 10000 within each other", NAME, bytes().bytes(Buffer.alloc(10_000, 0x7b))),
  receiver(
    "unknown groups, 99 within each other in a message",
    NAME,
    bytes().field(2, bytes().bytes(groups(99)).field(1, "k").field(2, "v")),
  ),
  receiver(
    "unknown groups, 100 within each other in a message",
    NAME,
    bytes().field(2, bytes().bytes(groups(100)).field(1, "k").field(2, "v")),
  ),
];

const TRUNCATED: readonly WireInput[] = [
  receiver("a string that is cut short", "0a 05 66696e65"),
  receiver("a string of negative length", "0a ffffffff0f 66"),
  receiver("a string of the highest length", "0a ffffffff07 66"),
  receiver("a string whose length is cut short", "0a 80"),
  receiver("a message that is cut short", NAME, "12 08 0a016b 120176"),
  receiver("a message of negative length", NAME, "12 ffffffff0f"),
  receiver("a field of a message that reaches behind the message", NAME, "12 05 0a016b 120576 1a03616161"),
  receiver("a tag that is cut short", NAME, "80"),
  receiver("a tag without an end", NAME, "ffffffffffffffffffff"),
  receiver("a tag that is overlong", "8a 80 80 80 00 04 66696e65"),
  receiver("a tag of ten bytes", "8a 80 80 80 80 80 80 80 80 00 04 66696e65"),
  receiver("a tag with bits beyond 32", "8a 80 80 80 f0 01 04 66696e65"),
  receiver("a length within that is overlong", "0a 84 80 80 80 00 66696e65"),
  receiver("the last of a string that comes twice counts", bytes().field(1, "io:first"), bytes().field(1, "io:last")),
  receiver("a hundred repeated messages", NAME, ...Array.from({ length: 100 }, () => PAIR)),
  receiver("a parameter of all ones", bytes().bytes(Buffer.alloc(64, 0xff))),
  receiver("a parameter of zeros", bytes().bytes(Buffer.alloc(64))),
];

const NUMBERS: readonly WireInput[] = [
  int64("an int64 of 0", "00"),
  int64("an int64 of -1", "ffffffffffffffffff01"),
  int64("the lowest int64", "80808080808080808001"),
  int64("the highest int64", "ffffffffffffffff7f"),
  int64("an int64 of 2^53 + 1", "8180808080808010"),
  int64("an int64 that is overlong", "85808080808080808000"),
  int64("an int64 of ten bytes whose last is 2", "85808080808080808002"),
  int64("an int64 of ten bytes whose last is 3", "85808080808080808003"),
  int64("an int64 of ten bytes whose last is 126", "8580808080808080807e"),
  int64("an int64 of ten bytes whose last is 127", "8580808080808080807f"),
  int64("an int64 of ten bytes of ones whose last is 2", "ffffffffffffffffff02"),
  int64("an int64 of eleven bytes", "8580808080808080808001"),
  int64("an int64 of eleven bytes with more behind it", "8580808080808080808001 0805 0805 0805"),
  int64("an int64 of ten bytes whose last is 2 with more behind it", "85808080808080808002 10051005100510051005"),
  int64("an int64 of ten bytes whose last is 127 with more behind it", "8580808080808080807f 10051005100510051005"),
  int64("an int64 that comes twice", "05 08 06"),
  int64("an int64 that is cut short", "8080"),
  uint32("a uint32 of 0", "00"),
  uint32("the highest uint32", "ffffffff0f"),
  uint32("a uint32 above 2^31", "8080808008"),
  uint32("a uint32 with bits beyond 32", "8580808070"),
  uint32("a uint32 of ten bytes", "85808080808080808001"),
  uint32("a uint32 of ten bytes whose last is 127", "8580808080808080807f"),
  uint32("a uint32 of ten bytes whose last is 127 with more behind it", "8580808080808080807f 10051005100510051005"),
  uint32("a uint32 of eleven bytes", "8580808080808080808001"),
  uint32("a uint32 of eleven bytes with more behind it", "8580808080808080808001 10051005100510051005"),
  uint32("a uint32 that is cut short", "85"),
];

const TEXTS: readonly WireInput[] = [
  text("a string of nothing", ""),
  text("a string of ASCII", "68656c6c6f"),
  text("a string with a NUL", "610062"),
  text("a string with two, three and four bytes a character", "c3a9 e4bda0 f09f9880"),
  text("a string with a byte order mark", "efbbbf 61"),
  text("a string with noncharacters", "efbfbe efbfbf"),
  text("a string with a stray continuation byte", "61 80 62"),
  text("a string with an invalid byte", "61 ff 62"),
  text("a string with an overlong NUL", "c080"),
  text("a string with an overlong slash of three bytes", "e080af"),
  text("a string with an overlong slash of four bytes", "f08080af"),
  text("a string with half a surrogate pair", "61 eda0bd 62"),
  text("a string with a surrogate pair of three bytes each", "eda0bd edb880"),
  text("a string with a character beyond Unicode", "f4908080"),
  text("a string with a sequence of five bytes", "f888808080"),
  text("a string that ends in a sequence of two bytes", "61 c3"),
  text("a string that ends in a sequence of three bytes", "61 e4bd"),
  text("a string that ends in a sequence of four bytes", "61 f09f98"),
  text("a string with a sequence that is broken off", "e4bd 61"),
  text("a string of 40 kB", "616263c3a9".repeat(8_000)),
];

export const PROTOBUF_PARAMETER_INPUTS: readonly WireInput[] = [
  ...LENGTHS,
  ...REQUIRED,
  ...ENUMS,
  ...WIRE_TYPES,
  ...UNKNOWN,
  ...TRUNCATED,
  ...NUMBERS,
  ...TEXTS,
];
