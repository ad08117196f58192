/** A process that runs one hrpcd server for a measuring script: the script's half. `server-entry.ts` is the other. */
import type { SettingValues } from "../../conf/index.js";
import { Child } from "./child.js";

export interface ServerProcessOptions {
  /** Time that `echo` waits before it answers; 0 is a handler without a promise. */
  readonly handlerMs?: number;
  /** Processor time that `echo` takes before it answers, without a promise; in place of `handlerMs`. */
  readonly busyMs?: number;
  /** Calls that run at the same time; the shipped default if absent. */
  readonly numHandlers?: number;
  /** Settings that differ from the shipped ones. */
  readonly settings?: SettingValues;
}

export type ServerRequest = { readonly do: "port" } | { readonly do: "usage"; readonly collect: boolean };

/** What the server process holds and has used. Sizes in bytes. */
export interface Usage {
  readonly rss: number;
  readonly external: number;
  readonly heapUsed: number;
  /** Processor time since the start, in milliseconds. */
  readonly cpuMs: number;
  /** The highest sum of resident and external memory since the last report. */
  readonly peak: number;
  /** The most resident memory since the last report. */
  readonly peakRss: number;
}

export class ServerProcess {
  readonly #child: Child;
  readonly port: number;

  private constructor(child: Child, port: number) {
    this.#child = child;
    this.port = port;
  }

  static async start(options: ServerProcessOptions = {}, execArgv: readonly string[] = []): Promise<ServerProcess> {
    const child = new Child(new URL("./server-entry.js", import.meta.url), [JSON.stringify(options)], execArgv);
    return new ServerProcess(child, await child.ask<number>({ do: "port" } satisfies ServerRequest));
  }

  /** Reports usage; `collect` runs the garbage collector before. */
  usage(collect = false): Promise<Usage> {
    return this.#child.ask<Usage>({ do: "usage", collect } satisfies ServerRequest);
  }

  stop(): Promise<void> {
    return this.#child.stop();
  }
}
