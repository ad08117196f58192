/** The examples are written as a user writes: on the entry points alone, with what the documented commands make. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { loadProto, protobuf, typesModule } from "../../protocol/index.js";
import { readText, sourceFiles } from "../architecture/source-tree.js";
import { projectRoot } from "../helpers/project-root.js";

const EXAMPLES = /^test\/examples\/[^/]+\//;
const ENTRY_POINT = /^(protocol|daemon|client|conf)\/index\.ts$/;

test("the examples import nothing of hrpcd but its entry points", () => {
  const files = sourceFiles().filter(({ path }) => EXAMPLES.test(path));
  assert.ok(files.length > 0);
  for (const { path, imports } of files) {
    const inner = imports.filter(({ file }) => file !== undefined && !EXAMPLES.test(file) && !ENTRY_POINT.test(file));
    assert.deepEqual(inner, [], path);
  }
});

test("the NameNode's protocol is what `hrpc types` makes of its .proto", async () => {
  const source = await loadProto(fileURLToPath(new URL("test/examples/namenode/namenode.proto", projectRoot)));
  const protocolName = "org.apache.hadoop.hdfs.protocol.ClientProtocol";
  const javaInterface = "org.apache.hadoop.hdfs.protocolPB.ClientNamenodeProtocolPB";
  const service = "ClientNamenodeProtocol";
  const made = typesModule(protobuf({ source, protocolName, version: 1, service, javaInterface }));
  const kept = readText("test/examples/namenode/client-protocol.ts");
  assert.equal(kept.trimEnd(), made.trimEnd().replace('"hrpcd/protocol"', '"../../../protocol/index.js"'));
});
