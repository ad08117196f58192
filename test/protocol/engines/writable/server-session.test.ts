import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_DECODE_LIMITS } from "../../../../protocol/engine.js";
import { MAX_PRIMITIVES } from "../../../../protocol/engines/writable/java-type.js";
import { PRIMITIVES, type RawCodec } from "../../../../protocol/engines/writable/primitives.js";
import { VERSIONED_PROTOCOL, versionedProtocol, writable } from "../../../../protocol/engines/writable.js";
import { RpcError, type RpcErrorCode } from "../../../../protocol/rpc-error.js";
import { Base, connect, Derived, int32, int64, invocation, MyInterface, Plain, serve, utf8 } from "./services.js";

const NULL = [utf8("org.apache.hadoop.io.Writable"), utf8("org.apache.hadoop.io.ObjectWritable$NullInstance")];
const COMPACT = utf8("org.apache.hadoop.io.ArrayPrimitiveWritable$Internal");

const string = (text: string): Buffer => Buffer.concat([utf8("java.lang.String"), utf8(text)]);
const int = (value: number): Buffer => Buffer.concat([utf8("int"), int32(value)]);
const long = (value: bigint): Buffer => Buffer.concat([utf8("long"), int64(value)]);
const nothing = (className: string): Buffer => Buffer.concat([...NULL, utf8(className)]);

function refused(run: () => unknown, code: RpcErrorCode, javaClass: string, message: string | RegExp): void {
  assert.throws(run, (error: unknown) => {
    assert.ok(error instanceof RpcError);
    assert.equal(error.code, code);
    assert.equal(error.javaClass, javaClass);
    if (typeof message === "string") assert.equal(error.message, message);
    else assert.match(error.message, message);
    return true;
  });
}

const SERVER_EXCEPTION = "org.apache.hadoop.ipc.RpcServerException";
const UNREADABLE = "IPC server unable to read call parameters: ";

function unreadable(run: () => unknown, message: string): void {
  refused(run, "FATAL_DESERIALIZING_REQUEST", SERVER_EXCEPTION, UNREADABLE + message);
}

const { receive, answer } = connect(serve([MyInterface, Plain, Derived]), "demo.MyInterface");
const hello = (...parameters: Buffer[]) => invocation("demo.MyInterface", "helloWorld", 1001n, parameters);

test("another version of WritableRpc costs the call, and only after its parameters were read", () => {
  const call = (parameter: Buffer) =>
    invocation("demo.MyInterface", "helloWorld", 1001n, [parameter], { rpcVersion: 3n });
  const text = "WritableRpc version mismatch, client side version=3, server side version=2";
  refused(() => receive(call(string("a"))), "ERROR_RPC_SERVER", SERVER_EXCEPTION, text);
  unreadable(() => receive(call(utf8("demo.Nothing"))), "readObject can't find class demo.Nothing");
});

test("an unknown protocol costs the call if its parameters can be read, else the connection", () => {
  const call = (parameter: Buffer) => invocation("demo.Other", "helloWorld", 1001n, [parameter]);
  refused(() => receive(call(string("a"))), "ERROR_RPC_SERVER", SERVER_EXCEPTION, "Unknown protocol: demo.Other");
  unreadable(() => receive(call(utf8("demo.Color"))), "readObject can't find class demo.Color");
});

test("a version that is not served is answered with both numbers, which are compared as Java's longs", () => {
  for (const version of [1000n, -1n, 2n ** 63n - 1n, 2n ** 53n + 1001n]) {
    const text = `Protocol demo.MyInterface version mismatch. (client = ${version}, server = 1001)`;
    const call = () => receive(invocation("demo.MyInterface", "helloWorld", version, [string("a")]));
    refused(call, "ERROR_RPC_VERSION_MISMATCH", "org.apache.hadoop.ipc.RPC$VersionMismatch", text);
  }
});

test("a call of a version that is not served may name the classes of one that is", () => {
  const color = Buffer.concat([utf8("demo.Color"), utf8("RED")]);
  const text = "Protocol plain version mismatch. (client = 9, server = 2)";
  const call = () => receive(invocation("plain", "mix", 9n, [color]));
  refused(call, "ERROR_RPC_VERSION_MISMATCH", "org.apache.hadoop.ipc.RPC$VersionMismatch", text);
});

