import assert from "node:assert/strict";
import { test } from "node:test";
import { createServer, implement } from "../../../daemon/index.js";
import { reflectionService } from "../../../daemon/services/reflection.js";
import { avro, ProtocolMetaInfo, Reflection, writable } from "../../../protocol/index.js";

const Writable = writable({
  protocol: "demo.MyInterface",
  version: 1001,
  methods: { helloWorld: { parameters: ["java.lang.String"], returns: "java.lang.String" } },
});
const Avro = avro({
  protocol: "MyInterface",
  namespace: "demo",
  version: 7,
  messages: { helloWorld: { request: [{ name: "name", type: "string" }], response: "string" } },
});

const services = [
  implement(Writable, { helloWorld: (name) => `${name}` }),
  implement(Avro, { helloWorld: (name) => name }),
];
const { handlers } = reflectionService(() => services);

test("list names every protocol with version, kind, engine and fingerprint", () => {
  assert.deepEqual(handlers.get("list")?.(), [
    // The fingerprint is the one that the wire specification works out by hand.
    { name: "demo.MyInterface", version: 1001n, kind: 1, engine: "writable", fingerprint: -1973442999 },
    { name: "demo.MyInterface", version: 7n, kind: 16, engine: "avro", fingerprint: Avro.signature.fingerprint },
  ]);
});

test("describe gives what the definition can be made from again, for every engine and version of a name", () => {
  const described = handlers.get("describe")?.("demo.MyInterface") as {
    engine: string;
    methods: string[];
    hashes: number[];
    declaration: string;
  }[];
  assert.deepEqual(
    described.map(({ engine, methods }) => [engine, methods]),
    [
      ["writable", ["helloWorld"]],
      ["avro", ["helloWorld"]],
    ],
  );
  assert.deepEqual(described[0]?.hashes, [2145063200]);
  for (const [i, original] of [Writable, Avro].entries()) {
    const again = original.engine.define(JSON.parse(described[i]?.declaration ?? ""));
    assert.deepEqual(
      [again.name, again.version, again.signature],
      [original.name, original.version, original.signature],
    );
  }
});

test("a name that is not served is described by an empty list, and a ping by nothing", () => {
  for (const name of ["", "no.Such", "__proto__"]) assert.deepEqual(handlers.get("describe")?.(name), []);
  assert.equal(handlers.get("ping")?.(), undefined);
});

test("every server tells of itself", () => {
  const server = createServer({ services });
  assert.deepEqual(
    server.services.map(({ definition }) => definition),
    [Writable, Avro, Reflection, ProtocolMetaInfo],
  );
});
