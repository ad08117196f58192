import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { userInfo } from "node:os";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { type CommandResult, SystemGroups } from "../../../daemon/group-sources/system.js";

function answering(result: CommandResult): { source: SystemGroups; commands: string[][] } {
  const commands: string[][] = [];
  const source = new SystemGroups(async (program, args) => {
    commands.push([program, ...args]);
    return result;
  });
  return { source, commands };
}

test("the groups of whoever runs this test are those that the system tells", async () => {
  const { username } = userInfo();
  const told = execFileSync("id", ["-Gn", username], { encoding: "utf8" }).trim().split(" ");
  assert.deepEqual(await new SystemGroups().groupsOf(username), told);
});

test("the command is given the name behind the end of its options, and never a text that is no name", async () => {
  const { source, commands } = answering({ code: 0, stdout: "staff admin\n" });
  assert.deepEqual(await source.groupsOf("alice"), ["staff", "admin"]);
  assert.deepEqual(await source.groupsOf("-u"), []);
  assert.deepEqual(commands, [["id", "-Gn", "--", "alice"]]);
});

test("a user that the command does not know has no groups", async () => {
  assert.deepEqual(await answering({ code: 1, stdout: "" }).source.groupsOf("bob"), []);
});

test("groups without a name are left out, and the others stay", async () => {
  const { source } = answering({ code: 1, stdout: "staff 4711 admin\n" });
  assert.deepEqual(await source.groupsOf("bob"), ["staff", "admin"]);
});

test("a command that cannot be run is an error, and not a user without groups", async () => {
  const source = new SystemGroups(() => Promise.reject(new Error("spawn id ENOENT")));
  await assert.rejects(async () => source.groupsOf("bob"), {
    code: "ERROR_APPLICATION",
    message: "the groups of bob cannot be found out: spawn id ENOENT",
  });
});

test("four commands run at a time and four wait; whoever asks for more shall try again, so that handlers stay free", async () => {
  const ends: (() => void)[] = [];
  const source = new SystemGroups(async () => {
    await new Promise<void>((resolve) => ends.push(resolve));
    return { code: 0, stdout: "g" };
  });
  const asked = Array.from({ length: 9 }, (_, i) => source.groupsOf(`user-${i}`));
  await assert.rejects(asked.pop() as Promise<unknown>, {
    javaClass: "org.apache.hadoop.ipc.RetriableException",
    message: "too many ask for groups that are not remembered: try again",
  });
  for (const running of [4, 8]) {
    await setImmediate();
    assert.equal(ends.length, running);
    for (const end of ends.slice(running - 4)) end();
  }
  assert.deepEqual(await Promise.all(asked), Array(8).fill(["g"]));
});
