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
  /** Milliseconds a call may take; undefined leaves it to the settings. */
  readonly timeoutMs: number | undefined;
  /** Print JSON where a table or sentence would be printed. */
  readonly json: boolean;
}

export interface CallTarget {
  /** Protocol name, with "@version" behind it or not. */
  readonly protocol: string;
  readonly method: string;
  /** Arguments, each as JSON text. */
  readonly args: readonly string[];
}
