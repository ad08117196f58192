/** Hadoop's load generator calls our server; that it counts calls and ends well is what counts, how many is for the bench. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { JavaBenchmarkServer, type LoadRun, runBenchmarkOnce, startOurBenchmarkServer } from "./benchmark-programs.js";

const RUN: Omit<LoadRun, "port"> = { threads: 8, messageBytes: 1024, seconds: 3 };
/** Less than a hundredth of what any machine gives. */
const LEAST_CALLS_PER_SECOND = 50;

function assertCompleted(output: string): void {
  const rate = /^Total calls per second: ([\d.E]+)$/m.exec(output)?.[1];
  assert.ok(Number(rate) >= LEAST_CALLS_PER_SECOND, output);
  assert.match(output, /^CPU time per call on client: \d+ ns$/m);
}

describe("Hadoop's RPCCallBenchmark", () => {
  for (const threads of [8, 32]) {
    test(`completes against our server with ${threads} threads, each on a connection of its own`, async () => {
      await using server = await startOurBenchmarkServer();
      assertCompleted(await runBenchmarkOnce({ ...RUN, threads, port: server.port }));
      assert.ok(server.running, "the server ended");
    });
  }

  test("completes with a message longer than one read of the socket", async () => {
    await using server = await startOurBenchmarkServer();
    assertCompleted(await runBenchmarkOnce({ ...RUN, messageBytes: 200_000, port: server.port }));
  });

  test("completes against Hadoop's own server, started as the bench starts it", async () => {
    await using server = await JavaBenchmarkServer.start(8, 2);
    assertCompleted(await runBenchmarkOnce({ ...RUN, port: server.port }));
  });
});
