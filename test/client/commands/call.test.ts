import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { call, prepareCall } from "../../../client/commands/call.js";
import type { Client } from "../../../client/index.js";
import { type JsonForm, PLAIN_JSON } from "../../../client/terminal/json-text.js";
import type { AnyProtocol } from "../../../protocol/definition.js";
import { subscribe } from "../../../protocol/events.js";
import { RpcError } from "../../../protocol/rpc-error.js";
import { ProtoFiles, STORE, startStoreServer } from "../../helpers/proto-samples.js";
import { commandContext, type SampleServer, startSampleServer } from "../../helpers/sample-services.js";
import { startStranger } from "../../helpers/stranger.js";
import { failureOf } from "../../helpers/test-client.js";
import { settled } from "../../helpers/test-server.js";

const AVRO = "org.example.Sampler";
const JAVA = "demo.Sampler";

let samples: SampleServer;
before(async () => {
  samples = await startSampleServer();
});
after(() => samples[Symbol.asyncDispose]());

/** The command against the samples; arguments are JSON texts. */
async function run(protocol: string, method: string, args: readonly string[] = [], engine?: string): Promise<string> {
  await using context = disposable(samples.address);
  return await call(context, { protocol, engine, method, args });
}

function disposable(address: string) {
  const context = commandContext(address);
  return { ...context, [Symbol.asyncDispose]: () => context.client.close() };
}

/** What was typed and what is printed, white space aside. */
type Case = readonly [what: string, method: string, args: readonly string[], printed: string];

const avroCases: readonly Case[] = [
  ["small longs as numbers", "add", ["-5", "3"], "-2"],
  ["longs as strings of digits", "add", ['"-9223372036854775807"', "-1"], '"-9223372036854775808"'],
  ["longs that no number holds, typed as numbers", "add", ["9223372036854775807", "-1"], '"9223372036854775806"'],
  ["results that a number holds, as numbers", "add", ["9007199254740993", "-2"], "9007199254740991"],
  ["numbers with an exponent", "half", ["-1e-7"], "-5e-8"],
  ["numbers that are not finite", "half", ['"-Infinity"'], '"-Infinity"'],
  ["long whole numbers as doubles", "half", ["20000000000000000000"], "10000000000000000000"],
  ["strings", "hello", ['"king"'], '"hello,king"'],
  ["strings that look like numbers", "hello", ['"007"'], '"hello,007"'],
  ["strings with quotes, backslashes and line feeds", "hello", ['"\\"\\\\\\n"'], '"hello,\\"\\\\\\n"'],
  ["bytes in base64", "reverse", ['"AAEC/w=="'], '"/wIBAA=="'],
  [
    "records, enums, arrays and defaults",
    "points",
    ['[{"x":1},{"x":9223372036854775807,"color":"RED"}]'],
    '[{"x":"9223372036854775807","color":"RED"},{"x":1,"color":null}]',
  ],
  ["null in a union", "either", ["null"], "null"],
  ["a long in a union", "either", ["9223372036854775807"], '"9223372036854775807"'],
  ["a string of digits in a union that has strings", "either", ['"5"'], '"5"'],
  ["dates", "nextDay", ['"2024-02-28T12:00:00Z"'], '"2024-02-29T12:00:00.000Z"'],
  ["dates as milliseconds", "nextDay", ["0"], '"1970-01-02T00:00:00.000Z"'],
  ["arguments that have a default left out", "scale", ["4"], "40"],
  ["nothing as null", "nothing", [], "null"],
];

const javaCases: readonly Case[] = [
  ["longs", "add", ["-9223372036854775808", '"5"'], '"-9223372036854775803"'],
  ["doubles", "half", ["9"], "4.5"],
  ["whole numbers beyond a double's digits as doubles", "half", ["20000000000000000000"], "10000000000000000000"],
  ["strings", "hello", ['"grüß"'], '"hello,grüß"'],
  ["null for a string", "hello", ["null"], '"hello,null"'],
  ["bytes in base64", "reverse", ['"AAEC/w=="'], '"/wIBAA=="'],
  ["null for bytes", "reverse", ["null"], "null"],
  [
    "Writables with fields",
    "points",
    ['[{"x":9223372036854775807,"label":"a"},{"x":-1,"label":"ü"}]'],
    '[{"x":-1,"label":"ü"},{"x":"9223372036854775807","label":"a"}]',
  ],
  ["enums in arrays", "colors", ['["RED",null,"GREEN"]'], '["GREEN",null,"RED"]'],
  ["void as null", "nothing", [], "null"],
];

