import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { EXIT, exitCodeOf, failureText } from "../../../client/terminal/failure-text.js";
import { RemoteError, RPC_ERROR_CODES, RpcError, type RpcErrorCode } from "../../../protocol/rpc-error.js";

describe("the exit code", () => {
  test("tells arguments, connecting and time from all else that fails", () => {
    const codes = Object.keys(RPC_ERROR_CODES) as RpcErrorCode[];
    const special = codes.filter((code) => exitCodeOf(new RpcError(code, "")) !== EXIT.failed);
    assert.deepEqual(Object.fromEntries(special.map((code) => [code, exitCodeOf(new RpcError(code, ""))])), {
      CONNECT_FAILED: 3,
      CONNECT_TIMED_OUT: 3,
      CALL_TIMED_OUT: 4,
      BAD_ARGUMENT: 2,
      BAD_DEFINITION: 2,
      BAD_SETTING: 2,
    });
  });

  test("is 1 for whatever a server answers, and for what should never be thrown", () => {
    for (const code of Object.keys(RPC_ERROR_CODES) as RpcErrorCode[]) {
      assert.equal(exitCodeOf(new RemoteError(code, "")), 1, code);
    }
    for (const thrown of [new TypeError("x"), undefined, "text"]) assert.equal(exitCodeOf(thrown), 1);
  });
});

describe("the text of a failure", () => {
  test("begins with the Java class of what a server answers, and only of that", () => {
    const options = { javaClass: "java.io.FileNotFoundException", remoteStack: "x\n\tat y" };
    assert.equal(
      failureText(new RemoteError("ERROR_APPLICATION", "no such file: /a", options)),
      "java.io.FileNotFoundException: no such file: /a",
    );
    assert.equal(failureText(new RpcError("CONNECT_FAILED", "refused")), "refused");
  });

  test("ends with the fields of a declared error", () => {
    const data = { limit: 5n, large: 2n ** 60n, bytes: new Uint8Array([0, 255]), none: null, list: ["x", 1.5] };
    assert.equal(
      failureText(new RemoteError("ERROR_APPLICATION", "too long", { javaClass: "TooLong", data })),
      'TooLong: too long\n{"limit":5,"large":"1152921504606846976","bytes":"AP8=","none":null,"list":["x",1.5]}',
    );
  });

  test("is the stack of a fault of our own", () => {
    const fault = new TypeError("x is not a function");
    assert.equal(failureText(fault), fault.stack);
    assert.equal(failureText("text"), "text");
  });
});
