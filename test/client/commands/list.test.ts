import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { list } from "../../../client/commands/list.js";
import { commandContext, type SampleServer, startSampleServer } from "../../helpers/sample-services.js";
import { startStranger } from "../../helpers/stranger.js";

let samples: SampleServer;
before(async () => {
  samples = await startSampleServer();
});
after(() => samples[Symbol.asyncDispose]());

async function run(address: string, json = false): Promise<string> {
  const context = commandContext(address, { json });
  try {
    return await list(context);
  } finally {
    await context.client.close();
  }
}

describe("hrpc list", () => {
  test("shows every protocol, version and engine", async () => {
    assert.equal(
      await run(samples.address),
      [
        "protocol             version  engine",
        "org.example.Sampler  1        avro",
        "org.example.Sampler  2        avro",
        "org.example.Sampler  2        writable",
        "demo.Sampler         7        writable",
        "demo.MyInterface     1001     writable",
        "demo.Opaque          1        writable",
        "hrpcd.Reflection     1        avro",
      ].join("\n"),
    );
  });

  test("prints the same as JSON", async () => {
    const rows = JSON.parse(await run(samples.address, true)) as unknown[];
    assert.equal(rows.length, 7);
    assert.deepEqual(rows[2], { protocol: "org.example.Sampler", version: 2, engine: "writable" });
  });

  test("says that a Hadoop server does not tell what it serves", async (t) => {
    await assert.rejects(run(await startStranger(t)), {
      code: "ERROR_NO_SUCH_PROTOCOL",
      message: /^127\.0\.0\.1:\d+ is a Hadoop RPC server that does not tell what it serves.*; hrpc ping works with it$/,
    });
  });

  test("passes on why another server refuses", async (t) => {
    const address = await startStranger(t, {
      code: 15,
      javaClass: "org.apache.hadoop.security.AccessControlException",
      message: "SIMPLE authentication is not enabled.  Available:[TOKEN, KERBEROS]",
    });
    await assert.rejects(run(address), {
      code: "FATAL_UNAUTHORIZED",
      javaClass: "org.apache.hadoop.security.AccessControlException",
      message: "SIMPLE authentication is not enabled.  Available:[TOKEN, KERBEROS]",
    });
  });
});
