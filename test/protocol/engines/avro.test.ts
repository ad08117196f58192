import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RPC_KIND } from "../../../protocol/definition.js";
import { DEFAULT_DECODE_LIMITS } from "../../../protocol/engine.js";
import { avro, avroEngine } from "../../../protocol/engines/avro.js";
import { RpcError, type RpcErrorCode } from "../../../protocol/rpc-error.js";
import { methodHash } from "../../../protocol/signature.js";
import { ByteWriter } from "../../../protocol/wire/byte-writer.js";
import { bytesOf, lookupOf, methodOf, readerOf, serve } from "../../helpers/sessions.js";
import { Loop } from "./avro/loop.js";

const Greeter = avro({
  protocol: "Greeter",
  namespace: "org.example",
  version: 2,
  types: [{ type: "error", name: "TooLong", fields: [{ name: "limit", type: "int" }] }],
  messages: {
    hello: { request: [{ name: "name", type: "string" }], response: "string", errors: ["TooLong"], idempotent: true },
    notify: { request: [{ name: "text", type: "string" }], response: "null", "one-way": true },
    add: {
      request: [
        { name: "a", type: "int" },
        { name: "b", type: "long", default: 5 },
      ],
      response: "long",
      atMostOnce: true,
    },
    nothing: { request: [], response: "null" },
  },
});

const greeter = serve(Greeter, {
  hello: (name: string) => {
    if (name.length > 5) {
      throw new RpcError("ERROR_APPLICATION", "too long", { javaClass: "org.example.TooLong", data: { limit: 5 } });
    }
    return `hello,${name}`;
  },
  notify: () => undefined,
  add: (a: number, b: bigint) => BigInt(a) + b,
  nothing: () => undefined,
});

/** Length of the definition in front of the first request, by drawing: name, version, fingerprint, text. */
function definitionText(request: Buffer): { text: string; end: number } {
  const reader = readerOf(request);
  reader.readVarint32();
  reader.skip(reader.readLength());
  reader.readVarint64();
  reader.skip(16);
  const text = reader.readUtf8(reader.readLength());
  return { text, end: reader.position - 32 };
}

function isError(code: RpcErrorCode, text: RegExp | string): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof RpcError, String(error));
    assert.equal(error.code, code, error.message);
    if (typeof text === "string") assert.equal(error.message, text);
    else assert.match(error.message, text);
    return true;
  };
}

