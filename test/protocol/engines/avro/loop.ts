/** A client session and a server session joined by buffers, for tests: no socket, every byte in the test's hands. */
import type { AnyProtocol, MethodDefinition } from "../../../../protocol/definition.js";
import {
  type ClientSession,
  DEFAULT_DECODE_LIMITS,
  type DecodeLimits,
  type MethodHandler,
  type ServerRequest,
  type ServerSession,
  type Service,
  type ServiceLookup,
} from "../../../../protocol/engine.js";
import { avroEngine } from "../../../../protocol/engines/avro.js";
import { RpcError } from "../../../../protocol/rpc-error.js";
import { ByteReader } from "../../../../protocol/wire/byte-reader.js";
import { ByteWriter } from "../../../../protocol/wire/byte-writer.js";

export function methodOf(protocol: AnyProtocol, name: string): MethodDefinition {
  const method = protocol.methods.get(name);
  if (method === undefined) throw new Error(`no method ${name}`);
  return method;
}

export function lookupOf(...services: Service[]): ServiceLookup {
  return {
    find: (_kind, name, version) =>
      services.find(({ definition }) => definition.name === name && definition.version === version),
    versions: (_kind, name) =>
      services
        .filter(({ definition }) => definition.name === name)
        .map(({ definition }) => definition.version)
        .sort((a, b) => a - b),
  };
}

export function serve(definition: AnyProtocol, handlers: Record<string, (...args: never[]) => unknown>): Service {
  return { definition, handlers: new Map(Object.entries(handlers) as [string, MethodHandler][]) };
}

/** Bytes written by `write`, in a buffer of their own. */
export function bytesOf(write: (out: ByteWriter) => void): Buffer {
  const out = new ByteWriter(1024);
  write(out);
  return Buffer.from(out.take());
}

/** A reader over bytes that lie in the middle of a larger buffer, so that reading past the end would find something. */
export function readerOf(bytes: Uint8Array): ByteReader {
  const buffer = Buffer.alloc(bytes.length + 64, 0x02);
  buffer.set(bytes, 32);
  return new ByteReader(buffer, 32, 32 + bytes.length);
}

/** One connection: calls run at once, and every request and response is kept. */
export class Loop {
  readonly client: ClientSession;
  readonly server: ServerSession;
  readonly requests: Buffer[] = [];
  readonly responses: Buffer[] = [];

  constructor(services: Service[], limits: DecodeLimits = DEFAULT_DECODE_LIMITS) {
    this.client = avroEngine.openClient(limits);
    this.server = avroEngine.openServer(lookupOf(...services), limits);
  }

  request(protocol: AnyProtocol, name: string, ...args: unknown[]): Buffer {
    const bytes = bytesOf((out) => this.client.writeRequest(protocol, methodOf(protocol, name), args, out));
    this.requests.push(bytes);
    return bytes;
  }

  receive(request: Uint8Array): ServerRequest {
    return this.server.readRequest(readerOf(request), "");
  }

  /** Runs a call through both sessions. Throws what the server's side throws, `data` as the client reads it. */
  call(protocol: AnyProtocol, name: string, ...args: unknown[]): unknown {
    const method = methodOf(protocol, name);
    const received = this.receive(this.request(protocol, name, ...args));
    let value: unknown;
    try {
      value = received.handler(...received.readArguments());
    } catch (error) {
      const thrown = RpcError.from(error);
      const body = bytesOf((out) => received.writeError(thrown, out));
      const data = this.client.readError(protocol, method, readerOf(body));
      throw new RpcError(thrown.code, thrown.message, { javaClass: thrown.javaClass, data });
    }
    const response = bytesOf((out) => received.writeResult(value, out));
    this.responses.push(response);
    return this.client.readResult(protocol, method, readerOf(response));
  }
}
