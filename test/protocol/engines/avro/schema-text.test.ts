/** What a peer tells of its schema is data: whatever it says, it is either understood or refused, and nothing else happens. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import { DEFAULT_DECODE_LIMITS } from "../../../../protocol/engine.js";
import { findBranch } from "../../../../protocol/engines/avro/resolution.js";
import { parseSchemaText, schemaText } from "../../../../protocol/engines/avro/schema-text.js";
import type { TypeNode } from "../../../../protocol/engines/avro/type-node.js";
import { avro } from "../../../../protocol/engines/avro.js";
import { bytesOf, serve } from "../../../helpers/sessions.js";
import { Loop } from "./loop.js";

const Server = avro({
  protocol: "P",
  namespace: "org.example",
  version: 1,
  messages: { m: { request: [{ name: "a", type: "int", default: 1 }], response: "string" } },
});

/** A first request by a client that tells `text` as its version of P, calling its first method. */
function requestTelling(text: string, args = Buffer.alloc(0)): Buffer {
  return bytesOf((out) => {
    out.writeByte(1);
    out.writeVarint32(13);
    out.writeUtf8("org.example.P");
    out.writeVarint64(1n);
    out.writeBytes(createHash("sha256").update(text).digest().subarray(0, 16));
    out.writeVarint32(Buffer.byteLength(text));
    out.writeUtf8(text);
    out.writeByte(0);
    out.writeBytes(args);
  });
}

function textOf(request: unknown, response: unknown = "string"): string {
  return JSON.stringify({ protocol: "org.example.P", messages: [{ name: "m", request, response }] });
}

function tell(text: string, args = ""): unknown[] {
  const request = requestTelling(text, Buffer.from(args, "hex"));
  return new Loop([serve(Server, { m: () => "" })]).receive(request).readArguments();
}

function refuses(text: string, reason: RegExp): void {
  assert.throws(() => tell(text), { code: "FATAL_DESERIALIZING_REQUEST", message: reason });
}

const NAMES = Object.getOwnPropertyNames(Object.prototype);

