import assert from "node:assert/strict";
import { test } from "node:test";
import { matchesObjectName, matchesWildcards, type ObjectName, parseObjectName } from "../../daemon/object-name.js";

const NAME = parseObjectName("Hadoop:service=NameNode,name=RpcActivityForPort8020") as ObjectName;

const matches = (pattern: string): boolean => {
  const parsed = parseObjectName(pattern);
  assert.ok(parsed, pattern);
  return matchesObjectName(parsed, NAME);
};

test("a pattern means the beans that Java's ObjectName would say it means", () => {
  for (const pattern of [
    "*:*",
    "Hadoop:*",
    "Had??p:*",
    "Hadoop:service=NameNode,name=RpcActivityForPort8020",
    "Hadoop:name=RpcActivityForPort8020,service=NameNode",
    "Hadoop:service=NameNode,*",
    "Hadoop:*,name=Rpc*",
    "*:service=*,name=*Port80?0",
  ]) {
    assert.ok(matches(pattern), pattern);
  }
  for (const pattern of [
    "hadoop:*",
    "Hadoop:service=NameNode",
    "Hadoop:service=DataNode,*",
    "Hadoop:service=NameNode,name=RpcActivityForPort802",
    "Hadoop:service=NameNode,name=*,more=*",
    "Hadoop:other=*,*",
  ]) {
    assert.ok(!matches(pattern), pattern);
  }
});

test("what is no name is told from one", () => {
  for (const text of [
    "",
    "Hadoop",
    "Hadoop:",
    "Hadoop:x",
    "Hadoop:=x",
    "Hadoop:a=1,a=2",
    "Hadoop:a=1,",
    "Hadoop:*,*",
  ]) {
    assert.equal(parseObjectName(text), undefined, text);
  }
});

test("wildcards stand for what they should", () => {
  for (const [pattern, text, expected] of [
    ["", "", true],
    ["*", "", true],
    ["?", "", false],
    ["a*b*c", "aXbYbZc", true],
    ["a*b*c", "aXbYbZ", false],
    ["a?c", "abc", true],
    ["abc", "abcd", false],
    ["*abc", "abcabc", true],
  ] as const) {
    assert.equal(matchesWildcards(pattern, text), expected, `${pattern} ${text}`);
  }
});

test("a pattern made to be slow is not", () => {
  const pattern = `${"*a".repeat(2000)}b`;
  let steps = 0;
  // The signs of a text that counts how often it is looked at.
  const text = new Proxy(new String("a".repeat(200)), {
    get: (target, key) => {
      steps++;
      return Reflect.get(target, key) as unknown;
    },
  }) as string;
  assert.equal(matchesWildcards(pattern, text), false);
  assert.ok(steps < 200 * 4001 * 3, `${steps}`);
});
