import assert from "node:assert/strict";
import { test } from "node:test";
import { FrameCounter } from "./peer.js";

test("frames are counted however the stream is cut", () => {
  const stream = Buffer.concat([
    Buffer.from([0, 0, 0, 2, 1, 2]),
    Buffer.from([0, 0, 0, 1, 9]),
    Buffer.from([0, 0, 0, 3, 1, 2, 3]),
  ]);
  for (let cut = 0; cut <= stream.length; cut++) {
    const counter = new FrameCounter();
    counter.push(stream.subarray(0, cut));
    counter.push(stream.subarray(cut));
    assert.equal(counter.count, 3, `cut at ${cut}`);
  }
});
