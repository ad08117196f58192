/**
 * Where log lines go: standard error, or a file. The lines of a turn of the event loop are handed to the system together, in
 * the background; what is left at exit is written before the process ends. A sink that cannot keep up costs lines, which are
 * counted, and said once it works again, and nothing else.
 *
 * A pipe, a terminal or a socket is only written to as far as it takes bytes at once: a write that waits for a reader who has
 * stopped would hold a thread, and keep the process from ending. A file has no such mode, so threads write it.
 */
import fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** Text that may wait for a slow disk or pipe, in bytes. */
const MAX_WAITING_BYTES = 1024 * 1024;
/** How long a full pipe is left alone. */
const FULL_PIPE_MS = 20;
/** How long a full pipe may keep a process that ends. */
const FLUSH_MS = 400;
const FLUSH_PAUSE_MS = 5;
const STDERR = 2;
const NEWLINE = 0x0a;
const TOO_SLOW = "the log is written more slowly than it grows";

interface Target {
  readonly fd: number;
  /** To be closed when it is not written to any more. */
  readonly own: boolean;
  /** It takes what it can at once, or says EAGAIN. */
  readonly immediate: boolean;
}

/** Lines that are being written. */
interface Batch {
  readonly target: Target;
  /** What is left of them. */
  bytes: Buffer;
  /** Lost lines that the last line of the batch tells of. */
  readonly told: number;
}

export class LineSink {
  readonly #path: string;
  #target: Target;
  #waiting: string[] = [];
  #waitingBytes = 0;
  #writing: Batch | undefined;
  #scheduled = false;
  /** Lines lost since the log said so, and why. */
  #lost = 0;
  #lostBecause = "";
  #lostInAll = 0;
  /** What was written last ends within a line. */
  #withinLine = false;
  readonly #begin = () => {
    this.#scheduled = false;
    if (this.#writing !== undefined || this.#waiting.length === 0) return;
    this.#writing = this.#takeBatch();
    this.#write(this.#writing);
  };

  /** `path` is a file that lines are appended to; empty is standard error. Throws what opening the file throws. */
  constructor(path: string) {
    this.#path = path;
    this.#target = openTarget(path);
  }

  /** Lines that were lost since the sink was made. */
  get lostLines(): number {
    return this.#lostInAll;
  }