test("a method is found by its name and the classes of its parameters, as Java finds it", () => {
  const cases: [string, Buffer[], string][] = [
    ["foo", [string("a")], "demo.MyInterface.foo(java.lang.String)"],
    ["foo", [], "demo.MyInterface.foo()"],
    ["helloWorld", [], "demo.MyInterface.helloWorld()"],
    ["helloWorld", [int(1)], "demo.MyInterface.helloWorld(int)"],
    ["helloWorld", [nothing("[I")], "demo.MyInterface.helloWorld([I)"],
    ["helloWorld", [string("a"), long(1n)], "demo.MyInterface.helloWorld(java.lang.String,long)"],
    ["helloWorld", [Buffer.concat([COMPACT, utf8("int"), int32(0)])], "demo.MyInterface.helloWorld([I)"],
    [
      "__proto__",
      [nothing("org.apache.hadoop.io.Writable")],
      "demo.MyInterface.__proto__(org.apache.hadoop.io.Writable)",
    ],
  ];
  for (const [method, parameters, text] of cases) {
    // Once with a method that the connection knows by its first bytes, too.
    receive(hello(string("a")));
    const call = () => receive(invocation("demo.MyInterface", method, 1001n, parameters));
    refused(call, "ERROR_APPLICATION", "java.io.IOException", `java.lang.NoSuchMethodException: ${text}`);
  }
});

test("a null is an argument where Java has references, and refused where it has none", () => {
  assert.deepEqual(receive(hello(nothing("java.lang.String"))).readArguments(), [null]);
  const call = () => receive(invocation("demo.Derived", "add", 7n, [int(1), nothing("int")]));
  const text = "java.lang.NullPointerException: demo.Derived.add: argument 2 (int) is null";
  refused(call, "ERROR_APPLICATION", "java.io.IOException", text);
});

test("bytes behind the last parameter are left alone, as Hadoop leaves them", () => {
  const request = Buffer.concat([hello(string("a")), Buffer.from("junk")]);
  assert.deepEqual(receive(request).readArguments(), ["a"]);
});

test("a hash that differs from ours is nobody's business", () => {
  const request = invocation("demo.MyInterface", "helloWorld", 1001n, [string("a")], { hash: 12345 });
  for (let i = 0; i < 2; i++) assert.deepEqual(receive(request).readArguments(), ["a"]);
});

test("counts and lengths are checked before anything is made for them", () => {
  const array = (count: number, name = "[I") => hello(Buffer.concat([utf8(name), int32(count)]));
  const compact = (count: number, component = "int") => hello(Buffer.concat([COMPACT, utf8(component), int32(count)]));
  unreadable(() => receive(array(-1)), "an array's length is negative: -1");
  unreadable(() => receive(array(2 ** 31 - 1)), "an array of 2147483647 needs at least 19327352823 bytes, 0 remain");
  unreadable(() => receive(array(1, "[Ljava.lang.String;")), "an array of 1 needs at least 4 bytes, 0 remain");
  unreadable(() => receive(compact(-5)), "an array's length is negative: -5");
  unreadable(() => receive(compact(2 ** 30)), "an array of 1073741824 needs at least 4294967296 bytes, 0 remain");
  unreadable(() => receive(compact(0, "java.lang.String")), "an array of primitives cannot hold java.lang.String");
  const calls = (count: number) => invocation("demo.MyInterface", "helloWorld", 1001n, [], { count });
  unreadable(() => receive(calls(-1)), "the number of parameters is negative: -1");
  unreadable(() => receive(calls(1_000_000)), "1000000 parameters are more than the 255 that a method can have");
  unreadable(() => receive(calls(255)), "255 parameters do not fit into 0 bytes");
});

test("arrays in arrays stop at the limit of nesting, whatever their names promise", () => {
  const limited = connect(serve([MyInterface]), "", {
    maxDepth: 10,
    maxEmptyItems: 10,
    maxObjects: 100,
    maxSchemaBytes: 0,
  });
  let value = Buffer.alloc(0);
  for (let depth = 1; depth <= 20; depth++) {
    value = Buffer.concat([utf8(`${"[".repeat(depth + 1)}I`), int32(1), value]);
  }
  unreadable(
    () => limited.receive(hello(Buffer.concat([value]))),
    "values are nested deeper than 10 levels (hrpcd.decode.depth.max)",
  );
  unreadable(() => receive(hello(utf8(`${"[".repeat(65)}I`))), `readObject can't find class ${"[".repeat(65)}I`);
});

test("an array that claims all bytes at every level costs no more than its bytes", () => {
  const levels = Array.from({ length: 50 }, (_, i) => Buffer.concat([utf8(`${"[".repeat(51 - i)}I`), int32(200_000)]));
  const bytes = Buffer.concat([...levels, Buffer.alloc(1_000_000)]);
  const before = process.memoryUsage().heapUsed;
  assert.throws(() => receive(hello(bytes)), RpcError);
  assert.ok(process.memoryUsage().heapUsed - before < 8_000_000);
});

