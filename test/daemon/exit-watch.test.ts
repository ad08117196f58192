import assert from "node:assert/strict";
import { test } from "node:test";
import { ExitWatch } from "../../daemon/exit-watch.js";

/** A watch over a process that ends when the test says so. */
function watched(): { watch: ExitWatch; said: string[]; idle: () => void; exit: (code: number) => number } {
  const said: string[] = [];
  const told = { idle: () => {}, exit: (code: number): number => code };
  const end = {
    onIdle: (listener: () => void) => {
      told.idle = listener;
    },
    onExit: (listener: (code: number) => number) => {
      told.exit = listener;
    },
  };
  const watch = new ExitWatch(end, { loading: 2, serving: 1 }, (sentence) => said.push(sentence));
  return { watch, said, idle: () => told.idle(), exit: (code) => told.exit(code) };
}

test("an end that the program wants keeps its code, and nothing is said", () => {
  const { watch, said, exit } = watched();
  assert.equal(exit(3), 3);
  watch.loading("Module x");
  watch.expected();
  assert.equal(exit(0), 0);
  assert.deepEqual(said, []);
});

test("an end by a service is said, with the code of what was going on", () => {
  const { watch, said, idle, exit } = watched();
  watch.loading("Module x");
  assert.equal(exit(0), 2);
  watch.serving();
  assert.equal(exit(0), 1);
  watch.loading("Module y");
  idle();
  assert.equal(exit(13), 2);
  assert.deepEqual(
    said.map((sentence) => sentence.split(":")[0]),
    [
      "Module x ended the process with process.exit(0)",
      "A service ended the process with process.exit(0)",
      "Module y waits for something that cannot happen any more",
    ],
  );
});
