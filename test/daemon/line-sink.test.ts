import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, type TestContext, test } from "node:test";
import { LineSink } from "../../daemon/line-sink.js";

const directory = fs.mkdtempSync(path.join(os.tmpdir(), "hrpcd-sink-"));
after(() => fs.rmSync(directory, { recursive: true }));

let files = 0;
function newFile(): string {
  return path.join(directory, `${files++}.log`);
}

/** Lets the event loop turn a few times. */
async function turns(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** How many lines the last line says were lost. */
function lostIn(lines: readonly string[]): number {
  return Number(String(lines.at(-1)).match(/WARN (\d+) log lines were lost/)?.[1]);
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
  const enough = (): boolean => fs.readFileSync(file, "utf8").includes("were lost");
  while (!enough()) await new Promise((resolve) => setImmediate(resolve));
  const lines = fs.readFileSync(file, "utf8").trimEnd().split("\n");
  assert.equal(lines[0], "first");
  assert.match(
    String(lines.at(-1)),
    /^\S+Z WARN \d+ log lines were lost: the log is written more slowly than it grows$/,
  );
  assert.equal(lines.length - 2 + lostIn(lines), 3000);
  assert.equal(sink.lostLines, lostIn(lines));
});

/** Makes writing to any file fail as on a full disk, after so many bytes have been taken. */
function fillDisk(t: TestContext, takesBytes = 0): void {
  const { write } = fs;
  let left = takesBytes;
  t.mock.method(fs, "write", ((fd: number, bytes: Buffer, done: (error: Error | null, written: number) => void) => {
    if (left === 0) {
      done(Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" }), 0);
      return;
    }
    const taken = Math.min(left, bytes.length);
    left -= taken;
    write(fd, bytes.subarray(0, taken), done);
  }) as unknown as typeof write);
}

test("a full disk costs lines, which are counted when it has room again, however often it was tried", async (t) => {
  const file = newFile();
  const sink = new LineSink(file);
  fillDisk(t);
  for (const line of ["one", "two", "three"]) {
    sink.write(line);
    await turns();
  }
  t.mock.restoreAll();
  assert.equal(sink.lostLines, 3);
  sink.write("four");
  await sink.drained();
  const lines = fs.readFileSync(file, "utf8").split("\n");
  assert.equal(lines[0], "four");
  assert.match(String(lines[1]), /Z WARN 3 log lines were lost: ENOSPC: no space left on device, write$/);
  assert.equal(lines.length, 3);
  assert.equal(sink.lostLines, 3);
});

test("a line that a full disk has cut off does not run into the next one", async (t) => {
  const file = newFile();
  const sink = new LineSink(file);
  fillDisk(t, "first\nsec".length);
  sink.write("first");
  sink.write("second");
  await new Promise((resolve) => setTimeout(resolve, 20));
  t.mock.restoreAll();
  sink.write("third");
  await sink.drained();
  const lines = fs.readFileSync(file, "utf8").split("\n");
  assert.deepEqual(lines.slice(0, 3), ["first", "sec", "third"]);
  assert.match(String(lines[3]), /WARN 1 log lines were lost/);
});

test("a device that is always full costs lines and nothing else, and the next file says how many", async () => {
  const link = newFile();
  fs.symlinkSync("/dev/full", link);
  const sink = new LineSink(link);
  for (let i = 0; i < 1000; i++) sink.write(`line ${i}`);
  await sink.drained();
  assert.equal(sink.lostLines, 1000);
  const file = newFile();
  fs.writeFileSync(file, "");
  fs.renameSync(file, link);
  sink.reopen();
  sink.write("there is room");
  await sink.drained();
  assert.match(fs.readFileSync(link, "utf8"), /^there is room\n\S+ WARN 1000 log lines were lost: ENOSPC[^\n]*\n$/);
});

/** A pipe with a name, and its end for reading, of which nothing is read yet. */
function newPipe(): { readonly file: string; readonly reader: number } {
  const file = newFile();
  execFileSync("mkfifo", [file]);
  return { file, reader: fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK) };
}

/** Reads what lies in a pipe until nothing more comes. */
async function readAll(reader: number, done: () => boolean): Promise<string> {
  const chunks: Buffer[] = [];
  const chunk = Buffer.alloc(65_536);
  for (let isDone = false; !isDone; ) {
    isDone = done();
    try {
      const bytes = fs.readSync(reader, chunk);
      if (bytes > 0) isDone = false;
      chunks.push(Buffer.from(chunk.subarray(0, bytes)));
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, "EAGAIN");
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  return Buffer.concat(chunks).toString();
}

test("a pipe whose reader has stopped costs the lines that find no room, which is said when it reads again", async () => {
  const { file, reader } = newPipe();
  const sink = new LineSink(file);
  const LINES = 100_000;
  for (let i = 0; i < LINES; i++) {
    sink.write(`line ${i}, and some more text`);
    if (i % 1000 === 0) await turns();
  }
  assert.ok(sink.lostLines > 0);
  let written = false;
  void sink.drained(10_000).then(() => {
    written = true;
  });
  const lines = (await readAll(reader, () => written)).trimEnd().split("\n");
  assert.equal(lines[0], "line 0, and some more text");
  assert.equal(lines.length - 1 + lostIn(lines), LINES, "every line is there or counted");
  fs.closeSync(reader);
});

test("a pipe that nobody reads from is no log file", () => {
  const file = newFile();
  execFileSync("mkfifo", [file]);
  assert.throws(() => new LineSink(file), /ENXIO/);
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

/** A program that writes lines to its standard error and exits in the same breath. */
function writesAndExits(lines: number): string {
  const url = new URL("../../daemon/line-sink.js", import.meta.url).href;
  return `
    import fs from "node:fs";
    import { LineSink } from ${JSON.stringify(url)};
    const sink = new LineSink("");
    for (let i = 0; i < ${lines}; i++) sink.write("line " + i + " ".repeat(100));
    if (process.argv[1] !== undefined) fs.writeFileSync(process.argv[1], "");
    process.on("exit", () => sink.flush());
    process.exit(0);
  `;
}

test("a program ends although nobody reads the pipe that is its standard error", async () => {
  const { file, reader } = newPipe();
  // Writing to it waits for the reader, unless the sink sees to it that it does not.
  const writer = fs.openSync(file, fs.constants.O_WRONLY);
  const args = ["--input-type=module", "-e", writesAndExits(5000)];
  const program = spawn(process.execPath, args, { stdio: ["ignore", "ignore", writer] });
  fs.closeSync(writer);
  const [code] = (await once(program, "exit")) as [number | null];
  assert.equal(code, 0);
  fs.closeSync(reader);
});

for (const kind of ["pipe", "socket"] as const) {
  test(`whoever reads the ${kind} of a program that ends gets every line, however full it was`, async () => {
    const { file, reader } = newPipe();
    const writer = fs.openSync(file, fs.constants.O_WRONLY);
    const begun = newFile();
    const args = ["--input-type=module", "-e", writesAndExits(8000), begun];
    // What Node calls a pipe is a pair of sockets.
    const program = spawn(process.execPath, args, {
      stdio: ["ignore", "ignore", kind === "socket" ? "pipe" : writer],
    });
    fs.closeSync(writer);
    const ended = once(program, "close");
    while (!fs.existsSync(begun)) await turns();
    let text = "";
    if (program.stderr === null) text = await readAll(reader, () => program.exitCode !== null);
    else for await (const chunk of program.stderr) text += String(chunk);
    await ended;
    fs.closeSync(reader);
    assert.equal(text.split("\n").length, 8001);
  });
}

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
