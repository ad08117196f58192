/** Inputs that cost more than their bytes, and inputs that are wrong: each an error of its call, at once. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ProtocolDefinition } from "../../../../protocol/definition.js";
import { DEFAULT_DECODE_LIMITS, type DecodeLimits } from "../../../../protocol/engine.js";
import { isEmpty, type RecordNode } from "../../../../protocol/engines/avro/type-node.js";
import { type AvroField, type AvroSchemaObject, avro } from "../../../../protocol/engines/avro.js";
import { ByteWriter } from "../../../../protocol/wire/byte-writer.js";
import { bytesOf, methodOf, readerOf, serve } from "../../../helpers/sessions.js";
import { Loop } from "./loop.js";

const EMPTY_RECORD = { type: "record", name: "Empty", fields: [] } as const;
const NODE = { type: "record", name: "Node", fields: [{ name: "next", type: ["null", "Node"] }] } as const;

function protocolOf(request: readonly AvroField[], types: readonly AvroSchemaObject[] = []): ProtocolDefinition {
  return avro({ protocol: "P", version: 1, types, messages: { m: { request, response: "null" } } });
}

function oneOf(type: AvroField["type"], ...types: AvroSchemaObject[]): ProtocolDefinition {
  return protocolOf([{ name: "value", type }], types);
}

/** Reads `hex` as the arguments of a request, written by a client of `client` for a server of `server`. */
function read(
  hex: string,
  server: ProtocolDefinition,
  client: ProtocolDefinition = server,
  ...args: unknown[]
): unknown[] {
  return readWithin(DEFAULT_DECODE_LIMITS, hex, server, client, ...args);
}

function readWithin(
  limits: DecodeLimits,
  hex: string,
  server: ProtocolDefinition,
  client: ProtocolDefinition = server,
  ...args: unknown[]
): unknown[] {
  const loop = new Loop([serve(server, { m: () => undefined })], limits);
  loop.receive(loop.request(client, "m", ...args));
  const body = Buffer.concat([Buffer.of(0, 0), Buffer.from(hex, "hex")]);
  return loop.receive(body).readArguments();
}

/** A count as Avro writes it, in hexadecimal. */
function countOf(items: number): string {
  return bytesOf((out) => out.writeSint32(items)).toString("hex");
}

function refuses(text: RegExp, run: () => unknown): void {
  assert.throws(run, (error) => {
    assert.equal((error as { code: string }).code, "ERROR_APPLICATION");
    assert.match((error as Error).message, text);
    return true;
  });
}

/** Counts as Avro writes them: 100 million, 50 million, two thousand million, and all that a long can say. */
const HUNDRED_MILLION = "8084af5f";
const TWO_BILLION = "80d0acf30e";
const MOST = "feffffffffffffffff01";

