import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ADMIN_ACTIONS, admin } from "../../../client/commands/admin.js";
import { type AdminOptions, adminServices, createServer, RefreshRegistry } from "../../../daemon/index.js";
import { hrpcdAdminService, type ReloadReport } from "../../../daemon/services/hrpcd-admin.js";
import { commandContext } from "../../helpers/sample-services.js";
import { startStranger } from "../../helpers/stranger.js";

interface Asked {
  readonly text: string;
  readonly notes: readonly string[];
}

async function ask(address: string, words: readonly string[], json = false): Promise<Asked> {
  const notes: string[] = [];
  const context = commandContext(address, { json, note: (text) => notes.push(text) });
  const [action = "", ...args] = words;
  try {
    return { text: await admin(context, action, args), notes };
  } finally {
    await context.client.close();
  }
}

/** Asks a server that offers this to its operators; the address stands as ADDR in what it says. */
async function asked(options: AdminOptions, words: readonly string[], json = false): Promise<string> {
  await using server = await createServer({ port: 0, services: adminServices(options) }).start();
  const { text, notes } = await ask(`127.0.0.1:${server.port}`, words, json);
  assert.deepEqual(notes, []);
  return text.replace(`127.0.0.1:${server.port}`, "ADDR");
}

describe("hrpc admin", () => {
  test("asks for each of Hadoop's refreshes, and says that it is done", async () => {
    const done: string[] = [];
    const act = (name: string) => () => {
      done.push(name);
    };
    const options: AdminOptions = {
      refreshCallQueue: act("queue"),
      refreshServiceAcl: act("acl"),
      refreshSuperUserGroupsConfiguration: act("super"),
      groups: { groupsOf: () => [], refresh: act("groups") },
    };
    assert.equal(await asked(options, ["refreshCallQueue"]), "ADDR: the call queue is made anew");
    assert.equal(await asked(options, ["refreshServiceAcl"]), "ADDR: the access lists are read again");
    assert.equal(
      await asked(options, ["refreshUserToGroupsMappings"]),
      "ADDR: the groups of users will be asked for again",
    );
    assert.equal(
      await asked(options, ["refreshSuperUserGroupsConfiguration"], true),
      '{"address":"ADDR","action":"refreshSuperUserGroupsConfiguration"}',
    );
    assert.deepEqual(done, ["queue", "acl", "groups", "super"]);
  });

  test("passes on what a refresh handler says, and fails if one of several does", async () => {
    const refresh = new RefreshRegistry();
    refresh.register("cache", (args) => `${args.join("+")} dropped`, "first");
    refresh.register("cache", () => {}, "second");
    assert.equal(await asked({ refresh }, ["refresh", "cache", "a", "-b"]), "first: done: a+-b dropped\nsecond: done");
    refresh.register("cache", () => ({ exitStatus: 3, userMessage: "no" }), "third");
    await assert.rejects(asked({ refresh }, ["refresh", "cache"]), {
      code: "ERROR_APPLICATION",
      message: "first: done:  dropped\nsecond: done\nthird: failed with status 3: no",
    });
  });

  test("tells groups as hdfs groups does", async () => {
    const groups = { groupsOf: (user: string) => (user === "alice" ? ["staff", "admin"] : []), refresh: () => {} };
    assert.equal(await asked({ groups }, ["getGroups", "alice", "bob"]), "alice : staff admin\nbob :");
    assert.equal(
      await asked({ groups }, ["getGroups", "alice", "bob"], true),
      '{"address":"ADDR","action":"getGroups","groups":{"alice":["staff","admin"],"bob":[]}}',
    );
  });

  test("refuses an action that does not exist, and arguments too few or too many", async () => {
    const wrong: readonly [string[], RegExp][] = [
      [
        ["refreshEverything"],
        /there is no action refreshEverything: it must be one of refreshCallQueue, .*, shutdown$/,
      ],
      [["refresh"], /^refresh is written refresh IDENTIFIER \[ARGUMENT\]\.\.\., got 0 arguments$/],
      [["getGroups"], /^getGroups is written getGroups USER\.\.\., got 0 arguments$/],
      [["shutdown", "now"], /^shutdown takes no arguments, got 1 arguments$/],
      [["constructor"], /there is no action constructor/],
    ];
    for (const [words, message] of wrong) await assert.rejects(asked({}, words), { code: "BAD_ARGUMENT", message });
    assert.equal(ADMIN_ACTIONS.length, 8);
  });

  test("tells which settings a reload has put into force, and passes on warnings", async () => {
    let report: ReloadReport = { changed: ["hrpcd.log.level"], pending: ["hrpcd.port"], warnings: ["a.xml:3: odd"] };
    const service = hrpcdAdminService({ users: () => ["alice"], reload: () => report, shutdown: () => {} });
    await using server = await createServer({ port: 0, services: [service] }).start();
    const address = `127.0.0.1:${server.port}`;
    assert.deepEqual(await ask(address, ["reload"]), {
      text: "setting          new value\nhrpcd.log.level  in force\nhrpcd.port       needs a restart",
      notes: ["a.xml:3: odd"],
    });
    report = { changed: [], pending: [], warnings: [] };
    assert.equal((await ask(address, ["reload"])).text, `${address}: no setting has changed`);
    assert.deepEqual(JSON.parse((await ask(address, ["reload"], true)).text), { address, action: "reload", ...report });
  });

  test("has shutdown begin, and says of a server that is not the program hrpcd that it is not", async (t) => {
    let who = "";
    const shutdown = (name: string): void => {
      who = name;
    };
    const service = hrpcdAdminService({ users: () => ["alice"], reload: () => assert.fail(), shutdown });
    await using server = await createServer({ port: 0, services: [service] }).start();
    const address = `127.0.0.1:${server.port}`;
    assert.equal((await ask(address, ["shutdown"])).text, `${address}: stopping; calls in flight may end`);
    assert.match(who, /^alice at 127\.0\.0\.1:\d+$/);
    for (const other of [await startStranger(t), undefined]) {
      await using plain = await createServer({ port: 0, services: [] }).start();
      for (const action of ["reload", "shutdown"]) {
        await assert.rejects(ask(other ?? `127.0.0.1:${plain.port}`, [action]), {
          code: "ERROR_NO_SUCH_PROTOCOL",
          message: /is not the program hrpcd: only that can be asked this$/,
        });
      }
    }
  });
});
