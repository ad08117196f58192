import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ServerCall } from "../../daemon/call.js";
import { Connection, PAUSE } from "../../daemon/connection.js";
import { Deadlines } from "../../daemon/deadlines.js";
import { Reader, type ReaderOptions } from "../../daemon/reader.js";
import { simple } from "../../protocol/auth-methods/simple.js";
import type { ServerSession } from "../../protocol/engine.js";
import { subscribe } from "../../protocol/events.js";
import { RpcError } from "../../protocol/rpc-error.js";
import type { ByteReader } from "../../protocol/wire/byte-reader.js";
import { ManualClock } from "../helpers/manual-clock.js";
import { MemoryStream } from "../helpers/memory-stream.js";
import { opening, textCall } from "../helpers/requests.js";
import { settled } from "../helpers/test-server.js";
import { textEngine, textService } from "../helpers/text-service.js";

const service = textService("test.Text", { echo: (text) => text });

interface Stage {
  readonly reader: Reader;
  readonly connection: Connection;
  readonly stream: MemoryStream;
  readonly calls: ServerCall[];
  /** What was refused: calls and connections, with the error. */
  readonly refused: [string, number, RpcError][];
  /** How often the handlers were told. */
  readonly turns: { count: number };
  readonly clock: ManualClock;
}

/** A reader with one open connection. */
function stage({ holdTurns = false, ...options }: Partial<ReaderOptions> & { holdTurns?: boolean } = {}): Stage {
  const clock = new ManualClock({ holdTurns });
  const deadlines = new Deadlines<Connection | ServerCall>(clock, () => {});
  const stream = new MemoryStream();
  const connection = new Connection(stream, deadlines, 65_536, clock.now());
  const calls: ServerCall[] = [];
  const refused: Stage["refused"] = [];
  const lookup = { find: () => service, versions: () => [1] };
  const turns = { count: 0 };
  const reader = new Reader({
    framesPerTurn: 4,
    maxFrameLength: 1_000_000,
    frameTimeoutMs: 1000,
    minFrameRate: 1000,
    authMethod: simple,
    openSession: () =>
      textEngine.openServer(lookup, { maxEmptyItems: 0, maxObjects: 0, maxDepth: 0, maxSchemaBytes: 0 }),
    waiting: () => 0,
    submit: (call) => calls.push(call) > 0,
    resubmit: (call) => calls.push(call) > 0,
    submitted: () => void turns.count++,
    refusal: () => undefined,
    openAccount: (name) => ({ name, connections: 1, calls: 0 }),
    memoryFull: () => {},
    responder: {
      refuseCall: (_connection, callId, _clientId, _retryCount, error) => refused.push(["call", callId, error]),
      refuseConnection: (_connection, callId, _retryCount, error) => refused.push(["connection", callId, error]),
      respondSasl: () => {},
    },
    deadlines,
    clock,
    ...options,
  });
  reader.add(connection);
  stream.send(opening("test.Text"));
  return { reader, connection, stream, calls, refused, turns, clock };
}

/** What is told of refused peers while `run` runs. */
function toldOfRefused(run: () => void): string[] {
  const told: string[] = [];
  const unsubscribe = subscribe("hrpcd:connection:refused", ({ reason }) => told.push(reason));
  try {
    run();
  } finally {
    unsubscribe();
  }
  return told;
}

function calls(count: number, text = "hi"): Buffer {
  return Buffer.concat(Array.from({ length: count }, (_, id) => textCall(id, "echo", [text])));
}

describe("a turn", () => {
  test("takes so many frames, tells the handlers once, and goes on after the event loop has turned", async () => {
    const own = stage();
    const before = own.turns.count;
    own.stream.send(calls(10));
    assert.equal(own.calls.length, 4);
    assert.equal(own.turns.count, before + 1);
    assert.equal(own.connection.paused, PAUSE.turn);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(own.calls.length, 8);
    await settled();
    assert.deepEqual(
      own.calls.map(({ id }) => id),
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    );
    assert.equal(own.connection.paused, 0);
  });

  test("comes when the clock says so", async () => {
    const own = stage({ holdTurns: true });
    own.stream.send(calls(10));
    await settled();
    assert.equal(own.calls.length, 4);
    own.clock.turn();
    assert.equal(own.calls.length, 8);
    own.clock.turn();
    assert.equal(own.calls.length, 10);
  });

  test("ends when a call does not fit into the queue, and the next begins when it does", async () => {
    const fits = [true, false, true, true];
    const own = stage({ submit: (call) => own.calls.push(call) > 0 && (fits.shift() ?? true) });
    own.stream.send(calls(4));
    await settled();
    assert.equal(own.calls.length, 2);
    assert.equal(own.connection.paused, PAUSE.queue);
    own.reader.admitted(own.connection);
    assert.equal(own.calls.length, 2, "not before the others had their turn");
    await settled();
    assert.equal(own.calls.length, 4);
    assert.equal(own.connection.paused, 0);
  });

  test("does not come while the peer does not read its answers", async () => {
    const own = stage();
    own.reader.backlogged(own.connection);
    own.stream.send(calls(2));
    await settled();
    assert.equal(own.calls.length, 0);
    own.reader.drained(own.connection);
    own.reader.drained(own.connection);
    await settled();
    assert.equal(own.calls.length, 2);
  });

  test("is not given to a connection that ended while it waited for it", async () => {
    const own = stage();
    own.stream.send(calls(10));
    own.connection.destroy("");
    own.reader.admitted(own.connection);
    own.reader.drained(own.connection);
    await settled();
    assert.equal(own.calls.length, 4);
  });
});

