/** The client of Hadoop's RPC tutorials calls the daemon as it is shipped: `hrpcd start` with its own configuration. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { HADOOP_VERSIONS } from "./maven.js";
import { runTutorialClient, startShippedDaemon } from "./programs.js";

test("the tutorial's client is greeted by the daemon as it is shipped", async (t) => {
  await using daemon = await startShippedDaemon();
  for (const version of HADOOP_VERSIONS) {
    await t.test(`with Hadoop ${version}`, async () => {
      assert.equal(await runTutorialClient(version, daemon.port, "king"), "hello,king");
    });
  }
});
