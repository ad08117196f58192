/**
 * The files of hadoop-common that `.proto` files of other Hadoop jars import, by path. A jar carries its own descriptors only, and
 * hadoop-hdfs-client's refer to these (Hadoop: Security.proto, HAServiceProtocol.proto).
 */
export const HADOOP_COMMON_PROTOS: ReadonlyMap<string, string> = new Map([
  [
    "Security.proto",
    `syntax = "proto2";
package hadoop.common;
option java_package = "org.apache.hadoop.security.proto";
option java_outer_classname = "SecurityProtos";
message TokenProto {
  required bytes identifier = 1;
  required bytes password = 2;
  required string kind = 3;
  required string service = 4;
}
message CredentialsKVProto {
  required string alias = 1;
  optional TokenProto token = 2;
  optional bytes secret = 3;
}
message CredentialsProto {
  repeated CredentialsKVProto tokens = 1;
  repeated CredentialsKVProto secrets = 2;
}
message GetDelegationTokenRequestProto { required string renewer = 1; }
message GetDelegationTokenResponseProto { optional TokenProto token = 1; }
message RenewDelegationTokenRequestProto { required TokenProto token = 1; }
message RenewDelegationTokenResponseProto { required uint64 newExpiryTime = 1; }
message CancelDelegationTokenRequestProto { required TokenProto token = 1; }
message CancelDelegationTokenResponseProto {}
`,
  ],
  [
    "HAServiceProtocol.proto",
    `syntax = "proto2";
package hadoop.common;
option java_package = "org.apache.hadoop.ha.proto";
option java_outer_classname = "HAServiceProtocolProtos";
enum HAServiceStateProto {
  INITIALIZING = 0;
  ACTIVE = 1;
  STANDBY = 2;
  OBSERVER = 3;
}
`,
  ],
]);