describe("the Avro engine", () => {
  it("makes definitions that say what was declared", () => {
    assert.equal(Greeter.engine, avroEngine);
    assert.equal(Greeter.engine.kind, RPC_KIND.avro);
    assert.equal(Greeter.name, "org.example.Greeter");
    assert.equal(Greeter.version, 2);
    assert.deepEqual([...Greeter.methods.keys()], ["hello", "notify", "add", "nothing"]);
    assert.deepEqual(methodOf(Greeter, "notify"), {
      name: "notify",
      index: 1,
      arity: 1,
      hash: methodHash("notify", "null", ["string"]),
      oneWay: true,
      idempotent: false,
      atMostOnce: false,
    });
    assert.equal(methodOf(Greeter, "hello").idempotent, true);
    assert.equal(methodOf(Greeter, "add").atMostOnce, true);
    assert.equal(Greeter.signature.methods.length, 4);
  });

  it("hashes methods over type names: named types by full name, others as canonical JSON", () => {
    const P = avro({
      protocol: "P",
      namespace: "a.b",
      version: 1,
      types: [{ type: "record", name: "R", fields: [{ name: "x", type: "int" }] }],
      messages: {
        m: {
          request: [
            { name: "r", type: "R" },
            { name: "u", type: ["null", "R"] },
            { name: "t", type: { type: "long", logicalType: "timestamp-millis" } },
          ],
          response: { type: "array", items: "R" },
        },
      },
    });
    const parameters = ["a.b.R", '["null","a.b.R"]', "long"];
    assert.equal(methodOf(P, "m").hash, methodHash("m", '{"type":"array","items":"a.b.R"}', parameters));
  });

  it("carries calls, results, defaults and results of nothing", () => {
    const loop = new Loop([greeter]);
    assert.equal(loop.call(Greeter, "hello", "king"), "hello,king");
    assert.equal(loop.call(Greeter, "add", 2, 40n), 42n);
    assert.equal(loop.call(Greeter, "add", 2), 7n);
    assert.equal(loop.call(Greeter, "add", 2, undefined), 7n);
    assert.equal(loop.call(Greeter, "nothing"), undefined);
    assert.equal(loop.responses.at(-1)?.length, 0);
  });

  it("writes the bytes that wire.ts draws: a definition once, then two bytes and the datums", () => {
    const loop = new Loop([greeter]);
    const first = loop.request(Greeter, "hello", "king");
    assert.equal(first[0], 0x01);
    const { text, end } = definitionText(first);
    assert.deepEqual(JSON.parse(text), {
      protocol: "org.example.Greeter",
      messages: [
        {
          name: "hello",
          request: [{ name: "name", type: "string" }],
          response: "string",
          errors: [{ type: "record", name: "org.example.TooLong", fields: [{ name: "limit", type: "int" }] }],
        },
        { name: "notify", request: [{ name: "text", type: "string" }], response: "null", "one-way": true },
        {
          name: "add",
          request: [
            { name: "a", type: "int" },
            { name: "b", type: "long", default: "Cg==" },
          ],
          response: "long",
        },
        { name: "nothing", request: [], response: "null" },
      ],
    });
    assert.equal(first.subarray(end).toString("hex"), "00086b696e67");
    const second = loop.request(Greeter, "add", -3, 64n);
    assert.equal(second.toString("hex"), "0002058001");
  });

  it("numbers the protocols of a connection, each told once", () => {
    const Other = avro({ protocol: "Other", version: 1, messages: { m: { request: [], response: "int" } } });
    const loop = new Loop([greeter, serve(Other, { m: () => 7 })]);
    for (let i = 0; i < 3; i++) {
      assert.equal(loop.call(Greeter, "nothing"), undefined);
      assert.equal(loop.call(Other, "m"), 7);
    }
    assert.deepEqual(
      loop.requests.map((request) => request[0]),
      [0x01, 0x03, 0x00, 0x02, 0x00, 0x02],
    );
  });

  it("tells the schema again if the request that told it was taken back", () => {
    const loop = new Loop([greeter]);
    const out = new ByteWriter(1024);
    out.writeByte(0xaa);
    const mark = out.length;
    const hello = methodOf(Greeter, "hello");
    assert.throws(
      () => loop.client.writeRequest(Greeter, hello, [1], out),
      isError("BAD_ARGUMENT", /^org\.example\.Greeter\.hello: argument name must be string, got 1$/),
    );
    out.rewind(mark);
    loop.client.writeRequest(Greeter, hello, ["king"], out);
    const received = loop.receive(out.take().subarray(mark));
    assert.deepEqual(received.readArguments(), ["king"]);
  });

  it("answers in the client's own types, so a dropped or repeated answer changes nothing", () => {
    const Newer = avro({
      protocol: "Greeter",
      namespace: "org.example",
      version: 2,
      messages: { hello: { request: [{ name: "name", type: "string" }], response: ["null", "string"] } },
    });
    const loop = new Loop([greeter]);
    const requests = ["a", "b", "c"].map((name) => loop.receive(loop.request(Newer, "hello", name)));
    const answers = requests.map((request, i) => bytesOf((out) => request.writeResult(`answer ${i}`, out)));
    const again = bytesOf((out) => requests[0]?.writeResult("answer 0", out));
    assert.deepEqual(again, answers[0]);
    // The first answer is never read, and the others come in another order.
    const read = [2, 1].map((i) =>
      loop.client.readResult(Newer, methodOf(Newer, "hello"), readerOf(answers[i] as Buffer)),
    );
    assert.deepEqual(read, ["answer 2", "answer 1"]);
  });

  it("can be run by a writer that is taken back and written again, on both sides", () => {
    const loop = new Loop([greeter]);
    const request = loop.receive(loop.request(Greeter, "hello", "king"));
    const out = new ByteWriter(1024);
    assert.throws(
      () => request.writeResult(5, out),
      isError("ERROR_SERIALIZING_RESPONSE", "org.example.Greeter.hello: the result must be string, got 5"),
    );
    out.rewind(0);
    request.writeResult("fine", out);
    assert.equal(loop.client.readResult(Greeter, methodOf(Greeter, "hello"), readerOf(out.take())), "fine");
  });

  it("carries the fields of a declared error", () => {
    const loop = new Loop([greeter]);
    assert.throws(
      () => loop.call(Greeter, "hello", "emperor"),
      (error) => {
        assert.ok(error instanceof RpcError);
        assert.equal(error.javaClass, "org.example.TooLong");
        assert.deepEqual(error.data, { limit: 5 });
        return true;
      },
    );
  });

  it("writes nothing behind an error that is not declared, or does not fit, and leaves the writer as it was", () => {
    const loop = new Loop([greeter]);
    const request = loop.receive(loop.request(Greeter, "hello", "king"));
    for (const error of [
      new RpcError("ERROR_APPLICATION", "plain"),
      new RpcError("ERROR_APPLICATION", "misfit", { javaClass: "org.example.TooLong", data: { limit: "five" } }),
      new RpcError("ERROR_APPLICATION", "no data", { javaClass: "org.example.TooLong" }),
    ]) {
      const out = new ByteWriter(256);
      out.writeByte(1);
      request.writeError(error, out);
      assert.equal(out.length, 1, error.message);
    }
    const readError = loop.client.readError(Greeter, methodOf(Greeter, "hello"), readerOf(Buffer.alloc(0)));
    assert.equal(readError, undefined);
  });

  it("finds a declared error by its fields if the class names none", () => {
    const loop = new Loop([greeter]);
    const request = loop.receive(loop.request(Greeter, "hello", "king"));
    const body = bytesOf((out) =>
      request.writeError(new RpcError("ERROR_APPLICATION", "x", { data: { limit: 9 } }), out),
    );
    assert.equal(body.toString("hex"), "0012");
    assert.deepEqual(loop.client.readError(Greeter, methodOf(Greeter, "hello"), readerOf(body)), { limit: 9 });
  });

  it("keeps connections and definitions apart", () => {
    const one = new Loop([greeter]);
    const two = new Loop([greeter]);
    assert.equal(one.call(Greeter, "hello", "a"), "hello,a");
    assert.equal(two.request(Greeter, "hello", "b")[0], 0x01, "a new connection is told again");
    const again = avroEngine.define(Greeter.declaration);
    assert.notEqual(again, Greeter);
    assert.equal(one.call(again, "hello", "c"), "hello,c");
    assert.equal(one.requests.at(-1)?.[0], 0x03, "another definition has a number of its own");
  });

  it("refuses arguments that are too many, naming the method", () => {
    const loop = new Loop([greeter]);
    assert.throws(
      () => loop.request(Greeter, "hello", "a", "b"),
      isError("BAD_ARGUMENT", "org.example.Greeter.hello takes 1 arguments, got 2"),
    );
  });

  it("names the place of a value that does not fit", () => {
    const P = avro({
      protocol: "P",
      version: 1,
      types: [
        {
          type: "record",
          name: "Address",
          fields: [{ name: "zip", type: { type: "map", values: { type: "array", items: "int" } } }],
        },
      ],
      messages: { m: { request: [{ name: "to", type: ["null", "Address"] }], response: "null" } },
    });
    const loop = new Loop([serve(P, { m: () => undefined })]);
    assert.throws(
      () => loop.request(P, "m", { zip: { a: [1, 2.5] } }),
      isError("BAD_ARGUMENT", 'P.m: argument to.zip["a"][1] must be int (a whole number of 32 bits), got 2.5'),
    );
  });

  it("refuses a value that holds itself instead of running out of stack", () => {
    const P = avro({
      protocol: "P",
      version: 1,
      types: [{ type: "record", name: "Node", fields: [{ name: "next", type: ["null", "Node"] }] }],
      messages: { m: { request: [{ name: "node", type: "Node" }], response: "null" } },
    });
    const loop = new Loop([serve(P, { m: () => undefined })]);
    const node: { next: unknown } = { next: null };
    node.next = node;
    assert.throws(
      () => loop.request(P, "m", node),
      isError("BAD_ARGUMENT", /argument node is too large, or holds itself/),
    );
  });
});

