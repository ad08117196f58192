import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient, type Proxy as RpcProxy } from "../../../client/index.js";
import { createSettings } from "../../../conf/index.js";
import { type AdminOptions, adminServices, type Call, createServer, RefreshRegistry } from "../../../daemon/index.js";
import type { AnyProtocol } from "../../../protocol/definition.js";
import { subscribe } from "../../../protocol/events.js";
import {
  GenericRefresh,
  GetUserMappings,
  RefreshAuthorizationPolicy,
  RefreshCallQueue,
  RefreshUserMappings,
} from "../../../protocol/index.js";

/** Calls a server that offers this to its operators. */
async function ask<P extends AnyProtocol, T>(
  protocol: P,
  options: AdminOptions,
  question: (proxy: RpcProxy<P>) => Promise<T>,
): Promise<T> {
  await using server = await createServer({ port: 0, services: adminServices(options) }).start();
  await using client = createClient({ user: "alice" });
  return await question(client.getProxy(protocol, `127.0.0.1:${server.port}`));
}

test("a protocol of which nothing is given is not served", () => {
  const names = (options: AdminOptions): string[] => adminServices(options).map(({ definition }) => definition.name);
  const groups = { groupsOf: () => [], refresh: () => {} };
  assert.deepEqual(names({}), [RefreshAuthorizationPolicy.name]);
  assert.deepEqual(names({ refreshCallQueue: () => {} }), [RefreshAuthorizationPolicy.name, RefreshCallQueue.name]);
  assert.deepEqual(names({ groups }), [
    RefreshAuthorizationPolicy.name,
    RefreshUserMappings.name,
    GetUserMappings.name,
  ]);
  assert.deepEqual(names({ refreshSuperUserGroupsConfiguration: () => {} }), [
    RefreshAuthorizationPolicy.name,
    RefreshUserMappings.name,
  ]);
  assert.deepEqual(names({ refresh: new RefreshRegistry() }), [RefreshAuthorizationPolicy.name, GenericRefresh.name]);
});

test("an action is given the call, may take its time, and answers with nothing", async () => {
  const callers: (string | undefined)[] = [];
  const refreshCallQueue = async (call: Call) => {
    await Promise.resolve();
    callers.push(call.user?.name);
  };
  assert.deepEqual(await ask(RefreshCallQueue, { refreshCallQueue }, (proxy) => proxy.refreshCallQueue({})), {});
  assert.deepEqual(callers, ["alice"]);
});

test("what an action throws is the caller's answer", async () => {
  const refreshCallQueue = () => {
    createSettings({ "hrpcd.handlers": 0 });
  };
  const answer = ask(RefreshCallQueue, { refreshCallQueue }, (proxy) => proxy.refreshCallQueue({}));
  await assert.rejects(answer, {
    code: "ERROR_APPLICATION",
    message: "hrpcd.handlers: must be a whole number from 1 to 10000, got 0",
  });
});

test("access lists are refused as Hadoop does without authorization, unless a function is given", async () => {
  const refused = ask(RefreshAuthorizationPolicy, {}, (proxy) => proxy.refreshServiceAcl({}));
  await assert.rejects(refused, {
    code: "ERROR_APPLICATION",
    javaClass: "org.apache.hadoop.security.authorize.AuthorizationException",
    message: "Service Level Authorization not enabled!",
  });
  let times = 0;
  const refreshServiceAcl = () => {
    times++;
  };
  await ask(RefreshAuthorizationPolicy, { refreshServiceAcl }, (proxy) => proxy.refreshServiceAcl({}));
  assert.equal(times, 1);
});

test("the groups of a user are the source's, and a refresh empties it", async () => {
  let refreshed = 0;
  const groups = {
    groupsOf: async (user: string) => (user === "alice" ? ["staff", "admin"] : []),
    refresh: () => {
      refreshed++;
    },
  };
  const groupsFor = (user: string) => ask(GetUserMappings, { groups }, (proxy) => proxy.getGroupsForUser({ user }));
  assert.deepEqual(await groupsFor("alice"), { groups: ["staff", "admin"] });
  assert.deepEqual(await groupsFor("nobody.such"), { groups: [] });
  await ask(RefreshUserMappings, { groups }, (proxy) => proxy.refreshUserToGroupsMappings({}));
  assert.equal(refreshed, 1);
});

test("what this server has nothing of to read again is refused, and not said to be done", async () => {
  const groups = { groupsOf: () => [], refresh: () => {} };
  const javaClass = "java.lang.UnsupportedOperationException";
  await assert.rejects(
    ask(RefreshUserMappings, { groups }, (proxy) => proxy.refreshSuperUserGroupsConfiguration({})),
    { code: "ERROR_APPLICATION", javaClass, message: /no user may act for another/ },
  );
  const superUsers: AdminOptions = { refreshSuperUserGroupsConfiguration: () => {} };
  await ask(RefreshUserMappings, superUsers, (proxy) => proxy.refreshSuperUserGroupsConfiguration({}));
  await assert.rejects(
    ask(RefreshUserMappings, superUsers, (proxy) => proxy.refreshUserToGroupsMappings({})),
    { javaClass, message: /nothing cached to forget/ },
  );
});

test("a generic refresh reaches the handlers of its identifier", async () => {
  const refresh = new RefreshRegistry();
  refresh.register("cache", (args, call) => `${args.join()} by ${call.user?.name}`, "CacheService");
  const { responses } = await ask(GenericRefresh, { refresh }, (proxy) =>
    proxy.refresh({ identifier: "cache", args: ["a", "b"] }),
  );
  assert.deepEqual(responses, [{ exitStatus: 0, userMessage: "a,b by alice", senderName: "CacheService" }]);
  for (const request of [{ identifier: "no" }, {}]) {
    await assert.rejects(
      ask(GenericRefresh, { refresh }, (proxy) => proxy.refresh(request)),
      {
        javaClass: "java.lang.IllegalArgumentException",
        message: `Identifier '${request.identifier ?? ""}' does not exist in RefreshRegistry. Valid options are: cache`,
      },
    );
  }
});

test("whoever asks an operator's question is told as an event", async () => {
  const told: object[] = [];
  const unsubscribe = subscribe("hrpcd:admin:call", ({ peer: _, ...rest }) => told.push(rest));
  await ask(RefreshCallQueue, { refreshCallQueue: () => {} }, (proxy) => proxy.refreshCallQueue({}));
  unsubscribe();
  assert.deepEqual(told, [{ user: "alice", protocol: RefreshCallQueue.name, method: "refreshCallQueue" }]);
});
