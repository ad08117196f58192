import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { LineSink } from "../../daemon/line-sink.js";
import { createLog, type LogLevel, logEvents } from "../../daemon/log.js";
import { publish } from "../../protocol/events.js";
import { RpcError } from "../../protocol/rpc-error.js";

const directory = fs.mkdtempSync(path.join(os.tmpdir(), "hrpcd-log-"));
after(() => fs.rmSync(directory, { recursive: true }));

let files = 0;
/** The lines that a log of this level makes of what is written to it, without their times. */
function logged(level: LogLevel, write: (log: ReturnType<typeof createLog>) => void): string[] {
  const file = path.join(directory, `${files++}.log`);
  const sink = new LineSink(file);
  write(createLog(level, sink));
  sink.flush();
  const lines = fs.readFileSync(file, "utf8").trimEnd().split("\n");
  return lines.map((line) => line.replace(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z /, ""));
}

test("a line has its time, its level and its text; lines below the level are not written", () => {
  const lines = logged("info", (log) => {
    log.debug("not this one");
    log.info("one");
    log.warn("two");
    log.error("three");
  });
  assert.deepEqual(lines, ["INFO one", "WARN two", "ERROR three"]);
});

test("control characters are escaped, so that nobody can drive the terminal of who reads the log", () => {
  const text = "a\u001b[2Jb\u0007c\rd\u0085e\u2028f\u202eg\u0000h\ti";
  assert.deepEqual(
    logged("info", (log) => log.info(text)),
    ["INFO a\\u001b[2Jb\\u0007c\\u000dd\\u0085e\\u2028f\\u202eg\\u0000h\\u0009i"],
  );
});

test("a line end that a peer has sent does not begin a line", () => {
  const lines = logged("info", (log) => log.info("refused: x\n2026-01-01T00:00:00.000Z INFO all is well"));
  assert.deepEqual(lines, ["INFO refused: x\\u000a2026-01-01T00:00:00.000Z INFO all is well"]);
});

const at = { peer: "192.0.2.1:40000", protocol: "a.B", method: "c" };

test("the events of servers become lines of the level that they deserve", () => {
  const lines = logged("debug", (log) => {
    const stop = logEvents(log);
    publish("hrpcd:connection:open", () => ({ peer: at.peer, open: 1 }));
    publish("hrpcd:connection:close", () => ({ peer: at.peer, open: 0, reason: "" }));
    publish("hrpcd:connection:close", () => ({ peer: at.peer, open: 0, reason: "idle" }));
    publish("hrpcd:connection:refused", () => ({ peer: at.peer, reason: "an HTTP GET request" }));
    publish("hrpcd:call:dropped", () => ({ ...at, reason: "its deadline passed in the queue" }));
    publish("hrpcd:response:large", () => ({ ...at, bytes: 2_000_000 }));
    publish("hrpcd:admin:call", () => ({ ...at, user: "alice" }));
    publish("hrpcd:call:failed", () => ({
      ...at,
      user: "alice",
      error: new RpcError("ERROR_APPLICATION", "no such file"),
    }));
    stop();
    publish("hrpcd:connection:open", () => ({ peer: at.peer, open: 1 }));
  });
  assert.deepEqual(lines, [
    "DEBUG Connection from 192.0.2.1:40000; # open connections: 1",
    "DEBUG Connection from 192.0.2.1:40000 closed; # open connections: 0",
    "DEBUG Connection from 192.0.2.1:40000 closed: idle; # open connections: 0",
    "WARN Connection from 192.0.2.1:40000 refused: an HTTP GET request",
    "INFO Call a.B.c from 192.0.2.1:40000 dropped: its deadline passed in the queue",
    "WARN Large response size 2000000 for call a.B.c from 192.0.2.1:40000",
    "INFO Admin call a.B.c from 192.0.2.1:40000 (alice)",
    "INFO Call a.B.c from 192.0.2.1:40000 (alice) failed: java.io.IOException: no such file",
  ]);
});

test("what a method throws by mistake is logged with its stack, whatever it is", () => {
  const hostile = new Proxy(new Error("x"), {
    get() {
      throw new Error("trap");
    },
  });
  for (const error of [new TypeError("boom"), "boom", Object.create(null), Symbol("boom"), hostile]) {
    const lines = logged("info", (log) => {
      const stop = logEvents(log);
      publish("hrpcd:call:failed", () => ({ ...at, user: "", error: error as unknown }));
      stop();
    });
    assert.match(
      String(lines[0]),
      /^WARN Call a\.B\.c from 192\.0\.2\.1:40000 \(\) failed: (TypeError: boom|boom|Symbol|an unprintable|what was thrown)/,
    );
    assert.ok(lines.slice(1).every((line) => line.startsWith(" ")));
  }
});

test("what a peer names and says is cut, and so is the number of lines that it may cause in a second", () => {
  let nowMs = 0;
  const lines = logged("info", (log) => {
    const stop = logEvents(log, () => nowMs);
    const error = new RpcError("ERROR_APPLICATION", "m".repeat(1000), { javaClass: "c".repeat(1000) });
    publish("hrpcd:call:failed", () => ({ ...at, user: "u".repeat(1000), error }));
    for (let i = 0; i < 200; i++) publish("hrpcd:connection:refused", () => ({ peer: "p", reason: "r".repeat(1000) }));
    nowMs = 1000;
    publish("hrpcd:connection:refused", () => ({ peer: "p", reason: "next" }));
    stop();
  });
  const part = (letter: string) => `${letter.repeat(300)}... (1000 characters)`;
  assert.equal(lines[0], `INFO Call a.B.c from 192.0.2.1:40000 (${part("u")}) failed: ${part("c")}: ${part("m")}`);
  assert.equal(lines[1], `WARN Connection from p refused: ${part("r")}`);
  assert.deepEqual(lines.slice(100), [
    "WARN 101 lines about connections and calls were left out",
    "WARN Connection from p refused: next",
  ]);
});
