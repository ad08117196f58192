import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { LineSink } from "../../daemon/line-sink.js";

const directory = fs.mkdtempSync(path.join(os.tmpdir(), "hrpcd-sink-"));
after(() => fs.rmSync(directory, { recursive: true }));

let files = 0;
function newFile(): string {
  return path.join(directory, `${files++}.log`);
}

/** Waits until the file holds this text. */
async function holds(file: string, text: string): Promise<void> {
  while (fs.readFileSync(file, "utf8") !== text) await new Promise((resolve) => setImmediate(resolve));
}

test("lines are appended in order, in the background, each with a line end", async () => {
  const file = newFile();
  fs.writeFileSync(file, "old\n");
  const sink = new LineSink(file);
  sink.write("one");
  sink.write("two \u00e9");
  assert.equal(fs.readFileSync(file, "utf8"), "old\n");
  await holds(file, "old\none\ntwo \u00e9\n");
  sink.write("three");
  await holds(file, "old\none\ntwo \u00e9\nthree\n");
});

test("a flush writes at once what waits", () => {
  const file = newFile();
  const sink = new LineSink(file);
  sink.write("one");
  sink.write("two");
  sink.flush();
  sink.flush();
  assert.equal(fs.readFileSync(file, "utf8"), "one\ntwo\n");
});

test("reopening goes on in a new file, and no line is lost or in both", async () => {
  const file = newFile();
  const sink = new LineSink(file);
  sink.write("one");
  await holds(file, "one\n");
  fs.renameSync(file, `${file}.1`);
  sink.write("two");
  sink.reopen();
  sink.write("three");
  await holds(file, "two\nthree\n");
  assert.equal(fs.readFileSync(`${file}.1`, "utf8"), "one\n");
});

test("a file that is being written to is closed only when that is done", async (t) => {
  const file = newFile();
  const sink = new LineSink(file);
  const line = "x".repeat(500_000);
  sink.write(line);
  // The batch is handed to the system in the next turn; then the file is reopened, twice, while the system writes.
  await new Promise((resolve) => setImmediate(resolve));
  const close = t.mock.method(fs, "closeSync");
  fs.renameSync(file, `${file}.1`);
  sink.reopen();
  assert.equal(close.mock.callCount(), 0);
  sink.reopen();
  assert.equal(close.mock.callCount(), 1, "the one that nothing was written to");
  sink.write("behind");
  await holds(file, "behind\n");
  assert.equal(fs.readFileSync(`${file}.1`, "utf8"), `${line}\n`);
  assert.equal(close.mock.callCount(), 2);
});

test("lines that nobody takes are counted and told of, and no more than a bound is kept", async (t) => {
  const file = newFile();
  const sink = new LineSink(file);
  let finish: (() => void) | undefined;
  const { write } = fs;
  t.mock.method(fs, "write", (...args: Parameters<typeof write>) => {
    finish = () => void write(...args);
  });
  sink.write("first");
  await new Promise((resolve) => setImmediate(resolve));
  for (let i = 0; i < 3000; i++) sink.write("x".repeat(1023));
  t.mock.restoreAll();
  finish?.();
  const enough = (): boolean => fs.readFileSync(file, "utf8").includes("dropped");
  while (!enough()) await new Promise((resolve) => setImmediate(resolve));
  const lines = fs.readFileSync(file, "utf8").trimEnd().split("\n");
  assert.equal(lines[0], "first");
  assert.match(String(lines.at(-1)), /^\d+ log lines were dropped: the log is written more slowly than it grows$/);
  assert.equal(lines.length - 2 + Number.parseInt(String(lines.at(-1)), 10), 3000);
});

test("a full disk costs lines, which are counted when it has room again", async (t) => {
  const file = newFile();
  const sink = new LineSink(file);
  t.mock.method(fs, "write", (...args: unknown[]) => {
    (args.at(-1) as (error: Error) => void)(Object.assign(new Error("no space"), { code: "ENOSPC" }));
  });
  sink.write("one");
  sink.write("two");
  await new Promise((resolve) => setImmediate(resolve));
  t.mock.restoreAll();
  sink.write("three");
  await holds(file, "three\n2 log lines were dropped: the log is written more slowly than it grows\n");
});

test("a full pipe costs no line, and a batch that was taken in part is written to its end", async (t) => {
  const file = newFile();
  const sink = new LineSink(file);
  const { write } = fs;
  const busy = Object.assign(new Error("try again"), { code: "EAGAIN" });
  let tries = 0;
  t.mock.method(fs, "write", ((fd: number, bytes: Buffer, done: (error: Error | null, written: number) => void) => {
    tries++;
    if (tries === 1) done(busy, 0);
    else write(fd, bytes.subarray(0, 5), done);
  }) as unknown as typeof write);
  const line = "a line that is written in pieces";
  sink.write(line);
  await holds(file, `${line}\n`);
  assert.ok(tries > 2);
});

test("every line reaches a program's standard error once, also when it exits in the same breath", () => {
  const url = new URL("../../daemon/line-sink.js", import.meta.url).href;
  const program = `
    import { LineSink } from ${JSON.stringify(url)};
    const sink = new LineSink("");
    process.on("exit", () => sink.flush());
    for (let i = 0; i < 2000; i++) sink.write("line " + i);
    setTimeout(() => { sink.write("last"); process.exit(0); }, 20);
  `;
  const { stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
  const expected = [...Array.from({ length: 2000 }, (_, i) => `line ${i}`), "last", ""];
  assert.deepEqual(stderr.split("\n"), expected);
});

test("a file that cannot be opened is an error at once, and a failed reopening keeps the old file", async () => {
  assert.throws(() => new LineSink(path.join(directory, "no", "such", "directory")), /ENOENT/);
  const inside = path.join(directory, "sub");
  fs.mkdirSync(inside);
  const file = path.join(inside, "a.log");
  const sink = new LineSink(file);
  fs.renameSync(inside, `${inside}2`);
  assert.throws(() => sink.reopen(), /ENOENT/);
  sink.write("still here");
  await holds(path.join(`${inside}2`, "a.log"), "still here\n");
});
