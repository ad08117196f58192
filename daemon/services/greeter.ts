/**
 * The service of the default configuration, and the example of how a service module is written: it exports what
 * `implement` returns, or an array of it. `hrpcd.services` names the module.
 *
 * `Server.MyInterface` is the interface that Hadoop RPC tutorials start with; it is served over Writable, so that a Java
 * client can call it, and as an Avro protocol.
 */
import { avro, writable } from "../../protocol/index.js";
import { implement } from "../protocols.js";

const greet = (name: string | null): string => `hello,${name}`;

export const MyInterface = writable({
  protocol: "Server.MyInterface",
  version: 1001,
  methods: { helloWorld: { parameters: ["java.lang.String"], returns: "java.lang.String", idempotent: true } },
});

export const MyInterfaceAvro = avro({
  protocol: "MyInterface",
  namespace: "Server",
  version: 1001,
  messages: { helloWorld: { request: [{ name: "name", type: "string" }], response: "string", idempotent: true } },
});

export default [implement(MyInterface, { helloWorld: greet }), implement(MyInterfaceAvro, { helloWorld: greet })];
