/** Hadoop's clients call our server; and Hadoop's too, which shows that the checks themselves are right. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { HADOOP_VERSIONS, type HadoopVersion } from "./maven.js";
import { runJavaClient, type ServerProcess, startDaemon, startJavaServer } from "./programs.js";

/** Fewer would mean that a group of checks was not run. */
const LEAST_CHECKS = 115;

function javaChecks(title: string, version: HadoopVersion, start: () => Promise<ServerProcess>): void {
  test(title, async (t) => {
    await using server = await start();
    const checks = await runJavaClient(version, server.port);
    for (const { name, ok, detail } of checks) await t.test(name, () => assert.ok(ok, detail));
    assert.ok(checks.length >= LEAST_CHECKS, `only ${checks.length} checks were made`);
    assert.ok(server.running, "the server ended");
  });
}

for (const version of HADOOP_VERSIONS) {
  describe(`Hadoop ${version}'s client`, () => {
    javaChecks("calls our server", version, startDaemon);
    javaChecks("calls the server of its own version", version, () => startJavaServer(version));
  });
}