describe("hrpc call", () => {
  for (const [protocol, engine, cases] of [
    [AVRO, "avro", avroCases],
    [JAVA, "writable", javaCases],
  ] as const) {
    for (const [what, method, args, printed] of cases) {
      test(`takes and prints ${what} (${engine})`, async () => {
        assert.equal(await run(protocol, method, args), JSON.stringify(JSON.parse(printed), null, 2));
      });
    }
  }

  test("takes the highest version, or the one that is named", async () => {
    assert.equal(await run(AVRO, "nothing"), "null");
    assert.equal(await run(`${AVRO}@1`, "add", ["1", "2"]), "3");
    await assert.rejects(run(`${AVRO}@1`, "nothing"), {
      code: "ERROR_NO_SUCH_METHOD",
      message: `${AVRO}@1 has no method nothing; it has: add`,
    });
  });

  test("takes the engine that is named where several serve the same version", async () => {
    assert.equal(await run(AVRO, "engine", [], "writable"), '"writable"');
    assert.equal(await run(AVRO, "nothing", [], "avro"), "null");
  });

  test("sends a one-way call for good: a server does not drop it when its client leaves", async () => {
    await using slow = await startSampleServer(1);
    const dropped: string[] = [];
    const stop = subscribe("hrpcd:call:dropped", ({ method }) => dropped.push(method));
    await using busy = disposable(slow.address);
    const { run: hang } = await prepareCall(busy, { protocol: AVRO, engine: "avro", method: "hang", args: [] });
    const { client, ...context } = commandContext(slow.address);
    let hanging: Promise<unknown> | undefined;
    // Between the question for the types and the call itself, somebody takes the only handler: the call waits in the queue.
    const getProxy = (protocol: AnyProtocol, address: string): object => {
      const proxy = client.getProxy(protocol, address) as { tell?: (...args: unknown[]) => Promise<unknown> };
      const tell = async (...args: unknown[]): Promise<unknown> => {
        hanging = hang();
        await settledFor(5);
        return await proxy.tell?.(...args);
      };
      return protocol.name === AVRO ? { tell } : proxy;
    };
    const told = call(
      { ...context, client: { getProxy } as unknown as Client },
      { protocol: AVRO, engine: "avro", method: "tell", args: ['"hi"'] },
    );
    const left = told.finally(() => client.close());
    // Long enough for the server to see a client that has left, if it does not wait.
    await Promise.race([left, settledFor(50)]);
    await settledFor(20);
    slow.release();
    assert.equal(await told, "null");
    await Promise.all([left, hanging]);
    await settledFor(5);
    stop();
    assert.deepEqual({ told: slow.told, dropped }, { told: ["hi"], dropped: [] });
  });

  const refused: readonly [what: string, protocol: string, method: string, args: readonly string[], message: string][] =
    [
      [
        "a word without quotes, and says how the shell wants it",
        AVRO,
        "hello",
        ["king"],
        `argument 1 is not JSON: king: write a string with quotes inside quotes, as '"king"'`,
      ],
      [
        "JSON with a fault",
        AVRO,
        "points",
        ["[{x:1}]"],
        "argument 1 is not JSON: [{x:1}]: Expected property name or '}' in JSON at position 2",
      ],
      [
        "too few arguments",
        AVRO,
        "add",
        ["1"],
        `${AVRO}.add takes 2 arguments, got 1; it is declared: add(a: long, b: long): long`,
      ],
      [
        "too many arguments",
        AVRO,
        "scale",
        ["1", "2", "3"],
        `${AVRO}.scale takes 1 to 2 arguments, got 3; it is declared: scale(value: int, factor?: int): int`,
      ],
      [
        "too few arguments of a Java method",
        JAVA,
        "add",
        [],
        `${JAVA}.add(long, long) takes 2 arguments, got 0; it is declared: long add(long, long)`,
      ],
      ["a number for a string", AVRO, "hello", ["5"], `${AVRO}.hello: argument name must be string, got 5`],
      [
        "a number for a Java string",
        JAVA,
        "hello",
        ["5"],
        `${JAVA}.hello: argument 1 (java.lang.String) must be a string or null, got 5`,
      ],
      [
        "a constant that an enum lacks",
        JAVA,
        "colors",
        ['["BLUE"]'],
        `${JAVA}.colors: argument 1 (demo.Color[]) element 0 must be one of RED, GREEN, or null, got "BLUE"`,
      ],
    ];
  for (const [what, protocol, method, args, message] of refused) {
    test(`refuses ${what}`, async () => {
      const error = await failureOf(run(protocol, method, args));
      assert.equal(error.message, message);
      assert.equal(error.code, "BAD_ARGUMENT");
    });
  }

  test("names the methods there are, where one is not", async () => {
    await assert.rejects(run(JAVA, "Add"), {
      code: "ERROR_NO_SUCH_METHOD",
      message: `${JAVA}@7 has no method Add; did you mean add?`,
    });
    await assert.rejects(run(JAVA, "multiply"), {
      code: "ERROR_NO_SUCH_METHOD",
      message: `${JAVA}@7 has no method multiply; it has: add, half, hello, reverse, points, colors, nothing, fail`,
    });
  });

  test("names the versions and engines there are, where one is not", async () => {
    const message = (wanted: string) =>
      `${samples.address} does not serve ${wanted}; it serves: ${AVRO}@1 (avro), ${AVRO}@2 (avro), ${AVRO}@2 (writable)`;
    const code = "ERROR_NO_SUCH_PROTOCOL";
    await assert.rejects(run(`${AVRO}@3`, "add"), { code, message: message(`${AVRO}@3`) });
    await assert.rejects(run(`${AVRO}@1`, "add", [], "writable"), { code, message: message(`${AVRO}@1 (writable)`) });
  });

  test("takes the last part of a protocol's name where one protocol alone ends with it", async () => {
    assert.equal(await run("MyInterface", "helloWorld", ['"king"']), '"hello,king"');
    await assert.rejects(run("Sampler", "add"), {
      code: "BAD_ARGUMENT",
      message: `Sampler may be any of ${AVRO}, ${JAVA}: name one in full`,
    });
    await assert.rejects(run("face", "helloWorld"), { code: "ERROR_NO_SUCH_PROTOCOL" });
  });

  test("names the protocols there are, where one is not, or the one that may be meant", async () => {
    await assert.rejects(run("org.exampel.sampler", "add"), {
      code: "ERROR_NO_SUCH_PROTOCOL",
      message: `${samples.address} does not serve org.exampel.sampler; did you mean ${AVRO}?`,
    });
    await assert.rejects(run("Nope", "add"), {
      code: "ERROR_NO_SUCH_PROTOCOL",
      message:
        `${samples.address} does not serve Nope; it serves: ${AVRO}, ${JAVA}, demo.MyInterface, demo.Opaque, ` +
        "hrpcd.Reflection, org.apache.hadoop.ipc.ProtocolMetaInfoPB",
    });
  });

  test("says why a protocol cannot be called whose types are functions of its server", async () => {
    await assert.rejects(run("demo.Opaque", "odd", ["1"]), {
      code: "BAD_REPLY",
      message:
        `${samples.address} serves demo.Opaque@1 with the engine writable, but cannot tell its types: demo.Opaque: ` +
        "writables: demo.Odd is read and written by functions, which cannot be handed out: import its definition",
    });
  });

  test("does not take for called what a proxy cannot have: a method named then", async () => {
    await assert.rejects(run(AVRO, "then"), {
      code: "BAD_DEFINITION",
      message: "a proxy cannot have a method called then",
    });
  });

  test("fails with the method's error, its class and its data", async () => {
    const { javaClass, message, data } = await failureOf(run(AVRO, "fail", ['"abc"']));
    assert.deepEqual(
      { javaClass, message, data: { ...(data as object) } },
      { javaClass: "org.example.TooLong", message: "too long: abc", data: { limit: 2n ** 60n } },
    );
    assert.equal((await failureOf(run(JAVA, "fail", ["null"]))).message, "too long: null");
  });

  test("ends at the time that it is given", async () => {
    await using context = disposable(samples.address);
    const ending = call({ ...context, timeoutMs: 50 }, { protocol: AVRO, engine: "avro", method: "hang", args: [] });
    const error = await failureOf(ending);
    assert.equal(error.message, `${AVRO}.hang to ${samples.address}: no answer within 50 ms`);
    assert.equal(error.code, "CALL_TIMED_OUT");
  });

  test("says that a Hadoop server does not tell its types, and what to do", async (t) => {
    const address = await startStranger(t);
    await using context = disposable(address);
    const error = await failureOf(call(context, { protocol: "x", engine: undefined, method: "y", args: [] }));
    assert.equal(
      error.message,
      `${address} is a Hadoop RPC server, which does not tell its types: name a jar or .proto files that have them ` +
        "with --proto; a protocol of Writables can only be called from a program, by client.getProxy and writable({...})",
    );
    assert.equal(error.code, "ERROR_NO_SUCH_PROTOCOL");
    assert.ok(error.cause instanceof RpcError);
    assert.equal(error.cause.code, "FATAL_INVALID_RPC_HEADER");
  });
});

