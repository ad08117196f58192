/** The program hrpc with definitions from files: against a server that was built with an older edition of the protocol. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { resultOf, runHrpc } from "../helpers/hrpc-process.js";
import { ProtoFiles, STORE, startStoreServer } from "../helpers/proto-samples.js";

describe("hrpc takes definitions from files", () => {
  const files = new ProtoFiles();
  let store: Awaited<ReturnType<typeof startStoreServer>>;
  before(async () => {
    store = await startStoreServer();
  });
  after(async () => {
    files[Symbol.dispose]();
    await store[Symbol.asyncDispose]();
  });

  test("to call, with bytes and longs as they are wanted", async () => {
    const item = '{"name":"a","size":18446744073709551615,"data":"00ff"}';
    const put = ["call", store.address, "StoreProtocol", "put", item, "--proto", files.jar, "--bytes", "hex"];
    assert.match(await resultOf(...put, "--longs", "number"), /"size": 18446744073709551615,\n {2}"data": "00ff"\n/);
    assert.match(await resultOf(...put), /"size": "18446744073709551615"/);
  });

  test("of a service that is named, as another user, with a caller context", async () => {
    const caller = ["call", store.address, `${STORE}@3`, "caller", "--proto", files.proto, "--service", "demo.Store"];
    const who = ["--user", "bob", "--caller-context", "nightly", "--timeout", "9000"];
    assert.equal(JSON.parse(await resultOf(...caller, ...who)).name, "bob nightly");
  });

  test("to describe, list and bench", async () => {
    const described = await resultOf("describe", store.address, "StoreProtocol", "drop", "--proto", files.jar);
    assert.match(described, /\n {2}[0-9a-f]{8} {2}drop\(Nothing\): Nothing {2}\(not on this server\)\n/);
    assert.match(await resultOf("list", store.address, "--proto", files.jar), /StoreProtocol +3 +protobuf\n/);
    const bench = [
      "bench",
      store.address,
      "StoreProtocol",
      "put",
      '{"name":"a"}',
      "--seconds",
      "0.1",
      "--proto",
      files.jar,
    ];
    assert.match(await resultOf(...bench), /^inFlight /);
  });

  test("to write a module, without a server", async () => {
    assert.match(
      await resultOf("types", "--proto", files.jar),
      /^protocol +version +service\norg\.example\.protocol\.Store/,
    );
    const module = await resultOf("types", "StoreProtocol", "--proto", files.jar);
    assert.match(module, /\nimport \{ type ProtocolDefinition, protobuf \} from "hrpcd\/protocol";\n/);
    assert.match(module, /\n {2}\}\);\n$/);
  });

  test("and says which file cannot be read, in which line, and why", async () => {
    for (const command of [
      ["types", "p"],
      ["call", store.address, "p", "m"],
    ]) {
      const { code, stdout, stderr } = await runHrpc([...command, "--proto", files.jar, "--proto", files.faulty]);
      assert.match(stderr, /^hrpc: .*\/faulty\.proto: .* \(line 3\)\n$/);
      assert.deepEqual({ code, stdout }, { code: 2, stdout: "" });
    }
  });
});
