import assert from "node:assert/strict";
import { test } from "node:test";
import { parseOptions } from "./options.js";

test("without arguments the whole matrix is measured", () => {
  const options = parseOptions([]);
  assert.deepEqual(options.systems, ["raw", "hrpcd-avro", "hrpcd-writable", "hrpcd-protobuf", "avsc", "grpc-js"]);
  assert.deepEqual(options.payloads, [64, 1024, 65_536]);
  assert.deepEqual(options.inFlights, [1, 64, 1024]);
  assert.deepEqual(options.connections, [1]);
});

test("a system or number that is none is refused by name", () => {
  assert.throws(() => parseOptions(["--systems", "raw,soap"]), /--systems: "soap" is none of raw/);
  assert.throws(() => parseOptions(["--payload", "64,x"]), /--payload: "x" is not a whole number/);
  assert.throws(() => parseOptions(["--in-flight", "0"]), /--in-flight: "0" is not a whole number from 1/);
  assert.throws(() => parseOptions(["--fast"]), /--fast/);
});
