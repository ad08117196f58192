/**
 * What systemd tells the program by its environment, and what the program tells systemd: sd_notify(3), sd_listen_fds(3),
 * systemd.exec(5). A notification is a datagram to a unix socket, which Node cannot send, so `systemd-notify` sends it, one run
 * after the other: two at once could overtake each other. Such a message does not come from the main process, hence
 * NotifyAccess=all in the unit.
 */
import { execFile } from "node:child_process";
import { RpcError } from "../protocol/rpc-error.js";

/** The first descriptor that a service manager passes (sd_listen_fds(3), SD_LISTEN_FDS_START). */
const FIRST_PASSED_FD = 3;
/** A notification that takes longer is given up: the next one may get through. */
const NOTIFY_TIMEOUT_MS = 10_000;

/** What the environment of a service says. */
export interface ServiceEnvironment {
  /** There is somebody to notify. */
  readonly notify: boolean;
  /** How often the service must say that it lives; undefined if nobody waits for that. */
  readonly watchdogMs: number | undefined;
  /** The listening socket that was passed; undefined if none was. */
  readonly listenFd: number | undefined;
  /** Device and inode of the journal's stream, which standard error may be. */
  readonly journal: { readonly dev: number; readonly ino: number } | undefined;
}

/**
 * Reads the environment of the process `pid`. What is meant for another process, or is no number, counts as absent.
 * Throws BAD_SETTING if more than one socket was passed.
 */
export function serviceEnvironment(env: Readonly<Record<string, string | undefined>>, pid: number): ServiceEnvironment {
  const { NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID, LISTEN_PID, LISTEN_FDS, JOURNAL_STREAM } = env;
  const watchdogUs = wholeNumber(WATCHDOG_USEC);
  const watched = (WATCHDOG_PID ?? "") === "" || wholeNumber(WATCHDOG_PID) === pid;
  const sockets = wholeNumber(LISTEN_PID) === pid ? (wholeNumber(LISTEN_FDS) ?? 0) : 0;
  if (sockets > 1) {
    const message = `the service manager passes ${sockets} sockets: hrpcd listens on one, so name one ListenStream`;
    throw new RpcError("BAD_SETTING", message);
  }
  const [, dev, ino] = /^(\d+):(\d+)$/.exec(JOURNAL_STREAM ?? "") ?? [];
  const notify = (NOTIFY_SOCKET ?? "") !== "";
  return {
    notify,
    watchdogMs: notify && watched && watchdogUs !== undefined && watchdogUs > 0 ? watchdogUs / 1000 : undefined,
    listenFd: sockets === 1 ? FIRST_PASSED_FD : undefined,
    journal: dev === undefined ? undefined : { dev: Number(dev), ino: Number(ino) },
  };
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** Runs a program and tells how it ended. */
export type RunProgram = (program: string, args: readonly string[], done: (error: Error | null) => void) => void;

const runProgram: RunProgram = (program, args, done) => {
  const child = execFile(program, args, { timeout: NOTIFY_TIMEOUT_MS }, done);
  // The process may end before its last message has left: nobody minds.
  child.unref();
};

/** Tells the service manager how the service is. Does nothing if there is nobody to tell. */
export class ServiceManager {
  readonly #notify: boolean;
  readonly #warn: (text: string) => void;
  readonly #run: RunProgram;
  readonly #waiting: (readonly string[])[] = [];
  #busy = false;
  #warned = false;

  /** `warn` is told once that messages do not get through. */
  constructor({ notify }: Pick<ServiceEnvironment, "notify">, warn: (text: string) => void, run = runProgram) {
    this.#notify = notify;
    this.#warn = warn;
    this.#run = run;
  }

  /** The service serves, for the first time or again; `status` is for people. */
  ready(status: string): void {
    this.#tell("READY=1", statusLine(status));
  }

  /** The service reads its settings again; `ready` follows. `nowUs` is CLOCK_MONOTONIC in microseconds. */
  reloading(nowUs: bigint): void {
    this.#tell("RELOADING=1", `MONOTONIC_USEC=${nowUs}`, statusLine("reading the settings again"));
  }

  /** The service drains. */
  stopping(status: string): void {
    this.#tell("STOPPING=1", statusLine(status));
  }

  /** The service lives. One such message at a time is enough. */
  alive(): void {
    if (!this.#waiting.some(([first]) => first === ALIVE)) this.#tell(ALIVE);
  }

  #tell(...assignments: readonly string[]): void {
    if (!this.#notify) return;
    this.#waiting.push(assignments);
    if (!this.#busy) this.#next();
  }

  #next(): void {
    const assignments = this.#waiting.shift();
    this.#busy = assignments !== undefined;
    if (assignments === undefined) return;
    this.#run("systemd-notify", assignments, (error) => {
      if (error !== null && !this.#warned) {
        this.#warned = true;
        this.#warn(`The service manager cannot be notified: systemd-notify: ${error.message.trim()}`);
      }
      this.#next();
    });
  }
}

const ALIVE = "WATCHDOG=1";

/** An assignment is a line: a status of several would be several assignments. */
function statusLine(status: string): string {
  return `STATUS=${status.replace(/\s+/g, " ")}`;
}
