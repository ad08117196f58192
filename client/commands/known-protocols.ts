/**
 * The protobuf protocols that Hadoop's daemons serve, each with the Java interface that a server must be asked for: the one with
 * its `@ProtocolInfo`. Nobody but a server's own code knows all that it serves, so these are asked for one by one.
 */

/** `[name, Java interface]`; one name where the protocol is called as its interface (YARN, MapReduce). */
const NAMES: readonly (readonly [name: string, javaInterface?: string])[] = [
  // hadoop-common
  ["org.apache.hadoop.ha.HAServiceProtocol", "org.apache.hadoop.ha.protocolPB.HAServiceProtocolPB"],
  ["org.apache.hadoop.ha.ZKFCProtocol", "org.apache.hadoop.ha.protocolPB.ZKFCProtocolPB"],
  ["org.apache.hadoop.ipc.GenericRefreshProtocol", "org.apache.hadoop.ipc.protocolPB.GenericRefreshProtocolPB"],
  ["org.apache.hadoop.ipc.ProtocolMetaInfoPB"],
  ["org.apache.hadoop.ipc.RefreshCallQueueProtocol", "org.apache.hadoop.ipc.protocolPB.RefreshCallQueueProtocolPB"],
  [
    "org.apache.hadoop.security.RefreshUserMappingsProtocol",
    "org.apache.hadoop.security.protocolPB.RefreshUserMappingsProtocolPB",
  ],
  [
    "org.apache.hadoop.security.authorize.RefreshAuthorizationPolicyProtocol",
    "org.apache.hadoop.security.protocolPB.RefreshAuthorizationPolicyProtocolPB",
  ],
  ["org.apache.hadoop.tools.GetUserMappingsProtocol", "org.apache.hadoop.tools.protocolPB.GetUserMappingsProtocolPB"],
  ["org.apache.hadoop.tracing.TraceAdminPB.TraceAdminService", "org.apache.hadoop.tracing.TraceAdminProtocolPB"],
  // hadoop-hdfs
  ["org.apache.hadoop.hdfs.protocol.ClientProtocol", "org.apache.hadoop.hdfs.protocolPB.ClientNamenodeProtocolPB"],
  [
    "org.apache.hadoop.hdfs.protocol.ClientDatanodeProtocol",
    "org.apache.hadoop.hdfs.protocolPB.ClientDatanodeProtocolPB",
  ],
  [
    "org.apache.hadoop.hdfs.protocol.ReconfigurationProtocol",
    "org.apache.hadoop.hdfs.protocolPB.ReconfigurationProtocolPB",
  ],
  ["org.apache.hadoop.hdfs.server.protocol.DatanodeProtocol", "org.apache.hadoop.hdfs.protocolPB.DatanodeProtocolPB"],
  [
    "org.apache.hadoop.hdfs.server.protocol.DatanodeLifelineProtocol",
    "org.apache.hadoop.hdfs.protocolPB.DatanodeLifelineProtocolPB",
  ],
  [
    "org.apache.hadoop.hdfs.server.protocol.InterDatanodeProtocol",
    "org.apache.hadoop.hdfs.protocolPB.InterDatanodeProtocolPB",
  ],
  ["org.apache.hadoop.hdfs.server.protocol.NamenodeProtocol", "org.apache.hadoop.hdfs.protocolPB.NamenodeProtocolPB"],
  ["org.apache.hadoop.hdfs.server.protocol.JournalProtocol", "org.apache.hadoop.hdfs.protocolPB.JournalProtocolPB"],
  ["org.apache.hadoop.hdfs.server.aliasmap.AliasMapProtocol", "org.apache.hadoop.hdfs.protocolPB.AliasMapProtocolPB"],
  [
    "org.apache.hadoop.hdfs.qjournal.protocol.QJournalProtocol",
    "org.apache.hadoop.hdfs.qjournal.protocolPB.QJournalProtocolPB",
  ],
  [
    "org.apache.hadoop.hdfs.qjournal.protocol.InterQJournalProtocol",
    "org.apache.hadoop.hdfs.qjournal.protocolPB.InterQJournalProtocolPB",
  ],
  ["org.apache.hadoop.hdfs.protocolPB.RouterAdminProtocol", "org.apache.hadoop.hdfs.protocolPB.RouterAdminProtocolPB"],
  // hadoop-yarn
  ["org.apache.hadoop.yarn.api.ApplicationClientProtocolPB"],
  ["org.apache.hadoop.yarn.api.ApplicationHistoryProtocolPB"],
  ["org.apache.hadoop.yarn.api.ApplicationMasterProtocolPB"],
  ["org.apache.hadoop.yarn.api.ClientSCMProtocolPB"],
  ["org.apache.hadoop.yarn.api.ContainerManagementProtocolPB"],
  ["CsiAdaptorPB", "org.apache.hadoop.yarn.api.CsiAdaptorPB"],
  ["org.apache.hadoop.yarn.server.api.CollectorNodemanagerProtocolPB"],
  ["org.apache.hadoop.yarn.server.api.DistributedSchedulingAMProtocolPB"],
  ["org.apache.hadoop.yarn.server.api.ResourceManagerAdministrationProtocolPB"],
  ["org.apache.hadoop.yarn.server.api.ResourceTrackerPB"],
  ["org.apache.hadoop.yarn.server.api.SCMAdminProtocolPB"],
  ["org.apache.hadoop.yarn.server.api.SCMUploaderProtocolPB"],
  ["org.apache.hadoop.yarn.server.nodemanager.api.LocalizationProtocolPB"],
  // hadoop-mapreduce
  [
    "org.apache.hadoop.mapreduce.v2.api.HSAdminRefreshProtocol",
    "org.apache.hadoop.mapreduce.v2.api.HSAdminRefreshProtocolPB",
  ],
  ["org.apache.hadoop.mapreduce.v2.api.HSClientProtocolPB"],
  ["org.apache.hadoop.mapreduce.v2.api.MRClientProtocolPB"],
];

/** A protocol, and the Java interface by which a Hadoop server knows it. */
export interface KnownProtocol {
  readonly name: string;
  readonly javaInterface: string;
}

/** Found in the jars of Hadoop 2.10 to 3.5. */
export const KNOWN_PROTOCOLS: readonly KnownProtocol[] = NAMES.map(([name, javaInterface = name]) => ({
  name,
  javaInterface,
}));
