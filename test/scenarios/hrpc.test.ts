/** The program hrpc as a person uses it: arguments, both outputs, exit codes. What commands do is tested beside them. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { createServer } from "node:net";
import { userInfo } from "node:os";
import { after, before, describe, test } from "node:test";
import { HRPC, resultOf, runHrpc, startHrpc } from "../helpers/hrpc-process.js";
import { startRogueServer } from "../helpers/rogue-server.js";
import { type SampleServer, startSampleServer } from "../helpers/sample-services.js";
import { Directory } from "../helpers/service-files.js";
import { startStranger } from "../helpers/stranger.js";

const SAMPLER = "org.example.Sampler";

let samples: SampleServer;
before(async () => {
  samples = await startSampleServer();
});
after(() => samples[Symbol.asyncDispose]());

/** `hrpc call` of the samples' Avro protocol; what follows is the method, its arguments and options. */
function call(...args: string[]) {
  return runHrpc(["call", samples.address, SAMPLER, ...args]);
}

/** The port of an address where nobody listens: it was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

describe("hrpc prints results on standard output alone, and exits with 0", () => {
  test("a call's as JSON on lines of its own", async () => {
    assert.equal(await resultOf("call", samples.address, SAMPLER, "hello", '"king"'), '"hello,king"\n');
    assert.equal(
      await resultOf("call", samples.address, SAMPLER, "points", '[{"x":5,"color":"RED"}]'),
      '[\n  {\n    "x": 5,\n    "color": "RED"\n  }\n]\n',
    );
  });

  test("null of a method without result, and of one that nobody answers", async () => {
    assert.equal(await resultOf("call", samples.address, "demo.Sampler@7", "nothing"), "null\n");
    assert.equal(await resultOf("call", samples.address, SAMPLER, "tell", '"from a shell"'), "null\n");
    assert.ok(samples.told.includes("from a shell"));
  });

  test("tables for people, and JSON for programs", async () => {
    assert.match(
      await resultOf("list", samples.address),
      /^protocol +version +engine\norg\.example\.Sampler +1 +avro\n/,
    );
    const listed = JSON.parse(await resultOf("list", samples.address, "--json")) as unknown[];
    assert.deepEqual(listed[0], { protocol: SAMPLER, version: 1, engine: "avro" });
    assert.match(await resultOf("describe", samples.address, `${SAMPLER}@1`), /@1 \(avro\), fingerprint [0-9a-f]{8}\n/);
    const described = JSON.parse(
      await resultOf("describe", samples.address, SAMPLER, "--json", "--engine", "writable"),
    );
    assert.equal(described[0].methods[0].method, "java.lang.String engine()");
  });

  test("ping's and bench's", async () => {
    assert.match(await resultOf("ping", samples.address), /^127\.0\.0\.1:\d+ answers \(hrpcd\) in [\d.]+ ms; .*\n$/);
    const bench = ["bench", samples.address, SAMPLER, "add", "2", "-3", "--seconds", "0.3", "--in-flight", "4"];
    assert.match(await resultOf(...bench), /^inFlight +calls .*\n4 +\d+ +\d+ +\d+ +\d+\n$/);
    const row = JSON.parse(await resultOf(...bench, "--json"));
    assert.equal(row.inFlight, 4);
    assert.ok(row.calls >= 4);
  });

  test("help and version", async () => {
    const help = await resultOf("--help");
    for (const word of ["list", "describe", "call", "ping", "bench", "types", "--timeout", "Exit codes: 0 done, "]) {
      assert.ok(help.includes(word), help);
    }
    assert.match(await resultOf("call", "-h"), /^hrpc call <address> <protocol> <method> \[args\.\.\]\n/);
    assert.match(await resultOf("--version"), /^\d+\.\d+\.\d+\n$/);
  });

  test("with what a terminal would obey written out", async () => {
    const printed = await resultOf("call", samples.address, SAMPLER, "hello", '"\\u001b[31m\\u009b2J"');
    assert.equal(printed, '"hello,\\u001b[31m\\u009b2J"\n');
  });

  test("even if whoever reads them leaves early", async () => {
    const child = startHrpc(["call", samples.address, SAMPLER, "hello", JSON.stringify("x".repeat(100_000))]);
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    (child.stdout as unknown as { destroy(): void }).destroy();
    const [code] = await once(child, "close");
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  });

  test("and says so if they cannot be written", async () => {
    const readOnly = openSync(HRPC, "r");
    const child = spawn(process.execPath, [HRPC, "list", samples.address], { stdio: ["ignore", readOnly, "pipe"] });
    closeSync(readOnly);
    let stderr = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    const [code] = await once(child, "close");
    assert.match(stderr, /^hrpc: the result could not be written: EBADF: .*\n$/);
    assert.equal(code, 1);
  });
});

describe("hrpc takes", () => {
  test("negative numbers, with an exponent and behind -- too", async () => {
    assert.equal(
      await resultOf("call", samples.address, SAMPLER, "add", "-5", "-9223372036854775803"),
      '"-9223372036854775808"\n',
    );
    assert.equal(await resultOf("call", samples.address, SAMPLER, "half", "-1e-7"), "-5e-8\n");
    assert.equal(await resultOf("call", "--json", samples.address, SAMPLER, "add", "--", "-5", "3"), "-2\n");
  });

  test("strings and longs as they were typed, not as numbers or options", async () => {
    assert.equal(await resultOf("call", samples.address, SAMPLER, "hello", '"007"'), '"hello,007"\n');
    assert.equal(await resultOf("call", samples.address, SAMPLER, "hello", '"--json"'), '"hello,--json"\n');
    assert.equal(
      await resultOf("call", samples.address, SAMPLER, "add", "9007199254740993", "0"),
      '"9007199254740993"\n',
    );
  });

  test("the user from --user, else from HADOOP_USER_NAME unless it is empty, else from the system", async () => {
    const user = ["call", samples.address, SAMPLER, "user"];
    const named = { HADOOP_USER_NAME: "bob" };
    assert.equal((await runHrpc([...user, "--user", "eve", "--user=mallory"], named)).stdout, '"mallory"\n');
    assert.equal((await runHrpc(user, named)).stdout, '"bob"\n');
    const own = `${JSON.stringify(userInfo().username)}\n`;
    assert.equal((await runHrpc(user, { HADOOP_USER_NAME: "" })).stdout, own);
  });

  test("settings from -D in both forms, the last one winning", async () => {
    const list = ["list", samples.address];
    const wrong = await runHrpc([...list, "-D", "ipc.client.tcpnodelay=true", "-Dipc.client.tcpnodelay=maybe"]);
    assert.equal(wrong.stderr, 'hrpc: -D: ipc.client.tcpnodelay: must be true or false, got "maybe"\n');
    assert.equal(wrong.code, 2);
    assert.match(
      await resultOf(...list, "-Dipc.client.tcpnodelay=no", "-D", "ipc.client.tcpnodelay=true"),
      /^protocol /,
    );
    const unknown = await runHrpc([...list, "-D", "ipc.client.tcpnodelai=true"]);
    assert.match(unknown.stderr, /^warning: -D: ipc\.client\.tcpnodelai: .*ipc\.client\.tcpnodelay/);
    assert.equal(unknown.code, 0);
  });

  test("settings from the directory that --config names, else HRPCD_CONF_DIR, else HADOOP_CONF_DIR", async () => {
    using ours = new Directory();
    ours.settings({ "ipc.client.rpc-timeout.ms": "50" });
    using theirs = new Directory();
    theirs.settings({ "ipc.client.rpc-timeout.ms": "never" });
    const hang = ["call", samples.address, SAMPLER, "hang"];
    const timedOut = { code: 4, stderr: `hrpc: ${SAMPLER}.hang to ${samples.address}: no answer within 50 ms\n` };
    for (const [args, env] of [
      [["--config", ours.path], { HRPCD_CONF_DIR: theirs.path, HADOOP_CONF_DIR: theirs.path }],
      [[], { HRPCD_CONF_DIR: ours.path, HADOOP_CONF_DIR: theirs.path }],
      [[], { HRPCD_CONF_DIR: "", HADOOP_CONF_DIR: ours.path }],
    ] as const) {
      const { code, stderr } = await runHrpc([...hang, ...args], env);
      assert.deepEqual({ code, stderr }, timedOut);
    }
    const faulty = await runHrpc(hang, { HADOOP_CONF_DIR: theirs.path });
    assert.match(faulty.stderr, /^hrpc: .*\/hrpc-site\.xml:3: ipc\.client\.rpc-timeout\.ms: .*"never"\n$/);
    assert.equal(faulty.code, 2);
  });
});

describe("hrpc exits with 1 when the server refuses or fails", () => {
  test("a method that throws: Java class, message and data, with what a terminal would obey written out", async () => {
    const { code, stdout, stderr } = await call("fail", '"\\u001b]0;x\\u0007"');
    assert.equal(stderr, 'hrpc: org.example.TooLong: too long: \\u001b]0;x\\u0007\n{"limit":"1152921504606846976"}\n');
    assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
  });

  test("a protocol, version or method that is not there: what there is", async () => {
    for (const [args, text] of [
      [["describe", samples.address, "Nothing"], `does not serve Nothing; it serves: ${SAMPLER}, demo.Sampler, `],
      [["describe", samples.address, "myinterfaces"], "does not serve myinterfaces; did you mean demo.MyInterface?\n"],
      [
        ["call", samples.address, `${SAMPLER}@9`, "add"],
        `does not serve ${SAMPLER}@9; it serves: ${SAMPLER}@1 (avro), `,
      ],
      [["bench", samples.address, "demo.MyInterface", "hello"], "has no method hello; it has: helloWorld\n"],
    ] as const) {
      const { code, stdout, stderr } = await runHrpc(args);
      assert.ok(stderr.startsWith("hrpc: ") && stderr.includes(text), stderr);
      assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
    }
  });

  test("a Hadoop server, which does not tell its types: what to do instead; ping works", async (t) => {
    const address = await startStranger(t);
    for (const [args, text] of [
      [["list", address], "that does not tell what it serves; hrpc ping works with it"],
      [
        ["describe", address, "x"],
        "which does not tell its types: name a jar or .proto files that have them with --proto",
      ],
      [
        ["call", address, "x", "y", "1"],
        "which does not tell its types: name a jar or .proto files that have them with --proto",
      ],
    ] as const) {
      const { code, stdout, stderr } = await runHrpc(args);
      assert.ok(/^hrpc: 127\.0\.0\.1:\d+ is a Hadoop RPC server/.test(stderr) && stderr.includes(text), stderr);
      assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
    }
    assert.match(await resultOf("ping", address), /answers \(a Hadoop RPC server\) in /);
  });

  test("something that hangs up", async (t) => {
    const server = await startRogueServer(t);
    const closing = server.accept().then((peer) => peer.socket.end());
    const { code, stderr } = await runHrpc(["ping", server.address]);
    await closing;
    assert.match(stderr, /^hrpc: hrpcd\.Reflection\.ping to .*: the connection closed before the answer came\n$/);
    assert.equal(code, 1);
  });
});

describe("hrpc exits with 2 when arguments are wrong, and says how the command is written", () => {
  const called = "\nUsage: hrpc call <address> <protocol> <method> [args..]\nTry: hrpc call --help\n";
  const listed = "\nUsage: hrpc list <address>\nTry: hrpc list --help\n";
  const commands = "\nCommands: list, describe, call, ping, bench, types, admin\nTry: hrpc --help\n";
  const cases: readonly [what: string, args: readonly string[], stderr: string][] = [
    ["no command", [], `name a command${commands}`],
    ["a command that does not exist", ["frob"], `there is no command frob${commands}`],
    ["too few arguments", ["call", "localhost:1"], `call needs 3 arguments, got 1${called}`],
    ["too many arguments", ["list", "localhost:1", "x"], `list takes fewer arguments: what is x?${listed}`],
    ["an option that does not exist", ["list", "localhost:1", "--prot", "1"], `there is no option --prot${listed}`],
    ["an option without its value", ["list", "localhost:1", "--timeout"], `--timeout needs a value${listed}`],
    [
      "a timeout that is no time",
      ["list", "localhost:1", "--timeout", "-5"],
      `--timeout must be a number greater than 0${listed}`,
    ],
    [
      "calls in flight that are no whole number",
      ["bench", "localhost:1", "p", "m", "--in-flight", "0.5"],
      "--in-flight must be a whole number from 1 to 1000000\n" +
        "Usage: hrpc bench <address> <protocol> <method> [args..]\nTry: hrpc bench --help\n",
    ],
    [
      "a service without the files that have it",
      ["call", "localhost:1", "p", "m", "--service", "S"],
      `--service needs --proto too${called}`,
    ],
    [
      "bytes that are neither base64 nor hex",
      ["call", "localhost:1", "p", "m", "--bytes", "octal"],
      `--bytes must be one of base64, hex${called}`,
    ],
    [
      "longs that are no known form",
      ["call", "localhost:1", "p", "m", "--longs", "short"],
      `--longs must be one of exact, string, number${called}`,
    ],
    [
      "a form of results that bench would not print",
      ["bench", "localhost:1", "p", "m", "--longs", "string"],
      "there is no option --longs\n" +
        "Usage: hrpc bench <address> <protocol> <method> [args..]\nTry: hrpc bench --help\n",
    ],
    [
      "types without files",
      ["types", "p"],
      "types needs --proto\nUsage: hrpc types [protocol]\nTry: hrpc types --help\n",
    ],
    [
      "an address without a port",
      ["ping", "localhost"],
      'bad address "localhost": expected host:port or [IPv6 address]:port with a port of 1 to 65535, such as "localhost:7788"\n',
    ],
    ["a -D without a value", ["list", "localhost:1", "-D", "x"], '-D: must read key=value, got "x"\n'],
    [
      "a directory that is none",
      ["list", "localhost:1", "--config", "/dev/null"],
      "/dev/null: is no directory: name one that exists with --config, HRPCD_CONF_DIR or HADOOP_CONF_DIR\n",
    ],
    [
      "an argument that is no JSON",
      ["call", "localhost:1", "p", "m", "king"],
      `argument 1 is not JSON: king: write a string with quotes inside quotes, as '"king"'\n`,
    ],
  ];
  for (const [what, args, message] of cases) {
    test(what, async () => {
      // In German, because yargs would answer in the language of the environment.
      const { code, stdout, stderr } = await runHrpc(args, { LC_ALL: "de_DE.UTF-8" });
      assert.deepEqual({ code, stdout, stderr }, { code: 2, stdout: "", stderr: `hrpc: ${message}` });
    });
  }

  test("arguments that the method does not take: how it is declared", async () => {
    const { code, stdout, stderr } = await call("add", "1");
    assert.equal(
      stderr,
      `hrpc: ${SAMPLER}.add takes 2 arguments, got 1; it is declared: add(a: long, b: long): long\n`,
    );
    assert.deepEqual({ code, stdout }, { code: 2, stdout: "" });
  });
});

describe("hrpc exits with 3 when it cannot connect, at once", () => {
  test("nobody listens", async () => {
    const port = await freePort();
    const { code, stdout, stderr } = await runHrpc(["list", `127.0.0.1:${port}`]);
    assert.match(stderr, /^hrpc: Call from .* to 127\.0\.0\.1:\d+ failed: connection refused: is the server running, /);
    assert.doesNotMatch(stderr, /attempts/);
    assert.deepEqual({ code, stdout }, { code: 3, stdout: "" });
  });

  test("nobody has that name", async () => {
    const { code, stderr } = await runHrpc(["ping", "no-such-host.invalid:7788"]);
    assert.match(stderr, /^hrpc: Call from .* to no-such-host\.invalid:7788 failed: .*the name/);
    assert.equal(code, 3);
  });

  test("unless -D asks for more attempts", async () => {
    const more = ["-Dipc.client.connect.max.retries=2", "-D", "ipc.client.connect.retry.interval=1"];
    const { code, stderr } = await runHrpc(["ping", `127.0.0.1:${await freePort()}`, ...more]);
    assert.match(stderr, / \(3 attempts\)/);
    assert.equal(code, 3);
  });
});

describe("hrpc exits with 4 when no answer comes in time", () => {
  test("a method that never ends", async () => {
    const { code, stdout, stderr } = await call("hang", "--timeout", "9000", "--timeout", "100");
    assert.equal(stderr, `hrpc: ${SAMPLER}.hang to ${samples.address}: no answer within 100 ms\n`);
    assert.deepEqual({ code, stdout }, { code: 4, stdout: "" });
  });

  test("a server that never says a word", async (t) => {
    const { address } = await startRogueServer(t);
    const { code, stderr } = await runHrpc(["call", address, "p", "m", "--timeout", "100"]);
    assert.equal(stderr, `hrpc: hrpcd.Reflection.describe to ${address}: no answer within 100 ms\n`);
    assert.equal(code, 4);
    const bySetting = await runHrpc(["list", address, "-Dipc.client.rpc-timeout.ms=100"]);
    assert.equal(bySetting.stderr, `hrpc: hrpcd.Reflection.list to ${address}: no answer within 100 ms\n`);
  });
});
