/** The protocol that everything here calls, once over each engine; and what the daemon serves by itself. */
import { avro, protobuf, writable } from "../../protocol/index.js";

export const EchoOverAvro = avro({
  protocol: "Echo",
  namespace: "bench",
  version: 1,
  messages: {
    echo: { request: [{ name: "payload", type: "string" }], response: "string" },
    length: { request: [{ name: "payload", type: "bytes" }], response: "int" },
  },
});

export const EchoOverWritable = writable({
  protocol: "bench.Echo",
  version: 1,
  methods: {
    echo: { parameters: ["java.lang.String"], returns: "java.lang.String" },
    /** For what is too long for a String: on the wire, one of those has at most 65,535 bytes. */
    echoText: { parameters: ["org.apache.hadoop.io.Text"], returns: "org.apache.hadoop.io.Text" },
  },
});

interface EchoMessage {
  readonly payload: string;
}

export const EchoOverProtobuf = protobuf<{ echo: (request: EchoMessage) => EchoMessage }>({
  protocol: "bench.Echo",
  version: 1,
  service: "bench.EchoService",
  methods: [{ name: "echo", request: "bench.EchoProto", response: "bench.EchoProto" }],
  messages: [{ name: "bench.EchoProto", fields: [{ name: "payload", number: 1, type: "string", rule: "required" }] }],
  enums: [],
});

/** The protocol that the shipped configuration serves. */
export const Hello = writable({
  protocol: "Server.MyInterface",
  version: 1001,
  methods: {
    helloWorld: { parameters: ["java.lang.String"], returns: "java.lang.String" },
  },
});
