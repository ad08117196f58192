import assert from "node:assert/strict";
import { test } from "node:test";
import { embeddedDescriptor, readClassFile } from "../../../../protocol/engines/protobuf/class-file.js";
import { classFile } from "./class-builder.js";

test("the pieces of a descriptor are put together, each character a byte", () => {
  const pieces = ["\n\x04name\x00\x7f", "\x80\xff", "end"];
  const read = readClassFile(classFile({ pieces }));
  assert.ok(read);
  assert.equal(embeddedDescriptor(read)?.toString("latin1"), pieces.join(""));
});

test("a class without a descriptor has none", () => {
  for (const pieces of [[], ["no descriptor"]]) {
    const read = readClassFile(classFile({ pieces }));
    assert.ok(read);
    assert.equal(embeddedDescriptor(read), undefined);
  }
});

test("interfaces and annotations are read", () => {
  const annotation = { type: "Ldemo/Note;", values: { name: "demo.Protocol", version: 7n } };
  const read = readClassFile(classFile({ interfaces: ["demo/A", "demo/B"], annotation }));
  assert.deepEqual(read?.interfaces, ["demo/A", "demo/B"]);
  assert.deepEqual(
    read?.annotations.map(({ type, values }) => ({ type, values: Object.fromEntries(values) })),
    [annotation],
  );
});

test("what is no class file is none, and one that is cut off anywhere is an error or has nothing wrong in it", () => {
  assert.equal(readClassFile(Buffer.from("PK no class file")), undefined);
  assert.equal(readClassFile(Buffer.alloc(0)), undefined);
  const whole = classFile({ pieces: ["\n"], interfaces: ["demo/A"] });
  for (let end = 10; end < whole.length; end++) {
    assert.throws(() => readClassFile(whole.subarray(0, end)), /input ended unexpectedly/, `cut at ${end}`);
  }
});
