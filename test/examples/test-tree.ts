/** A tree of the NameNode example whose clock is in the test's hand, and users to try it with. */
import assert from "node:assert/strict";
import { RpcError } from "../../protocol/index.js";
import { FileTree, type FileTreeOptions } from "./namenode/file-tree.js";
import type { FileNode } from "./namenode/inodes.js";
import type { Caller } from "./namenode/permissions.js";
import { type CreateRequest, complete, create, mkdirs } from "./namenode/writing.js";

export const ROOT: Caller = { name: "root", groups: new Set(), superuser: true };
export const ALICE: Caller = { name: "alice", groups: new Set(["staff"]), superuser: false };
export const BOB: Caller = { name: "bob", groups: new Set(), superuser: false };

/** When the clock of a test tree begins. */
export const START_MS = 1_700_000_000_000;

/** Asks for a file as Hadoop's clients do, unless told otherwise. */
export function createRequest(src: string, given: Partial<CreateRequest> = {}): CreateRequest {
  return {
    src,
    mode: 0o644,
    writer: { holder: "c1", machine: "127.0.0.1" },
    create: true,
    overwrite: false,
    createParent: true,
    replication: 3,
    blockSize: 134_217_728n,
    ...given,
  };
}

export class TestTree {
  readonly tree: FileTree;
  nowMs = START_MS;

  constructor(options: Partial<FileTreeOptions> = {}) {
    this.tree = new FileTree({ superuser: "root", supergroup: "supergroup", now: () => this.nowMs, ...options });
  }

  /** Makes directories, as the superuser unless told otherwise. */
  directories(paths: readonly string[], mode = 0o755, caller = ROOT): void {
    for (const path of paths) assert.equal(mkdirs(this.tree, caller, path, mode, true), true);
  }

  /** Makes a file and closes it. */
  file(path: string, caller = ROOT, given: Partial<CreateRequest> = {}): FileNode {
    const file = create(this.tree, caller, createRequest(path, given));
    complete(this.tree, caller, { src: path, holder: "c1", fileId: file.id });
    return file;
  }

  /** Every path there is, sorted, directories with a slash behind them. */
  get paths(): readonly string[] {
    const found: string[] = [];
    const visit = (node = this.tree.root): void => {
      for (const child of node.children) {
        found.push(child.kind === "directory" ? `${child.path}/` : child.path);
        if (child.kind === "directory") visit(child);
      }
    };
    visit();
    return found;
  }
}

/** What a caller is told: the last part of the Java class, and the message. */
export function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof RpcError, String(error));
    assert.equal(error.code, "ERROR_APPLICATION");
    return `${error.javaClass.replace(/^.*\./, "")}: ${error.message}`;
  }
  return assert.fail("nothing was refused");
}
