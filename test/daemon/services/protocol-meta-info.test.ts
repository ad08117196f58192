import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient, type Proxy as RpcProxy } from "../../../client/index.js";
import { createServer, implement, type Server } from "../../../daemon/index.js";
import { ProtocolMetaInfo, protobuf, writable } from "../../../protocol/index.js";
import { bytes } from "../../helpers/byte-builder.js";
import { opening, requestFrame } from "../../helpers/requests.js";
import { settled, TestPeer } from "../../helpers/test-server.js";

const EMPTY = { name: "demo.Empty", fields: [] };
const echo = (version: number, javaInterface?: string) =>
  protobuf<{ echo(request: object): object }>({
    protocol: "demo.EchoProtocol",
    version,
    service: "demo.EchoService",
    ...(javaInterface !== undefined && { javaInterface }),
    methods: [{ name: "echo", request: "demo.Empty", response: "demo.Empty" }],
    messages: [EMPTY],
    enums: [],
  });
const asWritable = (version: number) =>
  writable({ protocol: "demo.EchoProtocol", version, methods: { ping: { returns: "void" } } });
const MyInterface = writable({
  protocol: "demo.MyInterface",
  version: 1001,
  methods: { helloWorld: { parameters: ["java.lang.String"], returns: "java.lang.String" } },
});

const services = [
  implement(echo(7, "demo.EchoProtocolPB"), { echo: () => ({}) }),
  implement(asWritable(9), { ping: () => {} }),
  implement(echo(2), { echo: () => ({}) }),
  implement(MyInterface, { helloWorld: (name) => name }),
];

async function asking<T>(ask: (proxy: RpcProxy<typeof ProtocolMetaInfo>) => Promise<T>): Promise<T> {
  await using server = await createServer({ port: 0, services }).start();
  await using client = createClient();
  return await ask(client.getProxy(ProtocolMetaInfo, `127.0.0.1:${server.port}`));
}

const PB = "RPC_PROTOCOL_BUFFER";

test("the signatures of a protocol are one per version of the kind, with its method hashes unsigned", async () => {
  const { protocolSignature } = await asking((proxy) =>
    proxy.getProtocolSignature({ protocol: "demo.EchoProtocol", rpcKind: PB }),
  );
  const methods = echo(2).signature.methods.map((hash) => hash >>> 0);
  assert.deepEqual(protocolSignature, [
    { version: 2n, methods },
    { version: 7n, methods },
  ]);
});

test("a protocol is found by its Java interface too, with all its versions, as Hadoop's clients ask", async () => {
  const [byName, byInterface] = await asking((proxy) =>
    Promise.all(
      ["demo.EchoProtocol", "demo.EchoProtocolPB"].map((protocol) =>
        proxy.getProtocolSignature({ protocol, rpcKind: PB }),
      ),
    ),
  );
  assert.deepEqual(byInterface, byName);
});

test("a protocol that is served as another kind only has no signatures", async () => {
  const answer = await asking((proxy) => proxy.getProtocolSignature({ protocol: "demo.MyInterface", rpcKind: PB }));
  assert.deepEqual(answer, { protocolSignature: [] });
});

test("the versions of a protocol are told by kind, ascending; kinds without any are left out", async () => {
  const { protocolVersions } = await asking((proxy) => proxy.getProtocolVersions({ protocol: "demo.EchoProtocol" }));
  assert.deepEqual(protocolVersions, [
    { rpcKind: "RPC_WRITABLE", versions: [9n] },
    { rpcKind: PB, versions: [2n, 7n] },
  ]);
});

test("a server tells of itself, and of Avro by a kind of ours", async () => {
  const [own, avro] = await asking((proxy) =>
    Promise.all([ProtocolMetaInfo.name, "hrpcd.Reflection"].map((protocol) => proxy.getProtocolVersions({ protocol }))),
  );
  assert.deepEqual(own, { protocolVersions: [{ rpcKind: PB, versions: [1n] }] });
  assert.deepEqual(avro, { protocolVersions: [{ rpcKind: "RPC_AVRO", versions: [1n] }] });
});

test("a name that nothing is served under is a Java class that is not found", async () => {
  for (const protocol of ["", "no.Such", "__proto__", "constructor", "java.lang.Runtime"]) {
    const wanted = {
      code: "ERROR_APPLICATION",
      javaClass: "java.lang.ClassNotFoundException",
      message: protocol === "" ? /./ : protocol,
    };
    await assert.rejects(
      asking((proxy) => proxy.getProtocolSignature({ protocol, rpcKind: PB })),
      wanted,
    );
    await assert.rejects(
      asking((proxy) => proxy.getProtocolVersions({ protocol })),
      wanted,
    );
  }
});

test("a kind that does not exist is refused with Java's words, whatever the protocol", async () => {
  for (const rpcKind of ["", "2", "rpc_writable", "__proto__"]) {
    for (const protocol of ["demo.MyInterface", "no.Such"]) {
      await assert.rejects(
        asking((proxy) => proxy.getProtocolSignature({ protocol, rpcKind })),
        {
          code: "ERROR_APPLICATION",
          javaClass: "java.lang.IllegalArgumentException",
          message: `No enum constant org.apache.hadoop.ipc.RPC.RpcKind.${rpcKind}`,
        },
      );
    }
  }
});

/** What the server answers to a getProtocolSignature of raw bytes, behind the response header. */
async function rawAnswer(server: Server, protocol: string, rpcKind: string): Promise<string> {
  const peer = new TestPeer(server);
  const head = bytes().field(1, "getProtocolSignature").field(2, ProtocolMetaInfo.name).tag(3, 0).varint(1);
  const question = bytes().delimited(head).delimited(bytes().field(1, protocol).field(2, rpcKind));
  // The protocol of the connection may be any: these questions share it.
  peer.send(opening("some.other.Protocol"), requestFrame({ rpcKind: 2, callId: 0 }, question));
  await settled();
  const [answer] = peer.answers();
  return answer?.errorMsg ?? answer?.payload.toString("hex") ?? "";
}

test("a negative hash takes the five bytes of the wire specification", async () => {
  await using server = await createServer({ port: 0, services }).start();
  const one = bytes().tag(1, 0).varint(1001).hex("10 bfbaa6830a");
  one.tag(2, 0).varint(0xf6a59355).tag(2, 0).varint(0x7fdb1120);
  const expected = bytes().delimited(bytes().field(1, one)).build().toString("hex");
  assert.equal(await rawAnswer(server, "demo.MyInterface", "RPC_WRITABLE"), expected);
});
