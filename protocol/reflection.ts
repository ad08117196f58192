/**
 * The protocol by which a peer learns what a server serves: names, versions, methods and types. Every server of ours has it;
 * a Hadoop server does not know its RPC kind and closes the connection.
 */
import { avro } from "./engines/avro.js";

/**
 * Version 1. `ping` answers nothing, `list` names every protocol served, `describe` gives each version and engine of one name
 * with the declaration of which `engine.define` makes the definition again.
 */
export const Reflection = avro({
  protocol: "Reflection",
  namespace: "hrpcd",
  version: 1,
  types: [
    {
      type: "record",
      name: "ServedProtocol",
      fields: [
        { name: "name", type: "string" },
        { name: "version", type: "long" },
        { name: "kind", type: "int" },
        { name: "engine", type: "string" },
        { name: "fingerprint", type: "int" },
      ],
    },
    {
      type: "record",
      name: "ProtocolDescription",
      fields: [
        { name: "name", type: "string" },
        { name: "version", type: "long" },
        { name: "engine", type: "string" },
        { name: "methods", type: { type: "array", items: "string" } },
        { name: "hashes", type: { type: "array", items: "int" } },
        { name: "declaration", type: "string" },
      ],
    },
  ],
  messages: {
    ping: { request: [], response: "null", idempotent: true },
    list: { request: [], response: { type: "array", items: "ServedProtocol" }, idempotent: true },
    describe: {
      request: [{ name: "name", type: "string" }],
      response: { type: "array", items: "ProtocolDescription" },
      idempotent: true,
    },
  },
});