  /** Appends a line, to which the line end is added. */
  write(line: string): void {
    if (this.#waitingBytes > MAX_WAITING_BYTES) {
      this.#lose(1, TOO_SLOW);
      return;
    }
    this.#waiting.push(line);
    this.#waitingBytes += line.length;
    if (this.#scheduled || this.#writing !== undefined) return;
    this.#scheduled = true;
    setImmediate(this.#begin);
  }

  /** Opens the file anew by its name, after something else has renamed it. Throws what opening the file throws. */
  reopen(): void {
    if (this.#path === "") return;
    const target = openTarget(this.#path);
    // A file that is being written to is closed when that is done: its number could be a socket's by then.
    if (this.#writing?.target !== this.#target) fs.closeSync(this.#target.fd);
    this.#target = target;
    this.#withinLine = false;
  }

  /** Writes everything that waits, now; a pipe that stays full costs the lines, and 0.4 seconds at most. */
  flush(): void {
    const deadlineMs = performance.now() + FLUSH_MS;
    if (this.#writing !== undefined) writeNow(this.#writing, deadlineMs);
    this.#writing = undefined;
    writeNow(this.#takeBatch(), deadlineMs);
  }

  /** Settles when nothing waits to be written, and after `withinMs` at the latest. */
  async drained(withinMs = FLUSH_MS): Promise<void> {
    const endMs = performance.now() + withinMs;
    while ((this.#writing !== undefined || this.#waiting.length > 0) && performance.now() < endMs) {
      await sleep(FLUSH_PAUSE_MS);
    }
  }

  #lose(lines: number, because: string): void {
    this.#lost += lines;
    this.#lostInAll += lines;
    this.#lostBecause = because;
  }

  #takeBatch(): Batch {
    const lines = this.#waiting;
    const told = this.#lost;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#lost = 0;
    if (told > 0) lines.push(`${new Date().toISOString()} WARN ${told} log lines were lost: ${this.#lostBecause}`);
    const text = lines.map((line) => `${line}\n`).join("");
    return { target: this.#target, bytes: Buffer.from(this.#withinLine ? `\n${text}` : text), told };
  }

  #write(batch: Batch): void {
    if (!batch.target.immediate) {
      fs.write(batch.target.fd, batch.bytes, (error, written) => this.#wrote(batch, error, written));
      return;
    }
    try {
      this.#wrote(batch, null, fs.writeSync(batch.target.fd, batch.bytes));
    } catch (error) {
      this.#wrote(batch, error as NodeJS.ErrnoException, 0);
    }
  }

  #wrote(batch: Batch, error: NodeJS.ErrnoException | null, written: number): void {
    if (this.#writing !== batch) return;
    if (written > 0) {
      this.#withinLine = batch.bytes[written - 1] !== NEWLINE;
      batch.bytes = batch.bytes.subarray(written);
    }
    if (error?.code === "EAGAIN") {
      setTimeout(() => this.#writeAgain(batch), FULL_PIPE_MS).unref();
    } else if (error === null && batch.bytes.length > 0) {
      this.#write(batch);
    } else {
      if (error !== null) this.#loseBatch(batch, error);
      this.#ended(batch);
    }
  }

  #writeAgain(batch: Batch): void {
    if (this.#writing === batch) this.#write(batch);
  }

  /** A line that tells of lost ones is none of the log's, but they are still to be told of. */
  #loseBatch({ bytes, told }: Batch, error: Error): void {
    this.#lose(Math.max(0, countLines(bytes) - (told > 0 ? 1 : 0)), error.message);
    this.#lost += told;
  }

  #ended({ target }: Batch): void {
    this.#writing = undefined;
    if (target !== this.#target) {
      if (target.own) fs.closeSync(target.fd);
      this.#withinLine = false;
    }
    if (this.#waiting.length === 0 || this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(this.#begin);
  }
}

function writeNow({ target, bytes }: Batch, deadlineMs: number): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += fs.writeSync(target.fd, bytes, at);
    } catch (error) {
      // A full pipe may empty in a moment; everything else will not get better.
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN" || performance.now() > deadlineMs) return;
      pause(FLUSH_PAUSE_MS);
    }
  }
}

/** Stops the thread: at exit there is no event loop to wait in. */
function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) lines++;
  return lines;
}

const { O_WRONLY, O_APPEND, O_CREAT } = fs.constants;
/** Not defined on Windows, where a file is all that can be opened by a name. */
const NEVER_WAIT = (fs.constants.O_NONBLOCK ?? 0) | (fs.constants.O_NOCTTY ?? 0);

function openTarget(path: string): Target {
  if (path === "") return standardError();
  const fd = fs.openSync(path, O_WRONLY | O_APPEND | O_CREAT | NEVER_WAIT);
  return { fd, own: true, immediate: !fs.fstatSync(fd).isFile() };
}

/**
 * Whether writing waits is a property that all who have a pipe or terminal share. Linux opens it anew, with a property of its own.
 * What cannot be opened, such as journald's socket, is given the property for all, which is what Node does with such a
 * `process.stderr` when it is first asked for.
 */
function standardError(): Target {
  if (fs.fstatSync(STDERR).isFile()) return { fd: STDERR, own: false, immediate: false };
  try {
    const fd = fs.openSync(`/proc/self/fd/${STDERR}`, O_WRONLY | O_APPEND | NEVER_WAIT);
    return { fd, own: true, immediate: true };
  } catch {
    return { fd: process.stderr.fd, own: false, immediate: true };
  }
}
