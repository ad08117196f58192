/** Bodies of the Writable engine, good and bad: sections 9 and 17 of the wire's description. */
import { type ByteBuilder, bytes } from "../../helpers/byte-builder.js";
import {
  callFrame,
  contextFrame,
  frame,
  type InvocationParts,
  invocation,
  NONE,
  READY,
  requestHeader,
  type WireInput,
} from "./input.js";

const VERSIONED_PROTOCOL = "org.apache.hadoop.ipc.VersionedProtocol";
const WRITABLE = "org.apache.hadoop.io.Writable";
const NULL_INSTANCE = "org.apache.hadoop.io.ObjectWritable$NullInstance";
const COMPACT = "org.apache.hadoop.io.ArrayPrimitiveWritable$Internal";

/** A call that is answered, with a value or an error, after which the connection goes on. */
function answered(name: string, parts: InvocationParts): WireInput {
  return { name, bytes: Buffer.concat([READY, callFrame(parts)]), fate: "ready", answers: 1 };
}

/** A call whose body cannot be read: one answer and the end. */
function unreadable(name: string, parts: InvocationParts): WireInput {
  return { name, bytes: Buffer.concat([READY, callFrame(parts)]), fate: "closed", answers: 1 };
}

/** A body cut off behind this many bytes. */
function cut(name: string, length: number): WireInput {
  const body = invocation().build().subarray(0, length);
  return { name, bytes: Buffer.concat([READY, frame(requestHeader(), body)]), fate: "closed", answers: 1 };
}

function one(value: ByteBuilder): Pick<InvocationParts, "count" | "parameters"> {
  return { count: 1, parameters: value };
}

const REFUSED: readonly WireInput[] = [
  answered("another version of the Writable engine", { rpcVersion: 3n }),
  answered("a negative version of the Writable engine", { rpcVersion: -2n }),
  answered("a protocol that nobody serves", { protocol: "no.Such" }),
  answered("a protocol without a name", { protocol: "" }),
  answered("a higher version of the protocol", { version: 4n }),
  answered("a lower version of the protocol", { version: 0n }),
  answered("a negative version of the protocol", { version: -1n }),
  answered("the highest version there can be", { version: 9223372036854775807n }),
  answered("a version above two served ones", { protocol: "hrpcd.interop.Versioned", version: 9n }),
  answered("a method that is not served", { method: "nowhere" }),
  answered("a method without a name", { method: "" }),
  answered("a method name that is special in JavaScript", { method: "__proto__" }),
  answered("another method name that is special in JavaScript", { method: "constructor" }),
  answered("too few parameters", { count: 0, parameters: bytes() }),
  answered("too many parameters", { count: 2, parameters: bytes().string16("int").int32(1).string16("int").int32(2) }),
  answered("a parameter of another type", one(bytes().string16("long").int64(1n))),
  answered("a String for an int", one(bytes().string16("java.lang.String").string16("42"))),
  answered("a method of a super-interface under the sub-interface's name", {
    method: "fromBase",
    ...one(bytes().string16("java.lang.String").string16("x")),
  }),
];

function versioned(name: string, connectionProtocol: string | undefined): WireInput {
  const parameters = bytes().string16("java.lang.String").string16("whatever").string16("long").int64(9n);
  const call = callFrame({
    protocol: VERSIONED_PROTOCOL,
    method: "getProtocolVersion",
    version: 0n,
    count: 2,
    parameters,
  });
  const context = contextFrame({ userInfo: { effectiveUser: "alice" }, protocol: connectionProtocol });
  return { name, bytes: Buffer.concat([NONE, context, call]), fate: "ready", answers: 1 };
}

const VERSIONED: readonly WireInput[] = [
  versioned("getProtocolVersion goes by the connection's protocol", "hrpcd.interop.Everything"),
  versioned("getProtocolVersion of a protocol in two versions", "hrpcd.interop.Versioned"),
  versioned("getProtocolVersion on a connection for a protocol that nobody serves", "no.Such"),
  versioned("getProtocolVersion on a connection for no protocol", undefined),
  answered("a method that VersionedProtocol lacks", { protocol: VERSIONED_PROTOCOL, method: "nowhere", version: 0n }),
];

