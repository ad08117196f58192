/**
 * The tree: finds what a path names, adds and removes, and keeps the limits. What callers may ask of it is in the files
 * `reading.ts`, `writing.ts`, `renaming.ts` and `attributes.ts`, a function for each method.
 *
 * It knows nothing of RPC: who calls is a value, and so is the clock.
 */
import { failure } from "./exceptions.js";
import { DirectoryNode, type Node, nodesWithin, sizeOf } from "./inodes.js";
import { Leases } from "./leases.js";
import { assertNotReserved, partsOf, pathOf } from "./paths.js";
import { assertAccess, type Caller } from "./permissions.js";

/** Number of the root, as in every NameNode. */
const ROOT_ID = 16385n;

/** What a tree is made with. */
export interface FileTreeOptions {
  /** Owns the root. */
  readonly superuser: string;
  /** Group of the root. */
  readonly supergroup: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Host that the message about safe mode names; default "localhost". */
  readonly hostName?: string;
  /** Longest name, in bytes of UTF-8; default 255 (Hadoop: dfs.namenode.fs-limits.max-component-length). */
  readonly maxNameBytes?: number;
  /** Most children of a directory; default 1048576 (Hadoop: dfs.namenode.fs-limits.max-directory-items). */
  readonly maxDirectoryItems?: number;
  /** Most entries of one listing; default 1000 (Hadoop: dfs.ls.limit). */
  readonly listLimit?: number;
}

/** What a path leads to. */
export interface Found {
  /** The path without what is superfluous in it. */
  readonly path: string;
  readonly parts: readonly string[];
  /** What is named; undefined if there is nothing. */
  readonly node: Node | undefined;
  /** The nodes above it that there are, from the root down; none for the root. */
  readonly above: readonly Node[];
  /** The lowest of them; undefined for the root. */
  readonly ancestor: Node | undefined;
  /** How many of the parts were found. */
  readonly depth: number;
}

/** Path of the directory that a path lies in, whether there is one or not. */
export function parentPathOf({ parts }: Found): string {
  return pathOf(parts.slice(0, -1));
}

/** An in-memory file system. */
export class FileTree {
  readonly root: DirectoryNode;
  readonly leases: Leases;
  readonly listLimit: number;
  /** While set, nothing may be changed. */
  inSafeMode = false;
  readonly #now: () => number;
  readonly #hostName: string;
  readonly #maxNameBytes: number;
  readonly #maxDirectoryItems: number;
  #lastId = ROOT_ID;

  constructor(options: FileTreeOptions) {
    this.#now = options.now;
    this.#hostName = options.hostName ?? "localhost";
    this.#maxNameBytes = options.maxNameBytes ?? 255;
    this.#maxDirectoryItems = options.maxDirectoryItems ?? 1_048_576;
    this.listLimit = options.listLimit ?? 1000;
    this.leases = new Leases(options.now);
    this.root = new DirectoryNode({
      id: ROOT_ID,
      name: "",
      owner: options.superuser,
      group: options.supergroup,
      mode: 0o755,
      modified: this.now(),
      accessed: 0n,
    });
    // Hadoop's root has this quota from the start, so that clients show its use.
    this.root.quota = { names: MAX_LONG };
  }

  /** Milliseconds since 1970. */
  now(): bigint {
    return BigInt(this.#now());
  }

  /** A number for a new node. */
  nextId(): bigint {
    this.#lastId += 1n;
    return this.#lastId;
  }

  /** Throws SafeModeException while nothing may be changed; `what` could not be done. */
  assertChangeable(what: string): void {
    if (!this.inSafeMode) return;
    throw failure(
      "safeMode",
      `Cannot ${what}. Name node is in safe mode.\nIt was turned on manually. Use "hdfs dfsadmin -safemode leave" to turn ` +
        `safe mode off. NamenodeHostName:${this.#hostName}`,
    );
  }

  /** Finds what a path names; asks for no permission. Throws AssertionError for a path that is not absolute. */
  lookUp(path: string): Found {
    const parts = partsOf(path);
    const above: Node[] = [];
    let node: Node | undefined = this.root;
    for (const part of parts) {
      above.push(node);
      node = node.kind === "directory" ? node.child(part) : undefined;
      if (node === undefined) break;
    }
    const depth = node === undefined ? above.length - 1 : parts.length;
    return { path: pathOf(parts), parts, node, above, ancestor: above.at(-1), depth };
  }

  /**
   * Finds what a path names, for a caller who may go there. Throws AccessControlException for a directory that the caller may not pass
   * through, and for a file that stands where a directory should; the latter is a ParentNotDirectoryException for what is to be created.
   */
  resolve(caller: Caller, path: string, purpose: "use" | "create" = "use"): Found {
    const found = this.lookUp(path);
    for (const node of found.above) {
      if (node.kind === "file") {
        throw failure(
          purpose === "create" ? "parentNotDirectory" : "accessControl",
          `${node.path} (is not a directory)`,
        );
      }
      assertAccess(caller, node, "EXECUTE");
    }
    return found;
  }

  /** Throws unless the directory may get a child of this name. */
  assertName(directory: DirectoryNode, name: string): void {
    assertNotReserved([...partsOf(directory.path), name]);
    const length = Buffer.byteLength(name);
    if (length > this.#maxNameBytes) {
      throw failure(
        "pathComponentTooLong",
        `The maximum path component name limit of ${name} in directory ${directory.path} is exceeded: ` +
          `limit=${this.#maxNameBytes} length=${length}`,
      );
    }
  }

  /** Throws if the directory has as many children as it may have. */
  assertRoom(directory: DirectoryNode): void {
    const items = directory.childCount;
    if (items >= this.#maxDirectoryItems) {
      throw failure(
        "maxDirectoryItems",
        `The directory item limit of ${directory.path} is exceeded: limit=${this.#maxDirectoryItems} items=${items}`,
      );
    }
  }

  /** Puts a node into a directory that has none of that name. Throws for what breaks a limit, and leaves all as it was then. */
  add(directory: DirectoryNode, node: Node): void {
    this.assertName(directory, node.name);
    this.assertRoom(directory);
    assertQuota(directory, sizeOf(node));
    directory.add(node);
    directory.modified = this.now();
  }

  /** Takes a node out of the tree for good. */
  remove(node: Node): void {
    for (const inner of nodesWithin(node)) {
      if (inner.kind === "file") this.leases.close(inner);
    }
    const { parent } = node;
    if (parent === undefined) return;
    parent.remove(node);
    parent.modified = this.now();
  }
}

/** Java's greatest long: the quota that nobody reaches. */
export const MAX_LONG = (1n << 63n) - 1n;

/**
 * Throws NSQuotaExceededException if this many names more are too many for the directory or one above it. `unchanged` is a directory
 * above whose number stays as it is, as it does for those above that one.
 */
export function assertQuota(directory: DirectoryNode, size: number, unchanged?: DirectoryNode): void {
  if (size <= 0) return;
  for (let at: DirectoryNode | undefined = directory; at !== undefined && at !== unchanged; at = at.parent) {
    const { names } = at.quota;
    const count = sizeOf(at) + size;
    if (names !== undefined && BigInt(count) > names) {
      throw failure(
        "nsQuotaExceeded",
        `The NameSpace quota (directories and files) of directory ${at.path} is exceeded: quota=${names} file count=${count}`,
      );
    }
  }
}
