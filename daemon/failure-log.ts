/**
 * How what a method threw is logged, by Hadoop's rules (ipc/Server.java ExceptionsHandler and logException): some classes not
 * at all, some in one line, what nobody expects as a warning, everything else as information; with a stack.
 */
import { RpcError } from "../protocol/rpc-error.js";
import { cut } from "./log-text.js";

/** Classes that are everyday answers of Hadoop's daemons. */
const TERSE_CLASSES = [
  "org.apache.hadoop.ipc.StandbyException",
  "org.apache.hadoop.ha.HealthCheckFailedException",
] as const;

/** What is kept of a stack, in characters. */
const MAX_STACK_CHARS = 4000;
/** By these names Java's unchecked exceptions and errors are known; no name says so for all of them. */
const UNCHECKED_CLASS = /^java\.lang\.|RuntimeException$|Error$/;

export interface FailureRules {
  /** Java classes that get one line, beside Hadoop's own. Names are compared whole. */
  readonly terse: readonly string[];
  /** Java classes that are not logged. */
  readonly suppressed: readonly string[];
}

export interface FailureLine {
  readonly level: "warn" | "info";
  /** Makes the text: a stack takes time, and the line may not be wanted. */
  readonly text: () => string;
}

export class FailureLog {
  readonly #terse: ReadonlySet<string>;
  readonly #suppressed: ReadonlySet<string>;

  constructor({ terse, suppressed }: FailureRules) {
    this.#terse = new Set([...TERSE_CLASSES, ...terse]);
    this.#suppressed = new Set(suppressed);
  }

  /** Level and text for what was thrown; undefined if it is not to be logged. */
  line(thrown: unknown): FailureLine | undefined {
    try {
      const error = RpcError.from(thrown);
      const javaClass = String(error.javaClass);
      if (this.#suppressed.has(javaClass)) return undefined;
      if (this.#terse.has(javaClass)) return { level: "info", text: printable(() => firstLineOf(error)) };
      // An RpcError is an answer that the method chose; anything else may be a fault of the method.
      const chosen = error.cause !== thrown;
      const level = chosen && !UNCHECKED_CLASS.test(javaClass) ? "info" : "warn";
      return { level, text: printable(() => cut(chosen ? traceOf(error) : faultOf(error), MAX_STACK_CHARS)) };
    } catch {
      return { level: "warn", text: () => UNPRINTABLE };
    }
  }
}

/** A fault of this program itself, with its stack; the rules for failures of methods say nothing about it. */
export function faultText(thrown: unknown): string {
  return printable(() => cut(faultOf(RpcError.from(thrown)), MAX_STACK_CHARS))();
}

const UNPRINTABLE = "what was thrown cannot be printed";

/** An object that was thrown may throw again when it is asked what it is. */
function printable(text: () => string): () => string {
  return () => {
    try {
      return text();
    } catch {
      return UNPRINTABLE;
    }
  };
}

function firstLineOf({ javaClass, message }: RpcError): string {
  return `${cut(String(javaClass))}: ${cut(String(message))}`;
}

/** What a caller is told, and where it was thrown. */
function traceOf(error: RpcError): string {
  return `${firstLineOf(error)}${framesOf(error)}`;
}

/** What was thrown as it is, for whoever mends the method. */
function faultOf({ cause, message }: RpcError): string {
  return cause instanceof Error ? String(cause.stack) : message;
}

/** The stack without its first lines, which are the message. */
function framesOf(error: Error): string {
  const frames = String(error.stack ?? "")
    .split("\n")
    .filter((line) => line.startsWith("    at "));
  return frames.map((line) => `\n${line}`).join("");
}
