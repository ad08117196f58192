/** The protocol of Hadoop's own RPC tests, which its RPCCallBenchmark calls, as hadoop-common's test jar tells it. */
import { delimiter } from "node:path";
import { loadProto, type ProtocolDefinition, protobuf } from "../../protocol/index.js";
import { javaClassPath } from "./maven.js";

/** The release of Hadoop whose RPCCallBenchmark is run. */
export const BENCHMARK_VERSION = "3.4.2";

interface EchoMessage {
  readonly message: string;
}

/** Of the protocol's many methods the one that the benchmark calls. */
export type TestRpc = ProtocolDefinition<{ echo: (request: EchoMessage) => EchoMessage }>;

/**
 * Reads the protocol out of the jar; its name and version stand in Hadoop's ipc/TestRpcBase.java. Throws if the project
 * `benchmark` was not built.
 */
export async function loadTestRpc(): Promise<TestRpc> {
  const jars = javaClassPath(BENCHMARK_VERSION, "benchmark").split(delimiter);
  const jar = jars.find((path) => path.endsWith("-tests.jar"));
  if (jar === undefined) throw new Error("the class path of the project benchmark lacks hadoop-common's test jar");
  const declaration = (await loadProto(jar)).declarationOf({
    service: "hadoop.common.TestProtobufRpcProto",
    protocolName: "org.apache.hadoop.ipc.TestRpcBase$TestRpcService",
    version: 1,
  });
  return protobuf({ ...declaration, methods: declaration.methods.filter(({ name }) => name === "echo") });
}
