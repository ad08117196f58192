/**
 * Hadoop's header messages for protobufjs: the second encoder and decoder that the tests hold the codec of
 * `protocol/wire/` against. Field numbers and types are Hadoop's RpcHeader.proto, IpcConnectionContext.proto,
 * ProtobufRpcEngine2.proto and ProtocolInfo.proto. Nothing of hrpcd is used here, and no field of ours is known here:
 * a reader built from these types sees what a Hadoop peer sees.
 */
import protobuf from "protobufjs";

type FieldSpec = readonly [id: number, name: string, type: string, label?: "required" | "repeated"];

const ENUMS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  RpcKindProto: { RPC_BUILTIN: 0, RPC_WRITABLE: 1, RPC_PROTOCOL_BUFFER: 2 },
  OperationProto: { RPC_FINAL_PACKET: 0, RPC_CONTINUATION_PACKET: 1, RPC_CLOSE_CONNECTION: 2 },
  RpcStatusProto: { SUCCESS: 0, ERROR: 1, FATAL: 2 },
  SaslState: { SUCCESS: 0, NEGOTIATE: 1, INITIATE: 2, CHALLENGE: 3, RESPONSE: 4, WRAP: 5 },
  RpcErrorCodeProto: {
    ERROR_APPLICATION: 1,
    ERROR_NO_SUCH_METHOD: 2,
    ERROR_NO_SUCH_PROTOCOL: 3,
    ERROR_RPC_SERVER: 4,
    ERROR_SERIALIZING_RESPONSE: 5,
    ERROR_RPC_VERSION_MISMATCH: 6,
    FATAL_UNKNOWN: 10,
    FATAL_UNSUPPORTED_SERIALIZATION: 11,
    FATAL_INVALID_RPC_HEADER: 12,
    FATAL_DESERIALIZING_REQUEST: 13,
    FATAL_VERSION_MISMATCH: 14,
    FATAL_UNAUTHORIZED: 15,
  },
};

const MESSAGES = {
  RPCTraceInfoProto: [
    [1, "traceId", "int64"],
    [2, "parentId", "int64"],
    [3, "spanContext", "bytes"],
  ],
  RPCCallerContextProto: [
    [1, "context", "string", "required"],
    [2, "signature", "bytes"],
  ],
  RpcRequestHeaderProto: [
    [1, "rpcKind", "RpcKindProto"],
    [2, "rpcOp", "OperationProto"],
    [3, "callId", "sint32", "required"],
    [4, "clientId", "bytes", "required"],
    [5, "retryCount", "sint32"],
    [6, "traceInfo", "RPCTraceInfoProto"],
    [7, "callerContext", "RPCCallerContextProto"],
    [8, "stateId", "int64"],
    [9, "routerFederatedState", "bytes"],
  ],
  RpcResponseHeaderProto: [
    [1, "callId", "uint32", "required"],
    [2, "status", "RpcStatusProto", "required"],
    [3, "serverIpcVersionNum", "uint32"],
    [4, "exceptionClassName", "string"],
    [5, "errorMsg", "string"],
    [6, "errorDetail", "RpcErrorCodeProto"],
    [7, "clientId", "bytes"],
    [8, "retryCount", "sint32"],
    [9, "stateId", "int64"],
    [10, "routerFederatedState", "bytes"],
  ],
  SaslAuth: [
    [1, "method", "string", "required"],
    [2, "mechanism", "string", "required"],
    [3, "protocol", "string"],
    [4, "serverId", "string"],
    [5, "challenge", "bytes"],
  ],
  RpcSaslProto: [
    [1, "version", "uint32"],
    [2, "state", "SaslState", "required"],
    [3, "token", "bytes"],
    [4, "auths", "SaslAuth", "repeated"],
  ],
  UserInformationProto: [
    [1, "effectiveUser", "string"],
    [2, "realUser", "string"],
  ],
  IpcConnectionContextProto: [
    [2, "userInfo", "UserInformationProto"],
    [3, "protocol", "string"],
  ],
  RequestHeaderProto: [
    [1, "methodName", "string", "required"],
    [2, "declaringClassProtocolName", "string", "required"],
    [3, "clientProtocolVersion", "uint64", "required"],
  ],
} as const satisfies Record<string, readonly FieldSpec[]>;

