// biome-ignore-all format: generated
/** org.apache.hadoop.hdfs.protocol.ClientProtocol version 1 (hadoop.hdfs.ClientNamenodeProtocol). Generated; do not edit. */
import { type ProtocolDefinition, protobuf } from "../../../protocol/index.js";

/** hadoop.hdfs.AclEntryProto.AclEntryScopeProto */
export type AclEntryProto_AclEntryScopeProto = "ACCESS" | "DEFAULT";

/** hadoop.hdfs.AclEntryProto.AclEntryTypeProto */
export type AclEntryProto_AclEntryTypeProto = "USER" | "GROUP" | "MASK" | "OTHER";

/** hadoop.hdfs.AclEntryProto.FsActionProto */
export type AclEntryProto_FsActionProto = "NONE" | "EXECUTE" | "WRITE" | "WRITE_EXECUTE" | "READ" | "READ_EXECUTE" | "READ_WRITE" | "PERM_ALL";

/** hadoop.hdfs.ChecksumTypeProto */
export type ChecksumTypeProto = "CHECKSUM_NULL" | "CHECKSUM_CRC32" | "CHECKSUM_CRC32C";

/** hadoop.hdfs.DatanodeReportTypeProto */
export type DatanodeReportTypeProto = "ALL" | "LIVE" | "DEAD" | "DECOMMISSIONING" | "ENTERING_MAINTENANCE" | "IN_MAINTENANCE";

/** hadoop.hdfs.HdfsFileStatusProto.FileType */
export type HdfsFileStatusProto_FileType = "IS_DIR" | "IS_FILE" | "IS_SYMLINK";

/** hadoop.hdfs.SafeModeActionProto */
export type SafeModeActionProto = "SAFEMODE_LEAVE" | "SAFEMODE_ENTER" | "SAFEMODE_GET" | "SAFEMODE_FORCE_EXIT";

/** hadoop.hdfs.StorageTypeProto */
export type StorageTypeProto = "DISK" | "SSD" | "ARCHIVE" | "RAM_DISK" | "PROVIDED" | "NVDIMM";

/** hadoop.hdfs.AclEntryProto */
export interface AclEntryProto {
  readonly type: AclEntryProto_AclEntryTypeProto;
  readonly scope: AclEntryProto_AclEntryScopeProto;
  readonly permissions: AclEntryProto_FsActionProto;
  readonly name?: string | undefined;
}

/** hadoop.hdfs.AclStatusProto */
export interface AclStatusProto {
  readonly owner: string;
  readonly group: string;
  readonly sticky: boolean;
  readonly entries: readonly AclEntryProto[];
  readonly permission?: FsPermissionProto | undefined;
}

/** hadoop.hdfs.AclStatusProto, as it is given. */
export interface AclStatusProtoInit {
  readonly owner: string;
  readonly group: string;
  readonly sticky: boolean;
  readonly entries?: readonly AclEntryProto[] | undefined;
  readonly permission?: FsPermissionProto | undefined;
}

/** hadoop.hdfs.AddBlockRequestProto */
export interface AddBlockRequestProto {
  readonly src: string;
  readonly clientName: string;
  readonly fileId: bigint;
}

/** hadoop.hdfs.AddBlockRequestProto, as it is given. */
export interface AddBlockRequestProtoInit {
  readonly src: string;
  readonly clientName: string;
  readonly fileId?: bigint | undefined;
}

/** hadoop.hdfs.AddBlockResponseProto */
export type AddBlockResponseProto = Record<string, never>;

/** hadoop.hdfs.AppendRequestProto */
export interface AppendRequestProto {
  readonly src: string;
  readonly clientName: string;
}

/** hadoop.hdfs.AppendResponseProto */
export type AppendResponseProto = Record<string, never>;

/** hadoop.hdfs.BlockStoragePolicyProto */
export interface BlockStoragePolicyProto {
  readonly policyId: number;
  readonly name: string;
  readonly creationPolicy: StorageTypesProto;
  readonly creationFallbackPolicy?: StorageTypesProto | undefined;
  readonly replicationFallbackPolicy?: StorageTypesProto | undefined;
}

/** hadoop.hdfs.BlockStoragePolicyProto, as it is given. */
export interface BlockStoragePolicyProtoInit {
  readonly policyId: number;
  readonly name: string;
  readonly creationPolicy: StorageTypesProtoInit;
  readonly creationFallbackPolicy?: StorageTypesProtoInit | undefined;
  readonly replicationFallbackPolicy?: StorageTypesProtoInit | undefined;
}

/** hadoop.hdfs.CheckAccessRequestProto */
export interface CheckAccessRequestProto {
  readonly path: string;
  readonly mode: AclEntryProto_FsActionProto;
}

/** hadoop.hdfs.CheckAccessResponseProto */
export type CheckAccessResponseProto = Record<string, never>;

/** hadoop.hdfs.CompleteRequestProto */
export interface CompleteRequestProto {
  readonly src: string;
  readonly clientName: string;
  readonly fileId: bigint;
}

/** hadoop.hdfs.CompleteRequestProto, as it is given. */
export interface CompleteRequestProtoInit {
  readonly src: string;
  readonly clientName: string;
  readonly fileId?: bigint | undefined;
}

/** hadoop.hdfs.CompleteResponseProto */
export interface CompleteResponseProto {
  readonly result: boolean;
}

/** hadoop.hdfs.ContentSummaryProto */
export interface ContentSummaryProto {
  readonly length: bigint;
  readonly fileCount: bigint;
  readonly directoryCount: bigint;
  readonly quota: bigint;
  readonly spaceConsumed: bigint;
  readonly spaceQuota: bigint;
  readonly snapshotLength?: bigint | undefined;
  readonly snapshotFileCount?: bigint | undefined;
  readonly snapshotDirectoryCount?: bigint | undefined;
  readonly snapshotSpaceConsumed?: bigint | undefined;
  readonly erasureCodingPolicy?: string | undefined;
}

/** hadoop.hdfs.CreateRequestProto */
export interface CreateRequestProto {
  readonly src: string;
  readonly masked: FsPermissionProto;
  readonly clientName: string;
  readonly createFlag: number;
  readonly createParent: boolean;
  readonly replication: number;
  readonly blockSize: bigint;
}

/** hadoop.hdfs.CreateResponseProto */
export interface CreateResponseProto {
  readonly fs?: HdfsFileStatusProto | undefined;
}

/** hadoop.hdfs.CreateResponseProto, as it is given. */
export interface CreateResponseProtoInit {
  readonly fs?: HdfsFileStatusProtoInit | undefined;
}

/** hadoop.hdfs.DeleteRequestProto */
export interface DeleteRequestProto {
  readonly src: string;
  readonly recursive: boolean;
}

/** hadoop.hdfs.DeleteResponseProto */
export interface DeleteResponseProto {
  readonly result: boolean;
}

/** hadoop.hdfs.DirectoryListingProto */
export interface DirectoryListingProto {
  readonly partialListing: readonly HdfsFileStatusProto[];
  readonly remainingEntries: number;
}

/** hadoop.hdfs.DirectoryListingProto, as it is given. */
export interface DirectoryListingProtoInit {
  readonly partialListing?: readonly HdfsFileStatusProtoInit[] | undefined;
  readonly remainingEntries: number;
}

/** hadoop.hdfs.FsPermissionProto */
export interface FsPermissionProto {
  readonly perm: number;
}

