/**
 * Hadoop's shell and administration tools run against the example NameNode, against hrpcd and against Hadoop's NameNode: what
 * they print and how they exit must be the same.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { after, before, type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type ClusterProcess, startCluster } from "./cluster.js";
import { HadoopShell } from "./hadoop-shell.js";
import { JAVA_PROJECTS } from "./maven.js";
import { ServerProcess, startShippedDaemon } from "./programs.js";
import { ADMINISTRATION } from "./shell-commands/administration.js";
import { CLEAN_UP, COMMAND_GROUPS } from "./shell-commands/all.js";
import { type CommandGroup, GROUPS, type ShellCommand } from "./shell-commands/command.js";
import { SHELL_DIFFERENCES } from "./shell-differences.js";
import { normalised } from "./shell-normalising.js";

/** All three servers take who started them for the superuser. */
const SUPERUSER = userInfo().username;
const GROUPS_KEY = "hadoop.user.group.static.mapping.overrides";
/** A command that fails before it reaches a server fails alike on all: many must succeed, and many must be refused. */
const LEAST_SHARE = { succeed: 0.45, fail: 0.25 };
/** Some lines name a thousand directories. */
const MAX_NAME_LENGTH = 100;

const startMs = Date.now();
let cluster: ClusterProcess;
let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "hrpcd-shell-"));
  await writeFile(join(folder, "empty"), "");
  cluster = await startCluster({ conf: { [GROUPS_KEY]: GROUPS } });
});
after(async () => {
  await cluster[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

for (const version of JAVA_PROJECTS.shell) {
  test(`Hadoop ${version}`, async (t) => {
    await using shell = HadoopShell.start(version);
    await t.test("FsShell finds the example NameNode and Hadoop's alike", async (t) => {
      await using ours = await startNameNode();
      await compare(t, shell, ours.port, COMMAND_GROUPS);
    });
    await t.test("the tools of operators find hrpcd and Hadoop's NameNode alike", async (t) => {
      await using ours = await startHrpcd();
      await compare(t, shell, ours.port, ADMINISTRATION);
    });
  });
}

test("every difference that is listed is one of a command that is run", () => {
  const lines = new Set(
    [...COMMAND_GROUPS, ...ADMINISTRATION].flatMap(({ commands }) => commands).map(({ line }) => line),
  );
  assert.deepEqual(
    [...SHELL_DIFFERENCES.keys()].filter((line) => !lines.has(line)),
    [],
  );
});

/** Runs every command with Hadoop's NameNode and with our server, one subtest each. */
async function compare(t: TestContext, shell: HadoopShell, ourPort: number, groups: readonly CommandGroup[]) {
  const theirPort = Number(cluster.nameNode.split(":")[1]);
  const run = async (port: number, { user = SUPERUSER, tool, args }: ShellCommand) => {
    const given = args.map((arg) => arg.replace("PORT", `${port}`).replace("EMPTY", join(folder, "empty")));
    const outcome = await shell.run(port, user, tool, given);
    return normalised(outcome, args, port, startMs);
  };
  for (const command of CLEAN_UP.commands) await run(theirPort, command);
  const exits: number[] = [];
  for (const { title, commands } of groups) {
    await t.test(title, async (t) => {
      for (const command of commands) {
        const theirs = await run(theirPort, command);
        const ours = await run(ourPort, command);
        exits.push(theirs.exit);
        const { line } = command;
        const name = line.length > MAX_NAME_LENGTH ? `${line.slice(0, MAX_NAME_LENGTH)}...` : line;
        await t.test(name, () => assert.deepEqual(ours, SHELL_DIFFERENCES.get(line)?.ours ?? theirs));
      }
    });
  }
  const share = exits.filter((exit) => exit === 0).length / exits.length;
  assert.ok(share > LEAST_SHARE.succeed && share < 1 - LEAST_SHARE.fail, `${share} of the commands succeed`);
}

function startNameNode(): Promise<ServerProcess> {
  const program = fileURLToPath(new URL("../examples/namenode/main.js", import.meta.url));
  return ServerProcess.start(
    process.execPath,
    [program, "--port", "0", "--groups", GROUPS],
    /^Serving hdfs:\S+:(\d+),/,
  );
}

function startHrpcd(): Promise<ServerProcess> {
  const services = fileURLToPath(new URL("./refresh-service.js", import.meta.url));
  return startShippedDaemon("-D", `hrpcd.services=${services}`, "-D", `${GROUPS_KEY}=${GROUPS}`);
}
