import assert from "node:assert/strict";
import { hostname } from "node:os";
import { test } from "node:test";
import { counter } from "../../../daemon/metrics.js";
import { JmxSink } from "../../../daemon/metrics-sinks/jmx.js";
import { fixedSource } from "../../helpers/metrics.js";

const sink = new JmxSink(
  fixedSource(
    [
      {
        source: "RpcActivityForPort8020",
        record: "rpc",
        context: "rpc",
        tags: [["port", "8020"]],
        texts: () => [["NumOpenConnectionsPerUser", "{}"]],
        metrics: [counter("RpcSlowCalls", 3, "slow calls")],
      },
    ],
    [{ name: "Hadoop:service=ipc.8020,name=FairCallQueue", modelerType: "x.Y", attributes: { QueueSizes: [1, 2] } }],
  ),
  "NameNode",
);

const ask = (query: string): { status: number; value: unknown } => {
  const { status, body } = sink.page(new URLSearchParams(query));
  return { status, value: JSON.parse(body) };
};

const RPC = {
  name: "Hadoop:service=NameNode,name=RpcActivityForPort8020",
  modelerType: "RpcActivityForPort8020",
  "tag.port": "8020",
  "tag.NumOpenConnectionsPerUser": "{}",
  "tag.Context": "rpc",
  "tag.Hostname": hostname(),
  RpcSlowCalls: 3,
};
const FAIR = { name: "Hadoop:service=ipc.8020,name=FairCallQueue", modelerType: "x.Y", QueueSizes: [1, 2] };

test("without a query every bean is told", () => {
  assert.deepEqual(ask(""), { status: 200, value: { beans: [RPC, FAIR] } });
});

test("a pattern chooses beans, and may choose none", () => {
  assert.deepEqual(ask("qry=Hadoop:service=NameNode,name=Rpc*"), { status: 200, value: { beans: [RPC] } });
  assert.deepEqual(ask("qry=Hadoop:service=ipc.8020,*"), { status: 200, value: { beans: [FAIR] } });
  assert.deepEqual(ask("qry=java.lang:*"), { status: 200, value: { beans: [] } });
});

test("one attribute is told with the bean that has it", () => {
  const { name, modelerType, RpcSlowCalls } = RPC;
  assert.deepEqual(ask(`get=${name}::RpcSlowCalls`), {
    status: 200,
    value: { beans: [{ name, modelerType, RpcSlowCalls }] },
  });
});

test("what cannot be answered is said in the words of Hadoop", () => {
  const malformed = { status: 400, value: { result: "ERROR", message: "query format is not as expected." } };
  for (const query of ["qry=", "qry=nonsense", "get=", "get=Hadoop:service=x", "get=a:b=c::d::e", "get=x::y"]) {
    assert.deepEqual(ask(query), malformed, query);
  }
  for (const attribute of ["Nothing", "constructor", "__proto__"]) {
    assert.deepEqual(ask(`get=${RPC.name}::${attribute}`), {
      status: 404,
      value: { result: "ERROR", message: `No attribute with name ${attribute} was found.` },
    });
  }
});
