/** Protobuf bodies that cost a careless decoder far more than their bytes, or that must not be taken for what they are not. */
import { type ProtocolDefinition, parseProto, protobuf } from "../../protocol/index.js";
import { type ByteBuilder, bytes } from "../helpers/byte-builder.js";

/** The name of the protocol that is attacked. */
export const PROTOCOL_NAME = "bench.Bombs";

const PROTO2 = `
  syntax = "proto2"; package bench; import "bench3.proto";
  message Text { optional string text = 1; }
  message Tree { optional Tree child = 1; optional int64 number = 2; optional string text = 3; }
  message Needy { required string name = 1; required int64 number = 2; }
  message Wide {
    repeated Item items = 1; repeated Needy needy = 2; repeated int64 numbers = 3; repeated bytes blobs = 4;
    map<string, int32> entries = 5;
  }
  message Item {
    repeated int32 a = 1; repeated int32 b = 2; repeated int32 c = 3; repeated int32 d = 4; repeated int32 e = 5;
    repeated int32 f = 6; repeated int32 g = 7; repeated int32 h = 8; optional string i = 9 [default = "i"];
  }
  service BombService { rpc tree(Tree) returns (Text); rpc needy(Needy) returns (Text); rpc wide(Wide) returns (Text);
    rpc strict(bench3.Strict) returns (Text); }`;
const PROTO3 = `syntax = "proto3"; package bench3; message Strict { string text = 1; }`;

interface Reply {
  readonly text: string;
}

/** The protocol; it takes what it gets. */
export type Bombs = ProtocolDefinition<{
  tree: (request: { readonly number?: bigint }) => Reply;
  needy: (request: { readonly name: string; readonly number: bigint }) => Reply;
  wide: (request: { readonly items: readonly object[] }) => Reply;
  strict: (request: Reply) => Reply;
}>;

export async function loadBombs(): Promise<Bombs> {
  const source = await parseProto({
    "bench.proto": PROTO2,
    "bench3.proto": PROTO3,
  });
  return protobuf({ source, service: "bench.BombService", protocolName: PROTOCOL_NAME, version: 1 });
}

export interface Bomb {
  readonly name: string;
  readonly method: "tree" | "needy" | "wide" | "strict";
  /** The parameter message, without its length. */
  readonly body: Buffer;
  /** What stands before the parameter message, in place of the method's own head. */
  readonly head?: Buffer;
  /** How the error's message begins; undefined if the body is one that protobuf takes. */
  readonly error: string | undefined;
}

const TOO_DEEP = "Protocol message had too many levels of nesting.";
const MALFORMED = "CodedInputStream encountered a malformed varint.";
const TRUNCATED = "While parsing a protocol message, the input ended unexpectedly";
const MISSING = "Message missing required fields: name, number";
const NOT_UTF8 = "Protocol message had invalid UTF-8.";
const TOO_MANY = "the body makes more than 1000000 messages";
const DEPTH = 10_000;
const MEBIBYTE = 1_048_576;

/** A message within a message within a message. The innermost comes first, so that every length is known. */
function nested(depth: number): Buffer {
  let body: Buffer = Buffer.alloc(0);
  for (let i = 0; i < depth; i++) body = bytes().field(1, body).build();
  return body;
}

function repeated(count: number, item: ByteBuilder): Buffer {
  const one = item.build();
  return Buffer.alloc(count * one.length, one);
}

const ELEVEN = "ffffffffffffffffffff01";

function tree(name: string, body: ByteBuilder | Buffer, error: string | undefined): Bomb {
  return { name, method: "tree", body: Buffer.isBuffer(body) ? body : body.build(), error };
}

function wide(name: string, body: Buffer, error: string | undefined): Bomb {
  return { name, method: "wide", body, error };
}

