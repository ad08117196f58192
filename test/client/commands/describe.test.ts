import assert from "node:assert/strict";
import { after, before, describe as suite, test } from "node:test";
import type { CommandContext } from "../../../client/commands/command.js";
import { describe } from "../../../client/commands/describe.js";
import { RpcError } from "../../../protocol/index.js";
import { ProtoFiles, STORE, STORE_INTERFACE, startStoreServer } from "../../helpers/proto-samples.js";
import { commandContext, type SampleServer, startSampleServer } from "../../helpers/sample-services.js";

let samples: SampleServer;
before(async () => {
  samples = await startSampleServer();
});
after(() => samples[Symbol.asyncDispose]());

async function run(protocol: string, engine?: string, json = false, method?: string): Promise<string> {
  const context = commandContext(samples.address, { json });
  try {
    return await describe(context, { protocol, engine }, method);
  } finally {
    await context.client.close();
  }
}

suite("hrpc describe", () => {
  test("shows the methods of a Java interface with their hashes, and its types", async () => {
    const lines = (await run("demo.Sampler")).split("\n");
    assert.match(lines.shift() ?? "", /^demo\.Sampler@7 \(writable\), fingerprint [0-9a-f]{8}$/);
    assert.deepEqual(
      lines.map((line) => line.replace(/^ {2}[0-9a-f]{8}(?= )/, "HASH")),
      [
        "HASH  long add(long, long)",
        "HASH  double half(double)",
        "HASH  java.lang.String hello(java.lang.String)",
        "HASH  byte[] reverse(byte[])",
        "HASH  demo.Points points(demo.Points)",
        "HASH  demo.Color[] colors(demo.Color[])",
        "HASH  void nothing()",
        "HASH  void fail(java.lang.String)",
        "            enum demo.Color { RED, GREEN }",
        "            class demo.Point { long x; org.apache.hadoop.io.Text label }",
        "            class demo.Points extends org.apache.hadoop.io.ArrayWritable<demo.Point>",
      ],
    );
  });

  test("shows the methods of an Avro protocol and the types that they are made of", async () => {
    const text = await run("org.example.Sampler@2", "avro");
    assert.match(text, /^org\.example\.Sampler@2 \(avro\), fingerprint [0-9a-f]{8}\n/);
    assert.match(text, /^ {2}[0-9a-f]{8} {2}scale\(value: int, factor\?: int\): int$/m);
    assert.match(text, /^ {2}[0-9a-f]{8} {2}tell\(text: string\): void oneway$/m);
    assert.match(text, /^ {2}[0-9a-f]{8} {2}fail\(text: string\): void throws TooLong$/m);
    assert.ok(
      text.endsWith(
        [
          "",
          "            record Point { x: long, color?: union { null, Color } }",
          "            enum Color { RED, GREEN }",
          "            error TooLong { limit: long }",
        ].join("\n"),
      ),
      text,
    );
  });

  test("shows every version and engine of a name, the highest version first", async () => {
    const heads = (await run("org.example.Sampler")).split("\n\n").map((part) => part.split(",", 1)[0]);
    assert.deepEqual(heads, [
      "org.example.Sampler@2 (avro)",
      "org.example.Sampler@2 (writable)",
      "org.example.Sampler@1 (avro)",
    ]);
  });

  test("prints the same as JSON", async () => {
    const [only, ...more] = JSON.parse(await run("org.example.Sampler@1", undefined, true)) as [
      { fingerprint: string; methods: { hash: string }[] },
    ];
    assert.deepEqual(more, []);
    const { fingerprint, methods } = only;
    assert.match(fingerprint, /^[0-9a-f]{8}$/);
    assert.deepEqual(only, {
      protocol: "org.example.Sampler",
      version: 1,
      engine: "avro",
      fingerprint,
      methods: [{ method: "add(a: long, b: long): long", hash: methods[0]?.hash }],
      types: [],
    });
  });

  test("shows hash and fingerprint as Java computes them", async () => {
    assert.equal(
      await run("demo.MyInterface"),
      "demo.MyInterface@1001 (writable), fingerprint 8a5fa649\n  7fdb1120  java.lang.String helloWorld(java.lang.String)",
    );
  });

  test("names what there is, where a protocol is not served", async () => {
    await assert.rejects(run("Nope"), {
      code: "ERROR_NO_SUCH_PROTOCOL",
      message:
        /does not serve Nope; it serves: org\.example\.Sampler, demo\.Sampler, demo\.MyInterface, demo\.Opaque, hrpcd\.Reflection, org\.apache\.hadoop\.ipc\.ProtocolMetaInfoPB$/,
    });
    await assert.rejects(run("demo.Sampler@8"), {
      code: "ERROR_NO_SUCH_PROTOCOL",
      message: /does not serve demo\.Sampler@8; it serves: demo\.Sampler@7 \(writable\)$/,
    });
  });
});

