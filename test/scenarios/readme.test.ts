/** The README's examples: they compile against the types that users get, they run, and they do what is said beside them. */
import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import ts from "typescript";
import { loadSettings } from "../../conf/index.js";
import { DaemonProcess } from "../helpers/daemon-process.js";
import { HRPC } from "../helpers/hrpc-process.js";
import { projectRoot } from "../helpers/project-root.js";
import { jarOf } from "../protocol/engines/protobuf/jar-builder.js";

const ROOT = fileURLToPath(projectRoot);
/** Where the compiled program lies that this test belongs to. */
const BUILD = fileURLToPath(new URL("../..", import.meta.url));
const README = readFileSync(join(ROOT, "README.md"), "utf8");
/** The port that the README's examples use. */
const PORT = "7788";

/** What the README has the reader fetch; here with the part of it that the example serves. */
const JAR = "hadoop-hdfs-client-3.4.2.jar";
const HDFS_ADDRESS = "localhost:9000";

function blocks(language: string): string[] {
  return Array.from(README.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms")), ([, text = ""]) => text);
}

/** What a user has after `npm install hrpcd`: a directory with the package, and the README's files. */
class UserProject implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), "hrpcd-readme-"));

  constructor(files: Readonly<Record<string, string>>) {
    const home = join(this.root, "node_modules", "hrpcd");
    mkdirSync(home, { recursive: true });
    cpSync(join(ROOT, "package.json"), join(home, "package.json"));
    symlinkSync(BUILD, join(home, "dist"), "dir");
    writeFileSync(join(this.root, "package.json"), '{ "type": "module" }');
    for (const [name, text] of Object.entries(files)) writeFileSync(join(this.root, name), text);
    this.#files = Object.keys(files);
  }

  readonly #files: string[];

  /** A file that something else has written is to be compiled too. */
  add(name: string): void {
    this.#files.push(name);
  }

  /** Compiles as a strict project does; the faults that the compiler finds. */
  compile(): string[] {
    const options: ts.CompilerOptions = {
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      target: ts.ScriptTarget.ES2023,
      lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts"],
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      types: ["node"],
      typeRoots: [join(ROOT, "node_modules", "@types")],
      skipLibCheck: true,
    };
    const program = ts.createProgram(
      this.#files.map((name) => join(this.root, name)),
      options,
    );
    const { diagnostics } = program.emit();
    return [...ts.getPreEmitDiagnostics(program), ...diagnostics].map((fault) =>
      ts.formatDiagnostic(fault, {
        getCanonicalFileName: (name) => name,
        getCurrentDirectory: () => this.root,
        getNewLine: () => "\n",
      }),
    );
  }

  /** Replaces a text in a compiled file, where it must be. */
  change(name: string, from: string, to: string): void {
    const file = join(this.root, name);
    const text = readFileSync(file, "utf8");
    assert.ok(text.includes(from), `${name} has no ${from}`);
    writeFileSync(file, text.replaceAll(from, to));
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true });
  }
}

async function firstLine(child: ChildProcess): Promise<string> {
  assert.ok(child.stdout);
  for await (const line of createInterface({ input: child.stdout })) return line;
  return "";
}

describe("the README's TypeScript", () => {
  const [protocols = "", server = "", client = "", , ...more] = blocks("ts");

  test("is one server and one client, of twenty lines each, and a client of HDFS", () => {
    assert.deepEqual(more, []);
    for (const block of [protocols + server, client]) assert.ok(block.split("\n").length <= 27, block);
    for (const name of ["protocols", "server", "client"])
      assert.match(README, new RegExp(`\`${name}\\.ts\`:\n\n\`\`\`ts`));
  });

  test("compiles, runs, and prints what its calls promise", async () => {
    using project = new UserProject({ "server.ts": server, "protocols.ts": protocols, "client.ts": client });
    assert.deepEqual(project.compile(), []);
    project.change("server.js", `port: ${PORT}`, "port: 0");
    project.change("server.js", "process.once(", "console.log(server.port);\nprocess.once(");
    const serving = spawn(process.execPath, [join(project.root, "server.js")], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const exited = once(serving, "exit");
      project.change("client.js", `localhost:${PORT}`, `localhost:${await firstLine(serving)}`);
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [join(project.root, "client.js")]);
      assert.equal(stderr, "");
      assert.match(
        stdout,
        /^hello,king from (127\.0\.0\.1|::1)\n5n\nhello,king\n2 hello,queen from (127\.0\.0\.1|::1) true\n$/,
      );
      serving.kill("SIGTERM");
      assert.deepEqual(await exited, [0, null]);
    } finally {
      serving.kill("SIGKILL");
    }
  });

  test("is seen to be wrong if it does not fit the types", () => {
    const wrong = client.replace('greeter.hello("king")', "greeter.hello(5)");
    using project = new UserProject({ "protocols.ts": protocols, "client.ts": wrong });
    const [fault = "", ...others] = project.compile();
    assert.match(fault, /client\.ts\(\d+,\d+\): error TS2345: Argument of type '(5|number)' is not assignable/);
    assert.deepEqual(others, []);
  });
});

