import assert from "node:assert/strict";
import { test } from "node:test";
import { nextSteps, SERVICE_NAME, type ServicePlan, serviceFiles, warningsOf } from "../../daemon/install-service.js";

const PLAN: ServicePlan = {
  name: "hrpcd",
  node: "/usr/bin/node",
  program: "/usr/lib/node_modules/hrpcd/dist/daemon/main.js",
  config: "/etc/hrpcd",
  logFile: "",
  graceMs: 30_000,
};

/** The settings of the unit, by name; a name may stand several times. */
function unitOf(plan: ServicePlan): Map<string, string[]> {
  const settings = new Map<string, string[]>();
  for (const line of serviceFiles(plan)[0]?.text.split("\n") ?? []) {
    const [, name = "", value = ""] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (name !== "") settings.set(name, [...(settings.get(name) ?? []), value]);
  }
  return settings;
}

test("the unit notifies, is watched, restarts unless the settings are wrong, and outlives the grace", () => {
  const unit = unitOf(PLAN);
  const expected: Readonly<Record<string, string>> = {
    Type: "notify",
    NotifyAccess: "all",
    ExecStart:
      '"/usr/bin/node" "/usr/lib/node_modules/hrpcd/dist/daemon/main.js" "start" "--config" "/etc/hrpcd" $HRPCD_OPTIONS',
    ExecReload: "/bin/kill -HUP $MAINPID",
    EnvironmentFile: "-/etc/default/hrpcd",
    WatchdogSec: "30",
    Restart: "on-failure",
    RestartPreventExitStatus: "2",
    TimeoutStopSec: "45",
    DynamicUser: "yes",
    User: "hrpcd",
    StateDirectory: "hrpcd",
    NoNewPrivileges: "yes",
    ProtectSystem: "strict",
    PrivateTmp: "yes",
    RestrictAddressFamilies: "AF_INET AF_INET6 AF_UNIX",
  };
  for (const [name, value] of Object.entries(expected)) assert.deepEqual(unit.get(name), [value], name);
  assert.deepEqual(unit.get("SystemCallFilter"), ["@system-service", "~@privileged @resources"]);
  // V8 could not compile with it.
  assert.equal(unit.has("MemoryDenyWriteExecute"), false);
});

test("names and paths go into the unit as they are, whatever systemd would make of them", () => {
  const unit = unitOf({
    ...PLAN,
    name: "rpc-2",
    config: '/etc/a b/100%/$HOME/"q"\\',
    logFile: "/var/log/$a/hrpcd.log",
  });
  assert.match(unit.get("ExecStart")?.[0] ?? "", /"\/etc\/a b\/100%%\/\$\$HOME\/\\"q\\"\\\\" \$HRPCD_OPTIONS$/);
  assert.deepEqual(unit.get("ReadWritePaths"), ['"/var/log/$a"']);
  assert.deepEqual(unit.get("StateDirectory"), ["rpc-2"]);
  assert.deepEqual(nextSteps({ ...PLAN, name: "rpc-2" }).slice(0, 2), [
    "systemctl daemon-reload",
    "systemctl enable --now rpc-2",
  ]);
  for (const wrong of ["", "Hrpcd", "2x", "a/b", "a b", "../x", "a".repeat(40)])
    assert.doesNotMatch(wrong, SERVICE_NAME);
});

test("the environment file is the administrator's, the unit is not", () => {
  assert.deepEqual(
    serviceFiles(PLAN).map(({ path, keep }) => [path, keep]),
    [
      ["/etc/systemd/system/hrpcd.service", false],
      ["/etc/default/hrpcd", true],
    ],
  );
});

test("what the sandbox hides from the service is told", () => {
  assert.deepEqual(warningsOf(PLAN), []);
  const hidden = warningsOf({ ...PLAN, node: "/home/me/bin/node", config: "/home/me/conf", program: "/homes/x.js" });
  assert.deepEqual(hidden, [
    "node (/home/me/bin/node) is hidden from the service: install it elsewhere, such as below /opt or /etc",
    "the settings (/home/me/conf) is hidden from the service: install it elsewhere, such as below /opt or /etc",
  ]);
  assert.match(
    warningsOf({ ...PLAN, logFile: "/var/log/x" }).join(),
    /^the log goes to \/var\/log\/x: its directory must/,
  );
});
