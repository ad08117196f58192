/** The stack of a failed call leads to the line that made it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { failure } from "../helpers/answers.js";
import { createTestClient, endOfTurn } from "../helpers/test-client.js";

type Echo = ReturnType<typeof createTestClient>["echo"];

async function theFunctionThatCalls(echo: Echo, options?: { timeoutMs: number }): Promise<string> {
  return await echo.echo("a", options);
}

async function stackOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => assert.fail("the call succeeded"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof Error);
  return error.stack ?? "";
}

const CALLER = /\n +at async theFunctionThatCalls \(.*call-site\.test\.[jt]s:\d+/;

test("a remote error names the caller, behind its class and message", async () => {
  const { network, echo } = createTestClient();
  const stack = stackOf(theFunctionThatCalls(echo));
  network
    .open()
    .events.received(failure(0, { exceptionClassName: "java.io.IOException", errorMsg: "boom", errorDetail: 1 }));
  assert.match(await stack, /^RemoteError: boom\n/);
  assert.match(await stack, CALLER);
});

test("a lost connection, a timeout, an abort and a bad reply name the caller", async () => {
  const endings: ((test: ReturnType<typeof createTestClient>) => void)[] = [
    ({ network }) => network.stream().events.closed(undefined),
    ({ network }) => network.stream().events.received(Buffer.alloc(4)),
    ({ timers }) => timers.advance(1000),
    ({ client }) => void client.close(),
  ];
  for (const end of endings) {
    const given = createTestClient();
    const stack = stackOf(theFunctionThatCalls(given.echo, { timeoutMs: 500 }));
    given.network.open();
    await endOfTurn();
    end(given);
    assert.match(await stack, CALLER);
  }
});

test("an error that is known at once has the caller on its stack too", async () => {
  const { echo } = createTestClient();
  assert.match(await stackOf(theFunctionThatCalls(echo, { timeoutMs: -1 })), /theFunctionThatCalls/);
});
