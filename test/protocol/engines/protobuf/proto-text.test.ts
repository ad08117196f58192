/** `.proto` texts, and that a descriptor of the same file says the same. */
import assert from "node:assert/strict";
import { test } from "node:test";
import protobufjs from "protobufjs";
import descriptor from "protobufjs/ext/descriptor.js";
import { readDescriptor } from "../../../../protocol/engines/protobuf/proto-descriptor.js";
import { readProtoText } from "../../../../protocol/engines/protobuf/proto-text.js";
import { errorOf } from "./loop.js";

const TWO = `
  syntax = "proto2";
  package demo;
  option java_package = "org.example.proto";
  option java_outer_classname = "DemoProtos";
  message Outer {
    required string name = 1;
    optional Inner inner = 2;
    repeated int32 plain = 3;
    repeated int32 packed = 4 [packed = true];
    map<string, Inner> map = 5;
    oneof one { int32 a = 6; Inner b = 7; }
    optional uint64 size = 8 [default = 7];
    optional Color color = 9 [default = BLUE];
    optional bool flag = 10 [default = true];
    optional string text = 11 [default = "a"];
    optional float ratio = 12 [default = 1.5];
    message Inner { optional int64 id = 1; }
    enum Color { RED = 0; BLUE = 3; }
  }
  service Demo { rpc go(Outer) returns (Outer.Inner); }`;

const THREE = `
  syntax = "proto3";
  message Three { int32 a = 1; optional int32 b = 2; repeated int32 c = 3; oneof d { string e = 4; } Four f = 5; repeated Four g = 6; }
  enum Four { ZERO = 0; }`;

/** The descriptor that protobufjs makes of a text. */
function descriptorOf(text: string, syntax: string): Uint8Array {
  const { root } = protobufjs.parse(text, new protobufjs.Root(), { keepCase: true });
  root.resolveAll();
  const set = root.toDescriptor(syntax) as unknown as descriptor.IFileDescriptorSet;
  const file = set.file?.find(({ messageType }) => (messageType ?? []).length > 0);
  assert.ok(file);
  return descriptor.FileDescriptorProto.encode({ ...file, name: "demo.proto" }).finish();
}

/** Full names, as a text may leave out the packages. */
function resolved(content: object): unknown {
  return JSON.parse(
    JSON.stringify(content)
      .replaceAll('"type":"Inner"', '"type":".demo.Outer.Inner"')
      .replaceAll('"type":"Color"', '"type":".demo.Outer.Color"')
      .replaceAll('"type":"Four"', '"type":".Four"'),
  );
}

test("a text and a descriptor of it say the same of messages, fields and enums", () => {
  // protobufjs writes maps in its own way; the golden vectors have one that Java wrote.
  for (const [text, syntax] of [
    [TWO.replace(/map<.*/, ""), "proto2"],
    [THREE, "proto3"],
  ] as const) {
    const fromText = readProtoText("demo.proto", text);
    const fromDescriptor = readDescriptor("a class", descriptorOf(text, syntax));
    assert.equal(fromDescriptor.path, "demo.proto");
    assert.deepEqual(resolved(fromDescriptor.messages), resolved(fromText.messages));
    assert.deepEqual(fromDescriptor.enums, fromText.enums);
  }
});

test("fields are read with number, rule, default and oneof", () => {
  const [outer] = readProtoText("demo.proto", TWO).messages;
  const fields = new Map(outer?.fields.map((field) => [field.name, field]));
  assert.deepEqual(fields.get("name"), { name: "name", number: 1, type: "string", rule: "required" });
  assert.deepEqual(fields.get("plain"), { name: "plain", number: 3, type: "int32", rule: "repeated" });
  assert.deepEqual(fields.get("packed"), { name: "packed", number: 4, type: "int32", rule: "repeated", packed: true });
  assert.deepEqual(fields.get("map"), { name: "map", number: 5, type: "Inner", rule: "map", key: "string" });
  assert.deepEqual(fields.get("b"), { name: "b", number: 7, type: "Inner", oneof: "one" });
  assert.deepEqual(fields.get("size"), { name: "size", number: 8, type: "uint64", default: "7" });
  assert.deepEqual(fields.get("color"), { name: "color", number: 9, type: "Color", default: "BLUE" });
});

