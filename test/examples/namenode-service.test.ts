/** The example as a service: called by our own client over a socket, and as the program that the README starts. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type Client, createClient, type Proxy as RpcProxy } from "../../client/index.js";
import { type Call, createServer, type Server } from "../../daemon/index.js";
import { RemoteError } from "../../protocol/index.js";
import { fakeCall } from "../helpers/fake-call.js";
import { ClientProtocol } from "./namenode/client-protocol.js";
import { RetryCache } from "./namenode/retry-cache.js";
import { namenode } from "./namenode/service.js";
import { usersOf } from "./namenode/users.js";
import { refusal as refused, START_MS, TestTree } from "./test-tree.js";

const PROGRAM = fileURLToPath(new URL("./namenode/main.js", import.meta.url));
/** -1 as Java sends it in a field of type uint64. */
const MINUS_ONE = 2n ** 64n - 1n;
const NO_NAME = new Uint8Array();

/** A server with an empty tree, and clients for its users. */
class TestNamenode implements AsyncDisposable {
  readonly #server: Server;
  readonly #clients: Client[] = [];

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<TestNamenode> {
    const { tree } = new TestTree();
    const callerOf = usersOf({ superuser: "root", supergroup: "supergroup", groups: "alice=staff" });
    const space = () => ({ capacity: 1000n, remaining: 900n });
    const service = namenode({ tree, callerOf, space });
    return new TestNamenode(await createServer({ port: 0, services: [service] }).start());
  }

