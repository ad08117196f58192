import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ByteReader } from "../../../protocol/wire/byte-reader.js";
import { ByteWriter, WriterLimitError } from "../../../protocol/wire/byte-writer.js";
import { ByteBuilder, bytes, hex } from "../../helpers/byte-builder.js";
import { Rng } from "../../helpers/rng.js";

const MIB = 1024 * 1024;

test("a delimited part gets a length of one byte up to 127, of two up to 16383, of three up to 2097151", () => {
  for (const length of [0, 1, 126, 127, 128, 129, 16_382, 16_383, 16_384, 16_385, 2_097_151, 2_097_152]) {
    const body = new Rng(length).bytes(length);
    const out = new ByteWriter(256);
    out.writeByte(0xaa);
    const mark = out.beginDelimited();
    out.writeBytes(body);
    out.endDelimited(mark);
    out.writeByte(0xbb);
    assert.ok(out.take().equals(bytes().byte(0xaa).delimited(body).byte(0xbb).build()), `length ${length}`);
  }
});

test("delimited parts may lie in one another and grow their lengths from the inside out", () => {
  for (const length of [0, 120, 123, 124, 125, 126, 127, 128, 16_370, 16_380]) {
    const body = Buffer.alloc(length, 5);
    const out = new ByteWriter(64);
    const outer = out.beginDelimited();
    const middle = out.beginDelimited();
    const inner = out.beginDelimited();
    out.writeBytes(body);
    out.endDelimited(inner);
    out.endDelimited(middle);
    out.writeByte(9);
    out.endDelimited(outer);
    const expected = bytes()
      .delimited(bytes().delimited(bytes().delimited(body)).byte(9))
      .build();
    assert.ok(out.take().equals(expected), `length ${length}`);
  }
});

test("a length that needs more room than the slab has left grows the slab", () => {
  for (let slab = 128; slab < 140; slab++) {
    const out = new ByteWriter(slab);
    const mark = out.beginDelimited();
    out.writeBytes(Buffer.alloc(128, 3));
    out.endDelimited(mark);
    assert.deepEqual(out.take(), bytes().delimited(Buffer.alloc(128, 3)).build());
  }
});

test("a frame that outgrows its slab keeps what was written before", () => {
  const out = new ByteWriter(64);
  const mark = out.beginFrame();
  const inner = out.beginDelimited();
  for (let i = 0; i < 1000; i++) out.writeInt32(i);
  out.endDelimited(inner);
  out.endFrame(mark);
  const expected = bytes();
  for (let i = 0; i < 1000; i++) expected.int32(i);
  assert.deepEqual(out.take(), bytes().frame(bytes().delimited(expected)).build());
});

test("bytes that were taken are never written again, through growth, rewinding and new slabs", () => {
  for (let seed = 1; seed <= 100; seed++) {
    const rng = new Rng(seed);
    const out = new ByteWriter(rng.pick([1, 16, 100, 4096, 8192]));
    const taken: Buffer[] = [];
    const copies: Buffer[] = [];
    for (let i = 0; i < 200; i++) {
      const kept = out.length;
      const mark = out.beginDelimited();
      out.writeBytes(rng.bytes(rng.below(300)));
      out.endDelimited(mark);
      if (rng.chance(0.2)) out.rewind(kept);
      if (rng.chance(0.4)) {
        const part = out.take();
        taken.push(part);
        copies.push(Buffer.from(part));
        assert.equal(out.length, 0);
      }
    }
    assert.deepEqual(taken, copies, `seed ${seed}`);
  }
});

test("what lies before a rewound part stays, also when the part had made the slab grow", () => {
  const out = new ByteWriter(32);
  out.writeInt32(1);
  out.take();
  out.writeInt32(2);
  const kept = out.length;
  out.writeBytes(Buffer.alloc(1000, 9));
  out.rewind(kept);
  out.writeInt32(3);
  assert.deepEqual(out.take(), hex("00000002 00000003"));
});

test("taking nothing gives no bytes, and a writer that was never written to holds no slab", () => {
  const out = new ByteWriter();
  assert.equal(out.buffer.length, 0);
  assert.equal(out.take().length, 0);
  out.writeByte(1);
  assert.deepEqual(out.take(), hex("01"));
  assert.equal(out.take().length, 0);
});

test("small frames share one slab; a large frame's slab is not kept for them", () => {
  const out = new ByteWriter(64 * 1024);
  out.writeInt32(1);
  const first = out.take();
  out.writeInt32(2);
  const second = out.take();
  assert.equal(second.buffer, first.buffer);
  out.writeBytes(Buffer.alloc(MIB));
  const large = out.take();
  out.writeInt32(3);
  const third = out.take();
  assert.notEqual(third.buffer, large.buffer);
  assert.equal(third.buffer.byteLength, 64 * 1024);
});

