import assert from "node:assert/strict";
import { test } from "node:test";
import { writableEngine } from "../../../../protocol/engines/writable.js";
import { RpcError } from "../../../../protocol/rpc-error.js";

const GOOD = { protocol: "demo.P", version: 1, methods: { m: { parameters: ["int"], returns: "int" } } };

function bad(change: object, message: string): void {
  assert.throws(
    () => writableEngine.define({ ...GOOD, ...change }),
    (error: unknown) => {
      assert.ok(error instanceof RpcError);
      assert.equal(error.code, "BAD_DEFINITION");
      assert.equal(error.message, message);
      return true;
    },
  );
}

const method = (m: unknown) => ({ methods: { m } });

test("a wrong declaration is refused with what is wrong and what to write", () => {
  bad({ protocol: "" }, "protocol must be the name of the Java interface, as Class.getName() says it");
  bad({ version: 1.5 }, "demo.P: version must be a safe non-negative integer, Java's versionID");
  bad({ version: -1 }, "demo.P: version must be a safe non-negative integer, Java's versionID");
  bad({ methods: [] }, "demo.P: methods must be an object");
  bad(
    { method: {} },
    'demo.P: unknown key "method"; there are protocol, version, methods, enums, writables, inherits, versionedProtocol',
  );
  bad({ versionedProtocol: "no" }, "demo.P: versionedProtocol must be true or false");
  bad({ inherits: {} }, "demo.P: inherits must be an array of definitions");
  bad({ inherits: [{ engine: {} }] }, "demo.P: inherits must hold definitions made by writable()");
  bad({ inherits: [{ protocol: "demo.Q", version: 1 }] }, "demo.P: demo.Q: methods must be an object");
  assert.throws(() => writableEngine.define("demo.P"), /must be an object/);
});

test("a wrong method is refused with its name, its place and the type that is meant", () => {
  bad(method("int"), 'demo.P.m: must be { parameters: ["java.lang.String", ...], returns: "java.lang.String" }');
  bad(
    method({ returns: "int", oneWay: true }),
    'demo.P.m: unknown key "oneWay"; there are parameters, returns, idempotent, atMostOnce',
  );
  bad(method({}), "demo.P.m: returns: must be the name of a Java type, got undefined");
  bad(method({ parameters: "int", returns: "int" }), "demo.P.m: parameters must be an array of names of Java types");
  bad(method({ returns: "int", idempotent: 1 }), "demo.P.m: idempotent must be true or false");
  const parameter = (type: string, text: string) =>
    bad(method({ parameters: ["int", type], returns: "void" }), `demo.P.m: parameter 2: ${text}`);
  parameter("String", 'unknown Java type "String": write java.lang.String');
  parameter("String[][]", 'unknown Java type "String": write java.lang.String');
  parameter("java.lang.Integer", 'unknown Java type "java.lang.Integer": write int');
  parameter("Text", 'unknown Java type "Text": write org.apache.hadoop.io.Text');
  parameter("void", "void has no values; leave it out");
  parameter("void[]", "void[] is no type: void has no values");
  parameter("@Nonnull int", "int is never null; leave out @Nonnull");
  const advice = "declare it in enums or writables, or write the full name as Class.getName() says it";
  for (const type of ["demo.Color", "__proto__", "[Q", "[Lint;", "[", "[V", ""]) {
    parameter(type, `unknown Java type "${type}": ${advice}`);
  }
  const array = "org.apache.hadoop.io.ArrayWritable";
  parameter(array, `unknown Java type "${array}": write ${array}<CLASS OF ELEMENTS>`);
  assert.throws(() => writableEngine.define({ ...GOOD, ...method({ returns: `${array}<int>` }) }), /is no type; only /);
});

test("a wrong enum or Writable is refused", () => {
  const name = (text: string) => `demo.P: ${text}`;
  bad({ enums: { "demo.E": [] } }, name("enum demo.E: must be an array of the names of its constants"));
  bad({ enums: { "demo.E": ["A", "A"] } }, name("enum demo.E: a constant is there twice"));
  bad({ enums: { "demo.E": ["A B"] } }, name('enum demo.E: "A B" is no name of a constant'));
  bad({ enums: { "demo E": ["A"] } }, name('"demo E" is no name of a class: write what Class.getName() says'));
  bad(
    { enums: { "java.lang.String": ["A"] } },
    name("java.lang.String is built in: leave it out of enums and writables"),
  );
  bad(
    { enums: { "demo.E": ["A"] }, writables: { "demo.E": { x: "int" } } },
    name("demo.E is declared in enums and in writables: leave one out"),
  );
  const writables = (text: string) => name(`writables: demo.W${text}`);
  bad(
    { writables: { "demo.W": 5 } },
    writables(": must be the name of a Writable, a table of fields, or { read, write }"),
  );
  bad({ writables: { "demo.W": "int" } }, writables(": int is no Writable"));
  bad({ writables: { "demo.W": "demo.X", "demo.X": "demo.W" } }, writables(" is a subclass of itself"));
  bad({ writables: { "demo.W": { w: "demo.W" } } }, name("Writable demo.W contains itself"));
  bad(
    { writables: { "demo.W": { w: "[]" } } },
    writables(
      ': field w: unknown Java type "": declare it in enums or writables, or write the full name as Class.getName() says it',
    ),
  );
  const strings =
    "(for strings: org.apache.hadoop.io.Text for Text.writeString, org.apache.hadoop.io.UTF8 for UTF8.writeString)";
  bad(
    { writables: { "demo.W": { s: "java.lang.String" } } },
    writables(`: field s: java.lang.String must be a primitive or a Writable ${strings}`),
  );
});

test("a Writable of functions cannot be handed out, and says so", () => {
  const functions = { read: () => 1, write: () => undefined };
  const definition = writableEngine.define({ ...GOOD, writables: { "demo.W": functions } });
  const text =
    "demo.P: writables: demo.W is read and written by functions, which cannot be handed out: import its definition";
  bad(JSON.parse(JSON.stringify(definition.declaration)), text);
});

test("names of the JVM and names of Java sources are the same types", () => {
  const of = (types: string[]) => writableEngine.define({ ...GOOD, ...method({ parameters: types, returns: "void" }) });
  const jvm = of(["[I", "[[J", "[Ljava.lang.String;", "[[Lorg.apache.hadoop.io.Text;"]);
  const source = of(["int[]", "long[][]", "java.lang.String[]", "org.apache.hadoop.io.Text[][]"]);
  assert.deepEqual(jvm.signature, source.signature);
  assert.deepEqual(jvm.declaration, source.declaration);
});

test("a method has no more parameters than Java allows", () => {
  const ints = (count: number) => method({ parameters: new Array<string>(count).fill("int"), returns: "void" });
  assert.equal(writableEngine.define({ ...GOOD, ...ints(255) }).methods.get("m")?.arity, 255);
  bad(ints(256), "demo.P.m: a method has at most 255 parameters");
});
