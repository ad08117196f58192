/** Definitions and a service table for the tests of the Writable engine. */
import type { AnyProtocol } from "../../../../protocol/definition.js";
import {
  DEFAULT_DECODE_LIMITS,
  type MethodHandler,
  type Service,
  type ServiceLookup,
} from "../../../../protocol/engine.js";
import { writable, writableEngine } from "../../../../protocol/engines/writable.js";
import { ByteReader } from "../../../../protocol/wire/byte-reader.js";
import { ByteWriter } from "../../../../protocol/wire/byte-writer.js";

export const MyInterface = writable({
  protocol: "demo.MyInterface",
  version: 1001,
  methods: { helloWorld: { parameters: ["java.lang.String"], returns: "java.lang.String", idempotent: true } },
});

export const Base = writable({ protocol: "demo.Base", version: 3, methods: { ping: { returns: "void" } } });

export const Derived = writable({
  protocol: "demo.Derived",
  version: 7,
  inherits: [Base],
  methods: { add: { parameters: ["int", "int"], returns: "int" } },
});

export const COLORS = {
  "demo.Color": ["RED", "GREEN"],
  "demo.Color$Depth": ["LIGHT", "__proto__"],
} as const;

export const Plain = writable({
  protocol: "plain",
  version: 2,
  versionedProtocol: false,
  enums: COLORS,
  methods: {
    exchange: { parameters: ["int[]"], returns: "int[]" },
    mix: { parameters: ["demo.Color", "long[]", "byte[]"], returns: "demo.Color[][]" },
  },
});

/** Serves definitions, and what they inherit; a method without a handler of its own answers its first argument. */
export function serve(
  definitions: readonly AnyProtocol[],
  handlers: Readonly<Record<string, MethodHandler>> = {},
): ServiceLookup {
  const services = definitions.flatMap((definition): Service[] => {
    const names = [...definition.methods.keys()];
    const all = new Map(
      names.map((name): [string, MethodHandler] => [
        name,
        (Object.hasOwn(handlers, name) && handlers[name]) || ((first) => first),
      ]),
    );
    return [definition, ...(definition.inherits ?? [])].map((served) => ({ definition: served, handlers: all }));
  });
  return {
    find: (kind, name, version) =>
      services.find(({ definition: d }) => d.engine.kind === kind && d.name === name && d.version === version),
    versions: (kind, name) =>
      services
        .filter(({ definition: d }) => d.engine.kind === kind && d.name === name)
        .map(({ definition: d }) => d.version)
        .sort((a, b) => a - b),
  };
}

/** One connection: what a call's bytes are, and what comes back. */
export function connect(services: ServiceLookup, connectionProtocol: string, limits = DEFAULT_DECODE_LIMITS) {
  const server = writableEngine.openServer(services, limits);
  const client = writableEngine.openClient(limits);
  const receive = (bytes: Uint8Array) => server.readRequest(new ByteReader(Buffer.from(bytes)), connectionProtocol);
  const request = (definition: AnyProtocol, method: string, args: readonly unknown[]): Buffer => {
    const out = new ByteWriter();
    client.writeRequest(definition, methodOf(definition, method), args, out);
    return out.take();
  };
  const answer = (bytes: Uint8Array): Buffer => {
    const call = receive(bytes);
    const out = new ByteWriter();
    call.writeResult(call.handler(...call.readArguments()), out);
    return out.take();
  };
  const result = (definition: AnyProtocol, method: string, bytes: Uint8Array): unknown => {
    return client.readResult(definition, methodOf(definition, method), new ByteReader(Buffer.from(bytes)));
  };
  const call = (definition: AnyProtocol, method: string, ...args: unknown[]): unknown => {
    return result(definition, method, answer(request(definition, method, args)));
  };
  return { receive, request, answer, result, call };
}

export function methodOf(definition: AnyProtocol, name: string) {
  const method = definition.methods.get(name);
  if (method === undefined) throw new Error(`no method ${name}`);
  return method;
}

/** A second encoder: a UTF8 string of ASCII. */
export function utf8(text: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length);
  return Buffer.concat([length, Buffer.from(text, "latin1")]);
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

export function int64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

/** A second encoder: an Invocation with parameters that are encoded already. */
export function invocation(
  protocol: string,
  method: string,
  version: bigint,
  parameters: readonly Buffer[],
  { rpcVersion = 2n, hash = 0, count = parameters.length } = {},
): Buffer {
  const head = [int64(rpcVersion), utf8(protocol), utf8(method), int64(version), int32(hash), int32(count)];
  return Buffer.concat([...head, ...parameters]);
}
