import assert from "node:assert/strict";
import { test } from "node:test";
import { UserAccounts } from "../../daemon/user-accounts.js";

test("the connections of a user share an account, which is gone with the last of them", () => {
  const accounts = new UserAccounts(0);
  const first = accounts.open("king");
  const second = accounts.open("king");
  const other = accounts.open("");
  assert.ok(first !== undefined && second !== undefined && other !== undefined);
  assert.equal(first, second);
  assert.deepEqual(
    [...accounts.all].map(({ name, connections }) => [name, connections]),
    [
      ["king", 2],
      ["", 1],
    ],
  );
  accounts.close(first);
  accounts.close(second);
  assert.equal(accounts.size, 1);
  assert.notEqual(accounts.open("king"), first);
});

test("a user may have as many connections as allowed and not one more, others as many again", () => {
  const accounts = new UserAccounts(2);
  const first = accounts.open("king");
  assert.ok(first !== undefined && accounts.open("king") !== undefined);
  assert.equal(accounts.open("king"), undefined);
  assert.ok(accounts.open("queen") !== undefined);
  accounts.close(first);
  assert.ok(accounts.open("king") !== undefined);
});