  as(user: string): RpcProxy<typeof ClientProtocol> {
    const client = createClient({ user });
    this.#clients.push(client);
    return client.getProxy(ClientProtocol, `localhost:${this.#server.port}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) await client.close();
    await this.#server.stop();
  }
}

function createRequest(src: string) {
  return {
    src,
    masked: { perm: 0o100644 },
    clientName: "c1",
    createFlag: 1,
    createParent: true,
    replication: 3,
    blockSize: 134_217_728n,
  };
}

/** What a caller is told: the Java class and the message. */
async function refusal(call: Promise<unknown>): Promise<readonly [string, string]> {
  const error = await call.then(
    () => assert.fail("nothing was refused"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof RemoteError, String(error));
  assert.equal(error.code, "ERROR_APPLICATION");
  return [error.javaClass, error.message];
}

describe("the service", () => {
  test("makes, shows, changes and removes a file", async () => {
    await using service = await TestNamenode.start();
    const root = service.as("root");
    const { fs: created } = await root.create(createRequest("/a/f"));
    assert.deepEqual(await root.isFileClosed({ src: "/a/f" }), { result: false });
    assert.deepEqual(await root.complete({ src: "/a/f", clientName: "c1", fileId: created?.fileId }), { result: true });
    await root.setTimes({ src: "/a/f", mtime: 5n, atime: MINUS_ONE });
    await root.setOwner({ src: "/a/f", groupname: "staff" });
    await root.setPermission({ src: "/a/f", permission: { perm: 0o100600 } });
    const { fs } = await root.getLocatedFileInfo({ src: "/a/f" });
    assert.deepEqual(
      { ...fs, path: Buffer.from(fs?.path ?? "none").toString() },
      {
        fileType: "IS_FILE",
        path: "",
        length: 0n,
        permission: { perm: 0o600 },
        owner: "root",
        group: "staff",
        modification_time: 5n,
        access_time: BigInt(START_MS),
        block_replication: 3,
        blocksize: 134_217_728n,
        fileId: created?.fileId,
        childrenNum: 0,
        locations: { fileLength: 0n, underConstruction: false, isLastBlockComplete: false },
      },
    );
    await root.rename2({ src: "/a/f", dst: "/g", overwriteDest: false });
    assert.deepEqual(await root.delete({ src: "/g", recursive: false }), { result: true });
    assert.deepEqual(await root.getFileInfo({ src: "/g" }), {});
  });

  test("lists more than a page by the last name of each", async () => {
    await using service = await TestNamenode.start();
    const root = service.as("root");
    const names = Array.from({ length: 2345 }, (_, i) => `d${String(i).padStart(5, "0")}`);
    const mkdir = (name: string) => root.mkdirs({ src: `/big/${name}`, masked: { perm: 0o755 }, createParent: true });
    await Promise.all(names.map(mkdir));
    const pages: string[][] = [];
    const remaining: number[] = [];
    for (let startAfter: Uint8Array = NO_NAME; remaining.at(-1) !== 0; ) {
      const { dirList } = await root.getListing({ src: "/big", startAfter, needLocation: true });
      assert.ok(dirList !== undefined);
      pages.push(dirList.partialListing.map(({ path }) => Buffer.from(path).toString()));
      remaining.push(dirList.remainingEntries);
      startAfter = dirList.partialListing.at(-1)?.path ?? NO_NAME;
    }
    assert.deepEqual(remaining, [1345, 345, 0]);
    assert.deepEqual(pages.flat(), names);
    const { summary } = await root.getContentSummary({ path: "/big" });
    assert.deepEqual([summary.directoryCount, summary.fileCount, summary.quota], [2346n, 0n, MINUS_ONE]);
  });

  test("refuses with the classes and texts of HDFS, under the name of the user who calls", async () => {
    await using service = await TestNamenode.start();
    const [root, alice] = [service.as("root"), service.as("alice")];
    await root.mkdirs({ src: "/p/d", masked: { perm: 0o755 }, createParent: true });
    assert.deepEqual(await refusal(alice.mkdirs({ src: "/p/x", masked: { perm: 0o755 }, createParent: true })), [
      "org.apache.hadoop.security.AccessControlException",
      'Permission denied: user=alice, access=WRITE, inode="/p":root:supergroup:drwxr-xr-x',
    ]);
    assert.deepEqual(await refusal(root.delete({ src: "/p", recursive: false })), [
      "org.apache.hadoop.fs.PathIsNotEmptyDirectoryException",
      "`/p is non empty': Directory is not empty",
    ]);
    assert.deepEqual(await refusal(root.create({ ...createRequest("/f"), replication: 40_000 })), [
      "java.io.IOException",
      "Requested replication factor of -25536 is less than the required minimum of 1 for /f, clientName=127.0.0.1",
    ]);
    assert.deepEqual(await refusal(root.getBlockLocations({ src: "/f", offset: MINUS_ONE, length: 1n })), [
      "java.lang.IllegalArgumentException",
      "Negative offset is not supported. File: /f",
    ]);
    const quota = { path: "/p", namespaceQuota: 1n, storagespaceQuota: 5n, storageType: "SSD" } as const;
    assert.equal((await refusal(root.setQuota(quota)))[0].split(".").at(-1), "UnsupportedActionException");
    assert.equal(
      (await refusal(root.append({ src: "/f", clientName: "c1" })))[0],
      "java.lang.UnsupportedOperationException",
    );
  });

  test("enters and leaves safe mode for the superuser", async () => {
    await using service = await TestNamenode.start();
    const [root, alice] = [service.as("root"), service.as("alice")];
    const ask = (action: "SAFEMODE_ENTER" | "SAFEMODE_GET" | "SAFEMODE_LEAVE") => root.setSafeMode({ action });
    assert.deepEqual(await refusal(alice.setSafeMode({ action: "SAFEMODE_ENTER" })), [
      "org.apache.hadoop.security.AccessControlException",
      "Access denied for user alice. Superuser privilege is required for operation safemode_enter",
    ]);
    assert.deepEqual([await ask("SAFEMODE_ENTER"), await ask("SAFEMODE_GET")], [{ result: true }, { result: true }]);
    const [javaClass] = await refusal(root.renewLease({ clientName: "c1" }));
    assert.equal(javaClass, "org.apache.hadoop.hdfs.server.namenode.SafeModeException");
    assert.deepEqual(await ask("SAFEMODE_LEAVE"), { result: false });
    assert.deepEqual(await root.renewLease({ clientName: "c1" }), {});
  });

  test("says what it has and what it does not have", async () => {
    await using service = await TestNamenode.start();
    const root = service.as("root");
    const { capacity, used, remaining } = await root.getFsStats({});
    assert.deepEqual([capacity, used, remaining], [1000n, 0n, 900n]);
    const { serverDefaults } = await root.getServerDefaults({});
    assert.deepEqual([serverDefaults.blockSize, serverDefaults.replication], [134_217_728n, 3]);
    const { result } = await root.getAclStatus({ src: "/" });
    assert.deepEqual(result, {
      owner: "root",
      group: "supergroup",
      sticky: false,
      entries: [],
      permission: { perm: 0o755 },
    });
    assert.deepEqual(await refusal(root.getHAServiceState({})), [
      "org.apache.hadoop.ha.ServiceFailedException",
      "HA for namenode is not enabled",
    ]);
    for (const answer of [root.msync({}), root.getEZForPath({ src: "/" }), root.getDatanodeReport({ type: "LIVE" })]) {
      assert.deepEqual(await answer, {});
    }
  });
});

