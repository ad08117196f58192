/**
 * How versions of a protocol are compared: Java's method hashes and fingerprints, and the choice of a version.
 *
 * Hadoop: ipc/ProtocolSignature.java. All arithmetic is 32-bit and wraps around.
 */
import type { MethodDefinition, ProtocolSignature } from "./definition.js";

/** Java's String.hashCode: over UTF-16 units, from 0. */
export function javaStringHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(31, hash) + text.charCodeAt(i)) | 0;
  return hash;
}

/** Hash of a method by its name and Java type names (`Class.getName()`: `int`, `[I`, `java.lang.String`). */
export function methodHash(name: string, returns: string, parameters: readonly string[]): number {
  let hash = (javaStringHash(name) + Math.imul(31, javaStringHash(returns))) | 0;
  for (const parameter of parameters) hash = Math.imul(31, hash) ^ javaStringHash(parameter);
  return hash | 0;
}

/** Hash of a set of methods: the method hashes in signed ascending order, as Arrays.hashCode adds them up. */
export function fingerprint(methodHashes: Iterable<number>): number {
  let hash = 1;
  for (const method of [...methodHashes].sort((a, b) => a - b)) hash = (Math.imul(31, hash) + method) | 0;
  return hash;
}

/** The signature of a protocol with these methods. */
export function signatureOf(version: number, methods: Iterable<Pick<MethodDefinition, "hash">>): ProtocolSignature {
  const hashes = [...methods].map((method) => method.hash).sort((a, b) => a - b);
  return { version, methods: hashes, fingerprint: fingerprint(hashes) };
}

/** The highest version that both sides have; undefined if there is none. */
export function chooseVersion(ours: Iterable<number>, theirs: Iterable<number>): number | undefined {
  const served = new Set(theirs);
  let best: number | undefined;
  for (const version of ours) {
    if (served.has(version) && (best === undefined || version > best)) best = version;
  }
  return best;
}
