import assert from "node:assert/strict";
import { test } from "node:test";
import type { HandlersOf, MethodsOf } from "../../../../protocol/definition.js";
import {
  type JavaProtocolSignature,
  type JavaValue,
  type versionedProtocol,
  writable,
} from "../../../../protocol/engines/writable.js";
import { Derived, type MyInterface } from "./services.js";

/** True only if both types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only for types that are the same; the checks below are made by the compiler. */
function same<A, B>(equal: Same<A, B>): void {
  assert.equal(equal, true);
}

test("primitives are never null, references may be", () => {
  same<JavaValue<"int">, number>(true);
  same<JavaValue<"long">, bigint>(true);
  same<JavaValue<"char">, string>(true);
  same<JavaValue<"boolean">, boolean>(true);
  same<JavaValue<"void">, void>(true);
  same<JavaValue<"java.lang.String">, string | null>(true);
  same<JavaValue<"@Nonnull java.lang.String">, string>(true);
  same<JavaValue<"org.apache.hadoop.io.LongWritable">, bigint | null>(true);
  same<JavaValue<"org.apache.hadoop.io.NullWritable">, null>(true);
});

test("arrays are arrays of their elements, byte[] is a Uint8Array", () => {
  same<JavaValue<"int[]">, number[] | null>(true);
  same<JavaValue<"[I">, number[] | null>(true);
  same<JavaValue<"byte[]">, Uint8Array | null>(true);
  same<JavaValue<"[[B">, (Uint8Array | null)[] | null>(true);
  same<JavaValue<"byte[][]">, (Uint8Array | null)[] | null>(true);
  same<JavaValue<"java.lang.String[][]">, ((string | null)[] | null)[] | null>(true);
  same<JavaValue<"[[Ljava.lang.String;">, ((string | null)[] | null)[] | null>(true);
  same<JavaValue<"@Nonnull long[]">, bigint[]>(true);
  same<JavaValue<"org.apache.hadoop.io.ArrayWritable<org.apache.hadoop.io.Text>">, string[] | null>(true);
  same<JavaValue<"org.apache.hadoop.io.ArrayPrimitiveWritable<long>">, bigint[] | null>(true);
});

test("methods have the types of their declaration, with what it declares and inherits", () => {
  const Shapes = writable({
    protocol: "demo.Shapes",
    version: 1,
    inherits: [Derived],
    enums: { "demo.Color": ["RED", "GREEN"] },
    writables: {
      "demo.Point": { x: "int", name: "org.apache.hadoop.io.Text" },
      "demo.Texts": "org.apache.hadoop.io.ArrayWritable<org.apache.hadoop.io.Text>",
      "demo.Date": {
        read: (reader) => new Date(Number(reader.readInt64())),
        write: (date: Date, out) => out.writeInt64(BigInt(date.getTime())),
      },
    },
    methods: {
      paint: { parameters: ["demo.Color", "demo.Point[]"], returns: "demo.Date" },
      texts: { returns: "demo.Texts" },
    },
  });
  type Methods = MethodsOf<typeof Shapes>;
  type Point = { x: number; name: string };
  type Handlers = HandlersOf<typeof Shapes>;
  same<Parameters<Methods["paint"]>, ["RED" | "GREEN" | null, readonly (Point | null)[] | null]>(true);
  same<Parameters<Handlers["paint"]>, ["RED" | "GREEN" | null, (Point | null)[] | null]>(true);
  same<ReturnType<Methods["paint"]>, Date | null>(true);
  same<Methods["texts"], () => string[] | null>(true);
  same<Handlers["texts"], () => readonly string[] | null>(true);
  same<Handlers["add"], (...args: [number, number]) => number>(true);
  same<Methods["add"], (...args: [number, number]) => number>(true);
  same<ReturnType<Methods["ping"]>, void>(true);
  same<keyof Methods, "paint" | "texts" | "add" | "ping">(true);
  assert.deepEqual([...Shapes.methods.keys()], ["ping", "add", "paint", "texts"]);
});

test("the tutorial's interface and VersionedProtocol have the types a user expects", () => {
  type Hello = MethodsOf<typeof MyInterface>["helloWorld"];
  same<Hello, (...args: [string | null]) => string | null>(true);
  type Signature = MethodsOf<typeof versionedProtocol>["getProtocolSignature"];
  same<Parameters<Signature>, [string | null, bigint, number]>(true);
  same<ReturnType<Signature>, JavaProtocolSignature | null>(true);
});
