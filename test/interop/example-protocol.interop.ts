/** The protocol of the example NameNode beside that of Hadoop's jar: what it has is as Hadoop has it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadProto, type ProtobufDeclaration, protobuf } from "../../protocol/index.js";
import { ClientProtocol } from "../examples/namenode/client-protocol.js";
import { clusterJar } from "./cluster.js";

type Message = ProtobufDeclaration["messages"][number];

/** Answers that the example never gives: their fields would say something of data or of a stand-by. */
const NEVER_SENT = new Set(["AddBlockResponseProto", "HAServiceStateResponseProto"]);

async function hadoopDeclaration(): Promise<ProtobufDeclaration> {
  const source = await loadProto(clusterJar("hadoop-hdfs-client"));
  return protobuf({ source, protocolName: ClientProtocol.name }).declaration as ProtobufDeclaration;
}

function fieldsOf(message: Message): ReadonlyMap<string, unknown> {
  return new Map(message.fields.map((field) => [field.name, field]));
}

function requiredOf(message: Message): readonly string[] {
  return message.fields.filter(({ rule }) => rule === "required").map(({ name }) => name);
}

test("methods, messages, fields and enums are Hadoop's, and no field that Hadoop requires is missing", async () => {
  const ours = ClientProtocol.declaration as ProtobufDeclaration;
  const theirs = await hadoopDeclaration();
  assert.deepEqual([ours.protocol, ours.version, ours.service], [theirs.protocol, theirs.version, theirs.service]);
  const methods = new Map(theirs.methods.map(({ name, request, response }) => [name, [request, response]]));
  for (const { name, request, response } of ours.methods)
    assert.deepEqual([request, response], methods.get(name), name);
  const messages = new Map(theirs.messages.map((message) => [message.name, message]));
  for (const message of ours.messages) {
    const other = messages.get(message.name);
    assert.ok(other, message.name);
    const known = fieldsOf(other);
    for (const field of message.fields) assert.deepEqual(field, known.get(field.name), message.name);
    if (NEVER_SENT.has(message.name.replace(/^.*\./, ""))) continue;
    assert.deepEqual(requiredOf(message), requiredOf(other), message.name);
  }
  const enums = new Map(theirs.enums.map(({ name, values }) => [name, values]));
  for (const { name, values } of ours.enums) assert.deepEqual(values, enums.get(name), name);
});
