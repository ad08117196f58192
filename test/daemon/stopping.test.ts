import assert from "node:assert/strict";
import { test } from "node:test";
import { type StopOptions, stopProgram } from "../../daemon/stopping.js";
import { ManualClock } from "../helpers/manual-clock.js";
import { settled } from "../helpers/test-server.js";

interface Stop {
  readonly clock: ManualClock;
  /** What happened, in order. */
  readonly told: string[];
  readonly well: Promise<boolean>;
}

/** Stops a server that takes `serverMs`, and modules with these `stop`s. */
function stopping(
  stops: Readonly<Record<string, () => void | Promise<void>>>,
  serverStop: (clock: ManualClock) => void = () => {},
): Stop {
  const clock = new ManualClock();
  const told: string[] = [];
  const options: StopOptions = {
    log: { info: () => {}, error: (line) => told.push(line.split("\n")[0] ?? "") },
    server: {
      stop: async (graceMs) => {
        told.push(`server, ${graceMs} ms`);
        serverStop(clock);
      },
    },
    modules: Object.entries(stops).map(([name, stop]) => ({
      name,
      module: {
        stop: () => {
          told.push(name);
          return stop();
        },
      },
    })),
    graceMs: 5000,
    clock,
  };
  return { clock, told, well: stopProgram(options) };
}

test("the server stops before the modules, and these in the reverse order of their starts", async () => {
  const { told, well, clock } = stopping({ first: () => {}, second: async () => {} });
  assert.equal(await well, true);
  assert.deepEqual(told, ["server, 5000 ms", "second", "first"]);
  assert.equal(clock.size, 0);
});

test("what throws keeps nothing else from being stopped, and is told", async () => {
  const fail = (): never => {
    throw new Error("no");
  };
  const { told, well } = stopping({ first: () => {}, second: fail, third: () => Promise.reject(fail) }, fail);
  assert.equal(await well, false);
  assert.deepEqual(
    told.map((line) => line.split(":")[0]),
    [
      "server, 5000 ms",
      "The server stopped with a fault",
      "third",
      'The service module "third" stopped with a fault',
      "second",
      'The service module "second" stopped with a fault',
      "first",
    ],
  );
});

test("a module that hangs is left behind when the grace is over", async () => {
  const { told, well, clock } = stopping({ first: () => {}, hanging: () => new Promise(() => {}) });
  await settled();
  clock.advance(5000);
  assert.equal(await well, false);
  assert.deepEqual(told.slice(1), [
    "hanging",
    'The service module "hanging" has not stopped within 5000 ms: it is left behind',
  ]);
});

test("modules have what the calls left of the grace, and a second at least", async () => {
  for (const [tookMs, leftMs] of [
    [3000, 2000],
    [5000, 1000],
  ] as const) {
    const { told, well, clock } = stopping({ hanging: () => new Promise(() => {}) }, (time) => time.advance(tookMs));
    await settled();
    clock.advance(leftMs);
    assert.equal(await well, false);
    assert.match(told.at(-1) ?? "", new RegExp(`within ${leftMs} ms`));
  }
});
