/** Moving files and directories: the old method, which answers false for most of what it cannot do, and the new one, which tells. */
import { failure, invalidPath } from "./exceptions.js";
import { assertQuota, type FileTree, type Found } from "./file-tree.js";
import { type DirectoryNode, type Node, sizeOf } from "./inodes.js";
import { assertPathLength, isValidName, partsOf } from "./paths.js";
import { assertAccess, assertRemovable, type Caller } from "./permissions.js";

/** Moves; into `dst` if that is a directory. False if there is nothing to move, no place, or something in it already. */
export function rename(tree: FileTree, caller: Caller, src: string, dst: string): boolean {
  const { from, to: target } = resolveBoth(tree, caller, src, dst);
  const name = from.parts.at(-1);
  const into = target.node?.kind === "directory" && name !== undefined;
  const to = into ? tree.resolve(caller, `${target.path}/${name}`, "create") : target;
  assertMayMove(caller, from, to);
  const { node } = from;
  if (node === undefined || node === tree.root) return false;
  if (to.node === node) return true;
  const parent = parentOf(to);
  if (isBelow(to, from) || to.node !== undefined || parent === undefined) return false;
  move(tree, node, parent, to.parts.at(-1) as string);
  return true;
}

/** Moves to exactly `dst`, and with `overwrite` in the place of a file or of an empty directory. Throws for whatever cannot be. */
export function rename2(tree: FileTree, caller: Caller, src: string, dst: string, overwrite: boolean): void {
  const { from, to } = resolveBoth(tree, caller, src, dst);
  assertMayMove(caller, from, to);
  const { node } = from;
  if (node === undefined) throw failure("fileNotFound", `rename source ${from.path} is not found.`);
  if (node === tree.root) throw failure("io", "rename source cannot be the root");
  if (to.node === node) {
    throw failure("fileAlreadyExists", `The source ${from.path} and destination ${to.path} are the same`);
  }
  if (isBelow(to, from)) {
    throw failure("io", `Rename destination ${to.path} is a directory or file under source ${from.path}`);
  }
  if (to.node === tree.root) throw failure("io", "rename destination cannot be the root");
  if (to.node !== undefined) assertReplaceable(from.path, node, to.path, to.node, overwrite);
  const parent = parentOf(to);
  if (parent === undefined) throw failure("fileNotFound", `rename destination parent ${to.path} not found.`);
  move(tree, node, parent, to.parts.at(-1) as string, to.node);
}

function resolveBoth(tree: FileTree, caller: Caller, src: string, dst: string): { from: Found; to: Found } {
  assertPathLength(dst, "rename");
  tree.assertChangeable(`rename ${src}`);
  if (!isValidName(dst)) throw invalidPath(`Invalid file name: ${dst}`);
  const from = tree.resolve(caller, src);
  const to = tree.resolve(caller, dst, "create");
  if ([src, dst].some((path) => isReservedRoot(path))) throw invalidPath("Cannot rename to or from /.reserved");
  return { from, to };
}

function isReservedRoot(path: string): boolean {
  const [first, ...rest] = partsOf(path);
  return first === ".reserved" && rest.length === 0;
}

/** Throws unless the caller may take away the one and put something where the other is. */
function assertMayMove(caller: Caller, from: Found, to: Found): void {
  if (from.node !== undefined) assertRemovable(caller, from.node);
  else if (parentOf(from) !== undefined) assertAccess(caller, from.ancestor as Node, "WRITE");
  if (to.ancestor !== undefined) assertAccess(caller, to.ancestor, "WRITE");
}

/** The directory that a path lies in; undefined if there is none. */
function parentOf({ ancestor, depth, parts }: Found): DirectoryNode | undefined {
  return depth >= parts.length - 1 && ancestor?.kind === "directory" ? ancestor : undefined;
}

function isBelow(to: Found, from: Found): boolean {
  return to.path.startsWith(`${from.path}/`);
}

function assertReplaceable(src: string, node: Node, dst: string, other: Node, overwrite: boolean): void {
  if (node.kind !== other.kind) {
    throw failure("io", `Source ${src} and destination ${dst} must both be directories`);
  }
  if (!overwrite) throw failure("fileAlreadyExists", `rename destination ${dst} already exists`);
  if (other.kind === "directory" && other.childCount > 0) {
    throw failure("io", `rename destination directory is not empty: ${dst}`);
  }
}

/** Moves the node, in the place of another if one is given. Limits are checked before anything changes. */
function move(tree: FileTree, node: Node, parent: DirectoryNode, name: string, replaced?: Node): void {
  const old = node.parent as DirectoryNode;
  tree.assertName(parent, name);
  if (old !== parent && replaced === undefined) tree.assertRoom(parent);
  const size = sizeOf(node) - (replaced === undefined ? 0 : sizeOf(replaced));
  assertQuota(parent, size, commonDirectory(old, parent));
  if (replaced !== undefined) tree.remove(replaced);
  old.remove(node);
  old.modified = tree.now();
  node.name = name;
  parent.add(node);
  parent.modified = tree.now();
}

/** The lowest directory that both are in. What moves within it is no more than before. */
function commonDirectory(one: DirectoryNode, other: DirectoryNode): DirectoryNode | undefined {
  const line = new Set<DirectoryNode>();
  for (let at: DirectoryNode | undefined = other; at !== undefined; at = at.parent) line.add(at);
  let at: DirectoryNode | undefined = one;
  while (at !== undefined && !line.has(at)) at = at.parent;
  return at;
}
