/**
 * The daemon's log: winston in front of a LineSink, and the server's events as lines. What peers send is escaped.
 */
import winston from "winston";
import Transport from "winston-transport";
import type { SettingKey, Settings } from "../conf/index.js";
import { subscribe } from "../protocol/events.js";
import { type Clock, systemClock } from "./clock.js";
import { FailureLog, type FailureRules, faultText } from "./failure-log.js";
import { LineLimit } from "./line-limit.js";
import type { LineSink } from "./line-sink.js";
import { cut, escaped } from "./log-text.js";
import { auditText, heldLoopText, slowCallText } from "./operations-log.js";

export type LogLevel = "error" | "warn" | "info" | "debug";
export type Log = winston.Logger;

const MESSAGE = Symbol.for("message");
/** Lines about peers and calls in one second; whoever sends much must not make the server write much. */
const MAX_LINES_PER_SECOND = 100;
/** The same for slow calls, and for what held the event loop: a server in trouble must not be kept busy by saying so. */
const MAX_TROUBLE_LINES_PER_SECOND = 10;

/** The settings that `logEvents` takes. */
export const EVENT_LOG_KEYS: readonly SettingKey[] = [
  "hrpcd.log.loop.delay.ms",
  "hrpcd.log.exceptions.terse",
  "hrpcd.log.exceptions.suppressed",
];

/** What `logEvents` is told. */
export interface EventLogOptions {
  readonly failures?: FailureRules;
  /** What held the event loop shorter than this is not logged; 0 logs nothing of the kind. Default 0. */
  readonly loopDelayMs?: number;
  /** Takes every line about who was let in; without it they are in the log, within bounds. */
  readonly audit?: Log;
  readonly clock?: Pick<Clock, "now" | "after">;
}

/** What the settings say of the events' lines. */
export function eventLogOptions(conf: Settings): Required<Pick<EventLogOptions, "failures" | "loopDelayMs">> {
  return {
    failures: {
      terse: conf.get("hrpcd.log.exceptions.terse"),
      suppressed: conf.get("hrpcd.log.exceptions.suppressed"),
    },
    loopDelayMs: conf.get("hrpcd.log.loop.delay.ms"),
  };
}

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

/** Priorities of sd-daemon(3). */
const PRIORITIES: Readonly<Record<string, number>> = { error: 3, warn: 4, info: 6, debug: 7 };

/**
 * A log whose lines read `2026-01-31T12:00:00.000Z INFO message`, or `<6>message` for the journal, which knows the time and
 * takes each line of a stack for an entry.
 */
export function createLog(level: LogLevel, sink: LineSink, { journal = false } = {}): Log {
  const { combine, timestamp, printf } = winston.format;
  const transports = [new SinkTransport(sink)];
  if (journal) {
    const entry = printf((info) => {
      const priority = `<${PRIORITIES[info.level] ?? 6}>`;
      return `${priority}${escaped(String(info.message)).replaceAll("\n", `\n${priority}`)}`;
    });
    return winston.createLogger({ level, format: entry, transports });
  }
  const line = printf(
    (info) => `${String(info.timestamp)} ${info.level.toUpperCase()} ${escaped(String(info.message))}`,
  );
  return winston.createLogger({ level, format: combine(timestamp(), line), transports });
}

/**
 * Writes the events of the servers in this process to the log, so many lines a second of each kind; what is left out is said
 * when the second is over. Returns the function that stops it.
 */
export function logEvents(log: Log, options: EventLogOptions = {}): () => void {
  const limits = limitsOf(log, options.clock ?? systemClock);
  const write = (level: LogLevel, text: () => string, limit = limits.peers): void => {
    if (log.isLevelEnabled(level) && limit.allows()) log.log(level, text());
  };
  const unsubscribe = [...logConnections(write), ...logCalls(write, options), ...logTrouble(write, limits, options)];
  return () => {
    for (const stop of unsubscribe) stop();
    for (const limit of Object.values(limits)) limit.stop();
  };
}

/** Writes a line of this level, if it may; peers and calls are counted unless another limit is given. */
type WriteLine = (level: LogLevel, text: () => string, limit?: LineLimit) => void;

function limitsOf(
  log: Log,
  clock: Pick<Clock, "now" | "after">,
): Record<"peers" | "slow" | "loop" | "audit", LineLimit> {
  const limit = (linesPerSecond: number, subject: string): LineLimit =>
    new LineLimit({
      linesPerSecond,
      clock,
      leftOut: (lines) => log.warn(`${lines} lines about ${subject} were left out`),
    });
  return {
    peers: limit(MAX_LINES_PER_SECOND, "connections and calls"),
    slow: limit(MAX_TROUBLE_LINES_PER_SECOND, "slow calls"),
    loop: limit(MAX_TROUBLE_LINES_PER_SECOND, "what held the event loop"),
    audit: limit(MAX_LINES_PER_SECOND, "who was let in"),
  };
}

function logConnections(write: WriteLine): (() => void)[] {
  return [
    subscribe("hrpcd:server:descriptors", ({ exhausted, limit }) => {
      const most = limit === undefined ? "" : ` of ${limit}`;
      if (!exhausted) write("info", () => "File descriptors are free again: connections are accepted");
      else {
        const advice = "connections are closed unseen. Raise LimitNOFILE or ulimit -n";
        write("error", () => `No file descriptor${most} is left: ${advice}`);
      }
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
  ];
}

function logCalls(write: WriteLine, { failures = { terse: [], suppressed: [] } }: EventLogOptions): (() => void)[] {
  const failureLog = new FailureLog(failures);
  return [
    subscribe("hrpcd:call:dropped", ({ peer, protocol, method, reason }) =>
      write("info", () => `Call ${protocol}.${method} from ${peer} dropped: ${reason}`),
    ),
    subscribe("hrpcd:call:refused", ({ peer, user, protocol, method, priorityLevel, reason }) =>
      write(
        "debug",
        () => `Call ${protocol}.${method} of level ${priorityLevel} from ${peer} (${cut(user)}) refused: ${reason}`,
      ),
    ),
    subscribe("hrpcd:admin:call", ({ peer, user, protocol, method }) =>
      write("info", () => `Admin call ${protocol}.${method} from ${peer} (${cut(user)})`),
    ),
    subscribe("hrpcd:http:failed", ({ path, error }) =>
      write("error", () => `The page ${cut(path)} could not be made: ${faultText(error)}`),
    ),
    subscribe("hrpcd:response:large", ({ peer, protocol, method, bytes }) =>
      write("warn", () => `Large response size ${bytes} for call ${protocol}.${method} from ${peer}`),
    ),
    subscribe("hrpcd:call:failed", ({ peer, user, protocol, method, error }) => {
      const line = failureLog.line(error);
      if (line === undefined) return;
      write(line.level, () => `Call ${protocol}.${method} from ${peer} (${cut(user)}) failed: ${line.text()}`);
    }),
  ];
}

function logTrouble(
  write: WriteLine,
  limits: ReturnType<typeof limitsOf>,
  { loopDelayMs = 0, audit }: EventLogOptions,
): (() => void)[] {
  return [
    subscribe("hrpcd:call:slow", (event) => write("warn", () => slowCallText(event), limits.slow)),
    subscribe("hrpcd:loop:held", (event) => {
      if (loopDelayMs > 0 && event.ms >= loopDelayMs) write("warn", () => heldLoopText(event), limits.loop);
    }),
    subscribe("hrpcd:security:audit", (event) => {
      if (audit !== undefined) audit.info(auditText(event));
      else write("info", () => auditText(event), limits.audit);
    }),
  ];
}