/** One write, done to both writers. */
type Write = (out: ByteWriter, expected: ByteBuilder) => void;

const anyWrite: fc.Arbitrary<Write> = fc.oneof(
  fc.integer({ min: 0, max: 255 }).map(
    (n): Write =>
      (out, expected) => {
        out.writeByte(n);
        expected.byte(n);
      },
  ),
  fc.integer({ min: 0, max: 65_535 }).map(
    (n): Write =>
      (out, expected) => {
        out.writeUint16(n);
        expected.uint16(n);
      },
  ),
  fc.integer().map(
    (n): Write =>
      (out, expected) => {
        out.writeInt32(n);
        expected.int32(n);
      },
  ),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(
    (n): Write =>
      (out, expected) => {
        out.writeInt64(n);
        out.writeVarint64(n);
        expected.int64(n).varint(n);
      },
  ),
  fc.integer({ min: 0, max: 2 ** 32 - 1 }).map(
    (n): Write =>
      (out, expected) => {
        out.writeVarint32(n);
        expected.varint(n);
      },
  ),
  fc.integer().map(
    (n): Write =>
      (out, expected) => {
        out.writeSint32(n);
        expected.sint(n);
      },
  ),
  fc.string({ unit: "grapheme", maxLength: 200 }).map(
    (text): Write =>
      (out, expected) => {
        assert.equal(out.writeUtf8(text), Buffer.byteLength(text));
        out.writeStringField(0x0a, text);
        expected.utf8(text).field(1, text);
      },
  ),
  fc.uint8Array({ maxLength: 300 }).map(
    (body): Write =>
      (out, expected) => {
        out.writeBytes(body);
        out.writeBytesField(0x22, body);
        expected.bytes(body).field(4, body);
      },
  ),
);

test("any order of writes gives the bytes that a plain list of bytes gives", () => {
  fc.assert(
    fc.property(fc.array(anyWrite, { maxLength: 60 }), fc.integer({ min: 1, max: 300 }), (writes, slabBytes) => {
      const out = new ByteWriter(slabBytes);
      const expected = new ByteBuilder();
      for (const write of writes) write(out, expected);
      assert.equal(out.length, expected.build().length);
      assert.deepEqual(out.take(), expected.build());
    }),
  );
});

test("every number comes back from the reader as it was written", () => {
  const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  fc.assert(
    fc.property(fc.integer(), fc.nat(65_535), int64, fc.double(), fc.float(), (int32, uint16, long, double, float) => {
      const out = new ByteWriter(64);
      out.writeInt32(int32);
      out.writeSint32(int32);
      out.writeVarint32(int32);
      out.writeUint16(uint16);
      out.writeInt64(long);
      out.writeVarint64(long);
      out.writeDouble(double);
      out.writeFloat(float);
      const reader = new ByteReader(out.take());
      assert.equal(reader.readInt32(), int32);
      assert.equal(reader.readSint32(), int32);
      assert.equal(reader.readVarint32(), int32 >>> 0);
      assert.equal(reader.readUint16(), uint16);
      assert.equal(reader.readInt64(), long);
      assert.equal(reader.readVarint64(), long);
      assert.deepEqual(reader.readDouble(), double);
      assert.deepEqual(reader.readFloat(), float);
      assert.equal(reader.remaining, 0);
    }),
  );
});

test("a lone surrogate is written as U+FFFD and never runs over the room that was made for it", () => {
  const out = new ByteWriter(8);
  out.writeStringField(0x0a, "\ud800".repeat(50));
  assert.deepEqual(out.take(), bytes().field(1, "\ufffd".repeat(50)).build());
});

test("a writer with a limit holds exactly that and grows no further, and can be rewound and used again", () => {
  const out = new ByteWriter(64);
  out.limit = 1000;
  for (let i = 0; i < 1000; i++) out.writeByte(i);
  assert.equal(out.buffer.length, 1000);
  assert.throws(() => {
    for (let i = 0; i < 4; i++) out.writeByte(i);
  }, WriterLimitError);
  out.rewind(0);
  assert.throws(() => out.writeUtf8("x".repeat(1001)), WriterLimitError);
  // Room for three bytes each is asked for, but one is enough.
  out.writeUtf8("x".repeat(1000));
  assert.equal(out.take().length, 1000);
});