describe("the guard of the Avro decoder", () => {
  it("refuses arrays of items that take no bytes beyond their budget", () => {
    for (const count of [HUNDRED_MILLION, TWO_BILLION]) {
      refuses(/more than 10000 items take no bytes \(hrpcd\.decode\.empty\.items\.max\)/, () =>
        read(`${count}00`, oneOf({ type: "array", items: "null" }), undefined, []),
      );
      refuses(/hrpcd\.decode\.empty\.items\.max/, () =>
        read(`${count}00`, oneOf({ type: "array", items: "Empty" }, EMPTY_RECORD), undefined, []),
      );
    }
    refuses(/a count is/, () => read(`${MOST}00`, oneOf({ type: "array", items: "null" }), undefined, []));
    const fixed = { type: "fixed", name: "Nothing", size: 0 } as const;
    refuses(/hrpcd\.decode\.empty\.items\.max/, () =>
      read(`${HUNDRED_MILLION}00`, oneOf({ type: "array", items: "Nothing" }, fixed), undefined, []),
    );
  });

  it("allows as many as the budget has", () => {
    const protocol = oneOf({ type: "array", items: "null" });
    assert.equal((read("a09c0100", protocol, undefined, [])[0] as unknown[]).length, 10_000);
    refuses(/hrpcd\.decode\.empty\.items\.max/, () => read("a29c0100", protocol, undefined, []));
  });

  it("counts the budget over the whole body, not per array", () => {
    const nested = oneOf({ type: "array", items: { type: "array", items: "null" } });
    refuses(/hrpcd\.decode\.empty\.items\.max/, () => read(`06${"e05d00".repeat(3)}00`, nested, undefined, []));
    const fields = Array.from({ length: 20 }, (_, i) => ({
      name: `f${i}`,
      type: { type: "array", items: "null" } as const,
    }));
    const empty = fields.map(() => []);
    refuses(/hrpcd\.decode\.empty\.items\.max/, () =>
      read("e05d00".repeat(20), protocolOf(fields), undefined, ...empty),
    );
    const blocks = oneOf({ type: "array", items: "null" });
    refuses(/hrpcd\.decode\.empty\.items\.max/, () => read(`${"e05d".repeat(3)}00`, blocks, undefined, []));
  });

  it("refuses them as well where the bytes are passed over", () => {
    const server = protocolOf([]);
    for (const items of ["null", EMPTY_RECORD] as const) {
      const client = protocolOf([{ name: "gone", type: { type: "array", items } }]);
      refuses(/hrpcd\.decode\.empty\.items\.max/, () => read(`${TWO_BILLION}00`, server, client, []));
    }
    const map = protocolOf([{ name: "gone", type: { type: "map", values: "null" } }]);
    refuses(/the bytes end/, () => read(`${TWO_BILLION}0261`, server, map, {}));
    const field = { type: "record", name: "R", fields: [{ name: "keep", type: "int" }] } as const;
    const more = {
      type: "record",
      name: "R",
      fields: [
        { name: "gone", type: { type: "array", items: "null" } },
        { name: "keep", type: "int" },
      ],
    } as const;
    refuses(/hrpcd\.decode\.empty\.items\.max/, () =>
      read(`${TWO_BILLION}0002`, oneOf("R", field), oneOf("R", more), { gone: [], keep: 1 }),
    );
  });

  it("refuses items that become something out of nothing by defaults", () => {
    const full = {
      type: "record",
      name: "Empty",
      fields: [{ name: "text", type: "string", default: "0123456789" }],
    } as const;
    const items = { type: "array", items: "Empty" } as const;
    assert.deepEqual(read("0400", oneOf(items, full), oneOf(items, EMPTY_RECORD), []), [
      [{ text: "0123456789" }, { text: "0123456789" }],
    ]);
    refuses(/hrpcd\.decode\.empty\.items\.max/, () =>
      read(`${HUNDRED_MILLION}00`, oneOf(items, full), oneOf(items, EMPTY_RECORD), []),
    );
  });

  it("refuses counts that the bytes cannot hold", () => {
    for (const count of [HUNDRED_MILLION, TWO_BILLION]) {
      refuses(/the bytes end/, () => read(`${count}0202`, oneOf({ type: "array", items: "int" }), undefined, []));
      refuses(/the bytes end/, () => read(`${count}026102`, oneOf({ type: "map", values: "int" }), undefined, {}));
    }
  });

  it("refuses depth, on the way in and while passing over", () => {
    const deep = (levels: number): string => `${"02".repeat(levels)}00`;
    assert.ok(read(deep(40), oneOf("Node", NODE), undefined, { next: null }));
    refuses(/nest deeper than 100 levels \(hrpcd\.decode\.depth\.max\)/, () =>
      read(deep(5000), oneOf("Node", NODE), undefined, { next: null }),
    );
    refuses(/hrpcd\.decode\.depth\.max/, () => read(deep(5000), protocolOf([]), oneOf("Node", NODE), { next: null }));
    const endless = { type: "record", name: "Loop", fields: [{ name: "again", type: "Loop" }] } as const;
    refuses(/hrpcd\.decode\.depth\.max/, () =>
      read("0200", oneOf({ type: "array", items: "Loop" }, endless), undefined, []),
    );
    const tree = {
      type: "record",
      name: "Tree",
      fields: [{ name: "all", type: { type: "array", items: "Tree" } }],
    } as const;
    refuses(/hrpcd\.decode\.depth\.max/, () => read("02".repeat(3000), oneOf("Tree", tree), undefined, { all: [] }));
  });

  it("costs a peer's schema no more than its text: types that take no bytes are passed over at once", () => {
    // Five levels of fifty fields each would be 300 million steps if each were taken.
    const types: AvroSchemaObject[] = [{ type: "record", name: "L0", fields: [] }];
    for (let level = 1; level <= 5; level++) {
      const fields = Array.from({ length: 50 }, (_, i) => ({ name: `f${i}`, type: `L${level - 1}` }));
      types.push({ type: "record", name: `L${level}`, fields });
    }
    const client = protocolOf([{ name: "gone", type: { type: "array", items: "L5" } }], types);
    assert.deepEqual(read("a09c0100", protocolOf([]), client, []), []);
  });

  it("does not keep a guess about a type whose examination ran out of stack", () => {
    let tries = 0;
    const inner: RecordNode = {
      kind: "record",
      name: "Inner",
      aliases: [],
      get fields() {
        if (tries++ === 0) throw new RangeError("Maximum call stack size exceeded");
        return [];
      },
    };
    const field = { name: "x", aliases: [], type: inner, default: undefined };
    const outer: RecordNode = { kind: "record", name: "Outer", aliases: [], fields: [field] };
    assert.throws(() => isEmpty(outer), RangeError);
    assert.equal(isEmpty(outer), true);
  });

  it("checks that blocks have the length that they tell", () => {
    const array = oneOf({ type: "array", items: "int" });
    assert.deepEqual(read("0304020400", array, undefined, []), [[1, 2]]);
    refuses(/a block does not have the length/, () => read("0306020400", array, undefined, []));
    refuses(/a block claims 20 bytes/, () => read("0328020400", array, undefined, []));
    refuses(/a block claims/, () => read("0328020400", protocolOf([]), array, []));
    assert.deepEqual(read("0304020400", protocolOf([]), array, []), []);
  });

  it("refuses single values that are wrong", () => {
    const E = { type: "enum", name: "E", symbols: ["A", "B"] } as const;
    for (const [hex, text, protocol] of [
      ["02", /a boolean is 2, not 0 or 1/, oneOf("boolean")],
      ["04", /symbol number 2 does not exist; there are 2/, oneOf("E", E)],
      ["01", /symbol number -1 does not exist/, oneOf("E", E)],
      ["04", /branch number 2 does not exist/, oneOf(["null", "int"])],
      ["01", /branch number -1 does not exist/, oneOf(["null", "int"])],
      ["8080808010", /an int is out of the 32-bit range/, oneOf("int")],
      ["ffffffffff01", /an int is out of the 32-bit range/, oneOf("int")],
      ["80", /the bytes end in an int/, oneOf("int")],
      ["ffffffffffffffffff02", /a long is out of the 64-bit range/, oneOf("long")],
      ["ffffffffffffffffffff01", /a long is out of the 64-bit range/, oneOf("long")],
      ["ffffffff", /the bytes end in a long/, oneOf("long")],
      ["000000", /the bytes end in a float/, oneOf("float")],
      ["00000000000000", /the bytes end in a double/, oneOf("double")],
      ["80808004", /a string claims 4194304 bytes/, oneOf("string")],
      ["0a00", /bytes claims 5 bytes, 1 are left/, oneOf("bytes")],
      ["000000", /the bytes end in bytes/, oneOf("F", { type: "fixed", name: "F", size: 4 })],
    ] as const) {
      const start = {
        boolean: true,
        E: "A",
        F: new Uint8Array(4),
        int: 0,
        long: 0n,
        float: 0,
        double: 0,
        string: "",
        bytes: new Uint8Array(),
      };
      const type = (protocol.declaration as { messages: { m: { request: { type: unknown }[] } } }).messages.m.request[0]
        ?.type;
      refuses(text, () =>
        read(hex, protocol, undefined, typeof type === "string" ? start[type as keyof typeof start] : null),
      );
    }
    assert.deepEqual(read("ffffffff0f", oneOf("int"), undefined, 0), [-2147483648]);
  });

  it("refuses a body whose bytes become many times as many objects by defaults", () => {
    const empty = { type: { type: "array", items: "string" }, default: [] } as const;
    const lists = Array.from({ length: 12 }, (_, i) => ({ name: `f${i}`, ...empty }));
    const narrow = { type: "record", name: "Wide", fields: [{ name: "b", type: "boolean" }] } as const;
    const wide = { ...narrow, fields: [...narrow.fields, ...lists] };
    const items = { type: "array", items: "Wide" } as const;
    const body = (count: number): string => `${countOf(count)}${"01".repeat(count)}00`;
    const some = read(body(400), oneOf(items, wide), oneOf(items, narrow), [])[0] as { f11: unknown }[];
    assert.deepEqual(some[399]?.f11, []);
    const few = /403 bytes become more than 806 records, .* raise hrpcd\.decode\.empty\.items\.max/;
    const limits = { ...DEFAULT_DECODE_LIMITS, maxEmptyItems: 0 };
    refuses(few, () => readWithin(limits, body(400), oneOf(items, wide), oneOf(items, narrow), []));
    refuses(/more than 1000000 records, .* raise hrpcd\.decode\.objects\.max/, () =>
      read(body(500_000), oneOf(items, wide), oneOf(items, narrow), []),
    );
  });

  it("counts the objects of defaults by what they hold", () => {
    const narrow = { type: "record", name: "R", fields: [{ name: "b", type: "boolean" }] } as const;
    const items = { type: "array", items: "R" } as const;
    const limits = { ...DEFAULT_DECODE_LIMITS, maxEmptyItems: 0 };
    for (const field of [
      { name: "x", type: { type: "array", items: "long" }, default: Array.from({ length: 60 }, () => 1) },
      { name: "x", type: { type: "map", values: "int" }, default: { a: 1, b: 2, c: 3 } },
      { name: "x", type: "string", default: "x".repeat(60) },
      { name: "x", type: { type: "array", items: { type: "array", items: "int" } }, default: [[], [], []] },
    ] as const) {
      const wide = { ...narrow, fields: [...narrow.fields, field] };
      refuses(/23 bytes become more than 46/, () =>
        readWithin(limits, `${countOf(20)}${"01".repeat(21)}00`, oneOf(items, wide), oneOf(items, narrow), []),
      );
    }
  });

  it("refuses more objects than the setting allows, of every kind, read or passed over", () => {
    const limits = { ...DEFAULT_DECODE_LIMITS, maxObjects: 100 };
    const R = { type: "record", name: "R", fields: [{ name: "b", type: "boolean" }] } as const;
    const time = { type: "long", logicalType: "timestamp-millis" } as const;
    const money = { type: "bytes", logicalType: "decimal", precision: 9, scale: 2 } as const;
    const reason = /more than 100 records, .* raise hrpcd\.decode\.objects\.max/;
    for (const [items, item] of [
      [{ type: "array", items: "int" }, "00"],
      [{ type: "map", values: "int" }, "00"],
      [R, "01"],
      [time, "02"],
      ["bytes", "00"],
      [{ type: "fixed", name: "F", size: 1 }, "00"],
      [money, "0201"],
      [["int", "double"], "0002"],
    ] as const) {
      const list = oneOf({ type: "array", items });
      assert.equal((readWithin(limits, `28${item.repeat(20)}00`, list, undefined, [])[0] as unknown[]).length, 20);
      refuses(reason, () => readWithin(limits, `${countOf(101)}${item.repeat(101)}00`, list, undefined, []));
    }
    const map = Array.from({ length: 50 }, (_, i) => `04${Buffer.from(String(10 + i)).toString("hex")}02`).join("");
    refuses(reason, () => readWithin(limits, `64${map}00`, oneOf({ type: "map", values: "int" }), undefined, {}));
    const records = `${countOf(101)}${"01".repeat(101)}00`;
    refuses(reason, () => readWithin(limits, records, protocolOf([]), oneOf({ type: "array", items: R }), []));
  });

  it("gives a body fresh budgets, whatever the one before it took", () => {
    const list = oneOf({ type: "array", items: { type: "array", items: "int" } });
    const loop = new Loop([serve(list, { m: () => undefined })], { ...DEFAULT_DECODE_LIMITS, maxObjects: 30 });
    for (let i = 0; i < 5; i++) {
      assert.deepEqual(
        loop
          .receive(
            loop.request(
              list,
              "m",
              Array.from({ length: 20 }, () => []),
            ),
          )
          .readArguments(),
        [Array.from({ length: 20 }, () => [])],
      );
    }
  });

  it("refuses to write a result that the caller's defaults would blow up", () => {
    const own = { type: "record", name: "E", fields: [{ name: "x", type: "int" }] } as const;
    const withList = (items: AvroSchemaObject): ProtocolDefinition =>
      avro({ protocol: "P", version: 1, messages: { m: { request: [], response: { type: "array", items } } } });
    const server = withList(own);
    const pad = { name: "pad", type: "string", default: "x".repeat(4000) } as const;
    const client = withList({ ...own, fields: [pad, ...own.fields] });
    const write = (count: number): void => {
      const loop = new Loop([serve(server, { m: () => undefined })]);
      const request = loop.receive(loop.request(client, "m"));
      const out = new ByteWriter(1024);
      request.writeResult(
        Array.from({ length: count }, () => ({ x: 1 })),
        out,
      );
      // A second result has the whole budget again.
      request.writeResult([{ x: 1 }], out);
    };
    write(16);
    assert.throws(() => write(17), {
      code: "ERROR_SERIALIZING_RESPONSE",
      message:
        /the defaults of the other side's schema add 68\d\d\d bytes to \d+: return less at once, or serve a version/,
    });
    const short = { name: "pad", type: "string", default: "x" } as const;
    const modest = withList({ ...own, fields: [short, ...own.fields] });
    const loop = new Loop([serve(server, { m: () => Array.from({ length: 100_000 }, () => ({ x: 1000 })) })]);
    assert.equal((loop.call(modest, "m") as unknown[]).length, 100_000);
  });

  it("guards the client against its server with the limits it was given", () => {
    const P = avro({
      protocol: "P",
      version: 1,
      messages: { m: { request: [], response: { type: "array", items: "null" } } },
    });
    const { client } = new Loop([], { ...DEFAULT_DECODE_LIMITS, maxEmptyItems: 3 });
    assert.deepEqual(client.readResult(P, methodOf(P, "m"), readerOf(Buffer.from("0600", "hex"))), [null, null, null]);
    assert.throws(() => client.readResult(P, methodOf(P, "m"), readerOf(Buffer.from("0800", "hex"))), {
      code: "BAD_RESULT",
      message: /hrpcd\.decode\.empty\.items\.max/,
    });
  });
});
