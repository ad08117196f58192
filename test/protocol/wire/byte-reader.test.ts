import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { RpcError } from "../../../protocol/rpc-error.js";
import { ByteReader, missingFields } from "../../../protocol/wire/byte-reader.js";
import { anyInt64, unknownField } from "../../helpers/arbitraries.js";
import { ByteBuilder, bytes, hex } from "../../helpers/byte-builder.js";

const TRUNCATED =
  /^While parsing a protocol message, the input ended unexpectedly in the middle of a field\. {2}This could mean/;
const MALFORMED = /^CodedInputStream encountered a malformed varint\.$/;
const NEGATIVE = /^CodedInputStream encountered an embedded string or message which claimed to have negative size\.$/;
const END_GROUP = /^Protocol message end-group tag did not match expected tag\.$/;

function readerOf(content: ByteBuilder | Buffer): ByteReader {
  return new ByteReader(content instanceof ByteBuilder ? content.build() : content);
}

function badBytes(text: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof RpcError && error.code === "BAD_BYTES" && text.test(error.message);
}

test("fixed-size numbers are big-endian and signed as their names say", () => {
  const reader = readerOf(hex("80000001 fffe 8000000000000001 3f800000 c000000000000000 ff"));
  assert.equal(reader.readInt32(), -(2 ** 31) + 1);
  assert.equal(reader.readUint16(), 65_534);
  assert.equal(reader.readInt64(), -(2n ** 63n) + 1n);
  assert.equal(reader.readFloat(), 1);
  assert.equal(reader.readDouble(), -2);
  assert.equal(reader.readByte(), 255);
  assert.equal(reader.remaining, 0);
});

test("reading past the end is refused by every method and leaves the position where it was", () => {
  const reads: ((reader: ByteReader) => unknown)[] = [
    (reader) => reader.readInt32(),
    (reader) => reader.readUint16(),
    (reader) => reader.readInt64(),
    (reader) => reader.readFloat(),
    (reader) => reader.readDouble(),
    (reader) => reader.readBytes(2),
    (reader) => reader.readUtf8(2),
    (reader) => reader.skip(2),
    (reader) => reader.readVarint32(),
  ];
  for (const read of reads) {
    const reader = new ByteReader(hex("00 ff 00000000 00000000"), 1, 2);
    assert.throws(() => read(reader), badBytes(TRUNCATED), String(read));
    assert.equal(reader.position, 1, String(read));
  }
  const empty = new ByteReader();
  assert.throws(() => empty.readByte(), badBytes(TRUNCATED));
});

test("a negative count of bytes is refused and never moves the reader back", () => {
  for (const count of [-1, -(2 ** 31)]) {
    const reader = new ByteReader(Buffer.alloc(8), 4, 8);
    assert.throws(() => reader.readBytes(count), badBytes(NEGATIVE));
    assert.throws(() => reader.readUtf8(count), badBytes(NEGATIVE));
    assert.throws(() => reader.skip(count), badBytes(NEGATIVE));
    assert.equal(reader.position, 4);
  }
});

test("varints of any length up to ten bytes are read and cut to their type", () => {
  fc.assert(
    fc.property(anyInt64, (value) => {
      assert.equal(readerOf(bytes().varint(value)).readVarint64(), value);
      assert.equal(readerOf(bytes().varint(value)).readVarint32(), Number(BigInt.asUintN(32, value)));
    }),
  );
  for (let length = 1; length <= 10; length++) {
    assert.equal(readerOf(bytes().longVarint(100, length)).readVarint32(), 100);
    assert.equal(readerOf(bytes().longVarint(100, length)).readVarint64(), 100n);
  }
  assert.equal(readerOf(hex("ffffffffffffffffff7f")).readVarint32(), 2 ** 32 - 1, "bits above the 64th are ignored");
  assert.equal(readerOf(hex("ffffffffffffffffff7f")).readVarint64(), -1n);
});

test("a varint of more than ten bytes is malformed, one that ends early is truncated", () => {
  for (const length of [11, 12, 20]) {
    assert.throws(() => readerOf(bytes().longVarint(1, length)).readVarint32(), badBytes(MALFORMED));
    assert.throws(() => readerOf(bytes().longVarint(1, length)).readVarint64(), badBytes(MALFORMED));
  }
  for (let length = 0; length < 10; length++) {
    const cut = Buffer.alloc(length, 0x80);
    assert.throws(() => readerOf(cut).readVarint32(), badBytes(TRUNCATED));
    assert.throws(() => readerOf(cut).readVarint64(), badBytes(TRUNCATED));
  }
});

