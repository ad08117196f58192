import assert from "node:assert/strict";
import { test } from "node:test";
import { answer, callsOf, testText } from "../helpers/answers.js";
import { createTestClient, Echo, endOfTurn, sharingEngine } from "../helpers/test-client.js";
import { testProtocol } from "../helpers/test-engine.js";

type Any = Record<string, (...args: unknown[]) => Promise<unknown>>;

test("a proxy can be awaited: it has no then, not even if the protocol has", async () => {
  const { client } = createTestClient();
  const names = ["then", "other"];
  const protocol = testProtocol(sharingEngine, "test.Then", Object.fromEntries(names.map((name) => [name, 0])));
  const proxy = client.getProxy(protocol, "server:1");
  assert.equal(await Promise.resolve(proxy), proxy);
  assert.deepEqual(Object.keys(proxy), ["other"]);
});

test("methods may have the names of an object's own machinery", async () => {
  const { client, network } = createTestClient();
  const names = ["__proto__", "constructor", "toString", "hasOwnProperty"];
  // A literal's __proto__ would set the prototype; this makes it a method.
  const protocol = testProtocol(sharingEngine, "test.Odd", Object.fromEntries(names.map((name) => [name, 0])));
  const proxy = client.getProxy(protocol, "server:1") as Any;
  const calls = names.map((name) => (proxy[name] as Any[string])());
  const stream = network.open();
  assert.deepEqual(
    callsOf(stream.written).map((call) => call.body),
    names.map(testText),
  );
  for (const [callId, name] of names.entries()) stream.events.received(answer(callId, name));
  assert.deepEqual(await Promise.all(calls), names);
  assert.equal(({} as Any).test, undefined);
});

test("a proxy has nothing but its methods, and they need no this", async () => {
  const { network, echo } = createTestClient();
  for (const name of ["toString", "valueOf", "constructor", "then", "missing"])
    assert.equal((echo as object as Any)[name], undefined);
  assert.throws(() => {
    (echo as { echo: unknown }).echo = 1;
  }, TypeError);
  const { join } = echo;
  const call = join("a", "b");
  network.open().events.received(answer(0, "ab"));
  assert.equal(await call, "ab");
});

test("options may be undefined, and missing arguments are the engine's to refuse", async () => {
  const { network, echo } = createTestClient();
  const call = echo.echo("a", undefined);
  await assert.rejects((echo.echo as () => Promise<string>)(), { code: "BAD_ARGUMENT" });
  network.open().events.received(answer(0, "A"));
  assert.equal(await call, "A");
});

test("making a proxy connects to nothing, and a bad address is refused at once", async () => {
  const { client, network } = createTestClient();
  client.getProxy(Echo, "server:1");
  await endOfTurn();
  assert.equal(network.streams.length, 0);
  assert.throws(() => client.getProxy(Echo, "server"), { code: "BAD_DEFINITION" });
});

test("the types of a proxy follow the protocol", () => {
  const { echo } = createTestClient();
  const typed: (left: string, right: string, options?: { timeoutMs?: number }) => Promise<string> = echo.join;
  assert.equal(typeof typed, "function");
  const unknownMethod: "missing" extends keyof typeof echo ? true : false = false;
  assert.equal(unknownMethod, false);
});
