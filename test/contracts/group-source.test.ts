/** Every file of daemon/group-sources keeps the contract of daemon/group-source.ts. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { describe, test } from "node:test";
import type { GroupSource } from "../../daemon/group-source.js";

const folder = new URL("../../daemon/group-sources/", import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith(".js"));

test("there is a group source to test", () => {
  assert.notEqual(files.length, 0);
});

for (const file of files) {
  const exported = (await import(new URL(file, folder).href)) as Record<string, new () => GroupSource>;
  const Source = Object.values(exported).find((value) => "groupsOf" in (value.prototype ?? {}));
  assert.ok(Source !== undefined, `${file} exports a class`);
  describe(`daemon/group-sources/${file}`, () => keepsTheContract(new Source()));
}

function keepsTheContract(source: GroupSource): void {
  test("a user that nobody knows has no groups", async () => {
    assert.deepEqual(await source.groupsOf("no.such.user-of-any-system"), []);
  });

  test("a text that is no name has no groups, whatever a program might make of it", async () => {
    for (const text of ["", "0", "+0", " 0", "-u", "--help", "root:root", "root\n", "__proto__", "x".repeat(100_000)]) {
      assert.deepEqual(await source.groupsOf(text), [], text.slice(0, 20));
    }
  });

  test("several questions at once are all answered", async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, async (_, i) => source.groupsOf(`no.such.user-${i}`)));
    assert.deepEqual(answers, Array(8).fill([]));
  });
}
