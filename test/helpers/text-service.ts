/**
 * Services for tests of what lies around engines: every argument and every result is a string, and the protocol is the one
 * that the connection was opened for. RPC kind 0, which no engine of the project has.
 *
 * ```
 *   request   | method name: length varint, UTF-8 | argument: length varint, UTF-8 | ...
 *   result    | length varint, UTF-8 |
 * ```
 * The data of an error is written like a result. A result or data that is no string cannot be encoded.
 */
import { type AnyProtocol, type MethodDefinition, RPC_KIND } from "../../protocol/definition.js";
import type { Engine, MethodHandler, ServerRequest, ServerSession, Service } from "../../protocol/engine.js";
import { RpcError } from "../../protocol/rpc-error.js";
import { methodHash, signatureOf } from "../../protocol/signature.js";
import type { ByteReader } from "../../protocol/wire/byte-reader.js";
import type { ByteWriter } from "../../protocol/wire/byte-writer.js";

export const textEngine: Engine = {
  kind: RPC_KIND.builtin,
  name: "text",
  define: () => {
    throw new Error("the text engine defines nothing");
  },
  openClient: () => {
    throw new Error("the text engine has no client half");
  },
  openServer: (services): ServerSession => ({
    readRequest(body, connectionProtocol) {
      const version = services.versions(RPC_KIND.builtin, connectionProtocol).at(-1);
      const service = version === undefined ? undefined : services.find(RPC_KIND.builtin, connectionProtocol, version);
      if (service === undefined)
        throw new RpcError("ERROR_NO_SUCH_PROTOCOL", `Unknown protocol: ${connectionProtocol}`);
      const name = readText(body);
      const method = service.definition.methods.get(name);
      const handler = service.handlers.get(name);
      if (method === undefined || handler === undefined)
        throw new RpcError("ERROR_NO_SUCH_METHOD", `Unknown method ${name}`);
      return textRequest(service.definition, method, handler, body);
    },
  }),
};

/** A request that keeps its bytes and decodes its arguments when it is run, as real engines do. */
function textRequest(
  protocol: AnyProtocol,
  method: MethodDefinition,
  handler: MethodHandler,
  body: ByteReader,
): ServerRequest {
  const { buffer, position, end } = body;
  return {
    protocol,
    method,
    handler,
    readArguments() {
      body.reset(buffer, position, end);
      const args: string[] = [];
      while (body.remaining > 0) args.push(readText(body));
      return args;
    },
    writeResult: (value, out) => writeText(value, out),
    writeError(error, out) {
      if (error.data !== undefined) writeText(error.data, out);
    },
  };
}

function readText(body: ByteReader): string {
  return body.readUtf8(body.readLength());
}

function writeText(value: unknown, out: ByteWriter): void {
  const mark = out.beginDelimited();
  if (typeof value !== "string") throw new TypeError("the value is no string");
  out.writeUtf8(value);
  out.endDelimited(mark);
}

/** A service with these methods; `oneWay` names those that are never answered. */
export function textService(
  name: string,
  handlers: { readonly [method: string]: MethodHandler },
  options: { readonly version?: number; readonly oneWay?: readonly string[] } = {},
): Service {
  const { version = 1, oneWay = [] } = options;
  const methods = new Map<string, MethodDefinition>();
  for (const method of Object.keys(handlers)) {
    methods.set(method, {
      name: method,
      index: methods.size,
      arity: 1,
      hash: methodHash(method, "java.lang.String", ["java.lang.String"]),
      oneWay: oneWay.includes(method),
      idempotent: false,
      atMostOnce: false,
    });
  }
  const definition = {
    engine: textEngine,
    name,
    version,
    methods,
    signature: signatureOf(version, methods.values()),
    declaration: {},
  };
  return { definition, handlers: new Map(Object.entries(handlers)) };
}