describe("an Avro server session", () => {
  it("answers a call that cannot be served with an error of that call, again and again", () => {
    const Unknown = avro({ protocol: "Nobody", version: 1, messages: { m: { request: [], response: "int" } } });
    const Later = avroEngine.define({ ...(Greeter.declaration as object), version: 7 });
    const loop = new Loop([greeter]);
    for (let i = 0; i < 2; i++) {
      assert.throws(() => loop.call(Unknown, "m"), isError("ERROR_NO_SUCH_PROTOCOL", "Unknown protocol: Nobody"));
      assert.throws(
        () => loop.call(Later, "nothing"),
        (error) => {
          isError(
            "ERROR_RPC_VERSION_MISMATCH",
            "Protocol org.example.Greeter version mismatch. (client = 7, server = 2)",
          )(error);
          assert.equal((error as RpcError).javaClass, "org.apache.hadoop.ipc.RPC$VersionMismatch");
          assert.equal((error as RpcError).fatal, false);
          return true;
        },
      );
      assert.equal(loop.call(Greeter, "hello", "a"), "hello,a");
    }
  });

  it("names the method that it does not have, or that nobody implements", () => {
    const More = avro({
      protocol: "Greeter",
      namespace: "org.example",
      version: 2,
      messages: {
        extra: { request: [], response: "null" },
        hello: { request: [{ name: "name", type: "string" }], response: "string" },
      },
    });
    const loop = new Loop([serve(Greeter, {})]);
    const text = (name: string): string => `Unknown method ${name} called on org.example.Greeter protocol.`;
    assert.throws(() => loop.call(More, "extra"), isError("ERROR_NO_SUCH_METHOD", text("extra")));
    assert.throws(() => loop.call(More, "hello", "a"), isError("ERROR_NO_SUCH_METHOD", text("hello")));
  });

  it("finds methods by name, not by place", () => {
    const Turned = avro({
      protocol: "Greeter",
      namespace: "org.example",
      version: 2,
      messages: {
        nothing: { request: [], response: "null" },
        hello: { request: [{ name: "name", type: "string" }], response: "string" },
      },
    });
    const loop = new Loop([greeter]);
    assert.equal(loop.call(Turned, "hello", "a"), "hello,a");
    assert.equal(loop.receive(loop.request(Turned, "hello", "a")).method, methodOf(Greeter, "hello"));
  });

  it("takes a malformed header for the end of the connection, wherever it is cut", () => {
    const request = new Loop([greeter]).request(Greeter, "hello", "king");
    const { end } = definitionText(request);
    for (let length = 0; length <= end; length++) {
      const session = avroEngine.openServer(lookupOf(greeter), DEFAULT_DECODE_LIMITS);
      assert.throws(
        () => session.readRequest(readerOf(request.subarray(0, length)), ""),
        isError("FATAL_DESERIALIZING_REQUEST", /^An Avro request is malformed: /),
        `cut at ${length}`,
      );
    }
  });

  it("refuses numbers and places that were never told, and fingerprints of another text", () => {
    const fatal = (text: RegExp): ((error: unknown) => true) => isError("FATAL_DESERIALIZING_REQUEST", text);
    const loop = new Loop([greeter]);
    assert.throws(() => loop.receive(Buffer.from("0800", "hex")), fatal(/protocol number 4 was never defined/));
    const request = loop.request(Greeter, "hello", "king");
    const { end } = definitionText(request);
    assert.throws(
      () => loop.receive(Buffer.concat([request.subarray(0, end), Buffer.of(4)])),
      fatal(/method number 4/),
    );
    const lied = Buffer.from(request);
    const at = lied.indexOf(0x02, 20) + 1;
    lied[at] = (lied[at] as number) ^ 0xff;
    assert.throws(() => loop.receive(lied), fatal(/a fingerprint is not that of its schema/));
    const far = Buffer.concat([Buffer.of(0x81, 0x04), request.subarray(1)]);
    assert.throws(() => loop.receive(far), fatal(/protocol number 256; 256 are allowed/));
    const long = bytesOf((out) => {
      out.writeByte(1);
      out.writeVarint32(600);
      out.writeBytes(Buffer.alloc(700, 0x41));
    });
    assert.throws(() => loop.receive(long), fatal(/a protocol name of 600 bytes; 512 are allowed/));
  });

  it("refuses a schema over the limit for that call, and a flood of schemas for good", () => {
    const small = { ...DEFAULT_DECODE_LIMITS, maxSchemaBytes: 100 };
    const loop = new Loop([greeter], small);
    assert.throws(
      () => loop.call(Greeter, "hello", "a"),
      isError("ERROR_RPC_SERVER", /schema takes \d+ bytes, 100 are allowed \(hrpcd\.decode\.schema\.max\.length\)/),
    );
    assert.throws(
      () => loop.call(Greeter, "hello", "a"),
      isError("ERROR_RPC_SERVER", /hrpcd\.decode\.schema\.max\.length/),
    );
    const request = new Loop([greeter]).request(Greeter, "hello", "king");
    const server = avroEngine.openServer(lookupOf(greeter), { ...DEFAULT_DECODE_LIMITS, maxSchemaBytes: 1000 });
    assert.throws(
      () => {
        for (let i = 0; i < 100; i++) server.readRequest(readerOf(request), "");
      },
      isError(
        "FATAL_DESERIALIZING_REQUEST",
        /more bytes of schemas than it may, 4 times hrpcd\.decode\.schema\.max\.length/,
      ),
    );
  });

  it("reports arguments that cannot be read as an error of that call", () => {
    const loop = new Loop([greeter]);
    const { end } = definitionText(loop.request(Greeter, "hello", "king"));
    const head = (loop.requests[0] as Buffer).subarray(0, end + 1);
    for (const [tail, text] of [
      ["", /the bytes end|claims|length/],
      ["08", /a string claims 4 bytes, 0 are left, at byte 1/],
      ["0a6b696e67", /a string claims 5 bytes, 4 are left/],
      ["01", /a string has the negative length -1/],
      ["feffffffffffffffff01", /a length is 9223372036854776000/],
      ["086b696e67ff", /1 bytes follow the arguments, at byte 5/],
    ] as const) {
      const request = loop.receive(Buffer.concat([head, Buffer.from(tail, "hex")]));
      assert.throws(() => request.readArguments(), isError("ERROR_APPLICATION", text), tail);
    }
  });
});

