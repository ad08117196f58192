import assert from "node:assert/strict";
import { test } from "node:test";
import { expandVariables, SUBSTITUTIONS_MAX, type VariableScope } from "../../conf/variables.js";

function scope(raw: Record<string, string>, env = {}, properties = {}): VariableScope {
  return { env, properties, raw: (key) => (Object.hasOwn(raw, key) ? raw[key] : undefined) };
}

function expanded(text: string, from: VariableScope): string {
  const expansion = expandVariables(text, from);
  assert.ok("text" in expansion, JSON.stringify(expansion));
  return expansion.text;
}

test("a variable is replaced by the value of its key, and the result is looked at again", () => {
  const values = scope({ host: "h${n}", n: "1", port: "80" });
  assert.equal(expanded("${host}:${port}/", values), "h1:80/");
});

test("a variable inside a variable's name is replaced first", () => {
  assert.equal(expanded("${dir.${kind}}", scope({ kind: "log", "dir.log": "/var/log" })), "/var/log");
});

test("a name holds no brace, dollar or space, so such text stays as it is", () => {
  for (const text of ["${}", "${a b}", "$a", "{a}", "${a", "$${", "a}"]) {
    assert.deepEqual(expandVariables(text, scope({ a: "1", "a b": "2", "": "3" })), { text });
  }
});

test("env. reads the environment, with a text for when the name is not set or also when it is empty", () => {
  const env = { HOME: "/root", EMPTY: "" };
  const cases = [
    ["${env.HOME}", "/root"],
    ["${env.HOME-x}", "/root"],
    ["${env.EMPTY-x}", ""],
    ["${env.EMPTY:-x}", "x"],
    ["${env.NONE-x-y}", "x-y"],
    ["${env.NONE:-x:-y}", "x:-y"],
    ["${env.NONE:-}", ""],
  ] as const;
  for (const [text, value] of cases) assert.equal(expanded(text, scope({}, env)), value, text);
});

test("a property of the system is asked before a key of the same name", () => {
  assert.equal(expanded("${user.name}", scope({ "user.name": "conf" }, {}, { "user.name": "system" })), "system");
});

test("names of an object's own machinery are not variables", () => {
  for (const text of ["${constructor}", "${env.toString}", "${__proto__}"]) {
    assert.equal(expanded(text, scope({})), text);
  }
});

test("a name that nothing defines ends the expansion, leaves the rest, and is told", () => {
  assert.deepEqual(expandVariables("${a}-${none}-${a}", scope({ a: "1" })), {
    text: "1-${none}-${a}",
    warning: "nothing defines ${none}, so it stays as it is written",
  });
});

test("a variable that stands for itself leaves the whole text as it was, and is told", () => {
  const values = scope({ a: "x${a}", b: "1" });
  assert.deepEqual(expandVariables("${b}${a}", values), {
    text: "${b}${a}",
    warning: "${a} stands for itself, so no variable of this value was replaced",
  });
});

test("as many substitutions as allowed are made, and one more is a fault", () => {
  const values = scope({ a: "1" });
  assert.equal(expanded("${a}".repeat(SUBSTITUTIONS_MAX), values), "1".repeat(SUBSTITUTIONS_MAX));
  const beyond = expandVariables("${a}".repeat(SUBSTITUTIONS_MAX + 1), values);
  assert.ok("rule" in beyond && beyond.rule.startsWith("needs more than 20 substitutions"));
});

test("two variables that name each other are a fault, not a loop", () => {
  assert.ok("rule" in expandVariables("${a}", scope({ a: "${b}", b: "${a}" })));
});

test("a value that variables would blow up is a fault", () => {
  const values = scope({ a: "x".repeat(200_000) });
  assert.ok("rule" in expandVariables("${a}".repeat(6), values));
});
