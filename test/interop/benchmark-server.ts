/**
 * Our server of the protocol that Hadoop's RPCCallBenchmark calls, with the shipped settings: prints `LISTENING <port>`
 * and serves until SIGTERM.
 */
import { createServer, implement } from "../../daemon/index.js";
import { loadTestRpc } from "./test-rpc.js";

const server = await createServer({
  bindAddress: "127.0.0.1",
  port: 0,
  services: [implement(await loadTestRpc(), { echo: ({ message }) => ({ message }) })],
}).start();
console.log(`LISTENING ${server.port}`);
process.once("SIGTERM", () => {
  void server.stop(0).then(() => process.exit(0));
});
