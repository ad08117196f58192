/** The client's half of a connection that carries protobuf calls. */
import type { AnyProtocol, MethodDefinition } from "../../definition.js";
import type { ClientSession, DecodeLimits } from "../../engine.js";
import { Misfit } from "../../misfit.js";
import { RpcError } from "../../rpc-error.js";
import type { ByteReader } from "../../wire/byte-reader.js";
import type { ByteWriter } from "../../wire/byte-writer.js";
import { type MethodCodec, ProtobufProtocol } from "./definition.js";
import { type MessageCodec, MissingField, missingText } from "./message-codec.js";
import { MessageReader } from "./message-reader.js";
import { messageOf, messageText } from "./type-node.js";

export class ProtobufClientSession implements ClientSession {
  readonly #from: MessageReader;

  constructor(limits: DecodeLimits) {
    this.#from = new MessageReader(limits);
  }

  /** See request-head.ts for the bytes. A message that is left out is one without fields. */
  writeRequest(protocol: AnyProtocol, method: MethodDefinition, args: readonly unknown[], out: ByteWriter): void {
    const { head, request } = codecOf(protocol, method);
    if (args.length > 1) throw badArgument(protocol, method, `takes 1 message, got ${args.length} arguments`);
    const message = args[0] === undefined ? {} : args[0];
    out.writeBytes(head);
    const mark = out.beginDelimited();
    try {
      request.write(out, message, 0);
    } catch (error) {
      if (error instanceof Misfit) throw badArgument(protocol, method, error.text("request"));
      if (error instanceof MissingField) throw badArgument(protocol, method, missingFields(request, message));
      if (!(error instanceof RangeError)) throw error;
      throw badArgument(protocol, method, "the request is too large", error);
    }
    out.endDelimited(mark);
  }

  readResult(protocol: AnyProtocol, method: MethodDefinition, body: ByteReader): unknown {
    const { response } = codecOf(protocol, method);
    const from = this.#from;
    try {
      const length = body.readLength();
      from.reset(body.buffer, body.position, body.position + length);
      body.skip(length);
      return response.read(from);
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error);
      throw new RpcError("BAD_RESULT", `${protocol.name}.${method.name}: the result cannot be read: ${fault}`, {
        cause: error,
      });
    }
  }

  /** Nothing travels behind an ERROR header. */
  readError(): undefined {
    return undefined;
  }
}

function codecOf(protocol: AnyProtocol, method: MethodDefinition): MethodCodec {
  const codec = protocol instanceof ProtobufProtocol ? protocol.codecs[method.index] : undefined;
  if (codec !== undefined) return codec;
  throw new RpcError("BAD_DEFINITION", `${protocol.name} is no protobuf protocol: make it with protobuf()`);
}

/** What protobuf-java says, and what the message is declared to be that lacks the first of them. */
function missingFields(codec: MessageCodec, value: unknown): string {
  const names = codec.missing(value);
  return `${missingText(names)}; it is declared: ${messageText(messageOf(codec.node, names[0] ?? ""))}`;
}

function badArgument(protocol: AnyProtocol, method: MethodDefinition, fault: string, cause?: unknown): RpcError {
  return new RpcError("BAD_ARGUMENT", `${protocol.name}.${method.name}: ${fault}`, { cause });
}
