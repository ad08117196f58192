/**
 * The engines' sessions as targets: requests at the server, results and errors at the client, and for Avro the schema
 * that a client tells.
 */
import { createHash } from "node:crypto";
import type { AnyProtocol, MethodDefinition } from "../../protocol/definition.js";
import { DEFAULT_DECODE_LIMITS, type Service, type ServiceLookup } from "../../protocol/engine.js";
import { avro } from "../../protocol/engines/avro.js";
import { protobuf } from "../../protocol/engines/protobuf.js";
import { writable } from "../../protocol/engines/writable.js";
import { RpcError } from "../../protocol/rpc-error.js";
import { ByteWriter } from "../../protocol/wire/byte-writer.js";
import { bytes } from "../helpers/byte-builder.js";
import type { Rng } from "../helpers/rng.js";
import { mutant } from "./mutator.js";
import { type Target, within } from "./target.js";

/** What a good call of each method says and gets. */
type Calls = Readonly<Record<string, { readonly args: readonly unknown[]; readonly result: unknown }>>;

interface Subject {
  readonly protocol: AnyProtocol;
  readonly calls: Calls;
  readonly service: Service;
  readonly services: ServiceLookup;
}

const AVRO_PROTOCOL = avro({
  protocol: "Fuzzed",
  namespace: "org.example",
  version: 3,
  types: [
    { type: "enum", name: "Color", symbols: ["RED", "GREEN"] },
    { type: "fixed", name: "Id", size: 16 },
    { type: "record", name: "Nothing", fields: [] },
    {
      type: "record",
      name: "Tree",
      fields: [
        { name: "label", type: "string" },
        { name: "color", type: "Color" },
        { name: "children", type: { type: "array", items: "Tree" } },
        { name: "more", type: ["null", "Tree", "Id", "long"] },
      ],
    },
    { type: "error", name: "TooLong", fields: [{ name: "limit", type: "int" }] },
  ],
  messages: {
    echo: { request: [{ name: "text", type: "string" }], response: "string" },
    mix: {
      request: [
        { name: "flag", type: "boolean" },
        { name: "count", type: "int" },
        { name: "total", type: "long" },
        { name: "ratio", type: "double" },
        { name: "part", type: "float" },
        { name: "blob", type: "bytes" },
        { name: "map", type: { type: "map", values: "long" } },
      ],
      response: { type: "map", values: { type: "array", items: "int" } },
    },
    grow: { request: [{ name: "tree", type: "Tree" }], response: "Tree", errors: ["TooLong"] },
    empty: {
      request: [
        { name: "nulls", type: { type: "array", items: "null" } },
        { name: "nothings", type: { type: "array", items: { type: "array", items: "Nothing" } } },
      ],
      response: { type: "array", items: "Nothing" },
    },
    notify: { request: [{ name: "text", type: "string" }], response: "null", "one-way": true },
  },
});

const leaf = { label: "", color: "GREEN", children: [], more: null };
const tree = { label: "root", color: "RED", children: [leaf, { ...leaf, more: 5n }], more: leaf };
const AVRO_CALLS: Calls = {
  echo: { args: ["héllo"], result: "hello" },
  mix: {
    args: [true, -1, 2n ** 40n, 0.5, 1.5, Buffer.from("blob"), { a: 1n, b: -2n }],
    result: { a: [1, 2, 300], b: [] },
  },
  grow: { args: [tree], result: tree },
  empty: {
    args: [
      [null, null],
      [[{}, {}], []],
    ],
    result: [{}, {}],
  },
  notify: { args: ["text"], result: null },
};

const WRITABLE_PROTOCOL = writable({
  protocol: "org.example.Fuzzed",
  version: 7,
  enums: { "org.example.Color": ["RED", "GREEN", "__proto__"] },
  methods: {
    hello: { parameters: ["java.lang.String"], returns: "java.lang.String" },
    primitives: { parameters: ["boolean", "byte", "short", "int", "long", "float", "double", "char"], returns: "void" },
    arrays: { parameters: ["int[]", "byte[]", "java.lang.String[]", "long[][]"], returns: "int[]" },
    objects: {
      parameters: [
        "org.example.Color",
        "org.apache.hadoop.io.Text",
        "org.apache.hadoop.io.BytesWritable",
        "org.apache.hadoop.io.LongWritable",
        "org.apache.hadoop.io.VLongWritable",
      ],
      returns: "org.example.Color[][]",
    },
    none: { returns: "void" },
  },
});

const WRITABLE_CALLS: Calls = {
  hello: { args: ["king"], result: "hello,king" },
  primitives: { args: [true, -1, 300, 70_000, 2n ** 40n, 1.5, 0.1, "x"], result: undefined },
  arrays: { args: [[1, -1], Buffer.from("bytes"), ["a", null, ""], [[1n, 2n], [], null]], result: [1, -1] },
  objects: { args: ["GREEN", "text", Buffer.from("bytes"), 5n, 6n], result: [["RED", null], [], null] },
  none: { args: [], result: undefined },
};