describe("hrpc call with files", () => {
  const files = new ProtoFiles();
  let store: Awaited<ReturnType<typeof startStoreServer>>;
  before(async () => {
    store = await startStoreServer();
  });
  after(async () => {
    files[Symbol.dispose]();
    await store[Symbol.asyncDispose]();
  });

  async function callStore(method: string, args: readonly string[], jsonForm: JsonForm = PLAIN_JSON): Promise<string> {
    const context = commandContext(store.address, { protoPaths: [files.jar], jsonForm });
    try {
      return await call(context, { protocol: "StoreProtocol", engine: undefined, method, args });
    } finally {
      await context.client.close();
    }
  }

  const item = '{"name":"a","size":18446744073709551615,"data":"AP8=","color":"GREEN"}';

  test("takes the definition from them, and asks the server nothing", async () => {
    const printed = JSON.stringify(JSON.parse(item.replace(/\d+/, '"$&"')), null, 2);
    assert.equal(await callStore("put", [item]), printed);
    assert.equal(await callStore("caller", []), '{\n  "name": "alice undefined"\n}');
  });

  test("takes and prints bytes and 64-bit integers as it is told to", async () => {
    const hex = item.replace("AP8=", "00FF");
    assert.match(
      await callStore("put", [hex], { bytes: "hex", longs: "number" }),
      /"size": 18446744073709551615,\n {2}"data": "00ff"/,
    );
    assert.match(await callStore("put", ['{"name":"a","size":5}'], { bytes: "hex", longs: "string" }), /"size": "5"/);
    await assert.rejects(callStore("put", [item], { bytes: "hex", longs: "exact" }), {
      code: "BAD_ARGUMENT",
      message: `${STORE}.put: request.data must be a string in hex (bytes), got "AP8="; it is declared: put(Item): Item`,
    });
  });

  test("names what the files have, where a method is not there", async () => {
    await assert.rejects(callStore("get", []), {
      code: "BAD_ARGUMENT",
      message: `${STORE}@3 has no method get; it has: put, caller, drop`,
    });
    await assert.rejects(callStore("Callr", []), { message: `${STORE}@3 has no method Callr; did you mean caller?` });
  });

  test("fails as the server does that lacks a method which the files have", async () => {
    await assert.rejects(callStore("drop", []), { code: "ERROR_NO_SUCH_METHOD", message: /Unknown method drop/ });
  });
});

async function settledFor(rounds: number): Promise<void> {
  for (let i = 0; i < rounds; i++) await settled();
}
