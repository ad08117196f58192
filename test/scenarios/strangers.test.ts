/** What a server does with peers that do not open a connection as they should: exact bytes over real sockets. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Server } from "../../daemon/index.js";
import { HTTP_ANSWER_LINES, STRANGERS, WIRE } from "../golden/wire.js";
import { bytes, hex } from "../helpers/byte-builder.js";
import { RawClient } from "../helpers/raw-client.js";
import { fatalFrame, INVALID_PROTOBUF, RPC_SERVER_EXCEPTION, TRUNCATED } from "../helpers/refusals.js";
import { contextFrame, PREAMBLE, PREAMBLE_SASL, textCall } from "../helpers/requests.js";
import { openPeer, settled, startServer, TEXT_PROTOCOL, TestPeer } from "../helpers/test-server.js";

const HTTP_ANSWER = Buffer.from(HTTP_ANSWER_LINES.join("\r\n"));
const MISMATCH = "org.apache.hadoop.ipc.RPC$VersionMismatch";

let server: Server;
before(async () => {
  server = await startServer({
    settings: { "ipc.maximum.data.length": 100_000, "hrpcd.server.handshake.max.length": 1000 },
  });
});
after(() => server.stop());

/** Everything that the server says to these bytes until it closes. */
async function answerTo(...sent: readonly Uint8Array[]): Promise<string> {
  await using client = await RawClient.connect(server.port);
  client.send(...sent);
  return (await client.untilClosed()).toString("hex");
}

function plain(digits: string): string {
  return hex(digits).toString("hex");
}

/** A FATAL answer before any call. */
function fatal(javaClass: string, message: string, code: number): string {
  return fatalFrame({ javaClass, message, code }).toString("hex");
}

function badVersion(version: number): string {
  return `Server IPC version 9 cannot communicate with client version ${version}`;
}

/** The answer that a client of versions 3 to 8 understands. */
function oldAnswer(version: number): string {
  return bytes().int32(-1).int32(-1).string32(MISMATCH).string32(badVersion(version)).build().toString("hex");
}

function opening(version: number, auth = 0): Buffer {
  return bytes().utf8("hrpc").byte(version).byte(0).byte(auth).build();
}

describe("a version that is not ours", () => {
  for (const version of [0, 1, -1, -9, -128]) {
    test(`${version} is closed without a word`, async () => {
      assert.equal(await answerTo(opening(version)), "");
    });
  }

  test("2 gets call id 0, an error byte, class and text", async () => {
    assert.equal(await answerTo(opening(2)), plain(WIRE.badVersion2));
  });

  for (const version of [3, 4, 5, 6, 7, 8]) {
    test(`${version} gets call id -1, status -1, class and text`, async () => {
      assert.equal(await answerTo(opening(version)), oldAnswer(version));
    });
  }

  test("10 gets a frame of ours with status FATAL and code 14", async () => {
    assert.equal(await answerTo(opening(10)), plain(WIRE.badVersion10));
  });

  test("127 gets the same with its number", async () => {
    assert.equal(await answerTo(opening(127)), fatal(MISMATCH, badVersion(127), 14));
  });

  for (const { name, request, answer } of STRANGERS) {
    test(`${name} reads an answer that it knows`, async () => {
      assert.equal(await answerTo(hex(request)), plain(answer));
    });
  }
});

