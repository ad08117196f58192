/**
 * An engine for tests of what lies around engines: every argument and every result is a string.
 *
 * ```
 *   request   | method name: length varint, UTF-8 | argument: length varint, UTF-8 | ...
 *   result    | length varint, UTF-8 |
 * ```
 * A declared error is written like a result. The session counts, so that tests see which one made the bytes.
 */
import type {
  AnyProtocol,
  MethodDefinition,
  MethodMap,
  ProtocolDefinition,
  RpcKind,
} from "../../protocol/definition.js";
import type { ClientSession, Engine } from "../../protocol/engine.js";
import { RpcError } from "../../protocol/rpc-error.js";
import { methodHash, signatureOf } from "../../protocol/signature.js";
import type { ByteWriter } from "../../protocol/wire/byte-writer.js";

/** An engine of this kind. Only its client half exists. */
export function createTestEngine(kind: RpcKind): Engine & { sessions: number } {
  const engine = {
    kind,
    name: "test",
    sessions: 0,
    define: (): AnyProtocol => {
      throw new Error("the test engine defines nothing");
    },
    openServer: () => {
      throw new Error("the test engine has no server half");
    },
    openClient: () => {
      engine.sessions++;
      return session;
    },
  };
  return engine;
}

const session: ClientSession = {
  writeRequest(_protocol, method, args, out) {
    writeText(method.name, out);
    for (let i = 0; i < method.arity; i++) {
      const arg = args[i];
      if (typeof arg !== "string") throw new RpcError("BAD_ARGUMENT", `${method.name}: argument ${i} must be a string`);
      writeText(arg, out);
    }
  },
  readResult(_protocol, _method, body) {
    const text = body.readUtf8(body.readLength());
    if (text === "bad result") throw new RpcError("BAD_RESULT", "the result is bad");
    return text;
  },
  readError(_protocol, _method, body) {
    return { text: body.readUtf8(body.readLength()) };
  },
};

function writeText(text: string, out: ByteWriter): void {
  const mark = out.beginDelimited();
  out.writeUtf8(text);
  out.endDelimited(mark);
}

/** A protocol of the test engine with one method per entry: its name and its number of arguments. */
export function testProtocol<M extends MethodMap>(
  engine: Engine,
  name: string,
  methods: { readonly [K in keyof M & string]: number | { arity: number; oneWay: true } },
  version = 1,
): ProtocolDefinition<M> {
  const definitions = new Map<string, MethodDefinition>();
  for (const [methodName, given] of Object.entries<number | { arity: number; oneWay: true }>(methods)) {
    const arity = typeof given === "number" ? given : given.arity;
    definitions.set(methodName, {
      name: methodName,
      index: definitions.size,
      arity,
      hash: methodHash(methodName, "java.lang.String", new Array<string>(arity).fill("java.lang.String")),
      oneWay: typeof given !== "number",
      idempotent: false,
      atMostOnce: false,
    });
  }
  return {
    engine,
    name,
    version,
    methods: definitions,
    signature: signatureOf(version, definitions.values()),
    declaration: undefined,
  };
}
