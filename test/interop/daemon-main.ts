/**
 * Our server with the services of ServerMain, and with its manners: prints `LISTENING <port>` and serves until its
 * standard input ends.
 */
import { createServer } from "../../daemon/index.js";
import greeter from "../../daemon/services/greeter.js";
import { SERVICES } from "./everything.js";
import { PROTOBUF_SERVICES } from "./protobuf-services.js";

const server = await createServer({
  bindAddress: "127.0.0.1",
  port: 0,
  services: [...SERVICES, ...PROTOBUF_SERVICES, ...greeter],
}).start();
console.log(`LISTENING ${server.port}`);
process.stdin.resume().once("end", () => {
  void server.stop(0).then(() => process.exit(0));
});
