import assert from "node:assert/strict";
import { test } from "node:test";
import { createServer } from "../../../daemon/index.js";
import services from "../../../daemon/services/greeter.js";
import { bytes } from "../../helpers/byte-builder.js";
import { invocation, opening, requestFrame } from "../../helpers/requests.js";
import { settled, TestPeer } from "../../helpers/test-server.js";

test("the example is served over Writable and as an Avro protocol, under one name and version", () => {
  const served = services.map(({ definition }) => [definition.engine.name, definition.name, definition.version]);
  assert.deepEqual(served, [
    ["writable", "Server.MyInterface", 1001],
    ["avro", "Server.MyInterface", 1001],
  ]);
  for (const { handlers } of services) assert.equal(handlers.get("helloWorld")?.("king", {}), "hello,king");
});

test("a Java client's call of the example is answered as the tutorials say", async () => {
  await using server = await createServer({ services, port: 0 }).start();
  const peer = new TestPeer(server);
  peer.send(
    opening("Server.MyInterface"),
    requestFrame({ rpcKind: 1 }, invocation("Server.MyInterface", 1001, "helloWorld", "king")),
  );
  await settled();
  const [answer] = peer.answers();
  assert.equal(
    answer?.payload.toString("hex"),
    bytes().string16("java.lang.String").string16("hello,king").build().toString("hex"),
  );
});
