/**
 * Encodes what a client sends on one connection, one frame behind the other, until it is taken to be written.
 *
 * ```
 *   | preamble, 7 bytes | frame: request header with call id -3, connection context |
 *   | frame: request header, request body of the engine | ...
 * ```
 */
import { simple } from "../protocol/auth-methods/simple.js";
import { RPC_KIND } from "../protocol/definition.js";
import type { ClientSession, Engine } from "../protocol/engine.js";
import { RpcError } from "../protocol/rpc-error.js";
import { ByteWriter } from "../protocol/wire/byte-writer.js";
import { writeConnectionContext } from "../protocol/wire/connection-context.js";
import { encodePreamble } from "../protocol/wire/preamble.js";
import {
  CALL_ID,
  NO_RETRY_COUNT,
  type RequestHeaderFields,
  writeRequestHeader,
} from "../protocol/wire/request-header.js";
import type { AlignmentContext, AlignmentFields } from "./alignment-context.js";
import type { Call } from "./call.js";
import type { CallOptions, ClientRecord } from "./options.js";

const MAX_TIMEOUT_MS = 2_147_483_647;
const NO_OPTIONS: CallOptions = {};

export class RequestWriter {
  readonly #client: ClientRecord;
  readonly #engine: Engine;
  readonly #contextProtocol: string;
  readonly #alignment: AlignmentContext;
  readonly #out = new ByteWriter();
  /** Header fields of calls without options, to a server that has told no state. */
  readonly #fields: RequestHeaderFields | undefined;
  #session: ClientSession;

  /** Begins with the handshake; the context names `contextProtocol`. Calls tell what `alignment` has of the server. */
  constructor(client: ClientRecord, engine: Engine, contextProtocol: string, alignment: AlignmentContext) {
    this.#client = client;
    this.#engine = engine;
    this.#contextProtocol = contextProtocol;
    this.#alignment = alignment;
    this.#fields = client.callerContext && { callerContext: client.callerContext };
    this.#session = engine.openClient(client.connection.decodeLimits);
    this.#writeHandshake();
  }

  /** The engine's memory of the connection. */
  get session(): ClientSession {
    return this.#session;
  }

  /** Bytes that wait to be taken. */
  get length(): number {
    return this.#out.length;
  }

  /** Hands out what was encoded since the last time. */
  take(): Buffer {
    return this.#out.take();
  }

  /** Encodes a call. Throws BAD_ARGUMENT and encodes nothing if an argument does not fit. */
  writeCall(call: Call, callId: number): void {
    const out = this.#out;
    const { options } = call;
    const start = out.length;
    try {
      const state = this.#alignment.fields;
      const plain = options === undefined && state === undefined;
      const fields = plain ? this.#fields : this.#fieldsOf(options ?? NO_OPTIONS, state);
      const mark = out.beginFrame();
      writeRequestHeader(out, this.#engine.kind, callId, this.#client.clientId, options?.retryCount ?? 0, fields);
      this.#session.writeRequest(call.protocol, call.method, call.args, out);
      out.endFrame(mark);
    } catch (error) {
      out.rewind(start);
      throw RpcError.from(error, "BAD_ARGUMENT");
    }
  }

  /** Encodes a ping; it cancels a call if `cancelCallId` is given (a wire extension). */
  writePing(cancelCallId?: number): void {
    const out = this.#out;
    const mark = out.beginFrame();
    writeRequestHeader(out, RPC_KIND.protobuf, CALL_ID.ping, this.#client.clientId, NO_RETRY_COUNT, { cancelCallId });
    out.endFrame(mark);
  }

  /** Forgets everything, of which no byte has been taken, and begins again with the handshake and a new session. */
  restart(): void {
    this.#session = this.#engine.openClient(this.#client.connection.decodeLimits);
    this.#out.rewind(0);
    this.#writeHandshake();
  }

  #writeHandshake(): void {
    const { user, realUser, clientId } = this.#client;
    const out = this.#out;
    out.writeBytes(encodePreamble(simple.preamble));
    const mark = out.beginFrame();
    writeRequestHeader(out, RPC_KIND.protobuf, CALL_ID.connectionContext, clientId, NO_RETRY_COUNT);
    const context = { effectiveUser: user, protocol: this.#contextProtocol };
    writeConnectionContext(out, realUser === undefined ? context : { ...context, realUser });
    out.endFrame(mark);
  }

  #fieldsOf(options: CallOptions, state: AlignmentFields | undefined): RequestHeaderFields {
    const { timeoutMs, callerContext = this.#client.callerContext } = options;
    const told = timeoutMs !== undefined && timeoutMs !== Number.POSITIVE_INFINITY;
    return {
      // An empty context is none (Hadoop: util/ProtoUtil.java).
      callerContext: callerContext?.context === "" ? undefined : callerContext,
      stateId: state?.stateId,
      routerFederatedState: state?.routerFederatedState,
      timeoutMs: told ? Math.min(Math.ceil(timeoutMs), MAX_TIMEOUT_MS) : undefined,
    };
  }
}
