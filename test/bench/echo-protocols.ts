/** The protocol that everything here calls, once over each engine. */
import { avro, writable } from "../../protocol/index.js";

export const EchoOverAvro = avro({
  protocol: "Echo",
  namespace: "bench",
  version: 1,
  messages: {
    echo: { request: [{ name: "payload", type: "string" }], response: "string" },
  },
});

export const EchoOverWritable = writable({
  protocol: "bench.Echo",
  version: 1,
  methods: {
    echo: { parameters: ["java.lang.String"], returns: "java.lang.String" },
  },
});
