/** Every file of protocol/engines keeps the contract of protocol/engine.ts, on buffers alone. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { describe, test } from "node:test";
import { implement, ProtocolTable } from "../../daemon/protocols.js";
import type { AnyProtocol, MethodDefinition } from "../../protocol/definition.js";
import { RPC_KIND_NAMES } from "../../protocol/definition.js";
import { DEFAULT_DECODE_LIMITS, type Engine } from "../../protocol/engine.js";
import { avro } from "../../protocol/engines/avro.js";
import { protobuf } from "../../protocol/engines/protobuf.js";
import { writable } from "../../protocol/engines/writable.js";
import { KNOWN_ENGINES } from "../../protocol/known-engines.js";
import { RpcError } from "../../protocol/rpc-error.js";
import { ByteReader } from "../../protocol/wire/byte-reader.js";
import { ByteWriter } from "../../protocol/wire/byte-writer.js";

const int64 = { type: "int64", rule: "required" } as const;

/** A protocol of each engine with the same two methods. A new engine adds its own here. */
const SAMPLES: Readonly<Record<string, (version: number) => AnyProtocol>> = {
  avro: (version) =>
    avro({
      protocol: "Sample",
      version,
      messages: {
        echo: { request: [{ name: "text", type: "string" }], response: "string" },
        add: {
          request: [
            { name: "a", type: "long" },
            { name: "b", type: "long" },
          ],
          response: "long",
        },
      },
    }),
  protobuf: (version) =>
    protobuf({
      protocol: "Sample",
      version,
      service: "Sample",
      methods: [
        { name: "echo", request: "Text", response: "Text" },
        { name: "add", request: "Pair", response: "Sum" },
      ],
      messages: [
        { name: "Text", fields: [{ name: "text", number: 1, type: "string", rule: "required" }] },
        {
          name: "Pair",
          fields: [
            { name: "a", number: 1, ...int64 },
            { name: "b", number: 2, ...int64 },
          ],
        },
        { name: "Sum", fields: [{ name: "sum", number: 1, ...int64 }] },
      ],
      enums: [],
    }),
  writable: (version) =>
    writable({
      protocol: "Sample",
      version,
      methods: {
        echo: { parameters: ["java.lang.String"], returns: "java.lang.String" },
        add: { parameters: ["long", "long"], returns: "long" },
      },
    }),
};

type Values = readonly unknown[];

/** How an engine's calls carry the values that the two methods take and give. */
interface Shape {
  readonly echo: (text: unknown) => Values;
  readonly add: (a: unknown, b: unknown) => Values;
  readonly text: (text: string) => unknown;
  readonly sum: (sum: bigint) => unknown;
  readonly handlers: object;
}

const POSITIONAL: Shape = {
  echo: (text) => [text],
  add: (a, b) => [a, b],
  text: (text) => text,
  sum: (sum) => sum,
  handlers: { echo: (text: string) => text, add: (a: bigint, b: bigint) => a + b },
};

/** Protobuf's methods take one message and give one. */
const MESSAGES: Shape = {
  echo: (text) => [{ text }],
  add: (a, b) => [{ a, b }],
  text: (text) => ({ text }),
  sum: (sum) => ({ sum }),
  handlers: {
    echo: ({ text }: { text: string }) => ({ text }),
    add: ({ a, b }: { a: bigint; b: bigint }) => ({ sum: a + b }),
  },
};

function shapeOf(protocol: AnyProtocol): Shape {
  return protocol.engine.name === "protobuf" ? MESSAGES : POSITIONAL;
}

const folder = new URL("../../protocol/engines/", import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith(".js"));

test("there is an engine to test", () => {
  assert.notEqual(files.length, 0);
});

for (const file of files) {
  const exported = (await import(new URL(file, folder).href)) as Record<string, unknown>;
  const engine = Object.values(exported).find(isEngine);
  assert.ok(engine !== undefined, `${file} exports an engine`);
  describe(`protocol/engines/${file}`, () => keepsTheContract(engine, basename(file, ".js")));
}

function isEngine(value: unknown): value is Engine {
  return typeof value === "object" && value !== null && "openServer" in value && "openClient" in value;
}

