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
      ],
    },
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
  assert.equal(fault(null), "request must be an object (M), got null");
  assert.equal(fault({ id: 1 }, 2), "takes 1 message, got 2 arguments");
});

test("every required field that is missing is named, as protobuf-java names them", () => {
  const fault = (value: unknown): string => errorOf(() => echo.writeRequest(value)).message;
  assert.equal(fault({}), "demo.P.m: Message missing required fields: id");
  const nested = { next: { next: {} }, list: [{ id: 1 }, { list: [{}] }] };
  const names = "id, next.id, next.next.id, list[1].id, list[1].list[0].id";
  assert.equal(fault(nested), `demo.P.m: Message missing required fields: ${names}`);
  assert.equal(fault(undefined), "demo.P.m: Message missing required fields: id");
  assert.equal(fault({ id: null }), "demo.P.m: Message missing required fields: id");
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
