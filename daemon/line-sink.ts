/**
 * Where log lines go: standard error, or a file. Lines are handed to the system in the background, in batches; what is left
 * at exit is written before the process ends. A sink that cannot keep up costs lines, which are counted, and nothing else.
 */
import fs from "node:fs";

/** Text that may wait for a slow disk or pipe, in bytes. */
const MAX_WAITING_BYTES = 1024 * 1024;
const STDERR = 2;

export class LineSink {
  readonly #path: string;
  #fd: number;
  #waiting: string[] = [];
  #waitingBytes = 0;
  /** The batch that the system is writing now. */
  #writing: Buffer | undefined;
  #dropped = 0;

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
    if (this.#writing === undefined) this.#writeBatch();
  }

  /** Closes the file and opens it again by its name, after something else has renamed it. */
  reopen(): void {
    if (this.#path === "") return;
    const fd = openSink(this.#path);
    this.flush();
    fs.closeSync(this.#fd);
    this.#fd = fd;
  }

  /** Writes everything that waits, now. */
  flush(): void {
    const rest = this.#takeBatch();
    const bytes = this.#writing === undefined ? rest : Buffer.concat([this.#writing, rest]);
    this.#writing = undefined;
    for (let at = 0, tries = 0; at < bytes.length && tries < 100; ) {
      try {
        at += fs.writeSync(this.#fd, bytes, at);
      } catch (error) {
        // A full pipe may empty in a moment; everything else will not get better.
        if ((error as NodeJS.ErrnoException).code !== "EAGAIN") return;
        tries++;
      }
    }
  }

  #takeBatch(): Buffer {
    const lines = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    if (this.#dropped > 0) lines.push(`${this.#dropped} log lines were dropped: the log is written more slowly than it grows`);
    this.#dropped = 0;
    return Buffer.from(lines.map((line) => `${line}\n`).join(""));
  }

  #writeBatch(): void {
    const batch = this.#takeBatch();
    this.#writing = batch;
    fs.write(this.#fd, batch, (error, written) => {
      if (this.#writing !== batch) return;
      this.#writing = undefined;
      if (error === null && written < batch.length) {
        this.#waiting.unshift(batch.toString("utf8", written).trimEnd());
      }
      if (this.#waiting.length > 0) this.#writeBatch();
    });
  }
}

function openSink(path: string): number {
  return path === "" ? STDERR : fs.openSync(path, "a");
}
