import assert from "node:assert/strict";
import { test } from "node:test";
import type { Call } from "../../../daemon/index.js";
import { hrpcdAdminService } from "../../../daemon/services/hrpcd-admin.js";
import { subscribe } from "../../../protocol/events.js";

/** Calls a method of the service from an address, as a user; gives the names of those who shut down. */
function callFrom(remoteAddress: string, name: string | undefined, method: string, users = ["root"]): string[] {
  const stopped: string[] = [];
  const service = hrpcdAdminService({
    users: () => users,
    reload: () => ({ changed: ["a"], pending: [], warnings: [] }),
    shutdown: (who) => stopped.push(who),
  });
  const call: Partial<Call> = {
    remoteAddress,
    remotePort: 7,
    user: name === undefined ? undefined : { name, authMethod: "SIMPLE" },
    protocolName: "hrpcd.Admin",
    methodName: method,
  };
  service.handlers.get(method)?.(call);
  return stopped;
}

test("a user of the list may call from this machine, whichever way its address is written", () => {
  for (const address of ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"]) {
    assert.deepEqual(callFrom(address, "root", "shutdown"), [`root at ${address}:7`]);
  }
});

test("nobody may call from elsewhere, whatever their name", () => {
  for (const address of ["192.0.2.1", "::ffff:192.0.2.1", "fe80::1", "unknown", "127.evil.example", "::1.2.3.4"]) {
    for (const method of ["shutdown", "reload"]) {
      assert.throws(() => callFrom(address, "root", method), {
        javaClass: "org.apache.hadoop.security.AccessControlException",
        message: `${method} is for callers on the server's own machine: run hrpc admin there, with a loopback address`,
      });
    }
  }
});

test("who is not in the list may not, nor who has no name, and the list may be empty", () => {
  for (const [name, users] of [
    ["alice", ["root"]],
    [undefined, ["root"]],
    ["root", []],
    [undefined, []],
  ] as const) {
    assert.throws(
      () => callFrom("127.0.0.1", name, "shutdown", [...users]),
      /may not shutdown: hrpcd\.admin\.users names/,
    );
  }
});

test("every call is told, refused or not", () => {
  const told: unknown[] = [];
  const stop = subscribe("hrpcd:admin:call", (event) => told.push(event));
  try {
    callFrom("::1", "root", "shutdown");
    assert.throws(() => callFrom("192.0.2.1", "mallory", "reload"));
  } finally {
    stop();
  }
  const protocol = "hrpcd.Admin";
  assert.deepEqual(told, [
    { peer: "::1:7", user: "root", protocol, method: "shutdown" },
    { peer: "192.0.2.1:7", user: "mallory", protocol, method: "reload" },
  ]);
});