const COMMANDS = blocks("sh").flatMap((block) => block.split("\n").filter((line) => line.startsWith("npx hrpc ")));

/** Runs a command in a folder, taken apart by a shell as it will be for the reader; npx would only find what is tested here. */
async function runCommand(command: string, cwd: string): Promise<string> {
  const script = command.replace("npx hrpc", '"$NODE" "$HRPC"');
  const env = { ...process.env, NODE: process.execPath, HRPC };
  const { stdout, stderr } = await promisify(execFile)("sh", ["-c", script], { env, cwd });
  assert.equal(stderr, "", command);
  return stdout;
}

describe("the README's first HDFS call", () => {
  const commands = COMMANDS.filter((command) => command.includes(JAR));
  const [, , , program = ""] = blocks("ts");

  test("takes the jar's protocol, shows it, calls it, and writes the module that the program compiles with", async () => {
    using project = new UserProject({ "client.ts": program });
    writeFileSync(join(project.root, JAR), namenodeJar());
    await using server = await startNamenode();
    const outputs: string[] = [];
    for (const command of commands)
      outputs.push(await runCommand(command.replaceAll(HDFS_ADDRESS, server.address), project.root));
    const [made, told, described, types, ...more] = outputs;
    assert.deepEqual(more, []);
    assert.deepEqual(JSON.parse(String(made)), { result: true });
    assert.equal(JSON.parse(String(told)).fs.permission.perm, 0o755);
    assert.match(
      String(described),
      /^ {2}[0-9a-f]{8} {2}getListing\(GetListingRequestProto\): GetListingResponseProto$/m,
    );
    assert.equal(types, "");
    project.add("client-protocol.ts");
    assert.deepEqual(project.compile(), []);
    project.change("client.js", HDFS_ADDRESS, server.address);
    const { stdout } = await promisify(execFile)(process.execPath, [join(project.root, "client.js")]);
    assert.equal(stdout, `${userInfo().username} 755\nhello IS_DIR\n`);
  });
});

function namenodeJar(): Uint8Array {
  const proto = {
    path: "ClientNamenodeProtocol.proto",
    text: readFileSync(join(ROOT, "test/examples/namenode/namenode.proto"), "utf8"),
    package: "hadoop.hdfs",
    javaPackage: "org.apache.hadoop.hdfs.protocol.proto",
    javaOuterClass: "ClientNamenodeProtocolProtos",
  };
  const told = {
    name: "org/apache/hadoop/hdfs/protocolPB/ClientNamenodeProtocolPB",
    service: "org/apache/hadoop/hdfs/protocol/proto/ClientNamenodeProtocolProtos$ClientNamenodeProtocol",
    protocolName: "org.apache.hadoop.hdfs.protocol.ClientProtocol",
    version: 1n,
  };
  return jarOf([proto], [told]);
}

/** The program behind `npm run example:namenode`. */
async function startNamenode(): Promise<AsyncDisposable & { readonly address: string }> {
  const child = spawn(process.execPath, [join(BUILD, "test/examples/namenode/main.js"), "--port", "0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const [, port] = /:(\d+)/.exec(await firstLine(child)) ?? [];
  return {
    address: `127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

describe("the README's commands", () => {
  const commands = COMMANDS.filter((command) => !command.includes(JAR));

  test("are answered by the daemon that npm start runs", async () => {
    await using daemon = new DaemonProcess(["start", "--port", "0"]);
    const port = await daemon.port();
    const outputs: string[] = [];
    for (const command of commands) outputs.push(await runCommand(command.replace(PORT, String(port)), ROOT));
    const [called, listed, described, ...more] = outputs;
    assert.deepEqual(more, []);
    const [, promised] = /^The first prints `(.*?)`/m.exec(README) ?? [];
    assert.equal(called, `${promised}\n`);
    assert.match(String(listed), /^Server\.MyInterface +1001 +writable$/m);
    assert.match(String(described), /^ {2}7fdb1120 {2}java\.lang\.String helloWorld\(java\.lang\.String\)$/m);
  });

  test("go where the shipped settings listen", () => {
    const readFile = (file: string): string | undefined =>
      file.endsWith("hrpc-site.xml") ? readFileSync(file, "utf8") : undefined;
    const { settings } = loadSettings({ directory: join(ROOT, "conf"), readFile });
    assert.equal(String(settings.get("hrpcd.port")), PORT);
    assert.match(README, new RegExp(`serves on ${settings.get("hrpcd.bind.address")}:${PORT} until Ctrl-C`));
    for (const command of commands) assert.ok(command.includes(`localhost:${PORT}`), command);
  });
});