function keepsTheContract(engine: Engine, name: string): void {
  const sample = SAMPLES[name];
  assert.ok(sample !== undefined, `SAMPLES has a protocol of the engine ${name}`);
  const protocol = sample(2);
  const echo = methodOf(protocol, "echo");
  const add = methodOf(protocol, "add");
  const shape = shapeOf(protocol);
  const echoes = (text: string): object => ({ args: shape.echo(text), result: shape.text(text) });

  test("the engine is called what its file is, and has a kind that the wire knows", () => {
    assert.equal(engine.name, name);
    assert.ok(engine.kind in RPC_KIND_NAMES);
    assert.equal(protocol.engine, engine);
    assert.ok(KNOWN_ENGINES.includes(engine), "protocol/known-engines.ts names it");
  });

  test("a declaration survives JSON and makes the same definition again", () => {
    const again = engine.define(JSON.parse(JSON.stringify(protocol.declaration)));
    assert.deepEqual([again.name, again.version], [protocol.name, protocol.version]);
    assert.deepEqual(again.signature, protocol.signature);
    assert.deepEqual([...again.methods.values()], [...protocol.methods.values()]);
  });

  test("what is no declaration is refused with BAD_DEFINITION", () => {
    for (const bad of [undefined, null, 7, "x", [], {}, { protocol: "" }]) {
      assert.throws(() => engine.define(bad), hasCode("BAD_DEFINITION"), JSON.stringify(bad));
    }
  });

  test("arguments and results cross, and each reader is left behind what it read", () => {
    const { client, call } = connect(protocol);
    assert.deepEqual(call(echo, shape.echo("hello")), echoes("hello"));
    assert.deepEqual(call(add, shape.add(1n, -3n)), { args: shape.add(1n, -3n), result: shape.sum(-2n) });
    assert.deepEqual(call(echo, shape.echo("")), echoes(""));
    assert.equal(client.readError(protocol, echo, new ByteReader()), undefined);
  });

  test("a request that was rewound before it left does not spoil the next one", () => {
    const { client, call } = connect(protocol);
    const out = new ByteWriter();
    assert.throws(() => client.writeRequest(protocol, add, shape.add("one", {}), out), hasCode("BAD_ARGUMENT"));
    assert.deepEqual(call(echo, shape.echo("after")), echoes("after"));
  });

  test("a result that does not fit its type throws, and the response may be written anew", () => {
    const { client, server } = connect(protocol);
    const request = server.readRequest(requestOf(client, protocol, add, shape.add(1n, 2n)), protocol.name);
    const out = new ByteWriter();
    assert.throws(() => request.writeResult({ not: "a long" }, out));
    out.rewind(0);
    request.writeResult(shape.sum(3n), out);
    assert.deepEqual(client.readResult(protocol, add, readerOf(out.take())), shape.sum(3n));
  });

  test("another version than those served is refused for the call alone, with both numbers", () => {
    const { server } = connect(protocol);
    const other = sample(3);
    const stranger = engine.openClient(DEFAULT_DECODE_LIMITS);
    const body = requestOf(stranger, other, methodOf(other, "echo"), shape.echo("x"));
    assert.throws(
      () => server.readRequest(body, other.name),
      (error: unknown) =>
        error instanceof RpcError &&
        error.code === "ERROR_RPC_VERSION_MISMATCH" &&
        error.message === "Protocol Sample version mismatch. (client = 3, server = 2)",
    );
  });

  test("a protocol that is not served is refused for the call alone", () => {
    const server = engine.openServer(new ProtocolTable([]), DEFAULT_DECODE_LIMITS);
    const body = requestOf(engine.openClient(DEFAULT_DECODE_LIMITS), protocol, echo, shape.echo("x"));
    assert.throws(
      () => server.readRequest(body, protocol.name),
      (error: unknown) => error instanceof RpcError && !error.fatal && error.message === "Unknown protocol: Sample",
    );
  });

  test("a request or a result that is cut off at any byte is an RpcError", () => {
    const { client, server } = connect(protocol);
    const whole = requestOf(client, protocol, echo, shape.echo("hello"));
    for (let end = whole.position; end < whole.end; end++) {
      const cut = engine.openServer(tableOf(protocol), DEFAULT_DECODE_LIMITS);
      const reader = new ByteReader(whole.buffer, whole.position, end);
      assert.throws(() => cut.readRequest(reader, protocol.name).readArguments(), RpcError, `request, ${end} bytes`);
    }
    const out = new ByteWriter();
    server.readRequest(whole, protocol.name).writeResult(shape.text("hello"), out);
    const result = out.take();
    for (let end = 0; end < result.length; end++) {
      const reader = readerOf(result.subarray(0, end));
      assert.throws(() => client.readResult(protocol, echo, reader), hasCode("BAD_RESULT"), `result, ${end} bytes`);
    }
  });

  test("sessions know nothing of each other", () => {
    const first = connect(protocol);
    first.call(echo, shape.echo("a"));
    assert.deepEqual(connect(protocol).call(echo, shape.echo("b")), echoes("b"));
    assert.deepEqual(first.call(echo, shape.echo("c")), echoes("c"));
  });
}

/** A client's and a server's session of one connection, and a call that goes both ways. */
function connect(protocol: AnyProtocol) {
  const client = protocol.engine.openClient(DEFAULT_DECODE_LIMITS);
  const server = protocol.engine.openServer(tableOf(protocol), DEFAULT_DECODE_LIMITS);
  const call = (method: MethodDefinition, args: readonly unknown[]) => {
    const body = requestOf(client, protocol, method, args);
    const request = server.readRequest(body, protocol.name);
    assert.equal(request.method.name, method.name);
    const received = request.readArguments();
    const out = new ByteWriter();
    request.writeResult(request.handler(...received), out);
    const answer = readerOf(out.take());
    const result = client.readResult(protocol, method, answer);
    assert.equal(answer.remaining, 0);
    return { args: received, result };
  };
  return { client, server, call };
}

function tableOf(protocol: AnyProtocol): ProtocolTable {
  return new ProtocolTable([implement(protocol, shapeOf(protocol).handlers as never)]);
}

function requestOf(
  client: ReturnType<Engine["openClient"]>,
  protocol: AnyProtocol,
  method: MethodDefinition,
  args: readonly unknown[],
): ByteReader {
  const out = new ByteWriter();
  client.writeRequest(protocol, method, args, out);
  return readerOf(out.take());
}

function readerOf(bytes: Buffer): ByteReader {
  return new ByteReader(bytes, 0, bytes.length);
}

function methodOf(protocol: AnyProtocol, name: string): MethodDefinition {
  const method = protocol.methods.get(name);
  assert.ok(method !== undefined);
  return method;
}

function hasCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof RpcError && error.code === code;
}
