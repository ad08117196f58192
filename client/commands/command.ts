/**
 * Contract of a command of the program hrpc. The files beside this one that main.ts names are one command each.
 *
 * A command knows neither arguments nor streams: it gets values, and returns what is to be printed on standard output.
 */
import type { Client } from "../index.js";
import type { JsonForm } from "../terminal/json-text.js";

/** What every command that talks to a server is given. */
export interface CommandContext {
  readonly client: Client;
  /** "host:port" of the server. */
  readonly address: string;
  /** Milliseconds a call may take, more than 0; undefined: for ever, but for what a command asks for itself. */
  readonly timeoutMs: number | undefined;
  /** Print JSON where a table or sentence would be printed. */
  readonly json: boolean;
  /** How arguments and results hold what JSON has no word for. */
  readonly jsonForm: JsonForm;
  /** `.proto` files, folders and jars that define protocols; if there are none the server is asked. */
  readonly protoPaths: readonly string[];
  /** Tells the person something beside the result: a line on standard error. */
  readonly note: (text: string) => void;
}

/** A protocol as a person names it. */
export interface ProtocolTarget {
  /** Name, with "@version" behind it or not. */
  readonly protocol: string;
  /** Name of the engine, for a protocol that is served by several; undefined takes any. */
  readonly engine: string | undefined;
  /** The service of the `.proto` files that the protocol is; undefined if the files say so, or have only one. */
  readonly service?: string | undefined;
}

/** A call as a person types it. */
export interface CallTarget extends ProtocolTarget {
  readonly method: string;
  /** Arguments, each as JSON text. */
  readonly args: readonly string[];
}

/** Name and version of "name@version"; the version is text, undefined if there is none. */
export function splitName(protocol: string): readonly [name: string, version: string | undefined] {
  const at = protocol.lastIndexOf("@");
  return at < 0 ? [protocol, undefined] : [protocol.slice(0, at), protocol.slice(at + 1)];
}
