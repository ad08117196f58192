import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { DEFAULT_DECODE_LIMITS } from "../../../../protocol/engine.js";
import { AvroProtocol } from "../../../../protocol/engines/avro/avro-protocol.js";
import { avro, avroEngine } from "../../../../protocol/engines/avro.js";
import { methodOf, serve } from "../../../helpers/sessions.js";
import { Loop } from "./loop.js";

function refuses(declaration: unknown, message: RegExp): void {
  assert.throws(() => avroEngine.define(declaration), { name: "RpcError", code: "BAD_DEFINITION", message });
}

/** A declaration of one message, `m`, with the given parts. */
function withMessage(message: object, types: readonly unknown[] = []): unknown {
  return {
    protocol: "P",
    namespace: "org.example",
    version: 1,
    types,
    messages: { m: { request: [], response: "null", ...message } },
  };
}

const everything = {
  protocol: "Everything",
  namespace: "org.example",
  version: 3,
  types: [
    {
      type: "record",
      name: "R",
      fields: [
        { name: "next", type: ["null", "R"], default: null },
        { name: "n", type: "long", default: 7 },
      ],
    },
    { type: "error", name: "Bad", fields: [{ name: "bytes", type: "bytes", default: "\u00ff" }] },
  ],
  messages: {
    ask: {
      request: [
        { name: "r", type: "R" },
        { name: "max", type: "int", default: 5 },
      ],
      response: { type: "array", items: "R" },
      errors: ["Bad"],
      idempotent: true,
    },
    tell: { request: [{ name: "s", type: "string" }], response: "null", "one-way": true },
    once: { request: [], response: "null", atMostOnce: true },
  },
} as const;

