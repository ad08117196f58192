/** Moving in the example's tree. Answers and texts are those of a NameNode of Hadoop 3.4.2. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { rename, rename2 } from "./namenode/renaming.js";
import { ROOT, refusal, TestTree } from "./test-tree.js";

/** `/d/` with a file in it, `/e/` without, `/f` and `/g`. */
function someTree(): TestTree {
  const test = new TestTree();
  test.directories(["/d", "/e"]);
  for (const path of ["/d/x", "/f", "/g"]) test.file(path);
  return test;
}

describe("rename", () => {
  test("moves to a new name, or into a directory", () => {
    const test = someTree();
    const move = (src: string, dst: string) => rename(test.tree, ROOT, src, dst);
    assert.deepEqual([move("/f", "/h"), move("/h", "/e"), move("/d", "/e/"), move("/g", "/e/y")], Array(4).fill(true));
    assert.deepEqual(test.paths, ["/e/", "/e/d/", "/e/d/x", "/e/h", "/e/y"]);
    assert.deepEqual([move("/e/d", "/"), move("/e//d", "/d2"), move("/d", "/d2")], [true, false, true]);
    assert.deepEqual(test.paths, ["/d2/", "/d2/x", "/e/", "/e/h", "/e/y"]);
  });

  test("of a thing to itself is done already, and of a directory into itself never", () => {
    const test = someTree();
    const move = (src: string, dst: string) => rename(test.tree, ROOT, src, dst);
    assert.deepEqual([move("/f", "/f"), move("/d/x", "/d")], [true, true]);
    assert.deepEqual([move("/d", "/d"), move("/d", "/d/z")], [false, false]);
    assert.deepEqual(test.paths, ["/d/", "/d/x", "/e/", "/f", "/g"]);
  });

  test("answers false where something is missing or in the way", () => {
    const test = someTree();
    test.directories(["/e/f"]);
    const before = test.paths;
    const move = (src: string, dst: string) => rename(test.tree, ROOT, src, dst);
    const answers = [
      move("/none", "/x"),
      move("/none", "/none"),
      move("/f", "/none/x"),
      move("/f", "/g"),
      move("/d", "/g"),
      move("/f", "/e"),
      move("/", "/x"),
      move("/", "/d"),
    ];
    assert.deepEqual(answers, Array(8).fill(false));
    assert.deepEqual(test.paths, before);
  });
});

describe("rename2", () => {
  const cases: readonly (readonly [src: string, dst: string, overwrite: boolean, refusal: string])[] = [
    ["/none", "/x", false, "FileNotFoundException: rename source /none is not found."],
    ["/", "/x", true, "IOException: rename source cannot be the root"],
    ["/d", "/", true, "IOException: rename destination cannot be the root"],
    ["/f", "/f", true, "FileAlreadyExistsException: The source /f and destination /f are the same"],
    ["/d", "/d/a/b", true, "IOException: Rename destination /d/a/b is a directory or file under source /d"],
    ["/f", "/none/x", false, "FileNotFoundException: rename destination parent /none/x not found."],
    ["/f", "/g", false, "FileAlreadyExistsException: rename destination /g already exists"],
    ["/e", "/d", false, "FileAlreadyExistsException: rename destination /d already exists"],
    ["/e", "/d", true, "IOException: rename destination directory is not empty: /d"],
    ["/f", "/e", true, "IOException: Source /f and destination /e must both be directories"],
    ["/e", "/f", false, "IOException: Source /e and destination /f must both be directories"],
    ["/f", "/g/x", false, "ParentNotDirectoryException: /g (is not a directory)"],
    ["/f", "rel", false, "InvalidPathException: Invalid path name Invalid file name: rel"],
    ["rel", "/x", false, "AssertionError: Absolute path required, but got 'rel'"],
    ["/f", "/.reserved", false, "InvalidPathException: Invalid path name Cannot rename to or from /.reserved"],
    ["/f", "/e/.snapshot", false, 'HadoopIllegalArgumentException: ".snapshot" is a reserved name.'],
    [
      "/f",
      `/${"x".repeat(8000)}`,
      false,
      "IOException: rename: Pathname too long.  Limit 8000 characters, 1000 levels.",
    ],
  ];

  for (const [src, dst, overwrite, expected] of cases) {
    test(`from ${src} to ${dst.slice(0, 20)}${overwrite ? ", overwriting," : ""} is refused with its reason`, () => {
      const test = someTree();
      const before = test.paths;
      assert.equal(
        refusal(() => rename2(test.tree, ROOT, src, dst, overwrite)),
        expected,
      );
      assert.deepEqual(test.paths, before);
    });
  }

  test("replaces a file, or a directory that is empty", () => {
    const test = someTree();
    rename2(test.tree, ROOT, "/f", "/g", true);
    rename2(test.tree, ROOT, "/d", "/e", true);
    rename2(test.tree, ROOT, "/g", "/e/x", true);
    assert.deepEqual(test.paths, ["/e/", "/e/x"]);
    assert.deepEqual(test.tree.root.counts, { files: 1, directories: 2 });
  });

  test("moves to exactly the new name", () => {
    const test = someTree();
    rename2(test.tree, ROOT, "/d", "/e/d", false);
    rename2(test.tree, ROOT, "/f", "/e/d/f", false);
    assert.deepEqual(test.paths, ["/e/", "/e/d/", "/e/d/f", "/e/d/x", "/g"]);
  });
});