const SCALARS = ["double", "int32", "int64", "sint64", "uint64", "fixed32", "bool", "string", "bytes"];

const PROTOBUF_PROTOCOL = protobuf({
  protocol: "org.example.FuzzedProtocol",
  version: 2,
  service: "fuzzed.Fuzzed",
  methods: [
    { name: "mix", request: "fuzzed.Mix", response: "fuzzed.Mix" },
    { name: "grow", request: "fuzzed.Tree", response: "fuzzed.Tree" },
    { name: "none", request: "fuzzed.Nothing", response: "fuzzed.Nothing" },
  ],
  messages: [
    {
      name: "fuzzed.Mix",
      fields: SCALARS.flatMap((type, i) => [
        { name: `one_${type}`, number: i + 1, type },
        { name: `many_${type}`, number: i + 21, type, rule: "repeated" as const, packed: i % 2 === 0 },
        { name: `map_${type}`, number: i + 41, type, rule: "map" as const, key: i % 2 === 0 ? "string" : "sint32" },
      ]),
    },
    {
      name: "fuzzed.Tree",
      strictUtf8: true,
      fields: [
        { name: "label", number: 1, type: "string", rule: "required" },
        { name: "color", number: 2, type: "fuzzed.Color", default: "GREEN" },
        { name: "children", number: 3, type: "fuzzed.Tree", rule: "repeated" },
        { name: "left", number: 4, type: "fuzzed.Tree", oneof: "side" },
        { name: "right", number: 5, type: "string", oneof: "side" },
        { name: "named", number: 6, type: "fuzzed.Tree", rule: "map", key: "string" },
        { name: "__proto__", number: 500, type: "int32" },
      ],
    },
    { name: "fuzzed.Nothing", fields: [] },
  ],
  enums: [
    {
      name: "fuzzed.Color",
      values: [
        ["RED", 0],
        ["GREEN", -1],
      ],
    },
  ],
});

const mix = {
  one_double: 0.5,
  many_double: [1.5, -0],
  one_int32: -1,
  many_int64: [1n, -(2n ** 63n)],
  map_int64: { 1: 5n, 2: -5n },
  one_uint64: 2n ** 64n - 1n,
  many_bool: [true, false],
  one_string: "h\u00e9llo",
  map_double: { __proto__x: 1, "": 2 },
  many_bytes: [Buffer.from("blob"), Buffer.alloc(0)],
};
const branch = {
  label: "",
  children: [{ label: "leaf", left: { label: "left" } }],
  named: { a: { label: "a", right: "r" } },
};

const PROTOBUF_CALLS: Calls = {
  mix: { args: [mix], result: mix },
  grow: { args: [branch], result: branch },
  none: { args: [{}], result: undefined },
};

function subject(protocol: AnyProtocol, calls: Calls): Subject {
  const handlers = new Map([...protocol.methods.keys()].map((name) => [name, () => calls[name]?.result]));
  const service = { definition: protocol, handlers };
  const services: ServiceLookup = {
    find: (kind, name, version) =>
      kind === protocol.engine.kind && name === protocol.name && version === protocol.version ? service : undefined,
    versions: (kind, name) => (kind === protocol.engine.kind && name === protocol.name ? [protocol.version] : []),
  };
  return { protocol, calls, service, services };
}

function written(write: (out: ByteWriter) => void): Buffer {
  const out = new ByteWriter(256);
  write(out);
  return out.take();
}

/** Request bodies: each method's as the first of a connection, then as a later one. */
function requestBodies({ protocol, calls }: Subject): { first: Buffer[]; later: Buffer[] } {
  const first: Buffer[] = [];
  const later: Buffer[] = [];
  for (const method of protocol.methods.values()) {
    const session = protocol.engine.openClient(DEFAULT_DECODE_LIMITS);
    for (const bodies of [first, later]) {
      bodies.push(written((out) => session.writeRequest(protocol, method, calls[method.name]?.args ?? [], out)));
    }
  }
  return { first, later };
}

function methodAt(protocol: AnyProtocol, number: number): MethodDefinition {
  const methods = [...protocol.methods.values()];
  return methods[number % methods.length] as MethodDefinition;
}

function requests(name: string, subject: Subject): Target {
  const { protocol, services } = subject;
  const { first, later } = requestBodies(subject);
  const opening = first[0] as Buffer;
  return {
    name: `${name} requests`,
    corpus: [...first, ...later],
    decode: (input) => {
      const session = protocol.engine.openServer(services, DEFAULT_DECODE_LIMITS);
      within(opening, (reader) => session.readRequest(reader, protocol.name).readArguments());
      within(input, (reader) => session.readRequest(reader, protocol.name).readArguments());
    },
  };
}