/** hadoop.hdfs.FsServerDefaultsProto */
export interface FsServerDefaultsProto {
  readonly blockSize: bigint;
  readonly bytesPerChecksum: number;
  readonly writePacketSize: number;
  readonly replication: number;
  readonly fileBufferSize: number;
  readonly encryptDataTransfer: boolean;
  readonly trashInterval: bigint;
  readonly checksumType: ChecksumTypeProto;
  readonly keyProviderUri?: string | undefined;
  readonly policyId: number;
}

/** hadoop.hdfs.FsServerDefaultsProto, as it is given. */
export interface FsServerDefaultsProtoInit {
  readonly blockSize: bigint;
  readonly bytesPerChecksum: number;
  readonly writePacketSize: number;
  readonly replication: number;
  readonly fileBufferSize: number;
  readonly encryptDataTransfer?: boolean | undefined;
  readonly trashInterval?: bigint | undefined;
  readonly checksumType?: ChecksumTypeProto | undefined;
  readonly keyProviderUri?: string | undefined;
  readonly policyId?: number | undefined;
}

/** hadoop.hdfs.FsyncRequestProto */
export interface FsyncRequestProto {
  readonly src: string;
  readonly client: string;
  readonly fileId: bigint;
}

/** hadoop.hdfs.FsyncRequestProto, as it is given. */
export interface FsyncRequestProtoInit {
  readonly src: string;
  readonly client: string;
  readonly fileId?: bigint | undefined;
}

/** hadoop.hdfs.FsyncResponseProto */
export type FsyncResponseProto = Record<string, never>;

/** hadoop.hdfs.GetAclStatusRequestProto */
export interface GetAclStatusRequestProto {
  readonly src: string;
}

/** hadoop.hdfs.GetAclStatusResponseProto */
export interface GetAclStatusResponseProto {
  readonly result: AclStatusProto;
}

/** hadoop.hdfs.GetAclStatusResponseProto, as it is given. */
export interface GetAclStatusResponseProtoInit {
  readonly result: AclStatusProtoInit;
}

/** hadoop.hdfs.GetBlockLocationsRequestProto */
export interface GetBlockLocationsRequestProto {
  readonly src: string;
  readonly offset: bigint;
  readonly length: bigint;
}

/** hadoop.hdfs.GetBlockLocationsResponseProto */
export interface GetBlockLocationsResponseProto {
  readonly locations?: LocatedBlocksProto | undefined;
}

/** hadoop.hdfs.GetContentSummaryRequestProto */
export interface GetContentSummaryRequestProto {
  readonly path: string;
}

/** hadoop.hdfs.GetContentSummaryResponseProto */
export interface GetContentSummaryResponseProto {
  readonly summary: ContentSummaryProto;
}

/** hadoop.hdfs.GetDataEncryptionKeyRequestProto */
export type GetDataEncryptionKeyRequestProto = Record<string, never>;

/** hadoop.hdfs.GetDataEncryptionKeyResponseProto */
export type GetDataEncryptionKeyResponseProto = Record<string, never>;

/** hadoop.hdfs.GetDatanodeReportRequestProto */
export interface GetDatanodeReportRequestProto {
  readonly type: DatanodeReportTypeProto;
}

/** hadoop.hdfs.GetDatanodeReportResponseProto */
export type GetDatanodeReportResponseProto = Record<string, never>;

/** hadoop.hdfs.GetEZForPathRequestProto */
export interface GetEZForPathRequestProto {
  readonly src: string;
}

/** hadoop.hdfs.GetEZForPathResponseProto */
export type GetEZForPathResponseProto = Record<string, never>;

/** hadoop.hdfs.GetErasureCodingPoliciesRequestProto */
export type GetErasureCodingPoliciesRequestProto = Record<string, never>;

/** hadoop.hdfs.GetErasureCodingPoliciesResponseProto */
export type GetErasureCodingPoliciesResponseProto = Record<string, never>;

/** hadoop.hdfs.GetErasureCodingPolicyRequestProto */
export interface GetErasureCodingPolicyRequestProto {
  readonly src: string;
}

/** hadoop.hdfs.GetErasureCodingPolicyResponseProto */
export type GetErasureCodingPolicyResponseProto = Record<string, never>;

/** hadoop.hdfs.GetFileInfoRequestProto */
export interface GetFileInfoRequestProto {
  readonly src: string;
}

/** hadoop.hdfs.GetFileInfoResponseProto */
export interface GetFileInfoResponseProto {
  readonly fs?: HdfsFileStatusProto | undefined;
}

/** hadoop.hdfs.GetFileInfoResponseProto, as it is given. */
export interface GetFileInfoResponseProtoInit {
  readonly fs?: HdfsFileStatusProtoInit | undefined;
}

/** hadoop.hdfs.GetFileLinkInfoRequestProto */
export interface GetFileLinkInfoRequestProto {
  readonly src: string;
}

/** hadoop.hdfs.GetFileLinkInfoResponseProto */
export interface GetFileLinkInfoResponseProto {
  readonly fs?: HdfsFileStatusProto | undefined;
}

/** hadoop.hdfs.GetFileLinkInfoResponseProto, as it is given. */
export interface GetFileLinkInfoResponseProtoInit {
  readonly fs?: HdfsFileStatusProtoInit | undefined;
}

/** hadoop.hdfs.GetFsStatsResponseProto */
export interface GetFsStatsResponseProto {
  readonly capacity: bigint;
  readonly used: bigint;
  readonly remaining: bigint;
  readonly under_replicated: bigint;
  readonly corrupt_blocks: bigint;
  readonly missing_blocks: bigint;
}

/** hadoop.hdfs.GetFsStatusRequestProto */
export type GetFsStatusRequestProto = Record<string, never>;

/** hadoop.hdfs.GetLinkTargetRequestProto */
export interface GetLinkTargetRequestProto {
  readonly path: string;
}

/** hadoop.hdfs.GetLinkTargetResponseProto */
export interface GetLinkTargetResponseProto {
  readonly targetPath?: string | undefined;
}

/** hadoop.hdfs.GetListingRequestProto */
export interface GetListingRequestProto {
  readonly src: string;
  readonly startAfter: Uint8Array;
  readonly needLocation: boolean;
}

/** hadoop.hdfs.GetListingResponseProto */
export interface GetListingResponseProto {
  readonly dirList?: DirectoryListingProto | undefined;
}

/** hadoop.hdfs.GetListingResponseProto, as it is given. */
export interface GetListingResponseProtoInit {
  readonly dirList?: DirectoryListingProtoInit | undefined;
}

/** hadoop.hdfs.GetLocatedFileInfoRequestProto */
export interface GetLocatedFileInfoRequestProto {
  readonly src?: string | undefined;
  readonly needBlockToken: boolean;
}

/** hadoop.hdfs.GetLocatedFileInfoRequestProto, as it is given. */
export interface GetLocatedFileInfoRequestProtoInit {
  readonly src?: string | undefined;
  readonly needBlockToken?: boolean | undefined;
}

/** hadoop.hdfs.GetLocatedFileInfoResponseProto */
export interface GetLocatedFileInfoResponseProto {
  readonly fs?: HdfsFileStatusProto | undefined;
}

/** hadoop.hdfs.GetLocatedFileInfoResponseProto, as it is given. */
export interface GetLocatedFileInfoResponseProtoInit {
  readonly fs?: HdfsFileStatusProtoInit | undefined;
}

/** hadoop.hdfs.GetPreferredBlockSizeRequestProto */
export interface GetPreferredBlockSizeRequestProto {
  readonly filename: string;
}

/** hadoop.hdfs.GetPreferredBlockSizeResponseProto */
export interface GetPreferredBlockSizeResponseProto {
  readonly bsize: bigint;
}

/** hadoop.hdfs.GetQuotaUsageRequestProto */
export interface GetQuotaUsageRequestProto {
  readonly path: string;
}

