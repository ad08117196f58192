/** Two versions of one protocol: what bridges them, in arguments and in results, and what is refused before a call runs. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type AvroSchema, type AvroSchemaObject, avro } from "../../../../protocol/engines/avro.js";
import { RpcError } from "../../../../protocol/rpc-error.js";
import { serve } from "../../../helpers/sessions.js";
import { Loop } from "./loop.js";

interface Side {
  readonly type: AvroSchema;
  readonly types?: readonly AvroSchemaObject[];
}

function protocolOf(side: Side): ReturnType<typeof avro> {
  return avro({
    protocol: "Echo",
    namespace: "org.example",
    version: 1,
    types: side.types ?? [],
    messages: {
      give: { request: [{ name: "value", type: side.type }], response: "null" },
      take: { request: [], response: side.type },
    },
  });
}

/** What a server with `to` gets of a value from a client with `from`. */
function given(from: Side, to: Side, value: unknown): unknown {
  let got: unknown;
  const service = serve(protocolOf(to), {
    give: (argument: unknown) => {
      got = argument;
    },
  });
  new Loop([service]).call(protocolOf(from), "give", value);
  return got;
}

/** What a client with `to` gets of a value from a server with `from`. */
function taken(from: Side, to: Side, value: unknown): unknown {
  const service = serve(protocolOf(from), { take: () => value });
  return new Loop([service]).call(protocolOf(to), "take");
}

function bridges(from: Side, to: Side, value: unknown, expected: unknown): void {
  assert.deepEqual(given(from, to, value), expected, "as an argument");
  assert.deepEqual(taken(from, to, value), expected, "as a result");
}

/** The types do not fit, whatever the value: the handler never runs. */
function refuses(from: Side, to: Side, value: unknown, text: RegExp): void {
  const ran: string[] = [];
  const service = (side: Side): ReturnType<typeof serve> =>
    serve(protocolOf(side), { give: () => void ran.push("give"), take: () => ran.push("take") });
  const code = "ERROR_RPC_VERSION_MISMATCH";
  const message = new RegExp(
    `^Protocol org\\.example\\.Echo version 1: the client's and the server's \\w+ do not resolve: .*${text.source}`,
  );
  assert.throws(() => new Loop([service(to)]).call(protocolOf(from), "give", value), { code, message });
  assert.throws(() => new Loop([service(from)]).call(protocolOf(to), "take"), { code, message });
  assert.deepEqual(ran, []);
}

/** The types fit, this value does not. */
function refusesValue(from: Side, to: Side, value: unknown, text: RegExp): void {
  assert.throws(() => given(from, to, value), { code: "ERROR_APPLICATION", message: text });
  assert.throws(() => taken(from, to, value), { code: "ERROR_SERIALIZING_RESPONSE" });
}

function record(name: string, ...fields: AvroSchemaObject["fields"] & object): Side {
  return { type: name, types: [{ type: "record", name, fields }] };
}

const id = { name: "id", type: "int" } as const;

