/**
 * Stage 5: encodes responses and writes them. Responses of one connection that are ready in one turn of the event loop leave
 * in one write.
 *
 * A writer is borrowed for the turn and given back, so an idle connection holds none. A connection whose socket does not take its
 * answers at once is reported to `backlog`, which minds that they do not pile up.
 */
import { publish } from "../protocol/events.js";
import { JAVA_CLASS, RemoteError, RPC_ERROR_CODES, RpcError, type RpcErrorCode } from "../protocol/rpc-error.js";
import { ByteWriter, WriterLimitError } from "../protocol/wire/byte-writer.js";
import { CALL_ID, NO_RETRY_COUNT } from "../protocol/wire/request-header.js";
import { writeErrorHeader, writeSuccessHeader } from "../protocol/wire/response-header.js";
import { type SaslMessage, writeSaslMessage } from "../protocol/wire/sasl-message.js";
import type { ServerCall } from "./call.js";
import type { Connection } from "./connection.js";

/** Answers of one turn beyond which they are written before it ends, so that a peer that does not read is noticed in time. */
const EARLY_WRITE_BYTES = 64 * 1024;
/** A longer message of a method's error is cut: it is for people, and a client refuses frames beyond its limit. */
const MAX_MESSAGE_CHARS = 64 * 1024;
/** Writers kept for the next turn; more are only in use when more connections answer in one turn. */
const MAX_SPARE_WRITERS = 64;

export interface ResponderOptions {
  /** Instead of a longer answer its caller gets an error (`hrpcd.server.response.length.max`). */
  readonly maxResponseBytes: number;
  /** A longer response is reported (`ipc.server.max.response.size`). */
  readonly largeResponseBytes: number;
  /** Whether stack traces of methods travel behind the error message. */
  readonly sendStacks: boolean;
  /** Is told of each write that the connection's socket did not take at once. */
  readonly backlog: (connection: Connection) => void;
}

export class Responder {
  readonly #options: ResponderOptions;
  readonly #spare: ByteWriter[] = [];
  #dirty: Connection[] = [];
  readonly #flush = () => this.flush();

  constructor(options: ResponderOptions) {
    this.#options = options;
  }

  /**
   * Answers a call with its result. A result that cannot be encoded becomes ERROR_SERIALIZING_RESPONSE, which is returned.
   */
  respond(call: ServerCall, value: unknown): RpcError | undefined {
    if (call.settled) return undefined;
    call.finish();
    if (call.request.method.oneWay) return undefined;
    let failure: RpcError | undefined;
    const out = this.#writer(call.connection);
    const before = out.length;
    const { maxResponseBytes, largeResponseBytes } = this.#options;
    out.limit = before + maxResponseBytes;
    try {
      const frame = out.beginFrame();
      writeSuccessHeader(out, call.id, call.clientId, call.retryCount);
      call.request.writeResult(value, out);
      out.endFrame(frame);
      if (out.length > out.limit) throw new WriterLimitError(maxResponseBytes);
      out.limit = Number.POSITIVE_INFINITY;
    } catch (thrown) {
      out.rewind(before);
      out.limit = Number.POSITIVE_INFINITY;
      const error = thrown instanceof WriterLimitError ? tooLong(maxResponseBytes) : thrown;
      failed(call, error);
      failure = RpcError.from(error, "ERROR_SERIALIZING_RESPONSE");
      this.#writeError(call, out, "ERROR_SERIALIZING_RESPONSE", failure);
    }
    const bytes = out.length - before;
    if (bytes > largeResponseBytes) {
      publish("hrpcd:response:large", () => ({ ...describe(call), bytes }));
    }
    if (out.length >= EARLY_WRITE_BYTES) this.#write(call.connection);
    return failure;
  }

  /** Answers a call with what its method threw; returns that as it is told. */
  respondError(call: ServerCall, thrown: unknown): RpcError {
    failed(call, thrown);
    const error = RpcError.from(thrown);
    if (call.settled) return error;
    call.finish();
    if (!call.request.method.oneWay) this.#writeError(call, this.#writer(call.connection), undefined, error);
    return error;
  }

  /** Answers a call that never became one: it named what is not served. The connection stays open. */
  refuseCall(connection: Connection, callId: number, clientId: Uint8Array, retryCount: number, error: RpcError): void {
    const out = this.#writer(connection);
    const frame = out.beginFrame();
    writeErrorHeader(out, callId, clientId, retryCount, error.code, error.javaClass, error.message);
    out.endFrame(frame);
  }

  /** Writes a message of the authentication. */
  respondSasl(connection: Connection, message: SaslMessage): void {
    const out = this.#writer(connection);
    const frame = out.beginFrame();
    writeSuccessHeader(out, CALL_ID.sasl, NO_CLIENT_ID, NO_RETRY_COUNT);
    writeSaslMessage(out, message);
    out.endFrame(frame);
  }