test("proto3: fields without `optional` are implicit, and lists are packed", () => {
  const [three] = readProtoText("three.proto", THREE).messages;
  assert.equal(three?.strictUtf8, true);
  assert.deepEqual(
    three.fields.map(({ implicit = false, name, oneof, packed = false }) => [name, implicit, packed, oneof]),
    [
      ["a", true, false, undefined],
      ["b", false, false, undefined],
      ["c", false, true, undefined],
      ["e", false, false, "d"],
      ["f", true, false, undefined],
      ["g", false, true, undefined],
    ],
  );
});

test("Java classes are named as protoc names them", () => {
  const names = (path: string, options: string, body = "message Outer { message Inner {} }"): unknown =>
    readProtoText(path, `syntax = "proto2"; package demo; ${options} ${body}`).messages.map(
      ({ javaClass }) => javaClass,
    );
  const javaPackage = 'option java_package = "org.example";';
  assert.deepEqual(names("a.proto", `${javaPackage} option java_outer_classname = "Protos";`), [
    "org.example.Protos$Outer",
    "org.example.Protos$Outer$Inner",
  ]);
  assert.deepEqual(names("a.proto", `${javaPackage} option java_multiple_files = true;`), [
    "org.example.Outer",
    "org.example.Outer$Inner",
  ]);
  assert.deepEqual(names("x/my_file-name.proto", ""), ["demo.MyFileName$Outer", "demo.MyFileName$Outer$Inner"]);
  assert.deepEqual(names("outer.proto", javaPackage), [
    "org.example.OuterOuterClass$Outer",
    "org.example.OuterOuterClass$Outer$Inner",
  ]);
});

test("a text that cannot be read is told with file, line and fault", () => {
  const fault = (text: string): string => {
    const error = errorOf(() => readProtoText("some/a.proto", text));
    assert.equal(error.code, "BAD_DEFINITION");
    return error.message;
  };
  assert.match(fault('syntax = "proto2";\nmessage A {\n  int32 a = ;\n}'), /^some\/a\.proto: .*\(line 3\)$/);
  const two = (body: string): string => fault(`syntax = "proto2";\n// {\n${body}\n// the end\n`);
  const twice = "message A {\n optional int32 a = 1;\n";
  assert.equal(two(`${twice} optional int32 b = 1;\n}`), "some/a.proto: duplicate id 1 in Type A (line 5)");
  assert.equal(two(`${twice} optional int32 a = 2;\n}`), "some/a.proto: duplicate name 'a' in Type A (line 5)");
  assert.equal(two("enum E {\n A = 0;\n A = 1;\n}"), "some/a.proto: duplicate name 'A' in Enum E (line 6)");
  assert.equal(
    two(twice),
    'some/a.proto: ends inside "message A {", which begins in line 3: a } is missing'.replace(" {", ""),
  );
  assert.equal(two("message A\n{\n/* } */"), "some/a.proto: ends inside what begins in line 4: a } is missing");
  assert.equal(fault("package a"), "some/a.proto: ends inside a declaration");
  assert.match(fault("message {"), /^some\/a\.proto: .*\(line 1\)$/);
  assert.match(
    fault('syntax = "proto2"; message A { optional int64 a = 1 [default = 9007199254740993]; }'),
    /the default of a is beyond 53 bits/,
  );
  assert.match(fault('edition = "2023"; message A { int32 a = 1; }'), /"2023" is not read; "proto2" and "proto3" are$/);
});

test("a descriptor that cannot be read is told with its origin", () => {
  const error = errorOf(() => readDescriptor("a.jar!A.class", Buffer.from("0aff", "hex")));
  assert.equal(error.code, "BAD_DEFINITION");
  assert.match(error.message, /^a\.jar!A\.class: /);
});
