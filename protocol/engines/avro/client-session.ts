/** The client's half of a connection that carries Avro calls. */
import type { AnyProtocol, MethodDefinition } from "../../definition.js";
import type { ClientSession, DecodeLimits } from "../../engine.js";
import { RpcError } from "../../rpc-error.js";
import type { ByteReader } from "../../wire/byte-reader.js";
import type { ByteWriter } from "../../wire/byte-writer.js";
import { AvroProtocol } from "./avro-protocol.js";
import type { ClientCodec } from "./codec.js";
import { DatumReader } from "./datum-reader.js";
import { Unresolvable } from "./resolution.js";
import { CARRIES_DEFINITION, MAX_PROTOCOLS } from "./wire.js";

/** What the connection knows of a protocol. */
interface Link {
  readonly protocol: AvroProtocol;
  readonly number: number;
  /** The server has been told. */
  told: boolean;
}

export class AvroClientSession implements ClientSession {
  readonly #from: DatumReader;
  readonly #links = new Map<AnyProtocol, Link>();
  #latest: Link | undefined;

  constructor(limits: DecodeLimits) {
    this.#from = new DatumReader(limits);
  }

  /**
   * See wire.ts for the bytes.
   *
   * The protocol counts as told once a request that tells it was written whole. So a request that fails half-way, and is taken
   * back by the caller, leaves the next one to tell it; one that was written is sent, or the connection is lost with its session.
   */
  writeRequest(protocol: AnyProtocol, method: MethodDefinition, args: readonly unknown[], out: ByteWriter): void {
    const latest = this.#latest;
    const link = latest !== undefined && latest.protocol === protocol ? latest : this.#linkOf(protocol);
    if (link.told) out.writeVarint32(link.number << 1);
    else writeDefinition(link, out);
    out.writeVarint32(method.index);
    const codec = link.protocol.clientCodecs[method.index] as ClientCodec;
    codec.writeArguments(out, args, protocol, method);
    link.told = true;
  }

  readResult(protocol: AnyProtocol, method: MethodDefinition, body: ByteReader): unknown {
    return this.#read(protocol, method, body, "result");
  }

  readError(protocol: AnyProtocol, method: MethodDefinition, body: ByteReader): unknown {
    return body.remaining === 0 ? undefined : this.#read(protocol, method, body, "error");
  }

  #read(protocol: AnyProtocol, method: MethodDefinition, body: ByteReader, what: "result" | "error"): unknown {
    const codec = avroProtocol(protocol).clientCodecs[method.index] as ClientCodec;
    const from = this.#from;
    from.reset(body.buffer, body.position, body.end);
    try {
      const value = what === "result" ? codec.readResult(from) : codec.readError(from);
      body.position = from.position;
      return value;
    } catch (error) {
      const fault = error instanceof Unresolvable ? error.text : (error as Error).message;
      throw new RpcError("BAD_RESULT", `${protocol.name}.${method.name}: the ${what} cannot be read: ${fault}`, {
        cause: error,
      });
    }
  }

  #linkOf(protocol: AnyProtocol): Link {
    let link = this.#links.get(protocol);
    if (link === undefined) {
      if (this.#links.size >= MAX_PROTOCOLS) {
        throw new RpcError(
          "BAD_DEFINITION",
          `${protocol.name}: a connection carries at most ${MAX_PROTOCOLS} Avro protocols`,
        );
      }
      link = { protocol: avroProtocol(protocol), number: this.#links.size, told: false };
      this.#links.set(protocol, link);
    }
    this.#latest = link;
    return link;
  }
}

function avroProtocol(protocol: AnyProtocol): AvroProtocol {
  if (protocol instanceof AvroProtocol) return protocol;
  throw new RpcError("BAD_DEFINITION", `${protocol.name} is no Avro protocol: make it with avro()`);
}

function writeDefinition(link: Link, out: ByteWriter): void {
  const { protocol } = link;
  out.writeVarint32((link.number << 1) | CARRIES_DEFINITION);
  let mark = out.beginDelimited();
  out.writeUtf8(protocol.name);
  out.endDelimited(mark);
  out.writeVarint64(BigInt(protocol.version));
  out.writeBytes(protocol.fingerprint);
  mark = out.beginDelimited();
  out.writeUtf8(protocol.text);
  out.endDelimited(mark);
}
