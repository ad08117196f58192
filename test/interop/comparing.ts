/** One call twice: by our client and by Hadoop's, and what both got compared value by value. */
import assert from "node:assert/strict";
import type { Client, Proxy as RpcProxy } from "../../client/index.js";
import { type HadoopProtocol, type ProtocolDefinition, type ProtoSource, protobuf } from "../../protocol/index.js";
import { type CallResult, type HadoopCaller, resultOf } from "./hadoop-caller.js";

/** Methods that the compiler knows nothing of. */
export type AnyMethods = Record<string, (request: object) => object>;

/** A protocol for our client and, by its Java interface, for Hadoop's. */
export interface SharedProtocol {
  readonly definition: ProtocolDefinition<AnyMethods>;
  readonly javaInterface: string;
}

/** A protocol that a jar tells of. */
export function sharedProtocol(source: ProtoSource, protocolName: string): SharedProtocol {
  const told: HadoopProtocol | undefined = source.protocols.find((each) => each.protocolName === protocolName);
  assert.ok(told !== undefined, `the jars tell of no ${protocolName}`);
  return { definition: protobuf<AnyMethods>({ source, protocolName }), javaInterface: told.javaInterface };
}

/** Both clients, as one user, at one address. */
export interface Pair {
  readonly client: Client;
  readonly hadoop: HadoopCaller;
  readonly user: string;
  readonly address: string;
}

/** Readings of our own that may differ before a value is held to change all the time. */
const MAX_READINGS = 20;

/** What our client gets. */
export function ours(pair: Pair, { definition }: SharedProtocol, method: string, request: object): Promise<CallResult> {
  const proxy = pair.client.getProxy(definition, pair.address) as RpcProxy<ProtocolDefinition<AnyMethods>>;
  const call = proxy[method];
  assert.ok(call !== undefined, `${definition.name} has no method ${method}`);
  return resultOf(call(request));
}

/** What Hadoop's client gets; `request` is in protobuf's text format. */
export function theirs(
  { address, hadoop, user }: Pair,
  { javaInterface }: SharedProtocol,
  method: string,
  request: string,
): Promise<CallResult> {
  return hadoop.call({ address, user, javaInterface, method, request });
}

/**
 * Reads with both clients, and returns what both got. Some values change by themselves, such as the room on a disk: Hadoop's
 * reading counts if it lies between two of ours that are equal.
 */
export async function readBoth(
  pair: Pair,
  protocol: SharedProtocol,
  method: string,
  request: object,
  text: string,
): Promise<CallResult> {
  let before = await ours(pair, protocol, method, request);
  for (let reading = 0; reading < MAX_READINGS; reading++) {
    const between = await theirs(pair, protocol, method, text);
    const after = await ours(pair, protocol, method, request);
    if (JSON.stringify(before) === JSON.stringify(after)) {
      assert.deepEqual(after, between);
      return after;
    }
    before = after;
  }
  assert.fail(`${method} gave another value each time`);
}
