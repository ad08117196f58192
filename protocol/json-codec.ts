/**
 * Contract between the command line and an engine: JSON in, JSON out, and how a method reads to a person.
 *
 * JSON has no 64-bit integers, bytes or dates; an implementation takes and gives
 *
 * ```
 *   64-bit integer   a number while it is a safe integer, else a string of decimal digits (both are taken, always;
 *                    a bigint too, in the place of a number that JavaScript cannot hold exactly)
 *   bytes            a string in base64
 *   date             a string in ISO 8601 (a number of milliseconds is taken too)
 *   not finite       the strings "NaN", "Infinity" and "-Infinity"
 * ```
 */
import type { AnyProtocol, MethodDefinition } from "./definition.js";

/** Turns JSON into a method's values and back. Every engine has one; it is never used by calls made from programs. */
export interface JsonCodec {
  /** Values to call `method` with, one per declared argument. Throws BAD_ARGUMENT naming the argument. */
  argumentsFromJson(protocol: AnyProtocol, method: MethodDefinition, args: readonly unknown[]): unknown[];
  /** What `JSON.stringify` prints for a result of `method`; null for a method without result. */
  resultToJson(protocol: AnyProtocol, method: MethodDefinition, value: unknown): unknown;
  /** The method on one line, as an interface declares it: `hello(name: string): string`. */
  signatureText(protocol: AnyProtocol, method: MethodDefinition): string;
  /** The types that the protocol declares, one line each: `record Point { x: int, y: int }`. */
  typeTexts(protocol: AnyProtocol): readonly string[];
}