/** hadoop.hdfs.GetQuotaUsageResponseProto */
export interface GetQuotaUsageResponseProto {
  readonly usage: QuotaUsageProto;
}

/** hadoop.hdfs.GetServerDefaultsRequestProto */
export type GetServerDefaultsRequestProto = Record<string, never>;

/** hadoop.hdfs.GetServerDefaultsResponseProto */
export interface GetServerDefaultsResponseProto {
  readonly serverDefaults: FsServerDefaultsProto;
}

/** hadoop.hdfs.GetServerDefaultsResponseProto, as it is given. */
export interface GetServerDefaultsResponseProtoInit {
  readonly serverDefaults: FsServerDefaultsProtoInit;
}

/** hadoop.hdfs.GetSnapshottableDirListingRequestProto */
export type GetSnapshottableDirListingRequestProto = Record<string, never>;

/** hadoop.hdfs.GetSnapshottableDirListingResponseProto */
export type GetSnapshottableDirListingResponseProto = Record<string, never>;

/** hadoop.hdfs.GetStoragePoliciesRequestProto */
export type GetStoragePoliciesRequestProto = Record<string, never>;

/** hadoop.hdfs.GetStoragePoliciesResponseProto */
export interface GetStoragePoliciesResponseProto {
  readonly policies: readonly BlockStoragePolicyProto[];
}

/** hadoop.hdfs.GetStoragePoliciesResponseProto, as it is given. */
export interface GetStoragePoliciesResponseProtoInit {
  readonly policies?: readonly BlockStoragePolicyProtoInit[] | undefined;
}

/** hadoop.hdfs.HAServiceStateRequestProto */
export type HAServiceStateRequestProto = Record<string, never>;

/** hadoop.hdfs.HAServiceStateResponseProto */
export type HAServiceStateResponseProto = Record<string, never>;

/** hadoop.hdfs.HdfsFileStatusProto */
export interface HdfsFileStatusProto {
  readonly fileType: HdfsFileStatusProto_FileType;
  readonly path: Uint8Array;
  readonly length: bigint;
  readonly permission: FsPermissionProto;
  readonly owner: string;
  readonly group: string;
  readonly modification_time: bigint;
  readonly access_time: bigint;
  readonly block_replication: number;
  readonly blocksize: bigint;
  readonly locations?: LocatedBlocksProto | undefined;
  readonly fileId: bigint;
  readonly childrenNum: number;
}

/** hadoop.hdfs.HdfsFileStatusProto, as it is given. */
export interface HdfsFileStatusProtoInit {
  readonly fileType: HdfsFileStatusProto_FileType;
  readonly path: Uint8Array;
  readonly length: bigint;
  readonly permission: FsPermissionProto;
  readonly owner: string;
  readonly group: string;
  readonly modification_time: bigint;
  readonly access_time: bigint;
  readonly block_replication?: number | undefined;
  readonly blocksize?: bigint | undefined;
  readonly locations?: LocatedBlocksProto | undefined;
  readonly fileId?: bigint | undefined;
  readonly childrenNum?: number | undefined;
}

/** hadoop.hdfs.IsFileClosedRequestProto */
export interface IsFileClosedRequestProto {
  readonly src: string;
}

/** hadoop.hdfs.IsFileClosedResponseProto */
export interface IsFileClosedResponseProto {
  readonly result: boolean;
}

/** hadoop.hdfs.LocatedBlocksProto */
export interface LocatedBlocksProto {
  readonly fileLength: bigint;
  readonly underConstruction: boolean;
  readonly isLastBlockComplete: boolean;
}

/** hadoop.hdfs.MkdirsRequestProto */
export interface MkdirsRequestProto {
  readonly src: string;
  readonly masked: FsPermissionProto;
  readonly createParent: boolean;
}

/** hadoop.hdfs.MkdirsResponseProto */
export interface MkdirsResponseProto {
  readonly result: boolean;
}

/** hadoop.hdfs.MsyncRequestProto */
export type MsyncRequestProto = Record<string, never>;

/** hadoop.hdfs.MsyncResponseProto */
export type MsyncResponseProto = Record<string, never>;

/** hadoop.hdfs.QuotaUsageProto */
export interface QuotaUsageProto {
  readonly fileAndDirectoryCount: bigint;
  readonly quota: bigint;
  readonly spaceConsumed: bigint;
  readonly spaceQuota: bigint;
}

/** hadoop.hdfs.Rename2RequestProto */
export interface Rename2RequestProto {
  readonly src: string;
  readonly dst: string;
  readonly overwriteDest: boolean;
}

/** hadoop.hdfs.Rename2ResponseProto */
export type Rename2ResponseProto = Record<string, never>;

/** hadoop.hdfs.RenameRequestProto */
export interface RenameRequestProto {
  readonly src: string;
  readonly dst: string;
}

/** hadoop.hdfs.RenameResponseProto */
export interface RenameResponseProto {
  readonly result: boolean;
}

/** hadoop.hdfs.RenewLeaseRequestProto */
export interface RenewLeaseRequestProto {
  readonly clientName: string;
}

/** hadoop.hdfs.RenewLeaseResponseProto */
export type RenewLeaseResponseProto = Record<string, never>;

/** hadoop.hdfs.SetOwnerRequestProto */
export interface SetOwnerRequestProto {
  readonly src: string;
  readonly username?: string | undefined;
  readonly groupname?: string | undefined;
}

/** hadoop.hdfs.SetOwnerResponseProto */
export type SetOwnerResponseProto = Record<string, never>;

/** hadoop.hdfs.SetPermissionRequestProto */
export interface SetPermissionRequestProto {
  readonly src: string;
  readonly permission: FsPermissionProto;
}

/** hadoop.hdfs.SetPermissionResponseProto */
export type SetPermissionResponseProto = Record<string, never>;

/** hadoop.hdfs.SetQuotaRequestProto */
export interface SetQuotaRequestProto {
  readonly path: string;
  readonly namespaceQuota: bigint;
  readonly storagespaceQuota: bigint;
  readonly storageType?: StorageTypeProto | undefined;
}

/** hadoop.hdfs.SetQuotaResponseProto */
export type SetQuotaResponseProto = Record<string, never>;

/** hadoop.hdfs.SetReplicationRequestProto */
export interface SetReplicationRequestProto {
  readonly src: string;
  readonly replication: number;
}

/** hadoop.hdfs.SetReplicationResponseProto */
export interface SetReplicationResponseProto {
  readonly result: boolean;
}

/** hadoop.hdfs.SetSafeModeRequestProto */
export interface SetSafeModeRequestProto {
  readonly action: SafeModeActionProto;
}

/** hadoop.hdfs.SetSafeModeResponseProto */
export interface SetSafeModeResponseProto {
  readonly result: boolean;
}

/** hadoop.hdfs.SetTimesRequestProto */
export interface SetTimesRequestProto {
  readonly src: string;
  readonly mtime: bigint;
  readonly atime: bigint;
}

/** hadoop.hdfs.SetTimesResponseProto */
export type SetTimesResponseProto = Record<string, never>;

/** hadoop.hdfs.StorageTypesProto */
export interface StorageTypesProto {
  readonly storageTypes: readonly StorageTypeProto[];
}

/** hadoop.hdfs.StorageTypesProto, as it is given. */
export interface StorageTypesProtoInit {
  readonly storageTypes?: readonly StorageTypeProto[] | undefined;
}

