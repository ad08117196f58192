import assert from "node:assert/strict";
import { test } from "node:test";
import ts from "typescript";
import { avro } from "../../../../protocol/engines/avro.js";
import { parseProto, protobuf, typesModule } from "../../../../protocol/engines/protobuf.js";
import { errorOf } from "./loop.js";

const source = await parseProto({
  "a.proto": `
    syntax = "proto2";
    package demo;
    message Request { required string name = 1; optional int64 size = 2; }
    message Response {
      repeated Item items = 1;
      optional Item.Kind kind = 2 [default = BIG];
      map<string, bytes> map = 3;
    }
    message Item { enum Kind { SMALL = 0; BIG = 1; } optional Kind kind = 1; message Uint8Array {} optional Uint8Array odd = 2; }
    service Shop { rpc find(Request) returns (Response); }`,
  "b.proto":
    'syntax = "proto3"; package other; message Item { Kind kind = 1; } enum Kind { NO = 0; } message R { Item item = 1; }',
});
const text = typesModule(protobuf({ source, service: "Shop", protocolName: "demo.ShopProtocol", version: 1 }));

/** What the compiler says of the module, and of code that uses it. */
function faults(code: string): string[] {
  const name = "/module.ts";
  const options: ts.CompilerOptions = { strict: true, noEmit: true, target: ts.ScriptTarget.ES2022, types: [] };
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (path, version) =>
    path === name ? ts.createSourceFile(path, text + code, version) : getSourceFile(path, version);
  const program = ts.createProgram([name], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

test("the module compiles, and its types are those of the values", () => {
  const use = `
    declare const calls: ShopCalls;
    const found: Response = calls.find({ name: "a", size: 5n });
    const items: readonly Item[] = found.items;
    const kind: "SMALL" | "BIG" = found.kind;
    const first: "SMALL" | "BIG" | undefined = items[0]?.kind;
    const handlers: ShopHandlers = { find: (request) => ({ items: [{ kind: request.name === "" ? "BIG" : "SMALL" }] }) };
    const bytes: Uint8Array | undefined = found.map["a"];
    void [kind, first, handlers, bytes];`;
  assert.deepEqual(faults(use), []);
});

test("what does not fit is a fault for the compiler", () => {
  assert.equal(faults('declare const calls: ShopCalls; calls.find({ name: "a", size: 5 });').length, 1);
  assert.equal(faults("declare const calls: ShopCalls; calls.find({});").length, 1);
  assert.equal(faults('const item: Item = { kind: "HUGE" }; void item;').length, 1);
});

test("messages that may be given with less than they are read with have a type for that", () => {
  assert.match(text, /export interface ResponseInit \{\n {2}readonly items\?: readonly Item\[\] \| undefined;/);
  assert.match(
    text,
    /export interface Response \{\n {2}readonly items: readonly Item\[\];\n {2}readonly kind: Item_Kind;/,
  );
  assert.doesNotMatch(text, /RequestInit/);
  assert.match(text, /find: \(request: Request\) => ResponseInit;/);
});

test("names that mean something else are not taken, and names that are the same are told apart", () => {
  assert.match(text, /export interface Item_Uint8Array \{/);
  const declaration = {
    protocol: "P",
    version: 1,
    service: "S",
    methods: [{ name: "m", request: "a.M", response: "b.M" }],
    messages: [
      { name: "a.M", fields: [] },
      { name: "b.M", fields: [] },
    ],
    enums: [],
  };
  assert.match(typesModule(protobuf(declaration)), /m: \(request: M\) => b_M;/);
});

test("a protocol of another engine is refused", () => {
  const other = avro({ protocol: "P", version: 1, messages: {} });
  assert.equal(errorOf(() => typesModule(other)).code, "BAD_DEFINITION");
});
