/** The Writable engine against bytes that Hadoop 3.4.2 made: `writable/` holds the program, `writable-vectors.json` its output. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { readUtf8String, writeUtf8String } from "../../protocol/engines/writable/utf8.js";
import { readVLong, writeVLong } from "../../protocol/engines/writable/vint.js";
import { versionedProtocol, writable } from "../../protocol/engines/writable.js";
import { RpcError } from "../../protocol/rpc-error.js";
import { ByteReader } from "../../protocol/wire/byte-reader.js";
import { ByteWriter } from "../../protocol/wire/byte-writer.js";
import {
  Base,
  COLORS,
  connect,
  Derived,
  invocation,
  MyInterface,
  Plain,
  serve,
} from "../protocol/engines/writable/services.js";

interface Vectors {
  readonly objects: readonly { type: string; value: unknown; parameter: string; result: string }[];
  readonly invocations: readonly { protocol: string; method: string; arguments: unknown[]; hex: string }[];
  readonly utf8: readonly { text: string; hex: string }[];
  readonly vints: readonly (readonly [string, string])[];
  readonly signatures: readonly { protocol: string; methods: number[]; fingerprint: number }[];
  readonly errors: readonly { hex: string; message: string }[];
}

const file = new URL("../../../test/golden/writable-vectors.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8"), untag) as Vectors;

/** The generator tags what JSON does not have. */
function untag(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const { long, bytes, number } = value as Record<string, string | undefined>;
  if (long !== undefined) return BigInt(long);
  if (bytes !== undefined) return new Uint8Array(Buffer.from(bytes, "hex"));
  return number === undefined ? value : Number(number);
}

const PROTOCOLS = [MyInterface, Base, Derived, Plain, versionedProtocol];
const TABLES = {
  enums: COLORS,
  writables: {
    "demo.TextArray": "org.apache.hadoop.io.ArrayWritable<org.apache.hadoop.io.Text>",
    "demo.Point": { x: "int", y: "long", label: "org.apache.hadoop.io.Text" },
  },
} as const;

/** A protocol with one method that takes and returns the type; void is a result only. */
function echo(type: string) {
  const parameters = type === "void" ? [] : [type];
  return writable({ protocol: "demo.Echo", version: 1, methods: { echo: { parameters, returns: type } }, ...TABLES });
}

function head(type: string): Buffer {
  const protocol = echo(type);
  const count = type === "void" ? 0 : 1;
  return invocation("demo.Echo", "echo", 1n, [], { hash: protocol.signature.fingerprint, count });
}

function assertDecodeError(run: () => unknown, text: RegExp | string, where: string): void {
  assert.throws(run, (error: unknown) => {
    assert.ok(error instanceof RpcError, where);
    assert.ok(
      typeof text === "string" ? error.message.endsWith(text) : text.test(error.message),
      `${where}: ${error.message}`,
    );
    return true;
  });
}

test("parameters and results of every type have Hadoop's bytes", () => {
  assert.ok(vectors.objects.length > 80);
  for (const { type, value, parameter, result } of vectors.objects) {
    const { request, answer } = connect(serve([echo(type)]), "demo.Echo");
    if (type !== "void") {
      const sent = request(echo(type), "echo", [value]);
      assert.equal(sent.toString("hex"), head(type).toString("hex") + parameter, `${type} as a parameter`);
    }
    const args = type === "void" ? [] : [Buffer.from(parameter, "hex")];
    const got = answer(invocation("demo.Echo", "echo", 1n, args));
    assert.equal(got.toString("hex"), result, `${type} as a result`);
  }
});

test("both forms of every type are read in both directions", () => {
  for (const { type, value, parameter, result } of vectors.objects) {
    const { receive, result: read } = connect(serve([echo(type)]), "demo.Echo");
    const expected = type === "void" ? undefined : value;
    for (const form of [parameter, result]) {
      const bytes = Buffer.from(form, "hex");
      assert.deepEqual(read(echo(type), "echo", bytes), expected, `${type} as a result`);
      if (type === "void") continue;
      assert.deepEqual(
        receive(invocation("demo.Echo", "echo", 1n, [bytes])).readArguments(),
        [value],
        `${type} as a parameter`,
      );
    }
  }
});

