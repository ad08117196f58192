/** The protocol by which an operator stops the program hrpcd, or has it read its settings again. Only the program serves it. */
import { avro } from "./engines/avro.js";

/**
 * Version 1. `reload` reads the settings again, and tells the keys that took effect, those that changed but need a restart, and
 * what is odd about the files; a fault of theirs is the error, and nothing has changed then. `shutdown` is answered when the
 * drain begins.
 */
export const HrpcdAdmin = avro({
  protocol: "Admin",
  namespace: "hrpcd",
  version: 1,
  types: [
    {
      type: "record",
      name: "ReloadReport",
      fields: [
        { name: "changed", type: { type: "array", items: "string" } },
        { name: "pending", type: { type: "array", items: "string" } },
        { name: "warnings", type: { type: "array", items: "string" } },
      ],
    },
  ],
  messages: {
    reload: { request: [], response: "ReloadReport", idempotent: true },
    shutdown: { request: [], response: "null", idempotent: true },
  },
});
