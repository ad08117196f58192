/** Failures, versions, users and many callers, from our client: the counterparts of the other Java checks. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createClient } from "../../client/index.js";
import { createSettings } from "../../conf/index.js";
import { RemoteError, RpcError, type RpcErrorCode, writable } from "../../protocol/index.js";
import { Everything, Versioned, VersionedV1 } from "./everything.js";
import type { Session } from "./session.js";

const IO_EXCEPTION = "java.io.IOException";
const RPC_SERVER_EXCEPTION = "org.apache.hadoop.ipc.RpcServerException";
const VERSION_MISMATCH = "org.apache.hadoop.ipc.RPC$VersionMismatch";

const ECHO_INT = { echoInt: { parameters: ["int"], returns: "int" } } as const;
const FIRST = { first: { parameters: ["java.lang.String"], returns: "java.lang.String" } } as const;

/** What clients have and the server serves otherwise or not at all. */
const EverythingV4 = writable({ protocol: "hrpcd.interop.Everything", version: 4, methods: ECHO_INT });
const EverythingV2 = writable({ protocol: "hrpcd.interop.Everything", version: 2, methods: ECHO_INT });
const EverythingMore = writable({
  protocol: "hrpcd.interop.Everything",
  version: 3,
  methods: { ...ECHO_INT, unheardOf: { parameters: ["java.lang.String"], returns: "java.lang.String" } },
});
const EverythingElse = writable({
  protocol: "hrpcd.interop.Everything",
  version: 3,
  methods: { echoInt: { parameters: ["java.lang.String"], returns: "int" } },
});
const VersionedV3 = writable({ protocol: "hrpcd.interop.Versioned", version: 3, methods: FIRST });
const Unserved = writable({ protocol: "hrpcd.interop.Unserved", version: 1, methods: FIRST });