  /** Turns a connection away: what is ready goes first, then the FATAL answer, then the end. */
  refuseConnection(connection: Connection, callId: number, retryCount: number, error: RpcError): void {
    if (connection.over) return;
    const out = this.#writer(connection);
    const frame = out.beginFrame();
    writeErrorHeader(out, callId, NO_CLIENT_ID, retryCount, error.code, error.javaClass, error.message, true);
    out.endFrame(frame);
    connection.refuse(error.message, this.#takeBack(connection, out));
  }

  /**
   * Takes leave of a peer whose every call that was read has its answer: a FATAL answer that is no call's tells that whatever it
   * has sent since did not run. Hadoop's clients give it to all calls that wait (ipc/Client.java receiveRpcResponse).
   */
  dismiss(connection: Connection, error: RpcError): void {
    if (connection.over) return;
    const out = this.#writer(connection);
    const frame = out.beginFrame();
    writeErrorHeader(out, CALL_ID.none, NO_CLIENT_ID, NO_RETRY_COUNT, error.code, error.javaClass, error.message);
    out.endFrame(frame);
    connection.end(error.message, this.#takeBack(connection, out));
  }

  /** Writes an error answer; without a code, the one that what a method threw travels under. */
  #writeError(call: ServerCall, out: ByteWriter, code: RpcErrorCode | undefined, error: RpcError): void {
    const frame = out.beginFrame();
    const text = textOf(error, this.#options.sendStacks);
    writeErrorHeader(out, call.id, call.clientId, call.retryCount, code ?? text.code, text.javaClass, text.message);
    const behindHeader = out.length;
    try {
      call.request.writeError(error, out);
    } catch (cause) {
      // The declared error does not fit its schema: the message still travels, the data does not.
      out.rewind(behindHeader);
      failed(call, cause);
    }
    out.endFrame(frame);
  }

  #writer(connection: Connection): ByteWriter {
    let out = connection.out;
    if (out === undefined) {
      out = this.#spare.pop() ?? new ByteWriter();
      connection.out = out;
      if (this.#dirty.push(connection) === 1) process.nextTick(this.#flush);
    }
    return out;
  }

  #takeBack(connection: Connection, out: ByteWriter): Buffer {
    const bytes = out.take();
    connection.out = undefined;
    if (this.#spare.length < MAX_SPARE_WRITERS) this.#spare.push(out);
    return bytes;
  }

  /** Writes now what would leave at the end of this turn. */
  flush(): void {
    const dirty = this.#dirty;
    this.#dirty = [];
    for (const connection of dirty) this.#write(connection);
  }

  #write(connection: Connection): void {
    const out = connection.out;
    if (out === undefined) return;
    const bytes = this.#takeBack(connection, out);
    if (connection.over) return;
    connection.sentBytes += bytes.length;
    connection.counters.sentBytes += bytes.length;
    // A stream that took everything will not tell us when it has drained.
    const taken = connection.stream.write(bytes);
    if (!taken && connection.stream.writableLength > 0) this.#options.backlog(connection);
  }
}

const NO_CLIENT_ID = Buffer.alloc(0);

function tooLong(maxBytes: number): RpcError {
  const remedy = "ask for less at once, or raise hrpcd.server.response.length.max";
  return new RpcError("ERROR_SERIALIZING_RESPONSE", `the answer is longer than ${maxBytes} bytes: ${remedy}`);
}

/**
 * The code under which a method's error travels. An RpcServerException keeps its own (Hadoop: ipc/Server.java); whatever arose
 * on this side or came from another server is the method's failure, and a method cannot close its caller's connection.
 */
function codeOfThrown(error: RpcError): RpcErrorCode {
  const info: { readonly wire?: number; readonly fatal: boolean } = RPC_ERROR_CODES[error.code];
  return info.wire === undefined || info.fatal || error instanceof RemoteError ? "ERROR_APPLICATION" : error.code;
}

/** What travels of an error. An object that was thrown may answer with anything, or throw, when it is asked what it is. */
function textOf(error: RpcError, withStacks: boolean): { code: RpcErrorCode; javaClass: string; message: string } {
  try {
    const javaClass = String(error.javaClass);
    const message = String(withStacks ? withStack(error) : error.message);
    return { code: codeOfThrown(error), javaClass, message: cut(message) };
  } catch {
    return { code: "ERROR_APPLICATION", javaClass: JAVA_CLASS.ioException, message: "an unprintable error was thrown" };
  }
}

function cut(message: string): string {
  if (message.length <= MAX_MESSAGE_CHARS) return message;
  return `${message.slice(0, MAX_MESSAGE_CHARS)}... (${message.length} characters)`;
}

/** The message and the stack behind it, in the form of a Java trace. */
function withStack(error: RpcError): string {
  const source = error.cause instanceof Error ? error.cause : error;
  const frames = (source.stack ?? "").split("\n").filter((line) => line.startsWith("    at "));
  return [error.message, ...frames.map((line) => `\t${line.trim()}`)].join("\n");
}

function failed(call: ServerCall, error: unknown): void {
  publish("hrpcd:call:failed", () => ({ ...describe(call), user: call.user?.name ?? "", error }));
}

function describe(call: ServerCall): { peer: string; protocol: string; method: string } {
  return { peer: call.connection.peer, protocol: call.protocolName, method: call.methodName };
}
