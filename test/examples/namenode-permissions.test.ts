/** Who may do what in the example's tree. Texts are those of a NameNode of Hadoop 3.4.2. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setOwner, setPermission, setReplication, setTimes } from "./namenode/attributes.js";
import { symbolicMode } from "./namenode/permissions.js";
import { checkAccess, getBlockLocations, getFileInfo, getListing } from "./namenode/reading.js";
import { rename, rename2 } from "./namenode/renaming.js";
import { usersOf } from "./namenode/users.js";
import { mkdirs, remove } from "./namenode/writing.js";
import { ALICE, BOB, ROOT, refusal, TestTree } from "./test-tree.js";

const DENIED = "AccessControlException: Permission denied: user=";

test("owner, group and others each have their three bits, and only theirs count", () => {
  const test = new TestTree();
  const file = test.file("/f");
  setOwner(test.tree, ROOT, "/f", "alice", "staff");
  const carl = { ...BOB, name: "carl", groups: new Set(["staff"]) };
  const may = (caller: typeof ALICE) => {
    try {
      checkAccess(test.tree, caller, "/f", "READ");
      return true;
    } catch {
      return false;
    }
  };
  for (const [mode, alice, group, other] of [
    [0o400, true, false, false],
    [0o040, false, true, false],
    [0o004, false, false, true],
    [0o333, false, false, false],
  ] as const) {
    file.mode = mode;
    assert.deepEqual([may(ALICE), may(carl), may(BOB), may(ROOT)], [alice, group, other, true], mode.toString(8));
  }
  assert.equal(
    refusal(() => checkAccess(test.tree, BOB, "/f", "ALL")),
    `${DENIED}bob, access=ALL, inode="/f":alice:staff:--wx-wx-wx`,
  );
  assert.equal(
    refusal(() => checkAccess(test.tree, BOB, "/g", "READ")),
    "FileNotFoundException: Path not found: /g",
  );
});

test("a permission is shown as ls shows it", () => {
  const test = new TestTree();
  const file = test.file("/f");
  const shown = [0o644, 0o1777, 0o1776, 0].map((mode) => {
    file.mode = mode;
    return symbolicMode(file);
  });
  assert.deepEqual(shown, ["-rw-r--r--", "-rwxrwxrwt", "-rwxrwxrwT", "----------"]);
  assert.equal(symbolicMode(test.tree.root), "drwxr-xr-x");
});

describe("a path", () => {
  test("is passed through only with execute on every directory", () => {
    const test = new TestTree();
    test.directories(["/h/bob/in"], 0o700);
    setPermission(test.tree, ROOT, "/h", 0o755);
    const text = `${DENIED}alice, access=EXECUTE, inode="/h/bob":root:supergroup:drwx------`;
    assert.equal(
      refusal(() => getFileInfo(test.tree, ALICE, "/h/bob/none")),
      text,
    );
    assert.equal(
      refusal(() => mkdirs(test.tree, ALICE, "/h/bob/x/y", 0o755, true)),
      text,
    );
    assert.equal(
      refusal(() => remove(test.tree, ALICE, "/h/bob/in", false)),
      text,
    );
    assert.equal(
      refusal(() => getListing(test.tree, ALICE, "/h/bob", Buffer.from(""))),
      text.replace("EXECUTE", "READ_EXECUTE"),
    );
    assert.equal(getFileInfo(test.tree, ALICE, "/h/bob")?.path, "/h/bob");
  });

  test("ends at a file: for the superuser who asks for its status with nothing, for everybody else with a refusal", () => {
    const test = new TestTree();
    test.file("/f");
    assert.equal(getFileInfo(test.tree, ROOT, "/f/x"), undefined);
    const refused = "AccessControlException: /f (is not a directory)";
    assert.equal(
      refusal(() => getFileInfo(test.tree, ALICE, "/f/x")),
      refused,
    );
    assert.equal(
      refusal(() => remove(test.tree, ROOT, "/f/x/y", true)),
      refused,
    );
    const parent = "ParentNotDirectoryException: /f (is not a directory)";
    assert.equal(
      refusal(() => mkdirs(test.tree, ROOT, "/f/x/y", 0o755, true)),
      parent,
    );
    assert.equal(
      refusal(() => test.file("/f/x")),
      parent,
    );
    test.file("/g");
    assert.equal(
      refusal(() => rename(test.tree, ROOT, "/g", "/f/x")),
      parent,
    );
  });
});

test("making and removing needs write on the directory, whether or not there is something to remove", () => {
  const test = new TestTree();
  test.directories(["/p/d"]);
  test.file("/p/f");
  const text = `${DENIED}alice, access=WRITE, inode="/p":root:supergroup:drwxr-xr-x`;
  for (const attempt of [
    () => mkdirs(test.tree, ALICE, "/p/a/b", 0o755, true),
    () => mkdirs(test.tree, ALICE, "/p/a/b", 0o755, false),
    () => test.file("/p/d", ALICE),
    () => test.file("/p/f", ALICE, { overwrite: true }),
    () => remove(test.tree, ALICE, "/p/f", false),
    () => remove(test.tree, ALICE, "/p/none", false),
    () => rename(test.tree, ALICE, "/p/f", "/p/g"),
    () => rename2(test.tree, ALICE, "/p/none", "/p/g", false),
  ]) {
    assert.equal(refusal(attempt), text);
  }
  assert.equal(remove(test.tree, ALICE, "/p/none/none", false), false);
  assert.equal(mkdirs(test.tree, ALICE, "/p/d", 0o755, true), true);
});

test("what is made belongs to its maker and to the group of its directory", () => {
  const test = new TestTree();
  test.directories(["/t"], 0o777);
  setOwner(test.tree, ROOT, "/t", undefined, "web");
  mkdirs(test.tree, ALICE, "/t/a/b", 0o700, true);
  test.file("/t/n/f", BOB);
  const owners = ["/t/a", "/t/a/b", "/t/n", "/t/n/f"].map((path) => {
    const node = getFileInfo(test.tree, ROOT, path);
    return `${node?.owner}:${node?.group}`;
  });
  assert.deepEqual(owners, ["alice:web", "alice:web", "bob:web", "bob:web"]);
});

test("directories that are made on the way let their owner go on, and are not sticky", () => {
  const test = new TestTree();
  test.directories(["/k/s1/s2"], 0o1055);
  test.directories(["/sticky"], 0o1777);
  test.file("/sticky/way/f", ROOT, { mode: 0o600 });
  const modes = ["/k", "/k/s1", "/k/s1/s2", "/sticky/way"].map((path) => getFileInfo(test.tree, ROOT, path)?.mode);
  assert.deepEqual(modes, [0o355, 0o355, 0o1055, 0o777]);
});

test("removing a tree needs all permissions on every directory in it that is not empty", () => {
  const test = new TestTree();
  test.directories(["/w/d"], 0o777);
  test.directories(["/w/d/bob/in"], 0o755, BOB);
  assert.equal(
    refusal(() => remove(test.tree, ALICE, "/w/d", true)),
    `${DENIED}alice, access=ALL, inode="/w/d/bob":bob:supergroup:drwxr-xr-x`,
  );
  assert.equal(remove(test.tree, BOB, "/w/d/bob/in", false), true);
  assert.equal(remove(test.tree, ALICE, "/w/d", true), true);
  assert.deepEqual(test.paths, ["/w/"]);
});

describe("a sticky directory", () => {
  const stuck =
    'AccessControlException: Permission denied by sticky bit: user=bob, path="/w/f":alice:supergroup:-rw-r--r--';

  test("lets only the owners of a thing or of the directory take it away", () => {
    const test = new TestTree();
    test.directories(["/w"], 0o1777);
    test.file("/w/f", ALICE);
    test.file("/w/g", ALICE);
    const text = `${stuck}, parent="/w":root:supergroup:drwxrwxrwt`;
    assert.equal(
      refusal(() => remove(test.tree, BOB, "/w/f", false)),
      text,
    );
    assert.equal(
      refusal(() => rename(test.tree, BOB, "/w/f", "/w/h")),
      text,
    );
    assert.equal(remove(test.tree, ALICE, "/w/f", false), true);
    setOwner(test.tree, ROOT, "/w", "bob", undefined);
    assert.equal(remove(test.tree, BOB, "/w/g", false), true);
  });

  test("keeps what is in it also when it is removed itself", () => {
    const test = new TestTree();
    test.directories(["/v/d"], 0o777);
    setPermission(test.tree, ROOT, "/v/d", 0o1777);
    test.file("/v/d/f", ALICE);
    assert.match(
      refusal(() => remove(test.tree, BOB, "/v/d", true)),
      /sticky bit: user=bob, path="\/v\/d\/f":alice/,
    );
    assert.equal(remove(test.tree, ALICE, "/v/d", true), true);
  });
});

test("a file's own permission is asked for its blocks, its copies, its times and to overwrite it", () => {
  const test = new TestTree();
  test.directories(["/own"], 0o777);
  test.file("/own/f", ALICE);
  setPermission(test.tree, ALICE, "/own/f", 0);
  const inode = 'inode="/own/f":alice:supergroup:----------';
  const text = `${DENIED}alice, access=WRITE, ${inode}`;
  assert.equal(
    refusal(() => test.file("/own/f", ALICE, { overwrite: true })),
    text,
  );
  assert.equal(
    refusal(() => setReplication(test.tree, ALICE, "/own/f", 2)),
    text,
  );
  assert.equal(
    refusal(() => setTimes(test.tree, ALICE, "/own/f", 1n, 1n)),
    text,
  );
  assert.equal(
    refusal(() => getBlockLocations(test.tree, ALICE, "/own/f", 0n, 1n)),
    text.replace("WRITE", "READ"),
  );
});

test("only owners change permissions and groups, and only the superuser owners", () => {
  const test = new TestTree();
  const file = test.file("/f");
  setOwner(test.tree, ROOT, "/f", "alice", undefined);
  const notOwner = "AccessControlException: Permission denied. user=bob is not the owner of inode=/f";
  assert.equal(
    refusal(() => setPermission(test.tree, BOB, "/f", 0o777)),
    notOwner,
  );
  assert.equal(
    refusal(() => setOwner(test.tree, BOB, "/f", "bob", undefined)),
    notOwner,
  );
  assert.equal(
    refusal(() => setOwner(test.tree, ALICE, "/f", "bob", "zzz")),
    "AccessControlException: User alice is not a super user (non-super user cannot change owner).",
  );
  assert.equal(
    refusal(() => setOwner(test.tree, ALICE, "/f", "alice", "zzz")),
    "AccessControlException: User alice does not belong to zzz",
  );
  setOwner(test.tree, ALICE, "/f", "alice", "staff");
  assert.deepEqual([file.owner, file.group], ["alice", "staff"]);
  setOwner(test.tree, ROOT, "/f", "", undefined);
  assert.deepEqual([file.owner, file.group], ["", "staff"]);
});

test("users are in the groups of a table, and the superusers' group makes superusers", () => {
  const callerOf = usersOf({ superuser: "root", supergroup: "admins", groups: "alice=staff, web; bob=;carl=admins" });
  assert.deepEqual(callerOf("alice"), { name: "alice", groups: new Set(["staff", "web"]), superuser: false });
  assert.deepEqual(callerOf("bob").groups, new Set());
  const superusers = ["root", "carl", "dora", ""].map((name) => callerOf(name).superuser);
  assert.deepEqual(superusers, [true, true, false, false]);
  for (const groups of ["alice", "=x", "a=b=c"]) {
    assert.throws(() => usersOf({ superuser: "root", supergroup: "admins", groups }), /is no user and groups/, groups);
  }
});
