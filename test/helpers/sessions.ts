/** What tests of an engine's sessions need on both sides: services without a server, and bytes without a socket. */
import type { AnyProtocol, MethodDefinition } from "../../protocol/definition.js";
import type { MethodHandler, Service, ServiceLookup } from "../../protocol/engine.js";
import { ByteReader } from "../../protocol/wire/byte-reader.js";
import { ByteWriter } from "../../protocol/wire/byte-writer.js";

/** A method that must be there. */
export function methodOf(protocol: AnyProtocol, name: string): MethodDefinition {
  const method = protocol.methods.get(name);
  if (method === undefined) throw new Error(`no method ${name}`);
  return method;
}

/** Finds services by name and version; their kind is not looked at. */
export function lookupOf(...services: Service[]): ServiceLookup {
  const named = (name: string): Service[] => services.filter(({ definition }) => definition.name === name);
  return {
    find: (_kind, name, version) => named(name).find(({ definition }) => definition.version === version),
    versions: (_kind, name) =>
      named(name)
        .map(({ definition }) => definition.version)
        .sort((a, b) => a - b),
  };
}

/** A service that may lack methods, which `implement` would not make. */
export function serve(definition: AnyProtocol, handlers: Record<string, (...args: never[]) => unknown>): Service {
  return { definition, handlers: new Map(Object.entries(handlers) as [string, MethodHandler][]) };
}

/** Bytes written by `write`, in a buffer of their own. */
export function bytesOf(write: (out: ByteWriter) => void): Buffer {
  const out = new ByteWriter(1024);
  write(out);
  return Buffer.from(out.take());
}

/** A reader over bytes that lie in the middle of a larger buffer, so that reading past the end would find something. */
export function readerOf(content: Uint8Array): ByteReader {
  const buffer = Buffer.alloc(content.length + 64, 0x02);
  buffer.set(content, 32);
  return new ByteReader(buffer, 32, 32 + content.length);
}
