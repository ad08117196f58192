/** A client session and a server session joined by buffers, for tests: no socket, every byte in the test's hands. */
import type { AnyProtocol } from "../../../../protocol/definition.js";
import {
  type ClientSession,
  DEFAULT_DECODE_LIMITS,
  type DecodeLimits,
  type ServerRequest,
  type ServerSession,
  type Service,
} from "../../../../protocol/engine.js";
import { avroEngine } from "../../../../protocol/engines/avro.js";
import { RpcError } from "../../../../protocol/rpc-error.js";
import { bytesOf, lookupOf, methodOf, readerOf } from "../../../helpers/sessions.js";

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
