import assert from "node:assert/strict";
import { test } from "node:test";
import { createProcessingDetails } from "../../daemon/processing-details.js";
import { type DecaySource, SchedulerMetrics } from "../../daemon/scheduler-metrics.js";
import { metricsOf } from "../helpers/metrics.js";

const DECAY: DecaySource = {
  levels: 2,
  snapshot: () => ({
    decayedCallVolume: 5,
    callVolume: 9,
    serviceUserDecayedCallVolume: 1,
    serviceUserCallVolume: 2,
    uniqueCallers: 3,
    priorities: [
      { completedCallVolume: 4, avgResponseTimeMs: 1.5 },
      { completedCallVolume: 6, avgResponseTimeMs: 30 },
    ],
    topCallers: [
      { name: "alice", volume: 7, priority: 1 },
      { name: "bob", volume: 2, priority: undefined },
    ],
  }),
  callVolumes: () => new Map([["alice", 4]]),
  decisions: () => new Map([["alice", 1]]),
};

function metricsFrom(decay: DecaySource | undefined, fair = false): SchedulerMetrics {
  const queue = fair ? { levels: [{ size: 3 }, { size: 0 }], overflowedCalls: [8, 1] } : undefined;
  return new SchedulerMetrics(() => ({ decay, fair: queue }), 1e6);
}

const read = (metrics: SchedulerMetrics, source: RegExp): Record<string, number> =>
  metricsOf({ records: () => metrics.records(8020) }, source);

test("a decay scheduler is told by Hadoop's names", () => {
  assert.deepEqual(read(metricsFrom(DECAY), /^DecayRpcSchedulerMetrics2\.ipc\.8020$/), {
    DecayedCallVolume: 5,
    CallVolume: 9,
    UniqueCallers: 3,
    ServiceUserDecayedCallVolume: 1,
    ServiceUserCallVolume: 2,
    "Priority.0.CompletedCallVolume": 4,
    "Priority.0.AvgResponseTime": 1.5,
    "Priority.1.CompletedCallVolume": 6,
    "Priority.1.AvgResponseTime": 30,
    "Caller(alice).Volume": 7,
    "Caller(alice).Priority": 1,
    "Caller(bob).Volume": 2,
    "Caller(bob).Priority": 0,
  });
});

test("the times of levels are counted from one", () => {
  const metrics = metricsFrom(DECAY);
  const details = createProcessingDetails();
  details.queue = 2e6;
  details.processing = 4e6;
  metrics.ran(1, details);
  const told = read(metrics, /^DecayRpcSchedulerDetailedMetrics\.ipc\.8020$/);
  assert.equal(told["DecayRPCSchedulerPriority.1.RpcQueueTimeNumOps"], 0);
  assert.equal(told["DecayRPCSchedulerPriority.2.RpcQueueTimeNumOps"], 1);
  assert.equal(told["DecayRPCSchedulerPriority.2.RpcQueueTimeAvgTime"], 2);
  assert.equal(told["DecayRPCSchedulerPriority.2.RpcProcessingTimeAvgTime"], 4);
  assert.equal(Object.keys(told).length, 8);
});

test("a fair queue is told level by level, and counts how often it was swapped", () => {
  const metrics = metricsFrom(undefined, true);
  assert.deepEqual(read(metrics, /^ipc\.8020\.FairCallQueue$/), {
    FairCallQueueSize_p0: 3,
    FairCallQueueOverflowedCalls_p0: 8,
    FairCallQueueSize_p1: 0,
    FairCallQueueOverflowedCalls_p1: 1,
  });
  metrics.swapped();
  assert.deepEqual(metrics.beans(8020), [
    {
      name: "Hadoop:service=ipc.8020,name=FairCallQueue",
      modelerType: "org.apache.hadoop.ipc.FairCallQueue$MetricsProxy",
      attributes: { QueueSizes: [3, 0], OverflowedCalls: [8, 1], Revision: 2 },
    },
  ]);
});

test("the bean of the scheduler holds summaries as JSON", () => {
  assert.deepEqual(metricsFrom(DECAY).beans(8020)[0]?.attributes, {
    SchedulingDecisionSummary: '{"alice":1}',
    CallVolumeSummary: '{"alice":4}',
    UniqueIdentityCount: 3,
    TotalCallVolume: 5,
    AverageResponseTime: [1.5, 30],
    ResponseTimeCountInLastWindow: [4, 6],
  });
});

test("nothing is told of a queue without levels and a scheduler that counts nothing", () => {
  assert.deepEqual(metricsFrom(undefined).records(8020), []);
  assert.deepEqual(metricsFrom(undefined).beans(8020), []);
});

test("callers that come and go do not make new names without end", () => {
  let round = 0;
  const changing: DecaySource = {
    ...DECAY,
    snapshot: () => ({
      ...DECAY.snapshot(),
      topCallers: Array.from({ length: 10 }, (_, i) => ({ name: `user-${round}-${i}`, volume: 1, priority: 2 })),
    }),
  };
  const metrics = metricsFrom(changing);
  const seen = new Set<string>();
  for (; round < 1000; round++) {
    for (const name of Object.keys(read(metrics, /Metrics2/))) if (name.startsWith("Caller(")) seen.add(name);
  }
  assert.equal(seen.size, 2 * 101);
  assert.equal(read(metrics, /Metrics2/)["Caller(others).Volume"], 10);
});
