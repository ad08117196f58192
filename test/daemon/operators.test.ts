/** What operators ask of the program hrpcd, through a client. */
import assert from "node:assert/strict";
import { userInfo } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type Client, createClient } from "../../client/index.js";
import type { AnyProtocol } from "../../protocol/definition.js";
import {
  GenericRefresh,
  GetUserMappings,
  HrpcdAdmin,
  ProtocolMetaInfo,
  RefreshAuthorizationPolicy,
  RefreshCallQueue,
  RefreshUserMappings,
} from "../../protocol/index.js";
import { DaemonProcess } from "../helpers/daemon-process.js";
import { Directory } from "../helpers/service-files.js";

/** A directory with these settings and a module that serves a protocol of its own. */
function greeter(settings: Readonly<Record<string, string>> = {}, more = ""): Directory {
  const directory = new Directory();
  directory.module("greeter.mjs", `export default { services: [echo("a.Greeter")], ${more} };`);
  directory.settings({ "hrpcd.services": "./greeter.mjs", ...settings });
  return directory;
}

const QUEUE_SIZE = "ipc.server.handler.queue.size";

/** A daemon and a client of an operator's. */
async function administered(
  directory: Directory,
): Promise<{ daemon: DaemonProcess; client: Client; address: string } & AsyncDisposable> {
  const daemon = new DaemonProcess(["start", "--config", directory.path, "--port", "0"]);
  const port = await daemon.port();
  const client = createClient({ user: "operator" });
  const dispose = async (): Promise<void> => {
    await client.close();
    await daemon[Symbol.asyncDispose]();
  };
  return { daemon, client, address: `127.0.0.1:${port}`, [Symbol.asyncDispose]: dispose };
}

test("refreshCallQueue reads the files again and makes a queue of them; a reload takes the number of handlers too", async () => {
  using directory = greeter({ "hrpcd.handlers": "3" });
  await using operator = await administered(directory);
  const { daemon, client, address } = operator;
  const queue = client.getProxy(RefreshCallQueue, address);
  directory.settings({ "hrpcd.services": "./greeter.mjs", "hrpcd.handlers": "4", [QUEUE_SIZE]: "7" });
  assert.deepEqual(await queue.refreshCallQueue({}), {});
  await daemon.says(/INFO Admin call \S+RefreshCallQueueProtocol\.refreshCallQueue from 127\.\S+ \(operator\)\n/);
  await daemon.says(/INFO Using callQueue: .*queueCapacity: 21, /);
  daemon.kill("SIGHUP");
  await daemon.says(/queueCapacity: 28, .*\n.*INFO Settings read again; in force now: hrpcd\.handlers\n/);
  directory.settings({ "hrpcd.services": "./greeter.mjs", "hrpcd.handlers": "3", [QUEUE_SIZE]: "8" });
  daemon.kill("SIGHUP");
  await daemon.says(
    /INFO Using callQueue: .*queueCapacity: 24, .*\n.*INFO Settings read again; in force now: ipc\.server\.handler\.queue\.size, hrpcd\.handlers\n/,
  );
});

test("refreshCallQueue with a fault in the files changes nothing, and tells file, line and rule", async () => {
  using directory = greeter();
  await using operator = await administered(directory);
  directory.settings({ "hrpcd.services": "./greeter.mjs", [QUEUE_SIZE]: "many", "hrpcd.log.level": "loud" });
  const queue = operator.client.getProxy(RefreshCallQueue, operator.address);
  const file = join(directory.path, "hrpc-site.xml");
  await assert.rejects(queue.refreshCallQueue({}), {
    code: "ERROR_APPLICATION",
    message:
      `2 settings are wrong:\n  ${file}:4: ${QUEUE_SIZE}: must be a whole number from 1 to 1000000, got "many"\n` +
      `  ${file}:5: hrpcd.log.level: must be one of error, warn, info, debug, got "loud"`,
  });
  directory.settings({ "hrpcd.services": "./greeter.mjs", [QUEUE_SIZE]: "1000000", "hrpcd.handlers": "10" });
  await queue.refreshCallQueue({});
  await operator.daemon.says(/queueCapacity: 10000000, /);
  assert.equal(operator.daemon.stderr.match(/Using callQueue/g)?.length, 2);
});

test("access lists are refused, groups are told and forgotten, and there are no proxy users to read again", async () => {
  using directory = greeter({ "hadoop.user.group.static.mapping.overrides": "alice=staff,admin;bob=" });
  await using operator = await administered(directory);
  const { client, address } = operator;
  await assert.rejects(client.getProxy(RefreshAuthorizationPolicy, address).refreshServiceAcl({}), {
    javaClass: "org.apache.hadoop.security.authorize.AuthorizationException",
    message: "Service Level Authorization not enabled!",
  });
  const users = client.getProxy(GetUserMappings, address);
  assert.deepEqual(await users.getGroupsForUser({ user: "alice" }), { groups: ["staff", "admin"] });
  for (const user of ["bob", "no.such.user", "0"])
    assert.deepEqual(await users.getGroupsForUser({ user }), { groups: [] });
  const mappings = client.getProxy(RefreshUserMappings, address);
  assert.deepEqual(await mappings.refreshUserToGroupsMappings({}), {});
  assert.deepEqual(await mappings.refreshSuperUserGroupsConfiguration({}), {});
});

