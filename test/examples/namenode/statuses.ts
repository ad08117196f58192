/** What messages say of files and directories. */
import type {
  AclStatusProto,
  ContentSummaryProto,
  HdfsFileStatusProtoInit,
  QuotaUsageProto,
} from "./client-protocol.js";
import type { Node } from "./inodes.js";
import type { Usage } from "./reading.js";

/** -1 in a field of type uint64, in which Java sends its signed longs: there is no quota. */
const NO_QUOTA = BigInt.asUintN(64, -1n);

/** The status of a node; `name` is what it is called in the answer, nothing for what was asked for by its path. */
export function statusOf(node: Node, name: string, withLocations: boolean): HdfsFileStatusProtoInit {
  const file = node.kind === "file" ? node : undefined;
  return {
    fileType: file === undefined ? "IS_DIR" : "IS_FILE",
    path: Buffer.from(name),
    length: 0n,
    permission: { perm: node.mode },
    owner: node.owner,
    group: node.group,
    modification_time: BigInt.asUintN(64, node.modified),
    access_time: BigInt.asUintN(64, node.accessed),
    block_replication: file?.replication ?? 0,
    blocksize: file?.blockSize ?? 0n,
    fileId: node.id,
    childrenNum: node.kind === "directory" ? node.childCount : 0,
    ...(withLocations && file !== undefined && { locations: locationsOf(file.writer !== undefined) }),
  };
}

/** Where the data of a file is, which has none. */
export function locationsOf(open: boolean): {
  readonly fileLength: bigint;
  readonly underConstruction: boolean;
  readonly isLastBlockComplete: boolean;
} {
  return { fileLength: 0n, underConstruction: open, isLastBlockComplete: false };
}

/** A usage as `count` and `du` want it. */
export function contentSummaryOf({ counts, quota, kind }: Usage): ContentSummaryProto {
  return {
    length: 0n,
    fileCount: BigInt(counts.files),
    directoryCount: BigInt(counts.directories),
    quota: quota.names ?? NO_QUOTA,
    spaceConsumed: 0n,
    spaceQuota: quota.space ?? NO_QUOTA,
    snapshotLength: 0n,
    snapshotFileCount: 0n,
    snapshotDirectoryCount: 0n,
    snapshotSpaceConsumed: 0n,
    erasureCodingPolicy: kind === "file" ? "Replicated" : "",
  };
}

/** A usage as `count -u` wants it. */
export function quotaUsageOf({ counts, quota }: Usage): QuotaUsageProto {
  return {
    fileAndDirectoryCount: BigInt(counts.files + counts.directories),
    quota: quota.names ?? NO_QUOTA,
    spaceConsumed: 0n,
    spaceQuota: quota.space ?? NO_QUOTA,
  };
}

/** Owner, group and permission as an access control list without entries. */
export function aclStatusOf(node: Node): AclStatusProto {
  const { owner, group, sticky, mode } = node;
  return { owner, group, sticky, entries: [], permission: { perm: mode } };
}