describe("a schema that a peer tells", () => {
  it("is understood if it is one", () => {
    assert.deepEqual(tell(textOf([])), [1]);
    assert.deepEqual(tell(textOf([{ name: "gone", type: { type: "record", name: "E", fields: [] } }])), [1]);
  });

  it("may not use the names of Object.prototype, for fields, types, symbols, aliases or methods", () => {
    const before = NAMES.map((name) => Object.getOwnPropertyDescriptor(Object.prototype, name));
    for (const name of NAMES) {
      const reason = /every JavaScript object has/;
      refuses(textOf([{ name, type: "int" }]), reason);
      refuses(textOf([{ name: "x", type: "int", aliases: [name] }]), reason);
      refuses(textOf([{ name: "x", type: { type: "record", name, fields: [] } }]), reason);
      refuses(textOf([{ name: "x", type: { type: "record", name: `a.${name}`, fields: [] } }]), reason);
      refuses(textOf([{ name: "x", type: { type: "record", name: "R", fields: [{ name, type: "int" }] } }]), reason);
      refuses(textOf([{ name: "x", type: { type: "enum", name: "E", symbols: ["A", name] } }]), reason);
      refuses(textOf([]).replace('"m"', JSON.stringify(name)), reason);
    }
    assert.deepEqual(Object.getOwnPropertyNames(Object.prototype), NAMES);
    assert.deepEqual(
      NAMES.map((name) => Object.getOwnPropertyDescriptor(Object.prototype, name)),
      before,
    );
  });

  it("may not smuggle anything into attributes called __proto__ or constructor", () => {
    const text = textOf([]).replace(
      "{",
      '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},',
    );
    assert.deepEqual(tell(text), [1]);
    assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  });

  it("may not name a type by a name of Object.prototype, or one it did not declare", () => {
    for (const type of [...NAMES, "E", "org.example.E", ""]) refuses(textOf([{ name: "x", type }]), /no type/);
    for (const kind of [...NAMES, "class", 5, null, undefined, ["int"]])
      refuses(textOf([{ name: "x", type: { type: kind } }]), /no type|not an object/);
  });

  it("may not carry code in its names", () => {
    for (const name of ["a b", "a;b", "a'b", "x'];process.exit(1);//", "1a", "", "a.b", "é", "a\nb", "x".repeat(600)]) {
      refuses(textOf([{ name, type: "int" }]), /the name/);
      refuses(textOf([{ name: "x", type: { type: "record", name: `a'.${name}`, fields: [] } }]), /the name/);
    }
  });

  it("keeps logical types as words: nothing is loaded, and unknown ones only have to be the same", () => {
    const type = { type: "int", logicalType: "../../evil.js" };
    assert.deepEqual(tell(textOf([{ name: "gone", type }]), "02"), [1]);
    refuses(textOf([{ name: "gone", type: { type: "int", logicalType: { a: 1 } } }]), /a logical type is no name/);
    refuses(
      textOf([{ name: "gone", type: { type: "bytes", logicalType: "decimal", precision: "9" } }]),
      /precision or scale/,
    );
  });

  it("is refused when it is malformed, saying where", () => {
    for (const [text, reason] of [
      ["", /not JSON/],
      ["{", /not JSON/],
      ["null", /the protocol: not an object/],
      ["{}", /the protocol: the name undefined/],
      ['{"protocol":"P"}', /messages: not a list/],
      ['{"protocol":"P","messages":[5]}', /a message: not an object/],
      [textOf("int"), /the request of m: not a list/],
      [textOf([], []), /the response of m: a union has no branch/],
      [textOf([], ["int", "int"]), /a union has/],
      [textOf([], ["int", ["null"]]), /a union has/],
      [textOf([], { type: "array" }), /the response of m/],
      [textOf([], { type: "fixed", name: "F", size: -1 }), /F: no size/],
      [textOf([], { type: "fixed", name: "F", size: 2 ** 40 }), /F: no size/],
      [textOf([], { type: "enum", name: "E", symbols: [] }), /E: there is no symbol/],
      [textOf([], { type: "enum", name: "E", symbols: ["A", "A"] }), /E: a symbol is there twice/],
      [textOf([], { type: "enum", name: "E", symbols: ["A"], default: "B" }), /E: the default is no symbol/],
      [textOf([], { type: "record", name: "int", fields: [] }), /type int is there twice/],
      [
        textOf([
          { name: "x", type: "int" },
          { name: "x", type: "int" },
        ]),
        /x is there twice/,
      ],
      [
        textOf([{ name: "x", type: "string", default: Buffer.from("08").toString("base64") }]),
        /claims|default is no datum/,
      ],
      [
        textOf([{ name: "x", type: "int", default: Buffer.from("0202", "hex").toString("base64") }]),
        /m\.x: its default is no datum/,
      ],
      [
        textOf([
          {
            name: "x",
            type: "bytes",
            default: Buffer.concat([Buffer.of(0x88, 0x40), Buffer.alloc(4100)]).toString("base64"),
          },
        ]),
        /defaults take more than 4096 bytes/,
      ],
    ] as const) {
      refuses(text, reason);
    }
  });

  it("is refused when it nests too deeply, inline or by name", () => {
    const nested = (levels: number): unknown => (levels === 0 ? "int" : { type: "array", items: nested(levels - 1) });
    assert.deepEqual(tell(textOf([{ name: "gone", type: nested(90) }]), "00"), [1]);
    refuses(textOf([{ name: "gone", type: nested(2000) }]), /nest deeper than 100/);
    refuses(`${"[".repeat(60_000)}`, /not JSON/);
    // Types that name each other nest as well; only the last is used by the method that is called.
    for (const length of [200, 2500]) {
      const chain: unknown[] = [
        { name: "f0", type: { type: "record", name: "R0", fields: [{ name: "x", type: "int" }] } },
      ];
      for (let i = 1; i < length; i++) {
        chain.push({
          name: `f${i}`,
          type: { type: "record", name: `R${i}`, fields: [{ name: "x", type: `R${i - 1}` }] },
        });
      }
      const messages = [
        { name: "unused", request: chain, response: "null" },
        { name: "m", request: [{ name: "gone", type: `R${length - 1}` }], response: "string" },
      ];
      const request = requestTelling(JSON.stringify({ protocol: "org.example.P", messages }), Buffer.of(0));
      request[request.length - 2] = 1;
      const limits = { ...DEFAULT_DECODE_LIMITS, maxSchemaBytes: 1_048_576 };
      const receive = (): unknown =>
        new Loop([serve(Server, { m: () => "" })], limits).receive(request).readArguments();
      assert.throws(receive, { code: "ERROR_RPC_VERSION_MISMATCH", message: /nest deeper than 100|nest too deeply/ });
    }
  });

  it("costs in proportion to its length", () => {
    const many = Array.from({ length: 1000 }, (_, i) => ({ name: `a${i}`, type: "null" }));
    const users = Array.from({ length: 1000 }, (_, i) => ({ name: `b${i}`, type: "Big" }));
    const text = textOf([{ name: "big", type: { type: "record", name: "Big", fields: many } }, ...users]);
    assert.deepEqual(tell(text), [1]);
  });

  it("has unions of at most 256 branches, and a bounded number of everything", () => {
    const fixed = (count: number): unknown[] =>
      Array.from({ length: count }, (_, i) => ({ type: "fixed", name: `F${i}`, size: 1 }));
    assert.deepEqual(tell(textOf([{ name: "gone", type: fixed(256) }]), "0000"), [1]);
    refuses(textOf([{ name: "gone", type: fixed(257) }]), /m\.gone: a union has 257 branches, of at most 256/);
    const fields = Array.from({ length: 16_385 }, (_, i) => ({ name: `f${i}`, type: "null" }));
    const symbols = fields.map(({ name }) => name);
    const branches = Array.from({ length: 65 }, (_, i) => ({
      name: `u${i}`,
      type: i === 0 ? fixed(255) : Array.from({ length: 255 }, (__, k) => `F${k}`),
    }));
    const types = Array.from({ length: 4097 }, (_, i) => ({
      name: `t${i}`,
      type: { type: "fixed", name: `F${i}`, size: 0 },
    }));
    const message = { name: "m", request: [], response: "null" };
    for (const [request, what] of [
      [fields, "16384 fields"],
      [[{ name: "e", type: { type: "enum", name: "E", symbols } }], "16384 symbols"],
      [branches, "16384 branches"],
      [types, "4096 named types"],
    ] as const) {
      const text = textOf(request);
      assert.throws(() => parseSchemaText(text), { code: "BAD_BYTES", message: new RegExp(`more than ${what}`) });
    }
    const messages = Array.from({ length: 4097 }, (_, i) => ({ ...message, name: `m${i}` }));
    assert.throws(() => parseSchemaText(JSON.stringify({ protocol: "P", messages })), /more than 4096 messages/);
  });

  it("makes no error of a pair of branches that cannot resolve, of which there may be thousands", () => {
    const own = avro({
      protocol: "P",
      namespace: "org.example",
      version: 1,
      messages: { m: { request: [{ name: "u", type: ["null", "string", "int"] }], response: "null" } },
    });
    const others = Array.from({ length: 250 }, (_, i) => ({ type: "fixed", name: `F${i}`, size: 1 }));
    const text = textOf([{ name: "u", type: ["null", ...others] }], "null");
    const loop = new Loop([serve(own, { m: () => undefined })]);
    assert.deepEqual(loop.receive(requestTelling(text, Buffer.of(0))).readArguments(), [null]);
    const refused = loop.receive(requestTelling(text, Buffer.from("0200", "hex")));
    assert.throws(() => refused.readArguments(), /fixed F0\(1\) is none of \[null, string, int\]/);
    const plain = (kind: "string" | "int"): TypeNode => ({ kind, logical: undefined });
    const fixed: TypeNode = { kind: "fixed", name: "F", aliases: [], size: 1, logical: undefined };
    let tries = 0;
    const tried = (): number => tries++;
    assert.throws(() => findBranch(fixed, [plain("string"), plain("int")], tried), /is none of \[string, int\]/);
    assert.equal(tries, 0);
    findBranch(plain("int"), [plain("string"), plain("int")], tried);
    assert.equal(tries, 1);
  });

  it("never gives anything but an RpcError, whatever the JSON", () => {
    fc.assert(
      fc.property(fc.json(), fc.json(), (request, response) => {
        for (const text of [
          request,
          textOf(JSON.parse(request), JSON.parse(response)),
          textOf([{ name: "x", type: JSON.parse(request) as unknown }]),
        ]) {
          try {
            tell(text);
          } catch (error) {
            assert.match(
              String((error as { code?: string }).code),
              /^(FATAL_DESERIALIZING_REQUEST|ERROR_RPC_VERSION_MISMATCH|ERROR_APPLICATION|ERROR_NO_SUCH_METHOD)$/,
            );
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it("is told again word for word by who has read it", () => {
    const P = avro({
      protocol: "P",
      namespace: "n",
      version: 1,
      types: [
        { type: "enum", name: "E", symbols: ["A", "B"], default: "A", aliases: ["Old"] },
        { type: "fixed", name: "F", size: 4, logicalType: "decimal", precision: 9, scale: 2 },
        {
          type: "record",
          name: "R",
          fields: [
            { name: "r", type: ["null", "R"], default: null, aliases: ["s"] },
            { name: "e", type: "E", default: "B" },
            { name: "f", type: "F" },
          ],
        },
        { type: "error", name: "Err", fields: [] },
      ],
      messages: {
        a: {
          request: [
            { name: "r", type: "R" },
            { name: "t", type: { type: "long", logicalType: "timestamp-millis" } },
          ],
          response: { type: "map", values: ["int", "R"] },
          errors: ["Err"],
        },
        b: { request: [], response: "null", "one-way": true },
      },
    });
    const request = new Loop([]).request(P, "b");
    const start = request.indexOf("{");
    const text = request.subarray(start, request.lastIndexOf("}") + 1).toString();
    assert.equal(schemaText(parseSchemaText(text)), text);
    assert.deepEqual(
      request.subarray(start - 18, start - 2),
      createHash("sha256").update(text).digest().subarray(0, 16),
    );
  });
});
