/** What a server tells of itself, against what its clients know. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { test } from "node:test";
import { createSettings, type SettingValues } from "../../conf/index.js";
import { MAX_CLASSES } from "../../daemon/detailed-rates.js";
import { createHttpListener } from "../../daemon/http-listener.js";
import { PrometheusSink } from "../../daemon/metrics-sinks/prometheus.js";
import { RpcError } from "../../protocol/rpc-error.js";
import { encodeHadoopDelimited } from "../helpers/hadoop-proto.js";
import { ManualClock } from "../helpers/manual-clock.js";
import { metricsOf, parsePrometheus } from "../helpers/metrics.js";
import { projectRoot } from "../helpers/project-root.js";
import { contextFrame, PREAMBLE, PREAMBLE_SASL, requestFrame, textCall } from "../helpers/requests.js";
import { gate, openPeer, settled, startServer, TEXT_PROTOCOL, TestPeer } from "../helpers/test-server.js";

const ACTIVITY = /^RpcActivity/;
const DETAILED = /^RpcDetailed/;

test("counts are what the clients know: calls, answers, errors, bytes and connections", async () => {
  const clock = new ManualClock();
  await using server = await startServer({
    clock,
    handlers: {
      echo: (text) => text,
      slow: (text) => {
        clock.pass(30);
        return text;
      },
      fail: (name) => {
        throw new RpcError("ERROR_APPLICATION", "no", { javaClass: `org.example.${String(name)}` });
      },
      unsendable: () => ({ toString: null }),
    },
  });
  const peers = ["alice", "alice", "bob"].map((user) => openPeer(server, user));
  const answers: number[] = [];
  for (const peer of peers) {
    for (let i = 0; i < 50; i++) peer.send(textCall(i, "echo", ["hello"]));
    for (let i = 50; i < 60; i++) peer.send(textCall(i, "slow", ["x"]));
    for (let i = 60; i < 67; i++) peer.send(textCall(i, "fail", ["WrongException"]));
    await settled();
    answers.push(peer.answers().length);
  }
  assert.deepEqual(answers, [67, 67, 67]);
  const told = metricsOf(server.metrics, ACTIVITY);
  assert.equal(told.TotalRequests, 201);
  assert.equal(told.RpcQueueTimeNumOps, 201);
  assert.equal(told.RpcProcessingTimeNumOps, 201);
  assert.equal(told.RpcCallSuccesses, 180);
  assert.equal(told.RpcAuthorizationSuccesses, 3);
  assert.equal(told.NumOpenConnections, 3);
  assert.equal(
    told.SentBytes,
    peers.reduce((sum, { stream }) => sum + stream.received.length, 0),
  );
  const sentByEach = 7 + contextFrame(TEXT_PROTOCOL, "alice").length;
  const calls = Array.from({ length: 67 }, (_, i) =>
    i < 50
      ? textCall(i, "echo", ["hello"])
      : i < 60
        ? textCall(i, "slow", ["x"])
        : textCall(i, "fail", ["WrongException"]),
  ).reduce((sum, { length }) => sum + length, 0);
  assert.equal(told.ReceivedBytes, 3 * (sentByEach + calls) - 2);
  const detailed = metricsOf(server.metrics, DETAILED);
  assert.equal(detailed.EchoNumOps, 150);
  assert.equal(detailed.SlowNumOps, 30);
  assert.equal(detailed.SlowAvgTime, 30);
  assert.equal(detailed.FailNumOps, 0);
  assert.equal(detailed.WrongExceptionNumOps, 21);
  const perUser = server.metrics
    .records()[0]
    ?.texts?.()
    .find(([name]) => name === "NumOpenConnectionsPerUser")?.[1];
  assert.equal(perUser, '{"alice":2,"bob":1}');
});

test("calls that wait, run, are dropped or refused are told as such", async () => {
  const clock = new ManualClock();
  const { opened, open } = gate();
  await using server = await startServer({
    clock,
    numHandlers: 1,
    settings: { "ipc.server.handler.queue.size": 2, "ipc.backoff.enable": true },
    handlers: { wait: () => opened, echo: (text) => text },
  });
  const peer = openPeer(server);
  peer.send(textCall(0, "wait"), textCall(1, "echo", ["x"]), textCall(2, "echo", ["x"], { timeoutMs: 10 }));
  const before = metricsOf(server.metrics, ACTIVITY);
  assert.deepEqual([before.NumInProcessHandler, before.CallQueueLength, before.RpcClientBackoff], [1, 2, 0]);
  const refused = openPeer(server);
  refused.send(textCall(3, "echo"));
  clock.advance(20);
  open("done");
  await settled();
  const told = metricsOf(server.metrics, ACTIVITY);
  assert.deepEqual([told.NumInProcessHandler, told.CallQueueLength], [0, 0]);
  assert.deepEqual([told.RpcClientBackoff, told.RpcClientBackoffDisconnected], [1, 1]);
  assert.equal(told.TotalRequests, 3, "the one that came too late was taken");
  assert.equal(told.RpcCallSuccesses, 2);
  assert.equal(told.RpcProcessingTimeNumOps, 2);
  assert.equal(metricsOf(server.metrics, DETAILED).OverallWaitAvgTime, 20);
});

test("slow calls by a rule that is on, and calls and connections beyond what one user may have, are told", async () => {
  const clock = new ManualClock();
  const { opened, open } = gate();
  await using server = await startServer({
    clock,
    settings: { "hrpcd.log.slow.call.ms": 30, "hrpcd.user.calls.max": 1, "hrpcd.user.connections.max": 1 },
    handlers: {
      wait: () => opened,
      echo: (text) => text,
      slow: (text) => {
        clock.pass(30);
        return text;
      },
    },
  });
  const [peer, other] = [openPeer(server, "king"), openPeer(server, "queen")];
  openPeer(server, "king");
  other.send(textCall(0, "slow", ["x"]));
  other.send(textCall(1, "echo", ["x"]));
  peer.send(textCall(0, "wait"), textCall(1, "echo", ["one more"]), textCall(2, "echo", ["and another"]));
  await settled();
  const told = metricsOf(server.metrics, ACTIVITY);
  assert.equal(told.RpcSlowCalls, 1);
  assert.deepEqual([told.RpcClientBackoff, told.RpcClientBackoffDisconnected], [2, 0]);
  assert.deepEqual([told.NumDroppedConnections, told.RpcAuthorizationSuccesses], [1, 2]);
  open("done");
});

test("new rules for slow calls, and a new call queue, are taken when settings are read again", async () => {
  const clock = new ManualClock();
  await using server = await startServer({
    clock,
    handlers: {
      slow: (text) => {
        clock.pass(30);
        return text;
      },
    },
  });
  const peer = openPeer(server);
  const slowCalls = async (settings: SettingValues): Promise<number | undefined> => {
    server.reload(createSettings(settings));
    peer.send(textCall(0, "slow", ["x"]));
    await settled();
    return metricsOf(server.metrics, ACTIVITY).RpcSlowCalls;
  };
  assert.equal(await slowCalls({}), 0);
  assert.equal(await slowCalls({ "hrpcd.log.slow.call.ms": 30 }), 1);
  assert.equal(await slowCalls({ "hrpcd.log.slow.call.ms": 31 }), 1);
  const fair = { "ipc.0.callqueue.impl": "org.apache.hadoop.ipc.FairCallQueue", "hrpcd.log.slow.call.ms": 30 };
  assert.equal(await slowCalls(fair), 2);
  assert.ok(server.metrics.records().some(({ source }) => source.endsWith(".FairCallQueue")));
  assert.equal(metricsOf(server.metrics, ACTIVITY).TotalRequests, 4);
});

test("connections too many are counted", async () => {
  await using server = await startServer({ settings: { "ipc.server.max.connections": 2 } });
  for (let i = 0; i < 7; i++) openPeer(server);
  const told = metricsOf(server.metrics, ACTIVITY);
  assert.equal(told.NumDroppedConnections, 5);
  assert.equal(told.RpcAuthorizationSuccesses, 2);
});

test("who acts for another or negotiates what there is not counts as refused, and the answer as sent", async () => {
  await using server = await startServer();
  const proxy = new TestPeer(server);
  const context = { userInfo: { effectiveUser: "alice", realUser: "root" }, protocol: TEXT_PROTOCOL };
  const contextBody = encodeHadoopDelimited("IpcConnectionContextProto", context);
  proxy.send(PREAMBLE, requestFrame({ rpcKind: 2, callId: -3, retryCount: -1 }, contextBody));
  const stranger = new TestPeer(server);
  const initiate = { state: 2, auths: [{ method: "TOKEN", mechanism: "DIGEST-MD5" }] };
  const saslBody = encodeHadoopDelimited("RpcSaslProto", initiate);
  const guess = requestFrame({ rpcKind: 2, callId: -33, retryCount: -1 }, saslBody);
  // The first guess is answered with what there is to choose from.
  stranger.send(PREAMBLE_SASL, guess, guess);
  await settled();
  const told = metricsOf(server.metrics, ACTIVITY);
  assert.deepEqual([told.RpcAuthorizationFailures, told.RpcAuthorizationSuccesses], [1, 0]);
  assert.deepEqual([told.RpcAuthenticationFailures, told.RpcAuthenticationSuccesses], [1, 0]);
  assert.ok(proxy.stream.received.length > 0 && stranger.stream.received.length > 0);
  assert.equal(told.SentBytes, proxy.stream.received.length + stranger.stream.received.length);
});

test("calls that are put back while their peer does not read are told, and count once", async () => {
  const settings = { "hrpcd.server.response.backlog.max": 100_000 };
  await using server = await startServer({ handlers: { big: () => "x".repeat(10_000) }, settings });
  const peer = openPeer(server);
  peer.stream.stalled = true;
  peer.send(Buffer.concat(Array.from({ length: 100 }, (_, id) => textCall(id, "big"))));
  await settled();
  const served = metricsOf(server.metrics, ACTIVITY).RpcCallSuccesses as number;
  assert.ok(served < 100);
  peer.stream.drain();
  await settled();
  const told = metricsOf(server.metrics, ACTIVITY);
  assert.equal(told.RpcRequeueCalls, 100 - served);
  assert.equal(told.RpcCallSuccesses, 100);
  assert.equal(told.TotalRequests, 100, "a call that was put back counts when it runs");
});

test("every name, kind and label that Hadoop's Prometheus sink shows of a server is shown of ours", async () => {
  const golden = JSON.parse(readFileSync(new URL("test/golden/hadoop-metrics.json", projectRoot), "utf8")) as {
    readonly families: readonly { readonly type: string; readonly labels: string[]; readonly names: string[] }[];
  };
  const missing = {
    getProtocolSignature: () => "",
    getProtocolVersion: () => "",
  };
  await using server = await startServer({
    port: 0,
    settings: {
      "ipc.0.callqueue.impl": "org.apache.hadoop.ipc.FairCallQueue",
      "rpc.metrics.quantile.enable": true,
      "rpc.metrics.percentiles.intervals": [2],
    },
    handlers: {
      echo: () => {
        throw new RpcError("ERROR_APPLICATION", "no", { javaClass: "java.io.FileNotFoundException" });
      },
      getHAState: () => "",
      ...missing,
    },
  });
  const peer = openPeer(server, "root");
  peer.send(textCall(0, "echo"));
  await settled();
  const { samples, types } = parsePrometheus((await new PrometheusSink(server.metrics).page()).body);
  const labelsOf = new Map(samples.map(({ name, labels }) => [name, Object.keys(labels).sort()]));
  for (const { type, labels, names } of golden.families) {
    for (const name of names) {
      assert.equal(types.get(name), type, name);
      assert.deepEqual(labelsOf.get(name), labels, name);
    }
  }
  assert.ok(samples.every(({ labels }) => labels.hostname === hostname()));
});

test("whatever names callers send, there are few series, and what is told stays short", async () => {
  await using server = await startServer({
    settings: { "ipc.0.callqueue.impl": "org.apache.hadoop.ipc.FairCallQueue" },
    handlers: {
      fail: (name) => {
        throw new RpcError("ERROR_APPLICATION", "no", { javaClass: String(name) });
      },
    },
  });
  await using http = await createHttpListener(server, createSettings({ "hrpcd.http.port": 0 })).start();
  const { address, port } = http.address;
  const get = async (path: string): Promise<string> => (await fetch(`http://${address}:${port}${path}`)).text();
  const before = parsePrometheus(await get("/prom")).samples.length;
  const odd = ["a\u0000b", 'quote"', "line\nend", "\u202Eright to left", "\uD800", "x".repeat(60_000), "__proto__"];
  let peers: TestPeer[] = [];
  for (let i = 0; i < 10_000; i++) {
    const name = i < odd.length ? (odd[i] as string) : `name-${i}`;
    const peer = new TestPeer(server);
    peer.send(PREAMBLE, contextFrame(TEXT_PROTOCOL, name.slice(0, 1000)));
    peer.send(textCall(0, name, ["x"]), textCall(1, "fail", [`org.example.${name}`]));
    peers.push(peer);
    if (peers.length < 500) continue;
    await settled();
    await get("/prom");
    for (const { stream } of peers) stream.finish();
    peers = [];
  }
  const body = await get("/prom");
  const { samples } = parsePrometheus(body);
  assert.ok(samples.length <= 500, `${samples.length} series`);
  assert.ok(samples.length - before <= 200, `${samples.length - before} more`);
  assert.ok(body.length < 200_000, `${body.length} characters`);
  const jmx = await get("/jmx");
  assert.ok(jmx.length < 200_000, `${jmx.length} characters`);
  JSON.parse(jmx);
  const told = metricsOf(server.metrics, DETAILED);
  assert.equal(told.OtherExceptionsNumOps, 10_000 - MAX_CLASSES);
});