test("a service module's own refresh is reached by its identifier, and signed with the module's name", async () => {
  using directory = greeter({}, `refresh: { cache: (args, call) => args + " by " + call.user.name }`);
  await using operator = await administered(directory);
  const generic = operator.client.getProxy(GenericRefresh, operator.address);
  assert.deepEqual(await generic.refresh({ identifier: "cache", args: ["a", "b"] }), {
    responses: [{ exitStatus: 0, userMessage: "a,b by operator", senderName: "./greeter.mjs" }],
  });
  await assert.rejects(generic.refresh({ identifier: "callqueue" }), {
    javaClass: "java.lang.IllegalArgumentException",
    message: "Identifier 'callqueue' does not exist in RefreshRegistry. Valid options are: cache",
  });
});

test("a protocol of these that a module serves itself is the module's", async () => {
  using directory = new Directory();
  const protocols = new URL("../../protocol/index.js", import.meta.url).href;
  directory.module(
    "own.mjs",
    `import { GetUserMappings } from ${JSON.stringify(protocols)};
     export default implement(GetUserMappings, { getGroupsForUser: ({ user }) => ({ groups: [user + "s"] }) });`,
  );
  directory.settings({ "hrpcd.services": "./own.mjs" });
  await using operator = await administered(directory);
  const groups = operator.client.getProxy(GetUserMappings, operator.address);
  assert.deepEqual(await groups.getGroupsForUser({ user: "editor" }), { groups: ["editors"] });
});

test("Hadoop's clients learn by the Java interface that all of these are served", async () => {
  using directory = greeter();
  await using operator = await administered(directory);
  const metaInfo = operator.client.getProxy(ProtocolMetaInfo, operator.address);
  const served: readonly [string, AnyProtocol][] = [
    ["org.apache.hadoop.ipc.protocolPB.RefreshCallQueueProtocolPB", RefreshCallQueue],
    ["org.apache.hadoop.ipc.protocolPB.GenericRefreshProtocolPB", GenericRefresh],
    ["org.apache.hadoop.security.protocolPB.RefreshUserMappingsProtocolPB", RefreshUserMappings],
    ["org.apache.hadoop.security.protocolPB.RefreshAuthorizationPolicyProtocolPB", RefreshAuthorizationPolicy],
    ["org.apache.hadoop.tools.protocolPB.GetUserMappingsProtocolPB", GetUserMappings],
  ];
  for (const [protocol, { signature }] of served) {
    const methods = signature.methods.map((hash) => hash >>> 0);
    assert.deepEqual(await metaInfo.getProtocolSignature({ protocol, rpcKind: "RPC_PROTOCOL_BUFFER" }), {
      protocolSignature: [{ version: 1n, methods }],
    });
  }
});

test("hrpc admin reload tells what is in force, and shutdown drains and exits 0, for the daemon's own user alone", async () => {
  using directory = greeter();
  await using operator = await administered(directory);
  const { daemon, client, address } = operator;
  await using own = createClient({ user: userInfo().username });
  for (const method of ["reload", "shutdown"] as const) {
    await assert.rejects(client.getProxy(HrpcdAdmin, address)[method](), {
      javaClass: "org.apache.hadoop.security.AccessControlException",
      message: `User operator may not ${method}: hrpcd.admin.users names who may, by default the daemon's own user`,
    });
  }
  const admin = own.getProxy(HrpcdAdmin, address);
  directory.settings({ "hrpcd.services": "./greeter.mjs", [QUEUE_SIZE]: "many" });
  await assert.rejects(admin.reload(), /hrpc-site\.xml:4: ipc\.server\.handler\.queue\.size: must be a whole number/);
  directory.settings({ "hrpcd.services": "./greeter.mjs", "hrpcd.admin.users": "operator", "hrpcd.services.x": "1" });
  const report = await admin.reload();
  assert.deepEqual([report.changed, report.pending], [["hrpcd.admin.users"], []]);
  assert.match(report.warnings.join(), /hrpc-site\.xml:5: hrpcd\.services\.x: is no setting/);
  await assert.rejects(admin.shutdown(), /may not shutdown/);
  await client.getProxy(HrpcdAdmin, address).shutdown();
  const { code, stderr } = await daemon.finished();
  assert.equal(code, 0);
  assert.match(stderr, /INFO hrpc admin shutdown by operator at 127\.0\.0\.1:\d+: stopping; .*\n.*INFO Stopped\n$/);
});

test("what check-config refuses, a reload refuses in the same words, and nothing changes", async () => {
  using directory = greeter();
  await using operator = await administered(directory);
  const { daemon } = operator;
  const wrong = { [QUEUE_SIZE]: "1000000", "hrpcd.handlers": "10000", "hrpcd.log.level": "debug" };
  directory.settings({ "hrpcd.services": "./greeter.mjs", ...wrong });
  const { code, stderr } = await DaemonProcess.run(["check-config", "--config", directory.path]);
  assert.equal(code, 2);
  const fault = stderr.trim();
  assert.match(
    fault,
    /hrpc-site\.xml:4: ipc\.server\.handler\.queue\.size: times 10000 handlers must be at most 16777216 calls/,
  );
  daemon.kill("SIGHUP");
  await daemon.says(/ERROR Settings read again and left as they were: /);
  assert.ok(daemon.stderr.includes(fault), daemon.stderr);
  directory.settings({ "hrpcd.services": "./greeter.mjs" });
  daemon.kill("SIGHUP");
  await daemon.says(/INFO Settings read again\n/);
  assert.doesNotMatch(daemon.stderr, / DEBUG /);
});
