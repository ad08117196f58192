/** Protocol definitions and the errors both sides share. */
export type {
  AnyProtocol,
  MethodDefinition,
  MethodMap,
  MethodsOf,
  ProtocolDefinition,
  ProtocolSignature,
  RpcKind,
} from "./definition.js";
export { RPC_KIND } from "./definition.js";
export { avro } from "./engines/avro.js";
export {
  type JavaProtocolSignature,
  type JavaValue,
  versionedProtocol,
  type WritableDeclaration,
  type WritableFields,
  type WritableFunctions,
  type WritableMethodDeclaration,
  type WritableProtocolOf,
  writable,
} from "./engines/writable.js";
export { type EventName, type EventPayloads, subscribe } from "./events.js";
export type { JsonCodec } from "./json-codec.js";
export { Reflection } from "./reflection.js";
export {
  type CallOutcome,
  JAVA_CLASS,
  RemoteError,
  RPC_ERROR_CODES,
  RpcError,
  type RpcErrorCode,
  type RpcErrorCodeInfo,
  type RpcErrorOptions,
} from "./rpc-error.js";
export { chooseVersion } from "./signature.js";
export type { CallerContext } from "./wire/request-header.js";
