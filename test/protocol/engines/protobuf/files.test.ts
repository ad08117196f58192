import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { unzipSync, zipSync } from "fflate";
import { loadProto, parseProto, protobuf } from "../../../../protocol/engines/protobuf.js";
import type { RpcError } from "../../../../protocol/rpc-error.js";
import { classFile } from "./class-builder.js";
import { jarOf } from "./jar-builder.js";
import { errorOf } from "./loop.js";

const folder = mkdtempSync(join(tmpdir(), "hrpcd-proto-"));
after(() => rmSync(folder, { recursive: true }));

function file(path: string, content: string | Uint8Array): string {
  const full = join(folder, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, content);
  return full;
}

const ECHO = `
  syntax = "proto2";
  package demo;
  option java_package = "org.example";
  option java_outer_classname = "EchoProtos";
  import "types/text.proto";
  message EchoProto { required Text text = 1; }
  service Echo { rpc echo(EchoProto) returns (EchoProto); }`;
const TEXT = 'syntax = "proto2"; package demo; message Text { optional string text = 1; }';
const options = { service: "Echo", protocolName: "demo.Echo", version: 1 };

const ECHO_SELF = ECHO.replace(/import .*;/, "").replace("required Text", "required string");

async function failure(load: Promise<unknown>): Promise<RpcError> {
  return load.then(
    () => assert.fail("nothing was thrown"),
    (error: RpcError) => error,
  );
}

test("a file is read with what it imports from beside it", async () => {
  const path = file("beside/echo.proto", ECHO);
  file("beside/types/text.proto", TEXT);
  for (const given of [path, pathToFileURL(path)]) {
    const definition = protobuf({ source: await loadProto(given), ...options });
    assert.deepEqual([...definition.methods.keys()], ["echo"]);
  }
});

test("a folder is read with all files below it, by the paths that lead there", async () => {
  file("tree/a/echo.proto", ECHO);
  file("tree/types/text.proto", TEXT);
  file("tree/readme.txt", "not read");
  const source = await loadProto(join(folder, "tree"));
  assert.deepEqual(source.services, ["demo.Echo"]);
  assert.equal(protobuf({ source, ...options }).methods.size, 1);
});

test("an import that is nowhere is named when a method needs it, and not before", async () => {
  const source = await loadProto(file("alone/echo.proto", ECHO));
  const error = errorOf(() => protobuf({ source, ...options }));
  assert.equal(
    error.message,
    "demo.EchoProto.text in echo.proto: there is no message or enum Text; its file imports types/text.proto, so add what has that",
  );
});

test("a jar is read for its .proto entries", async () => {
  const entries = { "echo.proto": Buffer.from(ECHO), "types/text.proto": Buffer.from(TEXT) };
  const source = await loadProto(file("texts.jar", zipSync(entries)));
  assert.equal(protobuf({ source, ...options }).methods.size, 1);
});

test("a jar without .proto entries is read for the descriptors in its classes, and for what its interfaces tell", async () => {
  const jar = jarOf(
    [
      {
        path: "echo.proto",
        text: ECHO_SELF,
        package: "demo",
        javaPackage: "org.example",
        javaOuterClass: "EchoProtos",
      },
    ],
    [
      {
        name: "org/example/EchoPB",
        service: "org/example/EchoProtos$Echo",
        protocolName: "demo.EchoProtocol",
        version: 7n,
      },
    ],
  );
  const others = {
    "org/example/Other.class": classFile({}),
    "org/example/EchoProtos$Echo.class": Buffer.from("nested classes are not looked at"),
  };
  const source = await loadProto(file("classes.jar", zipSync({ ...unzipSync(jar), ...others })));
  assert.deepEqual(source.protocols, [
    {
      protocolName: "demo.EchoProtocol",
      version: 7,
      serviceClass: "org.example.EchoProtos$Echo",
      javaInterface: "org.example.EchoPB",
    },
  ]);
  assert.deepEqual(
    source.protocols.map((told) => source.serviceOf(told)),
    ["demo.Echo"],
  );
  const definition = protobuf({ source, protocolName: "demo.EchoProtocol" });
  assert.equal(definition.version, 7);
  assert.deepEqual([...definition.methods.keys()], ["echo"]);
  const { javaInterface } = definition.declaration as { javaInterface?: string };
  assert.equal(javaInterface, "org.example.EchoPB");
});

test("what jars of Hadoop import from hadoop-common need not be given", async () => {
  const text = `
    syntax = "proto2"; package hadoop.hdfs; import "Security.proto"; import "HAServiceProtocol.proto";
    message M { required hadoop.common.TokenProto token = 1; optional common.HAServiceStateProto state = 2; }
    service S { rpc m(M) returns (M); }`;
  const source = await loadProto(file("hadoop/m.proto", text));
  const definition = protobuf({ source, service: "S", protocolName: "S", version: 1 });
  assert.equal(definition.methods.size, 1);
});

test("what cannot be read is named", async () => {
  const whole = zipSync({ "echo.proto": Buffer.from(ECHO), "types/text.proto": Buffer.from(TEXT) });
  const damaged = Buffer.from(whole);
  // What follows the name of an entry is its deflated content; a block of type 3 there is none.
  damaged[damaged.indexOf("types/text.proto") + "types/text.proto".length] = 0xff;
  const cases: [() => Promise<unknown>, RegExp][] = [
    [() => loadProto(join(folder, "nowhere.proto")), /nowhere\.proto cannot be read: ENOENT/],
    [() => loadProto(file("bad.jar", "no jar")), /bad\.jar is no jar, or is truncated or damaged: download it again$/],
    [() => loadProto(file("notes.txt", "hello all")), /notes\.txt is no jar, read as \.proto: illegal token 'hello'/],
    [() => loadProto(file("empty.jar", "")), /empty\.jar is empty: download it again$/],
    [
      () => loadProto(file("half.jar", whole.subarray(0, whole.length - 30))),
      /half\.jar is no jar, or is truncated or damaged: download it again$/,
    ],
    [
      () => loadProto(file("hole.jar", damaged)),
      /hole\.jar!types\/text\.proto is damaged: download \S+hole\.jar again$/,
    ],
    [() => loadProto(dirname(file("nothing/readme.txt", "no proto"))), /nothing is a folder without \.proto files$/],
    [() => loadProto(file("bad.proto", "message A {\n int32 = 1;\n}")), /bad\.proto: .*\(line 2\)$/],
    [
      () => loadProto(file("cut.jar", zipSync({ "A.class": classFile({}).subarray(0, 30) }))),
      /cut\.jar!A\.class is a class file that ends too early: it is damaged, download the jar again$/,
    ],
    [() => parseProto({ "a.proto": "nonsense" }), /^a\.proto: /],
  ];
  for (const [load, text] of cases) {
    const error = await failure(load());
    assert.equal(error.code, "BAD_DEFINITION");
    assert.match(error.message, text);
  }
});

test("a jar that unpacks to more than it may is refused before it is unpacked", async () => {
  const jar = zipSync({ "big.proto": Buffer.alloc(17 * 1024 * 1024, " ") });
  assert.match((await failure(loadProto(file("big.jar", jar)))).message, /big\.proto unpacks to 17825792 bytes/);
});
