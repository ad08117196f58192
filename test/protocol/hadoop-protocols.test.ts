import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnyProtocol } from "../../protocol/definition.js";
import * as protocols from "../../protocol/hadoop-protocols.js";

/** What the descriptors in hadoop-common-3.4.2.jar give for each: protocol name, version and fingerprint. */
const IN_HADOOP: Readonly<Record<keyof typeof protocols, readonly [string, number, number]>> = {
  ProtocolMetaInfo: ["org.apache.hadoop.ipc.ProtocolMetaInfoPB", 1, 1142047976],
  RefreshCallQueue: ["org.apache.hadoop.ipc.RefreshCallQueueProtocol", 1, 1149622033],
  RefreshAuthorizationPolicy: [
    "org.apache.hadoop.security.authorize.RefreshAuthorizationPolicyProtocol",
    1,
    -1881352023,
  ],
  RefreshUserMappings: ["org.apache.hadoop.security.RefreshUserMappingsProtocol", 1, -1721795010],
  GenericRefresh: ["org.apache.hadoop.ipc.GenericRefreshProtocol", 1, 744829680],
  GetUserMappings: ["org.apache.hadoop.tools.GetUserMappingsProtocol", 1, 1592211327],
  HAService: ["org.apache.hadoop.ha.HAServiceProtocol", 1, 1817535171],
};

test("names, versions and method hashes are those of Hadoop's own jar", () => {
  const ours = Object.entries(protocols).map(([key, { name, version, signature }]: [string, AnyProtocol]) => [
    key,
    [name, version, signature.fingerprint],
  ]);
  assert.deepEqual(Object.fromEntries(ours), IN_HADOOP);
});
