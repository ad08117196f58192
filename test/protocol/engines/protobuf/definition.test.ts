import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnyProtocol } from "../../../../protocol/definition.js";
import { ProtobufProtocol } from "../../../../protocol/engines/protobuf/definition.js";
import {
  type ProtobufDeclaration,
  parseProto,
  protobuf,
  protobufEngine,
} from "../../../../protocol/engines/protobuf.js";
import { methodHash } from "../../../../protocol/signature.js";
import { errorOf } from "./loop.js";

const DECLARATION: ProtobufDeclaration = {
  protocol: "demo.P",
  version: 2,
  service: "demo.S",
  methods: [{ name: "m", request: "demo.M", response: "demo.M", idempotent: true }],
  messages: [{ name: "demo.M", javaClass: "org.example.Protos$M", fields: [{ name: "a", number: 1, type: "int32" }] }],
  enums: [],
};

const TEXT = `
  syntax = "proto2";
  package demo;
  message A { message B { optional A a = 1; optional C c = 2; } optional B b = 1; optional .demo.C c = 2; }
  message C { enum E { X = 0; } optional E e = 1; }
  message Unused {}
  service One { rpc a(A) returns (C); rpc b(A.B) returns (demo.C) { option idempotency_level = IDEMPOTENT; } }
  service Two { rpc a(stream A) returns (C); }`;

test("a declaration comes back from its JSON as the same protocol", async () => {
  const source = await parseProto({ "a.proto": TEXT });
  const given = protobuf({
    source,
    service: "demo.One",
    protocolName: "demo.P",
    version: 3,
    methods: { a: { atMostOnce: true } },
  });
  const again = protobufEngine.define(JSON.parse(JSON.stringify(given.declaration)));
  assert.deepEqual([...again.methods.values()], [...given.methods.values()]);
  assert.deepEqual(again.signature, given.signature);
  assert.deepEqual([again.name, again.version], ["demo.P", 3]);
  assert.deepEqual(
    [...given.methods.values()].map(({ atMostOnce, idempotent, name }) => ({ name, idempotent, atMostOnce })),
    [
      { name: "a", idempotent: false, atMostOnce: true },
      { name: "b", idempotent: true, atMostOnce: false },
    ],
  );
});

test("a protocol has the types that its methods reach, by their full names", async () => {
  const source = await parseProto({ "a.proto": TEXT });
  const { declaration } = protobuf({ source, service: "One", protocolName: "P", version: 1 });
  const { enums, messages } = declaration as ProtobufDeclaration;
  assert.deepEqual(messages.map(({ name }) => name).sort(), ["demo.A", "demo.A.B", "demo.C"]);
  assert.deepEqual(
    enums.map(({ name }) => name),
    ["demo.C.E"],
  );
  const inner = messages.find(({ name }) => name === "demo.A.B");
  assert.deepEqual(
    inner?.fields.map(({ type }) => type),
    ["demo.A", "demo.C"],
  );
});

test("method hashes are made of the Java classes", () => {
  const hash = methodHash("m", "org.example.Protos$M", [
    "org.apache.hadoop.thirdparty.protobuf.RpcController",
    "org.example.Protos$M",
  ]);
  const former = methodHash("m", "org.example.Protos$M", ["com.google.protobuf.RpcController", "org.example.Protos$M"]);
  const method = protobuf(DECLARATION).methods.get("m");
  assert.deepEqual([method?.hash, method?.formerHash], [hash, former]);
});

test("a source says what is wrong with what is asked of it", async () => {
  const source = await parseProto({ "a.proto": TEXT });
  const fault = (options: object): string => {
    const error = errorOf(() => protobuf({ source, service: "One", protocolName: "P", version: 1, ...options }));
    assert.equal(error.code, "BAD_DEFINITION");
    return error.message;
  };
  assert.equal(fault({ service: "Three" }), "there is no service Three; the files have: demo.One, demo.Two");
  assert.equal(fault({ service: "Two" }), "demo.Two.a streams, which Hadoop's RPC cannot");
  assert.equal(fault({ methods: { c: {} } }), "demo.One has no method c, which options.methods names");
  assert.equal(
    fault({ service: undefined }),
    'P: the files do not say which service it is: give one, like { service: "demo.One" }',
  );
  assert.equal(fault({ version: undefined }), "P: the files say no version: give one, like { version: 1 }");
  assert.match(fault({ version: -1 }), /version must be a safe whole number from 0/);
  assert.match(fault({ protocolName: "" }), /protocolName must be a text/);
});

test("groups and types that two files declare differently are refused", async () => {
  const group =
    'syntax = "proto2"; message M { optional group G = 1 { optional int32 a = 1; } } service S { rpc m(M) returns (M); }';
  const source = await parseProto({ "a.proto": group });
  assert.match(
    errorOf(() => protobuf({ source, service: "S", protocolName: "P", version: 1 })).message,
    /M\.g is a group/,
  );
  const same = 'syntax = "proto2"; message M { optional int32 a = 1; }';
  await parseProto({ "a.proto": same, "b.proto": same });
  await assert.rejects(
    parseProto({ "a.proto": same, "b.proto": same.replace("int32", "int64") }),
    /M is declared in b\.proto, and differently in a\.proto/,
  );
});

