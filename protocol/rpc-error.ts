/**
 * The one error class of protocols, servers and clients, and its closed table of codes.
 *
 * Codes with a `wire` number are Hadoop's RpcErrorCodeProto and travel in a response header; the others arise on this
 * side only. Whether the call may be tried again is a field set by its code, never read out of a text.
 */

/** What is known about the call that failed: whether the other side can have run it. */
export type CallOutcome = "not-sent" | "refused" | "maybe-executed" | "executed";

const OUTCOMES: ReadonlySet<CallOutcome> = new Set(["not-sent", "refused", "maybe-executed", "executed"]);

/** What a code means; one row of `RPC_ERROR_CODES`. */
export interface RpcErrorCodeInfo {
  /** Number of the code in RpcErrorCodeProto; absent for codes that never travel. */
  readonly wire?: number;
  /** The server closes the connection after an answer with this code (status FATAL instead of ERROR). */
  readonly fatal: boolean;
  /** Java class that a peer is told, unless the error names another. */
  readonly javaClass: string;
  readonly outcome: CallOutcome;
  /** The same call may succeed later or elsewhere, and trying again cannot run it twice. */
  readonly retriable: boolean;
  readonly meaning: string;
}

/** Java classes with a meaning of their own on the wire (Hadoop: ipc/, security/, javax.security.sasl). */
export const JAVA_CLASS = {
  ioException: "java.io.IOException",
  illegalArgument: "java.lang.IllegalArgumentException",
  classNotFound: "java.lang.ClassNotFoundException",
  rpcServer: "org.apache.hadoop.ipc.RpcServerException",
  noSuchMethod: "org.apache.hadoop.ipc.RpcNoSuchMethodException",
  noSuchProtocol: "org.apache.hadoop.ipc.RpcNoSuchProtocolException",
  versionMismatch: "org.apache.hadoop.ipc.RPC$VersionMismatch",
  ipc: "org.apache.hadoop.ipc.IpcException",
  retriable: "org.apache.hadoop.ipc.RetriableException",
  standby: "org.apache.hadoop.ipc.StandbyException",
  accessControl: "org.apache.hadoop.security.AccessControlException",
  authorization: "org.apache.hadoop.security.authorize.AuthorizationException",
  sasl: "javax.security.sasl.SaslException",
  invalidProtobuf: "org.apache.hadoop.thirdparty.protobuf.InvalidProtocolBufferException",
} as const;

function wire(
  number: number,
  javaClass: string,
  outcome: CallOutcome,
  meaning: string,
): RpcErrorCodeInfo & { wire: number } {
  return { wire: number, fatal: number >= 10, javaClass, outcome, retriable: false, meaning };
}

function local(outcome: CallOutcome, retriable: boolean, meaning: string): RpcErrorCodeInfo {
  return { fatal: false, javaClass: JAVA_CLASS.ioException, outcome, retriable, meaning };
}

