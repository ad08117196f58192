/** Both clients read one tree and one NameNode, and get the same. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { readBoth } from "../comparing.js";
import type { CallResult } from "../hadoop-caller.js";
import { make, mkdirs } from "./changes.js";
import { type Listing, nameOf } from "./listing.js";
import type { NameNodeSession } from "./session.js";

/** Declares the tests, which need the tree that `changes` leaves; `session` is asked when they run. */
export function reads(session: () => NameNodeSession): void {
  function read(method: string, request: object, text: string): Promise<CallResult> {
    return readBoth(session().pair, session().protocol, method, request, text);
  }

  const FOLDERS = Array.from({ length: 23 }, (_, i) => `/many/folder-${i}`);

  before(async () => {
    for (const path of FOLDERS) await make(session(), path, mkdirs(""));
  });

  test("getFileInfo: the root, a folder, a file, nothing", async () => {
    for (const src of ["/", "/ours/a/b/c", "/ours/a/b/renamed"]) {
      const result = await read("getFileInfo", { src }, `src: "${src}"`);
      assert.ok("value" in result && Object.hasOwn(result.value as object, "fs"), src);
    }
    assert.deepEqual(await read("getFileInfo", { src: "/none" }, 'src: "/none"'), { value: {} });
  });

  test("getListing: in pages, each after the last name of the one before it", async () => {
    const names: string[] = [];
    const pages: number[] = [];
    for (let last = ""; ; ) {
      const request = { src: "/many", startAfter: Buffer.from(last), needLocation: true };
      const result = await read("getListing", request, `src: "/many" startAfter: "${last}" needLocation: true`);
      const { dirList } = (result as { value: { dirList: Listing } }).value;
      names.push(...dirList.partialListing.map(nameOf));
      pages.push(dirList.remainingEntries);
      last = names.at(-1) ?? "";
      if (dirList.remainingEntries === 0) break;
    }
    assert.deepEqual(names, FOLDERS.map((path) => path.slice("/many/".length)).sort());
    assert.deepEqual(pages, [13, 3, 0]);
  });

  test("getListing: of a file, and of nothing", async () => {
    for (const src of ["/ours/a/b/renamed", "/none"]) {
      const request = { src, startAfter: Buffer.alloc(0), needLocation: false };
      await read("getListing", request, `src: "${src}" startAfter: "" needLocation: false`);
    }
  });

  test("getServerDefaults", async () => {
    await read("getServerDefaults", {}, "");
  });
  test("getFsStats", async () => {
    await read("getFsStats", {}, "");
  });
  test("getContentSummary: of a tree, and of nothing", async () => {
    for (const path of ["/ours", "/none"]) await read("getContentSummary", { path }, `path: "${path}"`);
  });
  test("getDatanodeReport: one that lives, none that is dead", async () => {
    const live = (await read("getDatanodeReport", { type: "LIVE" }, "type: LIVE")) as { value: { di: unknown[] } };
    assert.equal(live.value.di.length, 1);
    assert.deepEqual(await read("getDatanodeReport", { type: "DEAD" }, "type: DEAD"), { value: { di: [] } });
  });
  test("setSafeMode: asked, not set", async () => {
    const result = await read("setSafeMode", { action: "SAFEMODE_GET" }, "action: SAFEMODE_GET");
    assert.deepEqual(result, { value: { result: false } });
  });
}
