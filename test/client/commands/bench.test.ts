import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bench } from "../../../client/commands/bench.js";
import type { CallTarget } from "../../../client/commands/command.js";
import { commandContext, startSampleServer } from "../../helpers/sample-services.js";

const AVRO = { protocol: "org.example.Sampler", engine: "avro" } as const;

async function run(
  address: string,
  target: Pick<CallTarget, "method" | "args">,
  options: { json?: boolean; inFlight: number },
): Promise<string> {
  const { json = false, inFlight } = options;
  const context = commandContext(address, { json });
  try {
    return await bench(context, { ...AVRO, ...target }, { inFlight, seconds: 0.05 });
  } finally {
    await context.client.close();
  }
}

describe("hrpc bench", () => {
  test("keeps as many calls in flight as it was told, and counts them", async () => {
    await using samples = await startSampleServer();
    const target = { method: "hello", args: ['"king"'] };
    const row = JSON.parse(await run(samples.address, target, { json: true, inFlight: 4 })) as Record<string, number>;
    assert.deepEqual(Object.keys(row), ["inFlight", "calls", "callsPerSecond", "p50Micros", "p99Micros"]);
    assert.equal(row.inFlight, 4);
    assert.equal(samples.mostAtOnce, 4);
    assert.ok((row.calls ?? 0) >= 4);
    assert.ok((row.callsPerSecond ?? 0) > 0);
    assert.ok((row.p99Micros ?? 0) >= (row.p50Micros ?? Infinity));
  });

  test("prints a table for people", async () => {
    await using samples = await startSampleServer();
    const text = await run(samples.address, { method: "add", args: ["1", "2"] }, { inFlight: 2 });
    assert.match(text, /^inFlight {2}calls +callsPerSecond {2}p50Micros {2}p99Micros\n2 +\d+ +\d+ +\d+ +\d+$/);
  });

  test("counts one-way calls that the server has taken", async () => {
    await using samples = await startSampleServer();
    const target = { method: "tell", args: ['"x"'] };
    const { calls } = JSON.parse(await run(samples.address, target, { json: true, inFlight: 2 })) as { calls: number };
    // One more came before the measurement.
    assert.equal(samples.told.length, calls + 1);
  });

  test("fails as the call fails", async () => {
    await using samples = await startSampleServer();
    await assert.rejects(run(samples.address, { method: "fail", args: ['"x"'] }, { inFlight: 4 }), {
      code: "ERROR_APPLICATION",
      javaClass: "org.example.TooLong",
    });
  });
});
