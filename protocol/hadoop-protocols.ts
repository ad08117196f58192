/**
 * Protocols that every Hadoop daemon serves, or that its tools call on any: version 1 each, over protobuf. Server and client
 * share these definitions (Hadoop: the `.proto` files of hadoop-common).
 *
 * ```
 *   ProtocolMetaInfo             which versions and method hashes of a protocol a server has
 *   RefreshCallQueue             read the settings of the call queue again
 *   RefreshAuthorizationPolicy   read the access lists of services again
 *   RefreshUserMappings          forget cached groups; read again who may act for whom
 *   GenericRefresh               whatever a service registers under an identifier
 *   GetUserMappings              the groups of a user
 *   HAService                    health and state of a daemon that has a stand-by
 * ```
 */
import type { MethodMap, ProtocolDefinition } from "./definition.js";
import type { EnumDeclaration, FieldDeclaration } from "./engines/protobuf.js";
import { protobuf } from "./engines/protobuf.js";

/** A message without fields. */
type Empty = Record<string, never>;

/** `{ name: [request, response] }`, messages by their last name; all lie in the package hadoop.common. */
interface CommonProtocol {
  readonly protocol: string;
  /** By which Hadoop's servers are asked of the protocol: the Java interface that has its `@ProtocolInfo`. */
  readonly javaInterface: string;
  readonly service: string;
  /** Java class that holds the messages' classes. */
  readonly javaOuterClass: string;
  readonly methods: { readonly [name: string]: readonly [request: string, response: string] };
  readonly messages?: { readonly [name: string]: readonly FieldDeclaration[] };
  readonly enums?: readonly EnumDeclaration[];
  readonly idempotent: boolean;
}

function common<M extends MethodMap>(given: CommonProtocol): ProtocolDefinition<M> {
  const { idempotent, javaOuterClass, messages = {}, methods } = given;
  const names = new Set([...Object.values(methods).flat(), ...Object.keys(messages)]);
  return protobuf<M>({
    protocol: given.protocol,
    javaInterface: given.javaInterface,
    version: 1,
    service: `hadoop.common.${given.service}`,
    methods: Object.entries(methods).map(([name, [request, response]]) => ({
      name,
      request: `hadoop.common.${request}`,
      response: `hadoop.common.${response}`,
      idempotent,
    })),
    messages: [...names].map((name) => ({
      name: `hadoop.common.${name}`,
      javaClass: `${javaOuterClass}$${name}`,
      fields: messages[name] ?? [],
    })),
    enums: given.enums ?? [],
  });
}

/** What a server has of a protocol in one version: the version and its method hashes, unsigned. */
export interface ServedSignature {
  readonly version: bigint;
  readonly methods: number[];
}

/** `protocol` is the name of a Java class or of a protocol, `rpcKind` a name such as "RPC_PROTOCOL_BUFFER". */
export const ProtocolMetaInfo = common<{
  getProtocolVersions(request: { protocol: string }): {
    protocolVersions: { rpcKind: string; versions: bigint[] }[];
  };
  getProtocolSignature(request: { protocol: string; rpcKind: string }): { protocolSignature: ServedSignature[] };
}>({
  protocol: "org.apache.hadoop.ipc.ProtocolMetaInfoPB",
  javaInterface: "org.apache.hadoop.ipc.ProtocolMetaInfoPB",
  service: "ProtocolInfoService",
  javaOuterClass: "org.apache.hadoop.ipc.protobuf.ProtocolInfoProtos",
  idempotent: true,
  methods: {
    getProtocolVersions: ["GetProtocolVersionsRequestProto", "GetProtocolVersionsResponseProto"],
    getProtocolSignature: ["GetProtocolSignatureRequestProto", "GetProtocolSignatureResponseProto"],
  },
  messages: {
    GetProtocolVersionsRequestProto: [{ name: "protocol", number: 1, type: "string", rule: "required" }],
    ProtocolVersionProto: [
      { name: "rpcKind", number: 1, type: "string", rule: "required" },
      { name: "versions", number: 2, type: "uint64", rule: "repeated" },
    ],
    GetProtocolVersionsResponseProto: [
      { name: "protocolVersions", number: 1, type: "hadoop.common.ProtocolVersionProto", rule: "repeated" },
    ],
    GetProtocolSignatureRequestProto: [
      { name: "protocol", number: 1, type: "string", rule: "required" },
      { name: "rpcKind", number: 2, type: "string", rule: "required" },
    ],
    ProtocolSignatureProto: [
      { name: "version", number: 1, type: "uint64", rule: "required" },
      { name: "methods", number: 2, type: "uint32", rule: "repeated" },
    ],
    GetProtocolSignatureResponseProto: [
      { name: "protocolSignature", number: 1, type: "hadoop.common.ProtocolSignatureProto", rule: "repeated" },
    ],
  },
});

