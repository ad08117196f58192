import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  RemoteError,
  RPC_ERROR_CODES,
  RpcError,
  type RpcErrorCode,
  type RpcErrorCodeInfo,
  rpcErrorCodeFromWire,
} from "../../protocol/rpc-error.js";
import { projectRoot } from "../helpers/project-root.js";
import { loadOtherCopy } from "./other-copy.js";

const TABLE = Object.entries(RPC_ERROR_CODES) as [RpcErrorCode, RpcErrorCodeInfo][];

test("codes with a number are Hadoop's RpcErrorCodeProto, and each number has one code", () => {
  const numbers = Object.fromEntries(
    TABLE.filter(([, info]) => info.wire !== undefined).map(([code, info]) => [code, info.wire]),
  );
  assert.deepEqual(numbers, {
    ERROR_APPLICATION: 1,
    ERROR_NO_SUCH_METHOD: 2,
    ERROR_NO_SUCH_PROTOCOL: 3,
    ERROR_RPC_SERVER: 4,
    ERROR_SERIALIZING_RESPONSE: 5,
    ERROR_RPC_VERSION_MISMATCH: 6,
    FATAL_UNKNOWN: 10,
    FATAL_UNSUPPORTED_SERIALIZATION: 11,
    FATAL_INVALID_RPC_HEADER: 12,
    FATAL_DESERIALIZING_REQUEST: 13,
    FATAL_VERSION_MISMATCH: 14,
    FATAL_UNAUTHORIZED: 15,
  });
  for (const [code, info] of TABLE) {
    if (info.wire !== undefined) assert.equal(rpcErrorCodeFromWire(info.wire), code);
  }
  for (const number of [-1, 0, 7, 8, 9, 16, 1.5, Number.NaN]) assert.equal(rpcErrorCodeFromWire(number), undefined);
});

test("a code closes the connection if and only if its number is 10 or more, and its name says so", () => {
  for (const [code, info] of TABLE) {
    assert.equal(info.fatal, (info.wire ?? 0) >= 10, code);
    assert.equal(info.fatal, code.startsWith("FATAL_"), code);
    assert.equal(new RpcError(code, "text").fatal, info.fatal, code);
  }
});

test("an error may close the connection though its code does not", () => {
  assert.equal(new RpcError("ERROR_RPC_SERVER", "busy", { fatal: true }).fatal, true);
});

test("only calls that cannot have run are retriable by their code", () => {
  for (const [code, info] of TABLE) {
    if (info.retriable) assert.ok(info.outcome === "not-sent" || info.outcome === "refused", code);
  }
});

test("an error has the fields of its code unless it is given others", () => {
  const plain = new RpcError("CALL_TIMED_OUT", "late");
  assert.equal(plain.name, "RpcError");
  assert.equal(plain.message, "late");
  assert.equal(plain.outcome, "maybe-executed");
  assert.equal(plain.retriable, false);
  assert.equal(plain.javaClass, "java.io.IOException");
  assert.equal("cause" in plain, false);
  const cause = new Error("why");
  const options = { javaClass: "a.B", outcome: "not-sent", retriable: true, cause, data: { a: 1 } } as const;
  const chosen = new RpcError("CALL_TIMED_OUT", "late", options);
  const { javaClass, outcome, retriable, data } = chosen;
  assert.deepEqual({ javaClass, outcome, retriable, cause: chosen.cause, data }, options);
  assert.equal(new RemoteError("ERROR_APPLICATION", "there").name, "RemoteError");
});

test("an RpcError passes through from as it is", () => {
  const error = new RemoteError("ERROR_NO_SUCH_METHOD", "no");
  assert.equal(RpcError.from(error, "BAD_BYTES"), error);
});

