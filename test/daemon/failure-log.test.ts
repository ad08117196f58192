import assert from "node:assert/strict";
import { test } from "node:test";
import { FailureLog } from "../../daemon/failure-log.js";
import { RpcError } from "../../protocol/rpc-error.js";

const NOT_ACTIVE = "org.apache.hadoop.ipc.StandbyException";
const UNHEALTHY = "org.apache.hadoop.ha.HealthCheckFailedException";
const NOT_FOUND = "java.io.FileNotFoundException";

const thrown = (javaClass: string): RpcError => new RpcError("ERROR_APPLICATION", "why", { javaClass });
const line = (log: FailureLog, error: unknown): string | undefined => {
  const found = log.line(error);
  return found === undefined ? undefined : `${found.level} ${found.text()}`;
};

test("Hadoop's terse classes get one line; other answers are information with a stack", () => {
  const log = new FailureLog({ terse: [], suppressed: [] });
  assert.equal(line(log, thrown(NOT_ACTIVE)), `info ${NOT_ACTIVE}: why`);
  assert.equal(line(log, thrown(UNHEALTHY)), `info ${UNHEALTHY}: why`);
  assert.match(String(line(log, thrown(NOT_FOUND))), /^info java\.io\.FileNotFoundException: why\n {4}at /);
});

test("what nobody expects is a warning with a stack: Java's unchecked classes, and whatever is no RpcError", () => {
  const log = new FailureLog({ terse: [], suppressed: [] });
  const unchecked = [
    "java.lang.NullPointerException",
    "java.util.ConcurrentModificationRuntimeException",
    "java.lang.OutOfMemoryError",
  ];
  for (const javaClass of unchecked) {
    assert.ok(line(log, thrown(javaClass))?.startsWith(`warn ${javaClass}: why\n    at `), javaClass);
  }
  assert.match(String(line(log, new TypeError("boom"))), /^warn TypeError: boom\n {4}at /);
  assert.equal(line(log, "boom"), "warn boom");
});

test("classes of the settings are terse, or not logged at all; a class must be named whole", () => {
  const log = new FailureLog({ terse: [NOT_FOUND], suppressed: ["a.Quiet", NOT_ACTIVE] });
  assert.equal(line(log, thrown(NOT_FOUND)), `info ${NOT_FOUND}: why`);
  assert.equal(line(log, thrown("a.Quiet")), undefined);
  assert.equal(line(log, thrown(NOT_ACTIVE)), undefined, "suppressed beats terse");
  assert.match(String(line(log, thrown("a.QuietOne"))), /\n {4}at /);
  assert.match(String(line(log, thrown("b.a.Quiet"))), /\n {4}at /);
});

test("a long stack is cut", () => {
  const error = new Error("m".repeat(10_000));
  assert.match(
    String(line(new FailureLog({ terse: [], suppressed: [] }), error)),
    /^warn Error: m{3993}\.\.\. \(\d+ c/,
  );
});
