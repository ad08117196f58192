/** What protobuf methods answer, every way in which they fail, and the protocol that tells versions and signatures. */
import { bytes } from "../../helpers/byte-builder.js";
import { type ProtobufCallParts, protobufFrame, RAW, READY, type WireInput } from "./input.js";

const HA = "org.apache.hadoop.ha.HAServiceProtocol";
const META = "org.apache.hadoop.ipc.ProtocolMetaInfoPB";

function call(name: string, parts: ProtobufCallParts): WireInput {
  return { name, bytes: Buffer.concat([READY, protobufFrame(parts)]), fate: "ready", answers: 1 };
}

/** `addSpanReceiver` fails as its class name says, or answers the number of its pairs. */
function does(name: string, how: string): WireInput {
  return call(name, { body: bytes().delimited(bytes().field(1, how)) });
}

/** A method of one of Hadoop's services, all of version 1. */
function hadoop(name: string, protocol: string, method: string, digits: string): WireInput {
  return call(name, { protocol, version: 1n, method, body: bytes().delimited(bytes().hex(digits)) });
}

/** `refresh` answers a text of this many characters. */
function large(name: string, length: number): WireInput {
  const body = bytes().delimited(bytes().field(1, "large").field(2, `${length}`));
  return call(name, { protocol: "org.apache.hadoop.ipc.GenericRefreshProtocol", version: 1n, method: "refresh", body });
}

const RESULTS: readonly WireInput[] = [
  does("the result of a protobuf method", "fine"),
  hadoop("an empty result", HA, "transitionToActive", "0a 02 08 00"),
  hadoop("a result with an enum, a boolean and a string", HA, "getServiceStatus", ""),
  hadoop(
    "a result with strings",
    "org.apache.hadoop.tools.GetUserMappingsProtocol",
    "getGroupsForUser",
    "0a 04 726f6f74",
  ),
  hadoop(
    "a result with repeated messages",
    "org.apache.hadoop.ipc.GenericRefreshProtocol",
    "refresh",
    "0a0178 1201 61 1200 1203c3a962",
  ),
  hadoop(
    "a result without any of its repeated messages",
    "org.apache.hadoop.ipc.GenericRefreshProtocol",
    "refresh",
    "0a0178",
  ),
  large("a result of 200 bytes, whose length takes two bytes", 200),
  large("a result of 20 kB", 20_000),
  large("a result of 2 MB", 2_000_000),
];

const FAILURES: readonly WireInput[] = [
  does("an IOException of a protobuf method", "io:disk gone"),
  does("an IOException of a protobuf method with two lines", "io:one\ntwo"),
  does("an IOException of a protobuf method with an empty message", "io:"),
  does("an IOException of a protobuf method without a message", "io"),
  does("an IOException of a protobuf method with characters of every length", "io:caf\u00e9 \u4f60 \u{1f600}"),
  does("a FileNotFoundException of a protobuf method", "file:/no/such"),
  does("an exception of the protobuf service's own", "own:mine"),
  does("an RpcServerException of a protobuf method", "server:not here"),
  does("a StandbyException of a protobuf method", "standby:not active"),
  does("a RetriableException of a protobuf method", "retriable:later"),
  does("an IOException of a protobuf method with a cause", "caused:the outer one"),
  does("an unchecked exception of a protobuf method within a ServiceException", "unchecked:not now"),
  does("an unchecked exception of a protobuf method", "direct:not now"),
  does("an error of a protobuf method", "error:broken"),
  does("an exception that a protobuf method does not declare", "undeclared:stop"),
  does("a ServiceException within a ServiceException", "nested:deep"),
  does("a ServiceException without a cause", "causeless:alone"),
  does("a protobuf method that answers null", "null"),
  does("a result without its required field", "build"),
  hadoop("a HealthCheckFailedException", HA, "monitorHealth", ""),
  hadoop("a ServiceFailedException", HA, "transitionToStandby", "0a 02 08 00"),
  hadoop("an AccessControlException of a protobuf method", HA, "transitionToObserver", "0a 02 08 01"),
  hadoop("a user without groups", "org.apache.hadoop.tools.GetUserMappingsProtocol", "getGroupsForUser", "0a 00"),
];

function versions(name: string, protocol: string): WireInput {
  return call(name, {
    protocol: META,
    version: 1n,
    method: "getProtocolVersions",
    body: bytes().delimited(bytes().field(1, protocol)),
  });
}

function signature(name: string, protocol: string, kind: string): WireInput {
  return call(name, {
    protocol: META,
    version: 1n,
    method: "getProtocolSignature",
    body: bytes().delimited(bytes().field(1, protocol).field(2, kind)),
  });
}

const PB = "RPC_PROTOCOL_BUFFER";

const META_INFO: readonly WireInput[] = [
  signature(
    "the signature of a protobuf protocol by its class",
    "org.apache.hadoop.ha.protocolPB.HAServiceProtocolPB",
    PB,
  ),
  signature("the signature of a protobuf protocol by its name", HA, PB),
  signature(
    "the signature of a protobuf protocol whose class is not named like it",
    "org.apache.hadoop.ipc.protocolPB.GenericRefreshProtocolPB",
    PB,
  ),
  signature("the signature of the protocol that tells signatures", META, PB),
  signature("the signature of two versions of a protobuf protocol", "hrpcd.interop.ProtobufProtocols$RawPB", PB),
  signature("the signature of a protobuf protocol by its name, which is no class", RAW, PB),
  signature(
    "the signature of a protobuf protocol of the Writable kind",
    "org.apache.hadoop.ha.protocolPB.HAServiceProtocolPB",
    "RPC_WRITABLE",
  ),
  signature("the signature of a Writable protocol", "hrpcd.interop.Everything", "RPC_WRITABLE"),
  signature("the signature of a Writable protocol of the protobuf kind", "hrpcd.interop.Everything", PB),
  signature("the signature of a protocol of the builtin kind", "hrpcd.interop.Everything", "RPC_BUILTIN"),
  signature("the signature of a protocol that nobody serves", "no.Such", PB),
  signature("the signature of a class that is no protocol", "java.lang.String", PB),
  signature("the signature of a protocol without a name", "", PB),
  signature("the signature of a protocol of a kind that does not exist", "hrpcd.interop.Everything", "RPC_NOTHING"),
  signature("the signature of a protocol of a kind without a name", "hrpcd.interop.Everything", ""),
  signature("the signature of a protocol that is called __proto__", "__proto__", PB),
  signature("the signature of a protocol of a kind that is called __proto__", "hrpcd.interop.Everything", "__proto__"),
  hadoop("the signature of nothing", META, "getProtocolSignature", ""),
  hadoop("the signature of a protocol of no kind", META, "getProtocolSignature", "0a0178"),
  versions("the versions of a protobuf protocol by its class", "org.apache.hadoop.ha.protocolPB.HAServiceProtocolPB"),
  versions("the versions of a Writable protocol", "hrpcd.interop.Everything"),
  versions("the versions of a protocol in two versions", "hrpcd.interop.Versioned"),
  versions("the versions of a protocol that nobody serves", "no.Such"),
  versions("the versions of a protocol without a name", ""),
  hadoop("the versions of nothing", META, "getProtocolVersions", ""),
  call("the protocol that tells versions, in another version", { protocol: META, version: 2n }),
  call("a method that the protocol that tells versions lacks", { protocol: META, version: 1n, method: "nowhere" }),
];

export const PROTOBUF_RESULT_INPUTS: readonly WireInput[] = [...RESULTS, ...FAILURES, ...META_INFO];
