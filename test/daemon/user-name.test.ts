import assert from "node:assert/strict";
import { test } from "node:test";
import { isUserName } from "../../daemon/user-name.js";

test("names of local, LDAP and Windows users are names", () => {
  for (const name of [
    "alice",
    "a",
    "dr.who",
    "svc-hdfs",
    "DOM\\jörg",
    "a@EXAMPLE.COM",
    "domain user",
    "7up",
    "x".repeat(256),
  ])
    assert.equal(isUserName(name), true, name);
});

test("what a command could take for an option, a number or several lines is none", () => {
  const bad = [
    "",
    " ",
    "-n",
    "--help",
    "0",
    "+0",
    "1000",
    " 0",
    "0 ",
    "a ",
    "a:b",
    "a\nb",
    "a\0",
    "\u007f",
    "x".repeat(257),
  ];
  for (const text of bad) assert.equal(isUserName(text), false, JSON.stringify(text));
});
