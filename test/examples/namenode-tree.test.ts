/** The example's tree: what it holds, in which order, and within which limits. Texts are those of a NameNode of Hadoop 3.4.2. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setOwner, setPermission, setQuota, setReplication, setTimes } from "./namenode/attributes.js";
import { MAX_LONG } from "./namenode/file-tree.js";
import { isValidName, sortKey } from "./namenode/paths.js";
import { getBlockLocations, getContentSummary, getFileInfo, getListing, getQuotaUsage } from "./namenode/reading.js";
import { rename, rename2 } from "./namenode/renaming.js";
import { mkdirs, remove } from "./namenode/writing.js";
import { ALICE, BOB, createRequest, ROOT, refusal, START_MS, TestTree } from "./test-tree.js";

/** In a request for a quota: leave the other one as it is. */
const LEAVE = MAX_LONG;

function names(test: TestTree, path: string, startAfter: string | Uint8Array): string[] {
  const listing = getListing(test.tree, ROOT, path, Buffer.from(startAfter));
  return listing?.entries.map(({ name }) => name) ?? [];
}

describe("paths", () => {
  test("are looked up leniently: empty parts do not count, dots are names like others", () => {
    const { tree } = new TestTree();
    mkdirs(tree, ROOT, "/x/b", 0o755, true);
    for (const path of ["/x//b", "//x/b", "/x/b///", "/x/b"]) {
      assert.equal(getFileInfo(tree, ROOT, path)?.path, "/x/b", path);
    }
    for (const path of ["/x/./b", "/x/../x/b", "/none", "/a:b"]) {
      assert.equal(getFileInfo(tree, ROOT, path), undefined, path);
    }
    assert.equal(getFileInfo(tree, ROOT, "//"), tree.root);
    assert.equal(
      refusal(() => getFileInfo(tree, ROOT, "rel")),
      "AssertionError: Absolute path required, but got 'rel'",
    );
  });

  test("must be well formed where something is to be made", () => {
    for (const path of ["/", "/a", "/a/b/", "/a/b//", "/.reserved/x", "/a/.../b"]) assert.ok(isValidName(path), path);
    for (const path of ["", "a", "//a", "/a//b", "/a/../b", "/./a", "/a:b"]) assert.ok(!isValidName(path), path);
  });

  test("have limits: of their length, their depth, and the bytes of a name", () => {
    const test = new TestTree();
    const tooLong = "IOException: mkdirs: Pathname too long.  Limit 8000 characters, 1000 levels.";
    assert.equal(
      refusal(() => test.directories([`/${"x".repeat(99)}`.repeat(81)])),
      tooLong,
    );
    assert.equal(
      refusal(() => test.directories(["/d".repeat(1001)])),
      tooLong,
    );
    test.directories(["/d".repeat(1000), `/p/${"é".repeat(127)}x`]);
    const name = "é".repeat(128);
    const text = `The maximum path component name limit of ${name} in directory /p is exceeded: limit=255 length=256`;
    assert.equal(
      refusal(() => test.directories([`/p/${name}`])),
      `FSLimitException$PathComponentTooLongException: ${text}`,
    );
  });

  test("that Hadoop keeps for itself cannot be made", () => {
    const { tree } = new TestTree();
    const snapshots = 'HadoopIllegalArgumentException: ".snapshot" is a reserved name.';
    assert.equal(
      refusal(() => mkdirs(tree, ROOT, "/x/.snapshot/q", 0o755, true)),
      snapshots,
    );
    assert.match(
      refusal(() => mkdirs(tree, ROOT, "/.reserved", 0o755, true)),
      /^HadoopIllegalArg.*"\.reserved" is reserved/,
    );
    assert.equal(mkdirs(tree, ROOT, "/x/.reserved", 0o755, true), true);
  });
});