describe("bytes that are not ours", () => {
  test("version 9 behind another magic is answered as a mismatch with version 9", async () => {
    assert.equal(await answerTo(hex("68727064 09 00 00")), fatal(MISMATCH, badVersion(9), 14));
  });

  test("an HTTP GET gets the 187 bytes that a browser shows", async () => {
    const answer = await answerTo(Buffer.from("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    assert.equal(answer, HTTP_ANSWER.toString("hex"));
    assert.equal(HTTP_ANSWER.length, 187);
  });

  test("an HTTP POST is a client of version 32", async () => {
    assert.equal(await answerTo(Buffer.from("POST / HTTP/1.1\r\n\r\n")), fatal(MISMATCH, badVersion(32), 14));
  });

  test("a TLS client hello is a client of version 1 and closed without a word", async () => {
    assert.equal(await answerTo(hex("16030102 01 000001fc0303")), "");
  });

  test("an answer that is longer than the peer's patience is not lost to what the peer goes on sending", async () => {
    assert.equal(
      await answerTo(Buffer.from("GET / HTTP/1.1\r\n"), Buffer.alloc(300_000, 0x61)),
      HTTP_ANSWER.toString("hex"),
    );
  });
});

describe("an authentication byte that nobody knows", () => {
  test("5 is refused with code 15", async () => {
    assert.equal(await answerTo(opening(9, 5)), plain(WIRE.unknownAuth5));
  });

  for (const auth of [-128, 127, -34, 1]) {
    test(`${auth} is printed as a signed number`, async () => {
      assert.equal(
        await answerTo(opening(9, auth)),
        fatal("org.apache.hadoop.ipc.IpcException", `Unknown auth protocol:${auth}`, 15),
      );
    });
  }
});

describe("the first seven bytes", () => {
  test("are not judged before all of them have come", async () => {
    const peer = new TestPeer(server);
    peer.send(Buffer.from("GET /i"));
    await settled();
    assert.equal(peer.stream.received.length, 0);
    assert.equal(peer.stream.ended, false);
    peer.send(Buffer.from("n"));
    await settled();
    assert.deepEqual(peer.stream.received, HTTP_ANSWER);
  });

  test("are not answered when they are good: the first call's answer is the first sign of life", async () => {
    for (const preamble of [PREAMBLE, PREAMBLE_SASL, hex("68727063 09 80 00"), hex("68727063 09 7f 00")]) {
      const peer = new TestPeer(server);
      peer.send(preamble);
      await settled();
      assert.equal(peer.stream.received.length, 0);
      assert.equal(peer.stream.ended, false);
      peer.stream.destroy();
    }
  });

  test("may hold any service class", async () => {
    const peer = new TestPeer(server);
    peer.send(hex("68727063 09 ff 00"), contextFrame(TEXT_PROTOCOL), textCall(0, "echo", ["hi"]));
    await settled();
    assert.deepEqual(peer.texts(), ["hi"]);
  });
});

describe("a frame length", () => {
  const bad: readonly [string, Buffer][] = [
    ["of -1", hex("ffffffff")],
    ["that is the most negative there is", hex("80000000")],
    ["of one more than the limit", bytes().int32(100_001).build()],
    ["of two gigabytes", hex("7fffffff")],
  ];
  for (const [name, length] of bad) {
    test(`${name} closes an open connection without a word`, async () => {
      assert.equal(await answerTo(PREAMBLE, contextFrame(TEXT_PROTOCOL), length), "");
    });

    test(`${name} closes a new connection without a word`, async () => {
      assert.equal(await answerTo(PREAMBLE, length), "");
    });
  }

  test("over the limit of the handshake is refused before the context, and taken after it", async () => {
    assert.equal(await answerTo(PREAMBLE, bytes().int32(1001).build()), "");
    const peer = openPeer(server);
    peer.send(textCall(0, "echo", ["x".repeat(5000)]));
    await settled();
    assert.equal(peer.texts()[0]?.length, 5000);
  });

  test("of exactly the limit is taken", async () => {
    const call = textCall(1, "echo", ["x".repeat(90_000)]);
    const filler = textCall(1, "echo", ["x".repeat(90_000 + 100_004 - call.length)]);
    assert.equal(filler.readInt32BE(0), 100_000);
    const peer = openPeer(server);
    peer.send(filler);
    await settled();
    assert.equal(peer.answers().length, 1);
    const longer = textCall(2, "echo", ["x".repeat(90_001 + 100_004 - call.length)]);
    peer.send(longer);
    await settled();
    assert.equal(peer.stream.ended, true);
    assert.equal(
      peer.stream.received.length,
      peer.stream.received.readInt32BE(0) + 4,
      "nothing came behind the first answer",
    );
  });

  test("of 0 is a frame without a header: code 13, and the end", async () => {
    const answer = await answerTo(PREAMBLE, contextFrame(TEXT_PROTOCOL), hex("00000000"));
    const message = `Error decoding RpcRequestHeaderProto: ${INVALID_PROTOBUF}: ${TRUNCATED}`;
    assert.equal(answer, fatal(RPC_SERVER_EXCEPTION, message, 13));
  });

  test("that is announced costs nothing until the bytes come", async () => {
    const peers = Array.from({ length: 200 }, () => openPeer(server));
    const before = process.memoryUsage();
    for (const peer of peers) peer.send(bytes().int32(100_000).build());
    await settled();
    const { arrayBuffers } = process.memoryUsage();
    assert.ok(arrayBuffers - before.arrayBuffers < 200 * 5000, `${arrayBuffers - before.arrayBuffers} bytes`);
    for (const peer of peers) peer.stream.destroy();
  });
});
