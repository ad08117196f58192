/**
 * The seven bytes that open a connection, and the answers to peers that open it otherwise (wire version 9).
 *
 * ```
 *   | 'h' 'r' 'p' 'c' | version 9 | service class | authentication: 00 none, df SASL |
 * ```
 * Hadoop: ipc/Server.java readAndProcess, setupBadVersionResponse, setupHttpRequestOnIpcPortResponse.
 */
import { JAVA_CLASS } from "../rpc-error.js";
import { ByteWriter } from "./byte-writer.js";
import { encodeFatalResponse } from "./response-header.js";
import { WIRE_VERSION } from "./wire-version.js";

/** Bytes of a preamble. */
export const PREAMBLE_BYTES = 7;

/** Authentication by its number in the preamble (Hadoop: ipc/Server.java AuthProtocol). */
const AUTH_PROTOCOL = { none: 0, sasl: -33 } as const;

const MAGIC = 0x68727063;
const HTTP_GET = 0x47455420;

/** What a server makes of the first seven bytes. `answer` is written before the connection closes; it may be empty. */
export type Preamble =
  | { readonly kind: "hrpc"; readonly serviceClass: number; readonly auth: "none" | "sasl" }
  | { readonly kind: "refused"; readonly reason: string; readonly answer: Buffer };

/** The seven bytes of a client. Of the service class (default 0) the low eight bits travel, as in Hadoop. */
export function encodePreamble(auth: "none" | "sasl" = "none", serviceClass = 0): Buffer {
  const bytes = Buffer.alloc(PREAMBLE_BYTES);
  bytes.writeInt32BE(MAGIC, 0);
  bytes.writeInt8(WIRE_VERSION, 4);
  bytes.writeUInt8(serviceClass & 0xff, 5);
  bytes.writeInt8(AUTH_PROTOCOL[auth], 6);
  return bytes;
}

/** Reads the first seven bytes of a connection (`bytes` has them all) in the order in which Hadoop's server judges them. */
export function parsePreamble(bytes: Buffer): Preamble {
  const magic = bytes.readInt32BE(0);
  if (magic === HTTP_GET) return { kind: "refused", reason: "an HTTP GET request", answer: HTTP_ANSWER };
  const version = bytes.readInt8(4);
  if (magic !== MAGIC || version !== WIRE_VERSION) {
    const reason = magic === MAGIC ? `wire version ${version}` : `not Hadoop RPC: first bytes ${bytes.toString("hex")}`;
    return { kind: "refused", reason, answer: encodeBadVersion(version) };
  }
  const auth = bytes.readInt8(6);
  if (auth === AUTH_PROTOCOL.none || auth === AUTH_PROTOCOL.sasl) {
    return { kind: "hrpc", serviceClass: bytes.readInt8(5), auth: auth === AUTH_PROTOCOL.none ? "none" : "sasl" };
  }
  const message = `Unknown auth protocol:${auth}`;
  return {
    kind: "refused",
    reason: message,
    answer: encodeFatalResponse("FATAL_UNAUTHORIZED", JAVA_CLASS.ipc, message),
  };
}

/** The unframed text for a web browser, 187 bytes. */
const HTTP_ANSWER = Buffer.from(
  "HTTP/1.1 404 Not Found\r\nContent-type: text/plain\r\n\r\n" +
    "It looks like you are making an HTTP request to a Hadoop IPC port. " +
    "This is not the correct port for the web interface on this daemon.\r\n",
);

/**
 * The answer to a client of another version, in the form that such a client reads:
 * ```
 *   version 2     | 0, 4 BE | 01 |           class: length 4 BE, UTF-8 | message: length 4 BE, UTF-8 |
 *   version 3..8  | -1, 4 BE | -1, 4 BE |    class: length 4 BE, UTF-8 | message: length 4 BE, UTF-8 |
 *   version 9..   a frame with status FATAL
 *   otherwise     nothing
 * ```
 */
function encodeBadVersion(version: number): Buffer {
  const message = `Server IPC version ${WIRE_VERSION} cannot communicate with client version ${version}`;
  if (version >= WIRE_VERSION) {
    return encodeFatalResponse("FATAL_VERSION_MISMATCH", JAVA_CLASS.versionMismatch, message);
  }
  const out = new ByteWriter(256);
  if (version >= 3) {
    out.writeInt32(-1);
    out.writeInt32(-1);
  } else if (version === 2) {
    out.writeInt32(0);
    out.writeByte(1);
  } else {
    return out.take();
  }
  for (const text of [JAVA_CLASS.versionMismatch, message]) {
    const bytes = Buffer.from(text);
    out.writeInt32(bytes.length);
    out.writeBytes(bytes);
  }
  return out.take();
}
