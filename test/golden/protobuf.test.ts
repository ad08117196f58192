/**
 * The protobuf engine against what Hadoop 3.4.2's own protobuf makes of the same bytes: `protobuf/` holds the program,
 * `protobuf-vectors.json` its output. `hadoop.json` holds the declarations that the messages were read by.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { readDescriptor } from "../../protocol/engines/protobuf/proto-descriptor.js";
import { encodeRequestHead } from "../../protocol/engines/protobuf/request-head.js";
import { ProtoSource } from "../../protocol/engines/protobuf/source.js";
import { protobuf } from "../../protocol/engines/protobuf.js";
import { Echo, errorOf } from "../protocol/engines/protobuf/loop.js";

interface Vectors {
  /** A FileDescriptorProto with the message AllTypes. */
  readonly descriptor: string;
  readonly descriptors: readonly string[];
  readonly clientProtocolHashes: readonly number[];
  readonly headers: readonly { readonly version: string; readonly hex: string }[];
  readonly messages: readonly {
    readonly type: string;
    readonly hex: string;
    readonly value: Record<string, unknown>;
  }[];
  readonly damaged: readonly {
    readonly hex: string;
    readonly value?: Record<string, unknown>;
    readonly javaClass?: string;
    readonly error?: string;
  }[];
}

const file = new URL("../../../test/golden/protobuf-vectors.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8"), untag) as Vectors;

/** The generator tags what JSON does not have. */
function untag(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const { long, bytes, number } = value as Record<string, unknown>;
  if (typeof long === "string") return BigInt(long);
  if (typeof bytes === "string") return new Uint8Array(Buffer.from(bytes, "hex"));
  return typeof number === "string" ? Number(number) : value;
}

const source = new ProtoSource(
  [vectors.descriptor, ...vectors.descriptors].map((hex) => readDescriptor("vectors", Buffer.from(hex, "hex"))),
);
const base = source.declarationOf({ service: "demo.Echo", protocolName: "demo.Echo", version: 1 });
const hdfs = source.declarationOf({ service: "ClientNamenodeProtocol", protocolName: "demo.Hdfs", version: 1 });
const types = { messages: [...base.messages, ...hdfs.messages], enums: [...base.enums, ...hdfs.enums] };
const echoes = new Map<string, Echo>();

/** The protocol of one method that takes and gives messages of a type. */
function echoOf(type: string): Echo {
  const found = echoes.get(type) ?? makeEcho(type);
  echoes.set(type, found);
  return found;
}

function makeEcho(type: string): Echo {
  const methods = [{ name: "echo", request: type, response: type }];
  return new Echo(protobuf({ protocol: "demo.Echo", version: 1, service: "demo.Echo", methods, ...types }), "echo");
}

/** What the generator says is present; a value that was read has empty lists and defaults beside it. */
function assertHolds(actual: unknown, expected: unknown, where: string): void {
  if (Array.isArray(expected)) {
    assert.ok(Array.isArray(actual), where);
    assert.equal(actual.length, expected.length, where);
    for (const [i, item] of expected.entries()) assertHolds(actual[i], item, `${where}[${i}]`);
  } else if (typeof expected === "object" && expected !== null && !(expected instanceof Uint8Array)) {
    for (const [name, value] of Object.entries(expected)) {
      assert.ok(Object.hasOwn(actual as object, name), `${where}.${name}`);
      assertHolds((actual as Record<string, unknown>)[name], value, `${where}.${name}`);
    }
  } else assert.deepEqual(actual, expected, where);
}

test("Hadoop's messages are read with Hadoop's values, on both sides", () => {
  assert.ok(vectors.messages.length > 60);
  for (const { type, hex, value } of vectors.messages) {
    const message = Buffer.from(hex, "hex");
    assertHolds(echoOf(type).readRequest(message), value, type);
    assertHolds(echoOf(type).readResult(message), value, type);
  }
});

test("Hadoop's values are written with Hadoop's bytes, on both sides", () => {
  for (const { type, hex, value } of vectors.messages) {
    assert.equal(echoOf(type).writeRequest(value).toString("hex"), hex, type);
    assert.equal(echoOf(type).writeResult(value).toString("hex"), hex, type);
  }
});

test("what was read is written so that it reads the same", () => {
  for (const { type, hex } of vectors.messages) {
    const echo = echoOf(type);
    const value = echo.readRequest(Buffer.from(hex, "hex"));
    assert.deepEqual(echo.readRequest(echo.writeResult(value)), value, type);
  }
});

test("damaged messages give Hadoop's values, or its exceptions with class and text", () => {
  assert.ok(vectors.damaged.length >= 400);
  const echo = echoOf("demo.AllTypes");
  for (const { error, hex, javaClass, value } of vectors.damaged) {
    const message = Buffer.from(hex, "hex");
    if (value !== undefined) assertHolds(echo.readRequest(message), value, hex);
    else {
      const thrown = errorOf(() => echo.readRequest(message));
      const told = { code: thrown.code, javaClass: thrown.javaClass, message: thrown.message };
      assert.deepEqual(told, { code: "ERROR_APPLICATION", javaClass, message: error }, hex);
    }
  }
});

test("fields that are not present are not read, besides lists and declared defaults", () => {
  for (const { type, hex, value } of vectors.messages) {
    const read = echoOf(type).readRequest(Buffer.from(hex, "hex")) as Record<string, unknown>;
    const fields = types.messages.find(({ name }) => name === type)?.fields ?? [];
    for (const { default: declared, name, rule } of fields) {
      const filled = rule === "repeated" || rule === "map" || declared !== undefined;
      assert.equal(Object.hasOwn(read, name), filled || Object.hasOwn(value, name), `${type}.${name}`);
    }
  }
});

test("request headers have Hadoop's bytes", () => {
  for (const { hex, version } of vectors.headers) {
    if (!Number.isSafeInteger(Number(version)) || Number(version) < 0) continue;
    const head = encodeRequestHead("echo", "demo.Echo", Number(version));
    assert.equal(head.subarray(1).toString("hex"), hex);
    assert.equal(head[0], hex.length / 2);
  }
});

test("the methods of a Hadoop protocol have the hashes that Java gives them", () => {
  const definition = protobuf({ source, service: "ClientNamenodeProtocol", protocolName: "demo.Hdfs", version: 1 });
  assert.deepEqual(definition.signature.methods, vectors.clientProtocolHashes);
});
