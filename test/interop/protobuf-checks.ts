/** Hadoop's own protocols over protobuf, from our client: the counterparts of ProtobufChecks.java. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { GenericRefresh, GetUserMappings, HAService } from "../../protocol/hadoop-protocols.js";
import type { RpcErrorCode } from "../../protocol/index.js";
import { refused } from "./client-checks.js";
import { rawProtocol, ZkfcProtocol } from "./protobuf-services.js";
import type { Session } from "./session.js";

const IO_EXCEPTION = "java.io.IOException";
const RAW = rawProtocol(5);
const RAW_V3 = rawProtocol(3);
const RAW_V9 = rawProtocol(9);
const UNSERVED = rawProtocol(1, "hrpcd.interop.UnservedRaw");

const CALLERS = 32;
const CALLS_PER_CALLER = 200;

/** The method must throw this class with this message. */
function fails(call: Promise<unknown>, javaClass: string, message: string): Promise<void> {
  return refused(call, javaClass, "ERROR_APPLICATION", message);
}

function hadoopChecks(session: () => Session): void {
  const proxies = () => {
    const { client, address } = session();
    return {
      ha: client.getProxy(HAService, address),
      mappings: client.getProxy(GetUserMappings, address),
      refresh: client.getProxy(GenericRefresh, address),
      controller: client.getProxy(ZkfcProtocol, address),
    };
  };

  test("getGroupsForUser answers the groups", async () => {
    const { groups } = await proxies().mappings.getGroupsForUser({ user: "root" });
    assert.deepEqual(groups, ["root", "staff", "na\u00efve \u4f60"]);
  });
  test("getGroupsForUser fails for a user without groups", () =>
    fails(proxies().mappings.getGroupsForUser({ user: "" }), IO_EXCEPTION, "No groups found for user "));
  test("getServiceStatus answers an enum, a boolean and a text", async () => {
    const status = await proxies().ha.getServiceStatus({});
    assert.deepEqual(status, { state: "STANDBY", readyToBecomeActive: false, notReadyReason: "still starting" });
  });
  test("monitorHealth fails with HealthCheckFailedException", () =>
    fails(proxies().ha.monitorHealth({}), "org.apache.hadoop.ha.HealthCheckFailedException", "the disk is full"));
  test("transitions are told who asks", async () => {
    const { ha } = proxies();
    assert.deepEqual(await ha.transitionToActive({ reqInfo: { reqSource: "REQUEST_BY_USER" } }), {});
    const standby = ha.transitionToStandby({ reqInfo: { reqSource: "REQUEST_BY_ZKFC" } });
    await fails(standby, "org.apache.hadoop.ha.ServiceFailedException", "asked by REQUEST_BY_ZKFC");
    const observer = ha.transitionToObserver({ reqInfo: { reqSource: "REQUEST_BY_USER_FORCED" } });
    await fails(observer, "org.apache.hadoop.security.AccessControlException", "asked by REQUEST_BY_USER_FORCED");
  });
  test("refresh answers a message for each argument", async () => {
    const args = ["a", "", "\u4f60\u{1f600}"];
    const { responses } = await proxies().refresh.refresh({ identifier: "me", args });
    const expected = args.map((arg) => ({ exitStatus: 0 - arg.length, userMessage: arg, senderName: "me" }));
    assert.deepEqual(responses, expected);
  });
  test("a parameter of 1 MB and a result of 2 MB arrive", async () => {
    const { refresh } = proxies();
    const large = "y".repeat(1_000_000);
    const echoed = await refresh.refresh({ identifier: "me", args: [large] });
    assert.equal(echoed.responses[0]?.userMessage, large);
    const answered = await refresh.refresh({ identifier: "large", args: ["2000000"] });
    assert.equal(answered.responses[0]?.userMessage, "x".repeat(2_000_000));
  });
  test("an unsigned int above 2^31 arrives as Java's negative one", async () => {
    await fails(proxies().controller.cedeActive({ millisToCede: 4_294_967_291 }), IO_EXCEPTION, "cede for -5");
    assert.deepEqual(await proxies().controller.gracefulFailover({}), {});
  });
}

