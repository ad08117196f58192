/** Making and removing: directories, files and their closing, deletion. One function for each method. */
import { failure, invalidPath } from "./exceptions.js";
import { type FileTree, type Found, parentPathOf } from "./file-tree.js";
import { DirectoryNode, FileNode, type Node, type Writer } from "./inodes.js";
import { assertNotReserved, assertOrdinary, assertPathLength, isValidName } from "./paths.js";
import { assertAccess, assertClearable, assertRemovable, type Caller } from "./permissions.js";
import { assertReplication } from "./replication.js";

/** Smallest size of a block, in bytes (Hadoop: dfs.namenode.fs-limits.min-block-size). */
const MIN_BLOCK_SIZE = 1_048_576n;
/** Of the permission that directories above a new one take over, and what they get besides: their owner must be able to go on. */
const INHERITED_BITS = 0o777;
const OWNER_MAY_ADD = 0o300;

/** Makes a directory, and with `createParent` those above it; it may be there already. */
export function mkdirs(tree: FileTree, caller: Caller, src: string, mode: number, createParent: boolean): boolean {
  assertPathLength(src, "mkdirs");
  tree.assertChangeable(`create directory ${src}`);
  if (!isValidName(src)) throw invalidPath(`Invalid file name: ${src}`);
  const found = tree.resolve(caller, src, "create");
  if (found.node?.kind === "file") {
    throw failure("fileAlreadyExists", `Path is not a directory: ${found.path}`);
  }
  if (found.node !== undefined) return true;
  assertMayCreate(caller, found);
  if (!createParent) assertParentExists(found);
  const parent = makeDirectories(tree, caller, found, mode);
  addDirectory(tree, caller, parent, lastOf(found), mode);
  return true;
}

/** What a client asks for when it creates a file. */
export interface CreateRequest {
  readonly src: string;
  readonly mode: number;
  readonly writer: Writer;
  /** Make the file if there is none; without it, only `overwrite` can succeed. */
  readonly create: boolean;
  /** Replace a file that is there, even one that is open. */
  readonly overwrite: boolean;
  readonly createParent: boolean;
  readonly replication: number;
  readonly blockSize: bigint;
}

/** Makes an empty file and opens it for its writer. */
export function create(tree: FileTree, caller: Caller, request: CreateRequest): FileNode {
  const { src, writer } = request;
  assertPathLength(src, "create");
  if (!isValidName(src)) throw invalidPath(src);
  assertOrdinary(src);
  tree.assertChangeable(`create file${src}`);
  assertReplication(request.replication, src, writer.machine);
  if (request.blockSize < MIN_BLOCK_SIZE) {
    const least = `minimum value dfs.namenode.fs-limits.min-block-size=${MIN_BLOCK_SIZE}`;
    throw failure("io", `Specified block size ${request.blockSize} is less than configured ${least}`);
  }
  const found = tree.resolve(caller, src, "create");
  assertMayCreate(caller, found);
  if (!request.createParent) assertParentExists(found);
  makeWay(tree, caller, found, request);
  const parent = makeDirectories(tree, caller, tree.lookUp(src), undefined);
  const now = tree.now();
  const file = new FileNode({
    id: tree.nextId(),
    name: lastOf(found),
    owner: caller.name,
    group: parent.group,
    mode: request.mode,
    modified: now,
    accessed: now,
    replication: request.replication,
    blockSize: request.blockSize,
    writer,
  });
  tree.add(parent, file);
  tree.leases.open(file);
  return file;
}

/** Removes a file that is to be replaced. Throws if there is something that may not be, or nothing and there should be. */
function makeWay(tree: FileTree, caller: Caller, { node, path }: Found, request: CreateRequest): void {
  if (node === undefined) {
    if (!request.create) throw failure("fileNotFound", `Can't overwrite non-existent ${path}`);
    return;
  }
  if (node.kind === "directory") throw failure("fileAlreadyExists", `${path} already exists as a directory`);
  if (request.overwrite) {
    assertAccess(caller, node, "WRITE");
    tree.remove(node);
    return;
  }
  assertNotOpen(tree, node, request.writer);
  throw failure("fileAlreadyExists", `${path} for client ${request.writer.machine} already exists`);
}

/** Throws AlreadyBeingCreatedException for a file that somebody writes. One whose writer fell silent is closed instead. */
function assertNotOpen(tree: FileTree, file: FileNode, { holder, machine }: Writer): void {
  const { writer } = file;
  if (writer === undefined) return;
  const what = `Failed to CREATE_FILE ${file.path} for ${holder} on ${machine} because`;
  if (writer.holder === holder) {
    throw failure("alreadyBeingCreated", `${what} ${holder} is already the current lease holder.`);
  }
  if (!tree.leases.isStale(writer.holder)) {
    const owner = `${writer.holder} on ${writer.machine}`;
    throw failure("alreadyBeingCreated", `${what} this file lease is currently owned by ${owner}`);
  }
  tree.leases.close(file);
}

