import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { LineSink } from "../../daemon/line-sink.js";
import { createLog, type LogLevel, logEvents } from "../../daemon/log.js";
import { publish } from "../../protocol/events.js";
import { RpcError } from "../../protocol/rpc-error.js";
import { ManualClock } from "../helpers/manual-clock.js";

const directory = fs.mkdtempSync(path.join(os.tmpdir(), "hrpcd-log-"));
after(() => fs.rmSync(directory, { recursive: true }));

let files = 0;
/** The lines that a log of this level makes of what is written to it, without their times. */
function logged(level: LogLevel, write: (log: ReturnType<typeof createLog>) => void, journal = false): string[] {
  const file = path.join(directory, `${files++}.log`);
  const sink = new LineSink(file);
  write(createLog(level, sink, { journal }));
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

test("lines for the journal begin with a priority, each line of a stack too", () => {
  const write = (log: ReturnType<typeof createLog>): void => {
    log.debug("one");
    log.info("two\u0007");
    log.warn("three");
    log.error("four\n    at five");
  };
  assert.deepEqual(logged("debug", write, true), ["<7>one", "<6>two\\u0007", "<4>three", "<3>four", "<3>    at five"]);
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
      error: new RpcError("ERROR_APPLICATION", "not active", { javaClass: "org.apache.hadoop.ipc.StandbyException" }),
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
    "INFO Call a.B.c from 192.0.2.1:40000 (alice) failed: org.apache.hadoop.ipc.StandbyException: not active",
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
  const clock = new ManualClock();
  const lines = logged("info", (log) => {
    const javaClass = "c".repeat(1000);
    const stop = logEvents(log, { clock, failures: { terse: [javaClass], suppressed: [] } });
    const error = new RpcError("ERROR_APPLICATION", "m".repeat(1000), { javaClass });
    publish("hrpcd:call:failed", () => ({ ...at, user: "u".repeat(1000), error }));
    for (let i = 0; i < 200; i++) publish("hrpcd:connection:refused", () => ({ peer: "p", reason: "r".repeat(1000) }));
    clock.advance(1000);
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

const slow = {
  ...at,
  user: "alice",
  callId: 7,
  retryCount: 0,
  timesMs: { enqueue: 0, queue: 12.4, processing: 250.6, response: 1 },
  thresholdMs: 100,
};

test("a slow call is a line with user, address, method, queue and processing time", () => {
  const lines = logged("info", (log) => {
    const stop = logEvents(log);
    publish("hrpcd:call:slow", () => slow);
    stop();
  });
  assert.deepEqual(lines, [
    "WARN Slow RPC : c took 251 milliseconds to process from client Call#7 Retry#0 a.B.c from 192.0.2.1:40000 (alice), " +
      "the processing detail is enqueueTime=0 queueTime=12 processingTime=251 responseTime=1, " +
      "and the threshold time is 100 milliseconds.",
  ]);
});

test("of slow calls no second has more than ten lines, with the one that says how many were left out", () => {
  const clock = new ManualClock();
  const lines = logged("info", (log) => {
    const stop = logEvents(log, { clock });
    for (let second = 0; second < 3; second++) {
      for (let i = 0; i < 50; i++) publish("hrpcd:call:slow", () => slow);
      // The end of the second says what was left out in it, whether or not another call is slow.
      clock.advance(1000);
    }
    stop();
  });
  const leftOut = lines.filter((line) => line.includes("left out"));
  assert.deepEqual(leftOut, [
    "WARN 40 lines about slow calls were left out",
    "WARN 41 lines about slow calls were left out",
    "WARN 41 lines about slow calls were left out",
  ]);
  assert.equal(lines.length - leftOut.length, 10 + 9 + 9);
});

test("what is left out when the log ends is said then", () => {
  const lines = logged("info", (log) => {
    const stop = logEvents(log, { clock: new ManualClock() });
    for (let i = 0; i < 12; i++) publish("hrpcd:call:slow", () => slow);
    stop();
  });
  assert.equal(lines.at(-1), "WARN 2 lines about slow calls were left out");
});

test("what held the event loop is named, from the threshold on", () => {
  const call = { ...at, user: "alice" };
  const publishAll = (): void => {
    publish("hrpcd:loop:held", () => ({ ms: 99.9, call }));
    publish("hrpcd:loop:held", () => ({ ms: 100.4, call }));
    publish("hrpcd:loop:held", () => ({ ms: 200, call: undefined }));
  };
  const lines = logged("info", (log) => {
    for (const loopDelayMs of [100, 0]) {
      const stop = logEvents(log, { loopDelayMs });
      publishAll();
      stop();
    }
  });
  assert.deepEqual(lines, [
    "WARN The method a.B.c called by alice from 192.0.2.1:40000 held the event loop for 100 ms",
    "WARN Something held the event loop for 200 ms: no method before its first await; look at what follows one, at timers, " +
      "and at garbage collection",
  ]);
});

const decided = {
  decision: "authentication",
  granted: true,
  peer: at.peer,
  user: "alice",
  authMethod: "SIMPLE",
  protocol: "a.B",
  reason: "",
} as const;

test("audit lines are Hadoop's, behind the name of its logger", () => {
  const lines = logged("info", (log) => {
    const stop = logEvents(log);
    publish("hrpcd:security:audit", () => decided);
    publish("hrpcd:security:audit", () => ({ ...decided, granted: false, user: undefined, reason: "no\nway" }));
    publish("hrpcd:security:audit", () => ({ ...decided, decision: "authorization" }));
    publish("hrpcd:security:audit", () => ({ ...decided, decision: "authorization", granted: false, reason: "no" }));
    stop();
  });
  const logger = "INFO SecurityLogger.org.apache.hadoop.ipc.Server";
  assert.deepEqual(lines, [
    `${logger}: Auth successful for alice (auth:SIMPLE) from 192.0.2.1:40000 / protocol=a.B`,
    `${logger}: Auth failed for 192.0.2.1:40000:null (no\\u000away)`,
    `${logger}: Authorization successful for alice (auth:SIMPLE) for protocol=a.B from 192.0.2.1:40000`,
    `${logger}: Authorization failed for alice (auth:SIMPLE) for protocol=a.B from 192.0.2.1:40000: no`,
  ]);
});

test("a log of their own takes every audit line, and the other has none", () => {
  let audited: string[] = [];
  const lines = logged("info", (log) => {
    audited = logged("info", (audit) => {
      const stop = logEvents(log, { audit, clock: new ManualClock() });
      for (let i = 0; i < 500; i++) publish("hrpcd:security:audit", () => decided);
      stop();
    });
  });
  assert.equal(audited.length, 500);
  assert.deepEqual(lines, [""]);
});

test("names of users, protocols and reasons are escaped and cut wherever they are logged", () => {
  const name = `\u202ebad\n\u0000\ud800${"n".repeat(2 ** 20)}`;
  const call = { peer: at.peer, user: name, protocol: "a.B", method: "c" };
  const lines = logged("debug", (log) => {
    const stop = logEvents(log, { loopDelayMs: 1 });
    publish("hrpcd:security:audit", () => ({ ...decided, user: name, protocol: name }));
    publish("hrpcd:security:audit", () => ({ ...decided, user: name, protocol: name, granted: false, reason: name }));
    publish("hrpcd:call:slow", () => ({ ...slow, user: name }));
    publish("hrpcd:loop:held", () => ({ ms: 2, call }));
    stop();
  });
  assert.equal(lines.length, 4);
  for (const line of lines) {
    assert.ok(line.length < 1500, `${line.length} characters`);
    assert.ok(line.includes("\\u202ebad\\u000a\\u0000"), line);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    assert.doesNotMatch(line, /[\u0000-\u001f\u202e]/);
  }
});