/** Name of a message, as in Hadoop's .proto files. */
export type HadoopMessage = keyof typeof MESSAGES;
/** Field values by name: enums as numbers, 64-bit integers as bigint, bytes as Uint8Array. */
export type FieldValues = Readonly<Record<string, unknown>>;

const root = new protobuf.Root();
for (const [name, numbers] of Object.entries(ENUMS)) root.add(new protobuf.Enum(name, { ...numbers }));
for (const [name, fields] of Object.entries(MESSAGES)) {
  const type = new protobuf.Type(name);
  for (const [id, field, fieldType, label] of fields as readonly FieldSpec[]) {
    type.add(new protobuf.Field(field, id, fieldType, label ?? "optional"));
  }
  root.add(type);
}
root.resolveAll();

/** The message without a length. Throws if a required field is missing. */
export function encodeHadoop(name: HadoopMessage, values: FieldValues): Buffer {
  return Buffer.from(root.lookupType(name).encode(withLongs(values)).finish());
}

/** The message with its varint length before it. */
export function encodeHadoopDelimited(name: HadoopMessage, values: FieldValues): Buffer {
  return Buffer.from(root.lookupType(name).encodeDelimited(withLongs(values)).finish());
}

/** One piece per field (of a repeated field one per item), for tests that shuffle, repeat or leave out. */
export function encodeHadoopFields(name: HadoopMessage, values: FieldValues): Buffer[] {
  const pieces: Buffer[] = [];
  for (const field of MESSAGES[name] as readonly FieldSpec[]) {
    const value = values[field[1]];
    if (value === undefined) continue;
    for (const item of Array.isArray(value) ? value : [value]) pieces.push(encodeField(field, item));
  }
  return pieces;
}

function encodeField([id, name, type]: FieldSpec, value: unknown): Buffer {
  const nested = root.get(type);
  if (nested instanceof protobuf.Type) {
    const body = encodeHadoop(nested.name as HadoopMessage, value as FieldValues);
    return Buffer.from(
      protobuf.Writer.create()
        .uint32(id * 8 + 2)
        .bytes(body)
        .finish(),
    );
  }
  const scalar = nested instanceof protobuf.Enum ? "int32" : type;
  const single = new protobuf.Type("Single").add(new protobuf.Field(name, id, scalar, "optional"));
  new protobuf.Root().add(single).resolveAll();
  return Buffer.from(single.encode(withLongs({ [name]: value })).finish());
}

/** Decodes a message without a length. Absent fields are absent; throws what protobufjs throws. */
export function decodeHadoop(name: HadoopMessage, bytes: Uint8Array): Record<string, unknown> {
  return fromLongs(root.lookupType(name).decode(bytes));
}

/** Decodes a delimited message at the start of `bytes`; `rest` is what follows it. */
export function decodeHadoopDelimited(
  name: HadoopMessage,
  bytes: Uint8Array,
): { values: Record<string, unknown>; rest: Buffer } {
  const reader = protobuf.Reader.create(bytes);
  const values = fromLongs(root.lookupType(name).decodeDelimited(reader));
  return { values, rest: Buffer.from(bytes.subarray(reader.pos)) };
}

/** What protobufjs takes and gives for a 64-bit integer. */
interface LongBits {
  readonly low: number;
  readonly high: number;
  readonly unsigned: boolean;
}

function withLongs(values: FieldValues): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) out[name] = longsWithin(value);
  }
  return out;
}

function longsWithin(value: unknown): unknown {
  if (typeof value === "bigint") {
    const bits: LongBits = {
      low: Number(BigInt.asIntN(32, value)),
      high: Number(BigInt.asIntN(32, value >> 32n)),
      unsigned: false,
    };
    return bits;
  }
  if (value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(longsWithin);
  return typeof value === "object" && value !== null ? withLongs(value as FieldValues) : value;
}

function fromLongs(message: object): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(message)) out[name] = valueWithin(value);
  return out;
}

function valueWithin(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (Array.isArray(value)) return value.map(valueWithin);
  if (typeof value !== "object" || value === null) return value;
  return isLong(value) ? bigintOf(value) : fromLongs(value);
}

function isLong(value: object): value is LongBits {
  return "low" in value && "high" in value && "unsigned" in value;
}

function bigintOf({ low, high, unsigned }: LongBits): bigint {
  const joined = (BigInt(high) << 32n) | BigInt(low >>> 0);
  return unsigned ? BigInt.asUintN(64, joined) : BigInt.asIntN(64, joined);
}
