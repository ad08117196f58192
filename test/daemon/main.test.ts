import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readFileSync, renameSync } from "node:fs";
import { connect as connectTo, type Socket } from "node:net";
import { join } from "node:path";
import { describe, test } from "node:test";
import { bytes } from "../helpers/byte-builder.js";
import { DaemonProcess } from "../helpers/daemon-process.js";
import { projectRoot } from "../helpers/project-root.js";
import { RawClient } from "../helpers/raw-client.js";
import { answersOf, invocation, opening, requestFrame } from "../helpers/requests.js";
import { Directory } from "../helpers/service-files.js";

/** A directory whose settings name a module that serves Server.MyInterface, with the given method. */
function greeter(
  settings: Readonly<Record<string, string>> = {},
  body = "(name) => `hello,${name}`",
  more = "",
): Directory {
  const directory = new Directory();
  directory.module(
    "greeter.mjs",
    `const MyInterface = writable({ protocol: "Server.MyInterface", version: 1001,
       methods: { helloWorld: { parameters: ["java.lang.String"], returns: "java.lang.String" } } });
     const services = [implement(MyInterface, { helloWorld: ${body} })];
     export default { services, ${more} };`,
  );
  directory.settings({ "hrpcd.services": "./greeter.mjs", ...settings });
  return directory;
}

async function begin(
  directory: Directory,
  ...args: readonly string[]
): Promise<{ daemon: DaemonProcess; port: number }> {
  const daemon = new DaemonProcess(["start", "--config", directory.path, "--port", "0", ...args]);
  return { daemon, port: await daemon.port() };
}

/** A client whose context is sent. */
async function connect(port: number): Promise<RawClient> {
  const client = await RawClient.connect(port);
  client.send(opening("Server.MyInterface"));
  return client;
}

function call(callId: number, name: string): Buffer {
  return requestFrame({ rpcKind: 1, callId }, invocation("Server.MyInterface", 1001, "helloWorld", name));
}

function result(text: string): string {
  return bytes().string16("java.lang.String").string16(text).build().toString("hex");
}

async function nextResult(client: RawClient): Promise<string | undefined> {
  const [answer] = answersOf(await client.frames(1));
  return answer?.errorMsg ?? answer?.payload.toString("hex");
}

/** The lines of a log without their times. */
function lines(log: string): string[] {
  return log
    .trimEnd()
    .split("\n")
    .map((line) => line.replace(/^\S+Z /, ""));
}