test("parameters of a method that is not there are passed over: their classes are all that is made of them", (t) => {
  const count = 1000;
  const flags = Buffer.concat([COMPACT, utf8("boolean"), int32(count), Buffer.alloc(count, 1)]);
  const made = t.mock.method(PRIMITIVES.get("boolean")?.raw as RawCodec, "read");
  for (const name of ["nope", "helloWorld"]) {
    const call = () => receive(invocation("demo.MyInterface", name, 1001n, [flags]));
    const text = `java.lang.NoSuchMethodException: demo.MyInterface.${name}([Z)`;
    refused(call, "ERROR_APPLICATION", "java.io.IOException", text);
  }
  assert.equal(made.mock.callCount(), 0);
});

test("a value that does not fit its class costs the connection where nobody takes it, too", () => {
  const call = (...parts: Buffer[]) => receive(invocation("demo.MyInterface", "nope", 1001n, [Buffer.concat(parts)]));
  unreadable(() => call(utf8("int"), Buffer.alloc(2)), "the bytes end in the middle of a int");
  unreadable(
    () => call(utf8("[Ljava.lang.String;"), int32(1), int(1)),
    "a value of class int came where java.lang.String is declared",
  );
});

test("elements of arrays are counted over a whole call, of arrays of primitives up to what a frame holds", () => {
  const Arrays = writable({
    protocol: "a",
    version: 1,
    methods: {
      names: { parameters: ["java.lang.String[][]"], returns: "void" },
      texts: { parameters: ["org.apache.hadoop.io.ArrayWritable<org.apache.hadoop.io.Text>"], returns: "void" },
      flags: { parameters: ["boolean[]", "boolean[]"], returns: "void" },
      bytes: { parameters: ["byte[]"], returns: "void" },
    },
  });
  const limits = { ...DEFAULT_DECODE_LIMITS, maxObjects: 10 };
  const { receive: take, request } = connect(serve([Arrays]), "a", limits);
  const pass = (method: string, ...args: unknown[]) => take(request(Arrays, method, args)).readArguments();
  const most = "more than 10 elements of arrays (hrpcd.decode.objects.max)";
  const four = ["a", "b", "c", null];
  assert.deepEqual(pass("names", [four, four]), [[four, four]]);
  unreadable(() => pass("names", [four, four, ["d"]]), most);
  assert.deepEqual(pass("texts", new Array(10).fill("a")), [new Array(10).fill("a")]);
  unreadable(() => pass("texts", new Array(11).fill("a")), most);

  const flags = (count: number) => Buffer.concat([COMPACT, utf8("boolean"), int32(count), Buffer.alloc(count, 1)]);
  const call = (...parameters: Buffer[]) => take(invocation("a", "flags", 1n, parameters)).readArguments();
  const [left, right] = call(flags(1000), flags(2000)) as [boolean[], boolean[]];
  assert.deepEqual([left.length, right.length], [1000, 2000]);
  unreadable(
    () => call(flags(1), flags(MAX_PRIMITIVES)),
    "more than 33554432 elements in arrays of primitives other than byte[]",
  );
  const bytes = new Uint8Array(MAX_PRIMITIVES + 1);
  assert.equal((pass("bytes", bytes)[0] as Uint8Array).length, bytes.length);
});

test("the classes of a method that is not there are named up to a kibibyte", () => {
  const nulls = Array.from({ length: 200 }, () => nothing("[Ljava.lang.String;"));
  const classes = `${"[Ljava.lang.String;,".repeat(200).slice(0, 1024)}...`;
  const text = `java.lang.NoSuchMethodException: demo.MyInterface.nope(${classes})`;
  const call = () => receive(invocation("demo.MyInterface", "nope", 1001n, nulls));
  refused(call, "ERROR_APPLICATION", "java.io.IOException", text);
});

test("items that take no bytes are counted over a whole call", () => {
  const nulls = "org.apache.hadoop.io.ArrayWritable<org.apache.hadoop.io.NullWritable>";
  const Nulls = writable({
    protocol: "n",
    version: 1,
    methods: { take: { parameters: [nulls, nulls], returns: "void" } },
  });
  const { receive: take, request } = connect(serve([Nulls]), "n");
  const half = new Array(5000).fill(null);
  assert.deepEqual(take(request(Nulls, "take", [half, half])).readArguments(), [half, half]);
  const more = request(Nulls, "take", [half, [...half, null]]);
  unreadable(() => take(more), "more than 10000 items that take no bytes (hrpcd.decode.empty.items.max)");
});

