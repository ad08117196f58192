/** The TypeScript types that follow from a declaration. The compiler is the test; the run shows that values are what the types say. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { HandlersOf, MethodMap, MethodsOf, UnknownMethods } from "../../../../protocol/definition.js";
import { type AvroDeclaration, avro, type ValueOf } from "../../../../protocol/engines/avro.js";
import { serve } from "../../../helpers/sessions.js";
import { Loop } from "./loop.js";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only if both types are the same. */
function sameType<A, B>(same: Equal<A, B>): void {
  assert.ok(same);
}

const Shapes = avro({
  protocol: "Shapes",
  namespace: "org.example",
  version: 1,
  types: [
    { type: "enum", name: "Color", symbols: ["RED", "BLUE"] },
    { type: "fixed", name: "Hash", size: 2 },
    {
      type: "record",
      name: "Point",
      fields: [
        { name: "x", type: "int" },
        { name: "y", type: "double", default: 0 },
      ],
    },
    {
      type: "record",
      name: "Node",
      fields: [
        { name: "value", type: "long" },
        { name: "next", type: ["null", "Node"] },
      ],
    },
    { type: "record", name: "Circle", namespace: "other", fields: [{ name: "center", type: "org.example.Point" }] },
    { type: "error", name: "Bad", fields: [{ name: "why", type: "string" }] },
  ],
  messages: {
    primitives: {
      request: [
        { name: "a", type: "boolean" },
        { name: "b", type: "int" },
        { name: "c", type: "long" },
        { name: "d", type: "float" },
        { name: "e", type: "double" },
        { name: "f", type: "bytes" },
        { name: "g", type: "string" },
        { name: "h", type: "null" },
      ],
      response: "null",
    },
    named: {
      request: [
        { name: "color", type: "Color" },
        { name: "hash", type: "org.example.Hash" },
      ],
      response: "Point",
    },
    recursive: { request: [{ name: "node", type: "Node" }], response: "Node" },
    containers: {
      request: [{ name: "list", type: { type: "array", items: { type: "map", values: "long" } } }],
      response: { type: "map", values: { type: "array", items: "Color" } },
    },
    unions: {
      request: [
        { name: "plain", type: ["null", "string", "long", "int", "bytes", "Point"] },
        { name: "wrapped", type: ["null", "Point", "other.Circle"] },
      ],
      response: ["int", "double", { type: "array", items: "string" }],
    },
    logical: {
      request: [
        { name: "at", type: { type: "long", logicalType: "timestamp-millis" } },
        { name: "day", type: ["null", { type: "int", logicalType: "date" }] },
      ],
      response: { type: "bytes", logicalType: "decimal", precision: 9, scale: 2 },
    },
    inline: {
      request: [],
      response: {
        type: "record",
        name: "Inline",
        fields: [{ name: "kind", type: { type: "enum", name: "Kind", symbols: ["A"] } }],
      },
    },
    optional: { request: [{ name: "max", type: "int", default: 5 }], response: { type: "string" }, errors: ["Bad"] },
  },
});

type Methods = MethodsOf<typeof Shapes>;
type Handlers = HandlersOf<typeof Shapes>;
type Point = { x: number; y: number };
interface Node {
  value: bigint;
  next: Node | null;
}

/** A handler for every method, typed by the protocol alone. */
const handlers: Handlers = {
  primitives: () => undefined,
  named: (color, hash) => ({ x: color === "RED" ? 1 : 0, y: hash.length }),
  recursive: (node) => ({ value: node.value + (node.next?.value ?? 0n), next: node.next }),
  containers: (list) => Object.fromEntries(list.flatMap((map) => Object.keys(map)).map((key) => [key, ["BLUE"]])),
  unions: (plain, wrapped) => {
    if (typeof plain === "bigint") return { double: Number(plain) };
    if (wrapped !== null && "Circle" in wrapped) return { int: wrapped.Circle.center.x };
    return { array: [String(plain)] };
  },
  logical: (at, day) => `${at.getTime()}.${day === null ? 0 : 1}`,
  inline: () => ({ kind: "A" }),
  optional: (max) => `${String(max)}`,
};

