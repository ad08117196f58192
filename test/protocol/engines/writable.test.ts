import assert from "node:assert/strict";
import { test } from "node:test";
import { versionedProtocol, writable } from "../../../protocol/engines/writable.js";
import { Base, connect, Derived, MyInterface, Plain, serve } from "./writable/services.js";

/** Bytes of the wire specification, spaces left out. */
function bytes(text: string): Buffer {
  return Buffer.from(text.replaceAll(/\s/g, ""), "hex");
}

const STRING = "0010 6a6176612e6c616e672e537472696e67";

test("a call and its answer have the bytes of the tutorial's interface", () => {
  const { request, answer, result } = connect(
    serve([MyInterface], { helloWorld: (name) => `hello ${name}` }),
    "demo.MyInterface",
  );
  const call = bytes(`0000000000000002 0010 64656d6f2e4d79496e74657266616365 000a 68656c6c6f576f726c64
    00000000000003e9 8a5fa649 00000001 ${STRING} 0002 6869`);
  const reply = bytes(`${STRING} 0008 68656c6c6f206869`);
  assert.deepEqual(request(MyInterface, "helloWorld", ["hi"]), call);
  assert.deepEqual(answer(call), reply);
  assert.equal(result(MyInterface, "helloWorld", reply), "hello hi");
});

test("an int[] is compact as a parameter and long as a result; a void result is a null", () => {
  const compact =
    bytes(`0034 6f72672e6170616368652e6861646f6f702e696f2e41727261795072696d69746976655772697461626c6524496e7465726e616c
    0003 696e74 00000002 00000001 ffffffff`);
  const long = bytes("0002 5b49 00000002 0003 696e74 00000001 0003 696e74 ffffffff");
  const { request, answer } = connect(serve([Plain, Base]), "plain");
  const call = request(Plain, "exchange", [[1, -1]]);
  assert.deepEqual(call.subarray(-compact.length), compact);
  assert.deepEqual(answer(call), long);
  const nothing = bytes(`001d 6f72672e6170616368652e6861646f6f702e696f2e5772697461626c65
    0030 6f72672e6170616368652e6861646f6f702e696f2e4f626a6563745772697461626c65244e756c6c496e7374616e6365 0004 766f6964`);
  assert.deepEqual(answer(request(Base, "ping", [])), nothing);
});

test("hashes and fingerprints are those of the worked example", () => {
  assert.deepEqual(MyInterface.signature, {
    version: 1001,
    methods: [-1603691201, -156921003, 2145063200],
    fingerprint: -1973442999,
  });
  assert.equal(MyInterface.methods.get("helloWorld")?.hash, 2145063200);
  assert.equal(versionedProtocol.signature.fingerprint, 1668260279);
  const plain = (returns: string, parameters: string[]) =>
    writable({
      protocol: "p",
      version: 1,
      versionedProtocol: false,
      methods: { exchange: { parameters, returns } },
    }).signature.methods;
  assert.deepEqual(plain("int[]", ["[I"]), [1556262213]);
  assert.deepEqual(plain("[Ljava.lang.String;", ["java.lang.String[]"]), [752322311]);
});

test("a method that is inherited is sent under the interface that declares it and served by the one that inherits", () => {
  const services = serve([Derived], { ping: () => undefined, add: (a, b) => Number(a) + Number(b) });
  const { request, call } = connect(services, "demo.Derived");
  assert.deepEqual(request(Derived, "ping", []), request(Base, "ping", []));
  assert.equal(call(Derived, "ping"), undefined);
  assert.equal(call(Derived, "add", 2, 3), 5);
});

test("a method that is inherited can be called under the name of the interface that inherits it too", () => {
  const { call, request } = connect(serve([Derived]), "demo.Derived");
  const own = request(Derived, "add", [1, 2]);
  const ping = writable({ protocol: "demo.Derived", version: 7, methods: { ping: { returns: "void" } } });
  assert.notDeepEqual(request(ping, "ping", []), own);
  assert.equal(call(ping, "ping"), undefined);
});

test("a definition made of another one's declaration is the same, whatever went through JSON", () => {
  const declared = writable({
    protocol: "demo.All",
    version: 5,
    versionedProtocol: false,
    inherits: [Plain],
    enums: { "demo.Shade": ["DARK"] },
    writables: {
      "demo.Texts": "org.apache.hadoop.io.ArrayWritable<org.apache.hadoop.io.Text>",
      "demo.Point": { x: "int", next: "org.apache.hadoop.io.ArrayWritable<demo.Point>" },
    },
    methods: {
      draw: { parameters: ["demo.Point[]", "@Nonnull demo.Shade"], returns: "demo.Texts", idempotent: true },
      clear: { returns: "void", atMostOnce: true },
    },
  });
  const again = declared.engine.define(JSON.parse(JSON.stringify(declared.declaration)));
  assert.deepEqual(again.declaration, declared.declaration);
  assert.deepEqual(again.signature, declared.signature);
  assert.deepEqual([...again.methods.keys()], ["exchange", "mix", "draw", "clear"]);
  assert.equal(again.methods.get("draw")?.idempotent, true);
  assert.equal(again.methods.get("clear")?.atMostOnce, true);
  const { call, request } = connect(serve([again]), "demo.All");
  assert.equal(call(again, "mix", null, [], new Uint8Array()), null);
  const points = [{ x: 1, next: [{ x: 2, next: [] }] }, null];
  assert.deepEqual(request(again, "draw", [points, "DARK"]), request(declared, "draw", [points, "DARK"]));
});

test("names of JavaScript's own objects are names like any other", () => {
  const names = ["__proto__", "constructor", "toString", "hasOwnProperty"];
  const odd = writable({
    protocol: "constructor",
    version: 0,
    enums: Object.fromEntries(names.map((name) => [name, names])),
    writables: { "demo.Odd": Object.fromEntries(names.map((name) => [name, "int"])) },
    methods: Object.fromEntries(names.map((name) => [name, { parameters: [name, "demo.Odd"], returns: name }])),
  });
  const { call } = connect(serve([odd]), "constructor");
  for (const name of names) {
    const record = Object.fromEntries(names.map((field, i) => [field, i]));
    assert.equal(call(odd, name, "__proto__", record), "__proto__");
  }
  const again = odd.engine.define(JSON.parse(JSON.stringify(odd.declaration)));
  assert.deepEqual(again.signature, odd.signature);
  const { receive, request } = connect(serve([MyInterface]), "demo.MyInterface");
  assert.throws(() => receive(request(odd, "toString", ["toString", null])), /can't find class toString$/);
});