/** A server reads the settings of its call queue again (`dfsadmin -refreshCallQueue`). */
export const RefreshCallQueue = common<{ refreshCallQueue(request: Empty): Empty }>({
  protocol: "org.apache.hadoop.ipc.RefreshCallQueueProtocol",
  javaInterface: "org.apache.hadoop.ipc.protocolPB.RefreshCallQueueProtocolPB",
  service: "RefreshCallQueueProtocolService",
  javaOuterClass: "org.apache.hadoop.ipc.proto.RefreshCallQueueProtocolProtos",
  idempotent: true,
  methods: { refreshCallQueue: ["RefreshCallQueueRequestProto", "RefreshCallQueueResponseProto"] },
});

/** A server reads its access lists again (`dfsadmin -refreshServiceAcl`). */
export const RefreshAuthorizationPolicy = common<{ refreshServiceAcl(request: Empty): Empty }>({
  protocol: "org.apache.hadoop.security.authorize.RefreshAuthorizationPolicyProtocol",
  javaInterface: "org.apache.hadoop.security.protocolPB.RefreshAuthorizationPolicyProtocolPB",
  service: "RefreshAuthorizationPolicyProtocolService",
  javaOuterClass: "org.apache.hadoop.security.proto.RefreshAuthorizationPolicyProtocolProtos",
  idempotent: true,
  methods: { refreshServiceAcl: ["RefreshServiceAclRequestProto", "RefreshServiceAclResponseProto"] },
});

/** A server forgets cached groups, and reads again who may act for whom (`dfsadmin -refreshUserToGroupsMappings`). */
export const RefreshUserMappings = common<{
  refreshUserToGroupsMappings(request: Empty): Empty;
  refreshSuperUserGroupsConfiguration(request: Empty): Empty;
}>({
  protocol: "org.apache.hadoop.security.RefreshUserMappingsProtocol",
  javaInterface: "org.apache.hadoop.security.protocolPB.RefreshUserMappingsProtocolPB",
  service: "RefreshUserMappingsProtocolService",
  javaOuterClass: "org.apache.hadoop.security.proto.RefreshUserMappingsProtocolProtos",
  idempotent: true,
  methods: {
    refreshUserToGroupsMappings: [
      "RefreshUserToGroupsMappingsRequestProto",
      "RefreshUserToGroupsMappingsResponseProto",
    ],
    refreshSuperUserGroupsConfiguration: [
      "RefreshSuperUserGroupsConfigurationRequestProto",
      "RefreshSuperUserGroupsConfigurationResponseProto",
    ],
  },
});

/** What one handler of an identifier said; status 0 is success. */
export interface RefreshResponse {
  readonly exitStatus?: number;
  readonly userMessage?: string;
  readonly senderName?: string;
}

/** A server runs the handlers that are registered under an identifier (`dfsadmin -refresh HOST:PORT IDENTIFIER`). */
export const GenericRefresh = common<{
  refresh(request: { identifier?: string; args?: string[] }): { responses: RefreshResponse[] };
}>({
  protocol: "org.apache.hadoop.ipc.GenericRefreshProtocol",
  javaInterface: "org.apache.hadoop.ipc.protocolPB.GenericRefreshProtocolPB",
  service: "GenericRefreshProtocolService",
  javaOuterClass: "org.apache.hadoop.ipc.proto.GenericRefreshProtocolProtos",
  idempotent: true,
  methods: { refresh: ["GenericRefreshRequestProto", "GenericRefreshResponseCollectionProto"] },
  messages: {
    GenericRefreshRequestProto: [
      { name: "identifier", number: 1, type: "string" },
      { name: "args", number: 2, type: "string", rule: "repeated" },
    ],
    GenericRefreshResponseProto: [
      { name: "exitStatus", number: 1, type: "int32" },
      { name: "userMessage", number: 2, type: "string" },
      { name: "senderName", number: 3, type: "string" },
    ],
    GenericRefreshResponseCollectionProto: [
      { name: "responses", number: 1, type: "hadoop.common.GenericRefreshResponseProto", rule: "repeated" },
    ],
  },
});