describe("two versions of an Avro protocol", () => {
  it("agree if they are the same", () => {
    const side = record("User", id);
    bridges(side, side, { id: 1 }, { id: 1 });
  });

  it("fill a field that the writer does not have with its default, each time a new one", () => {
    const newer = record("User", id, { name: "tags", type: { type: "array", items: "string" }, default: ["new"] });
    bridges(record("User", id), newer, { id: 1 }, { id: 1, tags: ["new"] });
    const first = given(record("User", id), newer, { id: 1 }) as { tags: string[] };
    first.tags.push("changed");
    assert.deepEqual(given(record("User", id), newer, { id: 1 }), { id: 1, tags: ["new"] });
  });

  it("write the writer's own default in the reader's type", () => {
    const number = (type: string, extra: object = {}): Side => record("N", { name: "n", type, ...extra });
    bridges(number("int", { default: 5 }), number("double"), {}, { n: 5 });
    bridges(number("int", { default: 5 }), number("double", { default: 7 }), {}, { n: 5 });
  });

  it("drop a field that the reader does not have, wherever it stands", () => {
    const more = record("User", { name: "before", type: { type: "map", values: "string" } }, id, {
      name: "after",
      type: "double",
    });
    bridges(more, record("User", id), { before: { a: "b" }, id: 1, after: 2.5 }, { id: 1 });
  });

  it("refuse a field without default that the writer does not have", () => {
    refuses(record("User", id), record("User", id, { name: "mail", type: "string" }), { id: 1 }, /mail: .*no default/);
  });

  it("match fields in any order, and by the reader's aliases", () => {
    const turned = record("User", { name: "name", type: "string" }, id);
    const renamed = record("User", { name: "key", type: "int", aliases: ["id"] }, { name: "name", type: "string" });
    bridges(turned, renamed, { id: 1, name: "a" }, { key: 1, name: "a" });
  });

  it("match named types without namespace, and by alias", () => {
    const old = {
      type: "other.User",
      types: [{ type: "record", name: "User", namespace: "other", fields: [id] }],
    } as const;
    bridges(old, record("User", id), { id: 1 }, { id: 1 });
    const renamed = {
      type: "Person",
      types: [{ type: "record", name: "Person", aliases: ["User"], fields: [id] }],
    } as const;
    bridges(old, renamed, { id: 1 }, { id: 1 });
    refuses(renamed, old, { id: 1 }, /record Person cannot be read as record User/);
  });

  it("promote numbers, and strings and bytes, one way only", () => {
    const rows: [AvroSchema, AvroSchema, unknown, unknown][] = [
      ["int", "long", -5, -5n],
      ["int", "float", 7, 7],
      ["int", "double", -7, -7],
      ["long", "float", 1n << 40n, 2 ** 40],
      ["long", "double", -(1n << 60n), -(2 ** 60)],
      ["float", "double", 1.5, 1.5],
      ["string", "bytes", "é", new Uint8Array([0xc3, 0xa9])],
      ["bytes", "string", new Uint8Array([0xc3, 0xa9]), "é"],
    ];
    for (const [from, to, value, expected] of rows) bridges({ type: from }, { type: to }, value, expected);
    for (const [from, to, value] of [
      ["long", "int", 1n],
      ["double", "float", 1],
      ["double", "long", 1],
      ["float", "int", 1],
      ["string", "int", "1"],
      ["int", "string", 1],
      ["boolean", "int", true],
      ["null", "int", null],
    ] as const) {
      refuses({ type: from }, { type: to }, value, new RegExp(`${from} cannot be read as ${to}`));
    }
  });

  it("resolve inside arrays and maps", () => {
    bridges({ type: { type: "array", items: "int" } }, { type: { type: "array", items: "long" } }, [1, 2], [1n, 2n]);
    bridges({ type: { type: "map", values: "int" } }, { type: { type: "map", values: "double" } }, { a: 1 }, { a: 1 });
    refuses(
      { type: { type: "array", items: "string" } },
      { type: { type: "array", items: "int" } },
      [],
      /items: string cannot be read as int/,
    );
    refuses(
      { type: { type: "array", items: "int" } },
      { type: { type: "map", values: "int" } },
      [],
      /array cannot be read as map/,
    );
  });

  it("widen and narrow unions; what the reader lacks is refused when it comes", () => {
    const optional: Side = { type: ["null", "int"] };
    bridges({ type: "int" }, optional, 5, 5);
    bridges(optional, { type: "int" }, 5, 5);
    bridges(optional, { type: ["string", "null", "long"] }, 5, 5n);
    bridges(optional, { type: ["string", "null", "long"] }, null, null);
    refusesValue(optional, { type: "int" }, null, /null cannot be read as int/);
    refusesValue({ type: ["int", "string"] }, { type: ["null", "int"] }, "x", /string is none of \[null, int\]/);
    refuses({ type: ["null", "boolean"] }, { type: "string" }, null, /cannot be read as string/);
    refuses({ type: "boolean" }, optional, true, /boolean is none of \[null, int\]/);
  });

  it("take the same branch if it is there, though an earlier one would do", () => {
    bridges({ type: "int" }, { type: ["long", "int"] }, 5, 5);
    bridges({ type: "int" }, { type: ["double", "long"] }, 5, 5);
  });

  it("wrap and unwrap union values as each side's type asks", () => {
    const A = { type: "record", name: "A", fields: [id] } as const;
    const B = { type: "record", name: "B", fields: [{ name: "x", type: "string" }] } as const;
    const one: Side = { type: ["null", "A"], types: [A] };
    const two: Side = { type: ["null", "B", "A"], types: [A, B] };
    bridges(one, two, { id: 1 }, { A: { id: 1 } });
    bridges(two, one, { A: { id: 1 } }, { id: 1 });
    bridges(two, one, null, null);
    refusesValue(two, one, { B: { x: "" } }, /record B is none of/);
    bridges({ type: ["int", "double"] }, { type: "double" }, { int: 3 }, 3);
  });

  it("bridge enums by symbol; an unknown symbol becomes the reader's default or is refused when it comes", () => {
    const side = (symbols: string[], fallback?: string): Side => ({
      type: "Color",
      types: [{ type: "enum", name: "Color", symbols, ...(fallback === undefined ? {} : { default: fallback }) }],
    });
    bridges(side(["RED", "BLUE"]), side(["BLUE", "GREEN", "RED"]), "RED", "RED");
    bridges(side(["RED", "PINK"]), side(["BLUE", "RED"], "BLUE"), "PINK", "BLUE");
    bridges(side(["RED", "PINK"]), side(["RED"]), "RED", "RED");
    refusesValue(side(["RED", "PINK"]), side(["RED"]), "PINK", /PINK is no symbol of enum Color/);
  });

  it("refuse fixed types of another size, and logical types of another meaning", () => {
    const fixed = (size: number): Side => ({ type: "F", types: [{ type: "fixed", name: "F", size }] });
    refuses(fixed(4), fixed(5), new Uint8Array(4), /fixed F\(4\) cannot be read as fixed F\(5\)/);
    const decimal = (precision: number, scale: number): Side => ({
      type: { type: "bytes", logicalType: "decimal", precision, scale },
    });
    refuses(decimal(9, 2), decimal(9, 3), "1.00", /decimal\(9, 2\)\) cannot be read as bytes \(decimal\(9, 3\)\)/);
    bridges(decimal(5, 2), decimal(9, 2), "1.00", "1.00");
    const time = (logicalType: string): Side => ({ type: { type: "long", logicalType } });
    refuses(
      time("timestamp-micros"),
      time("timestamp-millis"),
      1n,
      /timestamp-micros\) cannot be read as long \(timestamp-millis\)/,
    );
    bridges({ type: "long" }, time("timestamp-millis"), 5n, new Date(5));
    bridges(time("timestamp-millis"), { type: "long" }, new Date(5), 5n);
  });

  it("bridge types that hold themselves, and each other", () => {
    const tree = (...more: AvroSchemaObject["fields"] & object): Side =>
      record(
        "Tree",
        { name: "value", type: "int" },
        { name: "children", type: { type: "array", items: "Tree" } },
        ...more,
      );
    const extra = { name: "note", type: ["null", "string"], default: null } as const;
    const value = { value: 1, children: [{ value: 2, children: [] }] };
    const expected = { value: 1, children: [{ value: 2, children: [], note: null }], note: null };
    bridges(tree(), tree(extra), value, expected);
    bridges(tree(extra), tree(), expected, value);
    const bad = record(
      "Tree",
      { name: "value", type: "string" },
      { name: "children", type: { type: "array", items: "Tree" } },
    );
    refuses(tree(), bad, { value: 1, children: [] }, /value: int cannot be read as string/);
  });

  it("add and drop arguments by name", () => {
    const make = (request: { name: string; type: string; default?: unknown }[]): ReturnType<typeof avro> =>
      avro({ protocol: "P", version: 1, messages: { m: { request, response: { type: "array", items: "string" } } } });
    const old = make([
      { name: "a", type: "string" },
      { name: "b", type: "string" },
    ]);
    const newer = make([
      { name: "c", type: "string", default: "default" },
      { name: "b", type: "string" },
    ]);
    const echo = (...args: string[]): string[] => args;
    assert.deepEqual(new Loop([serve(newer, { m: echo })]).call(old, "m", "A", "B"), ["default", "B"]);
    assert.throws(() => new Loop([serve(old, { m: echo })]).call(newer, "m", "C", "B"), {
      code: "ERROR_RPC_VERSION_MISMATCH",
      message: /m do not resolve: a: .*no default/,
    });
    assert.deepEqual(new Loop([serve(newer, { m: echo })]).call(newer, "m", undefined, "B"), ["default", "B"]);
  });

  it("refuse a method that is one-way on one side only", () => {
    const make = (oneWay: boolean): ReturnType<typeof avro> =>
      avro({ protocol: "P", version: 1, messages: { m: { request: [], response: "null", "one-way": oneWay } } });
    assert.throws(() => new Loop([serve(make(true), { m: () => undefined })]).call(make(false), "m"), {
      code: "ERROR_RPC_VERSION_MISMATCH",
      message: /one-way on one side only/,
    });
  });

  it("leave methods alone that did not change, and refuse only the one that did", () => {
    const make = (type: string): ReturnType<typeof avro> =>
      avro({
        protocol: "P",
        version: 1,
        messages: { a: { request: [], response: type }, b: { request: [], response: "int" } },
      });
    const loop = new Loop([serve(make("string"), { a: () => "a", b: () => 2 })]);
    const client = make("int");
    for (let i = 0; i < 2; i++) {
      assert.throws(() => loop.call(client, "a"), {
        code: "ERROR_RPC_VERSION_MISMATCH",
        message: /a do not resolve: result: string cannot be read as int/,
      });
      assert.equal(loop.call(client, "b"), 2);
    }
  });

  it("carry declared errors across versions, or their class and message alone", () => {
    const make = (name: string, ...fields: AvroSchemaObject["fields"] & object): ReturnType<typeof avro> =>
      avro({
        protocol: "P",
        namespace: "n",
        version: 1,
        types: [{ type: "error", name, fields }],
        messages: { m: { request: [], response: "null", errors: [name] } },
      });
    const server = make("Bad", id, { name: "more", type: "string" });
    const boom = (): never => {
      throw new RpcError("ERROR_APPLICATION", "boom", { javaClass: "n.Bad", data: { id: 4, more: "x" } });
    };
    const dataFor = (client: ReturnType<typeof avro>): unknown => {
      try {
        return new Loop([serve(server, { m: boom })]).call(client, "m");
      } catch (error) {
        assert.equal((error as RpcError).message, "boom");
        return (error as RpcError).data;
      }
    };
    assert.deepEqual(dataFor(make("Bad", id)), { id: 4 });
    assert.deepEqual(dataFor(make("Bad", id, { name: "why", type: "string", default: "?" })), { id: 4, why: "?" });
    assert.equal(dataFor(make("Bad", { name: "id", type: "string" })), undefined);
    assert.equal(dataFor(make("Other", id)), undefined);
  });
});
