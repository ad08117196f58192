/** What `blocking.ts` calls: a method that is quick, and one that holds the event loop. */
import { avro } from "../../protocol/index.js";

export const Blocking = avro({
  protocol: "Blocking",
  namespace: "bench",
  version: 1,
  messages: {
    echo: { request: [{ name: "payload", type: "string" }], response: "string" },
    hold: { request: [{ name: "ms", type: "int" }], response: "double" },
  },
});

/** What the server process reports: the longest delay that it measured itself, in milliseconds, and lines of its log. */
export interface BlockingReport {
  readonly longestMs: number;
  readonly lines: number;
}

export type BlockingRequest = { readonly do: "port" } | { readonly do: "report" };