/** Bodies of up to 40 KB. */
export const BOMBS: readonly Bomb[] = [
  tree(`messages ${DEPTH} deep`, nested(DEPTH), TOO_DEEP),
  tree(`unknown groups ${DEPTH} deep`, repeated(DEPTH, bytes().hex("73")), TOO_DEEP),
  tree(
    `unknown groups ${DEPTH} deep, all closed`,
    Buffer.concat([repeated(DEPTH, bytes().hex("73")), repeated(DEPTH, bytes().hex("74"))]),
    TOO_DEEP,
  ),
  tree("an int64 of eleven bytes", bytes().hex(`10 ${ELEVEN}`), MALFORMED),
  tree("a tag of eleven bytes", bytes().hex(ELEVEN), MALFORMED),
  tree("a length of eleven bytes", bytes().hex(`1a ${ELEVEN}`), MALFORMED),
  tree("an unknown field's varint of eleven bytes", bytes().hex(`78 ${ELEVEN}`), MALFORMED),
  tree("a negative length", bytes().hex("1a ffffffffffffffffff01"), "CodedInputStream encountered an embedded string"),
  tree("a length of 2 GiB", bytes().hex("1a ffffffff07 61"), TRUNCATED),
  tree("a group's end without its begin", bytes().hex("74"), "Protocol message end-group tag"),
  tree("wire type 6", bytes().hex("7e 00"), "Protocol message tag had invalid wire type."),
  tree("wire type 7", bytes().hex("7f 00"), "Protocol message tag had invalid wire type."),
  tree("field number 0", bytes().hex("00 00"), "Protocol message contained an invalid tag (zero)."),
  tree("known fields of other wire types", bytes().hex("08 01 12 01 61 1d 00000000"), undefined),
  tree("overlong UTF-8 in a string of proto2", bytes().field(3, bytes().hex("c080 eda080")), undefined),
  {
    name: "overlong UTF-8 in a string of proto3",
    method: "strict",
    body: bytes().field(1, bytes().hex("c080")).build(),
    error: NOT_UTF8,
  },
  {
    name: "a surrogate in a string of proto3",
    method: "strict",
    body: bytes().field(1, bytes().hex("eda080")).build(),
    error: NOT_UTF8,
  },
  { name: "required fields that are missing", method: "needy", body: Buffer.alloc(0), error: MISSING },
  {
    name: "required fields of other wire types",
    method: "needy",
    body: bytes().hex("08 01 12 01 61").build(),
    error: MISSING,
  },
  {
    name: "20,000 unknown fields before required ones that are missing",
    method: "needy",
    body: repeated(20_000, bytes().hex("7800")),
    error: MISSING,
  },
  tree("a number given 20,000 times", repeated(20_000, bytes().hex("1001")), undefined),
  tree("a text given 10,000 times", repeated(10_000, bytes().field(3, "a")), undefined),
  tree("a message given 10,000 times", repeated(10_000, bytes().field(1, bytes().hex("1001"))), undefined),
  {
    name: "a request header of groups",
    method: "tree",
    head: bytes()
      .delimited(repeated(DEPTH, bytes().hex("73")))
      .build(),
    body: Buffer.alloc(0),
    error: TOO_DEEP,
  },
  {
    name: "a request header of nothing",
    method: "tree",
    head: bytes().hex("00").build(),
    body: Buffer.alloc(0),
    error: "Message missing required fields: methodName",
  },
  {
    name: "a request header longer than its frame",
    method: "tree",
    head: bytes().hex("ffffff7f").build(),
    body: Buffer.alloc(0),
    error: TRUNCATED,
  },
];

/** Bodies of one mebibyte that are made of the smallest items there are. */
export const AMPLIFIERS: readonly Bomb[] = [
  wide("messages with nine fields of defaults, in 2 bytes each", repeated(MEBIBYTE / 2, bytes().hex("0a00")), TOO_MANY),
  wide(
    "messages that lack required fields, in 2 bytes each",
    repeated(MEBIBYTE / 2, bytes().hex("1200")),
    "Message missing required fields: needy[0].name",
  ),
  wide("numbers of one byte each", bytes().field(3, Buffer.alloc(MEBIBYTE, 1)).build(), undefined),
  wide(
    "numbers of two bytes each",
    bytes()
      .field(3, repeated(MEBIBYTE / 2, bytes().hex("ff7f")))
      .build(),
    undefined,
  ),
  wide("empty byte arrays, in 2 bytes each", repeated(MEBIBYTE / 2, bytes().hex("2200")), TOO_MANY),
  wide("map entries, in 2 bytes each", repeated(MEBIBYTE / 2, bytes().hex("2a00")), TOO_MANY),
];
