/**
 * Protobuf bodies made to cost: a live server must answer each as it should within 5 ms, and the connection must live.
 * Bodies of a mebibyte of the smallest items there are follow; what they may cost is bounded by `hrpcd.decode.objects.max`.
 */
import { bytes } from "../helpers/byte-builder.js";
import { decodeHadoopDelimited, encodeHadoopDelimited } from "../helpers/hadoop-proto.js";
import { RawClient } from "../helpers/raw-client.js";
import { AMPLIFIERS, BOMBS, type Bomb, PROTOCOL_NAME } from "./bombs.js";
import { Child } from "./child.js";
import { openingBytes } from "./peer.js";
import { percentile, printAtMost, printFigure } from "./verdict.js";

/** The first ones teach the compiler; then they count. */
const MANY = { warmUp: 10, repeats: 20 };
const FEW = { warmUp: 2, repeats: 5 };
const MAX_MS = 5;
const CLIENT_ID = Buffer.from("0123456789abcdef");

/** A connection that sends one call at a time. */
class Attacker {
  readonly #peer: RawClient;
  #callId = 0;

  constructor(peer: RawClient) {
    this.#peer = peer;
    peer.send(openingBytes());
  }

  /** Sends the call and waits for its answer, which must be the one that is expected. Returns milliseconds. */
  async send(bomb: Bomb): Promise<number> {
    const callId = this.#callId++;
    const frame = frameOf(bomb, callId);
    const start = performance.now();
    this.#peer.send(frame);
    const answer = await this.#peer.frames(1);
    const ms = performance.now() - start;
    const { callId: answered, errorMsg } = decodeHadoopDelimited("RpcResponseHeaderProto", answer.subarray(4)).values;
    const fits = bomb.error === undefined ? errorMsg === undefined : String(errorMsg).startsWith(bomb.error);
    if (!fits || answered !== callId) throw new Error(`${bomb.name}: the answer is ${String(errorMsg).slice(0, 200)}`);
    return ms;
  }

  /** The median time of a bomb, and the longest. */
  async measure(
    bomb: Bomb,
    { warmUp, repeats } = MANY,
  ): Promise<{ readonly median: number; readonly longest: number }> {
    const times: number[] = [];
    for (let i = 0; i < warmUp + repeats; i++) times.push(await this.send(bomb));
    const counted = times.slice(warmUp);
    return { median: percentile(counted, 0.5), longest: Math.max(...counted) };
  }
}

function frameOf({ body, head, method }: Bomb, callId: number): Buffer {
  const header = { rpcKind: 2, rpcOp: 0, callId, clientId: CLIENT_ID, retryCount: 0 };
  const own = { methodName: method, declaringClassProtocolName: PROTOCOL_NAME, clientProtocolVersion: 1n };
  return bytes()
    .frame(
      bytes()
        .bytes(encodeHadoopDelimited("RpcRequestHeaderProto", header))
        .bytes(head ?? encodeHadoopDelimited("RequestHeaderProto", own))
        .delimited(body),
    )
    .build();
}

const server = new Child(new URL("./bomb-entry.js", import.meta.url), ["server of the bombs"]);
try {
  await using peer = await RawClient.connect(await server.ask<number>({ do: "port" }));
  const attacker = new Attacker(peer);
  let slowest = 0;
  let longest = 0;
  for (const bomb of BOMBS) {
    const times = await attacker.measure(bomb);
    printFigure(`${bomb.name}, ${bomb.body.length} bytes, median`, times.median, "ms");
    slowest = Math.max(slowest, times.median);
    longest = Math.max(longest, times.longest);
  }
  printAtMost(`the slowest of ${BOMBS.length}, by medians`, slowest, MAX_MS, "ms");
  printFigure("the longest of all that were sent", longest, "ms");
  const before = await server.ask<number>({ do: "peak" });
  for (const bomb of AMPLIFIERS) {
    const { median } = await attacker.measure(bomb, FEW);
    printFigure(`1 MiB of ${bomb.name}, median`, median, "ms");
  }
  const growth = (await server.ask<number>({ do: "peak" })) - before;
  printFigure("growth of the resident memory's peak by the last", growth / 2 ** 20, "MB");
} finally {
  await server.stop();
}
