import assert from "node:assert/strict";
import { after, test } from "node:test";
import { FileSource } from "../../../../client/commands/definition-sources/files.js";
import { ProtoSource } from "../../../../protocol/engines/protobuf/source.js";
import type { ProtobufDeclaration } from "../../../../protocol/index.js";
import { ProtoFiles, STORE, STORE_INTERFACE } from "../../../helpers/proto-samples.js";
import { failureOf } from "../../../helpers/test-client.js";

const files = new ProtoFiles();
after(() => files[Symbol.dispose]());

async function find(paths: readonly string[], protocol: string, options: { service?: string; engine?: string } = {}) {
  const source = await FileSource.load(paths);
  const [define, ...others] = await source.find({ protocol, engine: options.engine, service: options.service });
  assert.deepEqual(others, []);
  return define().definition;
}

async function refused(...args: Parameters<typeof find>): Promise<string> {
  const { code, message } = await failureOf(find(...args));
  assert.equal(code, "BAD_ARGUMENT");
  return message;
}

test("a jar tells name, version, service and Java interface of a protocol", async () => {
  for (const name of [STORE, "StoreProtocol", "protocol.StoreProtocol"]) {
    const definition = await find([files.jar], name);
    assert.deepEqual([definition.name, definition.version], [STORE, 3]);
    assert.deepEqual([...definition.methods.keys()], ["put", "caller", "drop"]);
    assert.equal((definition.declaration as ProtobufDeclaration).javaInterface, STORE_INTERFACE);
  }
});

test("a version that is named beats the jar's", async () => {
  assert.equal((await find([files.jar], "StoreProtocol@4")).version, 4);
});

test("a .proto file is taken with the version that is named, and the service where it has several", async () => {
  const only = await find([files.proto], "demo.Anything@1");
  assert.deepEqual([only.name, only.version, only.methods.size], ["demo.Anything", 1, 3]);
  const named = await find([files.jar], "demo.Anything@1", { service: "Store" });
  assert.deepEqual([named.name, named.version, named.methods.size], ["demo.Anything", 1, 3]);
});

test("the Java interface of a protocol of Hadoop's is known, if no jar tells it", async () => {
  const interfaceOf = async (name: string) =>
    ((await find([files.proto], name)).declaration as ProtobufDeclaration).javaInterface;
  assert.equal(
    await interfaceOf("org.apache.hadoop.hdfs.protocol.ClientProtocol@1"),
    "org.apache.hadoop.hdfs.protocolPB.ClientNamenodeProtocolPB",
  );
  assert.equal(await interfaceOf("demo.Anything@1"), undefined);
});

test("what the files do not say is asked for", async () => {
  assert.equal(
    await refused([files.proto], "demo.Anything"),
    "the files do not say the version of demo.Anything: name it, as in demo.Anything@1",
  );
  assert.equal(
    await refused([files.jar], "Store"),
    `the files tell of no protocol Store; they tell of: ${STORE}, org.example.LostProtocol. ` +
      "If it is one of their services, name that with --service: demo.Store",
  );
  assert.equal(
    await refused([files.jar], "storeprotocol"),
    `the files tell of no protocol storeprotocol; did you mean ${STORE}?`,
  );
  assert.equal(
    await refused([files.jar], "org.example.StoreProtocol"),
    `the files tell of no protocol org.example.StoreProtocol; did you mean ${STORE}?`,
  );
  assert.equal(
    await refused([files.jar], "LostProtocol"),
    "the files lack the service of org.example.LostProtocol, org.example.LostProtos$Lost: " +
      "add the jar or .proto that has it with --proto",
  );
  assert.equal(await refused([files.proto], "P@one"), "P@one: the version behind @ must be a whole number");
  assert.equal(
    await refused([files.proto], "P@1", { engine: "avro" }),
    "--proto names files of protobuf protocols: there is no engine avro for them",
  );
});

test("a name that several protocols end with is refused, naming them", async () => {
  const told = { version: 1, serviceClass: "x", javaInterface: "y" };
  const names = ["org.one.StoreProtocol", "org.other.StoreProtocol"];
  const source = new ProtoSource(
    [],
    names.map((protocolName) => ({ ...told, protocolName })),
  );
  const finding = new FileSource(source).find({ protocol: "StoreProtocol", engine: undefined });
  assert.equal(
    (await failureOf(finding)).message,
    "StoreProtocol may be any of org.one.StoreProtocol, org.other.StoreProtocol: name one in full",
  );
});

test("what the files hold is listed: protocols, and services of which no jar tells", async () => {
  assert.deepEqual((await FileSource.load([files.jar])).held(), [
    { protocol: STORE, version: 3, service: "demo.Store" },
    { protocol: "org.example.LostProtocol", version: 1, service: undefined },
  ]);
  assert.deepEqual((await FileSource.load([files.proto])).held(), [
    { protocol: undefined, version: undefined, service: "demo.Store" },
  ]);
});

test("a file that cannot be read is named, with the line and the fault", async () => {
  const { code, message } = await failureOf(FileSource.load([files.jar, files.faulty]));
  assert.equal(code, "BAD_DEFINITION");
  assert.match(message, /faulty\.proto: .*\(line 3\)$/);
  assert.match((await failureOf(FileSource.load(["nowhere.jar"]))).message, /^nowhere\.jar cannot be read: ENOENT/);
});
