import assert from "node:assert/strict";
import { test } from "node:test";
import { type RunProgram, ServiceManager, serviceEnvironment } from "../../daemon/service-manager.js";

const PID = 4242;

test("an environment without a service manager says nothing", () => {
  const nothing = { notify: false, watchdogMs: undefined, listenFd: undefined, journal: undefined };
  assert.deepEqual(serviceEnvironment({}, PID), nothing);
  assert.deepEqual(serviceEnvironment({ NOTIFY_SOCKET: "", LISTEN_FDS: "1", WATCHDOG_USEC: "1000000" }, PID), nothing);
});

test("what systemd sets is read, and what it sets for another process is not", () => {
  const env = {
    NOTIFY_SOCKET: "/run/systemd/notify",
    WATCHDOG_USEC: "30000000",
    WATCHDOG_PID: "4242",
    LISTEN_PID: "4242",
    LISTEN_FDS: "1",
    JOURNAL_STREAM: "9:12345",
  };
  const journal = { dev: 9, ino: 12_345 };
  assert.deepEqual(serviceEnvironment(env, PID), { notify: true, watchdogMs: 30_000, listenFd: 3, journal });
  assert.deepEqual(serviceEnvironment(env, 1), { notify: true, watchdogMs: undefined, listenFd: undefined, journal });
  const odd = { ...env, WATCHDOG_USEC: "soon", LISTEN_FDS: "0", JOURNAL_STREAM: "9" };
  const { watchdogMs, listenFd, journal: stream } = serviceEnvironment(odd, PID);
  assert.deepEqual([watchdogMs, listenFd, stream], [undefined, undefined, undefined]);
});

test("more than one socket is a fault, and names the remedy", () => {
  assert.throws(() => serviceEnvironment({ LISTEN_PID: "4242", LISTEN_FDS: "2" }, PID), {
    code: "BAD_SETTING",
    message: "the service manager passes 2 sockets: hrpcd listens on one, so name one ListenStream",
  });
});

/** A manager whose programs end when the test says so. */
function managed(notify = true): {
  manager: ServiceManager;
  runs: (readonly string[])[];
  warnings: string[];
  end: (error?: Error) => void;
} {
  const runs: (readonly string[])[] = [];
  const warnings: string[] = [];
  const ends: ((error: Error | null) => void)[] = [];
  const run: RunProgram = (program, args, done) => {
    runs.push([program, ...args]);
    ends.push(done);
  };
  const manager = new ServiceManager({ notify }, (text) => warnings.push(text), run);
  return { manager, runs, warnings, end: (error) => ends.shift()?.(error ?? null) };
}

test("messages leave one after the other, in their order", () => {
  const { manager, runs, end } = managed();
  manager.ready("serving on 127.0.0.1:1");
  manager.reloading(123n);
  manager.ready("serving\non\t127.0.0.1:1");
  manager.stopping("SIGTERM: draining");
  assert.equal(runs.length, 1);
  for (let i = 0; i < 4; i++) end();
  assert.deepEqual(runs, [
    ["systemd-notify", "READY=1", "STATUS=serving on 127.0.0.1:1"],
    ["systemd-notify", "RELOADING=1", "MONOTONIC_USEC=123", "STATUS=reading the settings again"],
    ["systemd-notify", "READY=1", "STATUS=serving on 127.0.0.1:1"],
    ["systemd-notify", "STOPPING=1", "STATUS=SIGTERM: draining"],
  ]);
});

test("signs of life do not pile up behind a message that is slow", () => {
  const { manager, runs, end } = managed();
  for (let i = 0; i < 5; i++) manager.alive();
  end();
  end();
  assert.deepEqual(runs, Array(2).fill(["systemd-notify", "WATCHDOG=1"]));
  manager.alive();
  assert.equal(runs.length, 3);
});

test("a message that does not get through is told once, and the next one is tried", () => {
  const { manager, runs, warnings, end } = managed();
  manager.ready("a");
  manager.ready("b");
  end(new Error("spawn systemd-notify ENOENT"));
  end(new Error("again"));
  assert.equal(runs.length, 2);
  assert.deepEqual(warnings, ["The service manager cannot be notified: systemd-notify: spawn systemd-notify ENOENT"]);
});

test("without somebody to notify nothing runs", () => {
  const { manager, runs } = managed(false);
  manager.ready("a");
  manager.alive();
  manager.stopping("b");
  assert.deepEqual(runs, []);
});
