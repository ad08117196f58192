import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { RpcProxy } from "../../client/proxy.js";
import { implement, isService, ProtocolTable } from "../../daemon/protocols.js";
import { type AnyProtocol, RPC_KIND } from "../../protocol/definition.js";
import { DEFAULT_DECODE_LIMITS } from "../../protocol/engine.js";
import { avro, writable } from "../../protocol/index.js";
import { RpcError } from "../../protocol/rpc-error.js";
import { ByteReader } from "../../protocol/wire/byte-reader.js";
import { ByteWriter } from "../../protocol/wire/byte-writer.js";
import { textService } from "../helpers/text-service.js";
import { loadOtherCopy } from "../protocol/other-copy.js";

const LOOSE = {
  protocol: "Loose",
  messages: { shout: { request: [{ name: "text", type: "string" }], response: "string" } },
};

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

  test("takes a handler that answers with anything that has a then, and one of a protocol that only a file knows", () => {
    const later: PromiseLike<string> = Promise.resolve("");
    assert.equal(implement(Pair, { left: () => later, right: async () => "" }).handlers.size, 2);
    const folder = mkdtempSync(join(tmpdir(), "protocols-test-"));
    try {
      const file = join(folder, "loose.avpr");
      writeFileSync(file, JSON.stringify(LOOSE));
      const Loose = avro(file, { version: 1 });
      assert.equal(implement(Loose, { shout: (text) => `${String(text)}!` }).handlers.get("shout")?.("a"), "a!");
      const call = (proxy: RpcProxy<typeof Loose>): Promise<unknown> | undefined =>
        proxy.shout?.("a", { timeoutMs: 1 });
      assert.equal(typeof call, "function");
      interface Shout {
        shout(text: string): string;
      }
      const Said = avro<Shout>(file, { version: 1 });
      assert.equal(implement(Said, { shout: (text) => text.trim() }).handlers.get("shout")?.(" a"), "a");
    } finally {
      rmSync(folder, { recursive: true });
    }
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

describe("a service that was made by another copy of hrpcd", async () => {
  const other = await loadOtherCopy();
  const declaration = {
    protocol: "Shout",
    version: 2,
    messages: { shout: { request: [{ name: "text", type: "string" }], response: "string" } },
  } as const;
  const base = { protocol: "demo.Base", version: 1, methods: { ping: { returns: "int" } } } as const;
  const derived = { protocol: "demo.Derived", version: 4, methods: { pong: { returns: "int" } } } as const;

  /** The result of a call from a client that holds `protocol`. */
  function call(table: ProtocolTable, protocol: AnyProtocol, name: string, ...args: unknown[]): unknown {
    const method = protocol.methods.get(name);
    assert.ok(method);
    const client = protocol.engine.openClient(DEFAULT_DECODE_LIMITS);
    const out = new ByteWriter();
    client.writeRequest(protocol, method, args, out);
    const engine = table.engine(protocol.engine.kind);
    assert.equal(engine, protocol.engine);
    const body = Buffer.from(out.take());
    const request = engine.openServer(table, DEFAULT_DECODE_LIMITS).readRequest(new ByteReader(body), protocol.name);
    request.writeResult(request.handler(...request.readArguments()), out);
    return client.readResult(protocol, method, new ByteReader(Buffer.from(out.take())));
  }

  test("is called as one of our own, beside one of our own", () => {
    const foreign = other.daemon.implement(other.protocol.avro(declaration), { shout: (text) => `${text}!` });
    const Own = avro({ ...declaration, version: 1 });
    const table = new ProtocolTable([foreign, implement(Own, { shout: (text) => `${text}?` })]);
    assert.equal(call(table, avro(declaration), "shout", "a"), "a!");
    assert.equal(call(table, Own, "shout", "a"), "a?");
  });

  test("keeps the methods that its interface inherits", () => {
    const Foreign = other.protocol.writable({ ...derived, inherits: [other.protocol.writable(base)] });
    const table = new ProtocolTable([other.daemon.implement(Foreign, { ping: () => 1, pong: () => 2 })]);
    const Derived = writable({ ...derived, inherits: [writable(base)] });
    assert.equal(call(table, Derived, "ping"), 1);
    assert.equal(call(table, Derived, "pong"), 2);
  });

  test("is refused at the start, with what to do, if its types are functions", () => {
    const functions = { read: () => 0, write: () => {} };
    const Opaque = other.protocol.writable({
      protocol: "demo.Opaque",
      version: 1,
      writables: { "demo.Odd": functions },
      methods: { odd: { returns: "demo.Odd" } },
    });
    const service = other.daemon.implement(Opaque, { odd: () => 0 });
    assert.throws(
      () => new ProtocolTable([service]),
      badDefinition(/^demo\.Opaque version 1 was made by another copy of hrpcd.*demo\.Odd.*import the same hrpcd/),
    );
  });
});
