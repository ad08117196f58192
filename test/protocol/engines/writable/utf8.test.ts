import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { encodeUtf8String, readUtf8String } from "../../../../protocol/engines/writable/utf8.js";
import { ByteReader } from "../../../../protocol/wire/byte-reader.js";

/** A second encoder: CESU-8 one unit at a time. */
function cesu8(text: string): Buffer {
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) bytes.push(unit);
    else if (unit < 0x800) bytes.push(0xc0 + Math.floor(unit / 64), 0x80 + (unit % 64));
    else bytes.push(0xe0 + Math.floor(unit / 4096), 0x80 + (Math.floor(unit / 64) % 64), 0x80 + (unit % 64));
  }
  return Buffer.from([bytes.length >> 8, bytes.length & 0xff, ...bytes]);
}

function read(hex: string): string {
  return readUtf8String(new ByteReader(Buffer.from(hex, "hex")));
}

test("any string of UTF-16 units is written as CESU-8 and comes back", () => {
  const unit = fc.oneof(
    fc.integer({ min: 0, max: 0x7f }),
    fc.integer({ min: 0, max: 0xffff }),
    fc.integer({ min: 0xd800, max: 0xdfff }),
  );
  const text = fc.array(unit, { maxLength: 120 }).map((units) => String.fromCharCode(...units));
  fc.assert(
    fc.property(text, (value) => {
      const bytes = encodeUtf8String(value);
      assert.deepEqual(bytes, cesu8(value));
      assert.equal(readUtf8String(new ByteReader(bytes)), value);
    }),
  );
});

test("four-byte sequences are read as a surrogate pair", () => {
  assert.equal(read("0004f09f9880"), "\u{1f600}");
  assert.equal(read("000541f09f9880"), "A\u{1f600}");
  // Beside a lone surrogate, which is no UTF-8; and out of Unicode's range, where Java's cast to char wraps around.
  assert.equal(read("0007eda0bdf09f9880"), "\ud83d\u{1f600}");
  assert.equal(read("0004f7bfbfbf"), "\udfbf\udfff");
});

test("stray bytes and cut sequences are refused, with what they were", () => {
  for (const lead of ["80", "bf", "f8", "ff"]) {
    assert.throws(() => read(`0002${lead}41`), { code: "BAD_BYTES", message: `Invalid UTF8 at ${lead}41` });
  }
  for (const cut of ["c3", "e2", "e282", "f0", "f09f", "f09f98"]) {
    const length = (cut.length / 2 + 1).toString(16).padStart(4, "0");
    assert.throws(() => read(`${length}41${cut}`), { code: "BAD_BYTES", message: `Truncated UTF8 at ${cut}` });
  }
});

test("continuation bytes are not looked at, as in Hadoop", () => {
  assert.equal(read("0002c301"), "\u00c1");
});

test("a string that ends early is refused", () => {
  assert.throws(() => read("00"), { code: "BAD_BYTES", message: "the bytes end in the middle of a string's length" });
  assert.throws(() => read("000241"), { code: "BAD_BYTES", message: "the bytes end in the middle of a string" });
});
