import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import type { AnyProtocol } from "../../../../protocol/definition.js";
import { avro } from "../../../../protocol/engines/avro.js";
import { parseProto, protobuf, typesModule } from "../../../../protocol/engines/protobuf.js";
import { projectRoot } from "../../../helpers/project-root.js";
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
const Shop = protobuf({
  source,
  service: "Shop",
  protocolName: "demo.ShopProtocol",
  version: 1,
  javaInterface: "demo.ShopPB",
});
const text = typesModule(Shop);

/** What the module imports, as a user of the package gets it. */
const PROTOCOL = new URL("../../../../protocol/index.js", import.meta.url);

/** What the compiler says of the module, and of code that uses it. */
function faults(code: string): string[] {
  const name = "/module.ts";
  const options: ts.CompilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    erasableSyntaxOnly: true,
    noUnusedLocals: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    paths: { "hrpcd/protocol": [fileURLToPath(PROTOCOL).replace(/\.js$/, ".d.ts")] },
    types: ["node"],
    typeRoots: [fileURLToPath(new URL("node_modules/@types", projectRoot))],
  };
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
    void [kind, first, handlers, bytes];
    type Of<P> = P extends ProtocolDefinition<infer M, infer H> ? [M, H] : never;
    const both: Of<typeof ShopProtocol> = [calls, handlers];
    void both;`;
  assert.deepEqual(faults(use), []);
});

test("what does not fit is a fault for the compiler", () => {
  const wrong = [
    'declare const calls: ShopCalls; void calls.find({ name: "a", size: 5 });',
    "void calls.find({});",
    'const item: Item = { kind: "HUGE" }; void item;',
    "const none: ProtocolDefinition<Record<string, never>> = ShopProtocol; void none;",
  ];
  assert.equal(faults(wrong.join("\n")).length, wrong.length);
});

test("the module is the protocol", async () => {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
  });
  const runnable = outputText.replace('"hrpcd/protocol"', JSON.stringify(PROTOCOL.href));
  const module = (await import(`data:text/javascript,${encodeURIComponent(runnable)}`)) as {
    ShopProtocol: AnyProtocol;
  };
  assert.deepEqual(Object.keys(module), ["ShopProtocol"]);
  const { engine, name, signature, version } = module.ShopProtocol;
  assert.deepEqual([name, version, engine, signature], ["demo.ShopProtocol", 1, Shop.engine, Shop.signature]);
  assert.equal((module.ShopProtocol.declaration as { javaInterface: string }).javaInterface, "demo.ShopPB");
});

test("the constant is named by the last part of the protocol's name, as far as a constant can be", () => {
  const nameOf = (protocolName: string): string | undefined =>
    /^export const (\S+):/m.exec(typesModule(protobuf({ source, service: "Shop", protocolName, version: 1 })))?.[1];
  assert.deepEqual(["a.b.C", "delete", "a.the-shop$", "a.1st"].map(nameOf), [
    "C",
    "Delete",
    "The_shop_",
    "Protocol1st",
  ]);
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

test("linters take the module: no interface is empty, and its layout is nobody's business", () => {
  assert.doesNotMatch(text, /\{\s*\}\n/);
  assert.match(text, /^\/\/ biome-ignore-all format: generated\n/);
});

test("names that mean something else are not taken, and names that are the same are told apart", () => {
  assert.match(text, /export type Item_Uint8Array = Record<string, never>;/);
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