test("an error of another copy of hrpcd keeps what it says, and its kind", async () => {
  const other = (await loadOtherCopy()).protocol;
  const said = { javaClass: "a.B", outcome: "refused", retriable: true, data: { limit: 5 } } as const;
  const thrown = new other.RpcError("ERROR_NO_SUCH_METHOD", "not here", said);
  assert.ok(!(thrown instanceof RpcError));
  const error = RpcError.from(thrown, "BAD_BYTES");
  const { code, message, javaClass, outcome, retriable, data } = error;
  assert.deepEqual({ code, message }, { code: "ERROR_NO_SUCH_METHOD", message: "not here" });
  assert.deepEqual({ javaClass, outcome, retriable, data }, said);
  assert.equal(error.cause, thrown);
  assert.ok(!(error instanceof RemoteError));
  const remote = RpcError.from(new other.RemoteError("ERROR_RPC_SERVER", "far", { remoteStack: "far\n\tat a.B" }));
  assert.ok(remote instanceof RemoteError);
  assert.equal(remote.remoteStack, "far\n\tat a.B");
});

test("a code that only a newer copy of hrpcd knows is the method's failure", async () => {
  const thrown = new (await loadOtherCopy()).protocol.RpcError("BAD_BYTES", "new");
  for (const code of ["NEW_CODE", "toString", 7]) {
    Object.assign(thrown, { code, outcome: "unheard of", javaClass: 7 });
    const error = RpcError.from(thrown, "BAD_BYTES");
    assert.deepEqual(
      [error.code, error.outcome, error.javaClass],
      ["ERROR_APPLICATION", "executed", "java.io.IOException"],
    );
  }
});

test("whatever is thrown becomes an RpcError whose message is text, with the thrown value as its cause", () => {
  const refuse = (): never => {
    throw new Error("refused");
  };
  const refusing = new Proxy({}, { get: refuse, getPrototypeOf: refuse, has: refuse, ownKeys: refuse });
  const hostile = [
    refusing,
    new Proxy(new Error("inside"), { get: refuse }),
    new Proxy(refuse, { get: refuse, getPrototypeOf: refuse }),
    Object.create(null),
    { toString: refuse },
    { toString: () => ({}), valueOf: () => ({}) },
    { [Symbol.toPrimitive]: () => Symbol("no") },
    Object.assign(new Error("x"), { message: { toString: refuse } }),
    Object.assign(new Error("x"), { message: Symbol("not text") }),
    Object.assign(new Error(""), { name: Object.create(null) }),
    Object.defineProperty(new Error("x"), "message", { get: refuse }),
    Object.defineProperty({}, "constructor", { get: refuse }),
  ];
  const plain = [
    undefined,
    null,
    true,
    0,
    -0,
    Number.NaN,
    10n,
    "",
    "text",
    Symbol("s"),
    [],
    [undefined],
    {},
    () => 1,
    new Map(),
    new Date(Number.NaN),
  ];
  for (const thrown of [...hostile, ...plain]) {
    const error = RpcError.from(thrown, "ERROR_SERIALIZING_RESPONSE");
    assert.ok(error instanceof RpcError);
    assert.equal(error.code, "ERROR_SERIALIZING_RESPONSE");
    assert.equal(typeof error.message, "string");
    if (thrown !== undefined) assert.ok(Object.is(error.cause, thrown));
  }
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  assert.equal(RpcError.from(revoked.proxy).message, "an unprintable value was thrown");
});

test("an error keeps its message, or its name if it has none", () => {
  assert.equal(RpcError.from(new TypeError("bad")).message, "bad");
  assert.equal(RpcError.from(new TypeError()).message, "TypeError");
  assert.equal(RpcError.from("just text").message, "just text");
  assert.equal(RpcError.from(Symbol("s")).message, "Symbol(s)");
  assert.equal(RpcError.from(new Error("x")).code, "ERROR_APPLICATION");
});

test("the README's table of codes says what the code says, row by row", () => {
  const readme = readFileSync(new URL("protocol/README.md", projectRoot), "utf8");
  const rows = new Map<string, string[]>();
  for (const line of readme.split("\n")) {
    const cells = line.split("|").map((cell) => cell.trim());
    const code = /^`([A-Z_]+)`$/.exec(cells[1] ?? "")?.[1];
    if (code !== undefined) rows.set(code, cells.slice(2, -1));
  }
  const expected = TABLE.map(([code, info]): [string, string[]] => {
    return [code, [info.wire?.toString() ?? "", info.meaning, info.outcome, info.retriable ? "yes" : "no"]];
  });
  assert.deepEqual([...rows], expected);
});