suite("hrpc describe of one method", () => {
  test("shows it with the types that it is made of, at the highest version", async () => {
    const [head, method, ...types] = (await run("demo.Sampler", undefined, false, "points")).split("\n");
    assert.match(head ?? "", /^demo\.Sampler@7 \(writable\), /);
    assert.match(method ?? "", /^ {2}[0-9a-f]{8} {2}demo\.Points points\(demo\.Points\)$/);
    assert.deepEqual(
      types.map((type) => type.trim().split(" ", 2).join(" ")),
      ["class demo.Point", "class demo.Points"],
    );
    const avro = (await run("org.example.Sampler", "avro", false, "points")).split("\n");
    assert.deepEqual(
      avro.slice(2).map((type) => type.trim().split(" ", 2).join(" ")),
      ["record Point", "enum Color"],
    );
  });

  test("names those there are, where it is not", async () => {
    await assert.rejects(run("demo.MyInterface", undefined, false, "hello"), {
      code: "ERROR_NO_SUCH_METHOD",
      message: "demo.MyInterface@1001 has no method hello; it has: helloWorld",
    });
  });
});

suite("hrpc describe with files", () => {
  const files = new ProtoFiles();
  after(() => files[Symbol.dispose]());

  async function describeStore(address: string, options: Partial<CommandContext>, method?: string): Promise<string> {
    const context = commandContext(address, { protoPaths: [files.jar], ...options });
    try {
      return await describe(context, { protocol: "StoreProtocol", engine: undefined }, method);
    } finally {
      await context.client.close();
    }
  }

  test("shows the methods of the files, and which of them the server lacks", async () => {
    await using store = await startStoreServer();
    const lines = (await describeStore(store.address, {})).split("\n");
    assert.match(
      lines.shift() ?? "",
      /^org\.example\.protocol\.StoreProtocol@3 \(protobuf\), fingerprint [0-9a-f]{8}$/,
    );
    assert.deepEqual(
      lines.map((line) => line.replace(/^ {2}[0-9a-f]{8}(?= )/, "HASH")),
      [
        "HASH  put(Item): Item",
        "HASH  caller(Nothing): Item",
        "HASH  drop(Nothing): Nothing  (not on this server)",
        "            message Item { name: string, size?: uint64, data?: bytes, color?: Color }",
        "            enum Color { RED, GREEN }",
        "            message Nothing {}",
      ],
    );
    const [described] = JSON.parse(await describeStore(store.address, { json: true })) as [
      { methods: { served: boolean }[] },
    ];
    assert.deepEqual(
      described.methods.map(({ served }) => served),
      [true, true, false],
    );
  });

  test("shows them too if the server does not serve the protocol, and says that it does not", async () => {
    const notes: string[] = [];
    const options = { note: (text: string) => notes.push(text) };
    const text = await describeStore(samples.address, options, "drop");
    assert.match(text, /^.*\n {2}[0-9a-f]{8} {2}drop\(Nothing\): Nothing\n {12}message Nothing \{\}$/);
    assert.deepEqual(notes, [
      `${samples.address} does not say which of the methods it has: ${samples.address} does not serve ${STORE}: ` +
        `it does not know the Java interface ${STORE_INTERFACE}`,
    ]);
  });

  test("fails if there is no server", async () => {
    await assert.rejects(describeStore("127.0.0.1:1", { timeoutMs: 100 }), RpcError);
  });
});