/** The answer to a call of each method, behind a byte that says which method it is. */
function answers(name: string, { protocol, calls, services }: Subject): Target {
  const corpus = [...protocol.methods.values()].map((method) => {
    const client = protocol.engine.openClient(DEFAULT_DECODE_LIMITS);
    const body = written((out) => client.writeRequest(protocol, method, calls[method.name]?.args ?? [], out));
    const server = protocol.engine.openServer(services, DEFAULT_DECODE_LIMITS);
    const request = within(body, (reader) => server.readRequest(reader, protocol.name));
    return bytes()
      .byte(method.index)
      .bytes(written((out) => request.writeResult(calls[method.name]?.result, out)))
      .build();
  });
  return {
    name: `${name} results`,
    corpus,
    decode: (input) => {
      const session = protocol.engine.openClient(DEFAULT_DECODE_LIMITS);
      const method = methodAt(protocol, input[0] ?? 0);
      within(input.subarray(1), (reader) => session.readResult(protocol, method, reader));
    },
  };
}

function declaredErrors(name: string, { protocol }: Subject): Target {
  return {
    name: `${name} errors`,
    corpus: [
      Buffer.of(protocol.methods.get("grow")?.index ?? 0),
      bytes()
        .byte(protocol.methods.get("grow")?.index ?? 0)
        .hex("00 0a")
        .build(),
    ],
    decode: (input) => {
      const session = protocol.engine.openClient(DEFAULT_DECODE_LIMITS);
      const method = methodAt(protocol, input[0] ?? 0);
      within(input.subarray(1), (reader) => session.readError(protocol, method, reader));
    },
  };
}

/** JSON with one to three of its strings, numbers or signs replaced by others of them: most of it can still be read. */
function exchangeTokens(json: string, rng: Rng): string {
  const tokens: string[] = [...(json.match(/"[^"]*"|\d+|[^"\d]/g) ?? [])];
  for (let i = rng.between(1, 3); i > 0; i--) {
    const strings = tokens.filter((token) => token.length > 1);
    const at = tokens.indexOf(rng.pick(strings), rng.below(tokens.length));
    if (at !== -1) tokens[at] = rng.chance(0.9) ? rng.pick(strings) : rng.pick(tokens);
  }
  return tokens.join("");
}

/** The text of a client's own version, with its true fingerprint, so that it is read and resolved against the server's. */
function schemas(name: string, subject: Subject): Target {
  const { protocol, calls, services } = subject;
  const { text } = protocol as unknown as { readonly text: string };
  const { later } = requestBodies(subject);
  const corpus = [text, text.replaceAll('"int"', '"long"')].map((version) => Buffer.from(version));
  return {
    name: `${name} schemas`,
    corpus,
    mutant: (rng) => (rng.chance(0.3) ? mutant(corpus, rng) : Buffer.from(exchangeTokens(text, rng))),
    decode: (input, rng: Rng) => {
      // What is hashed is the text as a receiver reads it: bytes that are not UTF-8 become U+FFFD.
      const told = Buffer.from(input.toString("utf8"));
      const fingerprint = createHash("sha256").update(told).digest().subarray(0, 16);
      const noise = bytes().varint(rng.below(protocol.methods.size)).bytes(rng.bytes(40)).build();
      const tail = rng.chance(0.5) ? rng.pick(later).subarray(1) : noise;
      const definition = bytes().varint(1).delimited(Buffer.from(protocol.name)).varint(protocol.version);
      const body = definition.bytes(fingerprint).delimited(told).bytes(tail).build();
      const session = protocol.engine.openServer(services, DEFAULT_DECODE_LIMITS);
      const request = within(body, (reader) => session.readRequest(reader, protocol.name));
      try {
        request.readArguments();
        request.writeResult(calls[request.method.name]?.result, new ByteWriter(256));
      } catch (error) {
        if (!(error instanceof RpcError)) throw error;
      }
    },
  };
}

const avroSubject = subject(AVRO_PROTOCOL, AVRO_CALLS);
const writableSubject = subject(WRITABLE_PROTOCOL, WRITABLE_CALLS);
const protobufSubject = subject(PROTOBUF_PROTOCOL, PROTOBUF_CALLS);

/** The services that the targets call, for a whole server. */
export const FUZZED_SERVICES: readonly Service[] = [
  avroSubject.service,
  writableSubject.service,
  protobufSubject.service,
];

/** Bodies of good calls, by the RPC kind that a header must name: as the first of a connection and as later ones. */
export const CALL_BODIES = [avroSubject, writableSubject, protobufSubject].map((each) => ({
  rpcKind: each.protocol.engine.kind,
  protocol: each.protocol.name,
  ...requestBodies(each),
}));

export const ENGINE_TARGETS: readonly Target[] = [
  requests("Writable", writableSubject),
  answers("Writable", writableSubject),
  requests("Protobuf", protobufSubject),
  answers("Protobuf", protobufSubject),
  requests("Avro", avroSubject),
  answers("Avro", avroSubject),
  declaredErrors("Avro", avroSubject),
  schemas("Avro", avroSubject),
];
