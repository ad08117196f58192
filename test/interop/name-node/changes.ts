/** Calls that change the tree, good ones and bad: each client makes its own, and both get the same. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ours, theirs } from "../comparing.js";
import type { CallResult } from "../hadoop-caller.js";
import { type Listing, nameOf } from "./listing.js";
import type { NameNodeSession } from "./session.js";

const CREATE = 1;

/** A call that changes the tree below `root`, as our client and as Hadoop's makes it. */
export type Change = readonly [method: string, request: (root: string) => object, text: (root: string) => string];

export function mkdirs(path: string): Change {
  return [
    "mkdirs",
    (root) => ({ src: root + path, masked: { perm: 0o750 }, createParent: true }),
    (root) => `src: "${root}${path}" masked { perm: 488 } createParent: true`,
  ];
}

function create(path: string, clientName: string): Change {
  const sizes = { replication: 1, blockSize: 1_048_576n };
  return [
    "create",
    (root) => ({
      src: root + path,
      masked: { perm: 0o640 },
      clientName,
      createFlag: CREATE,
      createParent: false,
      ...sizes,
    }),
    (root) =>
      `src: "${root}${path}" masked { perm: 416 } clientName: "${clientName}" createFlag: ${CREATE} createParent: false replication: 1 blockSize: 1048576`,
  ];
}

function complete(path: string, clientName: string): Change {
  return [
    "complete",
    (root) => ({ src: root + path, clientName }),
    (root) => `src: "${root}${path}" clientName: "${clientName}"`,
  ];
}

function rename2(from: string, to: string, overwriteDest: boolean): Change {
  return [
    "rename2",
    (root) => ({ src: root + from, dst: root + to, overwriteDest }),
    (root) => `src: "${root}${from}" dst: "${root}${to}" overwriteDest: ${overwriteDest}`,
  ];
}

export function remove(path: string, recursive: boolean): Change {
  return [
    "delete",
    (root) => ({ src: root + path, recursive }),
    (root) => `src: "${root}${path}" recursive: ${recursive}`,
  ];
}

function setPermission(path: string, perm: number): Change {
  return [
    "setPermission",
    (root) => ({ src: root + path, permission: { perm } }),
    (root) => `src: "${root}${path}" permission { perm: ${perm} }`,
  ];
}

/** Good calls and bad ones, in this order. */
const CHANGES: ReadonlyArray<readonly [name: string, ...Change]> = [
  ["a folder and those above it", ...mkdirs("/a/b/c")],
  ["a folder that is there", ...mkdirs("/a/b/c")],
  ["a file", ...create("/a/file", "one")],
  ["a file that another writes", ...create("/a/file", "two")],
  ["the end of a file that another writes", ...complete("/a/file", "two")],
  ["the end of a file", ...complete("/a/file", "one")],
  ["a file in a folder that is not there", ...create("/nowhere/file", "one")],
  ["a folder below a file", ...mkdirs("/a/file/below")],
  ["a second file with another name", ...create("/a/\u00fcber \u{1f600}", "one")],
  ["the end of the second file", ...complete("/a/\u00fcber \u{1f600}", "one")],
  ["a new name", ...rename2("/a/file", "/a/b/renamed", false)],
  ["a name that is taken", ...rename2("/a/\u00fcber \u{1f600}", "/a/b/renamed", false)],
  ["a name that is taken, to be overwritten", ...rename2("/a/\u00fcber \u{1f600}", "/a/b/renamed", true)],
  ["a new name for what is not there", ...rename2("/a/none", "/a/some", false)],
  ["permissions", ...setPermission("/a/b/renamed", 0o604)],
  ["permissions with the sticky bit", ...setPermission("/a/b/c", 0o1777)],
  ["permissions of what is not there", ...setPermission("/a/none", 0o700)],
  ["removal of a folder that is not empty", ...remove("/a/b", false)],
  ["removal of what is not there", ...remove("/a/none", true)],
  ["a folder to be removed", ...mkdirs("/gone/below")],
  ["removal of a folder with all in it", ...remove("/gone", true)],
];

/** Two trees that were made one after the other differ in these. */
const OF_ONE_TREE = ["fileId", "modification_time", "access_time"];

function withoutThose(result: CallResult, root: string): unknown {
  const text = JSON.stringify(result, (name, value: unknown) => (OF_ONE_TREE.includes(name) ? "of one tree" : value));
  // Error texts name the number of a file, too.
  return JSON.parse(text.replaceAll(root, "/root").replaceAll(/\(inode \d+\)/g, "(inode N)"));
}

/** Makes a change with our client. */
export function make(
  { pair, protocol }: NameNodeSession,
  root: string,
  [method, request]: Change,
): Promise<CallResult> {
  return ours(pair, protocol, method, request(root));
}

/** Declares the tests; `session` is asked when they run. */
export function changes(session: () => NameNodeSession): void {
  for (const [name, ...change] of CHANGES) {
    test(`${change[0]}: ${name}`, async () => {
      const { pair, protocol } = session();
      const [method, , text] = change;
      const hadoops = withoutThose(await theirs(pair, protocol, method, text("/java")), "/java");
      assert.deepEqual(withoutThose(await make(session(), "/ours", change), "/ours"), hadoops);
    });
  }

  test("both trees are the same at the end", async () => {
    const trees = await Promise.all(["/ours", "/java"].map((root) => treeOf(session(), root)));
    assert.equal(trees[0]?.length, 4);
    assert.deepEqual(trees[0], trees[1]);
  });
}

/** The entries below a folder, in the order of their names. */
async function treeOf(session: NameNodeSession, root: string, below = ""): Promise<unknown[]> {
  const request = { src: root + below, startAfter: Buffer.alloc(0), needLocation: false };
  const result = (await ours(session.pair, session.protocol, "getListing", request)) as {
    value: { dirList?: Listing };
  };
  const entries: unknown[] = [];
  for (const entry of result.value.dirList?.partialListing ?? []) {
    const path = `${below}/${nameOf(entry)}`;
    entries.push([path, withoutThose({ value: entry }, root)]);
    if (entry.fileType === "IS_DIR") entries.push(...(await treeOf(session, root, path)));
  }
  return entries;
}