describe("a peer that is too slow", () => {
  test("is told as refused, with a frame that does not end", () => {
    const own = stage();
    own.stream.send(textCall(0, "echo", ["hi"]).subarray(0, 20));
    own.clock.pass(2000);
    assert.deepEqual(
      toldOfRefused(() => own.reader.expired(own.connection)),
      ["a frame was not whole in time (20 bytes of it came)"],
    );
    assert.equal(own.stream.destroyed, true);
  });

  test("is told as refused, with a context that does not come, and not again when it is gone", () => {
    const own = stage();
    const stream = new MemoryStream();
    const connection = new Connection(stream, new Deadlines(own.clock, () => {}), 65_536, own.clock.now());
    own.reader.add(connection);
    assert.deepEqual(
      toldOfRefused(() => {
        own.reader.expired(connection);
        own.reader.expired(connection);
      }),
      ["no connection context came in time (state preamble)"],
    );
    assert.equal(stream.destroyed, true);
  });
});

describe("a fault of the frame decoder", () => {
  test("that the peer caused is told as the rule that it broke", () => {
    const own = stage();
    const told = toldOfRefused(() => own.stream.send(Buffer.from("7fffffff", "hex")));
    assert.deepEqual(told, ["a frame announces 2147483647 bytes; 0 to 1000000 are allowed"]);
  });

  test("that is ours is told as ours, with its stack, and costs that connection alone", () => {
    const own = stage();
    own.connection.decoder.next = () => {
      throw new TypeError("no such property");
    };
    const [reason] = toldOfRefused(() => own.stream.send(calls(1)));
    assert.match(reason ?? "", /^a fault of this server: TypeError: no such property\n {4}at /);
    assert.equal(own.connection.over, true);
    assert.equal(own.stream.received.length, 0);
  });
});

describe("the bytes of a small frame", () => {
  /** The sizes of the buffers that calls were decoded from. */
  async function buffers(waiting: number): Promise<number[]> {
    const sizes: number[] = [];
    const session = (): ServerSession => {
      const inner = textEngine.openServer(
        { find: () => service, versions: () => [1] },
        { maxEmptyItems: 0, maxObjects: 0, maxDepth: 0, maxSchemaBytes: 0 },
      );
      return {
        readRequest(body: ByteReader, protocol: string) {
          sizes.push(body.buffer.length);
          return inner.readRequest(body, protocol);
        },
      };
    };
    const own = stage({ waiting: () => waiting, openSession: session });
    own.stream.send(Buffer.concat([calls(2), calls(1, "x".repeat(500))]));
    await settled();
    return sizes;
  }

  test("are read where they lie while nothing waits", async () => {
    const [first, second, third] = await buffers(0);
    assert.ok(first !== undefined && first > 600);
    assert.deepEqual([second, third], [first, first]);
  });

  test("are copied out of their chunk if they must wait, and those of a large one are not", async () => {
    const [first, second, third] = await buffers(1);
    assert.ok(first !== undefined && first < 60, `${first} bytes are held`);
    assert.equal(second, first);
    assert.ok(third !== undefined && third > 600);
  });
});

describe("what an engine throws while it reads a request", () => {
  const cases: readonly [string, unknown, string, string][] = [
    ["an error that costs the call", new RpcError("ERROR_NO_SUCH_METHOD", "no"), "call", "ERROR_NO_SUCH_METHOD"],
    [
      "an error that costs the connection",
      new RpcError("FATAL_DESERIALIZING_REQUEST", "no"),
      "connection",
      "FATAL_DESERIALIZING_REQUEST",
    ],
    [
      "an error of another kind: nobody knows what the bytes behind mean",
      new TypeError("no"),
      "connection",
      "FATAL_DESERIALIZING_REQUEST",
    ],
    ["nothing at all", undefined, "connection", "FATAL_DESERIALIZING_REQUEST"],
  ];
  for (const [name, thrown, what, code] of cases) {
    test(`is answered accordingly: ${name}`, () => {
      const own = stage({
        openSession: () => ({
          readRequest() {
            throw thrown;
          },
        }),
      });
      own.stream.send(textCall(3, "echo"));
      assert.equal(own.refused.length, 1);
      const [refusal] = own.refused;
      assert.deepEqual([refusal?.[0], refusal?.[1], refusal?.[2].code], [what, 3, code]);
    });
  }
});
