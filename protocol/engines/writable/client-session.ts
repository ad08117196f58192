/**
 * The client's half: from arguments to the bytes of an Invocation, and from bytes to a result (Hadoop:
 * ipc/WritableRpcEngine.java). Parameters have the compact form, results do not; both are read.
 */
import type { AnyProtocol, MethodDefinition } from "../../definition.js";
import type { ClientSession, DecodeLimits } from "../../engine.js";
import { RpcError } from "../../rpc-error.js";
import type { ByteReader } from "../../wire/byte-reader.js";
import type { ByteWriter } from "../../wire/byte-writer.js";
import { WritableMethod, WritableProtocol } from "./definition.js";
import { createDecodeState, type DecodeState, type JavaType, resetDecodeState } from "./java-type.js";
import { readObject, writeObject } from "./object-writable.js";
import { BUILTIN_TYPES } from "./type-table.js";

/** Has no memory of its connection: every call says everything. */
export class WritableClientSession implements ClientSession {
  readonly #state: DecodeState;

  constructor(limits: DecodeLimits) {
    this.#state = createDecodeState(limits, BUILTIN_TYPES);
  }

  writeRequest(protocol: AnyProtocol, method: MethodDefinition, args: readonly unknown[], out: ByteWriter): void {
    const { parameters, invocationHead } = asWritable(protocol, method);
    if (args.length !== parameters.length) throw wrongCount(protocol, method, parameters, args.length);
    out.writeBytes(invocationHead);
    for (let i = 0; i < parameters.length; i++) {
      const type = parameters[i] as JavaType;
      try {
        writeObject(type, args[i], out, true);
      } catch (error) {
        throw badArgument(protocol, method, i, type, error);
      }
    }
  }

  readResult(protocol: AnyProtocol, method: MethodDefinition, body: ByteReader): unknown {
    const { returns, declaredBy } = asWritable(protocol, method);
    const state = this.#state;
    resetDecodeState(state);
    state.types = declaredBy.typeTable;
    try {
      const value = readObject(body, returns, state);
      return returns.kind === "void" ? undefined : value;
    } catch (error) {
      throw new RpcError("BAD_RESULT", `${protocol.name}.${method.name}: ${RpcError.from(error).message}`, {
        cause: error,
      });
    }
  }

  /** An error of this engine is all in the response's header. */
  readError(): undefined {
    return undefined;
  }
}

/** A method that `writable` made. Throws BAD_DEFINITION for any other. */
export function asWritable(protocol: AnyProtocol, method: MethodDefinition): WritableMethod {
  if (method instanceof WritableMethod && protocol instanceof WritableProtocol) return method;
  throw new RpcError("BAD_DEFINITION", `${protocol.name}.${method.name} was not made by writable()`);
}

/** The argument's place and type in front of what is wrong with it. */
export function badArgument(
  protocol: AnyProtocol,
  method: MethodDefinition,
  index: number,
  type: JavaType,
  error: unknown,
): RpcError {
  const { message } = RpcError.from(error);
  return new RpcError(
    "BAD_ARGUMENT",
    `${protocol.name}.${method.name}: argument ${index + 1} (${type.label}) ${message}`,
    {
      cause: error,
    },
  );
}

/** The error for too many or too few arguments. */
export function wrongCount(
  protocol: AnyProtocol,
  method: MethodDefinition,
  parameters: readonly JavaType[],
  count: number,
): RpcError {
  const declared = parameters.map((type) => type.label).join(", ");
  return new RpcError(
    "BAD_ARGUMENT",
    `${protocol.name}.${method.name}(${declared}) takes ${parameters.length} argument${parameters.length === 1 ? "" : "s"}, got ${count}`,
  );
}
