/**
 * Where log lines go: standard error, or a file. The lines of a turn of the event loop are handed to the system together, in
 * the background; what is left at exit is written before the process ends. A sink that cannot keep up costs lines, which are
 * counted, and nothing else.
 */
import fs from "node:fs";

/** Text that may wait for a slow disk or pipe, in bytes. */
const MAX_WAITING_BYTES = 1024 * 1024;
/** How long a full pipe is left alone. */
const FULL_PIPE_MS = 20;
const STDERR = 2;

export class LineSink {
  readonly #path: string;
  #fd: number;
  #waiting: string[] = [];
  #waitingBytes = 0;
  /** The rest of the batch that is being written, and to where. */
  #writing: { readonly bytes: Buffer; readonly fd: number } | undefined;
  #scheduled = false;
  #dropped = 0;
  readonly #begin = () => {
    this.#scheduled = false;
    if (this.#writing === undefined && this.#waiting.length > 0) this.#write(this.#takeBatch(), this.#fd);
  };

  /** `path` is a file that lines are appended to; empty is standard error. Throws what opening the file throws. */
  constructor(path: string) {
    this.#path = path;
    this.#fd = openSink(path);
  }

  /** Appends a line, to which the line end is added. */
  write(line: string): void {
    if (this.#waitingBytes > MAX_WAITING_BYTES) {
      this.#dropped++;
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
    const fd = openSink(this.#path);
    // A file that is being written to is closed when that is done: its number could be a socket's by then.
    if (this.#writing?.fd !== this.#fd) fs.closeSync(this.#fd);
    this.#fd = fd;
  }

  /** Writes everything that waits, now. */
  flush(): void {
    const { bytes, fd } = this.#writing ?? { bytes: NOTHING, fd: this.#fd };
    this.#writing = undefined;
    writeNow(fd, bytes);
    writeNow(this.#fd, this.#takeBatch());
  }

  #takeBatch(): Buffer {
    const lines = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    if (this.#dropped > 0)
      lines.push(`${this.#dropped} log lines were dropped: the log is written more slowly than it grows`);
    this.#dropped = 0;
    return Buffer.from(lines.map((line) => `${line}\n`).join(""));
  }

  #write(bytes: Buffer, fd: number): void {
    const writing = { bytes, fd };
    this.#writing = writing;
    fs.write(fd, bytes, (error, written) => {
      if (this.#writing !== writing) return;
      if (error === null && written < bytes.length) this.#write(bytes.subarray(written), fd);
      else if (error?.code === "EAGAIN") setTimeout(() => this.#writeAgain(writing), FULL_PIPE_MS).unref();
      else this.#written(error === null ? 0 : countLines(bytes), fd);
    });
  }

  #writeAgain(writing: { readonly bytes: Buffer; readonly fd: number }): void {
    if (this.#writing === writing) this.#write(writing.bytes, writing.fd);
  }

  #written(lostLines: number, fd: number): void {
    this.#writing = undefined;
    this.#dropped += lostLines;
    if (fd !== this.#fd) fs.closeSync(fd);
    this.#begin();
  }
}

const NOTHING = Buffer.alloc(0);

function writeNow(fd: number, bytes: Buffer): void {
  for (let at = 0, tries = 0; at < bytes.length && tries < 100; ) {
    try {
      at += fs.writeSync(fd, bytes, at);
    } catch (error) {
      // A full pipe may empty in a moment; everything else will not get better.
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") return;
      tries++;
    }
  }
}

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) lines++;
  return lines;
}

const NEWLINE = 0x0a;

function openSink(path: string): number {
  return path === "" ? STDERR : fs.openSync(path, "a");
}
