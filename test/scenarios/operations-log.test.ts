/** What the log of a running daemon says of slow calls, of what held it up and of who was let in; and what a stuck log costs. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, constants, existsSync, openSync, readFileSync, readSync, renameSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { createSettings } from "../../conf/index.js";
import { LineSink } from "../../daemon/line-sink.js";
import { ProgramLog } from "../../daemon/program-log.js";
import { DaemonProcess } from "../helpers/daemon-process.js";
import { encodeHadoopDelimited } from "../helpers/hadoop-proto.js";
import { RawClient } from "../helpers/raw-client.js";
import {
  answersOf,
  invocation,
  opening,
  PREAMBLE,
  PREAMBLE_SASL,
  requestFrame,
  textCall,
} from "../helpers/requests.js";
import { Directory } from "../helpers/service-files.js";
import { openPeer, settled, startServer, TEXT_PROTOCOL, TestPeer } from "../helpers/test-server.js";

/** A method that computes for as many milliseconds as it is told. */
const HOLDER = `
  const hold = (ms) => { const end = performance.now() + Number(ms); while (performance.now() < end); return ms; };
  export default { services: [echo("test.Holder", hold)] };
`;

const echo = (callId: number, text: string): Buffer =>
  requestFrame({ rpcKind: 1, callId }, invocation("test.Holder", 1, "echo", text));

async function connect(port: number, user: string): Promise<RawClient> {
  const client = await RawClient.connect(port);
  client.send(opening("test.Holder", user));
  return client;
}

