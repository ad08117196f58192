/** The client library: typed proxies to protocols that a server offers. */
import type { AnyProtocol } from "../protocol/definition.js";
import { RpcError } from "../protocol/rpc-error.js";
import { parseAddress } from "./address.js";
import { type CallTarget, Invoker } from "./invoker.js";
import { fetchServedMethods, isServed, negotiateProtocol, type ServerQuestions } from "./negotiate.js";
import { assertCallOptions, type CallOptions, type ClientOptions, fillClientOptions } from "./options.js";
import { createProxy, createTarget, type RpcProxy, targetOf } from "./proxy.js";

export type { Address } from "./address.js";
export type { ByteStream, ByteStreamEvents, Connect } from "./byte-stream.js";
export type { CallOptions, ClientOptions } from "./options.js";
export type { RpcProxy as Proxy } from "./proxy.js";
export type { Timer, Timers } from "./timers.js";

/** What `negotiateProxy` found: a proxy for the protocol that both sides have, and its version. */
export type Negotiated<P> = P extends AnyProtocol ? { readonly proxy: RpcProxy<P>; readonly version: number } : never;

/** Calls servers as one user, over connections that it shares among its proxies. Made by `createClient`. */
export interface Client extends AsyncDisposable {
  /**
   * A proxy for a protocol at an address, `host:port` or `[IPv6 address]:port`. Nothing is sent before the first call.
   * Throws BAD_DEFINITION for a bad address.
   */
  getProxy<P extends AnyProtocol>(protocol: P, address: string): RpcProxy<P>;
  /**
   * Asks the server which of these versions of one protocol it serves, and takes the highest. Rejects with
   * ERROR_RPC_VERSION_MISMATCH naming the versions of both sides if they have none in common, with
   * ERROR_NO_SUCH_PROTOCOL if the server has none at all. `options` are those of the question, or of each of the two that
   * are asked when a Java server has none of ours as its highest.
   */
  negotiateProxy<P extends AnyProtocol>(
    protocols: readonly P[],
    address: string,
    options?: CallOptions,
  ): Promise<Negotiated<P>>;
  /**
   * Whether the server has this method of the proxy's protocol, with the same parameters and result: asked once per
   * proxy, before a call that an older server would refuse. Rejects with BAD_ARGUMENT for a name that the protocol itself
   * has not, with ERROR_RPC_VERSION_MISMATCH if the server serves other versions only.
   */
  isMethodSupported<T extends object>(proxy: T, methodName: keyof T & string, options?: CallOptions): Promise<boolean>;
  /** Fails every call that waits with CLIENT_CLOSED, and resolves when all connections are gone. Twice is fine. */
  close(): Promise<void>;
}

/** Makes a client; it connects when it is called for the first time. Throws BAD_SETTING for bad options. */
export function createClient(options: ClientOptions = {}): Client {
  return new InvokingClient(new Invoker(fillClientOptions(options)));
}

class InvokingClient implements Client {
  readonly #invoker: Invoker;
  readonly #servedMethods = new WeakMap<CallTarget, Promise<readonly number[] | null>>();
  #questions: Promise<ServerQuestions> | undefined;

  constructor(invoker: Invoker) {
    this.#invoker = invoker;
  }

  getProxy<P extends AnyProtocol>(protocol: P, address: string): RpcProxy<P> {
    return createProxy(this.#invoker, createTarget(protocol, parseAddress(address))) as RpcProxy<P>;
  }

  async negotiateProxy<P extends AnyProtocol>(
    protocols: readonly P[],
    address: string,
    options?: CallOptions,
  ): Promise<Negotiated<P>> {
    if (options !== undefined) assertCallOptions(options, "negotiateProxy");
    const protocol = await negotiateProtocol(protocols, parseAddress(address), await this.#ask(), options);
    return { proxy: this.getProxy(protocol, address), version: protocol.version } as Negotiated<P>;
  }

  async isMethodSupported(proxy: object, methodName: string, options?: CallOptions): Promise<boolean> {
    if (options !== undefined) assertCallOptions(options, "isMethodSupported");
    const target = targetOf(proxy);
    const method = target.protocol.methods.get(methodName);
    if (method === undefined) {
      throw new RpcError(
        "BAD_ARGUMENT",
        `${target.protocol.name} version ${target.protocol.version} has no method ${methodName}`,
      );
    }
    let served = this.#servedMethods.get(target);
    if (served === undefined) {
      served = this.#fetchServedMethods(target, options);
      this.#servedMethods.set(target, served);
      served.catch(() => this.#servedMethods.delete(target));
    }
    return isServed(method, await served);
  }

  close(): Promise<void> {
    return this.#invoker.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#invoker.close();
  }

  async #fetchServedMethods(
    { protocol, address }: CallTarget,
    options: CallOptions | undefined,
  ): Promise<readonly number[] | null> {
    return fetchServedMethods(protocol, address, await this.#ask(), options);
  }

  #ask(): Promise<ServerQuestions> {
    this.#questions ??= import("./server-questions.js").then((questions) =>
      questions.createServerQuestions(this.#invoker),
    );
    return this.#questions;
  }
}