describe("a directory", () => {
  test("is sorted by the bytes of its names as Java compares them: beyond ASCII first", () => {
    const test = new TestTree();
    test.directories(["a", "B", "é", "~", "_", "😀", "￮"].map((name) => `/s/${name}`));
    assert.deepEqual(names(test, "/s", ""), ["é", "￮", "😀", "B", "_", "a", "~"]);
    assert.deepEqual(names(test, "/s", "Z"), ["_", "a", "~"]);
    assert.deepEqual(names(test, "/s", "é"), ["￮", "😀", "B", "_", "a", "~"]);
    assert.deepEqual(names(test, "/s", "/s/B"), ["B", "_", "a", "~"]);
    assert.deepEqual(names(test, "/s", Buffer.from([0xff])), ["B", "_", "a", "~"]);
    assert.ok(sortKey("é") < sortKey("A"));
  });

  test("comes in pages, and the last name of one leads to the next, even if it is gone", () => {
    const test = new TestTree({ listLimit: 3 });
    test.directories(["1", "2", "3", "4", "5", "6", "7"].map((name) => `/p/${name}`));
    assert.deepEqual(names(test, "/p", ""), ["1", "2", "3"]);
    assert.equal(getListing(test.tree, ROOT, "/p", Buffer.from(""))?.remaining, 4);
    remove(test.tree, ROOT, "/p/3", false);
    assert.deepEqual(names(test, "/p", "3"), ["4", "5", "6"]);
    assert.deepEqual(getListing(test.tree, ROOT, "/p", Buffer.from("6"))?.remaining, 0);
    assert.deepEqual(names(test, "/p", "7"), []);
  });

  test("that is a file lists itself, without a name; what is not there has no listing", () => {
    const test = new TestTree();
    const file = test.file("/f");
    assert.deepEqual(getListing(test.tree, ROOT, "/f", Buffer.from("z")), {
      entries: [{ name: "", node: file }],
      remaining: 0,
    });
    assert.equal(getListing(test.tree, ROOT, "/none", Buffer.from("")), undefined);
  });

  test("holds as many as it may", () => {
    const test = new TestTree({ maxDirectoryItems: 2 });
    test.directories(["/p/1", "/p/2"]);
    const full =
      "FSLimitException$MaxDirectoryItemsExceededException: The directory item limit of /p is exceeded: limit=2 items=2";
    assert.equal(
      refusal(() => test.directories(["/p/3"])),
      full,
    );
    test.directories(["/p/1/x"]);
    assert.equal(rename(test.tree, ROOT, "/p/1", "/p/3"), true);
    assert.equal(
      refusal(() => rename(test.tree, ROOT, "/p/3/x", "/p/x")),
      full,
    );
    rename2(test.tree, ROOT, "/p/3/x", "/p/2", true);
    assert.deepEqual(test.paths, ["/p/", "/p/2/", "/p/3/"]);
  });
});

describe("times", () => {
  test("of a directory change with its children, and its access time only by setTimes", () => {
    const test = new TestTree();
    test.directories(["/a", "/b"]);
    test.nowMs += 1000;
    test.file("/a/f");
    const [a, b] = ["/a", "/b"].map((path) => getFileInfo(test.tree, ROOT, path));
    assert.deepEqual([a?.modified, a?.accessed, b?.modified], [BigInt(START_MS + 1000), 0n, BigInt(START_MS)]);
    test.nowMs += 1000;
    assert.equal(rename(test.tree, ROOT, "/a/f", "/b"), true);
    assert.deepEqual([a?.modified, b?.modified], [BigInt(START_MS + 2000), BigInt(START_MS + 2000)]);
    setTimes(test.tree, ROOT, "/a", 5n, -1n);
    setTimes(test.tree, ROOT, "/a", -1n, 6n);
    assert.deepEqual([a?.modified, a?.accessed], [5n, 6n]);
    assert.equal(
      refusal(() => setTimes(test.tree, ROOT, "/none", 1n, 1n)),
      "FileNotFoundException: File/Directory /none does not exist.",
    );
  });

  test("of access change when blocks are asked for, but not within an hour and not in safe mode", () => {
    const test = new TestTree();
    const file = test.file("/f");
    const read = (): unknown => getBlockLocations(test.tree, ROOT, "/f", 0n, 1n);
    test.nowMs += 3_600_000;
    read();
    assert.equal(file.accessed, BigInt(START_MS));
    test.nowMs += 1;
    test.tree.inSafeMode = true;
    read();
    assert.equal(file.accessed, BigInt(START_MS));
    test.tree.inSafeMode = false;
    read();
    assert.equal(file.accessed, BigInt(START_MS + 3_600_001));
  });
});

