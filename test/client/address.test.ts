import assert from "node:assert/strict";
import { test } from "node:test";
import { parseAddress } from "../../client/address.js";

test("an address is a host and a port", () => {
  assert.deepEqual(parseAddress("localhost:7788"), { host: "localhost", port: 7788, text: "localhost:7788" });
  assert.deepEqual(parseAddress("NameNode-1.Example.org:8020").text, "namenode-1.example.org:8020");
  assert.deepEqual(parseAddress("127.0.0.1:1").host, "127.0.0.1");
  assert.deepEqual(parseAddress("[::1]:65535"), { host: "::1", port: 65535, text: "[::1]:65535" });
  assert.deepEqual(parseAddress("[fe80::1%eth0]:80").host, "fe80::1%eth0");
});

test("anything else is refused with what was expected", () => {
  const bad = ["", "localhost", ":7788", "localhost:", "localhost:0", "localhost:65536", "::1:7788", "[::1]", "a b:1"];
  for (const text of [
    ...bad,
    "hrpc://ns:1",
    "localhost:7788/x",
    "localhost:-1",
    "localhost:1e3",
    "[localhost]:1",
    "u@h:1",
  ]) {
    assert.throws(
      () => parseAddress(text),
      { code: "BAD_DEFINITION", message: /^bad address .*expected host:port/ },
      text,
    );
  }
  assert.throws(() => parseAddress(undefined as unknown as string), { code: "BAD_DEFINITION" });
});
