import assert from "node:assert/strict";
import { test } from "node:test";
import { counter, gauge, type MetricsRecord } from "../../../daemon/metrics.js";
import { PrometheusSink, prometheusName } from "../../../daemon/metrics-sinks/prometheus.js";
import { fixedSource, parsePrometheus } from "../../helpers/metrics.js";

const RECORD: MetricsRecord = {
  source: "RpcActivityForPort8020",
  record: "rpc",
  context: "rpc",
  tags: [
    ["port", "8020"],
    ["serverName", 'a "name"\n'],
  ],
  texts: () => [["NumOpenConnectionsPerUser", "{}"]],
  metrics: [counter("RpcSlowCalls", 3, "slow calls"), gauge("CallQueueLength", 1.5, "calls that wait")],
};

test("names are rewritten as Hadoop's sink does", () => {
  for (const [name, expected] of [
    ["RpcRpcQueueTime60s50thPercentileLatency", "rpc_rpc_queue_time60s50th_percentile_latency"],
    ["RpcgetHAStateNumOps", "rpcget_ha_state_num_ops"],
    ["RpcFairCallQueueSize_p0", "rpc_fair_call_queue_size_p0"],
    ["RpcJVMPauseMonitor", "rpc_jvm_pause_monitor"],
    ["RpcCaller(bob/x@Y).Volume", "rpc_caller_bob_x_y_volume"],
    [
      "Org.apache.hadoop.ipc.DecayRpcSchedulerDecayedCallVolume",
      "org_apache_hadoop_ipc_decay_rpc_scheduler_decayed_call_volume",
    ],
  ] as const) {
    assert.equal(prometheusName(name), expected);
  }
});

test("a record becomes samples with its tags as labels, but for the one that is a text of its own", async () => {
  const page = await new PrometheusSink(fixedSource([RECORD])).page();
  assert.match(page.contentType, /^text\/plain; version=0\.0\.4/);
  const { samples, types } = parsePrometheus(page.body);
  const labels = { context: "rpc", hostname: samples[0]?.labels.hostname, port: "8020", servername: 'a \\"name\\"\\n' };
  assert.deepEqual(samples, [
    { name: "rpc_rpc_slow_calls", labels, value: 3 },
    { name: "rpc_call_queue_length", labels, value: 1.5 },
  ]);
  assert.deepEqual([...types.values()], ["counter", "gauge"]);
});

test("each look shows what is so then: values change, metrics come, go and change their kind", async () => {
  let records: readonly MetricsRecord[] = [RECORD];
  const sink = new PrometheusSink({ records: () => records, beans: () => [] });
  const look = async (): Promise<[string, number][]> =>
    parsePrometheus((await sink.page()).body).samples.map(({ name, value }) => [name, value]);
  await look();
  records = [{ ...RECORD, metrics: [counter("RpcSlowCalls", 2, "x"), gauge("NumOpenConnections", 7, "x")] }];
  assert.deepEqual(await look(), [
    ["rpc_rpc_slow_calls", 2],
    ["rpc_num_open_connections", 7],
  ]);
  records = [{ ...RECORD, metrics: [gauge("RpcSlowCalls", 1, "x")] }];
  assert.deepEqual(await look(), [["rpc_rpc_slow_calls", 1]]);
});

test("names that are the same but for capitals and signs are told apart", async () => {
  const metrics = ["Caller(a.b).Volume", "Caller(a-b).Volume", "Caller(A B).Volume"].map((name) =>
    counter(name, 1, "x"),
  );
  const { samples } = parsePrometheus((await new PrometheusSink(fixedSource([{ ...RECORD, metrics }])).page()).body);
  assert.deepEqual(
    samples.map(({ name }) => name),
    ["rpc_caller_a_b_volume", "rpc_caller_a_b_volume_2", "rpc_caller_a_b_volume_2_2"],
  );
});