describe("the types of an Avro protocol", () => {
  it("follow from the literal", () => {
    sameType<
      Methods["primitives"],
      (a: boolean, b: number, c: bigint, d: number, e: number, f: Uint8Array, g: string, h: null) => void
    >(true);
    sameType<Methods["named"], (color: "RED" | "BLUE", hash: Uint8Array) => Point>(true);
    sameType<Handlers["containers"], (list: Record<string, bigint>[]) => Record<string, readonly ("RED" | "BLUE")[]>>(
      true,
    );
    sameType<Parameters<Handlers["unions"]>[0], null | string | bigint | number | Uint8Array | Point>(true);
    sameType<Parameters<Handlers["unions"]>[1], null | { Point: Point } | { Circle: { center: Point } }>(true);
    sameType<ReturnType<Methods["unions"]>, { int: number } | { double: number } | { array: string[] }>(true);
    sameType<Methods["logical"], (at: Date, day: Date | null) => string>(true);
    sameType<Methods["inline"], () => { kind: "A" }>(true);
    sameType<keyof Methods, keyof Handlers>(true);
    const node: Node = { value: 1n, next: null };
    const given: Parameters<Methods["recursive"]>[0] = node;
    const got: Node = given;
    assert.equal(got, node);
  });

  it("let whoever gives a value leave out what has a default, and give whoever gets it all of it", () => {
    sameType<Methods["optional"], (max: number | undefined) => string>(true);
    sameType<Handlers["optional"], (max: number) => string>(true);
    sameType<ReturnType<Methods["named"]>, Point>(true);
    type GivenPoint = ReturnType<Handlers["named"]>;
    const points: GivenPoint[] = [{ x: 1 }, { x: 1, y: undefined }, { x: 1, y: 2 }];
    // @ts-expect-error x has no default
    const incomplete: GivenPoint = { y: 1 };
    const circle: Parameters<Methods["unions"]>[1] = { Circle: { center: { x: 1 } } };
    assert.deepEqual([points.length, incomplete.y, circle.Circle.center.x], [3, 1, 1]);
    const loop = new Loop([serve(Shapes, { ...handlers, named: () => points[1] })]);
    assert.deepEqual(loop.call(Shapes, "named", "RED", new Uint8Array(2)), { x: 1, y: 0 });
  });

  it("take readonly arrays from whoever gives them, and give arrays of one's own", () => {
    sameType<Methods["containers"], (list: readonly Record<string, bigint>[]) => Record<string, ("RED" | "BLUE")[]>>(
      true,
    );
    type Unioned = ReturnType<Handlers["unions"]>;
    sameType<Unioned, { int: number } | { double: number } | { array: readonly string[] }>(true);
    const list = Object.freeze([{ a: 1n }]);
    const args: Parameters<Methods["containers"]> = [list];
    assert.deepEqual(new Loop([serve(Shapes, handlers)]).call(Shapes, "containers", ...args), { a: ["BLUE"] });
  });

  it("are what the caller says of a file, in an interface too, and without that anything may be called", () => {
    interface Greeter {
      hello(name: string): string;
    }
    const typed = () => avro<Greeter>("greeter.avdl");
    sameType<MethodsOf<ReturnType<typeof typed>>, Greeter>(true);
    const untyped = () => avro("greeter.avdl", { version: 1 });
    sameType<MethodsOf<ReturnType<typeof untyped>>, UnknownMethods>(true);
    // @ts-expect-error a method is a function
    const wrong = () => avro<{ hello: string }>("greeter.avdl");
    assert.deepEqual([typeof typed, typeof untyped, typeof wrong], ["function", "function", "function"]);
  });

  it("are unknown where the compiler cannot know them, and any method map for protocols that are not literals", () => {
    sameType<ValueOf<"Nowhere">, unknown>(true);
    sameType<ValueOf<string>, unknown>(true);
    const declaration: AvroDeclaration = { protocol: "P", version: 1, messages: {} };
    const loose = avro(declaration);
    const methods: MethodMap = {} as MethodsOf<typeof loose>;
    assert.deepEqual(methods, {});
    sameType<ReturnType<MethodsOf<typeof loose>[string]>, unknown>(true);
    const file = (): unknown => avro<{ hello(name: string): string }>("greeter.avdl");
    assert.equal(typeof file, "function");
  });

  it("refuse at compile time what is no declaration", () => {
    // @ts-expect-error a version is a number
    assert.throws(() => avro({ protocol: "P", version: "1", messages: {} }));
    // @ts-expect-error there is no response
    assert.throws(() => avro({ protocol: "P", version: 1, messages: { m: { request: [] } } }));
  });

  it("are what values are", () => {
    const loop = new Loop([serve(Shapes, handlers)]);
    assert.equal(loop.call(Shapes, "primitives", true, 1, 2n, 0.5, 0.1, new Uint8Array([1]), "g", null), undefined);
    assert.deepEqual(loop.call(Shapes, "named", "RED", new Uint8Array(2)), { x: 1, y: 2 });
    assert.deepEqual(loop.call(Shapes, "recursive", { value: 1n, next: { value: 2n, next: null } }), {
      value: 3n,
      next: { value: 2n, next: null },
    });
    assert.deepEqual(loop.call(Shapes, "containers", [{ a: 1n }, { b: 2n }]), { a: ["BLUE"], b: ["BLUE"] });
    assert.deepEqual(loop.call(Shapes, "unions", 5n, null), { double: 5 });
    assert.deepEqual(loop.call(Shapes, "unions", null, { Circle: { center: { x: 9 } } }), { int: 9 });
    assert.deepEqual(loop.call(Shapes, "unions", new Uint8Array([7]), { Point: { x: 1, y: 2 } }), { array: ["7"] });
    assert.equal(loop.call(Shapes, "logical", new Date(12), new Date("2024-01-01")), "12.10");
    assert.deepEqual(loop.call(Shapes, "inline"), { kind: "A" });
    assert.equal(loop.call(Shapes, "optional"), "5");
  });
});
