import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ping } from "../../../client/commands/ping.js";
import { startRogueServer } from "../../helpers/rogue-server.js";
import { commandContext, startSampleServer } from "../../helpers/sample-services.js";
import { startStranger } from "../../helpers/stranger.js";

async function run(address: string, options: { json?: boolean; timeoutMs?: number } = {}): Promise<string> {
  const context = commandContext(address, options);
  try {
    return await ping(context);
  } finally {
    await context.client.close();
  }
}

describe("hrpc ping", () => {
  test("tells how long an answer takes, and how long it took to connect", async () => {
    await using samples = await startSampleServer();
    const { address } = samples;
    assert.match(
      await run(address),
      /^127\.0\.0\.1:\d+ answers \(hrpcd\) in [\d.]+ ms; the first time, connecting included, in [\d.]+ ms$/,
    );
    const { milliseconds, connectMilliseconds, ...rest } = JSON.parse(await run(address, { json: true }));
    assert.ok(milliseconds > 0 && connectMilliseconds > 0);
    assert.deepEqual(rest, { address, server: "hrpcd" });
  });

  test("takes a Hadoop server's refusal of our RPC kind for an answer", async (t) => {
    const address = await startStranger(t);
    assert.match(
      await run(address),
      /^127\.0\.0\.1:\d+ answers \(a Hadoop RPC server\) in [\d.]+ ms, connecting included$/,
    );
    const { connectMilliseconds, ...rest } = JSON.parse(await run(address, { json: true }));
    assert.ok(connectMilliseconds > 0);
    assert.deepEqual(rest, { address, server: "a Hadoop RPC server" });
  });

  test("takes any other refusal for an answer too, and passes it on", async (t) => {
    const message = "SIMPLE authentication is not enabled.  Available:[TOKEN, KERBEROS]";
    const address = await startStranger(t, { code: 15, message });
    assert.ok((await run(address)).endsWith(` ms, connecting included, and refuses the call: ${message}`));
    assert.equal(JSON.parse(await run(address, { json: true })).refusal, message);
  });

  test("does not take it for an answer that something closes the connection", async (t) => {
    const server = await startRogueServer(t);
    const closing = server.accept().then((peer) => peer.socket.end());
    await assert.rejects(run(server.address), { code: "CONNECTION_LOST" });
    await closing;
  });

  test("does not wait longer than it may for something that never answers", async (t) => {
    const { address } = await startRogueServer(t);
    await assert.rejects(run(address, { timeoutMs: 50 }), {
      code: "CALL_TIMED_OUT",
      message: `hrpcd.Reflection.ping to ${address}: no answer within 50 ms`,
    });
  });
});
