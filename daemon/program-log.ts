/** The log of the program: its lines and those of the servers' events, the audit lines, and what watches the event loop. */
import type { SettingKey, Settings } from "../conf/index.js";
import type { LineSink } from "./line-sink.js";
import { createLog, EVENT_LOG_KEYS, eventLogOptions, type Log, logEvents } from "./log.js";
import { LoopWatch } from "./loop-watch.js";

/** The settings that `configure` puts into force. */
export const PROGRAM_LOG_KEYS: readonly SettingKey[] = ["hrpcd.log.level", ...EVENT_LOG_KEYS];

export class ProgramLog {
  readonly log: Log;
  readonly #sinks: readonly LineSink[];
  readonly #audit: Log | undefined;
  readonly loopWatch = new LoopWatch();
  #stopEvents: () => void;

  /** `auditSink` is undefined if audit lines belong among the others. */
  constructor(settings: Settings, sink: LineSink, auditSink: LineSink | undefined, { journal = false } = {}) {
    this.#sinks = auditSink === undefined ? [sink] : [sink, auditSink];
    this.log = createLog(settings.get("hrpcd.log.level"), sink, { journal });
    this.#audit = auditSink === undefined ? undefined : createLog("info", auditSink);
    this.#stopEvents = this.#logEvents(settings);
  }

  #logEvents(settings: Settings): () => void {
    return logEvents(this.log, {
      ...eventLogOptions(settings),
      ...(this.#audit !== undefined && { audit: this.#audit }),
    });
  }

  /** Opens the files anew by their names. Throws what opening throws. */
  reopen(): void {
    for (const sink of this.#sinks) sink.reopen();
  }

  /** Goes by these settings from now on: `PROGRAM_LOG_KEYS`. */
  configure(settings: Settings): void {
    this.log.level = settings.get("hrpcd.log.level");
    this.#stopEvents();
    this.#stopEvents = this.#logEvents(settings);
  }

  /** Lines that were lost because a disk was full or a pipe stuck. */
  get lostLines(): number {
    return this.#sinks.reduce((sum, { lostLines }) => sum + lostLines, 0);
  }

  /** Settles when every line is written; a pipe that stays full delays it a little, and no more. */
  async drained(): Promise<void> {
    this.#stopEvents();
    await Promise.all(this.#sinks.map((sink) => sink.drained()));
  }

  /** Writes what waits, now: for when the process ends. */
  flush(): void {
    for (const sink of this.#sinks) sink.flush();
  }
}
