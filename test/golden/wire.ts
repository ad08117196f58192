/**
 * Whole messages of Hadoop RPC version 9 as bytes, in hexadecimal, with what they say beside them.
 *
 * They were computed from Hadoop's sources and .proto files by a script that shares nothing with this project. The client id is
 * always the sixteen bytes 00 to 0f. Frames include their four length bytes.
 */

const ID = "000102030405060708090a0b0c0d0e0f";
/** "org.apache.hadoop.ipc.RPC$VersionMismatch", 41 bytes. */
const VERSION_MISMATCH = "6f72672e6170616368652e6861646f6f702e6970632e5250432456657273696f6e4d69736d61746368";
/** "Server IPC version 9 cannot communicate with client version " and then the number. */
const BAD_VERSION =
  "536572766572204950432076657273696f6e20392063616e6e6f7420636f6d6d756e6963617465207769746820636c69656e742076657273696f6e20";

export const WIRE = {
  clientId: ID,

  /** The seven bytes that open a connection. */
  preamble: "68727063 09 00 00",
  preambleSasl: "68727063 09 00 df",

  /** User alice opens a connection for protocol demo.Echo. */
  context: `00000030 1a 0802 1000 1805 2210${ID} 2801 14 1207 0a05616c696365 1a09 64656d6f2e4563686f`,
  ping: `0000001b 1a 0802 1000 1807 2210${ID} 2801`,

  /** A SASL client's first frame. */
  saslNegotiate: "0000000e 0a 0802 1000 1841 2200 2801 02 1001",
  /** What a server that has only SIMPLE answers to it. */
  saslSimpleSuccess: "00000012 0e 08dfffffff0f 1000 1809 3a00 4001 02 1000",
  /** Two items of the field `auths`, with their tags: TOKEN without a challenge, and SIMPLE. */
  saslAuthToken: "221e 0a05 544f4b454e 120a 4449474553542d4d4435 1a00 2207 64656661756c74",
  saslAuthSimple: "220a 0a06 53494d504c45 1200",
  /** The header alone of a wrapped response, without frame length. */
  saslWrappedHeader: "08 08dfffffff0f 1000",

  /** Method echo of protocol demo.Echo version 1 over protobuf, parameter {1: "hi"}, call 0. */
  call: `00000034 1a 0802 1000 1800 2210${ID} 2800 13 0a04 6563686f 1209 64656d6f2e4563686f 1801 04 0a02 6869`,
  /** Its answer {1: "hi"}. */
  response: `00000020 1a 0800 1000 1809 3a10${ID} 4000 04 0a02 6869`,
  /** The same with the state id of Java's Long.MIN_VALUE. */
  responseWithState: `0000002b 25 0800 1000 1809 3a10${ID} 4000 4880808080808080808001 04 0a026869`,
  /** java.io.IOException "boom", code 1. */
  responseError: `00000038 37 0800 1001 1809 2213 6a6176612e696f2e494f457863657074696f6e 2a04 626f6f6d 3001 3a10${ID} 4000`,

  /** Answers to clients of wire versions 10, 4 and 2. */
  badVersion10: `0000007c 7b 08ffffffff0f 1002 1809 2229 ${VERSION_MISMATCH} 2a3e ${BAD_VERSION}3130 300e 3a00 4001`,
  badVersion4: `ffffffff ffffffff 00000029 ${VERSION_MISMATCH} 0000003d ${BAD_VERSION}34`,
  badVersion2: `00000000 01 00000029 ${VERSION_MISMATCH} 0000003d ${BAD_VERSION}32`,
  /** Answer to authentication byte 5: org.apache.hadoop.ipc.IpcException "Unknown auth protocol:5". */
  unknownAuth5:
    "0000004e 4d 08ffffffff0f 1002 1809 2222 6f72672e6170616368652e6861646f6f702e6970632e497063457863657074696f6e" +
    "2a17 556e6b6e6f776e20617574682070726f746f636f6c3a35 300f 3a00 4001",
} as const;

/** The unframed answer to a web browser: 187 bytes. */
export const HTTP_ANSWER_LINES = [
  "HTTP/1.1 404 Not Found",
  "Content-type: text/plain",
  "",
  "It looks like you are making an HTTP request to a Hadoop IPC port. " +
    "This is not the correct port for the web interface on this daemon.",
  "",
] as const;

/**
 * The first bytes that old clients and strangers send, and the vector that answers them.
 *
 * Hadoop's own test (TestIPC) replays such recordings: `hrpc`, the version, and then what that
 * version sends next, which a server of version 9 never reads: the user as text in 0.18 and 0.20, the authentication
 * method and the protocol in 0.21.
 * The requests here are made after that description and were not captured; only their first five bytes decide.
 */
export const STRANGERS: readonly { readonly name: string; readonly request: string; readonly answer: string }[] = [
  {
    name: "the client of Hadoop 0.18.3",
    request:
      "68727063 02 00000020 0a5354 52494e475f554749 04746f6464 06 04746f6464 0361646d 066469616c6f7574 00000000 0000000d",
    answer: WIRE.badVersion2,
  },
  {
    name: "the client of Hadoop 0.20.3",
    request: "68727063 03 0000001a 0a5354 52494e475f554749 04746f6464 01 04746f6464 0000000d 00000000",
    answer: `ffffffff ffffffff 00000029 ${VERSION_MISMATCH} 0000003d ${BAD_VERSION}33`,
  },
  {
    name: "the client of Hadoop 0.21.0",
    request: "68727063 04 50 00000024 1b 6f72672e6170616368652e6861646f6f702e6970632e54657374 01 0004746f6464 00000000",
    answer: WIRE.badVersion4,
  },
];
