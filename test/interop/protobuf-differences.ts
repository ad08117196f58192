/** Where our server answers protobuf calls otherwise than Hadoop's, and why; see differences.ts. */
import { type Difference, type DifferenceList, refusal, success, text } from "./difference.js";

const INVALID = "org.apache.hadoop.thirdparty.protobuf.InvalidProtocolBufferException";
const IO_EXCEPTION = "java.io.IOException";
const TRUNCATED =
  "While parsing a protocol message, the input ended unexpectedly in the middle of a field.  This could mean either that the " +
  "input has been truncated or that an embedded message misreported its own length.";
const MALFORMED_VARINT = "CodedInputStream encountered a malformed varint.";
const NEGATIVE_SIZE = "CodedInputStream encountered an embedded string or message which claimed to have negative size.";
const END_GROUP = "Protocol message end-group tag did not match expected tag.";
const ALL_MISSING = "Message missing required fields: methodName, declaringClassProtocolName, clientProtocolVersion";

const NAMELESS =
  "Hadoop reads the header once more to name the call in its log, throws there and never answers; ours answers what it threw first";

function unnamed(errorMsg: string, javaClass = INVALID): Difference {
  return refusal(NAMELESS, javaClass, errorMsg);
}

const missing = (...names: string[]): Difference => unnamed(`Message missing required fields: ${names.join(", ")}`);
const badWireType = unnamed("Protocol message tag had invalid wire type.", `${INVALID}$InvalidWireTypeException`);

const SURROGATES = "Java puts one U+FFFD for half a surrogate pair in three bytes, Node one for each byte";

const REQUESTS: DifferenceList = [
  ["an Invocation of the kind of protobuf", unnamed(ALL_MISSING)],
  ["a protobuf call without a body", unnamed(TRUNCATED)],
  ["a RequestHeaderProto whose length is cut short", unnamed(TRUNCATED)],
  ["a RequestHeaderProto whose length has no end", unnamed(MALFORMED_VARINT)],
  ["a RequestHeaderProto of negative length", unnamed(NEGATIVE_SIZE)],
  ["a RequestHeaderProto of a negative length of 64 bits", unnamed(NEGATIVE_SIZE)],
  ["a RequestHeaderProto of the highest length", unnamed(TRUNCATED)],
  ["a RequestHeaderProto that is longer than the frame", unnamed(TRUNCATED)],
  ["a RequestHeaderProto that ends in a field", unnamed(TRUNCATED)],
  ["a RequestHeaderProto that ends in a tag", unnamed(TRUNCATED)],
  ["a RequestHeaderProto that ends in the version", unnamed(TRUNCATED)],
  ["an empty RequestHeaderProto", unnamed(ALL_MISSING)],
  ["a RequestHeaderProto without a method", missing("methodName")],
  ["a RequestHeaderProto without a protocol", missing("declaringClassProtocolName")],
  ["a RequestHeaderProto without a version", missing("clientProtocolVersion")],
  ["a RequestHeaderProto with a method only", missing("declaringClassProtocolName", "clientProtocolVersion")],
  ["a RequestHeaderProto whose method is a number", missing("methodName")],
  ["a RequestHeaderProto whose version is a string", missing("clientProtocolVersion")],
  ["a RequestHeaderProto whose version is of fixed length", missing("clientProtocolVersion")],
  ["a RequestHeaderProto with field 0", unnamed("Protocol message contained an invalid tag (zero).")],
  ["a RequestHeaderProto with wire type 6", badWireType],
  ["a RequestHeaderProto with wire type 7 in an unknown field", badWireType],
  ["a RequestHeaderProto with an end of a group", unnamed(END_GROUP)],
  ["a RequestHeaderProto with a group that does not end", unnamed(END_GROUP)],
  ["a RequestHeaderProto with a length within that is negative", unnamed(NEGATIVE_SIZE)],
  ["a RequestHeaderProto with a length within that is too long", unnamed(TRUNCATED)],
  ["a RequestHeaderProto with an unknown field that is cut short", unnamed(TRUNCATED)],
  ["a RequestHeaderProto whose version takes eleven bytes", unnamed(MALFORMED_VARINT)],
  [
    "a protobuf method that the service lacks on a connection for no protocol",
    text("ours does not tell an absent name from an empty one", "called on null protocol", "called on  protocol"),
  ],
  [
    "a protobuf body of the kind of Writable",
    text("ours says what is wrong with the bytes", ": null", ": the bytes end in the middle of a string"),
  ],
  ["a RequestHeaderProto whose protocol is half a surrogate pair", text(SURROGATES, "\ufffd", "\ufffd".repeat(3))],
];

