/** The methods of ClientProtocol: from messages to the tree and back. */
import { type Call, type Implementation, implement, type Service } from "../../../daemon/index.js";
import * as attributes from "./attributes.js";
import { ClientProtocol } from "./client-protocol.js";
import { failure } from "./exceptions.js";
import type { FileTree } from "./file-tree.js";
import { assertSuperuser, type Caller } from "./permissions.js";
import * as reading from "./reading.js";
import * as renaming from "./renaming.js";
import { RetryCache } from "./retry-cache.js";
import { aclStatusOf, contentSummaryOf, locationsOf, quotaUsageOf, statusOf } from "./statuses.js";
import * as writing from "./writing.js";

/** Bits of `createFlag` (Hadoop: `CreateFlagProto`). */
const CREATE_FLAG = { create: 1, overwrite: 2 } as const;

/** What the service is made with. */
export interface NamenodeOptions {
  readonly tree: FileTree;
  /** Who a user is. A call that names none is the user "". */
  readonly callerOf: (user: string) => Caller;
  /** Room for the tree, in bytes, and what is left of it: what `df` shows. */
  readonly space: () => { readonly capacity: bigint; readonly remaining: bigint };
}

type Methods = Implementation<typeof ClientProtocol>;
type CallerOf = (call: Call) => Caller;

/** The service, for `createServer`. */
export function namenode({ tree, callerOf, space }: NamenodeOptions): Service {
  const who: CallerOf = (call) => callerOf(call.user?.name ?? "");
  return implement(ClientProtocol, {
    ...readingMethods(tree, who),
    ...writingMethods(tree, who),
    ...attributeMethods(tree, who),
    ...systemMethods(tree, who, space),
    ...absentFeatures(tree, who),
  });
}

/** Java sends signed integers in unsigned fields. */
function signed(value: bigint): bigint {
  return BigInt.asIntN(64, value);
}

/** Java's cast to a short. */
function short(value: number): number {
  return (value << 16) >> 16;
}

function readingMethods(tree: FileTree, who: CallerOf) {
  const status = (src: string, call: Call, withLocations: boolean) => {
    const node = reading.getFileInfo(tree, who(call), src);
    return node === undefined ? {} : { fs: statusOf(node, "", withLocations) };
  };
  return {
    getFileInfo: ({ src }, call) => status(src, call, false),
    getFileLinkInfo: ({ src }, call) => status(src, call, false),
    getLocatedFileInfo: ({ src = "" }, call) => status(src, call, true),
    getListing: ({ src, startAfter, needLocation }, call) => {
      const listing = reading.getListing(tree, who(call), src, startAfter);
      if (listing === undefined) return {};
      const partialListing = listing.entries.map(({ name, node }) => statusOf(node, name, needLocation));
      return { dirList: { partialListing, remainingEntries: listing.remaining } };
    },
    getBlockLocations: ({ src, offset, length }, call) => {
      const file = reading.getBlockLocations(tree, who(call), src, signed(offset), signed(length));
      return { locations: locationsOf(file.writer !== undefined) };
    },
    getPreferredBlockSize: ({ filename }, call) => ({ bsize: reading.fileAt(tree, who(call), filename).blockSize }),
    isFileClosed: ({ src }, call) => ({ result: reading.fileAt(tree, who(call), src).writer === undefined }),
    getLinkTarget: ({ path }, call) => reading.getLinkTarget(tree, who(call), path),
    getContentSummary: ({ path }, call) => ({
      summary: contentSummaryOf(reading.getContentSummary(tree, who(call), path)),
    }),
    getQuotaUsage: ({ path }, call) => ({ usage: quotaUsageOf(reading.getQuotaUsage(tree, who(call), path)) }),
    checkAccess: ({ path, mode }, call) => {
      reading.checkAccess(tree, who(call), path, mode === "PERM_ALL" ? "ALL" : mode);
      return {};
    },
    getAclStatus: ({ src }, call) => ({
      result: aclStatusOf(reading.nodeAt(tree, who(call), src, "cannot find ")),
    }),
  } satisfies Partial<Methods>;
}

