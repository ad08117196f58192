import assert from "node:assert/strict";
import { userInfo } from "node:os";
import { test } from "node:test";
import { MAX_ROUTER_STATE_BYTES } from "../../client/alignment-context.js";
import { type ClientOptions, createClient } from "../../client/index.js";
import { fillClientOptions } from "../../client/options.js";
import { createSettings } from "../../conf/index.js";
import { ByteReader } from "../../protocol/wire/byte-reader.js";
import { ByteWriter } from "../../protocol/wire/byte-writer.js";
import { RequestHeader, readRequestHeader, writeRequestHeader } from "../../protocol/wire/request-header.js";
import { createTestClient, failureOf } from "../helpers/test-client.js";

test("options are filled with the settings, the user of the process and a random client id", () => {
  const record = fillClientOptions({});
  assert.equal(record.user, userInfo().username);
  assert.equal(record.rpcTimeoutMs, 120_000);
  assert.deepEqual(record.connection, {
    connectTimeoutMs: 20_000,
    connectMaxRetries: 10,
    connectMaxRetriesOnTimeouts: 45,
    connectRetryIntervalMs: 1000,
    maxIdleMs: 10_000,
    pingIntervalMs: 60_000,
    noDelay: true,
    maxResponseLength: 134_217_728,
    maxCalls: 65_536,
    maxBacklogBytes: 67_108_864,
    decodeLimits: { maxEmptyItems: 10_000, maxObjects: 1_000_000, maxDepth: 100, maxSchemaBytes: 65_536 },
  });
  const other = fillClientOptions({});
  assert.notDeepEqual(record.clientId, other.clientId);
  // Version 4, variant 1 of RFC 4122.
  assert.match(record.clientId.toString("hex"), /^.{12}4.{3}[89ab].{15}$/);
});

test("settings that mean none by 0 or less do so", () => {
  const conf = createSettings({
    "ipc.client.rpc-timeout.ms": -1,
    "ipc.maximum.response.length": 0,
    "ipc.client.ping": false,
  });
  const record = fillClientOptions({ conf });
  assert.equal(record.rpcTimeoutMs, 0);
  assert.equal(record.connection.maxResponseLength, 2_147_483_647);
  assert.equal(record.connection.pingIntervalMs, 0);
});

test("a bad option of a client is named", () => {
  const bad: [Record<string, unknown>, RegExp][] = [
    [{ user: "" }, /user must be a user name/],
    [{ user: 7 }, /user must be a user name/],
    [{ realUser: "" }, /realUser must be a user name/],
    [{ clientId: Buffer.alloc(15) }, /clientId must have 16 bytes/],
    [{ conf: { "ipc.client.ping": true } }, /conf must be settings made by hrpcd\/conf/],
    [{ callerContext: { context: 1 } }, /callerContext must be/],
    [{ callerContext: { context: "ü".repeat(16_385) } }, /^callerContext has 32770 bytes, at most 32768 are sent/],
  ];
  for (const [options, message] of bad) {
    assert.throws(() => createClient(options as ClientOptions), { code: "BAD_SETTING", message });
  }
});

test("a caller context of as many bytes as there may be is taken, and the longest header is still read", () => {
  const out = new ByteWriter();
  const callerContext = { context: "ü".repeat(8192), signature: new Uint8Array(16_384) };
  createClient({ callerContext });
  const routerFederatedState = Buffer.alloc(MAX_ROUTER_STATE_BYTES);
  writeRequestHeader(out, 2, 7, Buffer.alloc(16), 0, {
    callerContext,
    stateId: 5n,
    timeoutMs: 9,
    routerFederatedState,
  });
  const header = new RequestHeader();
  readRequestHeader(new ByteReader(out.take()), header);
  assert.equal(header.callerContext?.context, callerContext.context);
});

test("a bad option of a call rejects that call and names the option", async () => {
  const { network, echo } = createTestClient();
  const bad: [unknown, RegExp][] = [
    ["soon", /test\.Echo\.echo: options must be an object.*not soon/],
    [null, /options must be an object/],
    [{ timeoutMs: 0 }, /timeoutMs must be a number above 0/],
    [{ timeoutMs: Number.NaN }, /timeoutMs/],
    [{ timeoutMs: "5" }, /timeoutMs/],
    [{ signal: {} }, /signal must be an AbortSignal/],
    [{ retryCount: -1 }, /retryCount must be an integer/],
    [{ callerContext: { context: "a", signature: "b" } }, /callerContext must be/],
    [
      { callerContext: { context: "a", signature: new Uint8Array(32_768) } },
      /callerContext has 32769 bytes, at most 32768/,
    ],
  ];
  for (const [options, message] of bad) {
    const error = await failureOf(echo.echo("a", options as { timeoutMs: number }));
    assert.equal(error.code, "BAD_ARGUMENT");
    assert.match(error.message, message);
  }
  const many = echo.echo as (...args: unknown[]) => Promise<string>;
  assert.match((await failureOf(many("a", {}, {}))).message, /takes 1 arguments and options, not 3 values/);
  assert.equal(network.streams.length, 0);
});

test("an endless timeout sets no deadline", async () => {
  const { network, timers, echo } = createTestClient();
  const call = failureOf(echo.echo("a", { timeoutMs: Number.POSITIVE_INFINITY }));
  const stream = network.open();
  timers.advance(1_000_000);
  stream.events.closed(undefined);
  assert.equal((await call).code, "CONNECTION_LOST");
});
