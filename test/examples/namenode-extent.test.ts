/** The example's tree where it is deeper, wider or busier than usual: it goes on, and looks at no more than it was asked for. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setOwner, setPermission } from "./namenode/attributes.js";
import { getContentSummary, getFileInfo, getListing, getQuotaUsage } from "./namenode/reading.js";
import { rename2 } from "./namenode/renaming.js";
import { complete, create, remove } from "./namenode/writing.js";
import { ALICE, BOB, createRequest, ROOT, refusal, TestTree } from "./test-tree.js";

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
  const count = 150_000;
  for (let i = 0; i < count; i++) wide.directories([`/w/${i}`], 0o755, ALICE);
  assert.equal(getContentSummary(wide.tree, BOB, "/w").counts.directories, count + 1);
  assert.equal(getQuotaUsage(wide.tree, BOB, "/w").counts.directories, count + 1);
  assert.equal(remove(wide.tree, ALICE, "/w", true), true);
});

describe("a directory of thousands", () => {
  const COUNT = 5000;
  const LIMIT = 700;

  /** Names of five digits in an order that is neither theirs nor its reverse, as 7919 and the count have no common factor. */
  const shuffled = Array.from({ length: COUNT }, (_, i) => String(10_000 + ((i * 7919) % COUNT)));
  const ascending = shuffled.toSorted();
  const orders = { ascending, descending: ascending.toReversed(), shuffled };

  /** All names, page by page. */
  function listed({ tree }: TestTree): string[] {
    const names: string[] = [];
    for (let remaining = 1; remaining > 0; ) {
      const page = getListing(tree, ROOT, "/p", Buffer.from(names.at(-1) ?? ""));
      assert.ok(page !== undefined);
      names.push(...page.entries.map(({ name }) => name));
      remaining = page.remaining;
      assert.equal(page.entries.length, Math.min(LIMIT, page.entries.length + remaining));
      assert.equal(names.length + remaining, getContentSummary(tree, ROOT, "/p").counts.files);
    }
    return names;
  }

  for (const [came, names] of Object.entries(orders)) {
    for (const [went, leaving] of Object.entries(orders)) {
      test(`is listed in order when its files came ${came}, and when half of them went ${went}`, () => {
        const test = new TestTree({ listLimit: LIMIT });
        for (const name of names) test.file(`/p/${name}`);
        assert.deepEqual(listed(test), ascending);
        const gone = new Set(leaving.slice(0, COUNT / 2));
        for (const name of gone) assert.equal(remove(test.tree, ROOT, `/p/${name}`, false), true);
        assert.deepEqual(
          listed(test),
          ascending.filter((name) => !gone.has(name)),
        );
        for (const name of leaving.slice(COUNT / 2)) remove(test.tree, ROOT, `/p/${name}`, false);
        assert.deepEqual(listed(test), []);
      });
    }
  }
});

describe("files that others have open", () => {
  test("are not looked at when something else is removed or closed", () => {
    const test = new TestTree();
    const open = create(test.tree, ROOT, createRequest("/open"));
    const fields = ["id", "parent", "writer"].map((field) => countReads(open, field));
    test.directories(["/d"]);
    const file = create(test.tree, ROOT, createRequest("/d/f"));
    complete(test.tree, ROOT, { src: "/d/f", holder: "c1", fileId: file.id });
    create(test.tree, ROOT, createRequest("/d/g"));
    assert.equal(remove(test.tree, ROOT, "/d", true), true);
    assert.deepEqual(
      fields.map(({ count }) => count),
      [0, 0, 0],
    );
    assert.equal(test.tree.leases.openFile(open.id), open);
  });
});
