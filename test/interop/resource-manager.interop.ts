/** Our client calls YARN's ResourceManager, and gets what Hadoop's own client gets. */
import assert from "node:assert/strict";
import { userInfo } from "node:os";
import { after, before, describe, test } from "node:test";
import { createClient } from "../../client/index.js";
import { loadProto } from "../../protocol/index.js";
import { CLUSTER_VERSION, type ClusterProcess, clusterJar, startCluster } from "./cluster.js";
import { ours, type Pair, readBoth, type SharedProtocol, sharedProtocol, theirs } from "./comparing.js";
import { type CallResult, HadoopCaller } from "./hadoop-caller.js";

const PROTOCOL = "org.apache.hadoop.yarn.api.ApplicationClientProtocolPB";
const USER = userInfo().username;

interface NewApplication {
  readonly value: { readonly application_id: { readonly id: number; readonly cluster_timestamp: string } };
}

describe(`our client and the ResourceManager of Hadoop ${CLUSTER_VERSION}`, () => {
  let cluster: ClusterProcess;
  let pair: Pair;
  let protocol: SharedProtocol;

  before(async () => {
    cluster = await startCluster({ yarn: true });
    // The messages lie in one jar, the interface that names the protocol in the other.
    const source = await loadProto(clusterJar("hadoop-yarn-api"), clusterJar("hadoop-yarn-common"));
    protocol = sharedProtocol(source, PROTOCOL);
    const client = createClient({ user: USER });
    pair = { client, hadoop: HadoopCaller.start(), user: USER, address: cluster.resourceManager };
  });

  after(async () => {
    await pair.client.close();
    await pair.hadoop[Symbol.asyncDispose]();
    await cluster[Symbol.asyncDispose]();
  });

  function read(method: string, request: object, text: string): Promise<CallResult> {
    return readBoth(pair, protocol, method, request, text);
  }

  test("getClusterMetrics", async () => {
    const result = await read("getClusterMetrics", {}, "");
    const { cluster_metrics: metrics } = (result as { value: { cluster_metrics: Record<string, number> } }).value;
    assert.equal(metrics.num_active_nms, 1);
  });

  test("getClusterNodes: one that runs, none that is lost", async () => {
    const running = await read("getClusterNodes", { nodeStates: ["NS_RUNNING"] }, "nodeStates: NS_RUNNING");
    assert.equal((running as { value: { nodeReports: unknown[] } }).value.nodeReports.length, 1);
    const lost = await read("getClusterNodes", { nodeStates: ["NS_LOST"] }, "nodeStates: NS_LOST");
    assert.deepEqual(lost, { value: { nodeReports: [] } });
  });

  test("getNewApplication: each client gets a number of its own, and the same beside it", async () => {
    const first = await ours(pair, protocol, "getNewApplication", {});
    const second = await theirs(pair, protocol, "getNewApplication", "");
    const [{ id }, next] = [first, second].map((result) => (result as NewApplication).value.application_id) as [
      NewApplication["value"]["application_id"],
      NewApplication["value"]["application_id"],
    ];
    assert.equal(next.id, id + 1);
    const numbered = JSON.stringify(first).replace(`"id":${id}`, `"id":${next.id}`);
    assert.deepEqual(JSON.parse(numbered), second);
  });

  test("getApplications: none, and none of those that are asked for", async () => {
    assert.deepEqual(await read("getApplications", {}, ""), { value: { applications: [] } });
    const request = { application_states: ["RUNNING", "FAILED"], users: [USER], limit: 5n };
    await read("getApplications", request, `application_states: [RUNNING, FAILED] users: "${USER}" limit: 5`);
  });

  test("an application that is not there", async () => {
    const request = { application_id: { id: 4711, cluster_timestamp: 1n } };
    const result = await read("getApplicationReport", request, "application_id { id: 4711 cluster_timestamp: 1 }");
    assert.ok("error" in result);
    assert.equal(result.error.javaClass, "org.apache.hadoop.yarn.exceptions.ApplicationNotFoundException");
  });

  test("negotiateProxy and isMethodSupported: the ResourceManager has every method of its own jar", async () => {
    const { proxy, version } = await pair.client.negotiateProxy([protocol.definition], cluster.resourceManager);
    assert.equal(version, 1);
    for (const name of protocol.definition.methods.keys()) {
      assert.equal(await pair.client.isMethodSupported(proxy, name), true, name);
    }
  });
});
