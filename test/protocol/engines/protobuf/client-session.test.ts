import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_DECODE_LIMITS } from "../../../../protocol/engine.js";
import { avro } from "../../../../protocol/engines/avro.js";
import { protobuf, protobufEngine } from "../../../../protocol/engines/protobuf.js";
import { hex } from "../../../helpers/byte-builder.js";
import { bytesOf, methodOf, readerOf } from "../../../helpers/sessions.js";
import { Echo, errorOf } from "./loop.js";

const protocol = protobuf({
  protocol: "demo.P",
  version: 1,
  service: "demo.S",
  methods: [{ name: "m", request: "demo.M", response: "demo.M" }],
  messages: [
    {
      name: "demo.M",
      fields: [
        { name: "id", number: 1, type: "int32", rule: "required" },
        { name: "next", number: 2, type: "demo.M" },
        { name: "list", number: 3, type: "demo.M", rule: "repeated" },
        { name: "color", number: 4, type: "demo.Color" },
        { name: "sizes", number: 5, type: "uint64", rule: "map", key: "string" },
        { name: "text", number: 6, type: "string" },
        { name: "leaves", number: 7, type: "demo.Leaf", rule: "map", key: "string" },
      ],
    },
    { name: "demo.Leaf", fields: [{ name: "value", number: 1, type: "demo.N", rule: "required" }] },
    { name: "demo.N", fields: [{ name: "n", number: 1, type: "bool", rule: "required" }] },
  ],
  enums: [
    {
      name: "demo.Color",
      values: [
        ["RED", 0],
        ["GREEN", 1],
      ],
    },
  ],
});
const echo = new Echo(protocol, "m");

test("an argument that does not fit is refused before anything is sent, naming the place", () => {
  const fault = (...args: unknown[]): string => {
    const error = errorOf(() => echo.writeRequest(...args));
    assert.equal(error.code, "BAD_ARGUMENT");
    assert.equal(error.outcome, "not-sent");
    return error.message.replace(/^demo\.P\.m: /, "");
  };
  assert.equal(fault({ id: "1" }), 'request.id must be int32 (a whole number from -2147483648 to 2147483647), got "1"');
  assert.equal(
    fault({ id: 1, next: { id: 1, color: "BLUE" } }),
    'request.next.color must be one of RED, GREEN, got "BLUE"',
  );
  assert.equal(fault({ id: 1, list: [{ id: 1 }, 5] }), "request.list[1] must be an object (M), got 5");
  assert.equal(fault({ id: 1, list: {} }), "request.list must be an array of M, got an object without fields");
  assert.match(fault({ id: 1, sizes: { "a b": 1 } }), /^request\.sizes\["a b"\] must be uint64 \(a bigint /);
  for (const text of ["\ud800", `${"long".repeat(20)}\udfff`, `${"longer".repeat(1000)}\ud800`, "ü\udc00\ud800"]) {
    assert.match(
      fault({ id: 1, next: { id: 1, text } }),
      /^request\.next\.text must be string without lone surrogates, got "/,
    );
  }
  assert.match(
    fault({ id: 1, sizes: { "\ud800": 1n } }),
    /^request\.sizes.* must be string without lone surrogates, got "/,
  );
  assert.equal(fault(null), "request must be an object (M), got null");
  assert.equal(fault({ id: 1 }, 2), "takes 1 message, got 2 arguments");
});

test("every required field that is missing is named, as protobuf-java names them, with the message that lacks the first", () => {
  const fault = (value: unknown): string => errorOf(() => echo.writeRequest(value)).message;
  const declared =
    "M { id: int32, next?: M, list: M[], color?: Color, sizes: map<string, uint64>, text?: string, leaves: map<string, Leaf> }";
  const missing = (names: string): string => `demo.P.m: Message missing required fields: ${names}; it is declared: `;
  assert.equal(fault({}), missing("id") + declared);
  const nested = { next: { next: {} }, list: [{ id: 1 }, { list: [{}] }] };
  assert.equal(fault(nested), missing("id, next.id, next.next.id, list[1].id, list[1].list[0].id") + declared);
  assert.equal(fault(undefined), missing("id") + declared);
  assert.equal(fault({ id: null }), missing("id") + declared);
  const leaves = { a: { value: {} } };
  assert.equal(
    fault({ id: 1, list: [{ id: 1, leaves }] }),
    `${missing("list[0].leaves[0].value.value.n")}N { n: bool }`,
  );
  assert.equal(fault({ id: 1, leaves: { a: {} } }), `${missing("leaves[0].value.value")}Leaf { value: N }`);
});

test("a value that holds itself, or nests deeper than any reader takes, is refused", () => {
  const round: Record<string, unknown> = { id: 1 };
  round.next = round;
  assert.match(errorOf(() => echo.writeRequest(round)).message, /must be nested at most 100 messages deep/);
  let deep: object = { id: 1 };
  for (let i = 0; i < 100; i++) deep = { id: 1, next: deep };
  assert.deepEqual(echo.readRequest(echo.writeRequest(deep)), echo.readResult(echo.writeResult(deep)));
  assert.match(errorOf(() => echo.writeRequest({ id: 1, next: deep })).message, /at most 100/);
});

test("a result that cannot be read is BAD_RESULT, with the reason in it", () => {
  const faults: [string, RegExp][] = [
    ["", /demo\.P\.m: the result cannot be read: Message missing required fields: id$/],
    ["0a", /input ended unexpectedly/],
    ["0800 1203 0801", /input ended unexpectedly/],
    ["0800 1200", /missing required fields: next\.id$/],
  ];
  for (const [content, text] of faults) {
    const error = errorOf(() => echo.readResult(hex(content)));
    assert.equal(error.code, "BAD_RESULT");
    assert.match(error.message, text);
  }
});

test("a body without a message, or with a length that lies, is BAD_RESULT", () => {
  const session = protobufEngine.openClient(DEFAULT_DECODE_LIMITS);
  for (const body of ["", "02 08", "ffffffff0f"]) {
    assert.equal(
      errorOf(() => session.readResult(protocol, methodOf(protocol, "m"), readerOf(hex(body)))).code,
      "BAD_RESULT",
    );
  }
});

test("a protocol of another engine is refused", () => {
  const other = avro({ protocol: "P", version: 1, messages: { m: { request: [], response: "null" } } });
  const session = protobufEngine.openClient(DEFAULT_DECODE_LIMITS);
  const error = errorOf(() => bytesOf((out) => session.writeRequest(other, methodOf(other, "m"), [], out)));
  assert.equal(error.message, "P is no protobuf protocol: make it with protobuf()");
});
