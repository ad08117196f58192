/** What keeps a process alive, and what does not: seen from outside, in a process of its own. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { answer } from "../helpers/answers.js";
import { startRogueServer } from "../helpers/rogue-server.js";

const clientModule = new URL("../../client/index.js", import.meta.url).href;
const helpersModule = new URL("../helpers/test-client.js", import.meta.url).href;

/** Runs a module in another process; `client`, `echo` and `log` are there. Resolves to what it printed. */
function run(address: string, body: string): Promise<[printed: string, exitCode: number]> {
  const source = `
    import { createClient } from ${JSON.stringify(clientModule)};
    import { Echo } from ${JSON.stringify(helpersModule)};
    const client = createClient({ user: "alice", clientId: Buffer.from("000102030405060708090a0b0c0d0e0f", "hex") });
    const echo = client.getProxy(Echo, ${JSON.stringify(address)});
    ${body}`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", source], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return Promise.all([text(child.stdout), once(child, "exit").then(([code]) => Number(code))]);
}

test("a call that waits keeps the process alive, an idle connection does not", async (t) => {
  const server = await startRogueServer(t);
  const running = run(server.address, `console.log(await echo.echo("a"));`);
  const peer = await server.accept();
  await peer.nextCall();
  // Long enough for several ticks of the deadlines' timer, which must not let the process go.
  await new Promise((resolve) => {
    setTimeout(resolve, 150);
  });
  peer.socket.write(answer(0, "answered"));
  assert.deepEqual(await running, ["answered\n", 0]);
  await peer.closed;
});

test("a call that waits for the next attempt to connect keeps the process alive", async (t) => {
  const server = await startRogueServer(t);
  const { address } = server;
  const [printed, code] = await run(
    "127.0.0.1:1",
    `console.log(await echo.echo("a", { timeoutMs: 300 }).catch((error) => error.code));
     const other = client.getProxy(Echo, ${JSON.stringify(address)});
     console.log(await other.echo("b", { timeoutMs: 100 }).catch((error) => error.code));`,
  );
  assert.deepEqual([printed, code], ["CALL_TIMED_OUT\nCALL_TIMED_OUT\n", 0]);
});