describe("hrpcd start", () => {
  test("prints what Hadoop prints, and how to call it, and serves", async () => {
    using directory = greeter({ "hrpcd.handlers": "3", "ipc.server.read.threadpool.size": "2" });
    const { daemon, port } = await begin(directory);
    await using _ = daemon;
    assert.deepEqual(lines(daemon.stderr), [
      `INFO Settings from ${directory.path}`,
      "INFO Using callQueue: class java.util.concurrent.LinkedBlockingQueue, queueCapacity: 300, " +
        "scheduler: class org.apache.hadoop.ipc.DefaultRpcScheduler, ipcBackoff: false, ipcFailOver: false.",
      `INFO Listener at 127.0.0.1:${port}`,
      `INFO Starting Socket Reader #1 for port ${port}`,
      `INFO Starting Socket Reader #2 for port ${port}`,
      "INFO Serving Server.MyInterface version 1001 (writable)",
      "INFO Serving org.apache.hadoop.security.authorize.RefreshAuthorizationPolicyProtocol version 1 (protobuf)",
      "INFO Serving org.apache.hadoop.ipc.RefreshCallQueueProtocol version 1 (protobuf)",
      "INFO Serving org.apache.hadoop.security.RefreshUserMappingsProtocol version 1 (protobuf)",
      "INFO Serving org.apache.hadoop.tools.GetUserMappingsProtocol version 1 (protobuf)",
      "INFO Serving org.apache.hadoop.ipc.GenericRefreshProtocol version 1 (protobuf)",
      "INFO Serving hrpcd.Admin version 1 (avro)",
      "INFO Serving hrpcd.Reflection version 1 (avro)",
      "INFO Serving org.apache.hadoop.ipc.ProtocolMetaInfoPB version 1 (protobuf)",
      "INFO IPC Server Responder: starting",
      `INFO IPC Server listener on ${port}: starting`,
      `INFO IPC Server handlers on default port ${port}: 3 starting`,
      `INFO Ready. Call it: npx hrpc call 127.0.0.1:${port} Server.MyInterface helloWorld '"king"'`,
    ]);
    await using client = await connect(port);
    client.send(call(0, "king"));
    assert.equal(await nextResult(client), result("hello,king"));
  });

  test("takes settings from the command line before those of the files, and its directory from the environment", async () => {
    using directory = greeter({ "hrpcd.handlers": "3", "hrpcd.port": "1" });
    const args = ["start", "-D", "hrpcd.handlers=5", "-D", "hrpcd.log.level=debug", "--port=0", "--bind", "localhost"];
    await using daemon = new DaemonProcess(args, { HRPCD_CONF_DIR: directory.path, HADOOP_CONF_DIR: "/nowhere" });
    const port = await daemon.port();
    await daemon.says(new RegExp(`handlers on default port ${port}: 5 starting`));
    await using client = await connect(port);
    await daemon.says(/DEBUG Connection from (127\.0\.0\.1|::1):\d+; # open connections: 1/);
    client.close();
    await daemon.says(/DEBUG Connection from \S+ closed; # open connections: 0/);
  });

  test("serves without services, and says what may be asked then", async () => {
    using directory = new Directory();
    directory.settings({});
    const { daemon, port } = await begin(directory);
    await using _ = daemon;
    await daemon.says(new RegExp(`Ready\\. Call it: npx hrpc list 127\\.0\\.0\\.1:${port}\n`));
  });

  const refused: readonly [string, readonly string[], number, RegExp][] = [
    ["a setting that breaks its rule", ["-D", "hrpcd.handlers=many"], 2, /^-D: hrpcd\.handlers: .*"many"/],
    ["a -D that is no setting's", ["-D", "handlers"], 2, /^-D: must read key=value, got "handlers"/],
    ["an option that does not exist", ["--prot", "1"], 2, /^hrpcd: Unknown argument: prot\nTry: hrpcd --help/m],
    ["a port that is no port", ["--port", "abc"], 2, /^--port: hrpcd\.port: .*"abc"/],
    [
      "a directory that does not exist",
      ["--config", "/no/such/directory"],
      2,
      /^\/no\/such\/directory: is no directory: name one that exists with --config/,
    ],
    [
      "a service module that does not exist",
      ["-D", "hrpcd.services=./nowhere.mjs"],
      2,
      /^-D: hrpcd\.services: the service module "\.\/nowhere\.mjs" is not found from /,
    ],
    [
      "an address that this machine lacks",
      ["--bind", "192.0.2.1"],
      1,
      /^hrpcd: cannot listen on 192\.0\.2\.1:0: this machine has no such address/,
    ],
  ];
  for (const [name, args, code, message] of refused) {
    test(`does not come up with ${name}`, async () => {
      using directory = greeter();
      const config = args.includes("--config") ? [] : ["--config", directory.path];
      const port = args.includes("--port") ? [] : ["--port", "0"];
      const finished = await DaemonProcess.run(["start", ...config, ...port, ...args, "-D", "hrpcd.log.level=error"]);
      assert.match(finished.stderr, message);
      assert.equal(finished.code, code);
      assert.equal(finished.stdout, "");
    });
  }

  test("says every fault of the files at once, with file and line", async () => {
    using directory = greeter({ "hrpcd.handlers": "many", "hrpcd.port": "-1" });
    const { stderr, code } = await DaemonProcess.run(["start", "--config", directory.path]);
    const file = join(directory.path, "hrpc-site.xml");
    assert.equal(code, 2);
    assert.ok(stderr.includes(`${file}:4: hrpcd.handlers: `), stderr);
    assert.ok(stderr.includes(`${file}:5: hrpcd.port: `), stderr);
  });

  test("does not come up on a port that is taken, and says what to do", async () => {
    using directory = greeter();
    const { daemon, port } = await begin(directory);
    await using _ = daemon;
    const { stderr, code } = await DaemonProcess.run(["start", "--config", directory.path, "--port", String(port)]);
    assert.match(
      stderr,
      new RegExp(
        `cannot listen on 127\\.0\\.0\\.1:${port}: another program listens there: stop it, or choose another port`,
      ),
    );
    assert.equal(code, 1);
  });

  test("starts and stops its service modules", async () => {
    using directory = greeter(
      {},
      "() => 'x'",
      `start() { console.log("module started"); }, stop() { console.log("module stopped"); }`,
    );
    const { daemon } = await begin(directory);
    await using _ = daemon;
    daemon.kill("SIGTERM");
    const { code, stdout } = await daemon.finished();
    assert.equal(stdout, "module started\nmodule stopped\n");
    assert.equal(code, 0);
  });

  test("survives what its services throw into the air", async () => {
    const body = `(name) => {
      setTimeout(() => { throw new Error("stray"); });
      setTimeout(() => { throw null; });
      Promise.reject(new Error("unheard"));
      return name;
    }`;
    using directory = greeter({}, body);
    const { daemon, port } = await begin(directory);
    await using _ = daemon;
    await using client = await connect(port);
    client.send(call(0, "a"));
    assert.equal(await nextResult(client), result("a"));
    await daemon.says(/ERROR Uncaught, and survived: Error: stray/);
    await daemon.says(/ERROR Uncaught, and survived: RpcError: null/);
    await daemon.says(/ERROR Unhandled rejection, and survived: Error: unheard/);
    client.send(call(1, "b"));
    assert.equal(await nextResult(client), result("b"));
  });
});

describe("the log", () => {
  test("escapes what peers send", async () => {
    using directory = greeter({}, `(name) => { throw new Error("bad name " + name); }`);
    const { daemon, port } = await begin(directory);
    await using _ = daemon;
    await using client = await connect(port);
    client.send(call(0, "\u001b[2J\u0007\nINFO forged"));
    await nextResult(client);
    await daemon.says(/bad name \\u001b\[2J\\u0007\\u000aINFO forged\n {4}at /);
  });

  test("goes to a file if the settings name one, and into a new one when the old was moved away", async () => {
    using directory = greeter({ "hrpcd.log.file": "hrpcd.log" });
    const file = join(directory.path, "hrpcd.log");
    await using daemon = new DaemonProcess(["start", "--config", directory.path, "--port", "0"]);
    const waitFor = async (text: string): Promise<void> => {
      while (!existsSync(file) || !readFileSync(file, "utf8").includes(text))
        await new Promise((resolve) => setTimeout(resolve, 5));
    };
    await waitFor("Ready.");
    renameSync(file, `${file}.1`);
    daemon.kill("SIGHUP");
    await waitFor("Settings read again");
    daemon.kill("SIGTERM");
    const { code, stderr } = await daemon.finished();
    assert.equal(code, 0);
    assert.equal(stderr, "");
    assert.match(readFileSync(`${file}.1`, "utf8"), /Ready\. .*\n$/);
    assert.deepEqual(lines(readFileSync(file, "utf8")), [
      "INFO Settings read again",
      "INFO SIGTERM: stopping; calls in flight may end",
      "INFO Stopped",
    ]);
  });
});

describe("signals", () => {
  test("SIGHUP reads the settings again: the log level changes, what needs a restart is named, a fault changes nothing", async () => {
    using directory = greeter();
    const { daemon, port } = await begin(directory);
    await using _ = daemon;
    directory.settings({
      "hrpcd.services": "./greeter.mjs",
      "hrpcd.log.level": "debug",
      "ipc.server.listen.queue.size": "9",
    });
    daemon.kill("SIGHUP");
    await daemon.says(
      /read again; in force now: hrpcd\.log\.level; these changes need a restart: ipc\.server\.listen\.queue\.size\n/,
    );
    await using client = await connect(port);
    await daemon.says(/DEBUG Connection from/);
    directory.settings({ "hrpcd.log.level": "loud" });
    daemon.kill("SIGHUP");
    await daemon.says(/ERROR Settings read again and left as they were: .*hrpcd\.log\.level/);
    client.send(call(0, "king"));
    assert.equal(await nextResult(client), result("hello,king"));
  });

  /** A method that tells when it has begun, and ends when the process gets SIGUSR2. */
  const HOLDING = `(name) => name !== "hold" ? name : new Promise((resolve) => {
    process.once("SIGUSR2", () => resolve("held"));
    console.log("begun");
  })`;

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    test(`${signal} refuses new calls, finishes those in flight, and exits 0`, async () => {
      using directory = greeter({}, HOLDING);
      const { daemon, port } = await begin(directory);
      await using _ = daemon;
      await using client = await connect(port);
      await using other = await connect(port);
      other.send(call(0, "before"));
      assert.equal(await nextResult(other), result("before"));
      client.send(call(1, "hold"));
      await daemon.prints(/begun/);
      daemon.kill(signal);
      await daemon.says(new RegExp(`${signal}: stopping`));
      other.send(call(2, "too late"));
      const [refused] = answersOf(await other.frames(1));
      assert.equal(refused?.exceptionClassName, "org.apache.hadoop.ipc.RetriableException");
      daemon.kill("SIGUSR2");
      assert.equal(await nextResult(client), result("held"));
      const { code } = await daemon.finished();
      assert.equal(code, 0);
      assert.match(daemon.stderr, /INFO Stopped\n$/);
    });
  }

  test("a second SIGTERM ends at once what the first one waits for", async () => {
    using directory = greeter({}, HOLDING);
    const { daemon, port } = await begin(directory);
    await using _ = daemon;
    await using client = await connect(port);
    client.send(call(0, "hold"));
    await daemon.prints(/begun/);
    daemon.kill("SIGTERM");
    await daemon.says(/SIGTERM: stopping/);
    daemon.kill("SIGTERM");
    const { code } = await daemon.finished();
    assert.equal(code, 1);
  });

  test("SIGTERM ends a daemon whose service module does not stop, and says which", async () => {
    using directory = greeter({}, undefined, "stop: () => new Promise(() => {})");
    const { daemon } = await begin(directory, "-D", "hrpcd.shutdown.grace.ms=0");
    await using _ = daemon;
    daemon.kill("SIGTERM");
    const { code, stderr } = await daemon.finished();
    assert.match(
      stderr,
      /ERROR The service module "\.\/greeter\.mjs" has not stopped within 1000 ms: it is left behind/,
    );
    assert.equal(code, 1);
  });
});

describe("hrpcd start with services that misbehave", () => {
  const ends: readonly [what: string, text: string, code: number, sentence: RegExp][] = [
    [
      "ends the process while it is loaded",
      "process.exit(0); export default [];",
      2,
      /^hrpcd: The service module "\.\/bad\.mjs" ended the process with process\.exit\(0\): throw an error instead/m,
    ],
    [
      "waits for ever while it is loaded",
      "await new Promise(() => {}); export default [];",
      2,
      /^hrpcd: The service module "\.\/bad\.mjs" waits for something that cannot happen any more: nothing is left/m,
    ],
    [
      "waits for ever while it makes its services",
      "export default () => new Promise(() => {});",
      2,
      /^hrpcd: The service module "\.\/bad\.mjs" waits for something/m,
    ],
  ];
  for (const command of ["start", "check-config"]) {
    for (const [what, text, code, sentence] of ends) {
      test(`${command} says which module ${what}, and exits ${code}`, async () => {
        using directory = new Directory();
        directory.module("bad.mjs", text);
        directory.settings({ "hrpcd.services": "./bad.mjs", "hrpcd.port": "0" });
        const finished = await DaemonProcess.run([command, "--config", directory.path]);
        assert.match(finished.stderr, sentence);
        assert.equal(finished.code, code);
      });
    }
  }

  test("says which module never starts, and exits 2", async () => {
    using directory = greeter({}, undefined, "start: () => new Promise(() => {})");
    const { code, stderr } = await DaemonProcess.run(["start", "--config", directory.path, "--port", "0"]);
    assert.match(stderr, /^hrpcd: The service module "\.\/greeter\.mjs" waits for something/m);
    assert.equal(code, 2);
  });

  test("says that a method ended the process, and exits 1", async () => {
    using directory = greeter({}, "() => process.exit(0)");
    const { daemon, port } = await begin(directory);
    await using _ = daemon;
    await using client = await connect(port);
    client.send(call(0, "king"));
    const { code, stderr } = await daemon.finished();
    assert.match(stderr, /^hrpcd: A service ended the process with process\.exit\(0\): throw an error instead/m);
    assert.equal(code, 1);
  });

  test("stops what it has started when the server cannot start", async () => {
    using directory = greeter({}, undefined, "start: () => console.log('begun'), stop: () => console.log('ended')");
    const { daemon, port } = await begin(directory);
    await using _ = daemon;
    const args = ["start", "--config", directory.path, "--port", String(port)];
    const { code, stdout, stderr } = await DaemonProcess.run(args);
    assert.equal(code, 1);
    assert.match(stderr, /another program listens there/);
    assert.equal(stdout, "begun\nended\n");
  });

  test("names the log file that cannot be opened, and a settings directory that is a file", async () => {
    using directory = greeter({ "hrpcd.log.file": "no/such/directory/log" });
    const log = await DaemonProcess.run(["start", "--config", directory.path, "--port", "0"]);
    assert.equal(log.code, 2);
    assert.match(log.stderr, /hrpc-site\.xml:4: hrpcd\.log\.file: .*no\/such\/directory\/log cannot be opened: /m);
    const file = await DaemonProcess.run(["start", "--config", join(directory.path, "hrpc-site.xml")]);
    assert.equal(file.code, 2);
    assert.match(file.stderr, /hrpc-site\.xml: is no directory/);
  });
});

describe("hrpcd without file descriptors", () => {
  const descriptors = 100;

  async function connectMany(port: number, count: number): Promise<Socket[]> {
    const sockets = Array.from({ length: count }, () => connectTo(port, "127.0.0.1").on("error", () => {}));
    await Promise.all(sockets.map((socket) => once(socket, "connect")));
    return sockets;
  }

  test("says that none is left, which the kernel's listener would not, and goes on when there are some again", async () => {
    using directory = greeter({ "hrpcd.server.descriptors.reserve": "0" });
    await using daemon = new DaemonProcess(["start", "--config", directory.path, "--port", "0"], {}, descriptors);
    const port = await daemon.port();
    const sockets = await connectMany(port, 2 * descriptors);
    await daemon.says(/ERROR No file descriptor of 100 is left: /);
    for (const socket of sockets) socket.destroy();
    await daemon.says(/INFO File descriptors are free again/);
    await using client = await connect(port);
    client.send(call(0, "king"));
    assert.equal(await nextResult(client), result("hello,king"));
  });

  test("keeps the reserve free: connections beyond are closed and told of", async () => {
    using directory = greeter();
    await using daemon = new DaemonProcess(["start", "--config", directory.path, "--port", "0"], {}, descriptors);
    const port = await daemon.port();
    const sockets = await connectMany(port, 55);
    await daemon.says(/refused: too many connections for the file descriptors of this process: 50 leave /);
    assert.doesNotMatch(daemon.stderr, /No file descriptor/);
    for (const socket of sockets) socket.destroy();
  });
});

describe("hrpcd check-config", () => {
  test("says that there is no fault, and exits 0", async () => {
    using directory = greeter();
    const { code, stdout, stderr } = await DaemonProcess.run(["check-config", "--config", directory.path]);
    assert.deepEqual([code, stdout, stderr], [0, "1 files read, 1 services found, no faults\n", ""]);
  });

  test("says every fault with its place, and exits 2", async () => {
    using directory = greeter({ "hrpcd.handlers": "0", "ipc.maximum.data.length": "huge" });
    const { code, stdout, stderr } = await DaemonProcess.run(["check-config", "--config", directory.path]);
    assert.equal(code, 2);
    assert.equal(stdout, "");
    assert.deepEqual(
      stderr
        .trimEnd()
        .split("\n")
        .map((line) => line.split(": ").slice(0, 2).join(": ")),
      [
        `${join(directory.path, "hrpc-site.xml")}:4: hrpcd.handlers`,
        `${join(directory.path, "hrpc-site.xml")}:5: ipc.maximum.data.length`,
      ],
    );
  });

  test("says what is wrong with the command line together with what is wrong with the files", async () => {
    using directory = greeter({ "hrpcd.handlers": "0" });
    const wrong = ["-D", "one", "-D", "two", "--port", "abc", "--bind", "localhost"];
    const { code, stderr } = await DaemonProcess.run(["check-config", "--config", directory.path, ...wrong]);
    assert.equal(code, 2);
    assert.deepEqual(stderr.trimEnd().split("\n"), [
      `${join(directory.path, "hrpc-site.xml")}:4: hrpcd.handlers: must be a whole number from 1 to 10000, got "0"`,
      '-D: must read key=value, got "one"',
      '-D: must read key=value, got "two"',
      '--port: hrpcd.port: must be a whole number from 0 to 65535, got "abc"',
    ]);
  });

  test("says of every service module what is wrong with it, and where it was named", async () => {
    using directory = greeter({ "hrpcd.services": "./one.mjs,./greeter.mjs,./two.mjs" });
    const { code, stderr } = await DaemonProcess.run(["check-config", "--config", directory.path]);
    assert.equal(code, 2);
    const start = `${join(directory.path, "hrpc-site.xml")}:3: hrpcd.services: the service module`;
    const end = `is not found from ${directory.path}: check the path`;
    assert.equal(stderr, `${start} "./one.mjs" ${end}\n${start} "./two.mjs" ${end}\n`);
  });

  test("warns of a key that is none, and exits 0", async () => {
    using directory = greeter({ "hrpcd.handler": "3" });
    const { code, stderr } = await DaemonProcess.run(["check-config", "--config", directory.path]);
    assert.equal(code, 0);
    assert.match(
      stderr,
      /^warning: .*hrpc-site\.xml:4: hrpcd\.handler: is no setting; the nearest is hrpcd\.handlers\n$/,
    );
  });

  test("finds a service module that cannot be loaded, and services that clash", async () => {
    using directory = greeter();
    const missing = await DaemonProcess.run([
      "check-config",
      "--config",
      directory.path,
      "-D",
      "hrpcd.services=/nowhere.mjs",
    ]);
    assert.equal(missing.code, 2);
    assert.match(missing.stderr, /^-D: hrpcd\.services: .*"\/nowhere\.mjs" is not found/);
    directory.settings({ "hrpcd.services": "./greeter.mjs,./greeter.mjs" });
    const twice = await DaemonProcess.run(["check-config", "--config", directory.path]);
    assert.equal(twice.code, 2);
    assert.match(twice.stderr, /Server\.MyInterface version 1001 \(writable\) is served twice/);
  });
});

describe("hrpcd", () => {
  test("comes up under a user id that has no name, as in a container", async () => {
    using directory = greeter({ "hrpcd.log.file": "${user.name}" });
    const nameless = "import os from 'node:os'; os.userInfo = () => { throw new Error('ENOENT'); };";
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(nameless)}` };
    const { code, stderr } = await DaemonProcess.run(["check-config", "--config", directory.path], env);
    assert.match(stderr, /^warning: .*hrpcd\.log\.file: nothing defines \$\{user\.name\}/);
    assert.equal(code, 0);
  });

  test("--version prints the version of the package, and exits 0", async () => {
    const { code, stdout } = await DaemonProcess.run(["--version"]);
    const { version } = JSON.parse(readFileSync(new URL("package.json", projectRoot), "utf8")) as { version: string };
    assert.deepEqual([code, stdout], [0, `${version}\n`]);
  });

  test("takes the last value of an option that is given twice", async () => {
    using directory = greeter();
    const args = ["check-config", "--config", "/nowhere", "--config", directory.path, "--port", "x", "--port", "1"];
    const { code, stderr } = await DaemonProcess.run(args);
    assert.deepEqual([code, stderr], [0, ""]);
  });

  test("without a command, or with one that does not exist, says how it is used, and exits 2", async () => {
    for (const args of [[], ["run"]]) {
      const { code, stderr } = await DaemonProcess.run(args);
      assert.equal(code, 2);
      assert.match(stderr, /^hrpcd: .*\nTry: hrpcd --help\n$/);
    }
  });

  test("--help lists commands and options, and exits 0", async () => {
    const { code, stdout } = await DaemonProcess.run(["--help"]);
    assert.equal(code, 0);
    for (const word of ["start", "check-config", "--config", "--port", "--bind", "-D"])
      assert.ok(stdout.includes(word), word);
  });
});

test("the HTTP listener tells of the daemon while it serves and while it drains, and leaves with it", async () => {
  using directory = greeter(
    { "hrpcd.http.enable": "true", "hrpcd.http.port": "0" },
    "(name) => new Promise((resolve) => setTimeout(() => resolve(name), 300))",
  );
  const { daemon, port } = await begin(directory);
  await using _ = daemon;
  const [, http = ""] = await daemon.says(/HTTP listener at (127\.0\.0\.1:\d+): \/prom/);
  const status = async (path: string): Promise<number> => (await fetch(`http://${http}${path}`)).status;
  assert.equal(await status("/health/ready"), 200);
  await using client = await connect(port);
  client.send(call(0, "king"));
  while (!/^rpc_num_in_process_handler\{.*\} 1$/m.test(await (await fetch(`http://${http}/prom`)).text()));
  daemon.kill("SIGTERM");
  await daemon.says(/SIGTERM: stopping/);
  assert.equal(await status("/health/ready"), 503);
  assert.equal(await status("/health/live"), 200);
  assert.equal(await nextResult(client), result("king"));
  assert.equal((await daemon.finished()).code, 0);
  await assert.rejects(status("/health/live"));
});
