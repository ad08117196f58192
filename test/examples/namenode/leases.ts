/** Who is writing which file. A client that falls silent may lose its files to the next one who wants to create them. */
import type { FileNode } from "./inodes.js";

/** How long a client may be silent before others may take its files, in milliseconds (Hadoop: `HdfsConstants`). */
const SOFT_LIMIT_MS = 60_000;

/** How many files of one client are open, and when it was last heard of. */
interface Lease {
  files: number;
  renewedMs: number;
}

/** Every file that is open, and the clients that write them, by their names. */
export class Leases {
  readonly #now: () => number;
  readonly #openFiles = new Map<bigint, FileNode>();
  readonly #byHolder = new Map<string, Lease>();

  /** `now` gives milliseconds since 1970. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** The open file of this number; undefined if there is none. */
  openFile(id: bigint): FileNode | undefined {
    return this.#openFiles.get(id);
  }

  /** The file has been opened by its writer. */
  open(file: FileNode): void {
    const holder = file.writer?.holder ?? "";
    const lease = this.#byHolder.get(holder) ?? { files: 0, renewedMs: 0 };
    lease.files++;
    this.#openFiles.set(file.id, file);
    this.#byHolder.set(holder, lease);
    this.renew(holder);
  }

  /** The file is no longer written. Closing it again is fine. */
  close(file: FileNode): void {
    if (!this.#openFiles.delete(file.id)) return;
    const holder = file.writer?.holder ?? "";
    const lease = this.#byHolder.get(holder);
    file.writer = undefined;
    if (lease !== undefined && --lease.files === 0) this.#byHolder.delete(holder);
  }

  /** The client is still there. */
  renew(holder: string): void {
    const lease = this.#byHolder.get(holder);
    if (lease !== undefined) lease.renewedMs = this.#now();
  }

  /** The client has been silent for so long that others may have its files. */
  isStale(holder: string): boolean {
    const lease = this.#byHolder.get(holder);
    return lease === undefined || this.#now() - lease.renewedMs > SOFT_LIMIT_MS;
  }

  /** What a failure says of a client. */
  describe(holder: string): string {
    const lease = this.#byHolder.get(holder);
    if (lease === undefined) return `Holder ${holder} does not have any open files.`;
    return `[Lease.  Holder: ${holder}, pending creates: ${lease.files}]`;
  }
}