test("a method that is slow and holds the event loop is named with its caller; new thresholds hold after SIGHUP", async () => {
  using directory = new Directory();
  directory.module("holder.mjs", HOLDER);
  const settings = {
    "hrpcd.services": "./holder.mjs",
    "hrpcd.log.loop.delay.ms": "60",
    "hrpcd.log.slow.call.ms": "50",
  };
  directory.settings(settings);
  await using daemon = new DaemonProcess(["start", "--config", directory.path, "--port", "0"]);
  await using client = await connect(await daemon.port(), "alice");
  client.send(echo(4, "80"));
  await client.frames(1);
  await daemon.says(
    /WARN The method test\.Holder\.echo called by alice from 127\.0\.0\.1:\d+ held the event loop for \d+ ms\n/,
  );
  await daemon.says(
    /WARN Slow RPC : echo took \d+ milliseconds to process from client Call#4 Retry#0 test\.Holder\.echo from 127\.0\.0\.1:\d+ \(alice\), the processing detail is enqueueTime=0 queueTime=\d+ handlerTime=0 processingTime=\d+ lockfreeTime=\d+ lockwaitTime=0 locksharedTime=0 lockexclusiveTime=0 responseTime=\d+, and the threshold time is 50 milliseconds\.\n/,
  );
  directory.settings({ ...settings, "hrpcd.log.loop.delay.ms": "0", "hrpcd.log.slow.call.ms": "7" });
  daemon.kill("SIGHUP");
  await daemon.says(
    /INFO Settings read again; in force now: hrpcd\.log\.slow\.call\.ms, hrpcd\.log\.loop\.delay\.ms\n/,
  );
  client.send(echo(5, "80"));
  await client.frames(1);
  await daemon.says(/Call#5 .* threshold time is 7 milliseconds/);
  assert.equal(daemon.stderr.match(/held the event loop/g)?.length, 1);
});

test("who was let in goes to the log, or to a file of its own that is opened anew on SIGHUP", async () => {
  using directory = new Directory();
  directory.module("holder.mjs", HOLDER);
  directory.settings({ "hrpcd.services": "./holder.mjs" });
  const granted =
    /SecurityLogger\.org\.apache\.hadoop\.ipc\.Server: Auth successful for \w+ \(auth:SIMPLE\) from 127\.0\.0\.1:\d+ \/ protocol=test\.Holder\n/;
  {
    await using daemon = new DaemonProcess(["start", "--config", directory.path, "--port", "0"]);
    await using _ = await connect(await daemon.port(), "alice");
    await daemon.says(granted);
  }
  directory.settings({ "hrpcd.services": "./holder.mjs", "hrpcd.log.audit.file": "audit.log" });
  const file = join(directory.path, "audit.log");
  await using daemon = new DaemonProcess(["start", "--config", directory.path, "--port", "0"]);
  const port = await daemon.port();
  const audited = async (name: string): Promise<string> => {
    for (;;) {
      const text = existsSync(name) ? readFileSync(name, "utf8") : "";
      if (text !== "") return text;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  await using first = await connect(port, "alice");
  assert.match(await audited(file), granted);
  renameSync(file, `${file}.1`);
  daemon.kill("SIGHUP");
  await daemon.says(/Settings read again/);
  await using second = await connect(port, "bob");
  assert.match(await audited(file), /Auth successful for bob/);
  assert.doesNotMatch(readFileSync(`${file}.1`, "utf8"), /bob/);
  assert.doesNotMatch(daemon.stderr, /SecurityLogger/);
  first.send(echo(0, "0"));
  second.send(echo(0, "0"));
  for (const client of [first, second]) assert.equal(answersOf(await client.frames(1)).length, 1);
});

test("whoever acts for another is refused, and that is in the audit", async (t) => {
  const { log, lines } = stuckLog(t);
  await using server = await startServer();
  openPeer(server, "alice");
  const context = { userInfo: { effectiveUser: "alice", realUser: "mallory" }, protocol: TEXT_PROTOCOL };
  const frame = requestFrame(
    { rpcKind: 2, callId: -3, retryCount: -1 },
    encodeHadoopDelimited("IpcConnectionContextProto", context),
  );
  new TestPeer(server).send(PREAMBLE, frame);
  await settled();
  log.flush();
  const [granted, refused] = lines();
  assert.match(String(granted), /Auth successful for alice \(auth:SIMPLE\) from /);
  assert.match(
    String(refused),
    /Authorization failed for alice \(auth:PROXY\) via mallory \(auth:SIMPLE\) for protocol=test\.Text from /,
  );
});

test("who fails to prove who they are is in the audit", async (t) => {
  const { log, lines } = stuckLog(t);
  await using server = await startServer();
  const frame = requestFrame(
    { rpcKind: 2, callId: -33, clientId: Buffer.alloc(0), retryCount: -1 },
    encodeHadoopDelimited("RpcSaslProto", { state: 4 }),
  );
  new TestPeer(server).send(PREAMBLE_SASL, frame);
  await settled();
  log.flush();
  assert.match(String(lines()[0]), /SecurityLogger\S+ Auth failed for \S+:null \(.+\)$/);
});

test("100,000 lines into a log that nobody reads cost lines and no call", async (t) => {
  const { log, lines } = stuckLog(t);
  await using server = await startServer();
  const peer = openPeer(server);
  for (let i = 0; i < 1000; i++) {
    for (let line = 0; line < 100; line++) log.log.info(`line ${i} of a service that talks too much`);
    peer.send(textCall(i, "echo", [String(i)]));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await settled();
  assert.equal(peer.answers().length, 1000);
  assert.ok(log.lostLines > 50_000, `${log.lostLines} lines were lost`);
  assert.ok(lines().length > 100, "and those that the pipe had room for are in it");
});

/** A log into a pipe of which nothing is read before `lines` is asked for what lies in it. */
function stuckLog(t: TestContext): { readonly log: ProgramLog; lines(): string[] } {
  const directory = new Directory();
  const pipe = join(directory.path, "pipe");
  execFileSync("mkfifo", [pipe]);
  const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  const log = new ProgramLog(createSettings(), new LineSink(pipe), undefined);
  t.after(async () => {
    closeSync(reader);
    await log.drained();
    log.loopWatch.stop();
    directory[Symbol.dispose]();
  });
  const lines = (): string[] => {
    const chunk = Buffer.alloc(65_536);
    return chunk.toString("utf8", 0, readSync(reader, chunk)).trimEnd().split("\n");
  };
  return { log, lines };
}
