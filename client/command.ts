/**
 * Contract of a command of the program hrpc. `commands/` holds one file each.
 *
 * A command knows neither arguments nor streams: it gets values, and returns what is to be printed on standard output.
 */
import type { Client } from "./index.js";

export interface CommandContext {
  readonly client: Client;
  /** "host:port" of the server. */
  readonly address: string;
  /** Milliseconds a call may take, more than 0; undefined: for ever, but for what a command asks for itself. */
  readonly timeoutMs: number | undefined;
  /** Print JSON where a table or sentence would be printed. */
  readonly json: boolean;
}

/** A protocol as a person names it. */
export interface ProtocolTarget {
  /** Name, with "@version" behind it or not. */
  readonly protocol: string;
  /** Name of the engine, for a protocol that is served by several; undefined takes any. */
  readonly engine: string | undefined;
}

export interface CallTarget extends ProtocolTarget {
  readonly method: string;
  /** Arguments, each as JSON text. */
  readonly args: readonly string[];
}
