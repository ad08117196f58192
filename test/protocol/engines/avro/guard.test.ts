/** Inputs that cost more than their bytes, and inputs that are wrong: each an error of its call, at once. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ProtocolDefinition } from "../../../../protocol/definition.js";
import { DEFAULT_DECODE_LIMITS } from "../../../../protocol/engine.js";
import { isEmpty, type RecordNode } from "../../../../protocol/engines/avro/type-node.js";
import { type AvroField, type AvroSchemaObject, avro } from "../../../../protocol/engines/avro.js";
import { Loop, methodOf, readerOf, serve } from "./loop.js";

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
  const loop = new Loop([serve(server, { m: () => undefined })]);
  loop.receive(loop.request(client, "m", ...args));
  const body = Buffer.concat([Buffer.of(0, 0), Buffer.from(hex, "hex")]);
  return loop.receive(body).readArguments();
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
      refuses(/more than 10000 items take no bytes \(maxEmptyItems\)/, () =>
        read(`${count}00`, oneOf({ type: "array", items: "null" }), undefined, []),
      );
      refuses(/maxEmptyItems/, () =>
        read(`${count}00`, oneOf({ type: "array", items: "Empty" }, EMPTY_RECORD), undefined, []),
      );
    }
    refuses(/a count is/, () => read(`${MOST}00`, oneOf({ type: "array", items: "null" }), undefined, []));
    const fixed = { type: "fixed", name: "Nothing", size: 0 } as const;
    refuses(/maxEmptyItems/, () =>
      read(`${HUNDRED_MILLION}00`, oneOf({ type: "array", items: "Nothing" }, fixed), undefined, []),
    );
  });

  it("allows as many as the budget has", () => {
    const protocol = oneOf({ type: "array", items: "null" });
    assert.equal((read("a09c0100", protocol, undefined, [])[0] as unknown[]).length, 10_000);
    refuses(/maxEmptyItems/, () => read("a29c0100", protocol, undefined, []));
  });

  it("counts the budget over the whole body, not per array", () => {
    const nested = oneOf({ type: "array", items: { type: "array", items: "null" } });
    refuses(/maxEmptyItems/, () => read(`06${"e05d00".repeat(3)}00`, nested, undefined, []));
    const fields = Array.from({ length: 20 }, (_, i) => ({
      name: `f${i}`,
      type: { type: "array", items: "null" } as const,
    }));
    const empty = fields.map(() => []);
    refuses(/maxEmptyItems/, () => read("e05d00".repeat(20), protocolOf(fields), undefined, ...empty));
    const blocks = oneOf({ type: "array", items: "null" });
    refuses(/maxEmptyItems/, () => read(`${"e05d".repeat(3)}00`, blocks, undefined, []));
  });

  it("refuses them as well where the bytes are passed over", () => {
    const server = protocolOf([]);
    for (const items of ["null", EMPTY_RECORD] as const) {
      const client = protocolOf([{ name: "gone", type: { type: "array", items } }]);
      refuses(/maxEmptyItems/, () => read(`${TWO_BILLION}00`, server, client, []));
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
    refuses(/maxEmptyItems/, () =>
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
    refuses(/maxEmptyItems/, () => read(`${HUNDRED_MILLION}00`, oneOf(items, full), oneOf(items, EMPTY_RECORD), []));
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
    refuses(/nest deeper than 100 levels \(maxDepth\)/, () =>
      read(deep(5000), oneOf("Node", NODE), undefined, { next: null }),
    );
    refuses(/maxDepth/, () => read(deep(5000), protocolOf([]), oneOf("Node", NODE), { next: null }));
    const endless = { type: "record", name: "Loop", fields: [{ name: "again", type: "Loop" }] } as const;
    refuses(/maxDepth/, () => read("0200", oneOf({ type: "array", items: "Loop" }, endless), undefined, []));
    const tree = {
      type: "record",
      name: "Tree",
      fields: [{ name: "all", type: { type: "array", items: "Tree" } }],
    } as const;
    refuses(/maxDepth/, () => read("02".repeat(3000), oneOf("Tree", tree), undefined, { all: [] }));
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
      message: /maxEmptyItems/,
    });
  });
});
