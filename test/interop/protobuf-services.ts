/** The protobuf services of `ProtobufServices.java` and `RawService.java` in TypeScript. */
import { type Implementation, implement, RpcError, type Service } from "../../daemon/index.js";
import { GenericRefresh, GetUserMappings, HAService } from "../../protocol/hadoop-protocols.js";
import { JAVA_CLASS, type ProtocolDefinition, protobuf } from "../../protocol/index.js";

/** A message without fields. */
type Empty = Record<string, never>;

/** Hadoop's protocol of the fail-over controller (Hadoop: ZKFCProtocol.proto). */
export const ZkfcProtocol = protobuf<{
  cedeActive(request: { millisToCede: number }): Empty;
  gracefulFailover(request: Empty): Empty;
}>({
  protocol: "org.apache.hadoop.ha.ZKFCProtocol",
  version: 1,
  service: "hadoop.common.ZKFCProtocolService",
  methods: [
    {
      name: "cedeActive",
      request: "hadoop.common.CedeActiveRequestProto",
      response: "hadoop.common.CedeActiveResponseProto",
    },
    {
      name: "gracefulFailover",
      request: "hadoop.common.GracefulFailoverRequestProto",
      response: "hadoop.common.GracefulFailoverResponseProto",
    },
  ],
  messages: [
    {
      name: "hadoop.common.CedeActiveRequestProto",
      fields: [{ name: "millisToCede", number: 1, type: "uint32", rule: "required" }],
    },
    { name: "hadoop.common.CedeActiveResponseProto", fields: [] },
    { name: "hadoop.common.GracefulFailoverRequestProto", fields: [] },
    { name: "hadoop.common.GracefulFailoverResponseProto", fields: [] },
  ],
  enums: [],
});

type RawMethods = {
  listSpanReceivers(request: Empty): { descriptions: { id: bigint; className: string }[] };
  addSpanReceiver(request: { className: string; config?: { key: string; value: string }[] }): { id: bigint };
  removeSpanReceiver(request: { id: bigint }): Empty;
};

const TRACE_ADMIN = "org.apache.hadoop.tracing.TraceAdminPB";

/** `ProtobufProtocols.RawPB` and its like (Hadoop: TraceAdmin.proto). */
export function rawProtocol(version: number, name = "hrpcd.interop.Raw"): ProtocolDefinition<RawMethods> {
  const method = (method: string, message: string) => ({
    name: method,
    request: `hadoop.common.${message}RequestProto`,
    response: `hadoop.common.${message}ResponseProto`,
  });
  const message = (name: string, fields: Parameters<typeof field>[]) => ({
    name: `hadoop.common.${name}`,
    javaClass: `${TRACE_ADMIN}$${name}`,
    fields: fields.map((given) => field(...given)),
  });
  return protobuf<RawMethods>({
    protocol: name,
    javaInterface:
      version === 5 ? "hrpcd.interop.ProtobufProtocols$RawPB" : `hrpcd.interop.ProtobufProtocols$RawV${version}PB`,
    version,
    service: "hadoop.common.TraceAdminService",
    methods: [
      method("listSpanReceivers", "ListSpanReceivers"),
      method("addSpanReceiver", "AddSpanReceiver"),
      method("removeSpanReceiver", "RemoveSpanReceiver"),
    ],
    messages: [
      message("ListSpanReceiversRequestProto", []),
      message("SpanReceiverListInfo", [
        ["id", 1, "int64"],
        ["className", 2, "string"],
      ]),
      message("ListSpanReceiversResponseProto", [
        ["descriptions", 1, "hadoop.common.SpanReceiverListInfo", "repeated"],
      ]),
      message("ConfigPair", [
        ["key", 1, "string"],
        ["value", 2, "string"],
      ]),
      message("AddSpanReceiverRequestProto", [
        ["className", 1, "string"],
        ["config", 2, "hadoop.common.ConfigPair", "repeated"],
      ]),
      message("AddSpanReceiverResponseProto", [["id", 1, "int64"]]),
      message("RemoveSpanReceiverRequestProto", [["id", 1, "int64"]]),
      message("RemoveSpanReceiverResponseProto", []),
    ],
    enums: [],
  });
}

