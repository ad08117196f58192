/** A Hadoop server as hrpc meets it: it answers the first call of a connection with a refusal, and closes. */
import type { TestContext } from "node:test";
import { fatalFrame, type Refusal } from "./refusals.js";
import { startRogueServer } from "./rogue-server.js";

/** What Hadoop says to an RPC kind that it does not know (Hadoop: ipc/Server.java). */
const UNKNOWN_KIND: Refusal = { code: 12, message: " IPC Server: No rpc kind in rpcRequestHeader" };

/** Listens until the test ends; resolves to its address. */
export async function startStranger(t: TestContext, refusal: Refusal = UNKNOWN_KIND): Promise<string> {
  const server = await startRogueServer(t);
  const serve = async (): Promise<never> => {
    for (;;) {
      const peer = await server.accept();
      const { header } = await peer.nextCall();
      peer.socket.end(fatalFrame({ callId: Number(header.callId), retryCount: 0, ...refusal }));
    }
  };
  void serve();
  return server.address;
}