test("a Writable of another class comes only where it is declared to be a subclass", () => {
  const Shapes = writable({
    protocol: "s",
    version: 1,
    writables: { "demo.Base": { x: "int" }, "demo.Sub": "demo.Base", "demo.Other": { y: "long" } },
    methods: { take: { parameters: ["demo.Base"], returns: "demo.Base" } },
  });
  const { receive: take } = connect(serve([Shapes]), "s");
  const call = (...parts: Buffer[]) => take(invocation("s", "take", 1n, [Buffer.concat(parts)]));
  assert.deepEqual(call(utf8("demo.Base"), utf8("demo.Sub"), int32(5)).readArguments(), [{ x: 5 }]);
  unreadable(
    () => call(utf8("demo.Base"), utf8("demo.Other"), int64(5n)),
    "a demo.Other came where demo.Base is declared",
  );
  unreadable(
    () => call(utf8("demo.Base"), utf8("java.lang.String"), int64(5n)),
    "readObject can't find class java.lang.String",
  );
});

test("VersionedProtocol is answered for the connection's protocol, at the highest version served", () => {
  const newer = writable({ protocol: "demo.MyInterface", version: 1002, methods: { helloWorld: { returns: "void" } } });
  const { call } = connect(serve([newer, MyInterface]), "demo.MyInterface");
  assert.equal(call(versionedProtocol, "getProtocolVersion", "demo.MyInterface", 1001n), 1002n);
  const same = { version: 1002n, methods: null };
  const { fingerprint, methods } = newer.signature;
  assert.deepEqual(call(versionedProtocol, "getProtocolSignature", null, 1001n, fingerprint), same);
  assert.deepEqual(call(versionedProtocol, "getProtocolSignature", "x", 1001n, 0), {
    version: 1002n,
    methods: [...methods],
  });
});

test("VersionedProtocol is unknown on a connection whose protocol is", () => {
  const { call } = connect(serve([MyInterface]), "demo.Other");
  const ask = () => call(versionedProtocol, "getProtocolVersion", "demo.MyInterface", 1n);
  refused(ask, "ERROR_RPC_SERVER", SERVER_EXCEPTION, "Unknown protocol: demo.Other");
});

test("VersionedProtocol's methods can be called under the name of an interface that extends it", () => {
  const ask = (name: string, version: bigint) => {
    return answer(invocation(name, "getProtocolVersion", version, [string(name), long(0n)])).toString("hex");
  };
  assert.equal(ask("demo.MyInterface", 1001n), long(1001n).toString("hex"));
  assert.equal(ask("demo.Derived", 7n), long(7n).toString("hex"));
  const text = "java.lang.NoSuchMethodException: plain.getProtocolVersion(java.lang.String,long)";
  refused(() => ask("plain", 2n), "ERROR_APPLICATION", "java.io.IOException", text);
});

test("a service that implements VersionedProtocol's methods answers them itself", () => {
  const Own = writable({ protocol: "own", version: 4, inherits: [versionedProtocol], methods: {} });
  const { call } = connect(serve([Own], { getProtocolVersion: () => 99n }), "own");
  assert.equal(call(versionedProtocol, "getProtocolVersion", "own", 4n), 99n);
  assert.equal(Own.signature.fingerprint, versionedProtocol.signature.fingerprint);
});

test("more methods than a connection remembers are served all the same", () => {
  const names = Array.from({ length: 40 }, (_, i) => `method${i}`);
  const methods = Object.fromEntries(names.map((name) => [name, { parameters: ["int"], returns: "int" }]));
  const Many = writable({ protocol: "many", version: 1, methods });
  const { call } = connect(serve([Many]), "many");
  for (let round = 0; round < 3; round++) {
    for (const [i, name] of names.entries()) assert.equal(call(Many, name, i), i);
  }
});

test("a result that does not fit its type names the method", () => {
  const { call } = connect(serve([Derived, MyInterface], { add: () => "three", helloWorld: () => undefined }), "");
  const code = "ERROR_SERIALIZING_RESPONSE";
  const add = "demo.Derived.add: the result (int) must be an integer from -2147483648 to 2147483647";
  refused(() => call(Derived, "add", 1, 2), code, "java.io.IOException", `${add}, got "three"`);
  refused(
    () => call(MyInterface, "helloWorld", "a"),
    code,
    "java.io.IOException",
    /must be a string or null, got undefined$/,
  );
  assert.equal(connect(serve([Base], { ping: () => 5 }), "").call(Base, "ping"), undefined);
});

test("VersionedProtocol's name is Hadoop's", () => {
  assert.equal(VERSIONED_PROTOCOL, "org.apache.hadoop.ipc.VersionedProtocol");
});
