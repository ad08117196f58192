import assert from "node:assert/strict";
import { test } from "node:test";
import { createProcessingDetails } from "../../daemon/processing-details.js";
import { RpcMetrics, type RpcMetricsOptions } from "../../daemon/rpc-metrics.js";
import { RpcError } from "../../protocol/rpc-error.js";
import { ManualClock } from "../helpers/manual-clock.js";
import { metricsOf } from "../helpers/metrics.js";

const NS_PER_MS = 1e6;

function setUp(options: Partial<RpcMetricsOptions> = {}) {
  const clock = new ManualClock();
  const perUser = new Map<string, number>();
  const metrics = new RpcMetrics({
    methods: ["echo"],
    serverName: "test",
    timeUnit: "MILLISECONDS",
    percentileWindows: [],
    updateMs: 5000,
    clock,
    gauges: {
      openConnections: 3,
      connectionsPerUser: () => perUser,
      inProcessHandler: 2,
      callQueueLength: 1,
      slowCalls: () => 4,
    },
    ...options,
  });
  const source = { records: () => metrics.records(8020) };
  return {
    clock,
    metrics,
    perUser,
    activity: () => metricsOf(source, /^RpcActivityForPort8020$/),
    detailed: () => metricsOf(source, /^RpcDetailedActivityForPort8020$/),
    tag: (name: string) =>
      source
        .records()[0]
        ?.texts?.()
        .find(([tag]) => tag === name)?.[1],
  };
}

/** Times of a call in milliseconds. */
function details(ms: Partial<ReturnType<typeof createProcessingDetails>>) {
  const filled = createProcessingDetails();
  for (const [phase, value] of Object.entries(ms)) filled[phase as keyof typeof filled] = value * NS_PER_MS;
  return filled;
}

test("a call that has run counts in every time, in its method without locks, and from arrival to answer", () => {
  const { metrics, activity, detailed } = setUp();
  metrics.ran(
    "echo",
    details({ enqueue: 1, queue: 2, handler: 3, processing: 40, lockwait: 10, response: 5 }),
    undefined,
  );
  const told = activity();
  assert.deepEqual(
    ["RpcEnQueueTime", "RpcQueueTime", "RpcLockWaitTime", "RpcProcessingTime", "RpcResponseTime"].map((name) => [
      told[`${name}NumOps`],
      told[`${name}AvgTime`],
    ]),
    [
      [1, 1],
      [1, 2],
      [1, 10],
      [1, 40],
      [1, 5],
    ],
  );
  assert.equal(told.RpcCallSuccesses, 1);
  assert.equal(told.TotalRequests, 1);
  assert.deepEqual(detailed(), {
    EchoNumOps: 1,
    EchoAvgTime: 30,
    DeferredEchoNumOps: 0,
    DeferredEchoAvgTime: 0,
    OverallEchoNumOps: 1,
    OverallEchoAvgTime: 51,
  });
});

test("a call that failed counts under its exception and not under its method", () => {
  const { metrics, activity, detailed } = setUp();
  const failure = new RpcError("ERROR_APPLICATION", "no", { javaClass: "java.io.FileNotFoundException" });
  metrics.ran("echo", details({ processing: 4 }), failure);
  assert.equal(activity().RpcProcessingTimeNumOps, 1);
  assert.equal(activity().RpcCallSuccesses, 0);
  const told = detailed();
  assert.equal(told.EchoNumOps, 0);
  assert.equal(told.FileNotFoundExceptionNumOps, 1);
  assert.equal(told.FileNotFoundExceptionAvgTime, 4);
  assert.equal(told.OverallFileNotFoundExceptionNumOps, 1);
  assert.ok(!("DeferredFileNotFoundExceptionNumOps" in told), "an exception is not deferred");
});

test("a call that was not run counts in the queue, and nowhere else", () => {
  const { metrics, activity, detailed } = setUp();
  metrics.skipped(details({ enqueue: 1, queue: 6 }));
  const told = activity();
  assert.equal(told.TotalRequests, 1);
  assert.equal(told.RpcQueueTimeAvgTime, 6);
  assert.equal(told.RpcEnQueueTimeNumOps, 1);
  assert.equal(told.RpcProcessingTimeNumOps, 0);
  assert.equal(told.RpcCallSuccesses, 0);
  assert.equal(detailed().OverallEchoNumOps, 0);
});

test("an error that throws when it is asked for its class is counted all the same", () => {
  const { metrics, detailed } = setUp();
  const failure = new RpcError("ERROR_APPLICATION", "no");
  Object.defineProperty(failure, "javaClass", {
    get() {
      throw new Error("ha");
    },
  });
  metrics.ran("echo", details({}), failure);
  assert.equal(detailed().ExceptionNumOps, 1);
});

test("calls per second are those of the last interval", () => {
  const { clock, metrics, activity } = setUp();
  metrics.start();
  for (let i = 0; i < 100; i++) metrics.ran("echo", details({}), undefined);
  assert.equal(activity().TotalRequestsPerSecond, 0);
  clock.advance(5000);
  assert.equal(activity().TotalRequestsPerSecond, 20);
  clock.advance(5000);
  assert.equal(activity().TotalRequestsPerSecond, 0);
  metrics.stop();
  assert.equal(clock.size, 0);
});

test("percentiles are told of the last whole window, in the unit that is set", () => {
  const { clock, metrics, activity } = setUp({ percentileWindows: [60, 300], timeUnit: "MICROSECONDS" });
  metrics.start();
  for (let ms = 1; ms <= 100; ms++) metrics.ran("echo", details({ processing: ms, queue: 2 * ms }), undefined);
  clock.advance(59_999);
  assert.equal(activity().RpcProcessingTime60sNumOps, 0);
  clock.advance(1);
  const told = activity();
  assert.equal(told.RpcProcessingTime60sNumOps, 100);
  for (const percent of [50, 75, 90, 95, 99]) {
    const processing = told[`RpcProcessingTime60s${percent}thPercentileLatency`] as number;
    const queue = told[`RpcQueueTime60s${percent}thPercentileLatency`] as number;
    assert.ok(Math.abs(processing / (percent * 1000) - 1) < 0.02, `${percent}: ${processing}`);
    assert.ok(Math.abs(queue / (percent * 2000) - 1) < 0.02, `${percent}: ${queue}`);
  }
  assert.equal(told.RpcProcessingTime300sNumOps, 0);
  clock.advance(240_000);
  assert.equal(activity().RpcProcessingTime300sNumOps, 100);
  assert.equal(activity().RpcProcessingTime60sNumOps, 0);
  metrics.stop();
});

test("the connections of users are a JSON object of those with the most, and of all others together", () => {
  const { perUser, tag } = setUp();
  assert.equal(tag("NumOpenConnectionsPerUser"), "{}");
  for (let i = 0; i < 5000; i++) perUser.set(`u"${i}\n`, 1);
  perUser.set("alice", 3);
  const told = JSON.parse(tag("NumOpenConnectionsPerUser") ?? "") as Record<string, number>;
  assert.equal(Object.keys(told).length, 101);
  assert.equal(told.alice, 3);
  assert.equal(told["(others)"], 5001 - 100);
});
