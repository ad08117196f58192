/** A client on a network and a clock that the test holds. */
import assert from "node:assert/strict";
import { type Client, type ClientOptions, createClient, type Proxy as RpcProxy } from "../../client/index.js";
import { createSettings, type SettingValues } from "../../conf/index.js";
import { RPC_KIND } from "../../protocol/definition.js";
import { RpcError } from "../../protocol/rpc-error.js";
import { CLIENT_ID } from "./answers.js";
import { FakeNetwork } from "./fake-streams.js";
import { ManualTimers } from "./manual-timers.js";
import { createTestEngine, testProtocol } from "./test-engine.js";

/** Methods of the protocol that the tests call. */
export type EchoMethods = {
  echo(text: string): string;
  join(left: string, right: string): string;
  notify(text: string): null;
};

/** The test engine under the RPC kind of Avro: its protocols share a connection. */
export const sharingEngine = createTestEngine(RPC_KIND.avro);
export const Echo = testProtocol<EchoMethods>(sharingEngine, "test.Echo", {
  echo: 1,
  join: 2,
  notify: { arity: 1, oneWay: true },
});

export interface TestClient {
  readonly client: Client;
  readonly network: FakeNetwork;
  readonly timers: ManualTimers;
  readonly echo: RpcProxy<typeof Echo>;
}

/** Settings are defaults but for `settings`. */
export function createTestClient(settings: SettingValues = {}, options: ClientOptions = {}): TestClient {
  const network = new FakeNetwork();
  const timers = new ManualTimers();
  const { connect } = network;
  const conf = createSettings(settings);
  const client = createClient({ conf, user: "alice", clientId: CLIENT_ID, connect, timers, ...options });
  return { client, network, timers, echo: client.getProxy(Echo, "server:7788") };
}

/** Lets the turn of the event loop end: what was called is written, what was answered is settled. */
export function endOfTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** The error of a call that is expected to fail. */
export async function failureOf(call: Promise<unknown>): Promise<RpcError> {
  const error = await call.then(
    () => assert.fail("the call succeeded"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof RpcError, String(error));
  return error;
}
