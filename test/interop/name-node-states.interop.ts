/** Our client calls an active NameNode, its stand-by and an observer, and is told what Hadoop's own client is told. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createClient } from "../../client/index.js";
import { HAService, RemoteError } from "../../protocol/index.js";
import { CLUSTER_VERSION } from "./cluster.js";
import { readBoth, type SharedProtocol } from "./comparing.js";
import { type NameNodeSession, openNameNode, SUPERUSER } from "./name-node/session.js";

const HA_SERVICE: SharedProtocol = {
  definition: HAService as SharedProtocol["definition"],
  javaInterface: "org.apache.hadoop.ha.protocolPB.HAServiceProtocolPB",
};
const STANDBY = "org.apache.hadoop.ipc.StandbyException";

describe(`our client and three NameNodes of Hadoop ${CLUSTER_VERSION}`, () => {
  let session: NameNodeSession;
  let addresses: readonly [active: string, standby: string, observer: string];
  before(async () => {
    session = await openNameNode({ ha: true });
    const [standby = "", observer = ""] = session.cluster.otherNameNodes;
    addresses = [session.cluster.nameNode, standby, observer];
  });
  after(() => session[Symbol.asyncDispose]());

  test("getServiceStatus: active, stand-by and observer", async () => {
    const states: unknown[] = [];
    for (const address of addresses) {
      const result = await readBoth({ ...session.pair, address }, HA_SERVICE, "getServiceStatus", {}, "");
      states.push((result as { value: { state: string } }).value.state);
    }
    assert.deepEqual(states, ["ACTIVE", "STANDBY", "OBSERVER"]);
  });

  test("a stand-by refuses to read, and the error says that the call may go elsewhere", async () => {
    const pair = { ...session.pair, address: addresses[1] };
    const result = await readBoth(pair, session.protocol, "getFileInfo", { src: "/" }, 'src: "/"');
    assert.equal("error" in result && result.error.javaClass, STANDBY);
    await using client = createClient({ user: SUPERUSER });
    const proxy = client.getProxy(session.protocol.definition, addresses[1]);
    await assert.rejects(proxy.getFileInfo?.({ src: "/" }) ?? assert.fail(), (error) => {
      assert.ok(error instanceof RemoteError);
      assert.deepEqual([error.javaClass, error.retriable, error.outcome], [STANDBY, true, "refused"]);
      return true;
    });
  });

  test("an observer refuses who has seen no state, and takes the same client once it has", async () => {
    await using client = createClient({ user: SUPERUSER });
    const pair = { ...session.pair, client, address: addresses[2] };
    // Twice with our client, once with Hadoop's: the state that comes with the refusal changes nothing.
    const refusal = await readBoth(pair, session.protocol, "getFileInfo", { src: "/" }, 'src: "/"');
    assert.ok("error" in refusal);
    assert.equal(refusal.error.javaClass, STANDBY);
    assert.match(refusal.error.text, /^Observer Node received request without stateId\./);
    // A question that any NameNode answers; what it tells of its state goes back with the next call.
    const proxy = client.getProxy(session.protocol.definition, addresses[2]);
    assert.deepEqual(await proxy.getHAServiceState?.({}), { state: "OBSERVER" });
    assert.ok(Object.hasOwn((await proxy.getFileInfo?.({ src: "/" })) ?? {}, "fs"));
  });
});