describe("attributes", () => {
  test("permissions keep rwx and the sticky bit, whatever a client sends with them", () => {
    const test = new TestTree();
    test.directories(["/d"], 0o107777);
    const file = test.file("/f", ROOT, { mode: 0o100644 });
    assert.deepEqual([getFileInfo(test.tree, ROOT, "/d")?.mode, file.mode], [0o1777, 0o644]);
    setPermission(test.tree, ROOT, "/f", 0o100640);
    assert.equal(file.mode, 0o640);
    const missing = "FileNotFoundException: Directory/File does not exist /none";
    assert.equal(
      refusal(() => setPermission(test.tree, ROOT, "/none", 0o777)),
      missing,
    );
    assert.equal(
      refusal(() => setOwner(test.tree, ROOT, "/none", "x", undefined)),
      missing,
    );
  });

  test("copies are from 1 to 512, and only a file has them", () => {
    const test = new TestTree();
    const file = test.file("/f");
    test.directories(["/d"]);
    const set = (path: string, replication: number) => setReplication(test.tree, ROOT, path, replication);
    assert.deepEqual([set("/f", 512), set("/d", 2), set("/none", 2), file.replication], [true, false, false, 512]);
    const wanted = "IOException: Requested replication factor of";
    assert.equal(
      refusal(() => set("/f", 513)),
      `${wanted} 513 exceeds maximum of 512 for /f`,
    );
    assert.equal(
      refusal(() => set("/none", 0)),
      `${wanted} 0 is less than the required minimum of 1 for /none`,
    );
  });
});

describe("quotas", () => {
  const exceeded = "NSQuotaExceededException: The NameSpace quota (directories and files) of directory";

  test("count files and directories, the directory itself too, and the lowest one speaks first", () => {
    const test = new TestTree();
    test.directories(["/t/q/r/s"]);
    setQuota(test.tree, ROOT, "/t", 6n, LEAVE);
    setQuota(test.tree, ROOT, "/t/q/r", 3n, LEAVE);
    assert.equal(
      refusal(() => test.directories(["/t/q/r/s/1/2/3"])),
      `${exceeded} /t/q/r is exceeded: quota=3 file count=4`,
    );
    assert.equal(
      refusal(() => test.directories(["/t/q/1/2/3"])),
      `${exceeded} /t is exceeded: quota=6 file count=7`,
    );
    assert.equal(
      refusal(() => test.file("/t/f")),
      `${exceeded} /t is exceeded: quota=6 file count=7`,
    );
    // What was made before the limit was met stays, as in a NameNode.
    assert.deepEqual(test.paths, ["/t/", "/t/q/", "/t/q/1/", "/t/q/r/", "/t/q/r/s/", "/t/q/r/s/1/"]);
    assert.deepEqual(getQuotaUsage(test.tree, ROOT, "/t").counts, { files: 0, directories: 6 });
  });

  test("hold for what is moved in, not for what is moved within, and count what it replaces", () => {
    const test = new TestTree();
    test.directories(["/x/b", "/t/a", "/t/b/c"]);
    setQuota(test.tree, ROOT, "/t", 4n, LEAVE);
    const before = test.paths;
    assert.equal(
      refusal(() => rename(test.tree, ROOT, "/x", "/t")),
      `${exceeded} /t is exceeded: quota=4 file count=6`,
    );
    assert.deepEqual(test.paths, before);
    rename2(test.tree, ROOT, "/t/b/c", "/t/d", false);
    rename2(test.tree, ROOT, "/x/b", "/t/a", true);
    assert.deepEqual(test.paths, ["/t/", "/t/a/", "/t/b/", "/t/d/", "/x/"]);
  });

  test("are set by the superuser, may lie below what there is, and end with -1", () => {
    const test = new TestTree();
    test.directories(["/t/a"]);
    test.file("/f");
    const quota = (path: string) => getContentSummary(test.tree, ROOT, path).quota;
    setQuota(test.tree, ROOT, "/t", 1n, 1000n);
    assert.deepEqual(quota("/t"), { names: 1n, space: 1000n });
    setQuota(test.tree, ROOT, "/t", LEAVE, -1n);
    assert.deepEqual(quota("/t"), { names: 1n, space: undefined });
    assert.equal(
      refusal(() => test.directories(["/t/b"])),
      `${exceeded} /t is exceeded: quota=1 file count=3`,
    );
    setQuota(test.tree, ROOT, "/t", -1n, LEAVE);
    assert.equal(quota("/t").names, undefined);
    setQuota(test.tree, ROOT, "/", 3n, LEAVE);
    assert.equal(
      refusal(() => test.directories(["/u"])),
      `${exceeded} / is exceeded: quota=3 file count=5`,
    );
    setQuota(test.tree, ROOT, "/", -1n, LEAVE);
    assert.equal(quota("/").names, MAX_LONG);
  });

  test("are refused where they make no sense", () => {
    const test = new TestTree();
    test.file("/f");
    const set = (path: string, quota: bigint, caller = ROOT) =>
      refusal(() => setQuota(test.tree, caller, path, quota, LEAVE));
    assert.equal(set("/f", 1n), "PathIsNotDirectoryException: `/f': Is not a directory");
    assert.equal(set("/none", 1n), "FileNotFoundException: Directory does not exist: /none");
    const illegal = `IllegalArgumentException: Illegal value for nsQuota or ssQuota : -2 and ${LEAVE}`;
    assert.equal(set("/", -2n), illegal);
    const denied = "Access denied for user alice. Superuser privilege is required for operation setQuota";
    assert.equal(set("/", 1n, ALICE), `AccessControlException: ${denied}`);
  });
});

