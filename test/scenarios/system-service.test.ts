/** The program as a system service, without a systemd: a fake systemd-notify, a socket passed, a unit written to a directory. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, fstatSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createClient } from "../../client/index.js";
import { Reflection } from "../../protocol/index.js";
import { DaemonProcess } from "../helpers/daemon-process.js";
import { Directory } from "../helpers/service-files.js";

const MAIN = fileURLToPath(new URL("../../daemon/main.js", import.meta.url));

/** A directory with settings that serve nothing, and a systemd-notify that writes down what it is told. */
function serviceDirectory(): Directory & { readonly told: () => string[]; readonly PATH: string } {
  const directory = new Directory();
  directory.settings({});
  const log = join(directory.path, "told");
  const script = directory.write("bin/systemd-notify", `#!/bin/sh\necho "$*" >> "${log}"\n`);
  chmodSync(script, 0o755);
  return Object.assign(directory, {
    told: () => (existsSync(log) ? readFileSync(log, "utf8").trimEnd().split("\n") : []),
    PATH: `${join(directory.path, "bin")}:${process.env.PATH}`,
  });
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
}

test("systemd is told of readiness, life, reload and stop, in this order", async () => {
  using directory = serviceDirectory();
  const env = { NOTIFY_SOCKET: "/run/systemd/notify", PATH: directory.PATH, WATCHDOG_USEC: "200000" };
  await using daemon = new DaemonProcess(["start", "--config", directory.path, "--port", "0"], env);
  const port = await daemon.port();
  await until(() => directory.told().includes("WATCHDOG=1"));
  daemon.kill("SIGHUP");
  await until(() => directory.told().filter((line) => line.startsWith("READY=1")).length === 2);
  daemon.kill("SIGTERM");
  const { code } = await daemon.finished();
  assert.equal(code, 0);
  await until(() => directory.told().some((line) => line.startsWith("STOPPING=1")));
  assert.deepEqual(
    directory
      .told()
      .filter((line) => line !== "WATCHDOG=1")
      .map((line) => line.replace(/MONOTONIC_USEC=\d+/, "MONOTONIC_USEC=n")),
    [
      `READY=1 STATUS=serving on 127.0.0.1:${port}`,
      "RELOADING=1 MONOTONIC_USEC=n STATUS=reading the settings again",
      `READY=1 STATUS=serving on 127.0.0.1:${port}`,
      "STOPPING=1 STATUS=SIGTERM: draining",
    ],
  );
});

test("a systemd-notify that is not there is told, and the service serves", async () => {
  using directory = serviceDirectory();
  const env = { NOTIFY_SOCKET: "/run/systemd/notify", PATH: "/nowhere" };
  await using daemon = new DaemonProcess(["start", "--config", directory.path, "--port", "0"], env);
  await daemon.port();
  await daemon.says(/WARN The service manager cannot be notified: systemd-notify: spawn systemd-notify ENOENT\n/);
});

/** Starts the program through a shell, which knows the process id that it will have. */
function startByShell(
  assignments: string,
  args: string,
  passed: number | "ignore",
  errors: number | "pipe",
): ChildProcess {
  const command = `${assignments} exec "${process.execPath}" "${MAIN}" start ${args}`;
  return spawn("sh", ["-c", command], { stdio: ["ignore", "ignore", errors, passed] });
}

test("a socket that was passed is listened on, whatever the settings say", async () => {
  using directory = serviceDirectory();
  const listening = createServer().listen(0, "127.0.0.1");
  await once(listening, "listening");
  const address = listening.address();
  assert.ok(typeof address === "object" && address !== null);
  const { fd } = (listening as unknown as { readonly _handle: { readonly fd: number } })._handle;
  const daemon = startByShell("LISTEN_PID=$$ LISTEN_FDS=1", `--config "${directory.path}" --port 1`, fd, "pipe");
  listening.close();
  let text = "";
  daemon.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  try {
    await until(() => text.includes("Ready.") || daemon.exitCode !== null);
    assert.match(text, new RegExp(`INFO Listener at 127\\.0\\.0\\.1:${address.port}\n`));
    await using client = createClient({ user: "caller" });
    await client.getProxy(Reflection, `127.0.0.1:${address.port}`).ping();
  } finally {
    daemon.kill("SIGTERM");
    await once(daemon, "close");
  }
  assert.equal(daemon.exitCode, 0, text);
});

