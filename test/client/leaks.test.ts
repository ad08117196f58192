/** Clients come and go over real sockets, and leave nothing behind. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { createClient } from "../../client/index.js";
import { answer, CLIENT_ID } from "../helpers/answers.js";
import { type RogueServer, startRogueServer } from "../helpers/rogue-server.js";
import { Echo, failureOf } from "../helpers/test-client.js";

const CYCLES = 500;

/** Opens a client, makes one call that is answered and one that is not, and closes it. */
async function cycle(server: RogueServer): Promise<void> {
  const client = createClient({ user: "alice", clientId: CLIENT_ID });
  const echo = client.getProxy(Echo, server.address);
  const answered = echo.echo("a");
  const waiting = failureOf(echo.echo("b", { signal: new AbortController().signal }));
  const peer = await server.accept();
  await peer.nextCall();
  peer.socket.write(answer(0, "A"));
  assert.equal(await answered, "A");
  await client.close();
  assert.equal((await waiting).code, "CLIENT_CLOSED");
  await peer.closed;
}

function descriptors(): number {
  return readdirSync("/proc/self/fd").length;
}

function resources(kind: string): number {
  return process.getActiveResourcesInfo().filter((name) => name === kind).length;
}

test(`${CYCLES} clients that open, call and close leave no descriptor, socket or timer`, async (t) => {
  const server = await startRogueServer(t);
  for (let i = 0; i < 20; i++) await cycle(server);
  const before = { sockets: resources("TCPSocketWrap"), timers: resources("Timeout"), descriptors: descriptors() };
  for (let i = 0; i < CYCLES; i++) await cycle(server);
  assert.deepEqual(
    { sockets: resources("TCPSocketWrap"), timers: resources("Timeout"), descriptors: descriptors() },
    before,
  );
});
