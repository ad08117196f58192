import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { FrameDecoder, FrameLengthError } from "../../../protocol/wire/frame.js";
import { bytes } from "../../helpers/byte-builder.js";
import { Rng } from "../../helpers/rng.js";

const MIB = 1024 * 1024;

/** Forty frames of lengths around every boundary that the decoder has: 0, the length word, the first gathering buffer. */
function recordFrames(): { frames: Buffer[]; stream: Buffer } {
  const rng = new Rng(40);
  const lengths = [0, 1, 2, 3, 4, 5, 0, 0, 16, 127, 128, 507, 508, 509, 511, 512, 513, 1023, 1024, 1500];
  while (lengths.length < 40) lengths.push(rng.below(60));
  const frames = lengths.map((length) => rng.bytes(length));
  const stream = Buffer.concat(frames.map((frame) => bytes().frame(frame).build()));
  return { frames, stream };
}

/** Copies of the frames that come out when these chunks go in. */
function decodeChunks(chunks: Iterable<Buffer>, maxLength = MIB): Buffer[] {
  const decoder = new FrameDecoder(maxLength);
  const frames: Buffer[] = [];
  for (const chunk of chunks) {
    decoder.push(chunk);
    while (decoder.next()) frames.push(Buffer.from(decoder.buffer.subarray(decoder.start, decoder.end)));
  }
  assert.equal(decoder.buffered, 0);
  return frames;
}

test("forty frames come out the same at whatever byte the stream is cut in two", () => {
  const { frames, stream } = recordFrames();
  for (let cut = 0; cut <= stream.length; cut++) {
    assert.deepEqual(decodeChunks([stream.subarray(0, cut), stream.subarray(cut)]), frames, `cut at byte ${cut}`);
  }
});

test("forty frames come out the same when all come at once, byte by byte, and in chunks of every small size", () => {
  const { frames, stream } = recordFrames();
  assert.deepEqual(decodeChunks([stream]), frames);
  for (let size = 1; size <= 20; size++) {
    const chunks = [];
    for (let at = 0; at < stream.length; at += size) chunks.push(stream.subarray(at, at + size));
    assert.deepEqual(decodeChunks(chunks), frames, `chunks of ${size}`);
  }
});

test("forty frames come out the same in chunks of random sizes", () => {
  const { frames, stream } = recordFrames();
  for (let seed = 1; seed <= 200; seed++) {
    const rng = new Rng(seed);
    assert.deepEqual(decodeChunks(rng.chunks(stream, 1 + rng.below(2000))), frames, `seed ${seed}`);
  }
});

test("frames come out the same when the stream runs ahead of the reader", () => {
  const { frames, stream } = recordFrames();
  for (let seed = 1; seed <= 200; seed++) {
    const rng = new Rng(seed);
    const decoder = new FrameDecoder(MIB);
    const got: Buffer[] = [];
    const takeSome = (most: number): void => {
      for (let i = 0; i < most && decoder.next(); i++)
        got.push(Buffer.from(decoder.buffer.subarray(decoder.start, decoder.end)));
    };
    for (const chunk of rng.chunks(stream, 300)) {
      decoder.push(chunk);
      takeSome(rng.below(3));
    }
    takeSome(frames.length);
    assert.deepEqual(got, frames, `seed ${seed}`);
  }
});

test("a frame that lies whole in a chunk is handed out where it lies", () => {
  const chunk = bytes().frame(Buffer.from("one")).frame(Buffer.from("two")).build();
  const decoder = new FrameDecoder(MIB);
  decoder.push(chunk);
  assert.ok(decoder.next());
  assert.equal(decoder.buffer, chunk);
  assert.deepEqual([decoder.start, decoder.end], [4, 7]);
  assert.ok(decoder.next());
  assert.equal(decoder.buffer, chunk);
  assert.deepEqual([decoder.start, decoder.end], [11, 14]);
});

test("when no frame is left the decoder holds no bytes of the last one", () => {
  const decoder = new FrameDecoder(MIB);
  decoder.push(bytes().frame(Buffer.from("one")).build());
  assert.ok(decoder.next());
  assert.equal(decoder.next(), false);
  assert.deepEqual([decoder.buffer.length, decoder.start, decoder.end, decoder.buffered], [0, 0, 0, 0]);
});

test("bytes of frames handed out are never written again, whatever comes later", () => {
  const { stream } = recordFrames();
  for (let seed = 1; seed <= 50; seed++) {
    const rng = new Rng(seed);
    const decoder = new FrameDecoder(MIB);
    const views: Buffer[] = [];
    const copies: Buffer[] = [];
    for (const piece of rng.chunks(Buffer.concat([stream, stream]), 700)) {
      decoder.push(Buffer.from(piece));
      while (decoder.next()) {
        const view = decoder.buffer.subarray(decoder.start, decoder.end);
        views.push(view);
        copies.push(Buffer.from(view));
      }
    }
    assert.equal(views.length, 80);
    assert.deepEqual(views, copies, `seed ${seed}`);
  }
});

test("lengths of 0 and of the limit pass; -1, one over the limit and 2^31 - 1 are refused with their number", () => {
  const limit = 64;
  for (const length of [0, 1, limit]) {
    assert.deepEqual(decodeChunks([bytes().frame(Buffer.alloc(length, 7)).build()], limit), [Buffer.alloc(length, 7)]);
  }
  for (const length of [-1, -(2 ** 31), limit + 1, 2 ** 31 - 1]) {
    const decoder = new FrameDecoder(limit);
    decoder.push(bytes().int32(length).build());
    const refused = (error: unknown): boolean => error instanceof FrameLengthError && error.length === length;
    assert.throws(() => decoder.next(), refused);
    assert.throws(() => decoder.next(), refused, "asking again must not let it pass");
  }
});

