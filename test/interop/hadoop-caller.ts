/** Hadoop's client, told what to call; and our client's values in the form of its answers. */
import { RemoteError } from "../../protocol/index.js";
import { CLUSTER_VERSION } from "./cluster.js";
import { JavaDialogue } from "./java-dialogue.js";
import { javaClassPath } from "./maven.js";
import { JVM_OPTIONS } from "./programs.js";

/** A call as Hadoop's client makes it. */
export interface HadoopCall {
  readonly address: string;
  readonly user: string;
  /** The Java interface: `org.apache.hadoop.hdfs.protocolPB.ClientNamenodeProtocolPB`. */
  readonly javaInterface: string;
  readonly method: string;
  /** The request in protobuf's text format. */
  readonly request: string;
}

/** How a call failed. */
export interface CallFailure {
  readonly javaClass: string;
  readonly code: string;
  /** Without Java's stack. */
  readonly text: string;
}

/** What a call gave, in values that JSON has: 64-bit integers as `long 1`, bytes as `hex 00ff`. */
export type CallResult = { readonly value: unknown } | { readonly error: CallFailure };

/** A running `ReadMain`. */
export class HadoopCaller implements AsyncDisposable {
  readonly #java: JavaDialogue;

  private constructor(java: JavaDialogue) {
    this.#java = java;
  }

  static start(): HadoopCaller {
    const classPath = ["-cp", javaClassPath(CLUSTER_VERSION, "cluster")];
    return new HadoopCaller(new JavaDialogue([...JVM_OPTIONS, ...classPath, "hrpcd.cluster.ReadMain"]));
  }

  /** Makes a call; one after the other. */
  async call({ address, user, javaInterface, method, request }: HadoopCall): Promise<CallResult> {
    const result = (await this.#java.ask([address, user, javaInterface, method, request])) as CallResult;
    if (!("error" in result)) return result;
    return { error: { ...result.error, text: withoutStack(result.error.text) } };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#java[Symbol.asyncDispose]();
  }
}

/** What a call of our client gave, in the same form. A failure that is not the server's is thrown. */
export async function resultOf(call: Promise<unknown>): Promise<CallResult> {
  try {
    return { value: plain(await call) };
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    return { error: { javaClass: error.javaClass, code: error.code, text: error.message } };
  }
}

function withoutStack(text: string): string {
  const stackAt = text.search(/\r?\n\tat /);
  return stackAt < 0 ? text : text.slice(0, stackAt);
}

function plain(value: unknown): unknown {
  if (typeof value === "bigint") return `long ${value}`;
  if (value instanceof Uint8Array) return `hex ${Buffer.from(value).toString("hex")}`;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]));
}
