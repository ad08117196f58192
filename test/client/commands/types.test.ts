import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { listTypes, types } from "../../../client/commands/types.js";
import { ProtoFiles, STORE } from "../../helpers/proto-samples.js";

const files = new ProtoFiles();
after(() => files[Symbol.dispose]());

describe("hrpc types", () => {
  test("writes the module of a protocol that a jar tells of", async () => {
    const text = await types([files.jar], { protocol: "StoreProtocol", engine: undefined });
    assert.match(text, /^\/\/ biome-.*\n\/\*\* org\.example\.protocol\.StoreProtocol version 3 \(demo\.Store\)\./);
    assert.match(text, /^export const StoreProtocol: ProtocolDefinition<StoreCalls, StoreHandlers> =$/m);
    assert.doesNotMatch(text, /\n$/);
  });

  test("writes the module of a .proto file", async () => {
    const text = await types([files.proto], { protocol: "demo.Greeter@1", engine: undefined, service: "demo.Store" });
    assert.match(text, /^export const Greeter: /m);
  });

  test("shows what the files hold", async () => {
    assert.equal(
      await listTypes([files.jar], false),
      [
        "protocol                            version  service",
        `${STORE}  3        demo.Store`,
        "org.example.LostProtocol            1        -",
      ].join("\n"),
    );
    assert.deepEqual(JSON.parse(await listTypes([files.proto], true)), [{ service: "demo.Store" }]);
  });

  test("says that files hold nothing to make a module of", async () => {
    await assert.rejects(listTypes([files.messages], false), {
      code: "BAD_DEFINITION",
      message: `${files.messages}: there is no protobuf service or protocol in it`,
    });
  });
});