describe("an Avro declaration", () => {
  it("makes the same protocol again out of what reflection hands out", () => {
    const one = avro(everything);
    const two = avroEngine.define(JSON.parse(JSON.stringify(one.declaration)));
    assert.ok(one instanceof AvroProtocol && two instanceof AvroProtocol);
    assert.deepEqual([...two.methods], [...one.methods]);
    assert.deepEqual(two.signature, one.signature);
    assert.deepEqual([two.name, two.version, two.text], [one.name, one.version, one.text]);
    assert.deepEqual(two.declaration, one.declaration);
    const { oneWay, idempotent, atMostOnce } = methodOf(two, "tell");
    assert.deepEqual({ oneWay, idempotent, atMostOnce }, { oneWay: true, idempotent: false, atMostOnce: false });
    assert.equal(methodOf(two, "ask").idempotent, true);
    assert.equal(methodOf(two, "once").atMostOnce, true);
  });

  it("is copied: what happens to the object later changes nothing, and the object is left as it was", () => {
    const mine = structuredClone(everything) as unknown as { version: number; messages: Record<string, unknown> };
    const before = structuredClone(mine);
    const protocol = avroEngine.define(mine);
    assert.deepEqual(mine, before);
    mine.version = 99;
    delete mine.messages.ask;
    assert.equal(protocol.version, 3);
    assert.ok(Object.hasOwn((protocol.declaration as typeof everything).messages, "ask"));
  });

  it("has its full name from the namespace, or from dots in the name", () => {
    const name = (protocol: string, namespace?: string): string =>
      avroEngine.define({ protocol, ...(namespace === undefined ? {} : { namespace }), version: 1, messages: {} }).name;
    assert.equal(name("P"), "P");
    assert.equal(name("P", ""), "P");
    assert.equal(name("P", "org.example"), "org.example.P");
    assert.equal(name("org.other.P", "org.example"), "org.other.P");
  });

  it("is refused with its place and the remedy when it is wrong", () => {
    refuses(5, /is not an object: give avro\(\) a declaration/);
    refuses({ version: 1, messages: {} }, /has the name undefined, which is not a string/);
    refuses({ protocol: "a b", version: 1, messages: {} }, /has the name "a b"/);
    refuses({ protocol: "P", namespace: "1", version: 1, messages: {} }, /has the namespace "1"/);
    for (const version of [undefined, -1, 1.5, "1", 2 ** 60])
      refuses(
        { protocol: "P", version, messages: {} },
        /Avro protocol P: has the version .*give a whole number from 0/,
      );
    refuses({ protocol: "P", version: 1 }, /has no messages: give at least \{\}/);
    refuses({ protocol: "P", version: 1, types: {}, messages: {} }, /types is not a list/);
    refuses({ protocol: "P", version: 1, messages: { "a-b": {} } }, /message a-b: its name may have letters/);
    refuses(
      { protocol: "P", version: 1, messages: { toString: {} } },
      /message toString: .*every JavaScript object has/,
    );
    refuses({ protocol: "P", version: 1, messages: { m: 5 } }, /message m: is not an object/);
    refuses({ protocol: "P", version: 1, messages: { m: { response: "null" } } }, /message m: request is not a list/);
    refuses(
      { protocol: "P", version: 1, messages: { m: { request: [] } } },
      /message m: has no response: write "null"/,
    );
    refuses(
      withMessage({ response: "strng" }),
      /Avro protocol org\.example\.P, message m, response: there is no type org\.example\.strng: take a primitive type, or declare it in "types"/,
    );
    refuses(
      withMessage({ request: [{ name: "a", type: "Later" }] }, []),
      /message m, request: there is no type org\.example\.Later/,
    );
    refuses(withMessage({ request: [{ name: "a" }] }), /request\[0\] \(a\): has no type/);
    refuses(
      withMessage({
        request: [
          { name: "a", type: "int" },
          { name: "a", type: "int" },
        ],
      }),
      /has two arguments called a/,
    );
    refuses(withMessage({ request: [{ name: "a", type: "int", default: "five" }] }), /incompatible field default/);
    refuses(withMessage({ errors: ["string"] }), /errors\[0\]: is no error/);
    refuses(withMessage({ "one-way": true, response: "int" }), /is one-way: its response must be "null"/);
    refuses(withMessage({ idempotent: "yes" }), /has idempotent: yes; it is true or false/);
    refuses(withMessage({ response: [] }), /empty union/);
    refuses(withMessage({ response: ["int", "int"] }), /duplicate union branch/);
    refuses(withMessage({ response: { type: "decimal" } }), /there is no type org\.example\.decimal/);
    refuses(
      withMessage({ response: { type: "int", logicalType: "timestamp-millis" } }),
      /timestamp-millis is made of long, not of int/,
    );
    refuses(
      withMessage({ response: { type: "bytes", logicalType: "decimal" } }),
      /a decimal has the precision 0: give 1 to 1000/,
    );
    refuses(
      withMessage({ response: { type: "bytes", logicalType: "decimal", precision: 2, scale: 3 } }),
      /has the scale 3: give 0 to its precision, 2/,
    );
    const twice = ["a", "b"].map((namespace) => ({ type: "record", name: "R", namespace, fields: [] }));
    refuses(
      withMessage({ response: ["a.R", "b.R"] }, twice),
      /two branches of a union are called alike \(\[R, R\]\): rename one/,
    );
    refuses(
      withMessage({}, [{ type: "record", name: "R", fields: [{ name: "x'];evil();//", type: "int" }] }]),
      /types\[0\], record R, fields\[0\]: the name/,
    );
    refuses(withMessage({}, [{ type: "record", name: "R", namespace: "a'b", fields: [] }]), /its namespace "a'b"/);
    refuses(
      withMessage({}, [{ type: "enum", name: "E", symbols: ["constructor"] }]),
      /"constructor" is a name that every JavaScript object has/,
    );
    refuses(withMessage({}, [{ type: "enum", name: "E", symbols: [] }]), /invalid enum symbols/);
    refuses(withMessage({}, [{ type: "fixed", name: "F", size: -1 }]), /invalid F size|size/);
    const deep = (levels: number): unknown => (levels === 0 ? "int" : { type: "array", items: deep(levels - 1) });
    refuses(withMessage({ response: deep(200) }), /nests deeper than 64 levels/);
    const circle: { self?: unknown } = {};
    circle.self = circle;
    refuses(circle, /An Avro declaration is JSON/);
    const wide = Array.from({ length: 300 }, (_, i) => ({
      name: `argument${i}`,
      type: "string",
      default: "x".repeat(20),
    }));
    refuses(withMessage({ request: wide }), /defaults take more than 4096 bytes/);
  });

  it("may be as long as it likes on its own side: how much of it a peer takes is the peer's setting", () => {
    const filler = "x".repeat(100);
    const names = Array.from({ length: 3000 }, (_, i) => ({ name: `argument_${filler}_${i}`, type: "string" }));
    const args = names.map(() => "a");
    const long = avroEngine.define(withMessage({ request: names, response: "string" }));
    const service = serve(long, { m: (first) => first });
    assert.throws(() => new Loop([service]).call(long, "m", ...args), { code: "ERROR_RPC_SERVER" });
    const willing = { ...DEFAULT_DECODE_LIMITS, maxSchemaBytes: 1_048_576 };
    assert.equal(new Loop([service], willing).call(long, "m", ...args), "a");
  });

  it("is refused before avsc works on it for days: defaults within defaults, or more than anybody writes", () => {
    const types = (count: number): unknown[] => [
      { type: "record", name: "R0", fields: [{ name: "a", type: "string", default: "x" }] },
      ...Array.from({ length: count }, (_, i) => ({
        type: "record",
        name: `R${i + 1}`,
        fields: ["a", "b"].map((name) => ({ name, type: `R${i}`, default: {} })),
      })),
    ];
    const withTypes = (list: unknown[]): unknown => ({ protocol: "P", version: 1, types: list, messages: {} });
    assert.ok(avroEngine.define(withTypes(types(8))));
    refuses(withTypes(types(40)), /types\[12\]: the default of a makes more than 4096 values: let it be shorter/);
    const inline = types(20).reduce((inner, outer) => ({
      ...(outer as object),
      fields: [{ name: "a", type: inner, default: {} }, ...(outer as { fields: object[] }).fields.slice(1)],
    }));
    refuses(withTypes([inline]), /makes more than 4096 values/);
    const list = { type: "array", items: "int" };
    const items = Array.from({ length: 5000 }, () => 1);
    refuses(withTypes([{ type: "record", name: "R", fields: [{ name: "a", type: list, default: items }] }]), /values/);
    const symbols = Array.from({ length: 70_000 }, (_, i) => `S${i}`);
    refuses(withTypes([{ type: "enum", name: "E", symbols }]), /more than 65536 types, fields and symbols/);
    const messages = Object.fromEntries(symbols.map((name) => [name, { request: [], response: "int" }]));
    refuses({ protocol: "P", version: 1, messages }, /more than 4096 types and messages: cut it into several/);
  });

  it("refuses an attribute of a message that is one of ours with a slip in it, and leaves any other alone", () => {
    for (const [slip, meant] of [
      ["oneway", "one-way"],
      ["oneWay", "one-way"],
      ["idempotant", "idempotent"],
      ["atmostonce", "atMostOnce"],
      ["requests", "request"],
      ["reponse", "response"],
      ["error", "errors"],
      ["docs", "doc"],
    ] as const) {
      refuses(withMessage({ [slip]: true }), new RegExp(`message m: says "${slip}": write "${meant}"`));
    }
    for (const own of ["since", "deprecated", "timeoutMs", "tag", "url", "", "one", "way", "constructor"]) {
      assert.equal(avroEngine.define(withMessage({ [own]: true })).methods.size, 1, own);
    }
  });

  it("takes types spelt as objects around other types, as Avro allows", () => {
    const P = avro({
      protocol: "P",
      version: 1,
      types: [{ type: "record", name: "R", fields: [] }],
      messages: {
        m: {
          request: [{ name: "a", type: { type: { type: "array", items: { type: "R" } } } }],
          response: { type: "string" },
        },
      },
    });
    assert.equal(new Loop([serve(P, { m: (list: unknown[]) => String(list.length) })]).call(P, "m", [{}, {}]), "2");
  });
});

