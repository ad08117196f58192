/**
 * Turns the bytes of a server into answers, and says what is wrong with them. Knows the wire, not the calls.
 *
 * ```
 *   a frame:                        | length L, 4 BE | response header | result or declared error |
 *   first bytes of an old server:   | -1, 4 BE | status, 4 BE | class: length 4 BE, UTF-8 | message: length 4 BE, UTF-8 |
 * ```
 * Hadoop: ipc/Client.java receiveRpcResponse, IpcStreams.readResponse.
 */
import { RpcError } from "../protocol/rpc-error.js";
import { ByteReader } from "../protocol/wire/byte-reader.js";
import { FrameDecoder, FrameLengthError } from "../protocol/wire/frame.js";
import { CALL_ID } from "../protocol/wire/request-header.js";
import { ResponseHeader, RPC_STATUS, readResponseHeader } from "../protocol/wire/response-header.js";
import { type RemoteFailure, remoteFailureOf } from "./remote-failure.js";

/** Whom answers go to. A body is good until the function returns. Any of them may throw, and may call `stop`. */
export interface ReplySink {
  /** A result lies in `body`. */
  onResult(callId: number, body: ByteReader): void;
  /** An error for one call; what a declared error carries lies in `body`. */
  onError(callId: number, failure: RemoteFailure, body: ByteReader): void;
  /** An error after which the server closes the connection; `callId` may be that of no call. */
  onFatal(callId: number, failure: RemoteFailure): void;
}

/** Longest class name or message that an old server may announce, in bytes. */
const MAX_OLD_TEXT_BYTES = 65_536;
/** What an old server's answer begins with; no frame has this length. */
const OLD_SERVER_MARK = -1;
/** "HTTP" where a length should be. */
const HTTP_MARK = 0x48545450;

/** Who is told how far the server's state has come, before the result that says so is handed out. */
export interface StateReceiver {
  /** Either or both are given; the bytes are good until the function returns. */
  receive(stateId: bigint | undefined, routerFederatedState: Buffer | undefined): void;
}

export class ReplyReader {
  readonly #frames: FrameDecoder;
  readonly #clientId: Buffer;
  readonly #sink: ReplySink;
  readonly #states: StateReceiver;
  readonly #reader = new ByteReader();
  readonly #header = new ResponseHeader();
  #oldAnswer = Buffer.alloc(0);
  /** What the next bytes are: a frame or an old server's answer, a frame, an old server's answer, nothing we read. */
  #expecting: "first" | "frame" | "old" | "nothing" = "first";

  /** Frames longer than `maxLength` bytes are refused; answers with a client id must have `clientId`. */
  constructor(maxLength: number, clientId: Buffer, sink: ReplySink, states: StateReceiver) {
    this.#frames = new FrameDecoder(maxLength);
    this.#clientId = clientId;
    this.#header.expectedClientId = clientId;
    this.#sink = sink;
    this.#states = states;
  }

  /** Takes what the stream delivered and hands out the answers that are whole. Throws BAD_REPLY: the stream is of no more use. */
  push(chunk: Buffer): void {
    if (this.#expecting === "nothing") return;
    this.#frames.push(chunk);
    if (this.#expecting === "first") this.#judgeFirst();
    if (this.#expecting === "old") this.#readOldAnswer();
    else if (this.#expecting === "frame") while (this.#nextFrame()) this.#readFrame();
  }

  /** Drops what has come and whatever comes. */
  stop(): void {
    this.#expecting = "nothing";
    this.#frames.clear();
  }

  #judgeFirst(): void {
    const length = this.#frames.peekLength();
    if (length === HTTP_MARK) throw badReply("the server answers in HTTP: is this the port of its web pages?");
    if (length !== undefined) this.#expecting = length === OLD_SERVER_MARK ? "old" : "frame";
  }

  #nextFrame(): boolean {
    try {
      return this.#frames.next();
    } catch (error) {
      if (!(error instanceof FrameLengthError)) throw error;
      throw badReply(
        error.length <= 0
          ? `RPC response has invalid length of ${error.length}`
          : `RPC response has a length of ${error.length} exceeds maximum data length (ipc.maximum.response.length ${this.#frames.maxLength})`,
      );
    }
  }

  #readFrame(): void {
    const reader = this.#reader;
    const header = this.#header;
    reader.reset(this.#frames.buffer, this.#frames.start, this.#frames.end);
    if (reader.remaining === 0) throw badReply("RPC response has invalid length of 0");
    try {
      readResponseHeader(reader, header);
    } catch (error) {
      throw badReply(`the header of a response cannot be decoded: ${RpcError.from(error).message}`, error);
    }
    // Empty in answers from before the server had a call to take the id from.
    const { clientId } = header;
    if (clientId !== this.#clientId && clientId !== undefined && clientId.length > 0)
      throw wrongClientId(this.#clientId, clientId);
    if (header.status === RPC_STATUS.success) {
      this.#receiveState();
      this.#sink.onResult(header.callId, reader);
    } else if (header.status === RPC_STATUS.error) this.#sink.onError(header.callId, remoteFailureOf(header), reader);
    else this.#sink.onFatal(header.callId, remoteFailureOf(header));
  }

  #receiveState(): void {
    const { stateId, routerFederatedState } = this.#header;
    if (stateId === undefined && routerFederatedState === undefined) return;
    this.#states.receive(stateId, routerFederatedState);
  }

  #readOldAnswer(): void {
    const more = this.#frames.take(this.#frames.buffered);
    if (more !== undefined) this.#oldAnswer = Buffer.concat([this.#oldAnswer, more]);
    const javaClass = oldText(this.#oldAnswer, 8);
    if (javaClass === undefined) return;
    const message = oldText(this.#oldAnswer, javaClass.end);
    if (message === undefined) return;
    const failure = { javaClass: javaClass.text, text: message.text };
    const code = "FATAL_VERSION_MISMATCH";
    this.#sink.onFatal(CALL_ID.authorizationFailed, { code, outcome: "refused", ...failure });
  }
}

/** The text at `at` and where it ends; undefined until it has come whole. */
function oldText(bytes: Buffer, at: number): { text: string; end: number } | undefined {
  const start = at + 4;
  if (bytes.length < start) return undefined;
  const length = bytes.readInt32BE(at);
  if (length < 0 || length > MAX_OLD_TEXT_BYTES) {
    throw badReply(
      `an old server's answer announces a text of ${length} bytes; 0 to ${MAX_OLD_TEXT_BYTES} are allowed`,
    );
  }
  const end = start + length;
  return bytes.length < end ? undefined : { text: bytes.toString("utf8", start, end), end };
}

function wrongClientId(ours: Buffer, theirs: Buffer): RpcError {
  return badReply(`Client IDs not matched: local ID=${ours.toString("hex")}, ID in response=${theirs.toString("hex")}`);
}

function badReply(message: string, cause?: unknown): RpcError {
  return new RpcError("BAD_REPLY", message, { cause });
}
