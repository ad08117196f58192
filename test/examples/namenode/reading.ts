/** What can be asked of the tree. One function for each method; none changes anything but an access time. */
import { failure } from "./exceptions.js";
import type { FileTree } from "./file-tree.js";
import { type Counts, countsOf, type FileNode, type Node, type Quota } from "./inodes.js";
import { sortKey } from "./paths.js";
import { type Access, assertAccess, assertListable, type Caller } from "./permissions.js";

/** How much newer an access must be to be noted, in milliseconds (Hadoop: dfs.namenode.accesstime.precision). */
const ACCESS_TIME_PRECISION_MS = 3_600_000n;

/** What a path names; undefined if there is nothing. */
export function getFileInfo(tree: FileTree, caller: Caller, src: string): Node | undefined {
  // For the superuser Hadoop looks no further: a file in the way is no failure then.
  return (caller.superuser ? tree.lookUp(src) : tree.resolve(caller, src)).node;
}

/** A page of a directory. */
export interface Listing {
  /** A file that is listed by itself has no name. */
  readonly entries: readonly { readonly name: string; readonly node: Node }[];
  /** How many come after these. */
  readonly remaining: number;
}

/** The children of a directory that come after a name, as many as a page holds; of a file, the file. Undefined if there is nothing. */
export function getListing(tree: FileTree, caller: Caller, src: string, startAfter: Uint8Array): Listing | undefined {
  const { node } = tree.resolve(caller, src);
  if (node === undefined) return undefined;
  if (node.kind === "file") return { entries: [{ name: "", node }], remaining: 0 };
  assertAccess(caller, node, "READ_EXECUTE");
  const { nodes, remaining } = node.pageAfter(sortKey(startAfter), tree.listLimit);
  return { entries: nodes.map((child) => ({ name: child.name, node: child })), remaining };
}

/** The file whose blocks are wanted. That counts as an access. */
export function getBlockLocations(
  tree: FileTree,
  caller: Caller,
  src: string,
  offset: bigint,
  length: bigint,
): FileNode {
  if (offset < 0n) throw failure("illegalArgument", `Negative offset is not supported. File: ${src}`);
  if (length < 0n) throw failure("illegalArgument", `Negative length is not supported. File: ${src}`);
  const file = fileAt(tree, caller, src);
  assertAccess(caller, file, "READ");
  const now = tree.now();
  if (!tree.inSafeMode && now > file.accessed + ACCESS_TIME_PRECISION_MS) file.accessed = now;
  return file;
}

/** The file of a path. Throws FileNotFoundException for a directory too. */
export function fileAt(tree: FileTree, caller: Caller, src: string): FileNode {
  const { node, path } = tree.resolve(caller, src);
  if (node === undefined) throw failure("fileNotFound", `File does not exist: ${path}`);
  if (node.kind === "directory") throw failure("fileNotFound", `Path is not a file: ${path}`);
  return node;
}

/** Throws: there are no symbolic links. */
export function getLinkTarget(tree: FileTree, caller: Caller, src: string): never {
  const { node, path } = tree.resolve(caller, src);
  if (node === undefined) throw failure("fileNotFound", `File does not exist: ${path}`);
  throw failure("io", `Path ${path} is not a symbolic link`);
}

/** What a file or directory consists of, and how much it may. */
export interface Usage {
  readonly counts: Counts;
  readonly quota: Quota;
  readonly kind: Node["kind"];
}

/** Counts what is at a path. The caller must be able to list all of it. */
export function getContentSummary(tree: FileTree, caller: Caller, src: string): Usage {
  const { node, path } = tree.resolve(caller, src);
  if (node === undefined) throw failure("fileNotFound", `File does not exist: ${path}`);
  if (node.kind === "directory") assertListable(caller, node, "first first");
  return usageOf(node);
}

/** The same, asked for because of the quota. */
export function getQuotaUsage(tree: FileTree, caller: Caller, src: string): Usage {
  const { node, path } = tree.resolve(caller, src);
  if (node === undefined) throw failure("fileNotFound", `File/Directory does not exist: ${path}`);
  if (node.kind === "directory") assertListable(caller, node, "last first");
  return usageOf(node);
}

function usageOf(node: Node): Usage {
  return { counts: countsOf(node), quota: node.kind === "directory" ? node.quota : {}, kind: node.kind };
}

/** Throws unless the caller has this access to a path. */
export function checkAccess(tree: FileTree, caller: Caller, src: string, access: Access): void {
  assertAccess(caller, nodeAt(tree, caller, src, "Path not found: "), access);
}

/** The file or directory of a path. `lacking` begins the message of the FileNotFoundException. */
export function nodeAt(tree: FileTree, caller: Caller, src: string, lacking: string): Node {
  const { node, path } = tree.resolve(caller, src);
  if (node === undefined) throw failure("fileNotFound", `${lacking}${path}`);
  return node;
}