test("zigzag integers reach both extremes", () => {
  for (const value of [0, -1, 1, -3, -33, 2 ** 31 - 1, -(2 ** 31)]) {
    assert.equal(readerOf(bytes().sint(value)).readSint32(), value);
  }
});

test("a length must not be negative and must fit into what remains", () => {
  assert.equal(readerOf(hex("02 aabb")).readLength(), 2);
  assert.throws(() => readerOf(hex("03 aabb")).readLength(), badBytes(TRUNCATED));
  assert.throws(() => readerOf(bytes().varint(-1)).readLength(), badBytes(NEGATIVE));
  assert.throws(() => readerOf(bytes().varint(2 ** 31)).readLength(), badBytes(NEGATIVE));
  assert.throws(() => readerOf(bytes().varint(2 ** 31 - 1)).readLength(), badBytes(TRUNCATED));
});

test("a tag without a field number is refused", () => {
  for (const tag of ["00", "01", "07", "8000", "80808080f001"]) {
    assert.throws(
      () => readerOf(hex(tag)).readTag(),
      badBytes(/^Protocol message contained an invalid tag \(zero\)\.$/),
      tag,
    );
  }
  assert.equal(readerOf(hex("8880808000")).readTag(), 8, "a stretched tag is the same tag");
});

test("fields that nobody knows are skipped to their last byte, whatever their wire type", () => {
  fc.assert(
    fc.property(unknownField, (field) => {
      const reader = readerOf(bytes().bytes(field).hex("ee"));
      reader.skipField(reader.readTag());
      assert.equal(reader.position, field.length);
    }),
  );
});

test("a field that is cut short is refused at every byte", () => {
  fc.assert(
    fc.property(unknownField, (field) => {
      for (let length = 0; length < field.length; length++) {
        const reader = readerOf(field.subarray(0, length));
        assert.throws(
          () => reader.skipField(reader.readTag()),
          (error) => error instanceof RpcError && error.code === "BAD_BYTES",
        );
      }
    }),
    { numRuns: 50 },
  );
});

test("groups must end with their own number, and may nest a hundred deep and no deeper", () => {
  const skip = (field: ByteBuilder): void => {
    const reader = readerOf(field);
    reader.skipField(reader.readTag());
    assert.equal(reader.remaining, 0);
  };
  const nested = (depth: number): ByteBuilder => {
    const field = bytes();
    for (let i = 1; i <= depth; i++) field.tag(i, 3);
    for (let i = depth; i >= 1; i--) field.tag(i, 4);
    return field;
  };
  skip(nested(1));
  skip(nested(100));
  assert.throws(() => skip(nested(101)), badBytes(/^Protocol message had too many levels of nesting\./));
  assert.throws(() => skip(bytes().tag(20, 3).tag(21, 4)), badBytes(END_GROUP), "the end of another group");
  assert.throws(() => skip(bytes().tag(20, 4)), badBytes(END_GROUP), "an end without a start");
  assert.throws(() => skip(bytes().tag(20, 3)), badBytes(END_GROUP), "a start without an end");
});

test("wire types 6 and 7 are refused, also within a group", () => {
  const invalid = badBytes(/^Protocol message tag had invalid wire type\.$/);
  for (const wireType of [6, 7]) {
    const plain = readerOf(bytes().tag(20, wireType).hex("00000000"));
    assert.throws(() => plain.skipField(plain.readTag()), invalid);
    const grouped = readerOf(bytes().tag(20, 3).tag(21, wireType).hex("00").tag(20, 4));
    assert.throws(() => grouped.skipField(grouped.readTag()), invalid);
  }
});

test("bytes are views of the buffer, and text that is not UTF-8 is read with replacement characters", () => {
  const buffer = hex("61 ff 62");
  const reader = new ByteReader(buffer);
  const view = reader.readBytes(1);
  buffer[0] = 0x7a;
  assert.equal(view.toString(), "z");
  assert.equal(reader.readUtf8(2), "\ufffdb");
});

test("missing fields are named in the order in which they are declared", () => {
  const error = missingFields({ callId: false, status: true, clientId: false });
  assert.equal(error.message, "Message missing required fields: callId, clientId");
  assert.equal(error.code, "BAD_BYTES");
});
