/**
 * What a server serves: (kind, name, version) to implementation. Made at start, then only read.
 */
import type { AnyProtocol, HandlersOf, ProtocolDefinition, RpcKind } from "../protocol/definition.js";
import type { Engine, MethodHandler, Service, ServiceLookup } from "../protocol/engine.js";
import { KNOWN_ENGINES } from "../protocol/known-engines.js";
import { RpcError } from "../protocol/rpc-error.js";
import type { Call } from "./call.js";

type Awaitable<T> = T | PromiseLike<T>;

/** Where the arguments are not known there is no last one either. */
type WithCall<A extends readonly unknown[]> = number extends A["length"] ? A : [...A, call: Call];

/** `Implementation` of the methods H that a definition has for handlers. */
export type ImplementationOf<H> = {
  [K in keyof H]: H[K] extends (...args: infer A) => infer R ? (...args: WithCall<A>) => Awaitable<R> : never;
};

/** An object with a method for each of the protocol's; each gets the call behind its declared arguments. */
export type Implementation<P> = ImplementationOf<HandlersOf<P>>;

/**
 * Joins a protocol and the object that implements it into something a server can serve.
 * Throws BAD_DEFINITION if a method is missing or there is one that the protocol does not declare.
 */
export function implement<H>(
  definition: ProtocolDefinition<unknown, H>,
  implementation: NoInfer<ImplementationOf<H>>,
): Service {
  const methods = implementation as Readonly<Record<string, unknown>>;
  const handlers = new Map<string, MethodHandler>();
  const missing: string[] = [];
  for (const name of definition.methods.keys()) {
    const method = name in Object.prototype && !Object.hasOwn(methods, name) ? undefined : methods[name];
    if (typeof method === "function") handlers.set(name, method.bind(implementation) as MethodHandler);
    else missing.push(name);
  }
  const extra = Object.keys(methods).filter((name) => typeof methods[name] === "function" && !handlers.has(name));
  const where = `${definition.name} version ${definition.version}`;
  if (missing.length > 0) {
    throw new RpcError(
      "BAD_DEFINITION",
      `the implementation of ${where} lacks ${missing.join(", ")}: add a function of that name`,
    );
  }
  if (extra.length > 0) {
    throw new RpcError(
      "BAD_DEFINITION",
      `the implementation of ${where} has ${extra.join(", ")}, which the protocol does not declare`,
    );
  }
  return { definition, handlers };
}

/** Tells a service from anything else that a module may export. */
export function isService(value: unknown): value is Service {
  return (
    typeof value === "object" &&
    value !== null &&
    "definition" in value &&
    "handlers" in value &&
    value.handlers instanceof Map
  );
}

/**
 * The service with a definition of our own engine. A service that imports another copy of hrpcd (of another node_modules) has
 * one of that copy's engine, of which our engine's sessions know nothing; it is made again of its declaration, and the handlers stay.
 */
function adopt(service: Service): Service {
  const { definition: foreign, handlers } = service;
  const own = KNOWN_ENGINES.find((engine) => engine.kind === foreign.engine.kind);
  if (own === undefined || own === foreign.engine) return service;
  let definition: AnyProtocol;
  try {
    definition = own.define(foreign.declaration);
  } catch (cause) {
    throw new RpcError(
      "BAD_DEFINITION",
      `${foreign.name} version ${foreign.version} was made by another copy of hrpcd, and cannot be made again by this one ` +
        `(${RpcError.from(cause).message}): let the service and the server import the same hrpcd (\`npm ls hrpcd\` shows the copies)`,
      { cause },
    );
  }
  return { definition, handlers };
}

export class ProtocolTable implements ServiceLookup {
  readonly #byKindAndName = new Map<string, Map<number, Service>>();
  readonly #versions = new Map<string, readonly number[]>();
  readonly #engines = new Map<RpcKind, Engine>();
  readonly #all: Service[] = [];

  /** Throws BAD_DEFINITION if two services are for the same protocol and version, or one is of a copy of hrpcd that cannot be used. */
  constructor(services: Iterable<Service>) {
    for (const service of services) this.#add(adopt(service));
    for (const service of [...this.#all]) this.#addInherited(service.definition, service);
  }

  /** Methods that a Java interface inherits are called under the name and version of the interface that declares them. */
  #addInherited(definition: AnyProtocol, { handlers }: Service): void {
    for (const base of definition.inherits ?? []) {
      if (this.find(base.engine.kind, base.name, base.version) === undefined) this.#add({ definition: base, handlers });
      this.#addInherited(base, { definition: base, handlers });
    }
  }

  #add(service: Service): void {
    const { engine, name, version } = service.definition;
    const key = tableKey(engine.kind, name);
    const versions = this.#byKindAndName.get(key) ?? new Map<number, Service>();
    if (versions.has(version)) {
      throw new RpcError(
        "BAD_DEFINITION",
        `${name} version ${version} (${engine.name}) is served twice: remove one of the services`,
      );
    }
    versions.set(version, service);
    this.#byKindAndName.set(key, versions);
    this.#versions.set(
      key,
      [...versions.keys()].sort((a, b) => a - b),
    );
    this.#engines.set(engine.kind, engine);
    this.#all.push(service);
  }

  /** Every service, in the order in which they were given. */
  get services(): readonly Service[] {
    return this.#all;
  }

  /** The engine that decodes calls of a kind; undefined if nothing of the kind is served. */
  engine(kind: RpcKind): Engine | undefined {
    return this.#engines.get(kind);
  }

  find(kind: RpcKind, name: string, version: number): Service | undefined {
    return this.#byKindAndName.get(tableKey(kind, name))?.get(version);
  }

  versions(kind: RpcKind, name: string): readonly number[] {
    return this.#versions.get(tableKey(kind, name)) ?? NONE;
  }
}

const NONE: readonly number[] = [];

function tableKey(kind: RpcKind, name: string): string {
  return `${kind} ${name}`;
}