describe("an Avro declaration in a file", () => {
  const directory = mkdtempSync(join(tmpdir(), "avro-"));
  after(() => rmSync(directory, { recursive: true }));
  const file = (name: string, text: string): string => {
    const path = join(directory, name);
    writeFileSync(path, text);
    return path;
  };

  it("is read from .avpr, with the version and traits that the caller adds", () => {
    const path = file(
      "greeter.avpr",
      JSON.stringify({
        protocol: "Greeter",
        namespace: "org.example",
        messages: { hello: { request: [{ name: "name", type: "string" }], response: "string" } },
      }),
    );
    const Greeter = avro<{ hello(name: string): string }>(path, {
      version: 2,
      methods: { hello: { idempotent: true } },
    });
    assert.equal(Greeter.name, "org.example.Greeter");
    assert.equal(Greeter.version, 2);
    assert.equal(methodOf(Greeter, "hello").idempotent, true);
    assert.equal(avro(pathToFileURL(path), { version: 3 }).version, 3);
    assert.equal(
      new Loop([serve(Greeter, { hello: (name: string) => `hello,${name}` })]).call(Greeter, "hello", "king"),
      "hello,king",
    );
    assert.throws(() => avro(path), { code: "BAD_DEFINITION", message: /greeter\.avpr says no version: give one/ });
    assert.throws(() => avro(path, { version: 1, methods: { helo: {} } }), {
      code: "BAD_DEFINITION",
      message: /has no message helo/,
    });
  });

  it("is read from .avdl, with imports, annotations, errors and one-way messages", () => {
    file(
      "shared.avdl",
      '@namespace("org.shared") protocol Shared { record Point { int x; union { null, Point } next = null; } }',
    );
    const path = file(
      "draw.avdl",
      `@namespace("org.example") @version(4) protocol Draw {
        import idl "shared.avdl";
        error TooFar { int limit; }
        @idempotent(true) org.shared.Point move(org.shared.Point from, int by = 1) throws TooFar;
        void log(string text) oneway;
        void flush();
      }`,
    );
    const Draw = avro(path);
    assert.equal(Draw.name, "org.example.Draw");
    assert.equal(Draw.version, 4);
    assert.deepEqual(
      [...Draw.methods.values()].map(({ name, oneWay, idempotent }) => [name, oneWay, idempotent]),
      [
        ["move", false, true],
        ["log", true, false],
        ["flush", false, false],
      ],
    );
    const loop = new Loop([serve(Draw, { move: (from: { x: number }, by: number) => ({ ...from, x: from.x + by }) })]);
    assert.deepEqual(loop.call(Draw, "move", { x: 1 }), { x: 2, next: null });
    assert.deepEqual(avroEngine.define(Draw.declaration).signature, Draw.signature);
  });

  it("is refused with the file's name, and the line in IDL", () => {
    const message = (text: RegExp): object => ({ code: "BAD_DEFINITION", message: text });
    assert.throws(
      () => avro(join(directory, "none.avpr"), { version: 1 }),
      message(/none\.avpr cannot be read as an Avro protocol: .*ENOENT/),
    );
    assert.throws(
      () => avro(join(directory, "none.avdl"), { version: 1 }),
      message(/none\.avdl cannot be read.*ENOENT/),
    );
    assert.throws(() => avro(file("bad.avpr", "{"), { version: 1 }), message(/bad\.avpr cannot be read/));
    assert.throws(() => avro(file("list.avpr", "[]"), { version: 1 }), message(/list\.avpr .*it holds no protocol/));
    assert.throws(
      () => avro(file("bad.avdl", "protocol P {\n  int m(;\n}"), { version: 1 }),
      message(/bad\.avdl.*line 2/),
    );
    assert.throws(() => avro(file("cut.avdl", "protocol P { "), { version: 1 }), message(/cut\.avdl cannot be read/));
    assert.throws(
      () => avro(file("lost.avdl", 'protocol P { import idl "nowhere.avdl"; }'), { version: 1 }),
      message(/lost\.avdl cannot be read.*nowhere\.avdl/),
    );
  });
});