const SOME_CALL = fakeCall();

/** A call as its handler sees it: of alice, unless told otherwise. */
function callOf(given: Partial<Call> = {}): Call {
  const told = { user: { name: "alice", authMethod: "SIMPLE" }, remoteAddress: "127.0.0.1", id: 7, ...given };
  return Object.create(SOME_CALL, Object.getOwnPropertyDescriptors(told)) as Call;
}

describe("a call that comes again", () => {
  /** An empty cache, whose clock is in the test's hand, and a method that answers how often it ran. */
  function someCache() {
    const clock = { nowMs: BigInt(START_MS) };
    const answers = new RetryCache(() => clock.nowMs);
    let runs = 0;
    const send = (given: Partial<Call> = {}) => answers.once(callOf(given), () => ++runs);
    return { clock, answers, send };
  }

  test("gets the first answer, unless that was a failure", () => {
    const { answers, send } = someCache();
    assert.deepEqual([send(), send({ retryCount: 1 }), send({ id: 8 })], [1, 1, 2]);
    assert.throws(() => answers.once(callOf({ id: 9 }), () => assert.fail("no")));
    assert.equal(send({ id: 9 }), 3);
  });

  test("is one of the same client, the same number, the same method and the same user", () => {
    const { send } = someCache();
    const others: readonly Partial<Call>[] = [
      {},
      { clientId: Buffer.alloc(16, 2) },
      { id: 8 },
      { methodName: "rename" },
      { user: { name: "bob", authMethod: "SIMPLE" } },
      { user: undefined },
    ];
    for (const again of [false, true]) {
      assert.deepEqual(
        others.map((other) => send(other)),
        [1, 2, 3, 4, 5, 6],
        `again: ${again}`,
      );
    }
  });

  test("cannot be told without the client's id, or by a negative number: each runs, and no answer is kept", () => {
    const { answers, send } = someCache();
    const nameless: readonly Partial<Call>[] = [{ clientId: new Uint8Array() }, { id: -1 }];
    assert.deepEqual(
      [...nameless, ...nameless].map((given) => send(given)),
      [1, 2, 3, 4],
    );
    assert.equal(answers.size, 0);
  });

  test("is refused with an id of a client that has another length than sixteen bytes", () => {
    const { answers, send } = someCache();
    for (const length of [1, 15, 17, 60_000]) {
      assert.equal(
        refused(() => send({ clientId: Buffer.alloc(length) })),
        `IllegalArgumentException: Invalid clientId - length is ${length} expected length 16`,
      );
    }
    assert.equal(answers.size, 0);
  });

  test("runs again after ten minutes, when its answer is forgotten", () => {
    const { clock, answers, send } = someCache();
    assert.deepEqual([send(), send({ id: 8 })], [1, 2]);
    clock.nowMs += 600_000n;
    assert.deepEqual([send(), send({ id: 9 })], [1, 3]);
    clock.nowMs += 1n;
    assert.equal(send({ id: 9 }), 3);
    assert.equal(answers.size, 1);
    assert.equal(send(), 4);
  });

  test("runs again when ten thousand others were answered since", () => {
    const { answers, send } = someCache();
    for (let id = 0; id < 10_000; id++) send({ id });
    assert.deepEqual([answers.size, send({ id: 0 })], [10_000, 1]);
    send({ id: 10_000 });
    assert.deepEqual([answers.size, send({ id: 1 }), send({ id: 0 })], [10_000, 2, 10_002]);
  });

  test("does nothing twice: what was created, moved or removed is so once", () => {
    const { tree, send } = someHandlers();
    const requests = {
      create: createRequest("/f"),
      rename: { src: "/f", dst: "/g" },
      rename2: { src: "/g", dst: "/h", overwriteDest: false },
      delete: { src: "/h", recursive: false },
    };
    for (const [id, [methodName, request]] of Object.entries(requests).entries()) {
      const call = callOf({ id, methodName });
      assert.deepEqual(send(request, call), send(request, call), methodName);
    }
    assert.equal(tree.root.childCount, 0);
  });

  test("of two who have no id is not one: each is told of its own", () => {
    const { tree, send } = someHandlers();
    for (const src of ["/f", "/g"]) {
      const call = callOf({ methodName: "create", clientId: new Uint8Array() });
      assert.equal((send(createRequest(src), call) as { fs: { fileId: bigint } }).fs.fileId, tree.lookUp(src).node?.id);
    }
    assert.equal(tree.root.counts.files, 2);
  });
});

