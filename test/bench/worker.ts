/** Entry of a process that serves or calls one system: `node worker.js <system>`, told what to do by its parent. */
import { answerParent } from "./child.js";
import { measure, type Slice } from "./measure.js";
import { loadSystem, type SystemName } from "./system.js";

export type WorkerRequest = { readonly do: "serve" } | { readonly do: "measure"; readonly slice: Slice };

const system = await loadSystem(process.argv[2] as SystemName);

answerParent((request: WorkerRequest) => {
  if (request.do === "measure") return measure(system, request.slice);
  return system.serve().then((server) => server.port);
});