/** Every code there is. The table in `protocol/README.md` is checked against this one by a test. */
export const RPC_ERROR_CODES = {
  ERROR_APPLICATION: wire(1, JAVA_CLASS.ioException, "executed", "the method threw"),
  ERROR_NO_SUCH_METHOD: wire(2, JAVA_CLASS.noSuchMethod, "refused", "the protocol has no such method"),
  ERROR_NO_SUCH_PROTOCOL: wire(3, JAVA_CLASS.noSuchProtocol, "refused", "the server does not serve the protocol"),
  ERROR_RPC_SERVER: wire(4, JAVA_CLASS.rpcServer, "refused", "the server refused the call"),
  ERROR_SERIALIZING_RESPONSE: wire(
    5,
    JAVA_CLASS.ioException,
    "executed",
    "the method ran, its result could not be encoded",
  ),
  ERROR_RPC_VERSION_MISMATCH: wire(
    6,
    JAVA_CLASS.versionMismatch,
    "refused",
    "the server serves other versions of the protocol",
  ),
  FATAL_UNKNOWN: wire(10, JAVA_CLASS.rpcServer, "refused", "the server gave no reason"),
  FATAL_UNSUPPORTED_SERIALIZATION: wire(
    11,
    JAVA_CLASS.rpcServer,
    "refused",
    "the server does not know the serialization",
  ),
  FATAL_INVALID_RPC_HEADER: wire(12, JAVA_CLASS.rpcServer, "refused", "a request header breaks the rules of the wire"),
  FATAL_DESERIALIZING_REQUEST: wire(13, JAVA_CLASS.rpcServer, "refused", "a request could not be decoded"),
  FATAL_VERSION_MISMATCH: wire(
    14,
    JAVA_CLASS.versionMismatch,
    "refused",
    "the peer speaks another version of the wire",
  ),
  FATAL_UNAUTHORIZED: wire(15, JAVA_CLASS.accessControl, "refused", "authentication or authorization failed"),

  CONNECT_FAILED: local("not-sent", true, "no connection to the server could be made"),
  CONNECT_TIMED_OUT: local("not-sent", true, "the server did not accept a connection in time"),
  CONNECTION_LOST: local("maybe-executed", false, "the connection closed before the answer came"),
  CALL_TIMED_OUT: local("maybe-executed", false, "no answer came before the call's deadline"),
  CALL_CANCELLED: local("maybe-executed", false, "the caller's AbortSignal was aborted"),
  BAD_REPLY: local("maybe-executed", false, "the server's bytes break the rules of the wire"),
  BAD_RESULT: local("executed", false, "the result does not fit the declared type"),
  TOO_MANY_CALLS: local("not-sent", true, "the connection already carries as many calls as it may"),
  CLIENT_CLOSED: local("not-sent", false, "the client was closed"),
  BAD_ARGUMENT: local("not-sent", false, "an argument does not fit the declared type"),
  BAD_DEFINITION: local("not-sent", false, "a protocol, service or address is not well formed"),
  BAD_SETTING: local("not-sent", false, "a setting is not well formed or out of its range"),
  BAD_BYTES: {
    ...local("refused", false, "bytes could not be decoded"),
    javaClass: JAVA_CLASS.invalidProtobuf,
  },
  BIND_FAILED: local("not-sent", false, "the server could not listen on its address"),
} as const satisfies Record<string, RpcErrorCodeInfo>;

/** Name of a code, a key of `RPC_ERROR_CODES`. */
export type RpcErrorCode = keyof typeof RPC_ERROR_CODES;

const CODE_BY_WIRE = new Map<number, RpcErrorCode>();
for (const [code, info] of Object.entries(RPC_ERROR_CODES) as [RpcErrorCode, RpcErrorCodeInfo][]) {
  if (info.wire !== undefined) CODE_BY_WIRE.set(info.wire, code);
}

/** The code with this number in RpcErrorCodeProto; undefined for a number nobody has defined. */
export function rpcErrorCodeFromWire(number: number): RpcErrorCode | undefined {
  return CODE_BY_WIRE.get(number);
}

/** What an error may say besides code and message; what is absent is as the code has it. */
export interface RpcErrorOptions {
  /** Java class a peer is told instead of the code's own. */
  readonly javaClass?: string;
  readonly outcome?: CallOutcome;
  readonly retriable?: boolean;
  /** The server closes the connection after telling a peer this error, whatever its code says. */
  readonly fatal?: boolean;
  readonly cause?: unknown;
  /** Fields of a declared error: travel beside the message where the engine can carry them (Avro). */
  readonly data?: unknown;
  /** For a RemoteError: the whole text that the other side sent, when it is more than the message. */
  readonly remoteStack?: string;
}

/**
 * By this property one copy of hrpcd knows the errors of another (in another node_modules), whose classes are not its own.
 * Its value is the name of the class.
 */
const BRAND = Symbol.for("hrpcd.RpcError");

