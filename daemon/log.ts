/**
 * The daemon's log: winston in front of a LineSink, and the server's events as lines. What peers send is escaped.
 */
import winston from "winston";
import Transport from "winston-transport";
import { subscribe } from "../protocol/events.js";
import { RpcError } from "../protocol/rpc-error.js";
import type { LineSink } from "./line-sink.js";

export type LogLevel = "error" | "warn" | "info" | "debug";
export type Log = winston.Logger;

const MESSAGE = Symbol.for("message");

class SinkTransport extends Transport {
  readonly #sink: LineSink;

  constructor(sink: LineSink) {
    super();
    this.#sink = sink;
  }

  override log(info: { readonly [MESSAGE]?: string }, next: () => void): void {
    this.#sink.write(info[MESSAGE] ?? "");
    next();
  }
}

/** A log whose lines read `2026-01-31T12:00:00.000Z INFO message`. */
export function createLog(level: LogLevel, sink: LineSink): Log {
  const { combine, timestamp, printf } = winston.format;
  const line = printf(
    (info) => `${String(info["timestamp"])} ${info.level.toUpperCase()} ${escaped(String(info.message))}`,
  );
  return winston.createLogger({ level, format: combine(timestamp(), line), transports: [new SinkTransport(sink)] });
}

/** Writes the events of the servers in this process to the log; returns the function that stops it. */
export function logEvents(log: Log): () => void {
  const unsubscribe = [
    subscribe("hrpcd:connection:open", ({ peer, open }) =>
      log.debug(`Connection from ${peer}; # open connections: ${open}`),
    ),
    subscribe("hrpcd:connection:close", ({ peer, open, reason }) =>
      log.debug(`Connection from ${peer} closed${reason === "" ? "" : `: ${reason}`}; # open connections: ${open}`),
    ),
    subscribe("hrpcd:connection:refused", ({ peer, reason }) => log.warn(`Connection from ${peer} refused: ${reason}`)),
    subscribe("hrpcd:call:dropped", ({ peer, protocol, method, reason }) =>
      log.info(`Call ${protocol}.${method} from ${peer} dropped: ${reason}`),
    ),
    subscribe("hrpcd:call:failed", ({ peer, user, protocol, method, error }) => {
      const { level, text } = failure(error);
      log.log(level, `Call ${protocol}.${method} from ${peer} (${user}) failed: ${text}`);
    }),
    subscribe("hrpcd:response:large", ({ peer, protocol, method, bytes }) =>
      log.warn(`Large response size ${bytes} for call ${protocol}.${method} from ${peer}`),
    ),
  ];
  return () => {
    for (const stop of unsubscribe) stop();
  };
}

/** An RpcError is an answer that the method chose; anything else may be a fault of the method, and its stack helps. */
function failure(thrown: unknown): { level: LogLevel; text: string } {
  try {
    const { cause, javaClass, message } = RpcError.from(thrown);
    if (cause !== thrown) return { level: "info", text: `${javaClass}: ${message}` };
    return { level: "warn", text: cause instanceof Error ? String(cause.stack) : message };
  } catch {
    return { level: "warn", text: "what was thrown cannot be printed" };
  }
}

/**
 * No control character reaches a terminal, and no line begins with what a peer has sent: a line end is kept only in front of
 * a blank, as in stacks.
 */
function escaped(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  const controls = /\n(?! )|[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;
  return text.replace(controls, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
