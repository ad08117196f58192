import assert from "node:assert/strict";
import { test } from "node:test";
import { usageText } from "../../../client/terminal/usage-text.js";

const COMMANDS = { list: "list <address>", call: "call <address> <protocol> <method> [args..]" };

test("what yargs says becomes what to do, and how the command is written follows", () => {
  const cases: [message: string, args: string[], text: string][] = [
    ["Unknown argument: prot", ["list", "--prot"], "there is no option --prot"],
    ["Unknown arguments: prot, x", ["list", "-x", "--prot"], "there is no option --prot, -x"],
    ["Unknown command: b", ["list", "a", "b"], "list takes fewer arguments: what is b?"],
    ["Not enough non-option arguments: got 0, need at least 1", ["list"], "list needs 1 argument, got 0"],
    ["Not enough non-option arguments: got 1, need at least 3", ["list"], "list needs 3 arguments, got 1"],
    ["Not enough arguments following: timeout", ["list", "--timeout"], "--timeout needs a value"],
    ["Not enough arguments following: D", ["list", "-D"], "-D needs a value"],
    ["\nMissing dependent arguments:\n service -> proto", ["list"], "--service needs --proto too"],
    ["Missing required argument: proto", ["list"], "list needs --proto"],
    ["--timeout must be a number greater than 0", ["list"], "--timeout must be a number greater than 0"],
  ];
  for (const [message, args, text] of cases) {
    assert.equal(
      usageText(message, args, COMMANDS),
      `hrpc: ${text}\nUsage: hrpc list <address>\nTry: hrpc list --help`,
    );
  }
});

test("where no command is named, those there are stand below", () => {
  const below = "\nCommands: list, call\nTry: hrpc --help";
  assert.equal(usageText("name a command", [], COMMANDS), `hrpc: name a command${below}`);
  assert.equal(usageText("Unknown command: frob", ["frob"], COMMANDS), `hrpc: there is no command frob${below}`);
  assert.equal(usageText("Unknown commands: toString", ["toString"], COMMANDS).includes(below), true);
});
