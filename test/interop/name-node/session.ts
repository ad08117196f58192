/** A NameNode of Hadoop's and both clients' ways to it. */
import { userInfo } from "node:os";
import { createClient } from "../../../client/index.js";
import { loadProto, type ProtoSource } from "../../../protocol/index.js";
import { type ClusterOptions, type ClusterProcess, clusterJar, startCluster } from "../cluster.js";
import { type Pair, type SharedProtocol, sharedProtocol } from "../comparing.js";
import { HadoopCaller } from "../hadoop-caller.js";

export const CLIENT_PROTOCOL = "org.apache.hadoop.hdfs.protocol.ClientProtocol";
/** Who starts a NameNode is its superuser. */
export const SUPERUSER = userInfo().username;

export interface NameNodeSession extends AsyncDisposable {
  readonly cluster: ClusterProcess;
  /** Hadoop's own jar of the NameNode's protocols. */
  readonly source: ProtoSource;
  readonly protocol: SharedProtocol;
  /** Both clients, as the superuser. */
  readonly pair: Pair;
}

/** Starts NameNodes and both clients; disposing of the session ends them. */
export async function openNameNode(options: ClusterOptions = {}): Promise<NameNodeSession> {
  const cluster = await startCluster(options);
  const source = await loadProto(clusterJar("hadoop-hdfs-client"));
  const client = createClient({ user: SUPERUSER });
  const hadoop = HadoopCaller.start();
  return {
    cluster,
    source,
    protocol: sharedProtocol(source, CLIENT_PROTOCOL),
    pair: { client, hadoop, user: SUPERUSER, address: cluster.nameNode },
    async [Symbol.asyncDispose]() {
      await client.close();
      await hadoop[Symbol.asyncDispose]();
      await cluster[Symbol.asyncDispose]();
    },
  };
}
