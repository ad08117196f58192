/** Entry of the process that is our client in `hadoop.ts`: measures slices of echo calls to the protocol of Hadoop's benchmark. */
import { createClient } from "../../client/index.js";
import { loadTestRpc } from "../interop/test-rpc.js";
import { answerParent } from "./child.js";
import { measure, type Slice } from "./measure.js";
import type { EchoSystem } from "./system.js";

const TestRpc = await loadTestRpc();

/** Every connection is a client of its own, because proxies of one client share theirs. */
const system: Pick<EchoSystem, "connect"> = {
  async connect({ port, payloadBytes, slots, onEcho, onFault }) {
    const client = createClient();
    const { echo } = client.getProxy(TestRpc, `127.0.0.1:${port}`);
    const request = { message: "x".repeat(payloadBytes) };
    const callbacks = Array.from({ length: slots }, (_, slot) => ({ message }: { readonly message: string }) => {
      if (message.length === payloadBytes) onEcho(slot);
      else onFault(new Error("the echo is not what was sent"));
    });
    return {
      call: (slot) => {
        echo(request).then(callbacks[slot], onFault);
      },
      close: () => client.close(),
    };
  },
};

answerParent((slice: Slice) => measure(system, slice));
