/** What a client may be told: options of `createClient` and of one call, checked once and then read-only. */
import { randomBytes } from "node:crypto";
import { userInfo } from "node:os";
import { defaultSettings, Settings } from "../conf/index.js";
import type { DecodeLimits } from "../protocol/engine.js";
import { RpcError } from "../protocol/rpc-error.js";
import { type CallerContext, MAX_CALLER_CONTEXT_BYTES } from "../protocol/wire/request-header.js";
import { type Connect, connectTcp } from "./byte-stream.js";
import { systemTimers, type Timers } from "./timers.js";

/** Options of `createClient`. */
export interface ClientOptions {
  /** Settings of `hrpcd/conf`; those of the file `conf/README.md` marked "client" are read. Default: every default. */
  readonly conf?: Settings;
  /** Whom the server takes the caller for. Default: the user that the process runs as. */
  readonly user?: string;
  /** The user that stands behind `user` when one acts for another (a proxy user). */
  readonly realUser?: string;
  /** Sent with every call that brings none of its own, at most 32,768 bytes; a NameNode writes it to its audit log. */
  readonly callerContext?: CallerContext;
  /** For tests and simulations: the clock and its timers. */
  readonly timers?: Timers;
  /** For tests and simulations: how a stream to a server is opened. */
  readonly connect?: Connect;
  /** For tests and simulations: the 16 bytes that tell this client from all others. Default: random (UUID version 4). */
  readonly clientId?: Uint8Array;
}

/** Options of one call; they follow the declared arguments. */
export interface CallOptions {
  /**
   * Milliseconds the caller will wait, connecting included; more than 0, `Infinity` for ever. The server is told, so that
   * it can drop the call in time. Default: `ipc.client.rpc-timeout.ms`, of which the server is not told.
   */
  readonly timeoutMs?: number | undefined;
  /** Gives the call up when aborted; the server is told, and a server of ours aborts the handler's signal. */
  readonly signal?: AbortSignal | undefined;
  /** For the server's logs, at most 32,768 bytes. Default: the client's. */
  readonly callerContext?: CallerContext | undefined;
  /** How often this call was tried before, for the header. Default 0. */
  readonly retryCount?: number | undefined;
}

/** What a connection needs to know of the settings. Times are milliseconds. */
export interface ConnectionSettings {
  readonly connectTimeoutMs: number;
  readonly connectMaxRetries: number;
  readonly connectMaxRetriesOnTimeouts: number;
  readonly connectRetryIntervalMs: number;
  readonly maxIdleMs: number;
  /** 0: no pings. */
  readonly pingIntervalMs: number;
  readonly noDelay: boolean;
  /** Longest answer, in bytes. */
  readonly maxResponseLength: number;
  /** Calls in flight on one connection. */
  readonly maxCalls: number;
  /** Encoded bytes that may wait while the connection does not stand or does not take them. */
  readonly maxBacklogBytes: number;
  readonly decodeLimits: DecodeLimits;
}

/** Options of a client, filled. */
export interface ClientRecord {
  readonly connection: ConnectionSettings;
  /** Of calls that name no deadline; 0: none. */
  readonly rpcTimeoutMs: number;
  readonly user: string;
  readonly realUser: string | undefined;
  readonly callerContext: CallerContext | undefined;
  readonly timers: Timers;
  readonly connect: Connect;
  readonly clientId: Buffer;
}

const MAX_INT = 2_147_483_647;
const CLIENT_ID_BYTES = 16;

/** Checks and fills the options; throws BAD_SETTING naming the one that is wrong. */
export function fillClientOptions(options: ClientOptions): ClientRecord {
  const conf = options.conf ?? defaultSettings;
  if (!(conf instanceof Settings))
    throw badOption("conf", "must be settings made by hrpcd/conf, such as createSettings({...})");
  const clientId = options.clientId === undefined ? randomClientId() : Buffer.from(options.clientId);
  if (clientId.length !== CLIENT_ID_BYTES) throw badOption("clientId", `must have ${CLIENT_ID_BYTES} bytes`);
  if (options.callerContext !== undefined) assertCallerContext("BAD_SETTING", options.callerContext);
  return {
    connection: connectionSettings(conf),
    rpcTimeoutMs: Math.max(0, conf.get("ipc.client.rpc-timeout.ms")),
    user: userName("user", options.user ?? loginName()),
    realUser: options.realUser === undefined ? undefined : userName("realUser", options.realUser),
    // An empty one is none, on the wire too (Hadoop: util/ProtoUtil.java).
    callerContext: options.callerContext?.context === "" ? undefined : options.callerContext,
    timers: options.timers ?? systemTimers,
    connect: options.connect ?? connectTcp,
    clientId,
  };
}