/**
 * What protocols, servers and clients throw and reject with. (Settings that cannot be used are a `SettingsError` of
 * hrpcd/conf, which tells every fault at once.)
 *
 * A handler may throw one to choose the Java class that callers see:
 * `throw new RpcError("ERROR_APPLICATION", "no such file: /a", { javaClass: "java.io.FileNotFoundException" })`.
 */
export class RpcError extends Error {
  readonly code: RpcErrorCode;
  readonly javaClass: string;
  readonly outcome: CallOutcome;
  readonly retriable: boolean;
  /** The server closes the connection after telling a peer this error. */
  readonly fatal: boolean;
  readonly data: unknown;

  constructor(code: RpcErrorCode, message: string, options: RpcErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    const info: RpcErrorCodeInfo = RPC_ERROR_CODES[code];
    this.code = code;
    this.javaClass = options.javaClass ?? info.javaClass;
    this.outcome = options.outcome ?? info.outcome;
    this.retriable = options.retriable ?? info.retriable;
    this.fatal = options.fatal ?? info.fatal;
    this.data = options.data;
  }

  get [BRAND](): "RpcError" | "RemoteError" {
    return "RpcError";
  }

  static {
    RpcError.prototype.name = "RpcError";
  }

  /**
   * Makes an RpcError of anything that was thrown; never throws itself. An RpcError is returned as it is. One of another copy
   * of hrpcd is made again, with that as its cause; a code that is unknown here becomes ERROR_APPLICATION.
   */
  static from(thrown: unknown, code: RpcErrorCode = "ERROR_APPLICATION"): RpcError {
    if (isRpcError(thrown)) return thrown;
    return fromOtherCopy(thrown) ?? new RpcError(code, messageOf(thrown), { cause: thrown });
  }
}

/** An error that the other side answered with. `javaClass`, `message` and `code` are as it sent them. */
export class RemoteError extends RpcError {
  /** The text as it came, when it holds more than the message: a Java server sends the stack of its exception. */
  readonly remoteStack: string | undefined;

  constructor(code: RpcErrorCode, message: string, options: RpcErrorOptions = {}) {
    super(code, message, options);
    this.remoteStack = options.remoteStack;
  }

  override get [BRAND](): "RpcError" | "RemoteError" {
    return "RemoteError";
  }

  static {
    RemoteError.prototype.name = "RemoteError";
  }
}

function isRpcError(thrown: unknown): thrown is RpcError {
  try {
    return thrown instanceof RpcError;
  } catch {
    // A proxy may refuse to say what it is.
    return false;
  }
}

/** The error again, by this copy's classes; undefined for what is no RpcError of any copy. Another copy may be of another version. */
function fromOtherCopy(thrown: unknown): RpcError | undefined {
  try {
    if (typeof thrown !== "object" || thrown === null || !(BRAND in thrown)) return undefined;
    const other = thrown as Partial<RemoteError>;
    const { code, javaClass, outcome, retriable, fatal, data, remoteStack } = other;
    const known = typeof code === "string" && Object.hasOwn(RPC_ERROR_CODES, code);
    const options: RpcErrorOptions = {
      cause: thrown,
      data,
      ...(typeof javaClass === "string" && { javaClass }),
      ...(outcome !== undefined && OUTCOMES.has(outcome) && { outcome }),
      ...(typeof retriable === "boolean" && { retriable }),
      ...(typeof fatal === "boolean" && { fatal }),
      ...(typeof remoteStack === "string" && { remoteStack }),
    };
    const Kind = other[BRAND] === "RemoteError" ? RemoteError : RpcError;
    return new Kind(known ? code : "ERROR_APPLICATION", messageOf(thrown), options);
  } catch {
    // It may refuse to answer, like anything that is thrown.
    return undefined;
  }
}

function messageOf(thrown: unknown): string {
  try {
    if (!(thrown instanceof Error)) return String(thrown);
    return String(thrown.message) || String(thrown.name);
  } catch {
    return "an unprintable value was thrown";
  }
}