/** The methods, as a caller sees them. */
export type ClientNamenodeProtocolCalls = Readonly<{
  getFileInfo: (request: GetFileInfoRequestProto) => GetFileInfoResponseProto;
  getFileLinkInfo: (request: GetFileLinkInfoRequestProto) => GetFileLinkInfoResponseProto;
  getLocatedFileInfo: (request: GetLocatedFileInfoRequestProtoInit) => GetLocatedFileInfoResponseProto;
  getListing: (request: GetListingRequestProto) => GetListingResponseProto;
  getBlockLocations: (request: GetBlockLocationsRequestProto) => GetBlockLocationsResponseProto;
  getPreferredBlockSize: (request: GetPreferredBlockSizeRequestProto) => GetPreferredBlockSizeResponseProto;
  isFileClosed: (request: IsFileClosedRequestProto) => IsFileClosedResponseProto;
  getLinkTarget: (request: GetLinkTargetRequestProto) => GetLinkTargetResponseProto;
  getContentSummary: (request: GetContentSummaryRequestProto) => GetContentSummaryResponseProto;
  getQuotaUsage: (request: GetQuotaUsageRequestProto) => GetQuotaUsageResponseProto;
  checkAccess: (request: CheckAccessRequestProto) => CheckAccessResponseProto;
  getAclStatus: (request: GetAclStatusRequestProto) => GetAclStatusResponseProto;
  mkdirs: (request: MkdirsRequestProto) => MkdirsResponseProto;
  create: (request: CreateRequestProto) => CreateResponseProto;
  complete: (request: CompleteRequestProtoInit) => CompleteResponseProto;
  fsync: (request: FsyncRequestProtoInit) => FsyncResponseProto;
  renewLease: (request: RenewLeaseRequestProto) => RenewLeaseResponseProto;
  addBlock: (request: AddBlockRequestProtoInit) => AddBlockResponseProto;
  append: (request: AppendRequestProto) => AppendResponseProto;
  rename: (request: RenameRequestProto) => RenameResponseProto;
  rename2: (request: Rename2RequestProto) => Rename2ResponseProto;
  delete: (request: DeleteRequestProto) => DeleteResponseProto;
  setPermission: (request: SetPermissionRequestProto) => SetPermissionResponseProto;
  setOwner: (request: SetOwnerRequestProto) => SetOwnerResponseProto;
  setReplication: (request: SetReplicationRequestProto) => SetReplicationResponseProto;
  setTimes: (request: SetTimesRequestProto) => SetTimesResponseProto;
  setQuota: (request: SetQuotaRequestProto) => SetQuotaResponseProto;
  getFsStats: (request: GetFsStatusRequestProto) => GetFsStatsResponseProto;
  getServerDefaults: (request: GetServerDefaultsRequestProto) => GetServerDefaultsResponseProto;
  setSafeMode: (request: SetSafeModeRequestProto) => SetSafeModeResponseProto;
  getDatanodeReport: (request: GetDatanodeReportRequestProto) => GetDatanodeReportResponseProto;
  getHAServiceState: (request: HAServiceStateRequestProto) => HAServiceStateResponseProto;
  msync: (request: MsyncRequestProto) => MsyncResponseProto;
  getDataEncryptionKey: (request: GetDataEncryptionKeyRequestProto) => GetDataEncryptionKeyResponseProto;
  getEZForPath: (request: GetEZForPathRequestProto) => GetEZForPathResponseProto;
  getErasureCodingPolicies: (request: GetErasureCodingPoliciesRequestProto) => GetErasureCodingPoliciesResponseProto;
  getErasureCodingPolicy: (request: GetErasureCodingPolicyRequestProto) => GetErasureCodingPolicyResponseProto;
  getSnapshottableDirListing: (request: GetSnapshottableDirListingRequestProto) => GetSnapshottableDirListingResponseProto;
  getStoragePolicies: (request: GetStoragePoliciesRequestProto) => GetStoragePoliciesResponseProto;
}>;

/** The methods, as a service implements them. */
export type ClientNamenodeProtocolHandlers = Readonly<{
  getFileInfo: (request: GetFileInfoRequestProto) => GetFileInfoResponseProtoInit;
  getFileLinkInfo: (request: GetFileLinkInfoRequestProto) => GetFileLinkInfoResponseProtoInit;
  getLocatedFileInfo: (request: GetLocatedFileInfoRequestProto) => GetLocatedFileInfoResponseProtoInit;
  getListing: (request: GetListingRequestProto) => GetListingResponseProtoInit;
  getBlockLocations: (request: GetBlockLocationsRequestProto) => GetBlockLocationsResponseProto;
  getPreferredBlockSize: (request: GetPreferredBlockSizeRequestProto) => GetPreferredBlockSizeResponseProto;
  isFileClosed: (request: IsFileClosedRequestProto) => IsFileClosedResponseProto;
  getLinkTarget: (request: GetLinkTargetRequestProto) => GetLinkTargetResponseProto;
  getContentSummary: (request: GetContentSummaryRequestProto) => GetContentSummaryResponseProto;
  getQuotaUsage: (request: GetQuotaUsageRequestProto) => GetQuotaUsageResponseProto;
  checkAccess: (request: CheckAccessRequestProto) => CheckAccessResponseProto;
  getAclStatus: (request: GetAclStatusRequestProto) => GetAclStatusResponseProtoInit;
  mkdirs: (request: MkdirsRequestProto) => MkdirsResponseProto;
  create: (request: CreateRequestProto) => CreateResponseProtoInit;
  complete: (request: CompleteRequestProto) => CompleteResponseProto;
  fsync: (request: FsyncRequestProto) => FsyncResponseProto;
  renewLease: (request: RenewLeaseRequestProto) => RenewLeaseResponseProto;
  addBlock: (request: AddBlockRequestProto) => AddBlockResponseProto;
  append: (request: AppendRequestProto) => AppendResponseProto;
  rename: (request: RenameRequestProto) => RenameResponseProto;
  rename2: (request: Rename2RequestProto) => Rename2ResponseProto;
  delete: (request: DeleteRequestProto) => DeleteResponseProto;
  setPermission: (request: SetPermissionRequestProto) => SetPermissionResponseProto;
  setOwner: (request: SetOwnerRequestProto) => SetOwnerResponseProto;
  setReplication: (request: SetReplicationRequestProto) => SetReplicationResponseProto;
  setTimes: (request: SetTimesRequestProto) => SetTimesResponseProto;
  setQuota: (request: SetQuotaRequestProto) => SetQuotaResponseProto;
  getFsStats: (request: GetFsStatusRequestProto) => GetFsStatsResponseProto;
  getServerDefaults: (request: GetServerDefaultsRequestProto) => GetServerDefaultsResponseProtoInit;
  setSafeMode: (request: SetSafeModeRequestProto) => SetSafeModeResponseProto;
  getDatanodeReport: (request: GetDatanodeReportRequestProto) => GetDatanodeReportResponseProto;
  getHAServiceState: (request: HAServiceStateRequestProto) => HAServiceStateResponseProto;
  msync: (request: MsyncRequestProto) => MsyncResponseProto;
  getDataEncryptionKey: (request: GetDataEncryptionKeyRequestProto) => GetDataEncryptionKeyResponseProto;
  getEZForPath: (request: GetEZForPathRequestProto) => GetEZForPathResponseProto;
  getErasureCodingPolicies: (request: GetErasureCodingPoliciesRequestProto) => GetErasureCodingPoliciesResponseProto;
  getErasureCodingPolicy: (request: GetErasureCodingPolicyRequestProto) => GetErasureCodingPolicyResponseProto;
  getSnapshottableDirListing: (request: GetSnapshottableDirListingRequestProto) => GetSnapshottableDirListingResponseProto;
  getStoragePolicies: (request: GetStoragePoliciesRequestProto) => GetStoragePoliciesResponseProtoInit;
}>;

