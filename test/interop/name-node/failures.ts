/** Calls that the NameNode refuses: both clients get the same error. And the questions that spare a client such calls. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "../../../client/index.js";
import { parseProto, protobuf } from "../../../protocol/index.js";
import { type AnyMethods, type Pair, readBoth, type SharedProtocol } from "../comparing.js";
import type { CallFailure } from "../hadoop-caller.js";
import { mkdirs } from "./changes.js";
import { CLIENT_PROTOCOL, type NameNodeSession } from "./session.js";

/** Declares the tests; `session` is asked when they run. */
export function failures(session: () => NameNodeSession): void {
  test("blocks of a file that is not there", async () => {
    const request = { src: "/none", offset: 0n, length: 1n };
    const { javaClass } = await failure(
      session().pair,
      session().protocol,
      "getBlockLocations",
      request,
      'src: "/none" offset: 0 length: 1',
    );
    assert.equal(javaClass, "java.io.FileNotFoundException");
  });

  test("a folder that somebody else may not make", async () => {
    const client = createClient({ user: "mallory" });
    const [method, request, text] = mkdirs("/of-mallory");
    const as = { ...session().pair, client, user: "mallory" };
    const { javaClass } = await failure(as, session().protocol, method, request(""), text("")).finally(() =>
      client.close(),
    );
    assert.equal(javaClass, "org.apache.hadoop.security.AccessControlException");
  });

  test("a version that is yet to come", async () => {
    const definition = protobuf<AnyMethods>({ source: session().source, protocolName: CLIENT_PROTOCOL, version: 7 });
    const later = { definition, javaInterface: "hrpcd.cluster.WrongProtocols$LaterVersion" };
    const { code, javaClass } = await failure(session().pair, later, "getFileInfo", { src: "/" }, 'src: "/"');
    assert.deepEqual([code, javaClass], ["ERROR_RPC_VERSION_MISMATCH", "org.apache.hadoop.ipc.RPC$VersionMismatch"]);
  });

  test("a protocol that nobody serves", async () => {
    const definition = protobuf<AnyMethods>({
      source: session().source,
      protocolName: "hrpcd.cluster.Nobodys",
      service: "ClientNamenodeProtocol",
      version: 1,
    });
    const nobodys = { definition, javaInterface: "hrpcd.cluster.WrongProtocols$Nobodys" };
    const { code } = await failure(session().pair, nobodys, "getFileInfo", { src: "/" }, 'src: "/"');
    assert.equal(code, "ERROR_NO_SUCH_PROTOCOL");
  });

  test("a method that the protocol has not", async () => {
    const other = {
      definition: await otherMethods(session()),
      javaInterface: "hrpcd.cluster.WrongProtocols$OtherMethods",
    };
    const { code } = await failure(session().pair, other, "monitorHealth", {}, "");
    assert.equal(code, "ERROR_NO_SUCH_METHOD");
  });
}

/** Declares the tests of negotiation; `session` is asked when they run. */
export function versions(session: () => NameNodeSession): void {
  test("negotiateProxy finds the version that the NameNode serves", async () => {
    const later = protobuf<AnyMethods>({ source: session().source, protocolName: CLIENT_PROTOCOL, version: 7 });
    const { proxy, version } = await session().pair.client.negotiateProxy(
      [later, session().protocol.definition],
      session().cluster.nameNode,
    );
    assert.equal(version, 1);
    assert.ok(Object.hasOwn((await proxy.getFileInfo?.({ src: "/" })) ?? {}, "fs"));
    await assert.rejects(session().pair.client.negotiateProxy([later], session().cluster.nameNode), {
      code: "ERROR_RPC_VERSION_MISMATCH",
      message: `Protocol ${CLIENT_PROTOCOL} version mismatch. (client = 7, server = 1 at ${session().cluster.nameNode})`,
    });
  });

  test("isMethodSupported: every method of the protocol's own jar, and none that was added", async () => {
    const proxy = session().pair.client.getProxy(session().protocol.definition, session().cluster.nameNode);
    for (const name of session().protocol.definition.methods.keys()) {
      assert.equal(await session().pair.client.isMethodSupported(proxy, name), true, name);
    }
    const other = session().pair.client.getProxy(await otherMethods(session()), session().cluster.nameNode);
    assert.equal(await session().pair.client.isMethodSupported(other, "monitorHealth"), false);
  });

  test("negotiateProxy with a protocol that the NameNode has never heard of", async () => {
    const unknown = protobuf<AnyMethods>({
      source: session().source,
      protocolName: "hrpcd.cluster.Nobodys",
      service: "ClientNamenodeProtocol",
      version: 1,
    });
    await assert.rejects(session().pair.client.negotiateProxy([unknown], session().cluster.nameNode), {
      code: "ERROR_NO_SUCH_PROTOCOL",
    });
  });
}

/** How a call fails, with both clients in the same way. */
async function failure(
  pair: Pair,
  protocol: SharedProtocol,
  method: string,
  request: object,
  text: string,
): Promise<CallFailure> {
  const result = await readBoth(pair, protocol, method, request, text);
  assert.ok("error" in result, `${method} succeeded`);
  return result.error;
}

/** The NameNode's protocol with a method of which it knows nothing. */
async function otherMethods({ protocol }: NameNodeSession): Promise<SharedProtocol["definition"]> {
  const texts = {
    "other.proto": `syntax = "proto2"; package hadoop.hdfs;
      message Nothing {}
      message GetFileInfoRequestProto { required string src = 1; }
      service OtherMethods {
        rpc monitorHealth(Nothing) returns (Nothing);
        rpc getFileInfo(GetFileInfoRequestProto) returns (Nothing);
      }`,
  };
  return protobuf<AnyMethods>({
    source: await parseProto(texts),
    protocolName: CLIENT_PROTOCOL,
    javaInterface: protocol.javaInterface,
    service: "OtherMethods",
    version: 1,
  });
}