const ACCEPTED: readonly WireInput[] = [
  answered("bytes behind the last parameter", one(bytes().string16("int").int32(1).utf8("more"))),
  answered("a boolean of 2", { method: "echoBoolean", ...one(bytes().string16("boolean").byte(2)) }),
  answered("an int[] in the long form", {
    method: "echoInts",
    ...one(bytes().string16("[I").int32(2).string16("int").int32(1).string16("int").int32(-1)),
  }),
  answered("an int[] in the compact form", {
    method: "echoInts",
    ...one(bytes().string16(COMPACT).string16("int").int32(2).int32(1).int32(-1)),
  }),
  answered("a null for a String", {
    method: "echoString",
    ...one(bytes().string16(WRITABLE).string16(NULL_INSTANCE).string16("java.lang.String")),
  }),
  answered("a null for an int", one(bytes().string16(WRITABLE).string16(NULL_INSTANCE).string16("int"))),
  answered("a String in modified UTF-8", {
    method: "echoString",
    ...one(bytes().string16("java.lang.String").uint16(2).hex("c080")),
  }),
  answered("a String with a four-byte sequence", {
    method: "echoString",
    ...one(bytes().string16("java.lang.String").string16("\u{1f600}")),
  }),
  answered("a Text that is not UTF-8", {
    method: "echoText",
    ...one(bytes().string16("org.apache.hadoop.io.Text").string16("org.apache.hadoop.io.Text").hex("02 c328")),
  }),
  answered("a float that is a NaN with a payload", {
    method: "echoFloat",
    ...one(bytes().string16("float").hex("7fc00001")),
  }),
];

const UNREADABLE: readonly WireInput[] = [
  cut("an empty body", 0),
  cut("a body that ends in the engine's version", 5),
  cut("a body that ends in the protocol's name", 20),
  cut("a body that ends in the method's name", 40),
  cut("a body that ends in the protocol's version", 47),
  cut("a body that ends in the number of parameters", 56),
  cut("a body that ends before its parameter", 59),
  cut("a body that ends in its parameter", 66),
  unreadable("more parameters than there are bytes", { count: 1_000 }),
  unreadable("a class that does not exist", one(bytes().string16("no.Such").string16("x"))),
  unreadable("a class without a name", one(bytes().string16(""))),
  unreadable("a Writable whose class does not exist", {
    method: "echoText",
    ...one(bytes().string16("org.apache.hadoop.io.Text").string16("no.Such").byte(0)),
  }),
  unreadable("a class without a constructor for strangers", {
    method: "echoLongArrayWritable",
    ...one(bytes().string16("hrpcd.interop.LongArrayWritable").string16("org.apache.hadoop.io.ArrayWritable").int32(0)),
  }),
  unreadable("an enum constant that does not exist", {
    method: "echoColor",
    ...one(bytes().string16("hrpcd.interop.Color").string16("PUCE")),
  }),
  unreadable("an array of negative length", {
    method: "echoStrings",
    ...one(bytes().string16("[Ljava.lang.String;").int32(-1)),
  }),
  unreadable("a compact array of negative length", {
    method: "echoInts",
    ...one(bytes().string16(COMPACT).string16("int").int32(-1)),
  }),
  unreadable("a compact array of no primitive type", {
    method: "echoInts",
    ...one(bytes().string16(COMPACT).string16("java.lang.String").int32(0)),
  }),
  unreadable("an array longer than its bytes", {
    method: "echoInts",
    ...one(bytes().string16(COMPACT).string16("int").int32(1_000).int32(1)),
  }),
  unreadable("a String that is cut short", {
    method: "echoString",
    ...one(bytes().string16("java.lang.String").uint16(5).utf8("ab")),
  }),
  unreadable("a String with a stray continuation byte", {
    method: "echoString",
    ...one(bytes().string16("java.lang.String").uint16(3).hex("61 80 62")),
  }),
  unreadable("a String that ends in the middle of a character", {
    method: "echoString",
    ...one(bytes().string16("java.lang.String").uint16(2).hex("61 e4")),
  }),
  unreadable("a Text of negative length", {
    method: "echoText",
    ...one(bytes().string16("org.apache.hadoop.io.Text").string16("org.apache.hadoop.io.Text").hex("ff")),
  }),
  unreadable("a BytesWritable longer than its bytes", {
    method: "echoBytesWritable",
    ...one(
      bytes()
        .string16("org.apache.hadoop.io.BytesWritable")
        .string16("org.apache.hadoop.io.BytesWritable")
        .int32(9)
        .byte(1),
    ),
  }),
  unreadable("a negative number of parameters", { count: -1 }),
];

export const INVOCATION_INPUTS: readonly WireInput[] = [...REFUSED, ...VERSIONED, ...ACCEPTED, ...UNREADABLE];
