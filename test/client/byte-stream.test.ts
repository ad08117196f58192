import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { test } from "node:test";
import { createClient } from "../../client/index.js";
import { createSettings } from "../../conf/index.js";
import { answer, CLIENT_ID } from "../helpers/answers.js";
import { startRogueServer } from "../helpers/rogue-server.js";
import { Echo, failureOf } from "../helpers/test-client.js";

test("a port where nobody listens is refused, and the error says so", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  const conf = createSettings({ "ipc.client.connect.max.retries": 1, "ipc.client.connect.retry.interval": 1 });
  await using client = createClient({ conf });
  for (const host of ["127.0.0.1", "localhost", "[::1]"]) {
    const error = await failureOf(client.getProxy(Echo, `${host}:${port}`).echo("a"));
    assert.equal(error.code, "CONNECT_FAILED", host);
    assert.match(error.message, /(connection refused|no local address|network unreachable).*\(2 attempts\)$/, host);
  }
});

test("calls larger than the socket's buffers go through, and their answers too", async (t) => {
  const server = await startRogueServer(t);
  await using client = createClient({ user: "alice", clientId: CLIENT_ID });
  const echo = client.getProxy(Echo, server.address);
  const text = "x".repeat(1_000_000);
  const calls = Array.from({ length: 8 }, () => echo.echo(text));
  const peer = await server.accept();
  for (let i = 0; i < calls.length; i++) {
    const call = await peer.nextCall();
    assert.ok(call.body.includes(text));
    peer.socket.write(answer(Number(call.header.callId), text));
  }
  for (const result of await Promise.all(calls)) assert.equal(result.length, text.length);
});

test("a one-way call is done when the kernel has its bytes", async (t) => {
  const server = await startRogueServer(t);
  await using client = createClient({ user: "alice" });
  const sent = client.getProxy(Echo, server.address).notify("a");
  const peer = await server.accept();
  assert.equal((await peer.nextCall()).header.callId, 0);
  assert.equal(await sent, undefined);
});

test("a server that ends the connection ends its calls", async (t) => {
  const server = await startRogueServer(t);
  await using client = createClient({ user: "alice" });
  const call = failureOf(client.getProxy(Echo, server.address).echo("a"));
  const peer = await server.accept();
  await peer.nextCall();
  peer.socket.end();
  assert.equal((await call).code, "CONNECTION_LOST");
  await peer.closed;
});
