/** Changing what is known of a file or directory: permission, owner, times, number of copies, quota. One function for each method. */
import { failure } from "./exceptions.js";
import { type FileTree, type Found, MAX_LONG } from "./file-tree.js";
import type { Node, Quota } from "./inodes.js";
import { assertOrdinary } from "./paths.js";
import { assertAccess, assertOwner, assertSuperuser, type Caller } from "./permissions.js";
import { assertReplication } from "./replication.js";

/** In a request: leave the time as it is, or: let there be no quota. */
const MINUS_ONE = -1n;
/** In a request: leave the quota as it is. */
const LEAVE_QUOTA = MAX_LONG;

/** Sets the permission; bits beyond rwx and the sticky bit are dropped. */
export function setPermission(tree: FileTree, caller: Caller, src: string, mode: number): void {
  tree.assertChangeable(`set permission for ${src}`);
  assertOrdinary(src);
  const node = assertFound(tree.resolve(caller, src));
  assertOwner(caller, node);
  node.mode = mode;
}

/** Sets owner and group, where they are given. Only the superuser gives files away, or to groups that are not their own. */
export function setOwner(
  tree: FileTree,
  caller: Caller,
  src: string,
  owner: string | undefined,
  group: string | undefined,
): void {
  tree.assertChangeable(`set owner for ${src}`);
  assertOrdinary(src);
  const node = assertFound(tree.resolve(caller, src));
  assertOwner(caller, node);
  if (!caller.superuser && owner !== undefined && owner !== node.owner) {
    const message = `User ${caller.name} is not a super user (non-super user cannot change owner).`;
    throw failure("accessControl", message);
  }
  if (!caller.superuser && group !== undefined && !caller.groups.has(group)) {
    throw failure("accessControl", `User ${caller.name} does not belong to ${group}`);
  }
  node.owner = owner ?? node.owner;
  node.group = group ?? node.group;
}

/** Sets the number of copies of a file; false if there is no such file. */
export function setReplication(tree: FileTree, caller: Caller, src: string, replication: number): boolean {
  tree.assertChangeable(`set replication for ${src}`);
  assertReplication(replication, src);
  const { node } = tree.resolve(caller, src);
  if (node !== undefined) assertAccess(caller, node, "WRITE");
  if (node?.kind !== "file") return false;
  node.replication = replication;
  return true;
}

/** Sets times, in milliseconds since 1970; -1 leaves one as it is. */
export function setTimes(tree: FileTree, caller: Caller, src: string, modified: bigint, accessed: bigint): void {
  tree.assertChangeable(`set times ${src}`);
  const { node, path } = tree.resolve(caller, src);
  if (node !== undefined) assertAccess(caller, node, "WRITE");
  if (node === undefined) throw failure("fileNotFound", `File/Directory ${path} does not exist.`);
  if (modified !== MINUS_ONE) node.modified = modified;
  if (accessed !== MINUS_ONE) node.accessed = accessed;
}

/** Sets how much may be in a directory: -1 for all that there is room for, the greatest long to leave it as it is. */
export function setQuota(tree: FileTree, caller: Caller, src: string, names: bigint, space: bigint): void {
  assertSuperuser(caller, quotaOperation(names, space));
  tree.assertChangeable(`set quota on ${src}`);
  const { node, path } = tree.resolve(caller, src);
  if (names < MINUS_ONE || space < MINUS_ONE) {
    throw failure("illegalArgument", `Illegal value for nsQuota or ssQuota : ${names} and ${space}`);
  }
  if (node === undefined) throw failure("fileNotFound", `Directory does not exist: ${path}`);
  if (node.kind === "file") throw failure("pathIsNotDirectory", `\`${path}': Is not a directory`);
  const unlimited: Quota = node === tree.root ? { names: MAX_LONG } : {};
  node.quota = {
    names: changed(names, node.quota.names, unlimited.names),
    space: changed(space, node.quota.space, unlimited.space),
  };
}

/** What Hadoop calls the operation, which is one method. */
function quotaOperation(names: bigint, space: bigint): string {
  if (space === LEAVE_QUOTA) return names === MINUS_ONE ? "clearQuota" : "setQuota";
  return names === LEAVE_QUOTA && space === MINUS_ONE ? "clearSpaceQuota" : "setSpaceQuota";
}

function changed(value: bigint, before: bigint | undefined, unlimited: bigint | undefined): bigint | undefined {
  if (value === LEAVE_QUOTA) return before;
  return value === MINUS_ONE ? unlimited : value;
}

function assertFound({ node, path }: Found): Node {
  if (node === undefined) throw failure("fileNotFound", `Directory/File does not exist ${path}`);
  return node;
}
