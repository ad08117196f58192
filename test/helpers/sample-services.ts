/** Protocols with a value of every kind, and a server of them, for tests of what calls protocols it does not know. */
import type { CommandContext } from "../../client/commands/command.js";
import { type Client, createClient } from "../../client/index.js";
import { PLAIN_JSON } from "../../client/terminal/json-text.js";
import { createServer, implement } from "../../daemon/index.js";
import type { Server } from "../../daemon/server.js";
import { avro, RpcError, writable } from "../../protocol/index.js";
import { gate } from "./test-server.js";

const longs = [
  { name: "a", type: "long" },
  { name: "b", type: "long" },
] as const;

const AvroV1 = avro({
  protocol: "Sampler",
  namespace: "org.example",
  version: 1,
  messages: { add: { request: longs, response: "long" } },
});

const AvroV2 = avro({
  protocol: "Sampler",
  namespace: "org.example",
  version: 2,
  types: [
    { type: "enum", name: "Color", symbols: ["RED", "GREEN"] },
    {
      type: "record",
      name: "Point",
      fields: [
        { name: "x", type: "long" },
        { name: "color", type: ["null", "Color"], default: null },
      ],
    },
    { type: "error", name: "TooLong", fields: [{ name: "limit", type: "long" }] },
  ],
  messages: {
    add: { request: longs, response: "long" },
    half: { request: [{ name: "value", type: "double" }], response: "double" },
    hello: { request: [{ name: "name", type: "string" }], response: "string" },
    reverse: { request: [{ name: "bytes", type: "bytes" }], response: "bytes" },
    points: {
      request: [{ name: "points", type: { type: "array", items: "Point" } }],
      response: { type: "array", items: "Point" },
    },
    either: { request: [{ name: "value", type: ["null", "long", "string"] }], response: ["null", "long", "string"] },
    nextDay: {
      request: [{ name: "at", type: { type: "long", logicalType: "timestamp-millis" } }],
      response: { type: "long", logicalType: "timestamp-millis" },
    },
    scale: {
      request: [
        { name: "value", type: "int" },
        { name: "factor", type: "int", default: 10 },
      ],
      response: "int",
    },
    nothing: { request: [], response: "null" },
    tell: { request: [{ name: "text", type: "string" }], response: "null", "one-way": true },
    fail: { request: [{ name: "text", type: "string" }], response: "null", errors: ["TooLong"] },
    hang: { request: [], response: "null" },
    user: { request: [], response: "string" },
    // biome-ignore lint/suspicious/noThenProperty: a protocol may have such a method
    then: { request: [], response: "null" },
  },
});

const Java = writable({
  protocol: "demo.Sampler",
  version: 7,
  enums: { "demo.Color": ["RED", "GREEN"] },
  writables: {
    "demo.Point": { x: "long", label: "org.apache.hadoop.io.Text" },
    "demo.Points": "org.apache.hadoop.io.ArrayWritable<demo.Point>",
  },
  methods: {
    add: { parameters: ["long", "long"], returns: "long" },
    half: { parameters: ["double"], returns: "double" },
    hello: { parameters: ["java.lang.String"], returns: "java.lang.String" },
    reverse: { parameters: ["byte[]"], returns: "byte[]" },
    points: { parameters: ["demo.Points"], returns: "demo.Points" },
    colors: { parameters: ["demo.Color[]"], returns: "demo.Color[]" },
    nothing: { parameters: [], returns: "void" },
    fail: { parameters: ["java.lang.String"], returns: "void" },
  },
});

/** The first Avro protocol's name over the other engine, at the same version. */
const JavaNamesake = writable({
  protocol: "org.example.Sampler",
  version: 2,
  methods: { engine: { parameters: [], returns: "java.lang.String" } },
});

/** The wire specification's worked example of hashes. */
const MyInterface = writable({
  protocol: "demo.MyInterface",
  version: 1001,
  methods: { helloWorld: { parameters: ["java.lang.String"], returns: "java.lang.String" } },
});

/** One that reflection cannot hand out. */
const Opaque = writable({
  protocol: "demo.Opaque",
  version: 1,
  writables: {
    "demo.Odd": { read: (reader) => reader.readByte(), write: (value: number, out) => out.writeByte(value) },
  },
  methods: { odd: { parameters: ["demo.Odd"], returns: "demo.Odd" } },
});

function tooLong(text: string): never {
  throw new RpcError("ERROR_APPLICATION", `too long: ${text}`, {
    javaClass: "org.example.TooLong",
    data: { limit: 2n ** 60n },
  });
}

function reversed(bytes: Uint8Array): Uint8Array {
  return bytes.toReversed();
}

/** A running server of the samples. */
export interface SampleServer extends AsyncDisposable {
  readonly server: Server;
  /** "127.0.0.1:port". */
  readonly address: string;
  /** What `tell` was called with. */
  readonly told: readonly string[];
  /** Calls of `hello` that ran at the same time, at most. */
  readonly mostAtOnce: number;
  /** Lets the calls of `hang` end. */
  release(): void;
}

/** Starts it on any free port. `numHandlers` calls run at a time. */
export async function startSampleServer(numHandlers = 10): Promise<SampleServer> {
  const told: string[] = [];
  const hanging = gate<void>();
  const hellos = { running: 0, most: 0 };
  const hello = async (name: string | null): Promise<string> => {
    hellos.most = Math.max(hellos.most, ++hellos.running);
    await new Promise((resolve) => setImmediate(resolve));
    hellos.running--;
    return `hello,${name}`;
  };
  const services = [
    implement(AvroV1, { add: (a, b) => a + b }),
    implement(AvroV2, {
      add: (a, b) => a + b,
      half: (value) => value / 2,
      hello,
      reverse: reversed,
      points: (points) => points.toReversed(),
      either: (value) => value,
      nextDay: (at) => new Date(at.getTime() + 86_400_000),
      scale: (value, factor) => value * (factor ?? 1),
      nothing: () => {},
      tell: (text) => {
        told.push(text);
      },
      fail: tooLong,
      hang: () => hanging.opened,
      user: (call) => String(call.user?.name),
      // biome-ignore lint/suspicious/noThenProperty: see above
      then: () => {},
    }),
    implement(JavaNamesake, { engine: () => "writable" }),
    implement(Java, {
      add: (a, b) => a + b,
      half: (value) => value / 2,
      hello,
      reverse: (bytes) => bytes && reversed(bytes),
      points: (points) => points?.toReversed() ?? null,
      colors: (colors) => colors?.toReversed() ?? null,
      nothing: () => undefined,
      fail: (text) => tooLong(String(text)),
    }),
    implement(MyInterface, { helloWorld: hello }),
    implement(Opaque, { odd: (value) => value }),
  ];
  const server = await createServer({ bindAddress: "127.0.0.1", port: 0, numHandlers, services }).start();
  return {
    server,
    address: `127.0.0.1:${server.port}`,
    told,
    get mostAtOnce() {
      return hellos.most;
    },
    release: () => hanging.open(),
    async [Symbol.asyncDispose]() {
      hanging.open();
      await server.stop();
    },
  };
}

/** What a command gets from the program, and the client to close. */
export function commandContext(
  address: string,
  options: Partial<Omit<CommandContext, "client" | "address">> = {},
): CommandContext & { readonly client: Client } {
  return {
    client: createClient({ user: "alice" }),
    address,
    timeoutMs: undefined,
    json: false,
    jsonForm: PLAIN_JSON,
    protoPaths: [],
    note: (text) => {
      throw new Error(`an unexpected note: ${text}`);
    },
    ...options,
  };
}
