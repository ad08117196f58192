import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type AvroDeclaration,
  type AvroFileOptions,
  avro,
  type ByteReader,
  type ByteWriter,
  writable,
} from "../../protocol/index.js";

test("the entry names the types of what its functions are given", () => {
  const declaration: AvroDeclaration = { protocol: "P", version: 1, messages: {} };
  assert.equal(avro(declaration).name, "P");
  const options: AvroFileOptions = { version: 1 };
  assert.throws(() => avro("/nowhere.avpr", options), { code: "BAD_DEFINITION" });
  const seconds = {
    read: (reader: ByteReader): Date => new Date(reader.readInt32() * 1000),
    write: (date: Date, out: ByteWriter): void => out.writeInt32(date.getTime() / 1000),
  };
  const Clock = writable({
    protocol: "demo.Clock",
    version: 1,
    writables: { "demo.Seconds": seconds },
    methods: { now: { returns: "demo.Seconds" } },
  });
  assert.equal(Clock.methods.get("now")?.arity, 0);
});
