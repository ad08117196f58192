import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readVInt, readVLong, writeVInt, writeVLong } from "../../../../protocol/engines/writable/vint.js";
import { ByteReader } from "../../../../protocol/wire/byte-reader.js";
import { ByteWriter } from "../../../../protocol/wire/byte-writer.js";

test("any 64-bit integer comes back, and any 32-bit integer has the same bytes as either", () => {
  const out = new ByteWriter();
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.integer(), (long, int) => {
      writeVLong(long, out);
      assert.equal(readVLong(new ByteReader(out.take())), long);
      writeVInt(int, out);
      const bytes = out.take();
      writeVLong(BigInt(int), out);
      assert.deepEqual(out.take(), bytes);
      assert.equal(readVInt(new ByteReader(bytes)), int);
    }),
  );
});

test("an integer that is too long for 32 bits, or that ends early, is refused", () => {
  const read = (hex: string) => readVInt(new ByteReader(Buffer.from(hex, "hex")));
  assert.throws(() => read("8c80000000"), { code: "BAD_BYTES", message: "value too long to fit in integer" });
  for (const cut of ["", "8f", "8701", "880102030405"]) {
    if (cut === "8701") assert.equal(read(cut), -2);
    else assert.throws(() => read(cut), /end in the middle of a variable-length integer$/);
  }
});
