/** Protobuf sessions joined by buffers, and single messages, for tests: no socket, every byte in the test's hands. */
import type { AnyProtocol, MethodDefinition } from "../../../../protocol/definition.js";
import {
  DEFAULT_DECODE_LIMITS,
  type ServerRequest,
  type ServerSession,
  type Service,
} from "../../../../protocol/engine.js";
import { protobufEngine } from "../../../../protocol/engines/protobuf.js";
import type { RpcError } from "../../../../protocol/rpc-error.js";
import { ByteReader } from "../../../../protocol/wire/byte-reader.js";
import { bytes } from "../../../helpers/byte-builder.js";
import { bytesOf, lookupOf, methodOf, readerOf, serve } from "../../../helpers/sessions.js";

export function openServer(...services: Service[]): ServerSession {
  return protobufEngine.openServer(lookupOf(...services), DEFAULT_DECODE_LIMITS);
}

/** A request as Hadoop's client writes it, made without the code under test. */
export function requestBytes(protocol: string, version: number | bigint, method: string, message: Uint8Array): Buffer {
  const head = bytes().byte(0x0a).delimited(Buffer.from(method)).byte(0x12).delimited(Buffer.from(protocol));
  head.byte(0x18).varint(version);
  return bytes().delimited(head.build()).delimited(message).build();
}

/** One method that takes and gives one message type: what its messages are as bytes and as values. */
export class Echo {
  readonly protocol: AnyProtocol;
  readonly #method: MethodDefinition;
  readonly #session: ServerSession;
  readonly #client = protobufEngine.openClient(DEFAULT_DECODE_LIMITS);

  constructor(protocol: AnyProtocol, method: string) {
    this.protocol = protocol;
    this.#method = methodOf(protocol, method);
    this.#session = openServer(serve(protocol, { [method]: () => undefined }));
  }

  receive(message: Uint8Array): ServerRequest {
    const { name, version } = this.protocol;
    return this.#session.readRequest(readerOf(requestBytes(name, version, this.#method.name, message)), name);
  }

  /** A message of the request's type, read by the server. Throws what the server answers. */
  readRequest(message: Uint8Array): unknown {
    return this.receive(message).readArguments()[0];
  }

  /** A message of the response's type, read by the client. */
  readResult(message: Uint8Array): unknown {
    const body = readerOf(bytes().delimited(message).bytes(Buffer.of(9)).build());
    const result = this.#client.readResult(this.protocol, this.#method, body);
    if (body.remaining !== 1) throw new Error(`${body.remaining} bytes are left instead of 1`);
    return result;
  }

  /** The bytes of a value of the response's type, written by the server. */
  writeResult(value: unknown): Buffer {
    return undelimited(bytesOf((out) => this.receive(Buffer.alloc(0)).writeResult(value, out)));
  }

  /** The bytes of a value of the request's type, written by the client. */
  writeRequest(...args: unknown[]): Buffer {
    const sent = readerOf(bytesOf((out) => this.#client.writeRequest(this.protocol, this.#method, args, out)));
    sent.skip(sent.readLength());
    return undelimited(sent.readBytes(sent.remaining));
  }
}

function undelimited(content: Buffer): Buffer {
  const reader = new ByteReader(content);
  const length = reader.readLength();
  if (length !== reader.remaining) throw new Error("bytes follow the message");
  return Buffer.from(reader.readBytes(length));
}

/** The error that a function throws; fails if it throws none. */
export function errorOf(run: () => unknown): RpcError {
  try {
    run();
  } catch (error) {
    return error as RpcError;
  }
  throw new Error("nothing was thrown");
}
