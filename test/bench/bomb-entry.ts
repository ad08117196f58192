/** Entry of the server process of `protobuf-bombs.ts`. */
import { createServer, implement } from "../../daemon/index.js";
import { loadBombs } from "./bombs.js";
import { answerParent } from "./child.js";

const taken = () => ({ text: "taken" });

const server = await createServer({
  bindAddress: "127.0.0.1",
  port: 0,
  services: [implement(await loadBombs(), { tree: taken, needy: taken, wide: taken, strict: taken })],
}).start();

answerParent((request: { readonly do: "port" | "peak" }) =>
  request.do === "port" ? server.port : process.resourceUsage().maxRSS * 1024,
);