function connectionSettings(conf: Settings): ConnectionSettings {
  const maxResponseLength = conf.get("ipc.maximum.response.length");
  return {
    connectTimeoutMs: conf.get("ipc.client.connect.timeout"),
    connectMaxRetries: conf.get("ipc.client.connect.max.retries"),
    connectMaxRetriesOnTimeouts: conf.get("ipc.client.connect.max.retries.on.timeouts"),
    connectRetryIntervalMs: conf.get("ipc.client.connect.retry.interval"),
    maxIdleMs: conf.get("ipc.client.connection.maxidletime"),
    pingIntervalMs: conf.get("ipc.client.ping") ? conf.get("ipc.ping.interval") : 0,
    noDelay: conf.get("ipc.client.tcpnodelay"),
    maxResponseLength: maxResponseLength > 0 ? maxResponseLength : MAX_INT,
    maxCalls: conf.get("hrpcd.client.calls.max"),
    maxBacklogBytes: conf.get("hrpcd.client.backlog.max"),
    decodeLimits: {
      maxEmptyItems: conf.get("hrpcd.decode.empty.items.max"),
      maxObjects: conf.get("hrpcd.decode.objects.max"),
      maxDepth: conf.get("hrpcd.decode.depth.max"),
      maxSchemaBytes: conf.get("hrpcd.decode.schema.max.length"),
    },
  };
}

/** Checks the options of one call; throws BAD_ARGUMENT naming the one that is wrong. */
export function assertCallOptions(options: unknown, methodName: string): asserts options is CallOptions {
  if (typeof options !== "object" || options === null) {
    throw badArgument(methodName, `options must be an object such as { timeoutMs: 500 }, not ${String(options)}`);
  }
  const { timeoutMs, signal, callerContext, retryCount } = options as CallOptions;
  if (timeoutMs !== undefined && !(typeof timeoutMs === "number" && timeoutMs > 0)) {
    throw badArgument(methodName, `timeoutMs must be a number above 0, or Infinity, not ${String(timeoutMs)}`);
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw badArgument(methodName, "signal must be an AbortSignal");
  }
  if (retryCount !== undefined && !(Number.isInteger(retryCount) && retryCount >= 0 && retryCount <= MAX_INT)) {
    throw badArgument(methodName, `retryCount must be an integer of 0 to ${MAX_INT}, not ${String(retryCount)}`);
  }
  if (callerContext !== undefined) assertCallerContext("BAD_ARGUMENT", callerContext);
}

function assertCallerContext(code: "BAD_ARGUMENT" | "BAD_SETTING", given: unknown): void {
  const { context, signature } = (given ?? {}) as { context?: unknown; signature?: unknown };
  if (typeof context !== "string" || (signature !== undefined && !(signature instanceof Uint8Array))) {
    throw new RpcError(code, "callerContext must be { context: string, signature?: Uint8Array }");
  }
  const signatureBytes = signature?.length ?? 0;
  // Three bytes are the most that a UTF-16 unit takes.
  if (context.length * 3 + signatureBytes <= MAX_CALLER_CONTEXT_BYTES) return;
  const bytes = Buffer.byteLength(context) + signatureBytes;
  if (bytes > MAX_CALLER_CONTEXT_BYTES) {
    throw new RpcError(
      code,
      `callerContext has ${bytes} bytes, at most ${MAX_CALLER_CONTEXT_BYTES} are sent with a call`,
    );
  }
}

/** The name of the user that the process runs as. A container may run one that has none. */
function loginName(): string {
  try {
    return userInfo().username;
  } catch (cause) {
    throw new RpcError(
      "BAD_SETTING",
      "createClient: the process's user has no name here: give one with the option user",
      {
        cause,
      },
    );
  }
}

function userName(option: string, name: unknown): string {
  if (typeof name !== "string" || name === "") throw badOption(option, "must be a user name, not empty");
  return name;
}

/** 16 random bytes with the marks of a version 4 UUID (Hadoop: ipc/ClientId.java). */
function randomClientId(): Buffer {
  const id = randomBytes(CLIENT_ID_BYTES);
  id.writeUInt8((id.readUInt8(6) & 0x0f) | 0x40, 6);
  id.writeUInt8((id.readUInt8(8) & 0x3f) | 0x80, 8);
  return id;
}

function badOption(option: string, rule: string): RpcError {
  return new RpcError("BAD_SETTING", `createClient: ${option} ${rule}`);
}

function badArgument(methodName: string, rule: string): RpcError {
  return new RpcError("BAD_ARGUMENT", `${methodName}: ${rule}`);
}
