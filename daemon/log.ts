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
/** What is kept of a text that a peer has a hand in. */
const MAX_TEXT_CHARS = 300;
/** What is kept of a stack. */
const MAX_STACK_CHARS = 4000;
/** Lines about peers and calls in one second; whoever sends much must not make the server write much. */
const MAX_LINES_PER_SECOND = 100;

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
    (info) => `${String(info.timestamp)} ${info.level.toUpperCase()} ${escaped(String(info.message))}`,
  );
  return winston.createLogger({ level, format: combine(timestamp(), line), transports: [new SinkTransport(sink)] });
}

/**
 * Writes the events of the servers in this process to the log, up to MAX_LINES_PER_SECOND; returns the function that stops it.
 * `nowMs` is a clock in milliseconds.
 */
export function logEvents(log: Log, nowMs: () => number = Date.now): () => void {
  const limit = new LineLimit(log, nowMs);
  const write = (level: LogLevel, text: () => string): void => {
    if (log.isLevelEnabled(level) && limit.allows()) log.log(level, text());
  };
  const unsubscribe = [
    subscribe("hrpcd:server:descriptors", ({ exhausted, limit }) => {
      const most = limit === undefined ? "" : ` of ${limit}`;
      if (!exhausted) log.info("File descriptors are free again: connections are accepted");
      else
        log.error(`No file descriptor${most} is left: connections are closed unseen. Raise LimitNOFILE or ulimit -n`);
    }),
    subscribe("hrpcd:connection:open", ({ peer, open }) =>
      write("debug", () => `Connection from ${peer}; # open connections: ${open}`),
    ),
    subscribe("hrpcd:connection:close", ({ peer, open, reason }) =>
      write(
        "debug",
        () => `Connection from ${peer} closed${reason === "" ? "" : `: ${cut(reason)}`}; # open connections: ${open}`,
      ),
    ),
    subscribe("hrpcd:connection:refused", ({ peer, reason }) =>
      write("warn", () => `Connection from ${peer} refused: ${cut(reason)}`),
    ),
    subscribe("hrpcd:call:dropped", ({ peer, protocol, method, reason }) =>
      write("info", () => `Call ${protocol}.${method} from ${peer} dropped: ${reason}`),
    ),
    subscribe("hrpcd:call:refused", ({ peer, user, protocol, method, priorityLevel, reason }) =>
      write(
        "debug",
        () => `Call ${protocol}.${method} of level ${priorityLevel} from ${peer} (${cut(user)}) refused: ${reason}`,
      ),
    ),
    subscribe("hrpcd:call:failed", ({ peer, user, protocol, method, error }) => {
      if (!log.isLevelEnabled("warn") || !limit.allows()) return;
      const { level, text } = failure(error);
      log.log(level, `Call ${protocol}.${method} from ${peer} (${cut(user)}) failed: ${text}`);
    }),
    subscribe("hrpcd:admin:call", ({ peer, user, protocol, method }) =>
      write("info", () => `Admin call ${protocol}.${method} from ${peer} (${cut(user)})`),
    ),
    subscribe("hrpcd:response:large", ({ peer, protocol, method, bytes }) =>
      write("warn", () => `Large response size ${bytes} for call ${protocol}.${method} from ${peer}`),
    ),
  ];
  return () => {
    for (const stop of unsubscribe) stop();
  };
}

/** Counts the lines of each second, and tells how many were left out when the next line comes. */
class LineLimit {
  readonly #log: Log;
  readonly #nowMs: () => number;
  #second = 0;
  #lines = 0;

  constructor(log: Log, nowMs: () => number) {
    this.#log = log;
    this.#nowMs = nowMs;
  }

  allows(): boolean {
    const second = Math.floor(this.#nowMs() / 1000);
    if (second !== this.#second) {
      const leftOut = this.#lines - MAX_LINES_PER_SECOND;
      if (leftOut > 0) this.#log.warn(`${leftOut} lines about connections and calls were left out`);
      this.#second = second;
      this.#lines = 0;
    }
    return ++this.#lines <= MAX_LINES_PER_SECOND;
  }
}

function cut(text: string, most = MAX_TEXT_CHARS): string {
  return text.length <= most ? text : `${text.slice(0, most)}... (${text.length} characters)`;
}

/** An RpcError is an answer that the method chose; anything else may be a fault of the method, and its stack helps. */
function failure(thrown: unknown): { level: LogLevel; text: string } {
  try {
    const { cause, javaClass, message } = RpcError.from(thrown);
    if (cause !== thrown) return { level: "info", text: `${cut(javaClass)}: ${cut(message)}` };
    return { level: "warn", text: cut(cause instanceof Error ? String(cause.stack) : message, MAX_STACK_CHARS) };
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
