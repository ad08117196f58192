import assert from "node:assert/strict";
import { userInfo } from "node:os";
import { test } from "node:test";
import { createSettings } from "../../conf/index.js";
import { createGroups, Groups } from "../../daemon/index.js";
import { type Gate, gate, settled } from "../helpers/test-server.js";

const HOUR_MS = 3_600_000;

/** Groups whose source counts how often it is asked, on a clock in the test's hand. */
function counted(answers: Record<string, string[]>, cacheMs = 1000, negativeCacheMs = 100) {
  const asked: string[] = [];
  const clock = { nowMs: HOUR_MS };
  const source = {
    groupsOf: (user: string) => {
      asked.push(user);
      return answers[user] ?? [];
    },
  };
  const overrides = new Map([["dr.who", []]]);
  const groups = new Groups({ overrides, source, cacheMs, negativeCacheMs, now: () => clock.nowMs });
  return { groups, asked, clock };
}

test("a user's groups are asked for once, and again when their time is over", async () => {
  const { groups, asked, clock } = counted({ alice: ["staff"] });
  for (const passMs of [0, 999, 1]) {
    clock.nowMs += passMs;
    assert.deepEqual(await groups.groupsOf("alice"), ["staff"]);
  }
  assert.deepEqual(asked, ["alice", "alice"]);
});

test("that a user has none is remembered for a time of its own", async () => {
  const { groups, asked, clock } = counted({});
  for (const passMs of [0, 99, 1]) {
    clock.nowMs += passMs;
    assert.deepEqual(await groups.groupsOf("bob"), []);
  }
  assert.deepEqual(asked, ["bob", "bob"]);
});

test("times of 0 remember nothing", async () => {
  const { groups, asked } = counted({ alice: ["staff"] }, 0, 0);
  for (const user of ["alice", "alice", "bob", "bob"]) await groups.groupsOf(user);
  assert.equal(asked.length, 4);
});

test("names that nobody has do not push out users that there are", async () => {
  const { groups, asked } = counted({ alice: ["staff"] }, HOUR_MS, HOUR_MS);
  await groups.groupsOf("alice");
  for (let i = 0; i < 20_000; i++) await groups.groupsOf(`nobody-${i}`);
  asked.length = 0;
  await groups.groupsOf("alice");
  await groups.groupsOf("nobody-19999");
  await groups.groupsOf("nobody-0");
  assert.deepEqual(asked, ["nobody-0"]);
});

test("a refresh forgets all", async () => {
  const { groups, asked } = counted({ alice: ["staff"] });
  await groups.groupsOf("alice");
  groups.refresh();
  await groups.groupsOf("alice");
  assert.equal(asked.length, 2);
});

test("what cannot be a user is not asked for, nor one that the settings speak of", async () => {
  const { groups, asked } = counted({});
  for (const user of ["", "--help", "0", "x".repeat(1_000_000), "dr.who"]) {
    assert.deepEqual(await groups.groupsOf(user), []);
  }
  assert.deepEqual(asked, []);
});

/** Groups whose source answers when the test says so. */
function held() {
  const gates: Gate<string[]>[] = [];
  const source = {
    groupsOf: () => {
      const next = gate<string[]>();
      gates.push(next);
      return next.opened;
    },
  };
  return { groups: new Groups({ overrides: new Map(), source, cacheMs: HOUR_MS, negativeCacheMs: HOUR_MS }), gates };
}

test("many who ask for the same user at once cost one question", async () => {
  const { groups, gates } = held();
  const answers = Promise.all([groups.groupsOf("alice"), groups.groupsOf("alice"), groups.groupsOf("alice")]);
  await settled();
  assert.equal(gates.length, 1);
  gates[0]?.open(["staff"]);
  assert.deepEqual(await answers, [["staff"], ["staff"], ["staff"]]);
});

test("an answer that was on its way when all was forgotten is given to who waits, and not remembered", async () => {
  const { groups, gates } = held();
  const before = groups.groupsOf("alice");
  groups.refresh();
  const after = groups.groupsOf("alice");
  gates[0]?.open(["old"]);
  gates[1]?.open(["new"]);
  assert.deepEqual([await before, await after, await groups.groupsOf("alice")], [["old"], ["new"], ["new"]]);
});

test("a question that fails is asked again, whether it fails at once or later", async () => {
  let fails = 0;
  const failing = [
    () => {
      fails++;
      throw new Error("no directory");
    },
    () => {
      fails++;
      return Promise.reject(new Error("no directory"));
    },
  ];
  for (const groupsOf of failing) {
    const groups = new Groups({ overrides: new Map(), source: { groupsOf }, cacheMs: 1000, negativeCacheMs: 1000 });
    await assert.rejects(groups.groupsOf("alice"), /no directory/);
    await assert.rejects(groups.groupsOf("alice"), /no directory/);
  }
  assert.equal(fails, 4);
});

test("by default the system is asked, and dr.who has no groups", async () => {
  const groups = createGroups(createSettings());
  assert.notEqual((await groups.groupsOf(userInfo().username)).length, 0);
  assert.deepEqual(await groups.groupsOf("dr.who"), []);
});

test("the settings may speak of users, with or without groups, and ask nobody else", async () => {
  const groups = createGroups(
    createSettings({
      "hadoop.security.group.mapping": "org.apache.hadoop.security.NullGroupsMapping",
      "hadoop.user.group.static.mapping.overrides": "alice = staff, admin ;bob;carol=;;__proto__=x;alice2=one;",
    }),
  );
  const users = ["alice", "bob", "carol", "__proto__", "alice2", userInfo().username];
  assert.deepEqual(await Promise.all(users.map((user) => groups.groupsOf(user))), [
    ["staff", "admin"],
    [],
    [],
    ["x"],
    ["one"],
    [],
  ]);
});

test("an unknown mapping, or users that are not well formed, are faults of the settings", () => {
  for (const [key, value] of [
    ["hadoop.security.group.mapping", "org.apache.hadoop.security.LdapGroupsMapping"],
    ["hadoop.user.group.static.mapping.overrides", "a=b=c"],
    ["hadoop.user.group.static.mapping.overrides", "=staff"],
    ["hadoop.user.group.static.mapping.overrides", "a=b; =staff"],
  ] as const) {
    assert.throws(() => createSettings({ [key]: value }), { code: "BAD_SETTING", message: /must be/ });
  }
});
