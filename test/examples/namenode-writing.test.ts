/** Making, opening, closing and removing in the example's tree. Texts are those of a NameNode of Hadoop 3.4.2. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { getFileInfo } from "./namenode/reading.js";
import { rename } from "./namenode/renaming.js";
import { addBlock, complete, create, fsync, mkdirs, remove } from "./namenode/writing.js";
import { createRequest, ROOT, refusal, TestTree } from "./test-tree.js";

/** What is said of the client "c1" when it writes nothing. */
const NOTHING_OPEN = "Holder c1 does not have any open files.";

const SECOND = { holder: "c2", machine: "10.0.0.2" };

describe("a directory", () => {
  test("is made with those above it, or not at all without createParent", () => {
    const test = new TestTree();
    const make = (path: string, createParent: boolean) => mkdirs(test.tree, ROOT, path, 0o755, createParent);
    assert.equal(
      refusal(() => make("/q/r/s", false)),
      "FileNotFoundException: Parent directory doesn't exist: /q/r",
    );
    assert.deepEqual(
      [make("/q/r/", true), make("/q/r", true), make("/q/s", false), make("/", true)],
      Array(4).fill(true),
    );
    assert.deepEqual(test.paths, ["/q/", "/q/r/", "/q/s/"]);
  });

  test("is refused in the place of a file, and with a name that is none", () => {
    const test = new TestTree();
    test.file("/f");
    assert.equal(
      refusal(() => test.directories(["/f"])),
      "FileAlreadyExistsException: Path is not a directory: /f",
    );
    for (const path of ["rel", "/p//x", "/p/../x", "/p/a:b"]) {
      const text = `InvalidPathException: Invalid path name Invalid file name: ${path}`;
      assert.equal(
        refusal(() => test.directories([path])),
        text,
      );
    }
  });
});

describe("a file", () => {
  test("is open until it is completed, and completing it again is fine", () => {
    const test = new TestTree();
    const file = create(test.tree, ROOT, createRequest("/a/f"));
    assert.deepEqual(file.writer, { holder: "c1", machine: "127.0.0.1" });
    test.nowMs += 5000;
    const name = { src: "/a/f", holder: "c1", fileId: file.id };
    assert.equal(complete(test.tree, ROOT, name), true);
    assert.deepEqual([file.writer, file.modified], [undefined, BigInt(test.nowMs)]);
    assert.equal(complete(test.tree, ROOT, { ...name, fileId: 0n }), true);
    assert.equal(test.tree.leases.describe("c1"), NOTHING_OPEN);
  });

  test("is refused where there is one, or is none to overwrite", () => {
    const test = new TestTree();
    test.file("/f");
    test.directories(["/d"]);
    const make = (path: string, given = {}) => refusal(() => test.file(path, ROOT, given));
    assert.equal(make("/f"), "FileAlreadyExistsException: /f for client 127.0.0.1 already exists");
    assert.equal(make("/d", { overwrite: true }), "FileAlreadyExistsException: /d already exists as a directory");
    assert.equal(make("/"), "FileAlreadyExistsException: / already exists as a directory");
    const nothing = "FileNotFoundException: Can't overwrite non-existent /g";
    assert.equal(make("/g", { create: false, overwrite: true }), nothing);
    assert.equal(make("/g", { create: false }), nothing);
    assert.equal(
      make("/x/y/g", { createParent: false }),
      "FileNotFoundException: Parent directory doesn't exist: /x/y",
    );
    assert.deepEqual(test.paths, ["/d/", "/f"]);
  });

  test("is refused with a name, a block size or a number of copies that cannot be", () => {
    const test = new TestTree();
    const make = (path: string, given = {}) => refusal(() => test.file(path, ROOT, given));
    for (const path of ["rel", "/p/../f", "/.reserved/q"]) {
      assert.equal(make(path), `InvalidPathException: Invalid path name ${path}`);
    }
    const least = "less than configured minimum value dfs.namenode.fs-limits.min-block-size=1048576";
    assert.equal(make("/f", { blockSize: 100n }), `IOException: Specified block size 100 is ${least}`);
    const wanted = "IOException: Requested replication factor of";
    const about = "for /f, clientName=127.0.0.1";
    assert.equal(make("/f", { replication: 513 }), `${wanted} 513 exceeds maximum of 512 ${about}`);
    assert.equal(make("/f", { replication: -1 }), `${wanted} -1 is less than the required minimum of 1 ${about}`);
  });

  test("that is replaced is a new one, even while another client writes the old", () => {
    const test = new TestTree();
    const old = create(test.tree, ROOT, createRequest("/f"));
    const file = create(test.tree, ROOT, createRequest("/f", { writer: SECOND, overwrite: true, mode: 0o600 }));
    assert.notEqual(file.id, old.id);
    assert.deepEqual(
      [old, file].map(({ id }) => test.tree.leases.openFile(id)),
      [undefined, file],
    );
    assert.equal(test.tree.leases.describe("c1"), NOTHING_OPEN);
    assert.equal(getFileInfo(test.tree, ROOT, "/f")?.mode, 0o600);
    assert.equal(
      refusal(() => complete(test.tree, ROOT, { src: "/f", holder: "c1", fileId: old.id })),
      `FileNotFoundException: File does not exist: /f (inode ${old.id}) ${NOTHING_OPEN}`,
    );
  });
});