const PARAMETERS: DifferenceList = [
  [
    "a parameter of the highest length",
    text("Java's sum of length and position overflows; ours needs no sum", "Failed to parse the message.", TRUNCATED),
  ],
  [
    "an end of a group that nobody opened, and no required field",
    text(
      "ours meets the stray tag before it looks for missing fields",
      "Message missing required fields: className",
      END_GROUP,
    ),
  ],
  [
    "a string with half a surrogate pair",
    success(SURROGATES, "1e0a1c08fbffffffffffffffff01120b61efbfbdefbfbdefbfbd621a026964"),
  ],
  [
    "a string with a surrogate pair of three bytes each",
    success(SURROGATES, `250a2308faffffffffffffffff011212${"efbfbd".repeat(6)}1a026964`),
  ],
];

const RESULT = "ours checks a result when it is written, Java when its builder builds it or never";

/** The engine's own answer to a result that it cannot write. */
function unwritten(fault: string): Difference {
  return refusal(RESULT, IO_EXCEPTION, `hrpcd.interop.Raw.addSpanReceiver: ${fault}`, 5);
}

/** What a method threw, as it threw it. */
function thrown(errorMsg: string): Difference {
  return refusal("JavaScript has no ServiceException between a method and the engine", IO_EXCEPTION, errorMsg);
}

const RESULTS: DifferenceList = [
  [
    "an IOException of a protobuf method without a message",
    text("Hadoop sends Java's trace, which begins with the class; ours sends the message", "java.io.IOException", ""),
  ],
  ["a ServiceException within a ServiceException", thrown("deep")],
  ["a ServiceException without a cause", thrown("alone")],
  [
    "a protobuf method that answers null",
    unwritten("the result must be an object (AddSpanReceiverResponseProto), got null"),
  ],
  ["a result without its required field", unwritten("Message missing required fields: id")],
];

const WORKS = "Hadoop's own getProtocolVersions fails for every protocol that is not served in all kinds";

/** ProtocolMetaInfo. */
const META_INFO: DifferenceList = [
  ...["the signature of a protobuf protocol by its class", "the signature of a protobuf protocol by its name"].map(
    (name) =>
      [
        name,
        success(
          "Hadoop's interface has the two methods of VersionedProtocol besides, which nobody calls over protobuf",
          "220a20080110c0a0da810b10ec949e960b10c98c8cca0c10e9e9ccde06109097e3f507",
        ),
      ] as const,
  ),
  [
    "the signature of a protobuf protocol by its name, which is no class",
    success(
      "Hadoop loads a class of that name; ours finds what is served under it",
      "2c0a14080310bd9488fa0e10d0e3f38c0210f2a3a88a030a14080510bd9488fa0e10d0e3f38c0210f2a3a88a03",
    ),
  ],
  [
    "the signature of a class that is no protocol",
    refusal(
      "ours loads no class, and knows the names of what is served only",
      "java.lang.ClassNotFoundException",
      "java.lang.String",
    ),
  ],
  [
    "the versions of a protobuf protocol by its class",
    success(WORKS, "190a170a135250435f50524f544f434f4c5f4255464645521001"),
  ],
  ["the versions of a Writable protocol", success(WORKS, "120a100a0c5250435f5752495441424c451003")],
  ["the versions of a protocol in two versions", success(WORKS, "140a120a0c5250435f5752495441424c4510011002")],
];

/** By the names of the inputs. */
export const PROTOBUF_DIFFERENCES: DifferenceList = [...REQUESTS, ...PARAMETERS, ...RESULTS, ...META_INFO];