describe("usage", () => {
  test("counts everything below, and needs permission to list it", () => {
    const test = new TestTree();
    test.directories(["/p/a/b", "/p/z"]);
    for (const path of ["/p/f", "/p/a/f", "/p/a/b/f"]) test.file(path);
    assert.deepEqual(getContentSummary(test.tree, BOB, "/p").counts, { files: 3, directories: 4 });
    assert.deepEqual(getContentSummary(test.tree, BOB, "/p/f").counts, { files: 1, directories: 0 });
    for (const path of ["/p/a", "/p/z"]) setPermission(test.tree, ROOT, path, 0o700);
    const denied = "AccessControlException: Permission denied: user=bob, access=READ_EXECUTE, inode=";
    assert.equal(
      refusal(() => getContentSummary(test.tree, BOB, "/p")),
      `${denied}"/p/a":root:supergroup:drwx------`,
    );
    assert.equal(
      refusal(() => getQuotaUsage(test.tree, BOB, "/p")),
      `${denied}"/p/z":root:supergroup:drwx------`,
    );
    remove(test.tree, ROOT, "/p/a", true);
    assert.deepEqual(getContentSummary(test.tree, ROOT, "/").counts, { files: 1, directories: 3 });
  });

  test("of what is not there is refused", () => {
    const { tree } = new TestTree();
    assert.equal(
      refusal(() => getContentSummary(tree, ROOT, "/none")),
      "FileNotFoundException: File does not exist: /none",
    );
    assert.equal(
      refusal(() => getQuotaUsage(tree, ROOT, "/none")),
      "FileNotFoundException: File/Directory does not exist: /none",
    );
  });
});

test("a tree is not changed in safe mode, and says what could not be done", () => {
  const test = new TestTree({ hostName: "nn1" });
  test.file("/f");
  test.tree.inSafeMode = true;
  const reason =
    'It was turned on manually. Use "hdfs dfsadmin -safemode leave" to turn safe mode off. NamenodeHostName:nn1';
  const { tree } = test;
  const attempts: readonly (readonly [string, () => unknown])[] = [
    ["create directory /d", () => mkdirs(tree, ROOT, "/d", 0o755, true)],
    ["create file/g", () => test.file("/g", ROOT, createRequest("/g"))],
    ["delete /none", () => remove(tree, ROOT, "/none", false)],
    ["rename /f", () => rename(tree, ROOT, "/f", "/g")],
    ["set permission for /f", () => setPermission(tree, ROOT, "/f", 0)],
    ["set owner for /f", () => setOwner(tree, ROOT, "/f", "x", undefined)],
    ["set replication for /f", () => setReplication(tree, ROOT, "/f", 1)],
    ["set times /f", () => setTimes(tree, ROOT, "/f", 1n, 1n)],
    ["set quota on /", () => setQuota(tree, ROOT, "/", 1n, LEAVE)],
  ];
  for (const [what, attempt] of attempts) {
    assert.equal(refusal(attempt), `SafeModeException: Cannot ${what}. Name node is in safe mode.\n${reason}`);
  }
  assert.deepEqual(test.paths, ["/f"]);
});