test("a value that is cut at any byte is an error and never another value", () => {
  for (const { type, parameter, result } of vectors.objects) {
    if (result.length > 2000) continue;
    const { receive, result: read } = connect(serve([echo(type)]), "demo.Echo");
    for (const form of new Set([parameter, result])) {
      const bytes = Buffer.from(form, "hex");
      for (let end = 0; end < bytes.length; end++) {
        const cut = bytes.subarray(0, end);
        assertDecodeError(() => read(echo(type), "echo", cut), /^demo.Echo.echo: /, `${type} cut at ${end}`);
        if (type === "void") continue;
        const request = invocation("demo.Echo", "echo", 1n, [cut]);
        assertDecodeError(
          () => receive(request),
          /^IPC server unable to read call parameters: /,
          `${type} cut at ${end}`,
        );
      }
    }
  }
});

test("Invocations have Hadoop's bytes, under the name, version and hash of the interface that declares the method", () => {
  for (const { protocol, method, arguments: args, hex } of vectors.invocations) {
    const definition = method.startsWith("getProtocol")
      ? versionedProtocol
      : PROTOCOLS.find(({ name }) => name === protocol);
    assert.ok(definition);
    const { request, receive } = connect(serve(PROTOCOLS), protocol);
    assert.equal(request(definition, method, args).toString("hex"), hex, `${protocol}.${method}`);
    const call = receive(Buffer.from(hex, "hex"));
    assert.equal(call.method.name, method);
    assert.deepEqual(call.readArguments(), args);
  }
});

test("an Invocation that is cut at any byte is refused, also when its method is known by its first bytes", () => {
  for (const { protocol, hex } of vectors.invocations) {
    const bytes = Buffer.from(hex, "hex");
    for (const calledBefore of [false, true]) {
      const { receive } = connect(serve(PROTOCOLS), protocol);
      if (calledBefore) receive(bytes);
      for (let end = 0; end < bytes.length; end++) {
        const text = /^IPC server unable to read call parameters: /;
        assertDecodeError(() => receive(bytes.subarray(0, end)), text, `${protocol} cut at ${end}`);
      }
    }
  }
});

test("UTF8 strings have Hadoop's bytes and come back", () => {
  for (const { text, hex } of vectors.utf8) {
    const out = new ByteWriter(8);
    writeUtf8String(text, out);
    assert.equal(out.take().toString("hex"), hex);
    assert.equal(readUtf8String(new ByteReader(Buffer.from(hex, "hex"))), text);
  }
});

test("VLongs have Hadoop's bytes and come back", () => {
  for (const [value, hex] of vectors.vints) {
    const out = new ByteWriter(8);
    writeVLong(BigInt(value), out);
    assert.equal(out.take().toString("hex"), hex, value);
    assert.equal(readVLong(new ByteReader(Buffer.from(hex, "hex"))), BigInt(value));
  }
});

test("method hashes and fingerprints are Hadoop's", () => {
  for (const { protocol, methods, fingerprint } of vectors.signatures) {
    const definition = PROTOCOLS.find(({ name }) => name === protocol);
    assert.deepEqual(definition?.signature.methods, methods, protocol);
    assert.equal(definition?.signature.fingerprint, fingerprint, protocol);
  }
});

test("what Hadoop cannot read is refused with Hadoop's text", () => {
  const echoString = echo("java.lang.String");
  const { receive } = connect(serve([echoString]), "demo.Echo");
  for (const { hex, message } of vectors.errors) {
    const request = invocation("demo.Echo", "echo", 1n, [Buffer.from(hex, "hex")]);
    assertDecodeError(() => receive(request), `IPC server unable to read call parameters: ${message}`, hex);
  }
});