/** The groups that a server sees a user in; none for one that it does not know (`hdfs groups`). */
export const GetUserMappings = common<{ getGroupsForUser(request: { user: string }): { groups: string[] } }>({
  protocol: "org.apache.hadoop.tools.GetUserMappingsProtocol",
  javaInterface: "org.apache.hadoop.tools.protocolPB.GetUserMappingsProtocolPB",
  service: "GetUserMappingsProtocolService",
  javaOuterClass: "org.apache.hadoop.tools.proto.GetUserMappingsProtocolProtos",
  idempotent: true,
  methods: { getGroupsForUser: ["GetGroupsForUserRequestProto", "GetGroupsForUserResponseProto"] },
  messages: {
    GetGroupsForUserRequestProto: [{ name: "user", number: 1, type: "string", rule: "required" }],
    GetGroupsForUserResponseProto: [{ name: "groups", number: 1, type: "string", rule: "repeated" }],
  },
});

/** Who asks for a change of state. */
export interface StateChangeRequest {
  readonly reqInfo: { readonly reqSource: "REQUEST_BY_USER" | "REQUEST_BY_USER_FORCED" | "REQUEST_BY_ZKFC" };
}

/** State of a daemon that has a stand-by. */
export interface ServiceStatus {
  readonly state: "INITIALIZING" | "ACTIVE" | "STANDBY" | "OBSERVER";
  readonly readyToBecomeActive?: boolean;
  readonly notReadyReason?: string;
}

const REQUEST_INFO: readonly FieldDeclaration[] = [
  { name: "reqInfo", number: 1, type: "hadoop.common.HAStateChangeRequestInfoProto", rule: "required" },
];

/** Health and state of a daemon that has a stand-by, and the changes of state (`hdfs haadmin`). */
export const HAService = common<{
  monitorHealth(request: Empty): Empty;
  transitionToActive(request: StateChangeRequest): Empty;
  transitionToStandby(request: StateChangeRequest): Empty;
  transitionToObserver(request: StateChangeRequest): Empty;
  getServiceStatus(request: Empty): ServiceStatus;
}>({
  protocol: "org.apache.hadoop.ha.HAServiceProtocol",
  javaInterface: "org.apache.hadoop.ha.protocolPB.HAServiceProtocolPB",
  service: "HAServiceProtocolService",
  javaOuterClass: "org.apache.hadoop.ha.proto.HAServiceProtocolProtos",
  idempotent: true,
  methods: {
    monitorHealth: ["MonitorHealthRequestProto", "MonitorHealthResponseProto"],
    transitionToActive: ["TransitionToActiveRequestProto", "TransitionToActiveResponseProto"],
    transitionToStandby: ["TransitionToStandbyRequestProto", "TransitionToStandbyResponseProto"],
    transitionToObserver: ["TransitionToObserverRequestProto", "TransitionToObserverResponseProto"],
    getServiceStatus: ["GetServiceStatusRequestProto", "GetServiceStatusResponseProto"],
  },
  messages: {
    HAStateChangeRequestInfoProto: [
      { name: "reqSource", number: 1, type: "hadoop.common.HARequestSource", rule: "required" },
    ],
    TransitionToActiveRequestProto: REQUEST_INFO,
    TransitionToStandbyRequestProto: REQUEST_INFO,
    TransitionToObserverRequestProto: REQUEST_INFO,
    GetServiceStatusResponseProto: [
      { name: "state", number: 1, type: "hadoop.common.HAServiceStateProto", rule: "required" },
      { name: "readyToBecomeActive", number: 2, type: "bool" },
      { name: "notReadyReason", number: 3, type: "string" },
    ],
  },
  enums: [
    {
      name: "hadoop.common.HAServiceStateProto",
      values: [
        ["INITIALIZING", 0],
        ["ACTIVE", 1],
        ["STANDBY", 2],
        ["OBSERVER", 3],
      ],
    },
    {
      name: "hadoop.common.HARequestSource",
      values: [
        ["REQUEST_BY_USER", 0],
        ["REQUEST_BY_USER_FORCED", 1],
        ["REQUEST_BY_ZKFC", 2],
      ],
    },
  ],
});
