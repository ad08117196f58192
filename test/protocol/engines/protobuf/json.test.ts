import assert from "node:assert/strict";
import { test } from "node:test";
import { PLAIN_JSON, printJson } from "../../../../client/terminal/json-text.js";
import { avro } from "../../../../protocol/engines/avro.js";
import { parseProto, protobuf, protobufJson } from "../../../../protocol/engines/protobuf.js";
import { methodOf } from "../../../helpers/sessions.js";
import { errorOf } from "./loop.js";

const source = await parseProto({
  "a.proto": `
    syntax = "proto2";
    message M {
      required int32 id = 1;
      optional uint64 size = 2;
      repeated sint64 sizes = 3;
      optional bytes blob = 4;
      optional Color color = 5;
      optional M next = 6;
      map<string, double> map = 7;
    }
    message Nothing {}
    enum Color { RED = 0; }
    service S { rpc m(M) returns (M); rpc nothing(Nothing) returns (Nothing); }`,
});
const protocol = protobuf({ source, service: "S", protocolName: "demo.P", version: 1 });
const method = methodOf(protocol, "m");

test("JSON becomes a message: 64-bit integers from numbers and text, bytes from base64, enums by name", () => {
  const json = {
    id: 1,
    size: "18446744073709551615",
    sizes: [-1, "9007199254740993", 2n ** 62n],
    blob: "AP8=",
    color: "RED",
    next: { id: 2, color: null },
    map: { a: 1.5, b: "NaN", __proto__x: "-Infinity" },
  };
  assert.deepEqual(protobufJson.argumentsFromJson(protocol, method, [json]), [
    {
      id: 1,
      size: 2n ** 64n - 1n,
      sizes: [-1n, 2n ** 53n + 1n, 2n ** 62n],
      blob: Uint8Array.of(0, 255),
      color: "RED",
      next: { id: 2, color: undefined },
      map: { a: 1.5, b: Number.NaN, __proto__x: Number.NEGATIVE_INFINITY },
    },
  ]);
  assert.deepEqual(protobufJson.argumentsFromJson(protocol, methodOf(protocol, "nothing"), []), [{}]);
});

test("a message becomes JSON in the order of its declaration, without what it does not have", () => {
  const value = {
    next: { id: 2, sizes: [], map: {} },
    blob: Uint8Array.of(0, 255),
    size: 2n ** 64n - 1n,
    sizes: [5n],
    id: 1,
    color: "RED",
    map: { a: Number.POSITIVE_INFINITY },
  };
  assert.equal(
    printJson(protobufJson.resultToJson(protocol, method, value), PLAIN_JSON, 0),
    '{"id":1,"size":"18446744073709551615","sizes":[5],"blob":"AP8=","color":"RED","next":{"id":2,"sizes":[],"map":{}},"map":{"a":"Infinity"}}',
  );
});

test("bytes come in hex if that is said, and a bigint may stand for a floating-point number", () => {
  const json = { id: 1, blob: "00fF", map: { a: 2n ** 64n } };
  assert.deepEqual(protobufJson.argumentsFromJson(protocol, method, [json], "hex"), [
    { id: 1, blob: Uint8Array.of(0, 255), map: { a: 2 ** 64 } },
  ]);
  const error = errorOf(() => protobufJson.argumentsFromJson(protocol, method, [{ id: 1, blob: "AP8=" }], "hex"));
  assert.equal(error.message, 'demo.P.m: request.blob must be a string in hex (bytes), got "AP8="');
});

test("JSON that does not fit is refused, naming the place", () => {
  const fault = (...args: unknown[]): string => {
    const error = errorOf(() => protobufJson.argumentsFromJson(protocol, method, args));
    assert.equal(error.code, "BAD_ARGUMENT");
    return error.message.replace(/^demo\.P\.m: /, "");
  };
  assert.equal(
    fault({ name: 1 }),
    "request must be M, which has no field name (its fields: id, size, sizes, blob, color, next, map), got an object with name",
  );
  assert.equal(
    fault({ next: { size: 1.5 } }),
    "request.next.size must be a whole number, or a string of digits (uint64), got 1.5",
  );
  assert.equal(fault({ blob: "*" }), 'request.blob must be a string in base64 (bytes), got "*"');
  assert.equal(fault({ sizes: 1 }), "request.sizes must be an array, got 1");
  assert.equal(fault([1]), "request must be an object, got an array of 1");
  assert.equal(fault({}, {}), "demo.P.m takes 1 message, got 2 arguments");
});

test("a method reads as the names of its messages, and those as their fields", () => {
  assert.equal(protobufJson.signatureText(protocol, method), "m(M): M");
  const types = [
    "message M { id: int32, size?: uint64, sizes: sint64[], blob?: bytes, color?: Color, next?: M, map: map<string, double> }",
    "enum Color { RED }",
    "message Nothing {}",
  ];
  assert.deepEqual(protobufJson.typeTexts(protocol), types);
  assert.deepEqual(protobufJson.typeTexts(protocol, method), types.slice(0, 2));
});

test("a protocol of another engine is refused", () => {
  const other = avro({ protocol: "P", version: 1, messages: { m: { request: [], response: "null" } } });
  assert.equal(errorOf(() => protobufJson.signatureText(other, methodOf(other, "m"))).code, "BAD_DEFINITION");
});
