import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { implement, isService, ProtocolTable } from "../../daemon/protocols.js";
import { RPC_KIND } from "../../protocol/definition.js";
import { writable } from "../../protocol/index.js";
import { RpcError } from "../../protocol/rpc-error.js";
import { textService } from "../helpers/text-service.js";

const Pair = writable({
  protocol: "demo.Pair",
  version: 3,
  methods: {
    left: { parameters: ["java.lang.String"], returns: "java.lang.String" },
    right: { parameters: ["java.lang.String"], returns: "java.lang.String" },
  },
});

function badDefinition(message: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof RpcError && error.code === "BAD_DEFINITION" && message.test(error.message);
}

describe("implement", () => {
  test("joins a protocol and the methods of an object, which keep their this", () => {
    class Implementation {
      readonly #prefix = "<";
      left(text: string | null): string {
        return `${this.#prefix}${text}`;
      }
      right(text: string | null): string {
        return `${text}${this.#prefix}`;
      }
    }
    const service = implement(Pair, new Implementation());
    assert.equal(service.definition, Pair);
    assert.deepEqual([...service.handlers.keys()], ["left", "right"]);
    assert.equal(service.handlers.get("left")?.("a"), "<a");
  });

  test("names every method that is missing, and the protocol", () => {
    const incomplete = { left: 7 } as unknown as { left(): string; right(): string };
    assert.throws(() => implement(Pair, incomplete), badDefinition(/demo\.Pair version 3 lacks left, right/));
  });

  test("names every method that the protocol does not declare", () => {
    const generous = { left: () => "", right: () => "", middle: () => "" };
    assert.throws(() => implement(Pair, generous), badDefinition(/has middle, which the protocol does not declare/));
  });

  test("does not take what every object has for an implementation", () => {
    const Odd = writable({ protocol: "demo.Odd", version: 1, methods: { toString: { returns: "java.lang.String" } } });
    const empty = {} as { toString(): string };
    assert.throws(() => implement(Odd, empty), badDefinition(/lacks toString/));
    assert.equal(implement(Odd, { toString: () => "own" }).handlers.size, 1);
  });

  test("makes what isService knows, and nothing else is one", () => {
    assert.equal(isService(textService("a.B", {})), true);
    for (const other of [undefined, null, 7, "x", {}, { definition: {}, handlers: {} }, [textService("a.B", {})]]) {
      assert.equal(isService(other), false);
    }
  });
});

describe("the table of protocols", () => {
  const [v1, v10, v2] = [1, 10, 2].map((version) => textService("a.B", {}, { version })) as [never, never, never];
  const table = new ProtocolTable([v1, v10, v2, textService("c.D", {})]);

  test("finds a service by kind, name and version", () => {
    assert.equal(table.find(RPC_KIND.builtin, "a.B", 10), v10);
    assert.equal(table.find(RPC_KIND.builtin, "a.B", 3), undefined);
    assert.equal(table.find(RPC_KIND.writable, "a.B", 10), undefined);
  });

  test("lists the versions of a name by number, and none of a name that is not served", () => {
    assert.deepEqual(table.versions(RPC_KIND.builtin, "a.B"), [1, 2, 10]);
    for (const name of ["", "x.Y", "__proto__", "constructor"]) {
      assert.deepEqual(table.versions(RPC_KIND.builtin, name), []);
      assert.equal(table.find(RPC_KIND.builtin, name, 1), undefined);
    }
  });

  test("knows the engine of each kind that is served", () => {
    assert.equal(table.engine(RPC_KIND.builtin)?.name, "text");
    assert.equal(table.engine(RPC_KIND.protobuf), undefined);
  });

  test("refuses the same protocol and version twice, but not under two kinds", () => {
    assert.throws(() => new ProtocolTable([v1, v1]), badDefinition(/a\.B version 1 \(text\) is served twice/));
    const other = implement(Pair, { left: () => "", right: () => "" });
    assert.equal(new ProtocolTable([other, textService("demo.Pair", {}, { version: 3 })]).services.length, 2);
  });
});