function failureChecks(session: () => Session): void {
  const raw = () => session().client.getProxy(RAW, session().address);
  const failures: ReadonlyArray<readonly [how: string, javaClass: string, message: string, code?: RpcErrorCode]> = [
    ["io:disk gone", IO_EXCEPTION, "disk gone"],
    ["io:one\ntwo", IO_EXCEPTION, "one\ntwo"],
    ["file:/no", "java.io.FileNotFoundException", "/no"],
    ["own:caf\u00e9 \u{1f600}", "hrpcd.interop.InteropException", "caf\u00e9 \u{1f600}"],
    ["standby:not active", "org.apache.hadoop.ipc.StandbyException", "not active"],
    ["retriable:later", "org.apache.hadoop.ipc.RetriableException", "later"],
    ["direct:not now", "java.lang.IllegalStateException", "not now"],
    ["server:not here", "org.apache.hadoop.ipc.RpcServerException", "not here", "ERROR_RPC_SERVER"],
  ];
  for (const [how, javaClass, message, code = "ERROR_APPLICATION"] of failures) {
    test(`${javaClass} arrives over protobuf (${JSON.stringify(how)})`, () =>
      refused(raw().addSpanReceiver({ className: how }), javaClass, code, message));
  }
  test("an int64 arrives exactly", async () => {
    for (const id of [1n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n]) {
      await fails(raw().removeSpanReceiver({ id }), IO_EXCEPTION, `id ${id}`);
    }
    assert.deepEqual(await raw().removeSpanReceiver({ id: 0n }), {});
  });
  test("32 callers, 200 protobuf calls each, over one connection", async () => {
    const proxy = raw();
    const call = async (caller: number): Promise<void> => {
      for (let i = 0; i < CALLS_PER_CALLER; i++) {
        const text = `${caller}:${i}`;
        if (i % 3 === 0) await fails(proxy.addSpanReceiver({ className: `io:${text}` }), IO_EXCEPTION, text);
        else {
          const config = Array.from({ length: i % 7 }, (_, key) => ({ key: `key${key}`, value: "value" }));
          assert.deepEqual(await proxy.addSpanReceiver({ className: text, config }), { id: BigInt(i % 7) });
        }
      }
    };
    await Promise.all(Array.from({ length: CALLERS }, (_, caller) => call(caller)));
  });
}

function versionChecks(session: () => Session): void {
  test("the lower of two versions is served over protobuf", async () => {
    const { client, address } = session();
    assert.deepEqual(await client.getProxy(RAW_V3, address).addSpanReceiver({ className: "fine" }), { id: 0n });
  });
  test("a version above both is told the higher one over protobuf", () => {
    const { client, address } = session();
    const message = "Protocol hrpcd.interop.Raw version mismatch. (client = 9, server = 5)";
    const call = client.getProxy(RAW_V9, address).addSpanReceiver({ className: "fine" });
    return refused(call, "org.apache.hadoop.ipc.RPC$VersionMismatch", "ERROR_RPC_VERSION_MISMATCH", message);
  });
  test("a protocol that the server lacks is refused over protobuf", () => {
    const { client, address } = session();
    const call = client.getProxy(UNSERVED, address).addSpanReceiver({ className: "fine" });
    const message = "Unknown protocol: hrpcd.interop.UnservedRaw";
    return refused(call, "org.apache.hadoop.ipc.RpcNoSuchProtocolException", "ERROR_NO_SUCH_PROTOCOL", message);
  });
  test("negotiateProxy takes the highest version that both sides have, over protobuf", async () => {
    const { client, address } = session();
    const { proxy, version } = await client.negotiateProxy([RAW, RAW_V3], address);
    assert.equal(version, 5);
    assert.deepEqual(await proxy.addSpanReceiver({ className: "fine" }), { id: 0n });
    assert.equal((await client.negotiateProxy([RAW_V3], address)).version, 3);
  });
  test("isMethodSupported tells which methods the server has, over protobuf", async () => {
    const { client, address } = session();
    assert.equal(await client.isMethodSupported(client.getProxy(HAService, address), "getServiceStatus"), true);
    assert.equal(await client.isMethodSupported(client.getProxy(RAW, address), "addSpanReceiver"), true);
  });
}

/** All of them, in groups. */
export function protobufChecks(session: () => Session): void {
  describe("Hadoop's protocols over protobuf", () => hadoopChecks(session));
  describe("failures over protobuf", () => failureChecks(session));
  describe("versions and signatures over protobuf", () => versionChecks(session));
}