/** The protocol: for getProxy, negotiateProxy and implement. */
export const ClientProtocol: ProtocolDefinition<ClientNamenodeProtocolCalls, ClientNamenodeProtocolHandlers> =
  protobuf<ClientNamenodeProtocolCalls>({
    protocol: "org.apache.hadoop.hdfs.protocol.ClientProtocol",
    version: 1,
    javaInterface: "org.apache.hadoop.hdfs.protocolPB.ClientNamenodeProtocolPB",
    service: "hadoop.hdfs.ClientNamenodeProtocol",
    methods: [
      {"name":"getFileInfo","request":"hadoop.hdfs.GetFileInfoRequestProto","response":"hadoop.hdfs.GetFileInfoResponseProto"},
      {"name":"getFileLinkInfo","request":"hadoop.hdfs.GetFileLinkInfoRequestProto","response":"hadoop.hdfs.GetFileLinkInfoResponseProto"},
      {"name":"getLocatedFileInfo","request":"hadoop.hdfs.GetLocatedFileInfoRequestProto","response":"hadoop.hdfs.GetLocatedFileInfoResponseProto"},
      {"name":"getListing","request":"hadoop.hdfs.GetListingRequestProto","response":"hadoop.hdfs.GetListingResponseProto"},
      {"name":"getBlockLocations","request":"hadoop.hdfs.GetBlockLocationsRequestProto","response":"hadoop.hdfs.GetBlockLocationsResponseProto"},
      {"name":"getPreferredBlockSize","request":"hadoop.hdfs.GetPreferredBlockSizeRequestProto","response":"hadoop.hdfs.GetPreferredBlockSizeResponseProto"},
      {"name":"isFileClosed","request":"hadoop.hdfs.IsFileClosedRequestProto","response":"hadoop.hdfs.IsFileClosedResponseProto"},
      {"name":"getLinkTarget","request":"hadoop.hdfs.GetLinkTargetRequestProto","response":"hadoop.hdfs.GetLinkTargetResponseProto"},
      {"name":"getContentSummary","request":"hadoop.hdfs.GetContentSummaryRequestProto","response":"hadoop.hdfs.GetContentSummaryResponseProto"},
      {"name":"getQuotaUsage","request":"hadoop.hdfs.GetQuotaUsageRequestProto","response":"hadoop.hdfs.GetQuotaUsageResponseProto"},
      {"name":"checkAccess","request":"hadoop.hdfs.CheckAccessRequestProto","response":"hadoop.hdfs.CheckAccessResponseProto"},
      {"name":"getAclStatus","request":"hadoop.hdfs.GetAclStatusRequestProto","response":"hadoop.hdfs.GetAclStatusResponseProto"},
      {"name":"mkdirs","request":"hadoop.hdfs.MkdirsRequestProto","response":"hadoop.hdfs.MkdirsResponseProto"},
      {"name":"create","request":"hadoop.hdfs.CreateRequestProto","response":"hadoop.hdfs.CreateResponseProto"},
      {"name":"complete","request":"hadoop.hdfs.CompleteRequestProto","response":"hadoop.hdfs.CompleteResponseProto"},
      {"name":"fsync","request":"hadoop.hdfs.FsyncRequestProto","response":"hadoop.hdfs.FsyncResponseProto"},
      {"name":"renewLease","request":"hadoop.hdfs.RenewLeaseRequestProto","response":"hadoop.hdfs.RenewLeaseResponseProto"},
      {"name":"addBlock","request":"hadoop.hdfs.AddBlockRequestProto","response":"hadoop.hdfs.AddBlockResponseProto"},
      {"name":"append","request":"hadoop.hdfs.AppendRequestProto","response":"hadoop.hdfs.AppendResponseProto"},
      {"name":"rename","request":"hadoop.hdfs.RenameRequestProto","response":"hadoop.hdfs.RenameResponseProto"},
      {"name":"rename2","request":"hadoop.hdfs.Rename2RequestProto","response":"hadoop.hdfs.Rename2ResponseProto"},
      {"name":"delete","request":"hadoop.hdfs.DeleteRequestProto","response":"hadoop.hdfs.DeleteResponseProto"},
      {"name":"setPermission","request":"hadoop.hdfs.SetPermissionRequestProto","response":"hadoop.hdfs.SetPermissionResponseProto"},
      {"name":"setOwner","request":"hadoop.hdfs.SetOwnerRequestProto","response":"hadoop.hdfs.SetOwnerResponseProto"},
      {"name":"setReplication","request":"hadoop.hdfs.SetReplicationRequestProto","response":"hadoop.hdfs.SetReplicationResponseProto"},
      {"name":"setTimes","request":"hadoop.hdfs.SetTimesRequestProto","response":"hadoop.hdfs.SetTimesResponseProto"},
      {"name":"setQuota","request":"hadoop.hdfs.SetQuotaRequestProto","response":"hadoop.hdfs.SetQuotaResponseProto"},
      {"name":"getFsStats","request":"hadoop.hdfs.GetFsStatusRequestProto","response":"hadoop.hdfs.GetFsStatsResponseProto"},
      {"name":"getServerDefaults","request":"hadoop.hdfs.GetServerDefaultsRequestProto","response":"hadoop.hdfs.GetServerDefaultsResponseProto"},
      {"name":"setSafeMode","request":"hadoop.hdfs.SetSafeModeRequestProto","response":"hadoop.hdfs.SetSafeModeResponseProto"},
      {"name":"getDatanodeReport","request":"hadoop.hdfs.GetDatanodeReportRequestProto","response":"hadoop.hdfs.GetDatanodeReportResponseProto"},
      {"name":"getHAServiceState","request":"hadoop.hdfs.HAServiceStateRequestProto","response":"hadoop.hdfs.HAServiceStateResponseProto"},
      {"name":"msync","request":"hadoop.hdfs.MsyncRequestProto","response":"hadoop.hdfs.MsyncResponseProto"},
      {"name":"getDataEncryptionKey","request":"hadoop.hdfs.GetDataEncryptionKeyRequestProto","response":"hadoop.hdfs.GetDataEncryptionKeyResponseProto"},
      {"name":"getEZForPath","request":"hadoop.hdfs.GetEZForPathRequestProto","response":"hadoop.hdfs.GetEZForPathResponseProto"},
      {"name":"getErasureCodingPolicies","request":"hadoop.hdfs.GetErasureCodingPoliciesRequestProto","response":"hadoop.hdfs.GetErasureCodingPoliciesResponseProto"},
      {"name":"getErasureCodingPolicy","request":"hadoop.hdfs.GetErasureCodingPolicyRequestProto","response":"hadoop.hdfs.GetErasureCodingPolicyResponseProto"},
      {"name":"getSnapshottableDirListing","request":"hadoop.hdfs.GetSnapshottableDirListingRequestProto","response":"hadoop.hdfs.GetSnapshottableDirListingResponseProto"},
      {"name":"getStoragePolicies","request":"hadoop.hdfs.GetStoragePoliciesRequestProto","response":"hadoop.hdfs.GetStoragePoliciesResponseProto"},
    ],
    messages: [
      {"name":"hadoop.hdfs.GetStoragePoliciesResponseProto","fields":[{"name":"policies","number":1,"type":"hadoop.hdfs.BlockStoragePolicyProto","rule":"repeated"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$GetStoragePoliciesResponseProto"},
      {"name":"hadoop.hdfs.BlockStoragePolicyProto","fields":[{"name":"policyId","number":1,"type":"uint32","rule":"required"},{"name":"name","number":2,"type":"string","rule":"required"},{"name":"creationPolicy","number":3,"type":"hadoop.hdfs.StorageTypesProto","rule":"required"},{"name":"creationFallbackPolicy","number":4,"type":"hadoop.hdfs.StorageTypesProto"},{"name":"replicationFallbackPolicy","number":5,"type":"hadoop.hdfs.StorageTypesProto"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$BlockStoragePolicyProto"},
      {"name":"hadoop.hdfs.StorageTypesProto","fields":[{"name":"storageTypes","number":1,"type":"hadoop.hdfs.StorageTypeProto","rule":"repeated"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$StorageTypesProto"},
      {"name":"hadoop.hdfs.GetStoragePoliciesRequestProto","fields":[],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$GetStoragePoliciesRequestProto"},
      {"name":"hadoop.hdfs.GetSnapshottableDirListingResponseProto","fields":[],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$GetSnapshottableDirListingResponseProto"},
      {"name":"hadoop.hdfs.GetSnapshottableDirListingRequestProto","fields":[],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$GetSnapshottableDirListingRequestProto"},
      {"name":"hadoop.hdfs.GetErasureCodingPolicyResponseProto","fields":[],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$GetErasureCodingPolicyResponseProto"},
      {"name":"hadoop.hdfs.GetErasureCodingPolicyRequestProto","fields":[{"name":"src","number":1,"type":"string","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$GetErasureCodingPolicyRequestProto"},
      {"name":"hadoop.hdfs.GetErasureCodingPoliciesResponseProto","fields":[],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$GetErasureCodingPoliciesResponseProto"},
      {"name":"hadoop.hdfs.GetErasureCodingPoliciesRequestProto","fields":[],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$GetErasureCodingPoliciesRequestProto"},
      {"name":"hadoop.hdfs.GetEZForPathResponseProto","fields":[],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$GetEZForPathResponseProto"},
      {"name":"hadoop.hdfs.GetEZForPathRequestProto","fields":[{"name":"src","number":1,"type":"string","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$GetEZForPathRequestProto"},
      {"name":"hadoop.hdfs.GetDataEncryptionKeyResponseProto","fields":[],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$GetDataEncryptionKeyResponseProto"},
      {"name":"hadoop.hdfs.GetDataEncryptionKeyRequestProto","fields":[],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$GetDataEncryptionKeyRequestProto"},
      {"name":"hadoop.hdfs.MsyncResponseProto","fields":[],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$MsyncResponseProto"},
      {"name":"hadoop.hdfs.MsyncRequestProto","fields":[],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$MsyncRequestProto"},
      {"name":"hadoop.hdfs.HAServiceStateResponseProto","fields":[],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$HAServiceStateResponseProto"},
      {"name":"hadoop.hdfs.HAServiceStateRequestProto","fields":[],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$HAServiceStateRequestProto"},
      {"name":"hadoop.hdfs.GetDatanodeReportResponseProto","fields":[],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$GetDatanodeReportResponseProto"},
      {"name":"hadoop.hdfs.GetDatanodeReportRequestProto","fields":[{"name":"type","number":1,"type":"hadoop.hdfs.DatanodeReportTypeProto","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$GetDatanodeReportRequestProto"},
      {"name":"hadoop.hdfs.SetSafeModeResponseProto","fields":[{"name":"result","number":1,"type":"bool","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$SetSafeModeResponseProto"},
      {"name":"hadoop.hdfs.SetSafeModeRequestProto","fields":[{"name":"action","number":1,"type":"hadoop.hdfs.SafeModeActionProto","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$SetSafeModeRequestProto"},
      {"name":"hadoop.hdfs.GetServerDefaultsResponseProto","fields":[{"name":"serverDefaults","number":1,"type":"hadoop.hdfs.FsServerDefaultsProto","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$GetServerDefaultsResponseProto"},
      {"name":"hadoop.hdfs.FsServerDefaultsProto","fields":[{"name":"blockSize","number":1,"type":"uint64","rule":"required"},{"name":"bytesPerChecksum","number":2,"type":"uint32","rule":"required"},{"name":"writePacketSize","number":3,"type":"uint32","rule":"required"},{"name":"replication","number":4,"type":"uint32","rule":"required"},{"name":"fileBufferSize","number":5,"type":"uint32","rule":"required"},{"name":"encryptDataTransfer","number":6,"type":"bool","default":false},{"name":"trashInterval","number":7,"type":"uint64","default":"0"},{"name":"checksumType","number":8,"type":"hadoop.hdfs.ChecksumTypeProto","default":"CHECKSUM_CRC32"},{"name":"keyProviderUri","number":9,"type":"string"},{"name":"policyId","number":10,"type":"uint32","default":0}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$FsServerDefaultsProto"},
      {"name":"hadoop.hdfs.GetServerDefaultsRequestProto","fields":[],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$GetServerDefaultsRequestProto"},
      {"name":"hadoop.hdfs.GetFsStatsResponseProto","fields":[{"name":"capacity","number":1,"type":"uint64","rule":"required"},{"name":"used","number":2,"type":"uint64","rule":"required"},{"name":"remaining","number":3,"type":"uint64","rule":"required"},{"name":"under_replicated","number":4,"type":"uint64","rule":"required"},{"name":"corrupt_blocks","number":5,"type":"uint64","rule":"required"},{"name":"missing_blocks","number":6,"type":"uint64","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$GetFsStatsResponseProto"},
      {"name":"hadoop.hdfs.GetFsStatusRequestProto","fields":[],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$GetFsStatusRequestProto"},
      {"name":"hadoop.hdfs.SetQuotaResponseProto","fields":[],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$SetQuotaResponseProto"},
      {"name":"hadoop.hdfs.SetQuotaRequestProto","fields":[{"name":"path","number":1,"type":"string","rule":"required"},{"name":"namespaceQuota","number":2,"type":"uint64","rule":"required"},{"name":"storagespaceQuota","number":3,"type":"uint64","rule":"required"},{"name":"storageType","number":4,"type":"hadoop.hdfs.StorageTypeProto"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$SetQuotaRequestProto"},
      {"name":"hadoop.hdfs.SetTimesResponseProto","fields":[],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$SetTimesResponseProto"},
      {"name":"hadoop.hdfs.SetTimesRequestProto","fields":[{"name":"src","number":1,"type":"string","rule":"required"},{"name":"mtime","number":2,"type":"uint64","rule":"required"},{"name":"atime","number":3,"type":"uint64","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$SetTimesRequestProto"},
      {"name":"hadoop.hdfs.SetReplicationResponseProto","fields":[{"name":"result","number":1,"type":"bool","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$SetReplicationResponseProto"},
      {"name":"hadoop.hdfs.SetReplicationRequestProto","fields":[{"name":"src","number":1,"type":"string","rule":"required"},{"name":"replication","number":2,"type":"uint32","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$SetReplicationRequestProto"},
      {"name":"hadoop.hdfs.SetOwnerResponseProto","fields":[],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$SetOwnerResponseProto"},
      {"name":"hadoop.hdfs.SetOwnerRequestProto","fields":[{"name":"src","number":1,"type":"string","rule":"required"},{"name":"username","number":2,"type":"string"},{"name":"groupname","number":3,"type":"string"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$SetOwnerRequestProto"},
      {"name":"hadoop.hdfs.SetPermissionResponseProto","fields":[],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$SetPermissionResponseProto"},
      {"name":"hadoop.hdfs.SetPermissionRequestProto","fields":[{"name":"src","number":1,"type":"string","rule":"required"},{"name":"permission","number":2,"type":"hadoop.hdfs.FsPermissionProto","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$SetPermissionRequestProto"},
      {"name":"hadoop.hdfs.FsPermissionProto","fields":[{"name":"perm","number":1,"type":"uint32","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$FsPermissionProto"},
      {"name":"hadoop.hdfs.DeleteResponseProto","fields":[{"name":"result","number":1,"type":"bool","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$DeleteResponseProto"},
      {"name":"hadoop.hdfs.DeleteRequestProto","fields":[{"name":"src","number":1,"type":"string","rule":"required"},{"name":"recursive","number":2,"type":"bool","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$DeleteRequestProto"},
      {"name":"hadoop.hdfs.Rename2ResponseProto","fields":[],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$Rename2ResponseProto"},
      {"name":"hadoop.hdfs.Rename2RequestProto","fields":[{"name":"src","number":1,"type":"string","rule":"required"},{"name":"dst","number":2,"type":"string","rule":"required"},{"name":"overwriteDest","number":3,"type":"bool","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$Rename2RequestProto"},
      {"name":"hadoop.hdfs.RenameResponseProto","fields":[{"name":"result","number":1,"type":"bool","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$RenameResponseProto"},
      {"name":"hadoop.hdfs.RenameRequestProto","fields":[{"name":"src","number":1,"type":"string","rule":"required"},{"name":"dst","number":2,"type":"string","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$RenameRequestProto"},
      {"name":"hadoop.hdfs.AppendResponseProto","fields":[],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$AppendResponseProto"},
      {"name":"hadoop.hdfs.AppendRequestProto","fields":[{"name":"src","number":1,"type":"string","rule":"required"},{"name":"clientName","number":2,"type":"string","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$AppendRequestProto"},
      {"name":"hadoop.hdfs.AddBlockResponseProto","fields":[],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$AddBlockResponseProto"},
      {"name":"hadoop.hdfs.AddBlockRequestProto","fields":[{"name":"src","number":1,"type":"string","rule":"required"},{"name":"clientName","number":2,"type":"string","rule":"required"},{"name":"fileId","number":5,"type":"uint64","default":"0"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$AddBlockRequestProto"},
      {"name":"hadoop.hdfs.RenewLeaseResponseProto","fields":[],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$RenewLeaseResponseProto"},
      {"name":"hadoop.hdfs.RenewLeaseRequestProto","fields":[{"name":"clientName","number":1,"type":"string","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$RenewLeaseRequestProto"},
      {"name":"hadoop.hdfs.FsyncResponseProto","fields":[],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$FsyncResponseProto"},
      {"name":"hadoop.hdfs.FsyncRequestProto","fields":[{"name":"src","number":1,"type":"string","rule":"required"},{"name":"client","number":2,"type":"string","rule":"required"},{"name":"fileId","number":4,"type":"uint64","default":"0"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$FsyncRequestProto"},
      {"name":"hadoop.hdfs.CompleteResponseProto","fields":[{"name":"result","number":1,"type":"bool","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$CompleteResponseProto"},
      {"name":"hadoop.hdfs.CompleteRequestProto","fields":[{"name":"src","number":1,"type":"string","rule":"required"},{"name":"clientName","number":2,"type":"string","rule":"required"},{"name":"fileId","number":4,"type":"uint64","default":"0"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$CompleteRequestProto"},
      {"name":"hadoop.hdfs.CreateResponseProto","fields":[{"name":"fs","number":1,"type":"hadoop.hdfs.HdfsFileStatusProto"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$CreateResponseProto"},
      {"name":"hadoop.hdfs.HdfsFileStatusProto","fields":[{"name":"fileType","number":1,"type":"hadoop.hdfs.HdfsFileStatusProto.FileType","rule":"required"},{"name":"path","number":2,"type":"bytes","rule":"required"},{"name":"length","number":3,"type":"uint64","rule":"required"},{"name":"permission","number":4,"type":"hadoop.hdfs.FsPermissionProto","rule":"required"},{"name":"owner","number":5,"type":"string","rule":"required"},{"name":"group","number":6,"type":"string","rule":"required"},{"name":"modification_time","number":7,"type":"uint64","rule":"required"},{"name":"access_time","number":8,"type":"uint64","rule":"required"},{"name":"block_replication","number":10,"type":"uint32","default":0},{"name":"blocksize","number":11,"type":"uint64","default":"0"},{"name":"locations","number":12,"type":"hadoop.hdfs.LocatedBlocksProto"},{"name":"fileId","number":13,"type":"uint64","default":"0"},{"name":"childrenNum","number":14,"type":"int32","default":-1}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$HdfsFileStatusProto"},
      {"name":"hadoop.hdfs.LocatedBlocksProto","fields":[{"name":"fileLength","number":1,"type":"uint64","rule":"required"},{"name":"underConstruction","number":3,"type":"bool","rule":"required"},{"name":"isLastBlockComplete","number":5,"type":"bool","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$LocatedBlocksProto"},
      {"name":"hadoop.hdfs.CreateRequestProto","fields":[{"name":"src","number":1,"type":"string","rule":"required"},{"name":"masked","number":2,"type":"hadoop.hdfs.FsPermissionProto","rule":"required"},{"name":"clientName","number":3,"type":"string","rule":"required"},{"name":"createFlag","number":4,"type":"uint32","rule":"required"},{"name":"createParent","number":5,"type":"bool","rule":"required"},{"name":"replication","number":6,"type":"uint32","rule":"required"},{"name":"blockSize","number":7,"type":"uint64","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$CreateRequestProto"},
      {"name":"hadoop.hdfs.MkdirsResponseProto","fields":[{"name":"result","number":1,"type":"bool","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$MkdirsResponseProto"},
      {"name":"hadoop.hdfs.MkdirsRequestProto","fields":[{"name":"src","number":1,"type":"string","rule":"required"},{"name":"masked","number":2,"type":"hadoop.hdfs.FsPermissionProto","rule":"required"},{"name":"createParent","number":3,"type":"bool","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$MkdirsRequestProto"},
      {"name":"hadoop.hdfs.GetAclStatusResponseProto","fields":[{"name":"result","number":1,"type":"hadoop.hdfs.AclStatusProto","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$GetAclStatusResponseProto"},
      {"name":"hadoop.hdfs.AclStatusProto","fields":[{"name":"owner","number":1,"type":"string","rule":"required"},{"name":"group","number":2,"type":"string","rule":"required"},{"name":"sticky","number":3,"type":"bool","rule":"required"},{"name":"entries","number":4,"type":"hadoop.hdfs.AclEntryProto","rule":"repeated"},{"name":"permission","number":5,"type":"hadoop.hdfs.FsPermissionProto"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$AclStatusProto"},
      {"name":"hadoop.hdfs.AclEntryProto","fields":[{"name":"type","number":1,"type":"hadoop.hdfs.AclEntryProto.AclEntryTypeProto","rule":"required"},{"name":"scope","number":2,"type":"hadoop.hdfs.AclEntryProto.AclEntryScopeProto","rule":"required"},{"name":"permissions","number":3,"type":"hadoop.hdfs.AclEntryProto.FsActionProto","rule":"required"},{"name":"name","number":4,"type":"string"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$AclEntryProto"},
      {"name":"hadoop.hdfs.GetAclStatusRequestProto","fields":[{"name":"src","number":1,"type":"string","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$GetAclStatusRequestProto"},
      {"name":"hadoop.hdfs.CheckAccessResponseProto","fields":[],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$CheckAccessResponseProto"},
      {"name":"hadoop.hdfs.CheckAccessRequestProto","fields":[{"name":"path","number":1,"type":"string","rule":"required"},{"name":"mode","number":2,"type":"hadoop.hdfs.AclEntryProto.FsActionProto","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$CheckAccessRequestProto"},
      {"name":"hadoop.hdfs.GetQuotaUsageResponseProto","fields":[{"name":"usage","number":1,"type":"hadoop.hdfs.QuotaUsageProto","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$GetQuotaUsageResponseProto"},
      {"name":"hadoop.hdfs.QuotaUsageProto","fields":[{"name":"fileAndDirectoryCount","number":1,"type":"uint64","rule":"required"},{"name":"quota","number":2,"type":"uint64","rule":"required"},{"name":"spaceConsumed","number":3,"type":"uint64","rule":"required"},{"name":"spaceQuota","number":4,"type":"uint64","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$QuotaUsageProto"},
      {"name":"hadoop.hdfs.GetQuotaUsageRequestProto","fields":[{"name":"path","number":1,"type":"string","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$GetQuotaUsageRequestProto"},
      {"name":"hadoop.hdfs.GetContentSummaryResponseProto","fields":[{"name":"summary","number":1,"type":"hadoop.hdfs.ContentSummaryProto","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$GetContentSummaryResponseProto"},
      {"name":"hadoop.hdfs.ContentSummaryProto","fields":[{"name":"length","number":1,"type":"uint64","rule":"required"},{"name":"fileCount","number":2,"type":"uint64","rule":"required"},{"name":"directoryCount","number":3,"type":"uint64","rule":"required"},{"name":"quota","number":4,"type":"uint64","rule":"required"},{"name":"spaceConsumed","number":5,"type":"uint64","rule":"required"},{"name":"spaceQuota","number":6,"type":"uint64","rule":"required"},{"name":"snapshotLength","number":8,"type":"uint64"},{"name":"snapshotFileCount","number":9,"type":"uint64"},{"name":"snapshotDirectoryCount","number":10,"type":"uint64"},{"name":"snapshotSpaceConsumed","number":11,"type":"uint64"},{"name":"erasureCodingPolicy","number":12,"type":"string"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$ContentSummaryProto"},
      {"name":"hadoop.hdfs.GetContentSummaryRequestProto","fields":[{"name":"path","number":1,"type":"string","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$GetContentSummaryRequestProto"},
      {"name":"hadoop.hdfs.GetLinkTargetResponseProto","fields":[{"name":"targetPath","number":1,"type":"string"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$GetLinkTargetResponseProto"},
      {"name":"hadoop.hdfs.GetLinkTargetRequestProto","fields":[{"name":"path","number":1,"type":"string","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$GetLinkTargetRequestProto"},
      {"name":"hadoop.hdfs.IsFileClosedResponseProto","fields":[{"name":"result","number":1,"type":"bool","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$IsFileClosedResponseProto"},
      {"name":"hadoop.hdfs.IsFileClosedRequestProto","fields":[{"name":"src","number":1,"type":"string","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$IsFileClosedRequestProto"},
      {"name":"hadoop.hdfs.GetPreferredBlockSizeResponseProto","fields":[{"name":"bsize","number":1,"type":"uint64","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$GetPreferredBlockSizeResponseProto"},
      {"name":"hadoop.hdfs.GetPreferredBlockSizeRequestProto","fields":[{"name":"filename","number":1,"type":"string","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$GetPreferredBlockSizeRequestProto"},
      {"name":"hadoop.hdfs.GetBlockLocationsResponseProto","fields":[{"name":"locations","number":1,"type":"hadoop.hdfs.LocatedBlocksProto"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$GetBlockLocationsResponseProto"},
      {"name":"hadoop.hdfs.GetBlockLocationsRequestProto","fields":[{"name":"src","number":1,"type":"string","rule":"required"},{"name":"offset","number":2,"type":"uint64","rule":"required"},{"name":"length","number":3,"type":"uint64","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$GetBlockLocationsRequestProto"},
      {"name":"hadoop.hdfs.GetListingResponseProto","fields":[{"name":"dirList","number":1,"type":"hadoop.hdfs.DirectoryListingProto"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$GetListingResponseProto"},
      {"name":"hadoop.hdfs.DirectoryListingProto","fields":[{"name":"partialListing","number":1,"type":"hadoop.hdfs.HdfsFileStatusProto","rule":"repeated"},{"name":"remainingEntries","number":2,"type":"uint32","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$DirectoryListingProto"},
      {"name":"hadoop.hdfs.GetListingRequestProto","fields":[{"name":"src","number":1,"type":"string","rule":"required"},{"name":"startAfter","number":2,"type":"bytes","rule":"required"},{"name":"needLocation","number":3,"type":"bool","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$GetListingRequestProto"},
      {"name":"hadoop.hdfs.GetLocatedFileInfoResponseProto","fields":[{"name":"fs","number":1,"type":"hadoop.hdfs.HdfsFileStatusProto"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$GetLocatedFileInfoResponseProto"},
      {"name":"hadoop.hdfs.GetLocatedFileInfoRequestProto","fields":[{"name":"src","number":1,"type":"string"},{"name":"needBlockToken","number":2,"type":"bool","default":false}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$GetLocatedFileInfoRequestProto"},
      {"name":"hadoop.hdfs.GetFileLinkInfoResponseProto","fields":[{"name":"fs","number":1,"type":"hadoop.hdfs.HdfsFileStatusProto"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$GetFileLinkInfoResponseProto"},
      {"name":"hadoop.hdfs.GetFileLinkInfoRequestProto","fields":[{"name":"src","number":1,"type":"string","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$GetFileLinkInfoRequestProto"},
      {"name":"hadoop.hdfs.GetFileInfoResponseProto","fields":[{"name":"fs","number":1,"type":"hadoop.hdfs.HdfsFileStatusProto"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$GetFileInfoResponseProto"},
      {"name":"hadoop.hdfs.GetFileInfoRequestProto","fields":[{"name":"src","number":1,"type":"string","rule":"required"}],"javaClass":"org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos$GetFileInfoRequestProto"},
    ],
    enums: [
      {"name":"hadoop.hdfs.StorageTypeProto","values":[["DISK",1],["SSD",2],["ARCHIVE",3],["RAM_DISK",4],["PROVIDED",5],["NVDIMM",6]]},
      {"name":"hadoop.hdfs.DatanodeReportTypeProto","values":[["ALL",1],["LIVE",2],["DEAD",3],["DECOMMISSIONING",4],["ENTERING_MAINTENANCE",5],["IN_MAINTENANCE",6]]},
      {"name":"hadoop.hdfs.SafeModeActionProto","values":[["SAFEMODE_LEAVE",1],["SAFEMODE_ENTER",2],["SAFEMODE_GET",3],["SAFEMODE_FORCE_EXIT",4]]},
      {"name":"hadoop.hdfs.ChecksumTypeProto","values":[["CHECKSUM_NULL",0],["CHECKSUM_CRC32",1],["CHECKSUM_CRC32C",2]]},
      {"name":"hadoop.hdfs.HdfsFileStatusProto.FileType","values":[["IS_DIR",1],["IS_FILE",2],["IS_SYMLINK",3]]},
      {"name":"hadoop.hdfs.AclEntryProto.FsActionProto","values":[["NONE",0],["EXECUTE",1],["WRITE",2],["WRITE_EXECUTE",3],["READ",4],["READ_EXECUTE",5],["READ_WRITE",6],["PERM_ALL",7]]},
      {"name":"hadoop.hdfs.AclEntryProto.AclEntryScopeProto","values":[["ACCESS",0],["DEFAULT",1]]},
      {"name":"hadoop.hdfs.AclEntryProto.AclEntryTypeProto","values":[["USER",0],["GROUP",1],["MASK",2],["OTHER",3]]},
    ],
  });
