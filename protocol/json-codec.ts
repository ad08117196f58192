/**
 * Contract between the command line and an engine: JSON in, JSON out, and how a method reads to a person.
 *
 * JSON has no 64-bit integers, bytes or dates; an implementation takes and gives
 *
 * ```
 *                    takes                                            gives
 *   64-bit integer   a number, a string of decimal digits, or a       a bigint
 *                    bigint where a number would not be exact
 *   bytes            a string in base64 or hex, whichever is said     a Uint8Array
 *   date             a string in ISO 8601, or milliseconds            a string in ISO 8601
 *   not finite       the strings "NaN", "Infinity" and "-Infinity"    the same
 * ```
 * How bigints and Uint8Arrays are printed is for whoever prints them to say.
 */
import type { AnyProtocol, MethodDefinition } from "./definition.js";

/** How bytes are written in JSON. */
export type BytesText = "base64" | "hex";

const PATTERNS: Readonly<Record<BytesText, RegExp>> = {
  base64: /^(?:[A-Za-z0-9+/_-]{4})*(?:[A-Za-z0-9+/_-]{2}(?:==)?|[A-Za-z0-9+/_-]{3}=?)?$/,
  hex: /^(?:[0-9A-Fa-f]{2})*$/,
};

/** The bytes that a text stands for; undefined if it stands for none. Base64 may be that of URLs, and need not be padded. */
export function bytesFromText(text: unknown, form: BytesText): Uint8Array | undefined {
  if (typeof text !== "string") return undefined;
  return PATTERNS[form].test(text) ? new Uint8Array(Buffer.from(text, form)) : undefined;
}

/** Turns JSON into a method's values and back. Every engine has one; it is never used by calls made from programs. */
export interface JsonCodec {
  /**
   * Values to call `method` with, one per declared argument; bytes are in base64 unless `bytes` says otherwise.
   * Throws BAD_ARGUMENT naming the argument.
   */
  argumentsFromJson(
    protocol: AnyProtocol,
    method: MethodDefinition,
    args: readonly unknown[],
    bytes?: BytesText,
  ): unknown[];
  /** A result of `method` as JSON, but for bigints and Uint8Arrays; null for a method without result. */
  resultToJson(protocol: AnyProtocol, method: MethodDefinition, value: unknown): unknown;
  /** The method on one line, as an interface declares it: `hello(name: string): string`. */
  signatureText(protocol: AnyProtocol, method: MethodDefinition): string;
  /** The types that the protocol declares, or those that one method is made of, a line each: `record Point { x: int, y: int }`. */
  typeTexts(protocol: AnyProtocol, method?: MethodDefinition): readonly string[];
}