/** The handlers of a service with an empty tree, in which alice may everything. */
function someHandlers() {
  const { tree } = new TestTree();
  const callerOf = usersOf({ superuser: "alice", supergroup: "supergroup", groups: "" });
  const { handlers } = namenode({ tree, callerOf, space: () => ({ capacity: 0n, remaining: 0n }) });
  const send = (request: unknown, call: Call): unknown => handlers.get(call.methodName)?.(request, call);
  return { tree, send };
}

describe("the program", () => {
  test("serves where it says, and ends with SIGTERM", async () => {
    const arguments_ = ["--port", "0", "--user", "hdfs", "--groups", "alice=supergroup"];
    const child = spawn(process.execPath, [PROGRAM, ...arguments_], { stdio: ["ignore", "pipe", "inherit"] });
    try {
      const exited = once(child, "exit");
      const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
      const [, port] = /^Serving hdfs:\/\/127\.0\.0\.1:(\d+), superuser hdfs$/.exec(line) ?? [];
      await using client = createClient({ user: "alice" });
      const alice = client.getProxy(ClientProtocol, `localhost:${port}`);
      assert.deepEqual(await alice.mkdirs({ src: "/x", masked: { perm: 0o755 }, createParent: true }), {
        result: true,
      });
      assert.equal((await alice.getFileInfo({ src: "/" })).fs?.owner, "hdfs");
      child.kill("SIGTERM");
      assert.deepEqual(await exited, [0, null]);
    } finally {
      child.kill("SIGKILL");
    }
  });

  test("refuses what it cannot use, in a sentence", async () => {
    for (const [args, code, text] of [
      [["--prot", "1"], 2, /Unknown argument: prot/],
      [["--port", "abc"], 2, /^namenode: --port is "abc": give a whole number from 0 to 65535\nTry: --help\n$/],
      [["--port", "65536"], 2, /--port is "65536":/],
      [["--port", "1", "--port", "2"], 2, /--port is "1,2":/],
      [["--port", "0", "--groups", "alice"], 1, /"alice" is no user and groups/],
    ] as const) {
      const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ["ignore", "ignore", "pipe"] });
      let said = "";
      child.stderr.setEncoding("utf8").on("data", (part: string) => {
        said += part;
      });
      assert.deepEqual(await once(child, "close"), [code, null]);
      assert.match(said, text);
    }
  });
});
