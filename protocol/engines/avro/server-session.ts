/**
 * The server's half of a connection that carries Avro calls.
 *
 * A connection's table maps the numbers that the client gives to protocols. What cannot be served stands in it too, with
 * its reason, since later calls name the number only.
 */
import { type AnyProtocol, type MethodDefinition, RPC_KIND } from "../../definition.js";
import {
  DECODE_LIMIT_KEYS,
  type DecodeLimits,
  type MethodHandler,
  type ServerRequest,
  type ServerSession,
  type Service,
  type ServiceLookup,
} from "../../engine.js";
import { Misfit } from "../../misfit.js";
import { JAVA_CLASS, RpcError, type RpcErrorCode } from "../../rpc-error.js";
import type { ByteReader } from "../../wire/byte-reader.js";
import type { ByteWriter } from "../../wire/byte-writer.js";
import { AvroProtocol, type PeerVersion } from "./avro-protocol.js";
import type { ServerCodec } from "./codec.js";
import { DatumReader } from "./datum-reader.js";
import { Unresolvable } from "./resolution.js";
import { FINGERPRINT_BYTES, fingerprintOf } from "./schema-text.js";
import { CARRIES_DEFINITION, MAX_PROTOCOL_NAME_BYTES, MAX_PROTOCOLS } from "./wire.js";

/** Schema text that one connection may tell, as a multiple of the limit for one text. */
const MAX_TEXTS_PER_CONNECTION = 4;

/** A method on a connection: everything a call needs. */
interface Target {
  readonly protocol: AnyProtocol;
  readonly method: MethodDefinition;
  readonly handler: MethodHandler;
  readonly codec: ServerCodec;
}

/** What a number stands for. */
type Entry =
  | {
      readonly served: true;
      readonly service: Service;
      readonly peer: PeerVersion;
      readonly targets: (Target | undefined)[];
    }
  | { readonly served: false; readonly code: RpcErrorCode; readonly message: string };

export class AvroServerSession implements ServerSession {
  readonly #services: ServiceLookup;
  readonly #limits: DecodeLimits;
  readonly #from: DatumReader;
  readonly #entries = new Map<number, Entry>();
  #textBytesLeft: number;

  constructor(services: ServiceLookup, limits: DecodeLimits) {
    this.#services = services;
    this.#limits = limits;
    this.#from = new DatumReader(limits);
    this.#textBytesLeft = limits.maxSchemaBytes * MAX_TEXTS_PER_CONNECTION;
  }

  /** See wire.ts for the bytes. */
  readRequest(body: ByteReader): ServerRequest {
    let tag: number;
    let place: number;
    try {
      tag = body.readVarint32();
      if ((tag & CARRIES_DEFINITION) !== 0) this.#readDefinition(tag >>> 1, body);
      place = body.readVarint32();
    } catch (error) {
      throw malformed(error);
    }
    const entry = this.#entries.get(tag >>> 1);
    if (entry === undefined) throw malformed(`protocol number ${tag >>> 1} was never defined on this connection`);
    if (!entry.served) throw new RpcError(entry.code, entry.message);
    const target = entry.targets[place] ?? findTarget(entry.service, entry.peer, entry.targets, place);
    return new AvroRequest(target, this.#from, body.buffer, body.position, body.end);
  }

  #readDefinition(number: number, body: ByteReader): void {
    if (number >= MAX_PROTOCOLS)
      throw new RpcError("BAD_BYTES", `protocol number ${number}; ${MAX_PROTOCOLS} are allowed`);
    const nameBytes = body.readLength();
    if (nameBytes > MAX_PROTOCOL_NAME_BYTES) {
      throw new RpcError("BAD_BYTES", `a protocol name of ${nameBytes} bytes; ${MAX_PROTOCOL_NAME_BYTES} are allowed`);
    }
    const name = body.readUtf8(nameBytes);
    const version = Number(body.readVarint64());
    const fingerprint = body.readBytes(FINGERPRINT_BYTES);
    const text = body.readBytes(body.readLength());
    this.#entries.set(number, this.#entryFor(name, version, fingerprint, text));
  }