/** How a client names the file that it has open: by number if it knows it, since the path may have changed meanwhile. */
export interface OpenFileName {
  readonly src: string;
  readonly holder: string;
  /** 0 if the client does not know it. */
  readonly fileId: bigint;
}

/** Closes a file. Doing so again is fine. */
export function complete(tree: FileTree, caller: Caller, name: OpenFileName): boolean {
  tree.assertChangeable(`complete file ${name.src}`);
  const node = nodeOf(tree, caller, name);
  if (node?.kind === "file" && node.writer === undefined) return true;
  const file = assertHeld(tree, node, name);
  tree.leases.close(file);
  file.modified = tree.now();
  return true;
}

/** The client wants what it wrote to be safe. */
export function fsync(tree: FileTree, caller: Caller, name: OpenFileName): void {
  tree.assertChangeable(`fsync file ${name.src}`);
  assertHeld(tree, nodeOf(tree, caller, name), name);
  tree.leases.renew(name.holder);
}

/** The client has data to write, which cannot be: there is no node that would store it. */
export function addBlock(tree: FileTree, caller: Caller, name: OpenFileName): never {
  tree.assertChangeable(`add block to ${name.src}`);
  const file = assertHeld(tree, nodeOf(tree, caller, name), name);
  throw failure(
    "io",
    `File ${file.path} could only be written to 0 of the 1 minReplication nodes. There are 0 datanode(s) running and 0 ` +
      "node(s) are excluded in this operation.",
  );
}

function nodeOf(tree: FileTree, caller: Caller, { src, fileId }: OpenFileName): Node | undefined {
  const open = tree.leases.openFile(fileId);
  if (open !== undefined) return open;
  const { node } = tree.resolve(caller, src);
  return fileId === 0n || node?.id === fileId ? node : undefined;
}

/** The file, if the client has it open. */
function assertHeld(tree: FileTree, node: Node | undefined, { src, holder, fileId }: OpenFileName): FileNode {
  const about = `${src} (inode ${fileId}) ${tree.leases.describe(holder)}`;
  if (node === undefined) throw failure("fileNotFound", `File does not exist: ${about}`);
  if (node.kind === "directory") throw failure("leaseExpired", `INode is not a regular file: ${about}`);
  if (node.writer === undefined) throw failure("leaseExpired", `File is not open for writing: ${about}`);
  if (node.writer.holder === holder) return node;
  const owner = node.writer.holder;
  throw failure("leaseExpired", `Client (=${holder}) is not the lease owner (=${owner}: ${about}`);
}

/** Removes a file or directory; false if there is nothing to remove, and for the root. */
export function remove(tree: FileTree, caller: Caller, src: string, recursive: boolean): boolean {
  tree.assertChangeable(`delete ${src}`);
  assertOrdinary(src);
  const { node, ancestor, path, parts, depth } = tree.resolve(caller, src);
  if (node === undefined) {
    const isParent = ancestor !== undefined && depth === parts.length - 1;
    if (isParent) assertAccess(caller, ancestor, "WRITE");
    return false;
  }
  assertRemovable(caller, node);
  if (node.kind === "directory") assertClearable(caller, node);
  if (!recursive && node.kind === "directory" && node.childCount > 0) {
    throw failure("pathIsNotEmptyDirectory", `\`${path} is non empty': Directory is not empty`);
  }
  if (node === tree.root) return false;
  tree.remove(node);
  return true;
}

/** Throws unless the caller may add something where the path leads. */
function assertMayCreate(caller: Caller, { ancestor }: Found): void {
  if (ancestor !== undefined) assertAccess(caller, ancestor, "WRITE");
}

function assertParentExists(found: Found): void {
  if (found.depth < found.parts.length - 1) {
    throw failure("fileNotFound", `Parent directory doesn't exist: ${parentPathOf(found)}`);
  }
}

/**
 * Makes the directories above a path and gives the lowest. Without a mode they are like the one they are made in, but never sticky.
 * Those that were made before one broke a limit stay.
 */
function makeDirectories(tree: FileTree, caller: Caller, found: Found, mode: number | undefined): DirectoryNode {
  assertNotReserved(found.parts);
  let at = found.ancestor as DirectoryNode;
  for (const name of found.parts.slice(found.depth, -1)) {
    at = addDirectory(tree, caller, at, name, ((mode ?? at.mode) & INHERITED_BITS) | OWNER_MAY_ADD);
  }
  return at;
}

function addDirectory(
  tree: FileTree,
  caller: Caller,
  parent: DirectoryNode,
  name: string,
  mode: number,
): DirectoryNode {
  const directory = new DirectoryNode({
    id: tree.nextId(),
    name,
    owner: caller.name,
    group: parent.group,
    mode,
    modified: tree.now(),
    accessed: 0n,
  });
  tree.add(parent, directory);
  return directory;
}

function lastOf({ parts }: Found): string {
  return parts.at(-1) as string;
}