function field(name: string, number: number, type: string, rule: "required" | "repeated" = "required") {
  return { name, number, type, rule };
}

function fail(javaClass: string, message: string): never {
  throw new RpcError("ERROR_APPLICATION", message, { javaClass });
}

/** How `RawService` fails, by the word before the colon. */
const FAILURES: Readonly<Record<string, (message: string) => unknown>> = {
  io: (message) => fail(JAVA_CLASS.ioException, message),
  file: (message) => fail("java.io.FileNotFoundException", message),
  own: (message) => fail("hrpcd.interop.InteropException", message),
  server: (message) => {
    throw new RpcError("ERROR_RPC_SERVER", message);
  },
  standby: (message) => fail(JAVA_CLASS.standby, message),
  retriable: (message) => fail(JAVA_CLASS.retriable, message),
  caused: (message) => {
    const options = { javaClass: JAVA_CLASS.ioException, cause: new Error("the inner one") };
    throw new RpcError("ERROR_APPLICATION", message, options);
  },
  unchecked: (message) => fail("java.lang.IllegalStateException", message),
  direct: (message) => fail("java.lang.IllegalStateException", message),
  error: (message) => fail("java.lang.AssertionError", message),
  undeclared: (message) => fail("java.lang.InterruptedException", message),
  // Java's interface knows a ServiceException between method and engine, JavaScript does not.
  nested: (message) => fail(JAVA_CLASS.ioException, message),
  causeless: (message) => {
    throw new Error(message);
  },
};

const raw: Implementation<ReturnType<typeof rawProtocol>> = {
  listSpanReceivers: () => ({ descriptions: [] }),
  addSpanReceiver: ({ className, config }) => {
    const [word, message] = className.split(/:(.*)/s);
    FAILURES[word as string]?.(message ?? "");
    // Answers that no type allows.
    if (className === "null") return null as never;
    if (className === "build") return {} as never;
    return { id: BigInt(config?.length ?? 0) };
  },
  removeSpanReceiver: ({ id }) => (id === 0n ? {} : fail(JAVA_CLASS.ioException, `id ${id}`)),
};

/** What `ProtobufServices.java` adds to a server. */
export const PROTOBUF_SERVICES: readonly Service[] = [
  implement(HAService, {
    monitorHealth: () => fail("org.apache.hadoop.ha.HealthCheckFailedException", "the disk is full"),
    transitionToActive: () => ({}),
    transitionToStandby: ({ reqInfo }) =>
      fail("org.apache.hadoop.ha.ServiceFailedException", `asked by ${reqInfo.reqSource}`),
    transitionToObserver: ({ reqInfo }) => fail(JAVA_CLASS.accessControl, `asked by ${reqInfo.reqSource}`),
    getServiceStatus: () => ({ state: "STANDBY", readyToBecomeActive: false, notReadyReason: "still starting" }),
  }),
  implement(ZkfcProtocol, {
    // Java reads it as an int.
    cedeActive: ({ millisToCede }) => fail(JAVA_CLASS.ioException, `cede for ${millisToCede | 0}`),
    gracefulFailover: () => ({}),
  }),
  implement(GetUserMappings, {
    getGroupsForUser: ({ user }) =>
      user === ""
        ? fail(JAVA_CLASS.ioException, "No groups found for user ")
        : { groups: [user, "staff", "na\u00efve \u4f60"] },
  }),
  implement(GenericRefresh, {
    refresh: ({ identifier, args }) => {
      const responses = (args ?? []).map((arg) => ({
        exitStatus: 0 - arg.length,
        userMessage: arg,
        senderName: identifier ?? "",
      }));
      const [first] = responses;
      if (identifier === "large" && first !== undefined) first.userMessage = "x".repeat(Number(first.userMessage));
      return { responses };
    },
  }),
  implement(rawProtocol(5), raw),
  implement(rawProtocol(3), raw),
];