test("a length is refused as soon as its four bytes are there, however they are cut", () => {
  const word = bytes().int32(65).build();
  for (let cut = 1; cut < 4; cut++) {
    const decoder = new FrameDecoder(64);
    decoder.push(word.subarray(0, cut));
    assert.equal(decoder.next(), false);
    decoder.push(word.subarray(cut));
    assert.throws(() => decoder.next(), FrameLengthError);
  }
});

test("the limit may change between frames", () => {
  const decoder = new FrameDecoder(4);
  decoder.push(bytes().frame(Buffer.alloc(4)).frame(Buffer.alloc(5)).build());
  assert.ok(decoder.next());
  decoder.maxLength = 5;
  assert.ok(decoder.next());
  assert.equal(decoder.end - decoder.start, 5);
});

test("a thousand peers that announce 128 MiB and send 1 KiB get buffers for what they sent, not for what they announced", () => {
  const announcement = bytes()
    .int32(128 * MIB)
    .build();
  const before = process.memoryUsage().arrayBuffers;
  const decoders = Array.from({ length: 1000 }, () => {
    const decoder = new FrameDecoder(128 * MIB);
    decoder.push(announcement);
    assert.equal(decoder.next(), false);
    decoder.push(Buffer.alloc(1024));
    assert.equal(decoder.next(), false);
    return decoder;
  });
  const grown = process.memoryUsage().arrayBuffers - before;
  assert.ok(grown < 8 * MIB, `${grown} bytes for ${decoders.length} peers`);
});

test("a frame that comes byte by byte costs no memory per chunk", () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  const frame = bytes().frame(Buffer.alloc(MIB, 1)).build();
  const decoder = new FrameDecoder(MIB);
  collectGarbage();
  const before = process.memoryUsage();
  for (let at = 0; at < frame.length - 1; at++) {
    decoder.push(frame.subarray(at, at + 1));
    assert.equal(decoder.next(), false);
  }
  collectGarbage();
  const after = process.memoryUsage();
  assert.ok(after.heapUsed - before.heapUsed < MIB, `heap grew by ${after.heapUsed - before.heapUsed}`);
  assert.ok(
    after.arrayBuffers - before.arrayBuffers < 2 * MIB + 4096,
    `buffers grew by ${after.arrayBuffers - before.arrayBuffers}`,
  );
  decoder.push(frame.subarray(frame.length - 1));
  assert.ok(decoder.next());
  assert.deepEqual(decoder.buffer.subarray(decoder.start, decoder.end), Buffer.alloc(MIB, 1));
});

test("eight MiB in chunks of 1 KiB come out whole", (t) => {
  const body = new Rng(8).bytes(8 * MIB);
  const stream = bytes().frame(body).build();
  const chunks: Buffer[] = [];
  for (let at = 0; at < stream.length; at += 1024) chunks.push(stream.subarray(at, at + 1024));
  const decoder = new FrameDecoder(8 * MIB);
  const started = process.cpuUsage();
  let found = 0;
  for (const chunk of chunks) {
    decoder.push(chunk);
    if (decoder.next()) found++;
  }
  const { user, system } = process.cpuUsage(started);
  t.diagnostic(`${((user + system) / 1000).toFixed(1)} ms of processor for 8 MiB in chunks of 1 KiB`);
  assert.equal(found, 1);
  assert.ok(decoder.buffer.subarray(decoder.start, decoder.end).equals(body));
});

test("take and peekLength find the same bytes wherever the chunks end", () => {
  const stream = bytes().utf8("hrpc").hex("090000").int32(-1).frame(Buffer.from("body")).build();
  for (let first = 0; first <= stream.length; first++) {
    for (let second = first; second <= stream.length; second++) {
      const decoder = new FrameDecoder(MIB);
      const seen: unknown[] = [];
      const step = [
        () => decoder.take(7)?.toString("latin1"),
        () => decoder.peekLength(),
        () => decoder.take(4)?.readInt32BE(0),
        () => (decoder.next() ? decoder.buffer.toString("utf8", decoder.start, decoder.end) : undefined),
      ];
      for (const chunk of [stream.subarray(0, first), stream.subarray(first, second), stream.subarray(second)]) {
        decoder.push(chunk);
        for (let value = step[seen.length]?.(); value !== undefined; value = step[seen.length]?.()) seen.push(value);
      }
      assert.deepEqual(seen, ["hrpc\t\0\0", -1, -1, "body"], `cut at ${first} and ${second}`);
      assert.equal(decoder.buffered, 0);
    }
  }
});

test("taking fewer bytes than were gathered leaves the others", () => {
  const decoder = new FrameDecoder(MIB);
  const stream = bytes().int32(3).utf8("abc").build();
  for (const byte of stream.subarray(0, 6)) {
    decoder.push(Buffer.of(byte));
    assert.equal(decoder.take(7), undefined);
  }
  assert.equal(decoder.peekLength(), 3);
  assert.deepEqual(decoder.take(2), Buffer.of(0, 0));
  assert.equal(decoder.buffered, 4);
  decoder.push(stream.subarray(6));
  assert.deepEqual(decoder.take(5), stream.subarray(2));
  assert.equal(decoder.buffered, 0);
});

test("clear drops the bytes of an unfinished frame", () => {
  const decoder = new FrameDecoder(MIB);
  decoder.push(bytes().int32(10).utf8("half").build());
  assert.equal(decoder.next(), false);
  assert.equal(decoder.buffered, 8);
  decoder.clear();
  assert.equal(decoder.buffered, 0);
  decoder.push(bytes().frame(Buffer.from("whole")).build());
  assert.ok(decoder.next());
  assert.equal(decoder.buffer.toString("utf8", decoder.start, decoder.end), "whole");
});
