/**
 * Where our server answers otherwise than Hadoop's, and why. Everything else must be the same.
 *
 * Most are texts: Java's EOFException has no message, so Hadoop says `null` where ours says what is wrong. Code, class and
 * the fate of the connection are Hadoop's in all of those.
 */
import { type Difference, type DifferenceList, text } from "./difference.js";
import { PROTOBUF_DIFFERENCES } from "./protobuf-differences.js";

const UNREADABLE = "IPC server unable to read call parameters: ";
const SAYS_WHAT = "ours says what is wrong with the bytes";
const EARLIER = "ours checks the announced length against the bytes that are there before it reads on";

/** Hadoop's text behind the fixed beginning is replaced as a whole. */
function unreadable(reason: string, theirs: string, ours: string): Difference {
  return text(reason, UNREADABLE + theirs, UNREADABLE + ours);
}

const HEADERS: DifferenceList = [
  [
    "a header that is not complete and has an end-group tag",
    text(
      "ours meets the stray tag before it looks for missing fields",
      "Message missing required fields: callId, clientId",
      "Protocol message end-group tag did not match expected tag.",
    ),
  ],
];

const SASL: DifferenceList = [
  [
    "a response before anything",
    {
      reason: "Hadoop stumbles over a null and closes without a word; ours says why",
      expect: (theirs) => ({
        ...theirs,
        answers: [
          {
            header: {
              callId: 0xffff_ffdf,
              status: 2,
              serverIpcVersionNum: 9,
              exceptionClassName: "javax.security.sasl.SaslException",
              errorMsg: "Client sent RESPONSE before INITIATE",
              errorDetail: 15,
              clientId: Buffer.alloc(0),
              retryCount: -1,
            },
            payload: "",
          },
        ],
      }),
    },
  ],
  [
    "a response without a token before anything",
    text(
      "the answer does not depend on the token",
      "Client did not send a token",
      "Client sent RESPONSE before INITIATE",
    ),
  ],
];

const INVOCATIONS: DifferenceList = [
  [
    "getProtocolVersion on a connection for no protocol",
    text("ours does not tell an absent name from an empty one", "Unknown protocol: null", "Unknown protocol: "),
  ],
  [
    "a null for an int",
    text(
      SAYS_WHAT,
      "java.lang.IllegalArgumentException",
      "java.lang.NullPointerException: hrpcd.interop.Everything.echoInt: argument 1 (int) is null",
    ),
  ],
  [
    "a Text that is not UTF-8",
    {
      reason: "a Text is a string here, and ours refuses what it could not hand on unchanged",
      fate: "closed",
      expect: (theirs) => ({
        ...theirs,
        end: "closed",
        answers: [
          {
            header: {
              callId: 0,
              status: 2,
              serverIpcVersionNum: 9,
              exceptionClassName: "org.apache.hadoop.ipc.RpcServerException",
              errorMsg: `${UNREADABLE}a Text is not UTF-8`,
              errorDetail: 13,
              clientId: Buffer.alloc(0),
              retryCount: 0,
            },
            payload: "",
          },
        ],
      }),
    },
  ],
  ["an empty body", unreadable(SAYS_WHAT, "null", "the bytes end in the middle of the version of WritableRpc")],
  [
    "a body that ends in the engine's version",
    unreadable(SAYS_WHAT, "null", "the bytes end in the middle of the version of WritableRpc"),
  ],
  ["a body that ends in the protocol's name", unreadable(SAYS_WHAT, "null", "the bytes end in the middle of a string")],
  ["a body that ends in the method's name", unreadable(SAYS_WHAT, "null", "the bytes end in the middle of a string")],
  [
    "a body that ends in the protocol's version",
    unreadable(SAYS_WHAT, "null", "the bytes end in the middle of the version, the hash or the number of parameters"),
  ],
  [
    "a body that ends in the number of parameters",
    unreadable(SAYS_WHAT, "null", "the bytes end in the middle of the version, the hash or the number of parameters"),
  ],
  ["a body that ends before its parameter", unreadable(EARLIER, "null", "1 parameters do not fit into 0 bytes")],
  ["a body that ends in its parameter", unreadable(SAYS_WHAT, "null", "the bytes end in the middle of a int")],
  [
    "more parameters than there are bytes",
    unreadable(EARLIER, "null", "1000 parameters are more than the 255 that a method can have"),
  ],
  [
    "a class without a name",
    unreadable(EARLIER, "readObject can't find class ", "1 parameters do not fit into 2 bytes"),
  ],
  [
    "a class without a constructor for strangers",
    unreadable(
      "ours makes values by the declared type and calls no constructor",
      "java.lang.NoSuchMethodException: org.apache.hadoop.io.ArrayWritable.<init>()",
      "a org.apache.hadoop.io.ArrayWritable<org.apache.hadoop.io.LongWritable> came where hrpcd.interop.LongArrayWritable is declared",
    ),
  ],
  ["an array of negative length", unreadable(SAYS_WHAT, "-1", "an array's length is negative: -1")],
  [
    "a compact array of negative length",
    unreadable(SAYS_WHAT, "encoded array length is negative -1", "an array's length is negative: -1"),
  ],
  [
    "a compact array of no primitive type",
    unreadable(
      SAYS_WHAT,
      "encoded array component type java.lang.String is not a candidate primitive type",
      "an array of primitives cannot hold java.lang.String",
    ),
  ],
  [
    "an array longer than its bytes",
    unreadable(EARLIER, "null", "an array of 1000 needs at least 4000 bytes, 4 remain"),
  ],
  ["a String that is cut short", unreadable(SAYS_WHAT, "null", "the bytes end in the middle of a string")],
  [
    "a Text of negative length",
    unreadable(SAYS_WHAT, "Range [0, 0 + -1) out of bounds for length 0", "the length of a Text is negative: -1"),
  ],
  [
    "a BytesWritable longer than its bytes",
    unreadable(SAYS_WHAT, "null", "the bytes end in the middle of a BytesWritable"),
  ],
  ["a negative number of parameters", unreadable(SAYS_WHAT, "-1", "the number of parameters is negative: -1")],
];

const RESULTS: DifferenceList = [
  [
    "an exception without a message",
    text("Hadoop sends Java's trace, which begins with the class; ours sends the message", "java.io.IOException", ""),
  ],
  [
    "a result that cannot be written",
    text(
      "Hadoop sends Java's trace, which begins with the class; ours names the method and the type",
      "java.io.IOException: cannot be written",
      "hrpcd.interop.Everything.failWhileWriting: the result (hrpcd.interop.Unwritable) cannot be written",
    ),
  ],
];

/** By the name of the input. */
export const DIFFERENCES: ReadonlyMap<string, Difference> = new Map([
  ...HEADERS,
  ...SASL,
  ...INVOCATIONS,
  ...RESULTS,
  ...PROTOBUF_DIFFERENCES,
]);