test("what was passed and is no TCP socket is told, and so are two sockets", async () => {
  using directory = serviceDirectory();
  for (const [sockets, code, message] of [
    [1, 1, /^hrpcd: cannot listen on the socket passed as descriptor 3: /m],
    [2, 2, /^hrpcd: the service manager passes 2 sockets/m],
  ] as const) {
    const daemon = startByShell(
      `LISTEN_PID=$$ LISTEN_FDS=${sockets}`,
      `--config "${directory.path}"`,
      "ignore",
      "pipe",
    );
    let text = "";
    daemon.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    const [exitCode] = (await once(daemon, "close")) as [number];
    assert.match(text, message);
    assert.equal(exitCode, code);
  }
});

test("lines for the journal have a priority and no time, and a redirected log is none", async () => {
  using directory = serviceDirectory();
  const file = join(directory.path, "journal");
  const fd = openSync(file, "a");
  const { dev, ino } = fstatSync(fd);
  for (const [stream, first] of [
    [`${dev}:${ino}`, /^<6>Settings from /],
    [`${dev}:${ino + 1}`, /^\d{4}-\S+ INFO Settings from /],
  ] as const) {
    const daemon = startByShell(`JOURNAL_STREAM=${stream}`, `--config "${directory.path}" --port 0`, "ignore", fd);
    await until(() => readFileSync(file, "utf8").includes("Ready.") || daemon.exitCode !== null);
    daemon.kill("SIGTERM");
    await once(daemon, "close");
    assert.match(readFileSync(file, "utf8"), first);
    writeFileSync(file, "");
  }
});

test("install-service writes the unit and an environment file, leaves the latter alone, and says what to run", async () => {
  using directory = serviceDirectory();
  const args = ["install-service", "--config", directory.path, "--root", join(directory.path, "root")];
  const unit = join(directory.path, "root/etc/systemd/system/hrpcd.service");
  const environment = join(directory.path, "root/etc/default/hrpcd");
  const dry = await DaemonProcess.run([...args, "--dry-run"]);
  assert.equal(dry.code, 0);
  assert.match(dry.stdout, /^Type=notify$/m);
  assert.equal(existsSync(unit), false);
  const first = await DaemonProcess.run(args);
  const steps = "Next:\n  systemctl daemon-reload\n  systemctl enable --now hrpcd\n";
  assert.ok(first.stdout.startsWith(`written: ${unit}\nwritten: ${environment}\n${steps}`), first.stdout);
  assert.ok(dry.stdout.includes(readFileSync(unit, "utf8")));
  writeFileSync(environment, "HRPCD_OPTIONS=mine\n");
  const second = await DaemonProcess.run(args);
  assert.ok(second.stdout.startsWith(`written: ${unit}\nleft as it is: ${environment}\n`), second.stdout);
  assert.equal(readFileSync(environment, "utf8"), "HRPCD_OPTIONS=mine\n");
  const wrong = await DaemonProcess.run([...args, "--name", "../x"]);
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /--name must be a letter and then letters, digits and dashes/);
  const verified = spawnSync("systemd-analyze", ["verify", unit], { encoding: "utf8", timeout: 30_000 });
  // A machine without systemd has nobody to ask, and other units of the machine are none of our business.
  const faults = (verified.stderr ?? "").split("\n").filter((line) => line.includes("hrpcd.service"));
  assert.deepEqual(faults, []);
});