test("a declaration with a fault is refused, naming protocol and place", () => {
  type Change = (declaration: ReturnType<typeof copy>) => unknown;
  const copy = () =>
    structuredClone(DECLARATION) as unknown as Record<string, Record<string, unknown>[]> & Record<string, unknown>;
  const message = (declaration: ReturnType<typeof copy>) =>
    declaration.messages?.[0] as { fields: Record<string, unknown>[] };
  const field =
    (change: object): Change =>
    (declaration) =>
      Object.assign(message(declaration).fields[0] as object, change);
  const cases: [Change, string][] = [
    [(d) => Object.assign(d, { version: 1.5 }), "version must be a safe whole number from 0"],
    [(d) => Object.assign(d, { methods: {} }), "methods must be an array"],
    [(d) => Object.assign(d, { service: "a b" }), 'service must be a name, got "a b"'],
    [(d) => Object.assign(d, { enums: [{ name: "demo.M", values: [["A", 0]] }] }), "demo.M is declared twice"],
    [(d) => Object.assign(d, { enums: [{ name: "E", values: [] }] }), "E: an enum has at least one value"],
    [
      (d) => Object.assign(d, { enums: [{ name: "E", values: [["A", 2 ** 31]] }] }),
      "E.A must be a whole number of 32 bits",
    ],
    [(d) => d.methods?.push({ name: "m", request: "demo.M", response: "demo.M" }), "the method m is declared twice"],
    [(d) => d.methods?.push({ name: "n", request: "demo.N", response: "demo.M" }), "n: there is no message demo.N"],
    [(d) => message(d).fields.push({ name: "a", number: 2, type: "int32" }), "demo.M.a is declared twice"],
    [(d) => message(d).fields.push({ name: "b", number: 1, type: "int32" }), "demo.M.b: the number 1 is taken"],
    [field({ number: 0 }), "demo.M.a: its number must be 1 to 536870911"],
    [field({ type: "int" }), "demo.M.a: there is no type int"],
    [field({ rule: "many" }), 'demo.M.a: rule must be "required", "optional", "repeated" or "map"'],
    [field({ rule: "map", key: "bytes" }), "demo.M.a: the keys of a map are integers, bool or string"],
    [field({ default: "x" }), 'demo.M.a: the default "x" is no int32'],
    [field({ name: "a-b" }), 'demo.M: the name of a field must be a name, got "a-b"'],
    [field({ packed: 1 }), "demo.M.a: packed must be true or false"],
  ];
  for (const [change, fault] of cases) {
    const declaration = copy();
    change(declaration);
    const error = errorOf(() => protobufEngine.define(declaration));
    assert.equal(error.code, "BAD_DEFINITION");
    assert.equal(error.message, `Protobuf protocol demo.P: ${fault}`);
  }
  for (const nothing of [null, "text", [], undefined, 5n]) {
    assert.equal(errorOf(() => protobufEngine.define(nothing)).code, "BAD_DEFINITION");
  }
});

test("the Java interface is the one that is given, and has the protocol's name if none is", async () => {
  const source = await parseProto({ "a.proto": TEXT });
  const options = { source, service: "One", protocolName: "demo.P", version: 1 };
  const given = protobuf({ ...options, javaInterface: "org.example.OnePB" });
  const again = protobufEngine.define(JSON.parse(JSON.stringify(given.declaration)));
  assert.deepEqual([given, protobuf(options), again].map(javaInterfaceOf), [
    "org.example.OnePB",
    "demo.P",
    "org.example.OnePB",
  ]);
  for (const javaInterface of ["", 5] as unknown as string[]) {
    assert.equal(
      errorOf(() => protobuf({ ...options, javaInterface })).message,
      'Protobuf protocol demo.P: javaInterface must be the name of a Java interface, like "org.example.GreeterPB"',
    );
  }
});

function javaInterfaceOf(protocol: AnyProtocol): string {
  assert.ok(protocol instanceof ProtobufProtocol);
  return protocol.node.javaInterface;
}

test("a method's hashes are those of Hadoop's servers, 3.4.2 and 2.10.2", async () => {
  const source = await parseProto({
    "ClientNamenodeProtocol.proto": `
      syntax = "proto2"; package hadoop.hdfs;
      option java_package = "org.apache.hadoop.hdfs.protocol.proto";
      option java_outer_classname = "ClientNamenodeProtocolProtos";
      message GetFileInfoRequestProto { required string src = 1; }
      message GetFileInfoResponseProto {}
      service ClientNamenodeProtocol { rpc getFileInfo(GetFileInfoRequestProto) returns(GetFileInfoResponseProto); }`,
  });
  const { methods } = protobuf({ source, service: "ClientNamenodeProtocol", protocolName: "P", version: 1 });
  const method = methods.get("getFileInfo");
  assert.deepEqual([method?.hash, method?.formerHash], [0x6935053e, 1951910234]);
});