describe("an Avro client session", () => {
  it("reports a result that cannot be read as BAD_RESULT", () => {
    const { client } = new Loop([]);
    const method = methodOf(Greeter, "hello");
    for (const [hex, text] of [
      ["", /org\.example\.Greeter\.hello: the result cannot be read: the bytes end/],
      ["08", /claims 4 bytes/],
    ] as const) {
      assert.throws(
        () => client.readResult(Greeter, method, readerOf(Buffer.from(hex, "hex"))),
        isError("BAD_RESULT", text),
      );
    }
    assert.throws(
      () => client.readError(Greeter, method, readerOf(Buffer.from("02", "hex"))),
      isError("BAD_RESULT", /error number 1 does not exist/),
    );
  });

  it("leaves the reader behind the result", () => {
    const { client } = new Loop([]);
    const reader = readerOf(Buffer.from("0461", "hex").fill("61", 1));
    reader.reset(Buffer.from("046161ff", "hex"), 0, 4);
    assert.equal(client.readResult(Greeter, methodOf(Greeter, "hello"), reader), "aa");
    assert.equal(reader.remaining, 1);
  });

  it("refuses protocols of other engines, and more protocols than a connection numbers", () => {
    const { client } = new Loop([]);
    const foreign = { ...Greeter, name: "Foreign" };
    const out = new ByteWriter();
    assert.throws(
      () => client.writeRequest(foreign, methodOf(Greeter, "nothing"), [], out),
      isError("BAD_DEFINITION", /Foreign is no Avro protocol/),
    );
    assert.throws(
      () => {
        for (let i = 0; i < 300; i++) {
          const P = avroEngine.define({
            protocol: `P${i}`,
            version: 1,
            messages: { m: { request: [], response: "null" } },
          });
          client.writeRequest(P, methodOf(P, "m"), [], out);
        }
      },
      isError("BAD_DEFINITION", /at most 256/),
    );
  });
});
