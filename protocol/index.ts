/** Protocol definitions and the errors both sides share. */
export type {
  AnyProtocol,
  Direction,
  HandlersOf,
  MethodDefinition,
  MethodMap,
  MethodsIn,
  MethodsOf,
  ProtocolDefinition,
  ProtocolSignature,
  RpcKind,
  UnknownMethods,
} from "./definition.js";
export { RPC_KIND } from "./definition.js";
export {
  type AvroDeclaration,
  type AvroField,
  type AvroFileOptions,
  type AvroMessage,
  type AvroSchema,
  type AvroSchemaObject,
  avro,
} from "./engines/avro.js";
export {
  type HadoopProtocol,
  loadProto,
  type ProtobufDeclaration,
  type ProtobufOptions,
  type ProtoSource,
  parseProto,
  protobuf,
  typesModule,
} from "./engines/protobuf.js";
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
export {
  GenericRefresh,
  GetUserMappings,
  HAService,
  ProtocolMetaInfo,
  RefreshAuthorizationPolicy,
  RefreshCallQueue,
  type RefreshResponse,
  RefreshUserMappings,
  type ServedSignature,
  type ServiceStatus,
  type StateChangeRequest,
} from "./hadoop-protocols.js";
export { HrpcdAdmin } from "./hrpcd-admin.js";
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
export type { ByteReader } from "./wire/byte-reader.js";
export type { ByteWriter } from "./wire/byte-writer.js";
export type { CallerContext } from "./wire/request-header.js";
