/** Files and directories, and what each knows of itself. Who may do what with them is decided elsewhere. */
import { pathOf, sortKey } from "./paths.js";
import { type Page, SortedNodes } from "./sorted-nodes.js";

/** The bits that a permission has here: three times rwx, and the sticky bit. Clients send others, which are dropped. */
const MODE_BITS = 0o1777;
const STICKY_BIT = 0o1000;

/** What a file or directory is made with. */
export interface InodeInit {
  readonly id: bigint;
  readonly name: string;
  readonly owner: string;
  readonly group: string;
  /** Permission bits; what is not among them is dropped. */
  readonly mode: number;
  /** Milliseconds since 1970. */
  readonly modified: bigint;
  readonly accessed: bigint;
}

/** A file or a directory. */
export type Node = FileNode | DirectoryNode;

abstract class Inode {
  /** Unique in the tree, and never used again. */
  readonly id: bigint;
  /** Undefined for the root, and for what was removed. */
  parent: DirectoryNode | undefined = undefined;
  owner: string;
  group: string;
  modified: bigint;
  accessed: bigint;
  #name: string;
  #sortKey: string;
  #mode: number;

  constructor(init: InodeInit) {
    this.id = init.id;
    this.owner = init.owner;
    this.group = init.group;
    this.modified = init.modified;
    this.accessed = init.accessed;
    this.#name = init.name;
    this.#sortKey = sortKey(init.name);
    this.#mode = init.mode & MODE_BITS;
  }

  /** Name within the directory; empty for the root. Changed only while the node is in none. */
  get name(): string {
    return this.#name;
  }

  set name(name: string) {
    this.#name = name;
    this.#sortKey = sortKey(name);
  }

  /** By which a directory sorts its children. */
  get sortKey(): string {
    return this.#sortKey;
  }

  get mode(): number {
    return this.#mode;
  }

  set mode(mode: number) {
    this.#mode = mode & MODE_BITS;
  }

  get sticky(): boolean {
    return (this.#mode & STICKY_BIT) !== 0;
  }

  get path(): string {
    const names: string[] = [];
    for (let at: Inode = this; at.parent !== undefined; at = at.parent) names.push(at.#name);
    return pathOf(names.reverse());
  }
}

/** Who writes a file that is not closed yet. */
export interface Writer {
  /** Name that the client gave itself. */
  readonly holder: string;
  /** Address from which it opened the file. */
  readonly machine: string;
}

/** A file. It never has data. */
export class FileNode extends Inode {
  readonly kind = "file";
  readonly blockSize: bigint;
  replication: number;
  /** Set while the file is open. */
  writer: Writer | undefined;

  constructor(init: InodeInit & Pick<FileNode, "blockSize" | "replication" | "writer">) {
    super(init);
    this.blockSize = init.blockSize;
    this.replication = init.replication;
    this.writer = init.writer;
  }
}

/** What a directory and everything below it consists of; the directory itself counts. */
export interface Counts {
  readonly files: number;
  readonly directories: number;
}

/** How much may be in a directory. Undefined: as much as there is. */
export interface Quota {
  /** Files and directories, the directory itself among them. */
  readonly names?: bigint | undefined;
  /** Bytes, replicas counted. Files have no data here, so nobody reaches it. */
  readonly space?: bigint | undefined;
}

/** A directory. */
export class DirectoryNode extends Inode {
  readonly kind = "directory";
  quota: Quota = {};
  readonly #byName = new Map<string, Node>();
  readonly #sorted = new SortedNodes();
  #files = 0;
  #directories = 1;

  get counts(): Counts {
    return { files: this.#files, directories: this.#directories };
  }

  /** Direct children, sorted. */
  get children(): Iterable<Node> {
    return this.#sorted;
  }

  /** Number of direct children. */
  get childCount(): number {
    return this.#sorted.size;
  }

  child(name: string): Node | undefined {
    return this.#byName.get(name);
  }

  /** At most `limit` children, from the first whose sort key is greater. */
  pageAfter(key: string, limit: number): Page {
    return this.#sorted.pageAfter(key, limit);
  }

  /** Puts a node into the directory, which has none of that name. */
  add(node: Node): void {
    this.#byName.set(node.name, node);
    this.#sorted.add(node);
    node.parent = this;
    this.#count(countsOf(node), 1);
  }

  /** Takes a child out. */
  remove(node: Node): void {
    this.#byName.delete(node.name);
    this.#sorted.remove(node);
    node.parent = undefined;
    this.#count(countsOf(node), -1);
  }

  #count({ files, directories }: Counts, sign: 1 | -1): void {
    for (let node: DirectoryNode | undefined = this; node !== undefined; node = node.parent) {
      node.#files += sign * files;
      node.#directories += sign * directories;
    }
  }
}

/** What a node and everything below it consists of. */
export function countsOf(node: Node): Counts {
  return node.kind === "file" ? { files: 1, directories: 0 } : node.counts;
}

/** Number of files and directories that a node stands for, as a quota counts them. */
export function sizeOf(node: Node): number {
  const { files, directories } = countsOf(node);
  return files + directories;
}

/** The node and everything below it. */
export function* nodesWithin(node: Node): Generator<Node, void> {
  const waiting = [node];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    yield next;
    if (next.kind === "directory") for (const child of next.children) waiting.push(child);
  }
}