/** The server must refuse the call with this class, this code and this message. */
export async function refused(
  call: Promise<unknown>,
  javaClass: string,
  code: RpcErrorCode,
  message: string,
): Promise<void> {
  const error = await call.then(
    () => assert.fail("the call succeeded"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof RemoteError, `not a RemoteError: ${String(error)}`);
  assert.deepEqual([error.javaClass, error.code, error.message], [javaClass, code, message]);
}

function failsWith(code: RpcErrorCode): (error: unknown) => boolean {
  return (error) => error instanceof RpcError && error.code === code;
}

export function failureChecks(session: () => Session): void {
  const everything = () => session().everything;
  const application = (call: Promise<unknown>, javaClass: string, message: string) =>
    refused(call, javaClass, "ERROR_APPLICATION", message);

  test("an IOException arrives with its class and message", () =>
    application(everything().failWithIOException("disk gone"), IO_EXCEPTION, "disk gone"));
  test("a FileNotFoundException arrives with its class and message", () =>
    application(everything().failWithFileNotFound("/no/such/file"), "java.io.FileNotFoundException", "/no/such/file"));
  test("an exception of the service's own arrives with its class and message", () =>
    application(
      everything().failWithCustom("caf\u00e9 \u{1f600}"),
      "hrpcd.interop.InteropException",
      "caf\u00e9 \u{1f600}",
    ));
  test("an unchecked exception arrives as an IOException that names it", () =>
    application(everything().failWithRuntime("not now"), IO_EXCEPTION, "java.lang.IllegalStateException: not now"));
  test("an RpcServerException keeps its error code", () =>
    refused(everything().failWithRpcServerException("not here"), RPC_SERVER_EXCEPTION, "ERROR_RPC_SERVER", "not here"));
  test("an exception without a message arrives with its class", () =>
    assert.rejects(everything().failWithoutMessage(), { code: "ERROR_APPLICATION", javaClass: IO_EXCEPTION }));
  test("a result that cannot be written arrives as an error of its own code", () =>
    assert.rejects(everything().failWhileWriting(), {
      code: "ERROR_SERIALIZING_RESPONSE",
      javaClass: IO_EXCEPTION,
      message: /cannot be written/,
    }));

  test("a method that the server lacks is refused", async () => {
    const more = session().client.getProxy(EverythingMore, session().address);
    const message = "java.lang.NoSuchMethodException: hrpcd.interop.Everything.unheardOf(java.lang.String)";
    await application(more.unheardOf("x"), IO_EXCEPTION, message);
    assert.equal(await more.echoInt(7), 7);
  });
  test("an overload that the server lacks is refused", async () => {
    const other = session().client.getProxy(EverythingElse, session().address);
    const message = "java.lang.NoSuchMethodException: hrpcd.interop.Everything.echoInt(java.lang.String)";
    await application(other.echoInt("1"), IO_EXCEPTION, message);
  });
  test("a protocol that the server lacks is refused", async () => {
    const unserved = session().client.getProxy(Unserved, session().address);
    await refused(
      unserved.first("x"),
      RPC_SERVER_EXCEPTION,
      "ERROR_RPC_SERVER",
      "Unknown protocol: hrpcd.interop.Unserved",
    );
  });
  test("clients of newer and older versions are refused with both versions", async () => {
    const { client, address } = session();
    const mismatch = (call: Promise<unknown>, name: string, ours: number, theirs: number) => {
      const message = `Protocol hrpcd.interop.${name} version mismatch. (client = ${ours}, server = ${theirs})`;
      return refused(call, VERSION_MISMATCH, "ERROR_RPC_VERSION_MISMATCH", message);
    };
    await mismatch(client.getProxy(EverythingV4, address).echoInt(1), "Everything", 4, 3);
    await mismatch(client.getProxy(EverythingV2, address).echoInt(1), "Everything", 2, 3);
    await mismatch(client.getProxy(VersionedV3, address).first("x"), "Versioned", 3, 2);
  });
  test("a call past its timeout fails, and the connection goes on", async () => {
    await assert.rejects(everything().slow(2_000n, "late", { timeoutMs: 100 }), failsWith("CALL_TIMED_OUT"));
    assert.equal(await everything().slow(1n, "soon"), "soon");
  });
  test("a call that is aborted fails, and the connection goes on", async () => {
    const controller = new AbortController();
    const call = everything().slow(2_000n, "late", { signal: controller.signal });
    setTimeout(() => controller.abort(), 50);
    await assert.rejects(call, failsWith("CALL_CANCELLED"));
    assert.equal(await everything().echoInt(5), 5);
  });
}

export function versionChecks(session: () => Session): void {
  test("two versions of one protocol are served on one port", async () => {
    const first = session().client.getProxy(VersionedV1, session().address);
    assert.equal(await first.first("a"), "v1:a");
    assert.equal(await session().versioned.first("a"), "v2:a");
    assert.equal(await session().versioned.second(2, 3), 5);
  });
  test("the tutorial's protocol is served", async () => {
    assert.equal(await session().tutorial.helloWorld("king"), "hello,king");
  });
  test("negotiateProxy takes the highest version that both sides have", async () => {
    const { client, address } = session();
    const { proxy, version } = await client.negotiateProxy([VersionedV3, Versioned, VersionedV1], address);
    assert.equal(version, 2);
    assert.equal(await proxy.first("a"), "v2:a");
  });
  test("negotiateProxy names both sides' versions when they have none in common", async () => {
    const { client, address } = session();
    const negotiation = client.negotiateProxy([EverythingV4, EverythingV2], address);
    await assert.rejects(negotiation, { code: "ERROR_RPC_VERSION_MISMATCH", message: /client = 2, 4, server = 3/ });
  });
  test("isMethodSupported says yes for every method of the same interface", async () => {
    const { client, everything } = session();
    for (const name of Everything.methods.keys()) {
      assert.equal(await client.isMethodSupported(everything, name as string & keyof typeof everything), true, name);
    }
  });
  test("isMethodSupported tells a newer client which methods the server has", async () => {
    const { client, address } = session();
    const more = client.getProxy(EverythingMore, address);
    assert.equal(await client.isMethodSupported(more, "echoInt"), true);
    assert.equal(await client.isMethodSupported(more, "unheardOf"), false);
    assert.equal(await client.isMethodSupported(client.getProxy(EverythingElse, address), "echoInt"), false);
  });
  test("isMethodSupported fails for a client of another version", async () => {
    const { client, address } = session();
    const asked = client.isMethodSupported(client.getProxy(EverythingV4, address), "echoInt");
    await assert.rejects(asked, failsWith("ERROR_RPC_VERSION_MISMATCH"));
  });
}

const CALLERS = 32;
const CALLS_PER_CALLER = 500;

async function callAgainAndAgain(everything: Session["everything"], caller: number): Promise<void> {
  for (let i = 0; i < CALLS_PER_CALLER; i++) {
    const text = `${caller}:${i}`;
    if (i % 4 === 0) assert.equal(await everything.echoString(text), text);
    else if (i % 4 === 1)
      assert.deepEqual(await everything.echoLongs([BigInt(caller), BigInt(i)]), [BigInt(caller), BigInt(i)]);
    else if (i % 4 === 2) await refused(everything.failWithIOException(text), IO_EXCEPTION, "ERROR_APPLICATION", text);
    else assert.equal(await everything.echoInt(caller * 1000 + i), caller * 1000 + i);
  }
}

export function connectionChecks(session: () => Session): void {
  test("32 callers, 500 calls each, over one connection", async () => {
    await Promise.all(Array.from({ length: CALLERS }, (_, caller) => callAgainAndAgain(session().everything, caller)));
  });
  test("32 callers, 500 calls each, over a connection each", async () => {
    const clients = Array.from({ length: CALLERS }, (_, i) => createClient({ user: `caller${i}` }));
    try {
      const proxies = clients.map((client) => client.getProxy(Everything, session().address));
      await Promise.all(proxies.map(callAgainAndAgain));
    } finally {
      await Promise.all(clients.map((client) => client.close()));
    }
  });
  test("a call runs as the user of its client", async () => {
    for (const user of ["alice", "b\u00f6b@REALM"]) {
      await using client = createClient({ user });
      assert.equal(await client.getProxy(Everything, session().address).whoAmI(), user);
    }
  });
  test("a user who may not act for another is refused", async () => {
    await using client = createClient({ user: "alice", realUser: "mallory" });
    const call = client.getProxy(Everything, session().address).whoAmI();
    const javaClass = "org.apache.hadoop.security.authorize.AuthorizationException";
    await refused(call, javaClass, "FATAL_UNAUTHORIZED", "User: mallory is not allowed to impersonate alice");
  });
  test("a slow call outlives many ping intervals", async () => {
    await using client = createClient({ conf: createSettings({ "ipc.ping.interval": 100 }) });
    const everything = client.getProxy(Everything, session().address);
    assert.equal(await everything.slow(1_000n, "awake"), "awake");
    assert.equal(await everything.echoInt(1), 1);
  });
  test("fast calls overtake a slow one on the same connection", async () => {
    let answered = false;
    const slow = session().everything.slow(1_000n, "slow");
    void slow.then(() => {
      answered = true;
    });
    for (let i = 0; i < 100; i++) assert.equal(await session().everything.echoInt(i), i);
    assert.equal(answered, false);
    assert.equal(await slow, "slow");
  });
  test("a new client works after the old one was closed", async () => {
    for (let i = 0; i < 5; i++) {
      await using client = createClient({ user: "again" });
      assert.equal(await client.getProxy(Everything, session().address).echoInt(i), i);
    }
  });
  test("the caller context and the retry count are taken", async () => {
    const options = { callerContext: { context: "job_1", signature: Uint8Array.of(1) }, retryCount: 3 };
    assert.equal(await session().everything.echoInt(9, options), 9);
  });
}

/** All of them, in groups. */
export function clientChecks(session: () => Session): void {
  describe("failures", () => failureChecks(session));
  describe("versions and signatures", () => versionChecks(session));
  describe("connections", () => connectionChecks(session));
}
