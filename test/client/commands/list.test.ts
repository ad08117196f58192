import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { list } from "../../../client/commands/list.js";
import type { Client } from "../../../client/index.js";
import { type AnyProtocol, ProtocolMetaInfo, RemoteError, RpcError } from "../../../protocol/index.js";
import { ProtoFiles, STORE, STORE_INTERFACE } from "../../helpers/proto-samples.js";
import { commandContext, type SampleServer, startSampleServer } from "../../helpers/sample-services.js";
import { startStranger } from "../../helpers/stranger.js";

let samples: SampleServer;
before(async () => {
  samples = await startSampleServer();
});
after(() => samples[Symbol.asyncDispose]());

const NAMENODE = "org.apache.hadoop.hdfs.protocolPB.ClientNamenodeProtocolPB";
const HA = "org.apache.hadoop.ha.protocolPB.HAServiceProtocolPB";

/** A client of a Hadoop server, which knows no reflection and these Java interfaces; `fault` is what it answers about others. */
function hadoopServer(
  versions: Readonly<Record<string, readonly bigint[]>>,
  fault: Error = new RemoteError("ERROR_APPLICATION", "unknown", { javaClass: "java.lang.ClassNotFoundException" }),
): { client: Client; asked: string[] } {
  const asked: string[] = [];
  const reflection = {
    list: async () => {
      throw new RemoteError("FATAL_INVALID_RPC_HEADER", " IPC Server: No rpc kind in rpcRequestHeader");
    },
  };
  const metaInfo = {
    getProtocolSignature: async ({ protocol, rpcKind }: { protocol: string; rpcKind: string }) => {
      assert.equal(rpcKind, "RPC_PROTOCOL_BUFFER");
      asked.push(protocol);
      const found = versions[protocol];
      if (found === undefined) throw fault;
      return { protocolSignature: found.map((version) => ({ version, methods: [] })) };
    },
  };
  const getProxy = (protocol: AnyProtocol): object => (protocol === ProtocolMetaInfo ? metaInfo : reflection);
  return { client: { getProxy } as unknown as Client, asked };
}

async function run(address: string, json = false): Promise<string> {
  const context = commandContext(address, { json });
  try {
    return await list(context);
  } finally {
    await context.client.close();
  }
}

describe("hrpc list", () => {
  test("shows every protocol, version and engine", async () => {
    assert.equal(
      await run(samples.address),
      [
        "protocol                                  version  engine",
        "org.example.Sampler                       1        avro",
        "org.example.Sampler                       2        avro",
        "org.example.Sampler                       2        writable",
        "demo.Sampler                              7        writable",
        "demo.MyInterface                          1001     writable",
        "demo.Opaque                               1        writable",
        "hrpcd.Reflection                          1        avro",
        "org.apache.hadoop.ipc.ProtocolMetaInfoPB  1        protobuf",
      ].join("\n"),
    );
  });

  test("prints the same as JSON", async () => {
    const rows = JSON.parse(await run(samples.address, true)) as unknown[];
    assert.equal(rows.length, 8);
    assert.deepEqual(rows[2], { protocol: "org.example.Sampler", version: 2, engine: "writable" });
  });

  test("says that a server does not tell what it serves that knows no way to", async (t) => {
    await assert.rejects(run(await startStranger(t)), {
      code: "ERROR_NO_SUCH_PROTOCOL",
      message: /^127\.0\.0\.1:\d+ is a Hadoop RPC server that does not tell what it serves; hrpc ping works with it$/,
    });
  });

  test("asks a Hadoop server for Hadoop's protocols one by one, and says that there may be others", async () => {
    const { asked, client } = hadoopServer({ [NAMENODE]: [1n], [HA]: [1n, 2n] });
    const notes: string[] = [];
    const context = { ...commandContext("namenode:8020", { note: (text) => notes.push(text) }), client };
    assert.equal(
      await list(context),
      [
        "protocol                                        version  engine",
        "org.apache.hadoop.ha.HAServiceProtocol          1        protobuf",
        "org.apache.hadoop.ha.HAServiceProtocol          2        protobuf",
        "org.apache.hadoop.hdfs.protocol.ClientProtocol  1        protobuf",
      ].join("\n"),
    );
    assert.deepEqual(notes, [
      `namenode:8020 is a Hadoop RPC server, which does not tell all that it serves: it was asked for ${asked.length} ` +
        "protocols that hrpc knows or --proto names",
    ]);
    assert.ok(asked.length > 30);
    assert.equal(new Set(asked).size, asked.length);
  });

  test("asks a Hadoop server for the protocols of --proto too", async () => {
    using files = new ProtoFiles();
    const { client } = hadoopServer({ [STORE_INTERFACE]: [3n] });
    const context = { ...commandContext("server:1", { protoPaths: [files.jar], json: true, note: () => {} }), client };
    assert.deepEqual(JSON.parse(await list(context)), [{ protocol: STORE, version: 3, engine: "protobuf" }]);
  });

  test("passes on why a Hadoop server does not answer", async () => {
    const { client } = hadoopServer({}, new RpcError("CALL_TIMED_OUT", "no answer"));
    await assert.rejects(list({ ...commandContext("server:1"), client }), { code: "CALL_TIMED_OUT" });
  });

  test("passes on why another server refuses", async (t) => {
    const address = await startStranger(t, {
      code: 15,
      javaClass: "org.apache.hadoop.security.AccessControlException",
      message: "SIMPLE authentication is not enabled.  Available:[TOKEN, KERBEROS]",
    });
    await assert.rejects(run(address), {
      code: "FATAL_UNAUTHORIZED",
      javaClass: "org.apache.hadoop.security.AccessControlException",
      message: "SIMPLE authentication is not enabled.  Available:[TOKEN, KERBEROS]",
    });
  });
});
