/** Every file of protocol/auth-methods keeps the contract of protocol/auth-method.ts. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { describe, test } from "node:test";
import type { AuthMethod } from "../../protocol/auth-method.js";
import { RpcError } from "../../protocol/rpc-error.js";
import { SASL_STATES, type SaslMessage } from "../../protocol/wire/sasl-message.js";

const folder = new URL("../../protocol/auth-methods/", import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith(".js"));

test("there is an authentication method to test", () => {
  assert.notEqual(files.length, 0);
});

for (const file of files) {
  const exported = (await import(new URL(file, folder).href)) as Record<string, AuthMethod>;
  const method = Object.values(exported).find((value) => typeof value?.openServer === "function");
  assert.ok(method !== undefined, `${file} exports an authentication method`);
  describe(`protocol/auth-methods/${file}`, () => keepsTheContract(method, basename(file, ".js")));
}

function keepsTheContract(method: AuthMethod, file: string): void {
  test("its name on the wire is its file's in capitals", () => {
    assert.equal(method.name, file.toUpperCase());
  });

  test("a negotiation answers every message or refuses the connection; nothing else is thrown", () => {
    for (const first of SASL_STATES) {
      for (const second of SASL_STATES) {
        const negotiation = method.openServer();
        for (const state of [first, second]) {
          const message: SaslMessage = { state, auths: [] };
          try {
            const { reply } = negotiation.receive(message);
            assert.ok(SASL_STATES.includes(reply.state));
          } catch (error) {
            assert.ok(error instanceof RpcError && error.fatal, `${first}, ${second}: ${String(error)}`);
          }
        }
      }
    }
  });

  test("negotiations know nothing of each other", () => {
    const answers = [method.openServer(), method.openServer()].map((negotiation) =>
      negotiation.receive({ state: "NEGOTIATE", auths: [] }),
    );
    assert.deepEqual(answers[0], answers[1]);
  });
}
