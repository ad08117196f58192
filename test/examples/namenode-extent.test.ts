/** The example's tree where it is deeper, wider or busier than usual: it goes on, and looks at no more than it was asked for. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setOwner, setPermission } from "./namenode/attributes.js";
import { getContentSummary, getFileInfo, getQuotaUsage } from "./namenode/reading.js";
import { rename2 } from "./namenode/renaming.js";
import { remove } from "./namenode/writing.js";
import { ALICE, BOB, ROOT, refusal, TestTree } from "./test-tree.js";

/** Most levels of a path that can be made. */
const LEVELS = 1000;

/** Directories of alice one in another, deeper than any path that can be made: trees of 999 levels, each moved below the next. */
function deepTree(trees: number): { readonly test: TestTree; readonly path: string } {
  const test = new TestTree();
  setOwner(test.tree, ROOT, "/", "alice", undefined);
  const below = "/d".repeat(LEVELS - 2);
  for (let i = 0; i < trees; i++) {
    test.directories([`/${i}${below}`], 0o755, ALICE);
    if (i > 0) rename2(test.tree, ALICE, `/${i - 1}`, `/${i}${below}/d`, false);
  }
  return { test, path: `/${trees - 1}${below}${`/d${below}`.repeat(trees - 1)}` };
}

/** Counts how often a field of an object is read from now on. */
function countReads(object: object, field: string): { readonly count: number } {
  const reads = { count: 0 };
  let value: unknown = Reflect.get(object, field);
  Object.defineProperty(object, field, {
    configurable: true,
    get: () => {
      reads.count++;
      return value;
    },
    set: (given: unknown) => {
      value = given;
    },
  });
  return reads;
}

describe("a tree deeper than a path that can be made", () => {
  const { test: deep, path } = deepTree(40);

  test("is looked up, and its paths are told", () => {
    const node = getFileInfo(deep.tree, ALICE, path);
    assert.equal(node?.path, path);
    assert.equal(path.split("/").length - 1, 40 * (LEVELS - 1));
    assert.equal(getFileInfo(deep.tree, ALICE, `${path}/none`), undefined);
  });

  test("is counted and refused like others", () => {
    assert.equal(getContentSummary(deep.tree, ALICE, "/").counts.directories, 40 * (LEVELS - 1) + 1);
    setPermission(deep.tree, ROOT, path, 0o700);
    assert.equal(
      refusal(() => getContentSummary(deep.tree, BOB, "/")),
      `AccessControlException: Permission denied: user=bob, access=READ_EXECUTE, inode="${path}":alice:supergroup:drwx------`,
    );
  });

  test("can be taken out of again, at the cost of a few looks at each directory above", () => {
    deep.directories(["/e/e/e"], 0o755, ALICE);
    const reads = countReads(getFileInfo(deep.tree, ALICE, "/e/e") as object, "parent");
    rename2(deep.tree, ALICE, path, "/e/e/e/d", false);
    assert.ok(reads.count < 20, String(reads.count));
    assert.equal(getFileInfo(deep.tree, ALICE, "/e/e/e/d")?.path, "/e/e/e/d");
    assert.equal(remove(deep.tree, ALICE, "/39", true), true);
    assert.deepEqual(deep.paths, ["/e/", "/e/e/", "/e/e/e/", "/e/e/e/d/"]);
  });
});

test("a directory may have more directories than a function has arguments", () => {
  const wide = new TestTree();
  setOwner(wide.tree, ROOT, "/", "alice", undefined);
  const count = 200_000;
  for (let i = 0; i < count; i++) wide.directories([`/w/${i}`], 0o755, ALICE);
  assert.equal(getContentSummary(wide.tree, BOB, "/w").counts.directories, count + 1);
  assert.equal(getQuotaUsage(wide.tree, BOB, "/w").counts.directories, count + 1);
  assert.equal(remove(wide.tree, ALICE, "/w", true), true);
});
