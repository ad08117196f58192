/** What travels beside a call: caller context, client id, retry count, state id. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Connect, connectTcp } from "../../../client/byte-stream.js";
import { createClient } from "../../../client/index.js";
import { callsOf } from "../../helpers/answers.js";
import { decodeHadoopDelimited } from "../../helpers/hadoop-proto.js";
import { make, mkdirs, remove } from "./changes.js";
import { type NameNodeSession, SUPERUSER } from "./session.js";

/** Declares the tests; `session` is asked when they run. */
export function headerFields(session: () => NameNodeSession): void {
  test("the audit log shows the caller context, of the client and of a call", async () => {
    await using client = createClient({ user: SUPERUSER, callerContext: { context: "hrpcd_job_1" } });
    const proxy = client.getProxy(session().protocol.definition, session().cluster.nameNode);
    await proxy.getFileInfo?.({ src: "/audited-1" });
    const signed = { context: "hrpcd_job_2", signature: Buffer.from("signed") };
    await proxy.getFileInfo?.({ src: "/audited-2" }, { callerContext: signed });
    const first = await session().cluster.auditLog.find("src=/audited-1");
    assert.match(first, /\bcmd=getfileinfo\b.*\bcallerContext=hrpcd_job_1(,|$)/);
    assert.match(first, new RegExp(`ugi=${SUPERUSER} .*proto=rpc`));
    assert.match(await session().cluster.auditLog.find("src=/audited-2"), /\bcallerContext=hrpcd_job_2(,.*)?:signed$/);
  });

  test("a call with the client id and call id of an earlier one gets that one's answer", async () => {
    const clientId = Buffer.from("hrpcd, 16 bytes!");
    await make(session(), "/once", mkdirs(""));
    for (const retryCount of [0, 1]) {
      await using client = createClient({ user: SUPERUSER, clientId });
      const proxy = client.getProxy(session().protocol.definition, session().cluster.nameNode);
      const result = await proxy.delete?.({ src: "/once", recursive: true }, { retryCount });
      assert.deepEqual(result, { result: true }, `retry ${retryCount}`);
    }
    assert.deepEqual(await make(session(), "/once", remove("", true)), { value: { result: false } });
  });

  test("retry count and client id come back in the answer; the state that an answer told goes back with the next call", async () => {
    const sent: Buffer[] = [];
    const received: Buffer[] = [];
    const connect: Connect = (address, noDelay, events) => {
      const stream = connectTcp(address, noDelay, {
        connected: () => events.connected(),
        drained: () => events.drained(),
        closed: (error) => events.closed(error),
        received(chunk) {
          received.push(chunk);
          events.received(chunk);
        },
      });
      const write = stream.write.bind(stream);
      stream.write = (bytes, written) => {
        sent.push(Buffer.from(bytes));
        return write(bytes, written);
      };
      return stream;
    };
    const clientId = Buffer.from("hrpcd, state ids");
    await using client = createClient({ user: SUPERUSER, clientId, connect });
    const proxy = client.getProxy(session().protocol.definition, session().cluster.nameNode);
    for (const path of ["/state", "/state/1", "/state/2"]) {
      await proxy.mkdirs?.(mkdirs("")[1](path) as object, { retryCount: 3 });
    }
    await proxy.getFileInfo?.({ src: "/state" });
    const asked = callsOf(Buffer.concat(sent)).map(({ header }) => header);
    const answered = responseHeaders(Buffer.concat(received));
    assert.deepEqual(
      answered.map(({ retryCount }) => retryCount),
      [3, 3, 3, 0],
    );
    for (const answer of answered) assert.deepEqual(answer.clientId, clientId);
    const states = answered.map(({ stateId }) => stateId as bigint);
    assert.deepEqual(
      asked.map(({ stateId }) => stateId),
      [undefined, ...states.slice(0, -1)],
    );
    // Every folder is a transaction.
    const [first = 0n] = states;
    assert.deepEqual(states, [first, first + 1n, first + 2n, first + 2n]);
  });
}

/** The headers of whole answers. */
function responseHeaders(stream: Buffer): Record<string, unknown>[] {
  const headers: Record<string, unknown>[] = [];
  for (let at = 0; at < stream.length; at += 4 + stream.readInt32BE(at)) {
    headers.push(decodeHadoopDelimited("RpcResponseHeaderProto", stream.subarray(at + 4)).values);
  }
  return headers;
}
