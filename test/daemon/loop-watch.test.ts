import assert from "node:assert/strict";
import { test } from "node:test";
import { LoopWatch } from "../../daemon/loop-watch.js";
import { publish, subscribe } from "../../protocol/events.js";
import { ManualClock } from "../helpers/manual-clock.js";

/** What Node would measure, in the test's hand. */
class FakeHistogram {
  max = 0;
  enabled = false;
  reset(): void {
    this.max = 0;
  }
  enable(): boolean {
    this.enabled = true;
    return true;
  }
  disable(): boolean {
    this.enabled = false;
    return true;
  }
  /** The loop was held so long; the look before was half a period earlier. */
  hold(ms: number): void {
    this.max = Math.max(this.max, (ms + 5) * 1e6);
  }
}

const call = { peer: "192.0.2.1:1", user: "alice", protocol: "a.B", method: "c" };

function watch(run: (clock: ManualClock, histogram: FakeHistogram, watched: LoopWatch) => void): number[] {
  const [clock, histogram] = [new ManualClock(), new FakeHistogram()];
  const unnamed: number[] = [];
  const watched = new LoopWatch({ clock, histogram });
  const stop = subscribe("hrpcd:loop:held", (event) => {
    if (event.call === undefined) unnamed.push(Math.round(event.ms));
  });
  assert.ok(histogram.enabled);
  run(clock, histogram, watched);
  stop();
  watched.stop();
  assert.ok(!histogram.enabled);
  assert.equal(clock.size, 0);
  return unnamed;
}

test("a loop that turns freely has no delay", () => {
  const told = watch((clock, histogram, watched) => {
    histogram.max = 10.9e6;
    assert.equal(watched.longestMs, 0);
    clock.advance(5000);
  });
  assert.deepEqual(told, []);
});

test("a hold that no method is known for is told once", () => {
  const told = watch((clock, histogram) => {
    histogram.hold(150);
    clock.advance(3000);
  });
  assert.deepEqual(told, [150]);
});

test("a hold whose method is known is not told again, in the same second or the next", () => {
  const told = watch((clock, histogram) => {
    publish("hrpcd:loop:held", () => ({ ms: 150, call }));
    histogram.hold(150);
    clock.advance(1000);
    publish("hrpcd:loop:held", () => ({ ms: 150, call }));
    clock.advance(1000);
    histogram.hold(152);
    clock.advance(1000);
    histogram.hold(150);
    clock.advance(1000);
  });
  assert.deepEqual(told, [150], "only the last, long after the method");
});

test("a hold that is longer than that of any known method is told", () => {
  const told = watch((clock, histogram) => {
    publish("hrpcd:loop:held", () => ({ ms: 50, call }));
    histogram.hold(150);
    clock.advance(1000);
  });
  assert.deepEqual(told, [150]);
});

test("the longest delay of the last ten seconds is known, and forgotten after them", () => {
  watch((clock, histogram, watched) => {
    histogram.hold(150);
    assert.equal(watched.longestMs, 150);
    clock.advance(1000);
    histogram.hold(80);
    clock.advance(9000);
    assert.equal(watched.longestMs, 150);
    clock.advance(1000);
    assert.equal(watched.longestMs, 80);
    clock.advance(1000);
    assert.equal(watched.longestMs, 0);
  });
});

test("Node's own measure sees the loop of this process held, and lets the process end", async () => {
  const watched = new LoopWatch();
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  await pause(50);
  const endMs = performance.now() + 100;
  while (performance.now() < endMs);
  while (watched.longestMs < 90) await pause(10);
  watched.stop();
});