describe("a lease", () => {
  test("keeps others from creating the file, until its holder has been silent for a minute", () => {
    const test = new TestTree();
    create(test.tree, ROOT, createRequest("/f"));
    const failed = "AlreadyBeingCreatedException: Failed to CREATE_FILE /f for";
    assert.equal(
      refusal(() => create(test.tree, ROOT, createRequest("/f"))),
      `${failed} c1 on 127.0.0.1 because c1 is already the current lease holder.`,
    );
    const second = () => refusal(() => create(test.tree, ROOT, createRequest("/f", { writer: SECOND })));
    const owned = `${failed} c2 on 10.0.0.2 because this file lease is currently owned by c1 on 127.0.0.1`;
    test.nowMs += 60_000;
    assert.equal(second(), owned);
    test.tree.leases.renew("c1");
    test.nowMs += 60_000;
    assert.equal(second(), owned);
    test.nowMs += 1;
    assert.equal(second(), "FileAlreadyExistsException: /f for client 10.0.0.2 already exists");
    assert.equal(test.tree.leases.describe("c1"), NOTHING_OPEN);
  });

  test("is the holder's alone, and follows the file when it is renamed", () => {
    const test = new TestTree();
    const file = create(test.tree, ROOT, createRequest("/f"));
    const by = (src: string, holder: string, fileId = 0n) => ({ src, holder, fileId });
    const none = "Holder c9 does not have any open files.";
    assert.equal(
      refusal(() => complete(test.tree, ROOT, by("/f", "c9"))),
      `LeaseExpiredException: Client (=c9) is not the lease owner (=c1: /f (inode 0) ${none}`,
    );
    rename(test.tree, ROOT, "/f", "/g");
    const pending = "[Lease.  Holder: c1, pending creates: 1]";
    assert.equal(
      refusal(() => fsync(test.tree, ROOT, by("/f", "c1"))),
      `FileNotFoundException: File does not exist: /f (inode 0) ${pending}`,
    );
    fsync(test.tree, ROOT, by("/f", "c1", file.id));
    assert.equal(complete(test.tree, ROOT, by("/f", "c1", file.id)), true);
    assert.equal(file.writer, undefined);
    assert.equal(
      refusal(() => fsync(test.tree, ROOT, by("/g", "c9"))),
      `LeaseExpiredException: File is not open for writing: /g (inode 0) ${none}`,
    );
    assert.equal(
      refusal(() => complete(test.tree, ROOT, by("/", "c9"))),
      `LeaseExpiredException: INode is not a regular file: / (inode 0) ${none}`,
    );
  });

  test("ends when the file is removed, alone or with what it is in", () => {
    const test = new TestTree();
    const paths = ["/a/b/f", "/a/g", "/ab", "/f"];
    const files = paths.map((path) => create(test.tree, ROOT, createRequest(path)));
    remove(test.tree, ROOT, "/a", true);
    remove(test.tree, ROOT, "/f", false);
    const kept = files[2];
    assert.deepEqual(
      files.map(({ id }) => test.tree.leases.openFile(id)),
      [undefined, undefined, kept, undefined],
    );
    assert.deepEqual(
      files.map(({ writer }) => writer !== undefined),
      [false, false, true, false],
    );
    assert.equal(test.tree.leases.describe("c1"), "[Lease.  Holder: c1, pending creates: 1]");
  });

  test("does not help to store data, for which there is no node", () => {
    const test = new TestTree();
    const file = create(test.tree, ROOT, createRequest("/f"));
    const text =
      "could only be written to 0 of the 1 minReplication nodes. There are 0 datanode(s) running and 0 node(s)";
    assert.equal(
      refusal(() => addBlock(test.tree, ROOT, { src: "/f", holder: "c1", fileId: file.id })),
      `IOException: File /f ${text} are excluded in this operation.`,
    );
  });
});

test("removing answers whether there was something; the root stays, and what is not empty unless all is to go", () => {
  const test = new TestTree();
  test.directories(["/p/a", "/e"]);
  test.file("/p/a/f");
  const gone = (path: string, recursive: boolean) => remove(test.tree, ROOT, path, recursive);
  const full = "PathIsNotEmptyDirectoryException: `";
  assert.equal(
    refusal(() => gone("/p", false)),
    `${full}/p is non empty': Directory is not empty`,
  );
  assert.equal(
    refusal(() => gone("/", false)),
    `${full}/ is non empty': Directory is not empty`,
  );
  assert.deepEqual(
    [gone("/", true), gone("/none", true), gone("/e", false), gone("/p/a/f", false)],
    [false, false, true, true],
  );
  assert.deepEqual(test.paths, ["/p/", "/p/a/"]);
  assert.equal(gone("/p", true), true);
  assert.deepEqual(test.paths, []);
});
