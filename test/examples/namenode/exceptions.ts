/**
 * The failures that callers see: Hadoop's exception classes by short names. Its clients decide by the class what to tell their
 * users; the message is what a NameNode says in the same case.
 */
import { RpcError } from "../../../protocol/index.js";

const CLASSES = {
  accessControl: "org.apache.hadoop.security.AccessControlException",
  alreadyBeingCreated: "org.apache.hadoop.hdfs.protocol.AlreadyBeingCreatedException",
  assertion: "java.lang.AssertionError",
  fileAlreadyExists: "org.apache.hadoop.fs.FileAlreadyExistsException",
  fileNotFound: "java.io.FileNotFoundException",
  hadoopIllegalArgument: "org.apache.hadoop.HadoopIllegalArgumentException",
  illegalArgument: "java.lang.IllegalArgumentException",
  invalidPath: "org.apache.hadoop.fs.InvalidPathException",
  io: "java.io.IOException",
  leaseExpired: "org.apache.hadoop.hdfs.server.namenode.LeaseExpiredException",
  maxDirectoryItems: "org.apache.hadoop.hdfs.protocol.FSLimitException$MaxDirectoryItemsExceededException",
  nsQuotaExceeded: "org.apache.hadoop.hdfs.protocol.NSQuotaExceededException",
  parentNotDirectory: "org.apache.hadoop.fs.ParentNotDirectoryException",
  pathComponentTooLong: "org.apache.hadoop.hdfs.protocol.FSLimitException$PathComponentTooLongException",
  pathIsNotDirectory: "org.apache.hadoop.fs.PathIsNotDirectoryException",
  pathIsNotEmptyDirectory: "org.apache.hadoop.fs.PathIsNotEmptyDirectoryException",
  safeMode: "org.apache.hadoop.hdfs.server.namenode.SafeModeException",
  serviceFailed: "org.apache.hadoop.ha.ServiceFailedException",
  unsupportedAction: "org.apache.hadoop.hdfs.server.namenode.UnsupportedActionException",
  unsupportedOperation: "java.lang.UnsupportedOperationException",
} as const;

/** Short name of an exception class. */
export type Failure = keyof typeof CLASSES;

/** The error to throw for a failure. */
export function failure(kind: Failure, message: string): RpcError {
  return new RpcError("ERROR_APPLICATION", message, { javaClass: CLASSES[kind] });
}

/** A name that no file may have. Its class puts words of its own before whatever it is told. */
export function invalidPath(what: string): RpcError {
  return failure("invalidPath", `Invalid path name ${what}`);
}