function writingMethods(tree: FileTree, who: CallerOf) {
  const answers = new RetryCache(() => tree.now());
  return {
    mkdirs: ({ src, masked, createParent }, call) => ({
      result: writing.mkdirs(tree, who(call), src, masked.perm, createParent),
    }),
    create: ({ src, masked, clientName, createFlag, createParent, replication, blockSize }, call) =>
      answers.once(call, () => {
        const file = writing.create(tree, who(call), {
          src,
          mode: masked.perm,
          writer: { holder: clientName, machine: call.remoteAddress },
          create: (createFlag & CREATE_FLAG.create) !== 0,
          overwrite: (createFlag & CREATE_FLAG.overwrite) !== 0,
          createParent,
          replication: short(replication),
          blockSize: signed(blockSize),
        });
        return { fs: statusOf(file, "", false) };
      }),
    complete: ({ src, clientName, fileId }, call) => ({
      result: writing.complete(tree, who(call), { src, holder: clientName, fileId }),
    }),
    fsync: ({ src, client, fileId }, call) => {
      writing.fsync(tree, who(call), { src, holder: client, fileId });
      return {};
    },
    renewLease: ({ clientName }) => {
      tree.assertChangeable(`renew lease for ${clientName}`);
      tree.leases.renew(clientName);
      return {};
    },
    addBlock: ({ src, clientName, fileId }, call) =>
      writing.addBlock(tree, who(call), { src, holder: clientName, fileId }),
    append: () => {
      throw failure(
        "unsupportedOperation",
        "Append is not enabled on this NameNode. Use the dfs.support.append configuration option to enable it.",
      );
    },
    rename: ({ src, dst }, call) => answers.once(call, () => ({ result: renaming.rename(tree, who(call), src, dst) })),
    rename2: ({ src, dst, overwriteDest }, call) =>
      answers.once(call, () => {
        renaming.rename2(tree, who(call), src, dst, overwriteDest);
        return {};
      }),
    delete: ({ src, recursive }, call) =>
      answers.once(call, () => ({ result: writing.remove(tree, who(call), src, recursive) })),
  } satisfies Partial<Methods>;
}

function attributeMethods(tree: FileTree, who: CallerOf) {
  return {
    setPermission: ({ src, permission }, call) => {
      attributes.setPermission(tree, who(call), src, permission.perm);
      return {};
    },
    setOwner: ({ src, username, groupname }, call) => {
      attributes.setOwner(tree, who(call), src, username, groupname);
      return {};
    },
    setReplication: ({ src, replication }, call) => ({
      result: attributes.setReplication(tree, who(call), src, short(replication)),
    }),
    setTimes: ({ src, mtime, atime }, call) => {
      attributes.setTimes(tree, who(call), src, signed(mtime), signed(atime));
      return {};
    },
    setQuota: ({ path, namespaceQuota, storagespaceQuota, storageType }, call) => {
      if (storageType !== undefined) {
        throw failure("unsupportedAction", `There are no quotas for kinds of storage: ${storageType} on ${path}`);
      }
      attributes.setQuota(tree, who(call), path, signed(namespaceQuota), signed(storagespaceQuota));
      return {};
    },
  } satisfies Partial<Methods>;
}

function systemMethods(tree: FileTree, who: CallerOf, space: NamenodeOptions["space"]) {
  return {
    getFsStats: () => ({
      ...space(),
      used: 0n,
      under_replicated: 0n,
      corrupt_blocks: 0n,
      missing_blocks: 0n,
    }),
    getServerDefaults: () => ({ serverDefaults: SERVER_DEFAULTS }),
    setSafeMode: ({ action }, call) => {
      if (action !== "SAFEMODE_GET") {
        assertSuperuser(who(call), action.toLowerCase());
        tree.inSafeMode = action === "SAFEMODE_ENTER";
      }
      return { result: tree.inSafeMode };
    },
    getDatanodeReport: () => ({}),
    getHAServiceState: () => {
      throw failure("serviceFailed", "HA for namenode is not enabled");
    },
    msync: () => ({}),
  } satisfies Partial<Methods>;
}

/** Answers to questions about what there is not: encryption, erasure coding, snapshots, other storage policies than the default. */
function absentFeatures(tree: FileTree, who: CallerOf) {
  return {
    getDataEncryptionKey: () => ({}),
    getEZForPath: () => ({}),
    getErasureCodingPolicies: () => ({}),
    getErasureCodingPolicy: ({ src }, call) => {
      reading.nodeAt(tree, who(call), src, "Path not found: ");
      return {};
    },
    getSnapshottableDirListing: () => ({}),
    getStoragePolicies: () => ({ policies: [HOT] }),
  } satisfies Partial<Methods>;
}

/** The storage policy that every file has. */
const HOT = {
  policyId: 7,
  name: "HOT",
  creationPolicy: { storageTypes: ["DISK"] },
  replicationFallbackPolicy: { storageTypes: ["ARCHIVE"] },
} as const;

/** With what clients create files unless they are told otherwise (Hadoop: hdfs-default.xml). */
const SERVER_DEFAULTS = {
  blockSize: 134_217_728n,
  bytesPerChecksum: 512,
  writePacketSize: 65_536,
  replication: 3,
  fileBufferSize: 4096,
  checksumType: "CHECKSUM_CRC32C",
  keyProviderUri: "",
  policyId: HOT.policyId,
} as const;
