import assert from "node:assert/strict";
import { test } from "node:test";
import { RefreshRegistry } from "../../daemon/index.js";
import type { RefreshHandler } from "../../daemon/refresh-registry.js";
import { fakeCall } from "../helpers/fake-call.js";

const call = fakeCall();

test("a handler gets the arguments and the call, and says nothing, a text, or a text with a status", async () => {
  const registry = new RefreshRegistry();
  const seen: unknown[] = [];
  registry.register("cache", (args, from) => void seen.push(args, from));
  registry.register("cache", async () => "2 entries dropped", "second");
  registry.register("cache", () => ({ exitStatus: 3, userMessage: "too busy" }), "third");
  registry.register("cache", () => ({ userMessage: "fine" }), "fourth");
  assert.deepEqual(await registry.dispatch("cache", ["a", "b"], call), [
    { exitStatus: 0, senderName: "cache" },
    { exitStatus: 0, userMessage: "2 entries dropped", senderName: "second" },
    { exitStatus: 3, userMessage: "too busy", senderName: "third" },
    { exitStatus: 0, userMessage: "fine", senderName: "fourth" },
  ]);
  assert.deepEqual(seen, [["a", "b"], call]);
});

test("a handler that throws answers with -1 and its message, and the others run all the same", async () => {
  const registry = new RefreshRegistry();
  const bad: RefreshHandler[] = [
    () => {
      throw new Error("no database");
    },
    () => Promise.reject(new Error("later")),
    () => {
      throw null;
    },
    (args) => {
      (args as string[]).length = 0;
    },
    (args) => args.join("+"),
  ];
  for (const handler of bad) registry.register("x", handler);
  const answers = await registry.dispatch("x", ["1", "2"], call);
  assert.deepEqual(
    answers.map(({ exitStatus, userMessage }) => [exitStatus, userMessage]),
    [
      [-1, "no database"],
      [-1, "later"],
      [-1, "null"],
      [0, undefined],
      [0, "1+2"],
    ],
  );
});

test("an answer that could not be sent is told as the handler's fault", async () => {
  const registry = new RefreshRegistry();
  const odd: unknown[] = [{ exitStatus: 1.5 }, { exitStatus: 2 ** 31 }, { exitStatus: "1" }, { userMessage: 5 }];
  for (const answer of odd) registry.register("odd", () => answer as string);
  const answers = await registry.dispatch("odd", [], call);
  assert.deepEqual(
    answers.map(({ exitStatus }) => exitStatus),
    [-1, -1, -1, -1],
  );
  assert.match(answers[0]?.userMessage ?? "", /exitStatus that is no whole number/);
  assert.match(answers[3]?.userMessage ?? "", /userMessage that is no text/);
});

test("an answer that is neither nothing, nor a text, nor a status is told as the handler's fault", async () => {
  const registry = new RefreshRegistry();
  const odd: unknown[] = [5, 5n, true, Symbol("s"), () => "text", ["text"]];
  for (const answer of odd) registry.register("odd", () => answer as string);
  const userMessage = "the handler returned neither nothing, nor a text, nor { exitStatus, userMessage }";
  assert.deepEqual(
    await registry.dispatch("odd", [], call),
    odd.map(() => ({ exitStatus: -1, userMessage, senderName: "odd" })),
  );
});

test("an identifier without handlers is refused with those that there are", async () => {
  const registry = new RefreshRegistry();
  registry.register("a", () => {});
  const remove = registry.register("gone", () => {});
  registry.register("b", () => {});
  remove();
  for (const identifier of ["x", "gone", "__proto__", "constructor", ""]) {
    await assert.rejects(registry.dispatch(identifier, [], call), {
      code: "ERROR_APPLICATION",
      javaClass: "java.lang.IllegalArgumentException",
      message: `Identifier '${identifier}' does not exist in RefreshRegistry. Valid options are: a, b`,
    });
  }
});

test("taking one handler away leaves the others of its identifier, and doing it twice is fine", async () => {
  const registry = new RefreshRegistry();
  const handler = () => "same function";
  const remove = registry.register("a", handler, "first");
  registry.register("a", handler, "second");
  remove();
  remove();
  const senders = (await registry.dispatch("a", [], call)).map(({ senderName }) => senderName);
  assert.deepEqual(senders, ["second"]);
});