  #entryFor(name: string, version: number, fingerprint: Buffer, text: Buffer): Entry {
    const service = this.#services.find(RPC_KIND.avro, name, version);
    if (service === undefined) return this.#notServed(name, version);
    const own = service.definition;
    if (!(own instanceof AvroProtocol))
      throw new RpcError("BAD_DEFINITION", `${name} is served as Avro, and is no Avro protocol`);
    const most = this.#limits.maxSchemaBytes;
    if (text.length > most) {
      const message = `Protocol ${name}: the client's schema takes ${text.length} bytes, ${most} are allowed (${DECODE_LIMIT_KEYS.maxSchemaBytes}).`;
      return { served: false, code: "ERROR_RPC_SERVER", message };
    }
    this.#textBytesLeft -= text.length;
    if (this.#textBytesLeft < 0) {
      const most = `${MAX_TEXTS_PER_CONNECTION} times ${DECODE_LIMIT_KEYS.maxSchemaBytes}`;
      throw new RpcError("BAD_BYTES", `the connection has told more bytes of schemas than it may, ${most}`);
    }
    const string = text.toString("utf8");
    if (!fingerprintOf(string).equals(fingerprint))
      throw new RpcError("BAD_BYTES", "a fingerprint is not that of its schema");
    return { served: true, service, peer: own.peerVersion(fingerprint, string), targets: [] };
  }

  #notServed(name: string, version: number): Entry {
    const highest = this.#services.versions(RPC_KIND.avro, name).at(-1);
    if (highest === undefined)
      return { served: false, code: "ERROR_NO_SUCH_PROTOCOL", message: `Unknown protocol: ${name}` };
    const message = `Protocol ${name} version mismatch. (client = ${version}, server = ${highest})`;
    return { served: false, code: "ERROR_RPC_VERSION_MISMATCH", message };
  }
}

function findTarget(service: Service, peer: PeerVersion, targets: (Target | undefined)[], place: number): Target {
  if (place >= peer.size) throw malformed(`method number ${place}; the client's protocol has ${peer.size}`);
  const { method, codec } = peer.method(place);
  const { definition: protocol } = service;
  const handler = service.handlers.get(method.name);
  if (handler === undefined) {
    throw new RpcError("ERROR_NO_SUCH_METHOD", `Unknown method ${method.name} called on ${protocol.name} protocol.`);
  }
  const target = { protocol, method, handler, codec };
  targets[place] = target;
  return target;
}

function malformed(error: unknown): RpcError {
  const text = error instanceof Error ? error.message : String(error);
  return new RpcError("FATAL_DESERIALIZING_REQUEST", `An Avro request is malformed: ${text}`, {
    ...(error instanceof Error ? { cause: error } : {}),
  });
}

class AvroRequest implements ServerRequest {
  readonly protocol: AnyProtocol;
  readonly method: MethodDefinition;
  readonly handler: MethodHandler;
  readonly #codec: ServerCodec;
  readonly #from: DatumReader;
  readonly #buffer: Buffer;
  readonly #start: number;
  readonly #end: number;

  constructor(target: Target, from: DatumReader, buffer: Buffer, start: number, end: number) {
    this.protocol = target.protocol;
    this.method = target.method;
    this.handler = target.handler;
    this.#codec = target.codec;
    this.#from = from;
    this.#buffer = buffer;
    this.#start = start;
    this.#end = end;
  }

  readArguments(): unknown[] {
    const from = this.#from;
    from.reset(this.#buffer, this.#start, this.#end);
    try {
      return this.#codec.readArguments(from);
    } catch (error) {
      const message = `${this.#where}: the arguments cannot be read: ${textOf(error)}`;
      throw new RpcError("ERROR_APPLICATION", message, {
        javaClass: JAVA_CLASS.ioException,
        outcome: "refused",
        cause: error,
      });
    }
  }

  writeResult(value: unknown, out: ByteWriter): void {
    try {
      this.#codec.writeResult(out, value);
    } catch (error) {
      const fault =
        error instanceof Misfit ? error.text("the result") : `the result cannot be written: ${textOf(error)}`;
      throw new RpcError("ERROR_SERIALIZING_RESPONSE", `${this.#where}: ${fault}`, { cause: error });
    }
  }

  writeError(error: RpcError, out: ByteWriter): void {
    this.#codec.writeError(out, error);
  }

  get #where(): string {
    return `${this.protocol.name}.${this.method.name}`;
  }
}

function textOf(error: unknown): string {
  if (error instanceof Unresolvable) return error.text;
  return error instanceof Error ? error.message : String(error);
}
