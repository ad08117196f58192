/**
 * Who may do what: owner, group and others as in POSIX, a superuser who may everything, and the sticky bit, which keeps others from
 * removing what is not theirs (Hadoop: HDFS Permissions Guide).
 */
import { failure } from "./exceptions.js";
import type { DirectoryNode, Node } from "./inodes.js";

/** Who calls. */
export interface Caller {
  readonly name: string;
  readonly groups: ReadonlySet<string>;
  readonly superuser: boolean;
}

/** Kinds of access, by the bits that allow them. */
export const ACCESS = {
  NONE: 0,
  EXECUTE: 1,
  WRITE: 2,
  WRITE_EXECUTE: 3,
  READ: 4,
  READ_EXECUTE: 5,
  READ_WRITE: 6,
  ALL: 7,
} as const;
/** Name of a kind of access. */
export type Access = keyof typeof ACCESS;

/** The permission as `ls` shows it: "drwxr-x--t". */
export function symbolicMode(node: Node): string {
  const bits = Array.from("rwxrwxrwx", (letter, i) => ((node.mode >> (8 - i)) & 1 ? letter : "-"));
  if (node.sticky) bits[8] = bits[8] === "x" ? "t" : "T";
  return (node.kind === "directory" ? "d" : "-") + bits.join("");
}

function describe(node: Node): string {
  return `"${node.path}":${node.owner}:${node.group}:${symbolicMode(node)}`;
}

/** Throws AccessControlException unless the caller has this access to the node. */
export function assertAccess(caller: Caller, node: Node, access: Access): void {
  if (caller.superuser) return;
  const wanted = ACCESS[access];
  const shift = caller.name === node.owner ? 6 : caller.groups.has(node.group) ? 3 : 0;
  if (((node.mode >> shift) & wanted) === wanted) return;
  throw failure("accessControl", `Permission denied: user=${caller.name}, access=${access}, inode=${describe(node)}`);
}

/** Throws unless the caller owns the node. */
export function assertOwner(caller: Caller, node: Node): void {
  if (caller.superuser || caller.name === node.owner) return;
  throw failure("accessControl", `Permission denied. user=${caller.name} is not the owner of inode=${node.path}`);
}

/** Throws unless the caller is the superuser; `operation` is what the superuser alone may do. */
export function assertSuperuser(caller: Caller, operation: string): void {
  if (caller.superuser) return;
  throw failure(
    "accessControl",
    `Access denied for user ${caller.name}. Superuser privilege is required for operation ${operation}`,
  );
}

/** Throws if the node lies in a sticky directory and neither is the caller's. */
function assertNotStuck(caller: Caller, node: Node): void {
  const { parent } = node;
  if (caller.superuser || parent === undefined || !parent.sticky) return;
  if (caller.name === parent.owner || caller.name === node.owner) return;
  throw failure(
    "accessControl",
    `Permission denied by sticky bit: user=${caller.name}, path=${describe(node)}, parent=${describe(parent)}`,
  );
}

/** Throws unless the caller may take the node out of its directory. */
export function assertRemovable(caller: Caller, node: Node): void {
  assertNotStuck(caller, node);
  if (node.parent !== undefined) assertAccess(caller, node.parent, "WRITE");
}

/** Throws unless the caller may remove all that is in the directory. What is empty needs no permission of its own. */
export function assertClearable(caller: Caller, directory: DirectoryNode): void {
  if (caller.superuser) return;
  for (const inner of directoriesWithin(directory, "last first")) {
    if (inner.childCount === 0) continue;
    assertAccess(caller, inner, "ALL");
    if (inner.sticky) for (const child of inner.children) assertNotStuck(caller, child);
  }
}

/** Throws unless the caller may list the directory and every one below it. The order decides which one the message names. */
export function assertListable(caller: Caller, directory: DirectoryNode, order: "first first" | "last first"): void {
  if (caller.superuser) return;
  for (const inner of directoriesWithin(directory, order)) assertAccess(caller, inner, "READ_EXECUTE");
}

/** The directory and all below it, each before what is in it. */
function* directoriesWithin(
  directory: DirectoryNode,
  order: "first first" | "last first",
): Generator<DirectoryNode, void> {
  const waiting = [directory];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    yield next;
    const inner = Array.from(next.children).filter((child) => child.kind === "directory");
    if (order === "first first") inner.reverse();
    // One by one: a function takes no hundred thousand arguments.
    for (const child of inner) waiting.push(child);
  }
}
