/** A typed object whose methods are calls. */
import type { AnyProtocol, MethodDefinition, MethodsOf } from "../protocol/definition.js";
import { RpcError } from "../protocol/rpc-error.js";
import type { CallTarget, Invoker } from "./invoker.js";
import { assertCallOptions, type CallOptions } from "./options.js";

/**
 * The methods of a protocol as calls: each takes the declared arguments and then, if wanted, options. A method named
 * `then` is left out, so that a proxy can be awaited and returned from async functions.
 */
export type RpcProxy<P> = {
  readonly [K in keyof MethodsOf<P> as K extends "then" ? never : K]: MethodsOf<P>[K] extends (
    ...args: infer A
  ) => infer R
    ? (...args: [...declared: A, options?: CallOptions]) => Promise<Awaited<R>>
    : never;
};

/** What a proxy calls, for functions that are given a proxy. */
const targets = new WeakMap<object, CallTarget>();

/** The target of a proxy; throws BAD_ARGUMENT if the value is none. */
export function targetOf(proxy: unknown): CallTarget {
  const target = typeof proxy === "object" && proxy !== null ? targets.get(proxy) : undefined;
  if (target === undefined) throw new RpcError("BAD_ARGUMENT", "expected a proxy that getProxy or negotiateProxy made");
  return target;
}

/** Makes a proxy; nothing is sent. Its methods need no `this`. */
export function createProxy(invoker: Invoker, target: CallTarget): object {
  const proxy: object = new ProxyObject();
  for (const [name, method] of target.protocol.methods) {
    if (name === "then") continue;
    // Defined rather than assigned: a method may be called __proto__.
    Object.defineProperty(proxy, name, { value: methodCall(invoker, target, method), enumerable: true });
  }
  targets.set(proxy, target);
  return proxy;
}

/**
 * Like an object without prototype, and quicker: V8 keeps one made with `Object.create(null)` as a hash table.
 */
const ProxyObject = function ProxyObject() {} as unknown as new () => object;
ProxyObject.prototype = Object.freeze(Object.create(null));

function methodCall(invoker: Invoker, target: CallTarget, method: MethodDefinition) {
  const { arity } = method;
  return (...args: unknown[]): Promise<unknown> => {
    if (args.length <= arity) return invoker.invoke(target, method, args, undefined);
    try {
      const options = takeOptions(target, method, args);
      return invoker.invoke(target, method, args, options);
    } catch (error) {
      return Promise.reject(error);
    }
  };
}

/** Cuts the options off the arguments; throws BAD_ARGUMENT if they are none, or if there are more. */
function takeOptions({ protocol }: CallTarget, method: MethodDefinition, args: unknown[]): CallOptions | undefined {
  const title = `${protocol.name}.${method.name}`;
  if (args.length > method.arity + 1) {
    throw new RpcError(
      "BAD_ARGUMENT",
      `${title} takes ${method.arity} arguments and options, not ${args.length} values`,
    );
  }
  const options = args.pop();
  if (options === undefined) return undefined;
  assertCallOptions(options, title);
  return options;
}

/** A target for a protocol at an address. `contextProtocol` differs from its name only for VersionedProtocol. */
export function createTarget(
  protocol: AnyProtocol,
  address: CallTarget["address"],
  contextProtocol: string = protocol.name,
): CallTarget {
  return { protocol, address, engine: protocol.engine, contextProtocol, connection: undefined };
}
