/**
 * The server's half of a connection that carries protobuf calls (Hadoop: ipc/ProtobufRpcEngine2.java, ProtoBufRpcInvoker.call).
 *
 * See request-head.ts for the bytes. Whatever is wrong with them costs the call and never the connection.
 */
import { type AnyProtocol, type MethodDefinition, RPC_KIND } from "../../definition.js";
import type {
  DecodeLimits,
  MethodHandler,
  ServerRequest,
  ServerSession,
  Service,
  ServiceLookup,
} from "../../engine.js";
import { Misfit } from "../../misfit.js";
import { RpcError } from "../../rpc-error.js";
import type { ByteReader } from "../../wire/byte-reader.js";
import type { ByteWriter } from "../../wire/byte-writer.js";
import { type MethodCodec, ProtobufProtocol } from "./definition.js";
import { MissingField, missingText } from "./message-codec.js";
import { MessageReader } from "./message-reader.js";
import { type RequestHead, readRequestHead } from "./request-head.js";

/** Methods whose requests a connection recognizes by their first bytes, without decoding names. */
const MAX_KNOWN_HEADS = 16;
const MAX_KNOWN_HEAD_BYTES = 512;

/** A method of a service, found. */
interface Route {
  readonly protocol: AnyProtocol;
  readonly method: MethodDefinition;
  readonly handler: MethodHandler;
  readonly codec: MethodCodec;
}

interface KnownHead {
  /** The delimited RequestHeaderProto. */
  readonly bytes: Buffer;
  readonly route: Route;
}

export class ProtobufServerSession implements ServerSession {
  readonly #services: ServiceLookup;
  readonly #from: MessageReader;
  readonly #known: KnownHead[] = [];

  constructor(services: ServiceLookup, limits: DecodeLimits) {
    this.#services = services;
    this.#from = new MessageReader(limits);
  }

  readRequest(body: ByteReader, connectionProtocol: string): ServerRequest {
    const { buffer, end, position } = body;
    for (const { bytes, route } of this.#known) {
      if (startsWith(buffer, position, end, bytes)) {
        return new ProtobufRequest(route, this.#from, buffer, position + bytes.length, end);
      }
    }
    const head = this.#readHead(body);
    const route = this.#find(head, connectionProtocol);
    this.#remember(buffer.subarray(position, body.position), route);
    return new ProtobufRequest(route, this.#from, buffer, body.position, end);
  }

  #readHead(body: ByteReader): RequestHead {
    try {
      const length = body.readLength();
      this.#from.reset(body.buffer, body.position, body.position + length);
      body.skip(length);
      return readRequestHead(this.#from);
    } catch (error) {
      throw unreadable(error);
    }
  }

  #find(
    { clientProtocolVersion, declaringClassProtocolName, methodName }: RequestHead,
    connectionProtocol: string,
  ): Route {
    const service = this.#findService(declaringClassProtocolName, clientProtocolVersion);
    const { definition, handlers } = service;
    if (!(definition instanceof ProtobufProtocol)) {
      throw new RpcError("BAD_DEFINITION", `${definition.name} is served as protobuf, and is no protobuf protocol`);
    }
    const method = definition.methods.get(methodName);
    const handler = handlers.get(methodName);
    if (method === undefined || handler === undefined) {
      const message = `Unknown method ${methodName} called on ${connectionProtocol} protocol.`;
      throw new RpcError("ERROR_NO_SUCH_METHOD", message);
    }
    return { protocol: definition, method, handler, codec: definition.codecs[method.index] as MethodCodec };
  }

  #findService(name: string, version: bigint): Service {
    const services = this.#services;
    // Versions are safe integers, and no other number becomes one by rounding.
    const found = services.find(RPC_KIND.protobuf, name, Number(version));
    if (found !== undefined) return found;
    const highest = services.versions(RPC_KIND.protobuf, name).at(-1);
    if (highest === undefined) throw new RpcError("ERROR_NO_SUCH_PROTOCOL", `Unknown protocol: ${name}`);
    // Java has no unsigned longs.
    const asked = BigInt.asIntN(64, version);
    const message = `Protocol ${name} version mismatch. (client = ${asked}, server = ${highest})`;
    throw new RpcError("ERROR_RPC_VERSION_MISMATCH", message);
  }

  #remember(bytes: Buffer, route: Route): void {
    if (bytes.length > MAX_KNOWN_HEAD_BYTES) return;
    if (this.#known.length === MAX_KNOWN_HEADS) this.#known.pop();
    this.#known.unshift({ bytes: Buffer.from(bytes), route });
  }
}

function startsWith(buffer: Buffer, position: number, end: number, bytes: Buffer): boolean {
  const { length } = bytes;
  if (length > end - position) return false;
  // The first bytes hold the header's length and the method's name: other methods differ there.
  for (let i = 0; i < length; i++) {
    if (buffer[position + i] !== bytes[i]) return false;
  }
  return true;
}

/** Bytes that cannot be decoded are an exception of the method for Hadoop, of protobuf's class. */
function unreadable(error: unknown): RpcError {
  const { javaClass, message } = RpcError.from(error, "BAD_BYTES");
  return new RpcError("ERROR_APPLICATION", message, { javaClass, outcome: "refused", cause: error });
}

class ProtobufRequest implements ServerRequest {
  readonly protocol: AnyProtocol;
  readonly method: MethodDefinition;
  readonly handler: MethodHandler;
  readonly #codec: MethodCodec;
  readonly #from: MessageReader;
  readonly #buffer: Buffer;
  readonly #start: number;
  readonly #end: number;

  constructor(route: Route, from: MessageReader, buffer: Buffer, start: number, end: number) {
    this.protocol = route.protocol;
    this.method = route.method;
    this.handler = route.handler;
    this.#codec = route.codec;
    this.#from = from;
    this.#buffer = buffer;
    this.#start = start;
    this.#end = end;
  }

  /** The one message. What follows it is left alone, as Hadoop does. */
  readArguments(): unknown[] {
    const from = this.#from;
    from.reset(this.#buffer, this.#start, this.#end);
    try {
      from.end = from.readLength() + from.position;
      return [this.#codec.request.read(from)];
    } catch (error) {
      throw unreadable(error);
    }
  }

  /** A handler that returns nothing has answered with a message without fields. */
  writeResult(value: unknown, out: ByteWriter): void {
    const { response } = this.#codec;
    const message = value === undefined ? {} : value;
    const mark = out.beginDelimited();
    try {
      response.write(out, message, 0);
    } catch (error) {
      throw new RpcError("ERROR_SERIALIZING_RESPONSE", `${this.protocol.name}.${this.method.name}: ${fault(error)}`, {
        cause: error,
      });
    }
    out.endDelimited(mark);

    function fault(error: unknown): string {
      if (error instanceof Misfit) return error.text("the result");
      if (error instanceof MissingField) return missingText(response.missing(message));
      return `the result cannot be written: ${RpcError.from(error).message}`;
    }
  }

  writeError(): void {}
}
